package core

import "portcullis/risk"

// stepRoll goes over the accounts, then over the scopes that they share, then over the orders. The
// executed money of yesterday no longer counts, on either side: what it had netted may be above a
// limit now, and is recorded.
func (c *Core) stepRoll(ev *Event, d *Decision, slot uint32, j *job) {
	accounts := uint32(len(c.set.Accounts))
	scopes := accounts + c.book.SharedScopes()
	used := scopes + c.reg.ordersUsed
	n := j.cursor
	for looked := 0; n < used && looked < scanMax; looked++ {
		did := false
		switch {
		case n < accounts:
			did = c.recordExcess(d, n)
		case n < scopes:
			did = c.recordShared(d, n-accounts)
		default:
			if did = c.orders[n-scopes].State == Live; did {
				c.rollOrder(ev, d, n-scopes)
			}
		}
		if n++; did {
			d.jobMoved(slot, n, 0)
			return
		}
	}
	d.scanned(slot, n, used)
}

// recordExcess records what of an account is above a limit.
func (c *Core) recordExcess(d *Decision, account uint32) bool {
	var over [risk.OvershootsMax]risk.Overshoot
	return d.overshots(over[:min(c.book.AccountExcess(account, over[:]), len(over))], NoIndex)
}

// recordShared records the same of a scope that orders of several accounts may count in, once for all of them.
func (c *Core) recordShared(d *Decision, n uint32) bool {
	var over [risk.OvershootsMax]risk.Overshoot
	instrument, found := c.book.SharedExcess(n, over[:])
	return d.overshots(over[:min(found, len(over))], instrument)
}

func (d *Decision) overshots(found []risk.Overshoot, instrument uint32) bool {
	for i := range found {
		d.overshot(&found[i], instrument)
	}
	return len(found) > 0
}

// rollOrder takes an open order over into a new trade date (exposure 9): one that is good till
// cancelled or a date is reserved anew at today's reference and k; one for the day should be over, and so should one whose
// date has passed: it is suspect, and stays reserved until the venue or a human ends it.
func (c *Core) rollOrder(ev *Event, d *Decision, n uint32) {
	o := &c.orders[n]
	d.Order = n
	switch {
	case !o.isOver(c.reg.tradeDate, c.reg.rolledNs):
		c.reprice(ev, d, o)
		return
	case o.closed():
		return // at its venue it is: what of it is missing stays reserved, and is in doubt already
	case o.isGoodTill():
		d.alert(ExpiredOrderOpen).Order = n
	default:
		d.alert(DayOrderOpen).Order = n
	}
	c.flag(d, n, FlagSuspect, 1)
}

// reprice fixes k and the worst price of each live version anew. Without a reference the old worst
// price stays: it is the best that is known.
func (c *Core) reprice(ev *Event, d *Decision, o *Order) {
	k := c.book.Factor(o.Instrument)
	if k == 0 {
		k = o.K
	}
	n := c.versions(o, d.prior[:], NoIndex)
	t := termsOf(o.Side, o.OrdType, o.Price, o.Second, o.Prices)
	c.repriced(ev, d, o, NoIndex, &t, &d.prior[0], k)
	i := 1
	for r := c.requests[o.First].Next; r != NoIndex && i < n; r = c.requests[r].Next {
		if q := &c.requests[r]; q.State == Pending && q.Kind == ReplaceRequest {
			t := termsOf(o.Side, q.OrdType, q.Price, q.Second, q.Prices)
			c.repriced(ev, d, o, r, &t, &d.prior[i], k)
			i++
		}
	}
	e := d.effect(Rebooked)
	e.Order, e.Qty = d.Order, o.Cum
	e.Open, e.Reserved = c.reservation(o, o.bound(d.prior[:n], o.Status, o.Cum), min(o.Cum, o.Executed), k)
	c.recordOvershoot(d)
}

func (c *Core) repriced(ev *Event, d *Decision, o *Order, request uint32, t *risk.Terms, v *risk.Version,
	k risk.Factor) {
	w, ok := c.worst(ev, o.Instrument, t)
	switch {
	case ok && c.unitsOfBefore(o): // in which today's reference is not, unless its venue leaves it as it is
		v.Worst = max(v.Worst, w)
	case ok:
		v.Worst = w
	}
	e := d.effect(Repriced)
	e.Order, e.Request, e.Worst, e.K = d.Order, request, v.Worst, k
}
