package operator

import (
	"fmt"

	"portcullis/fix"
	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// cancelOf turns the cancel of an order that the gate does not know into numbers.
func (n *Names) cancelOf(r admin.Request) (m core.Command, err error) {
	m = core.Command{Kind: core.CmdCancelStray, Name: r.Name, Side: sides[r.Side]}
	if m.Target, err = n.venue(r); err != nil {
		return m, err
	}
	if m.Index, err = n.Number(config.InstrumentNumber, r.Symbol); err != nil {
		return m, err
	}
	qty, fault := fix.ParseDecimal([]byte(r.Qty))
	if fault != fix.NumberOK || qty <= 0 {
		return m, fmt.Errorf("quantity %q: %s such as 100", r.Qty, wanted(fault))
	}
	m.Qty = risk.Qty(qty)
	return m, nil
}

var sides = map[admin.Side]risk.Side{admin.Buy: risk.Buy, admin.Sell: risk.Sell, admin.Short: risk.SellShort}

// adjustOf turns a booking by hand into numbers.
func (n *Names) adjustOf(r admin.Request) (m core.Command, err error) {
	m = core.Command{Kind: core.CmdAdjust, Side: sides[r.Side]}
	if m.Index, err = n.Number(config.AccountNumber, r.Account); err != nil {
		return m, err
	}
	instrument, err := n.Number(config.InstrumentNumber, r.Symbol)
	if err != nil {
		return m, err
	}
	m.Target = uint64(instrument)
	qty, fault := fix.ParseDecimal([]byte(r.Qty))
	if fault != fix.NumberOK || qty <= 0 {
		return m, fmt.Errorf("quantity %q: %s such as 100; --side says which way", r.Qty, wanted(fault))
	}
	m.Qty = risk.Qty(qty)
	if r.Price == "" {
		return m, nil
	}
	price, fault := fix.ParseDecimal([]byte(r.Price))
	if fault != fix.NumberOK || price <= 0 {
		return m, fmt.Errorf("price %q: %s such as 12.5; leave it out to book the position alone", r.Price, wanted(fault))
	}
	m.Price = risk.Price(price)
	return m, nil
}

// settleOf turns a word about what a split has left into numbers.
func (n *Names) settleOf(r admin.Request) (m core.Command, err error) {
	m = core.Command{Kind: core.CmdAdjust, Flag: true}
	if m.Index, err = n.Number(config.AccountNumber, r.Account); err != nil {
		return m, err
	}
	instrument, err := n.Number(config.InstrumentNumber, r.Symbol)
	m.Target = uint64(instrument)
	return m, err
}

// assignOf turns the assignment of a fill in suspense into numbers.
func (n *Names) assignOf(r admin.Request) (m core.Command, err error) {
	m = core.Command{Kind: core.CmdAssign, Name: r.Name}
	if m.Index, err = n.Number(config.AccountNumber, r.Account); err != nil {
		return m, err
	}
	m.Target, err = n.venue(r)
	return m, err
}

var outcomes = map[admin.As]core.Outcome{admin.AsOpen: core.StaysOpen, admin.AsFilled: core.WasFilled,
	admin.AsCancelled: core.WasCancelled, admin.AsRejected: core.WasRejected}

// resolveOf turns a human's word about an order into numbers.
func (n *Names) resolveOf(r admin.Request) (m core.Command, err error) {
	m = core.Command{Kind: core.CmdResolve, Name: r.Name, ExecID: r.ExecID, Index: core.NoIndex, Outcome: outcomes[r.As]}
	if r.Link != "" {
		if m.Index, err = n.Number(config.LinkNumber, r.Link); err != nil {
			return m, err
		}
	}
	if r.Qty == "" {
		return m, nil
	}
	qty, fault := fix.ParseDecimal([]byte(r.Qty))
	price, faultPrice := fix.ParseDecimal([]byte(r.Price))
	if fault != fix.NumberOK || faultPrice != fix.NumberOK || qty <= 0 || price <= 0 {
		return m, fmt.Errorf("quantity %q at price %q: %ss, such as 100 and 12.5", r.Qty, r.Price, wanted(max(fault, faultPrice)))
	}
	m.Qty, m.Price = risk.Qty(qty), risk.Price(price)
	return m, nil
}

// lossOf turns a loss that the shadow has seen into numbers.
func (n *Names) lossOf(r admin.Request) (m core.Command, err error) {
	m = core.Command{Kind: core.CmdLoss}
	if m.Scope, m.Index, err = n.tradingScope(r); err != nil {
		return m, err
	}
	lost, fault := fix.ParseDecimal([]byte(r.Qty))
	if fault != fix.NumberOK || lost <= 0 {
		return m, fmt.Errorf("loss %q: want a positive amount such as 1250.5", r.Qty)
	}
	m.Qty = risk.Qty(lost / (risk.PriceScale / risk.MoneyScale))
	return m, nil
}

// wanted says what a positive number is that nobody can book.
func wanted(fault fix.NumberFault) string {
	switch fault {
	case fix.NumberTooPrecise:
		return "it has more than eight decimal places; want a positive number"
	case fix.NumberOverflow:
		return "it is too large; want a positive number"
	}
	return "want a positive number"
}
