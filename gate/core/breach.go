package core

import "portcullis/risk"

// Kills of the gate's own making, beside an operator's. Where it is configured, a control that refuses too often stops
// who breaches it; the loss of the journal, a clock that forbids trading, and a venue that is down too long stop what
// hangs on them. Each is part of the decision that it follows from, so a replay comes to the same.

// BreachRule is what follows when a control has refused a scope's orders and replaces too often.
type BreachRule struct {
	Control  risk.Reason
	Scope    risk.Scope // what is killed: that of the order; the link, where the order is of none
	Mode     risk.KillMode
	CountMax int   // so many refusals are a breach, at most BreachesMax
	WindowNs int64 // within so long
}

// BreachesMax is the greatest count of a rule.
const BreachesMax = 32

const (
	breachRows  = 512 // scopes that are watched at a time, of all rules together
	breachProbe = 8
)

// breachRow are the last refusals of one control in one scope.
type breachRow struct {
	control risk.Reason // 0: the row is free
	kind    risk.Scope
	next    uint8 // place of the next in atNs
	of      uint32
	atNs    [BreachesMax]int64 // monotonic; 0: none
}

// breached counts a refusal of the rule's control, and kills where there are too many.
func (c *Core) breached(ev *Event, d *Decision) {
	if len(c.set.Breaches) == 0 || d.MsgType != 'D' && d.MsgType != 'G' {
		return
	}
	for i := range c.set.Breaches {
		rule := &c.set.Breaches[i]
		if rule.Control != d.Reason {
			continue
		}
		at := d.order.Place
		if d.Order != NoIndex {
			at = c.orders[d.Order].Place
		}
		at.Owner = ev.Link // who sent it
		kind, of := rule.Scope, c.book.PartOf(rule.Scope, &at)
		if of == NoIndex && kind != risk.ScopeFirm {
			kind, of = risk.ScopeLink, ev.Link
		}
		e := d.effect(Breached)
		e.Status, e.Account, e.Seq = byte(kind), of, uint64(d.Reason)
		if e.Execution = c.breachRowOf(rule, kind, of); c.breaches[e.Execution].since(ev.Now.MonoNs-rule.WindowNs)+1 >= rule.CountMax &&
			!d.has(KillSet) { // one refusal is one kill: where its throttle disables already, the next one counts
			e.Value = 1
			target, _ := risk.Only(kind, of)
			c.killBy(ev, d, &target, rule.Mode, risk.Unjudged)
		}
	}
}

// breachRowOf is the row of a control in a scope. One that has none takes a free one, or that whose last refusal is oldest.
func (c *Core) breachRowOf(rule *BreachRule, kind risk.Scope, of uint32) uint32 {
	first := uint32(fold(uint64(rule.Control)<<8|uint64(kind), uint64(of), 0)) % breachRows
	best := first
	for n := range uint32(breachProbe) {
		at := (first + n) % breachRows
		r := &c.breaches[at]
		if r.control == rule.Control && r.kind == kind && r.of == of {
			return at
		}
		if r.last() < c.breaches[best].last() {
			best = at
		}
	}
	return best
}

// last is when the newest refusal was.
func (r *breachRow) last() int64 {
	if r.control == 0 {
		return 0
	}
	return r.atNs[(r.next+BreachesMax-1)%BreachesMax]
}

// since counts the refusals after a moment.
func (r *breachRow) since(ns int64) (n int) {
	for _, at := range r.atNs {
		if at != 0 && at > ns {
			n++
		}
	}
	return n
}

// applyBreached notes the refusal; behind a kill the count begins anew.
func (c *Core) applyBreached(ev *Event, e *Effect) {
	r := &c.breaches[e.Execution]
	control, kind := risk.Reason(e.Seq), risk.Scope(e.Status)
	if e.Value == 1 || r.control != control || r.kind != kind || r.of != e.Account {
		*r = breachRow{control: control, kind: kind, of: e.Account}
	}
	if e.Value == 0 {
		r.atNs[r.next] = ev.Now.MonoNs
		r.next = (r.next + 1) % BreachesMax
	}
}

// killBy gives a kill of the gate's own making, unless one of that target and mode stands. One that finds no row is a kill of
// the firm, as an operator's is, and somebody is told. Where not even the firm has one left, the firm is stopped by those that it has, or in the
// reduce-only mode that is wanted: see risk.KillRoom.
func (c *Core) killBy(ev *Event, d *Decision, of *risk.Target, mode risk.KillMode, cause risk.Reason) {
	if c.killed(of, mode) {
		return
	}
	if !c.book.KillRoom(of.Scope(), mode) {
		e := d.alert(KillWidened)
		e.Status, e.Cause = byte(of.Scope()), cause
		e.setTarget(of)
	}
	m := KillOf(CmdKill, *of, mode, false)
	c.decideKill(ev, d, &m)
	e := d.first(KillSet)
	if e == nil {
		return
	}
	if e.Cause = cause; d.Reply.Code == TableFullCode && mode.Cancels() {
		d.alert(CancelUnsent) // no job was free: the block stands
	}
}

// killed reports whether a kill of that target and mode stands.
func (c *Core) killed(of *risk.Target, mode risk.KillMode) bool {
	for i := range c.book.Kills() {
		if k := &c.book.Kills()[i]; k.Of == *of && k.Mode == mode {
			return true
		}
	}
	return false
}

// journalSpace takes over how much room the journal has. Without any, or with a disk that keeps nothing, it is lost.
func (c *Core) journalSpace(ev *Event, d *Decision) {
	c.gateSet(d, GateJournalFull, uint64(ev.Code))
	if ev.Code > journalReserve && c.set.JournalKill != 0 {
		c.killBy(ev, d, &risk.WholeFirm, c.set.JournalKill, risk.Unjudged)
	}
}

// journalReserve is the Code of a JournalSpace that leaves room for cancels and reports.
const journalReserve = 1

// clockChanged takes over whether the clock's state forbids trading.
func (c *Core) clockChanged(ev *Event, d *Decision) {
	c.gateSet(d, GateClockForbidden, uint64(ev.Code))
	if ev.Code == 1 && c.set.ClockKill != 0 {
		c.killBy(ev, d, &risk.WholeFirm, c.set.ClockKill, risk.Unjudged)
	}
}
