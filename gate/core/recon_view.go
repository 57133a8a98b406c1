package core

// CopyView is an execution of a venue that a drop copy tells of, or should, for those who report it.
type CopyView struct {
	Venue, TradeDate uint32
	Copier           uint32 // the drop copy, NoIndex where the configuration has none any more
	ExecID           string // as much of it as is kept
	SinceNs          int64  // UTC at which the first side told of it
	Break            Break  // that stands, NoBreak: none
	Settled          Break  // that a human has closed
	Waits            bool   // a side may still tell of it in time
	HereTold         bool   // the gate has booked it from the venue's line, or by hand
	HereBusted       bool   // and taken it back
	ThereTold        bool   // the same of the drop copy
	ThereBusted      bool
	OnWord           bool // it is booked on the drop copy's word alone
	Foreign          bool // the drop copy names no order of the gate
	Order            uint32
	Here             *ExecTerms // nil: not booked, or not known any more
	There            *ExecTerms // nil: the drop copy has not told of it
}

// EachCopy calls f with every execution that drop copies tell of, or should, in the order of their rows.
func (c *Core) EachCopy(f func(v *CopyView)) {
	for slot := range c.reg.copyUsed {
		if x := &c.copies[slot]; x.size > 0 {
			f(c.viewCopy(x))
		}
	}
}

func (c *Core) viewCopy(x *copyRow) *CopyView {
	v := &CopyView{Venue: x.venue, TradeDate: x.date, Copier: c.copierOf(x.venue), ExecID: string(x.name()), SinceNs: x.sinceNs,
		Break: x.broken, Settled: x.settled, Waits: x.waits, OnWord: x.onWord,
		HereTold: !x.untold(), HereBusted: x.here == sideTakenBack,
		ThereTold: x.there != sideSilent, ThereBusted: x.there == sideTakenBack,
		Foreign: x.there != sideSilent && x.request == NoIndex && x.here == sideSilent, Order: c.orderCopied(x), Here: c.bookedTerms(x, new(ExecTerms))}
	if v.ThereTold {
		told := x.ExecTerms
		v.There = &told
	}
	if v.Order == NoIndex && v.Here != nil {
		v.Order = c.orderOf(&c.executions[x.execution])
	}
	return v
}
