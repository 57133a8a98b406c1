package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// DatedInstrument is the Target of a CmdLocate: what is located for one trade date is nothing on the next.
func DatedInstrument(date, instrument uint32) uint64 { return uint64(date)<<32 | uint64(instrument) }

// decideEasy takes an instrument onto the list of what is easy to borrow on a trade date, or off it.
func (c *Core) decideEasy(d *Decision, m *Command) ReplyCode {
	switch {
	case m.Index >= uint32(len(c.set.Instruments)):
		return UnknownTarget
	case m.Target != uint64(c.reg.tradeDate):
		return Malformed
	}
	e := d.effect(EasyToBorrow)
	e.Instrument = m.Index
	if !m.Flag {
		e.Value = 1
	}
	return Done
}

// decideLocate says how much is located for an account's short sales of a trade date. Said again in the day,
// what they have used stays used.
func (c *Core) decideLocate(d *Decision, m *Command) ReplyCode {
	date, instrument := uint32(m.Target>>32), uint32(m.Target)
	switch {
	case m.Index >= uint32(len(c.set.Accounts)) || instrument >= uint32(len(c.set.Instruments)):
		return UnknownTarget
	case date != c.reg.tradeDate || m.Qty < 0 || m.Qty > risk.MagnitudeMax:
		return Malformed
	}
	e := d.effect(Located)
	e.Account, e.Instrument, e.Qty = m.Index, instrument, m.Qty
	c.recordOvershoot(d)
	return Done
}

// decideShortSale puts the price test of short sales in force: for the rest of the trade date on which it was triggered,
// and the next one. One that was triggered before the last trade date is over. A rule holds it, so its end is a loosening.
func (c *Core) decideShortSale(d *Decision, m *Command) ReplyCode {
	if m.Index >= uint32(len(c.set.Instruments)) {
		return UnknownTarget
	}
	dates := uint64(risk.PriceTestDates)
	if m.Flag {
		if c.book.PriceTest(m.Index) == 0 {
			return NotTested
		}
		if code := c.loosens(d, m, aboutInstrument(m.Index)); code != Done {
			return code
		}
	}
	switch {
	case m.Flag:
		dates = 0
	case m.Target == 0 || m.Target == uint64(c.reg.tradeDate):
	case m.Target > uint64(c.reg.tradeDate):
		return Malformed
	case m.Target < uint64(c.reg.earlier[0]):
		return Done
	default: // since the last trade date, whether or not the gate traded on it
		dates--
	}
	if !m.Flag {
		stands := uint64(c.book.PriceTest(m.Index))
		if stands >= dates && c.book.PriceTestBy(m.Index) == NoIndex {
			return Done
		}
		dates = max(dates, stands)
	}
	c.priceTested(d, m.Index, NoIndex, dates)
	return Done
}

func (c *Core) priceTested(d *Decision, instrument, venue uint32, dates uint64) {
	e := d.effect(PriceTested)
	e.Instrument, e.Venue, e.Value = instrument, venue, dates
}

// Values of ShortSaleRestriction(1687).
const (
	shortSalesFree    = '0'
	notShortable      = '1'
	notShortableAtBid = '2'
)

// takeShortSales takes a venue's word about short sales of an instrument: that they are held above the best bid, as by a
// command, or that they are free, which ends what the same venue alone has said. Of what it says otherwise a human is told; what
// cannot be sold short at all is held above the bid at least.
func (c *Core) takeShortSales(d *Decision, venue, instrument uint32) {
	word := d.msg.Search(fix.TagShortSaleRestriction)
	if word == nil {
		return
	}
	by, stands := c.book.PriceTestBy(instrument), c.book.PriceTest(instrument) > 0
	code := only(word)
	if code != shortSalesFree && code != notShortableAtBid {
		e := d.alert(StatusUnmapped)
		e.Venue, e.Instrument = venue, instrument
	}
	switch {
	case code == notShortableAtBid, code == notShortable:
		if stands && by != venue {
			venue = NoIndex
		}
		if c.book.PriceTest(instrument) < risk.PriceTestDates || by != venue {
			c.priceTested(d, instrument, venue, risk.PriceTestDates)
		}
	case code == shortSalesFree && stands && by == venue:
		c.priceTested(d, instrument, NoIndex, 0)
	}
}

// located reads whether the sender of an order has located what it sells short. LocateReqd(114)=Y asks the
// gate's owner to; absent, it says nothing.
func located(d *Decision, o *risk.Order) risk.Reason {
	asked, ok := d.msg.Flag(fix.TagLocateReqd)
	if !ok {
		return d.at(fix.TagLocateReqd, risk.FieldMalformed)
	}
	o.Located = !asked && d.msg.Has(fix.TagLocateReqd)
	return risk.Accepted
}

// soldShort is what an Executed or a Busted adds to the short sales of the trade date: the bust of an earlier
// date's execution gives none of today's back.
func (c *Core) soldShort(e *Effect) risk.Qty {
	switch {
	case !e.Side.IsShort() || e.Status == Earlier:
		return 0
	case e.Kind == Executed:
		return e.Qty
	case c.executions[e.Execution].date != c.reg.tradeDate:
		return 0
	}
	return -e.Qty
}

func (c *Core) noteShort(at *risk.Place, e *Effect) {
	if sold := c.soldShort(e); sold != 0 {
		c.exact(c.book.NoteShort(at, sold))
	}
}
