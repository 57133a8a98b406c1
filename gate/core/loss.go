package core

import "portcullis/risk"

// decideLoss stops a scope that has lost too much, by the word of the follower that watches losses: a kill that lets
// closing orders pass, until a human revives it. The figure is the follower's. Whoever trades on after that is stopped
// again once the loss is greater; the day roll begins anew. Where there is no row for the kill, not even one of the firm, those of the
// firm hold the scope; it is not noted as stopped, so that the follower's next word finds it as it is. While the kill stands, a greater loss is noted and no
// more: whoever revives the scope knows of it.
func (c *Core) decideLoss(ev *Event, d *Decision, m *Command) ReplyCode {
	of, ok := risk.Only(m.Scope, m.Index)
	loss, limited := c.book.LossOf(m.Scope, m.Index)
	if !ok || !limited {
		return UnknownTarget
	}
	if risk.Money(m.Qty) <= max(loss.Limit, loss.Stopped) {
		return Malformed
	}
	stands := c.stoppedForLoss(&of)
	if !stands && !c.killed(&of, risk.KillReduceOnly) && !c.book.KillRoom(risk.ScopeFirm, risk.KillReduceOnly) {
		d.alert(LossUnstopped)
		return TableFullCode
	}
	e := d.effect(LossStopped)
	e.Status, e.Account, e.Money, e.Reserved = byte(m.Scope), m.Index, risk.Money(m.Qty), loss.Limit
	if stands {
		return Done
	}
	d.alert(DailyLossHit)
	c.killBy(ev, d, &of, risk.KillReduceOnly, risk.DailyLossExceeded)
	return Done
}

// stoppedForLoss reports whether a kill for the same reason stands.
func (c *Core) stoppedForLoss(of *risk.Target) bool {
	for i := range c.book.Kills() {
		if k := &c.book.Kills()[i]; k.Of == *of && k.Cause == risk.DailyLossExceeded {
			return true
		}
	}
	return false
}
