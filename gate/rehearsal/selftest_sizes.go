package rehearsal

import (
	exact "github.com/shopspring/decimal"

	"portcullis/gate/config"
	"portcullis/risk"
)

// lowest are the limits that hold a single order of an account over a link, the venue's left out.
func (t *selfTest) lowest(l *config.Link, a *config.Account, in *config.Instrument) config.OrderLimits {
	o, cfg, client := a.OrderLimits, t.cfg, &t.cfg.Clients[a.Client]
	o.OrderQtyMax = min(o.OrderQtyMax, in.OrderQtyMax)
	lists := [][]config.OrderRule{a.Orders, client.Orders, cfg.FirmOrders, l.Orders}
	if client.Group != config.None {
		lists = append(lists, cfg.Groups[client.Group].Orders)
	}
	if l.Algo != config.None {
		lists = append(lists, cfg.Algos[l.Algo].Orders)
	}
	if l.Trader != config.None {
		trader := &cfg.Traders[l.Trader]
		if lists = append(lists, trader.Orders); trader.Desk != config.None {
			lists = append(lists, cfg.Desks[trader.Desk].Orders)
		}
	}
	for _, rules := range lists {
		o.Lower(rules, in)
	}
	return o
}

// above is the smallest quantity that costs more than a limit, at the close; Unlimited where none does.
func above(notionalMax int64, in *config.Instrument) int64 {
	lot, ok := risk.Notional(risk.Price(in.Close), risk.Qty(in.Lot), risk.Factor(in.Factor))
	if notionalMax == config.Unlimited || !ok || lot == 0 || notionalMax/int64(lot) >= config.Unlimited/in.Lot {
		return config.Unlimited
	}
	for lots := notionalMax/int64(lot) + 1; ; lots++ { // the money of one lot is rounded up
		if m, ok := risk.Notional(risk.Price(in.Close), risk.Qty(lots*in.Lot), risk.Factor(in.Factor)); !ok || int64(m) > notionalMax {
			return lots * in.Lot
		}
	}
}

// overMeasure is the smallest quantity that takes a measure of an empty account above its limit.
func overMeasure(m risk.Measure, limit int64, in *config.Instrument) string {
	at := func(v int64, decimals int32) exact.Decimal { return exact.New(v, -decimals) }
	lot, most := at(in.Lot, config.QtyDecimals), at(limit, config.QtyDecimals)
	each := lot // what one lot takes of the limit
	if m.Reason().Row().Limit == risk.UnitMoney {
		each, most = lot.Mul(at(in.Close, config.QtyDecimals)).Mul(at(in.Factor, config.QtyDecimals)), at(limit, config.MoneyDecimals)
	}
	return lot.Mul(most.Div(each).Floor().Add(exact.NewFromInt(1))).String()
}

// Increments of prices, at 1e-8.
const (
	cent        = risk.PriceScale / 100
	tenthOfCent = cent / 10
)

// collar is how far a price may be from the close by one control.
type collar struct {
	control risk.Reason
	width   int64
}

// collars are those of an instrument that a price can leave by itself. A stage has no quote to be away from.
func collars(in *config.Instrument) (list []collar) {
	if in.CollarBps == 0 {
		return nil // no price passes
	}
	tick, nearest := in.Ticks.At(in.Close), int64(config.Unlimited/2)
	if in.CollarBps != config.Unlimited {
		nearest = in.Close / 10_000 * int64(in.CollarBps)
		list = append(list, collar{risk.PriceOutsideCollar, nearest})
	}
	if in.CollarAmount != 0 && in.CollarAmount < nearest-3*tick {
		nearest = in.CollarAmount
		list = append(list, collar{risk.CollarAmountExceeded, nearest})
	}
	if width := int64(in.CollarTicks) * tick; width != 0 && width < nearest-3*tick {
		list = append(list, collar{risk.CollarTicksExceeded, width})
	}
	return list
}

// share is the smallest quantity above a share of the average daily volume.
func share(bps int, in *config.Instrument) string {
	lots := exact.NewFromInt(in.Adv).Mul(exact.New(int64(bps), -4)).Div(exact.NewFromInt(in.Lot)).Floor().Add(exact.NewFromInt(1))
	return lots.Mul(exact.New(in.Lot, -config.QtyDecimals)).String()
}

// limitsOf are those of all scopes that hold the orders of an account over a link.
func (t *selfTest) limitsOf(l *config.Link, a *config.Account, in *config.Instrument) []*config.Limits {
	cfg, client := t.cfg, &t.cfg.Clients[a.Client]
	list := []*config.Limits{&a.Limits, &client.Limits, &cfg.Firm}
	if l.Limits != nil {
		list = append(list, l.Limits)
	}
	if client.Group != config.None {
		list = append(list, &cfg.Groups[client.Group].Limits)
	}
	if l.Algo != config.None {
		list = append(list, &cfg.Algos[l.Algo].Limits)
	}
	if l.Trader != config.None {
		trader := &cfg.Traders[l.Trader]
		if list = append(list, &trader.Limits); trader.Desk != config.None {
			list = append(list, &cfg.Desks[trader.Desk].Limits)
		}
	}
	if v := t.venueOf(a, in); v != nil && v.Limits != nil {
		list = append(list, v.Limits)
	}
	return list
}
