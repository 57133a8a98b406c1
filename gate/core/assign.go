package core

// decideAssign books a fill that a venue's suspense account bears to the account it belongs to, on the word
// of two people (behaviour 5): the first is noted with the execution, another user's carries it out. The
// execution keeps its ExecID, so the venue's bust or repetition finds it there.
func (c *Core) decideAssign(ev *Event, d *Decision, m *Command) ReplyCode {
	if m.Index >= uint32(len(c.set.Accounts)) || m.Target >= uint64(len(c.set.Venues)) {
		return UnknownTarget
	}
	venue, name := uint32(m.Target), CommandName(ev.Data)
	slot := c.findExecution(venue, name, c.reg.tradeDate, 0)
	if slot == NoIndex {
		return UnknownTarget
	}
	x := &c.executions[slot]
	switch suspense := c.set.Venues[venue].Suspense; {
	case x.busted || x.request != NoIndex || x.account != suspense || m.Index == suspense:
		return NotInSuspense
	case c.executionSlot(d) == NoIndex:
		return TableFullCode
	case !x.asked || x.asker == m.UID || x.askedFor != m.Index:
		e := d.effect(AssignAsked)
		e.Execution, e.Account, e.Seq = slot, m.Index, uint64(m.UID)
		return SecondPerson
	}
	c.moveExecution(d, slot, m.Index)
	e := &d.Effects[d.EffectLen-1]
	e.Off, e.Len = uint32(len(ev.Data)-len(name)), uint32(len(name))
	if row := c.rowOf(d, e, name, false); row != NoIndex {
		c.meet(d, row, &ExecTerms{e.Qty, e.Price, e.Account, e.Instrument, e.Side})
	}
	c.recordOvershoot(d)
	return Done
}

// moveExecution takes an execution back from one account and books it to another.
func (c *Core) moveExecution(d *Decision, slot, account uint32) {
	x := &c.executions[slot]
	from := c.takeBack(d, slot)
	to := d.effect(Executed)
	*to = *from
	to.Kind, to.Execution, to.Account, to.Price = Executed, c.executionSlot(d), account, x.price
	to.K = c.suspenseFactor(x.instrument)
	if to.Flags = Flags(x.splits); x.ahead {
		to.Flags |= UnitsAhead
	}
}
