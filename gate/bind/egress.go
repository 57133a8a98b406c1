package bind

import (
	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/egress"
	"portcullis/risk"
)

// Egress tells the egress checker what was accepted and asks it about every message that is
// about to leave toward a venue. It spells id, symbol and account of an order on its own, from the
// facts of the decision and from names as the configuration gave them.
type Egress struct {
	checker *egress.Checker
	core    *core.Core
}

// Every id that the core sends fits the checker's memory.
const _ = uint(egress.IDBytesMax - core.ClOrdIDBytesMax)

// NewEgress remembers what was accepted of so many open orders and their replaces.
func NewEgress(c *core.Core, openOrders int, alloc func(int) []byte) *Egress {
	return &Egress{checker: egress.New(2*openOrders, c.LinkRows(), alloc), core: c}
}

// Check compares one message with the decision it belongs to, whose journal record has that number.
func (e *Egress) Check(l uint32, out *link.Out, bytes []byte, d *core.Decision, record uint64, utcNs int64) (field uint8, ok bool) {
	if out.Kind == link.OrderMessage {
		a := egress.Accepted{Record: record}
		if !e.accepted(&a, l, out.Request, d) {
			return uint8(egress.NotChecked), false
		}
		if difference := e.checker.Accept(&a); !difference.Pass() {
			return uint8(difference), false
		}
	}
	difference := e.checker.Check(l, bytes, utcNs)
	return uint8(difference), difference.Pass()
}

// Against is the record of the accepted order that the last Check compared with.
func (e *Egress) Against() uint64 { return e.checker.Against() }

// accepted gathers what was accepted from the effect that opened the order or asked for a replace.
func (e *Egress) accepted(a *egress.Accepted, l, request uint32, d *core.Decision) bool {
	for i := range d.EffectLen {
		x := &d.Effects[i]
		if x.Request != request || x.Kind != core.Opened && x.Kind != core.Asked {
			continue
		}
		a.Link = l
		a.Kind = 'D'
		if x.Kind == core.Asked {
			a.Kind = 'G'
		}
		o := e.core.OrderAt(x.Order)
		a.Side, a.OrdType = '0'+byte(o.Side), ordTypeChar(x.OrdType)
		a.Qty, a.Worst, a.K = int64(x.Qty), int64(x.Worst), int64(o.K)
		a.Price, a.HasPrice = int64(x.Price), x.Prices&core.PriceGiven != 0
		a.TimeInForce = '0' + byte(o.TimeInForce-risk.Day)
		second(a, x)
		rest(a, d.Form())
		setup := e.core.Setup()
		a.SymbolLen = uint8(copy(a.Symbol[:], setup.Instruments[o.Instrument].At(o.Venue)))
		a.AccountLen = uint8(copy(a.Account[:], setup.Accounts[o.Account].At(o.Venue)))
		return e.id(a, request, &setup.Venues[o.Venue])
	}
	return false
}

// second is the order's second price.
func second(a *egress.Accepted, x *core.Effect) {
	switch {
	case x.Prices&core.StopPxGiven != 0:
		a.StopPx, a.HasStop = int64(x.Second), true
	case x.Prices&core.DiscretionGiven != 0:
		a.SetNumber(egress.Discretion, int64(x.Second))
	case x.Prices&core.PegOffsetGiven != 0:
		a.SetNumber(egress.PegOffset, int64(x.Second))
	}
}

// partTags are the parts of a quantity that are compared.
var partTags = [...]struct {
	tag   uint32
	field int
}{{fix.TagMinQty, egress.MinQty}, {fix.TagMaxFloor, egress.MaxFloor}, {fix.TagMaxShow, egress.MaxShow}, {fix.TagDisplayQty, egress.DisplayQty}}

// rest is what the order says beside its terms.
func rest(a *egress.Accepted, f *risk.Form) {
	if f == nil {
		return
	}
	a.ExecInsts = uint64(f.ExecInsts)
	for _, p := range partTags {
		if qty, ok := f.Part(p.tag); ok {
			a.SetNumber(p.field, int64(qty))
		}
	}
	if f.ExpireDate != 0 {
		a.SetNumber(egress.ExpireDate, int64(f.ExpireDate)*risk.PriceScale)
	}
}

// id spells the request's name toward the venue: prefix, epoch, slot, generation in base 36; or the
// client's own where it is preserved.
func (e *Egress) id(a *egress.Accepted, request uint32, v *core.VenueSetup) bool {
	if v.Preserve {
		a.Day = e.core.TradeDate()
		own := e.core.ClOrdID(request)
		a.IDLen = uint8(copy(a.ID[:], own))
		return len(own) <= len(a.ID)
	}
	q := e.core.RequestAt(request)
	text := append(a.ID[:0], v.IDPrefix...)
	text = appendBase36(text, uint64(q.Epoch), 3)
	text = appendBase36(text, uint64(request), 4)
	text = appendBase36(text, uint64(q.Gen), 4)
	a.IDLen = uint8(len(text))
	return len(text) <= len(a.ID)
}

func appendBase36(dst []byte, v uint64, width int) []byte {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for range width {
		dst = append(dst, '0')
	}
	for i := len(dst) - 1; width > 0; i, width = i-1, width-1 {
		dst[i] = digits[v%36]
		v /= 36
	}
	return dst
}

// ordTypeChar is the character of OrdType(40).
func ordTypeChar(t risk.OrdType) byte {
	switch t {
	case risk.Market, risk.Limit, risk.Stop, risk.StopLimit, risk.MarketOnClose:
		return '0' + byte(t)
	case risk.LimitOrBetter:
		return '7'
	case risk.LimitOnClose:
		return 'B'
	case risk.MarketWithLeftoverAsLimit:
		return 'K'
	case risk.Pegged:
		return 'P'
	}
	return '?'
}
