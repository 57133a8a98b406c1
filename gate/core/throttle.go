package core

import "portcullis/risk"

// noteMessage counts a message of a participant in the throttles of a place, whatever its verdict (behaviour 2).
func (c *Core) noteMessage(ev *Event, at *risk.Place, l uint32, msgType byte) {
	switch msgType {
	case 'D', 'G':
		c.book.Note(risk.Orders, at, l, 1, ev.Now.MonoNs)
		c.book.Note(risk.SymbolOrders, at, l, 1, ev.Now.MonoNs)
	case 'F', 'q':
	default:
		return
	}
	c.book.Note(risk.Messages, at, l, 1, ev.Now.MonoNs)
}

// noteTaken adds up what an order or a replace that was accepted opens and reserves more than before.
func (c *Core) noteTaken(ev *Event, at *risk.Place, l uint32, open risk.Qty, reserved risk.Money) {
	c.book.Note(risk.NotionalSum, at, l, int64(max(0, reserved)), ev.Now.MonoNs)
	c.book.Note(risk.SymbolQty, at, l, int64(max(0, open)), ev.Now.MonoNs)
}

// refusedAt is where a message that is refused counts: with its order, where it names one that is known, else with
// what a new order names as far as that is known.
func (c *Core) refusedAt(d *Decision) risk.Place {
	switch {
	case d.Order != NoIndex:
		return c.orders[d.Order].Place()
	case d.MsgType == 'D':
		return d.order.Place
	}
	return nowhere // it counts for its link and the firm
}
