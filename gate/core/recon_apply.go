package core

// What is made of a row is made here, for both who decide and who apply: the row's own changes, and the list of the rows
// that await a side, the longest waiting first.

// layCopies takes memory for the executions of drop copies, where the configuration has one.
func (c *Core) layCopies() {
	rows := 0
	for l := range c.set.Links {
		if c.set.Links[l].DropCopy {
			rows = c.set.Capacity.Executions
		}
	}
	c.copies = table[copyRow](c, rows)[:rows]
	c.copyIndex = table[uint64](c, powerOfTwo(4*rows))
	c.reg.copyFree, c.reg.copyHead, c.reg.copyTail = NoIndex, NoIndex, NoIndex
	c.layCopiers()
}

// layCopiers finds which drop copy tells of which venue, and how each venue calls accounts.
func (c *Core) layCopiers() {
	c.copiers, c.aliases = make([]uint32, len(c.set.Venues)), make([]names, len(c.set.Venues))
	for venue := range c.copiers {
		c.copiers[venue] = NoIndex
	}
	for l := range c.set.Links {
		if !c.set.Links[l].DropCopy {
			continue
		}
		venue := c.set.Links[l].Venue
		c.copiers[venue] = uint32(l)
		for i := range c.set.Accounts {
			if a := &c.set.Accounts[i]; a.At(venue) != a.Name {
				c.aliases[venue].addNamed(a.At(venue), uint32(i))
			}
		}
	}
}

// tell takes up in a row what an effect of Copied says.
func (c *Core) tell(x *copyRow, e *Effect) {
	x.venue, x.there = e.Venue, side(e.Value)
	if x.there != sideTold {
		return
	}
	x.ExecTerms, x.units = ExecTerms{e.Qty, e.Price, e.Account, e.Instrument, e.Side}, uint32(e.Money)
	if x.request = e.Request; x.request != NoIndex {
		x.gen = c.requests[x.request].Gen
	}
}

func (c *Core) applyCopied(ev *Event, e *Effect) {
	if e.ID >= uint32(len(c.copies)) {
		return // there was no room for it
	}
	x := c.takeCopy(ev, e)
	if e.Execution != NoIndex && x.here == sideSilent {
		x.here, x.execution = sideTold, e.Execution
	}
	if e.Flags&CopiedOurs != 0 && x.here == sideSilent {
		x.here = sideAwaited
	}
	c.toldBy(e.ID, uint64(e.Reserved))
	c.tell(x, e)
	c.await(ev, e.ID)
}

// takeCopy is the row of an effect, which begins with it where nobody has told of the execution before.
func (c *Core) takeCopy(ev *Event, e *Effect) *copyRow {
	x := &c.copies[e.ID]
	if x.size > 0 {
		return x
	}
	if e.ID == c.reg.copyFree {
		c.reg.copyFree = x.next
	} else {
		c.reg.copyUsed++
	}
	id := ev.Data[e.Off : e.Off+e.Len]
	*x = copyRow{hash: execHash(e.Venue, id), sinceNs: ev.Now.UTCNs, venue: e.Venue, date: c.reg.tradeDate, request: NoIndex, execution: NoIndex}
	if e.Kind == Copied {
		x.date = uint32(e.Seq)
		if e.Flags&CopiedApart != 0 {
			x.hash = apart(x.hash, e.Side)
		}
	}
	x.size = uint8(copy(x.text[:], id))
	c.copyIndex.put(x.hash, e.ID)
	return x
}

// toldBy notes which report told of a row first.
func (c *Core) toldBy(slot uint32, report uint64) {
	if x := &c.copies[slot]; x.report == 0 && report != 0 {
		x.report = report
		c.copyIndex.put(report, slot)
	}
}

// applyBooked notes where an execution of a row is booked, and on whose word.
func (c *Core) applyBooked(ev *Event, e *Effect) {
	if e.ID >= uint32(len(c.copies)) {
		return
	}
	x := c.takeCopy(ev, e)
	x.execution, x.onWord = e.Execution, e.Value == onWord
	if !x.onWord {
		x.here = sideTold
	}
	c.await(ev, e.ID)
}

// applyTakenBack notes that what is booked of a row is booked no more.
func (c *Core) applyTakenBack(ev *Event, e *Effect) {
	slot := c.copyOf(e.Execution)
	if slot == NoIndex {
		return
	}
	x := &c.copies[slot]
	if e.Value == onWord {
		x.execution = NoIndex
		c.executions[e.Execution].size = 0 // a word that is taken back has no name: what the venue's line tells has
	} else {
		x.here = sideTakenBack
	}
	x.onWord = false
	c.await(ev, slot)
}

func (c *Core) applyBroken(ev *Event, e *Effect) {
	if e.ID >= uint32(len(c.copies)) {
		return
	}
	x := &c.copies[e.ID]
	x.broken, x.settled = Break(e.Status), Break(e.Value)
	c.await(ev, e.ID)
}

// await puts a row into the list of those that await a side, or takes it out.
func (c *Core) await(ev *Event, slot uint32) {
	x := &c.copies[slot]
	is := x.missing()
	awaits := is != NoBreak && is != x.broken && is != x.settled
	switch {
	case awaits && !x.waits:
		c.appendCopy(slot, ev.Now.MonoNs)
	case !awaits && x.waits:
		c.unlinkCopy(slot)
	}
}

func (c *Core) appendCopy(slot uint32, nowNs int64) {
	x := &c.copies[slot]
	x.waits, x.prev, x.next, x.dueNs = true, c.reg.copyTail, NoIndex, nowNs+c.set.BreakNs
	if x.prev == NoIndex {
		c.reg.copyHead = slot
	} else {
		c.copies[x.prev].next = slot
	}
	c.reg.copyTail = slot
}

func (c *Core) unlinkCopy(slot uint32) {
	x := &c.copies[slot]
	if x.prev == NoIndex {
		c.reg.copyHead = x.next
	} else {
		c.copies[x.prev].next = x.next
	}
	if x.next == NoIndex {
		c.reg.copyTail = x.prev
	} else {
		c.copies[x.next].prev = x.prev
	}
	x.waits, x.prev, x.next, x.dueNs = false, NoIndex, NoIndex, 0
}

// awaitAnew gives all that await a side the whole time again: a drop copy is back and tells what it owes, or the gate is.
func (c *Core) awaitAnew(nowNs int64) {
	for slot := c.reg.copyHead; slot != NoIndex; slot = c.copies[slot].next {
		c.copies[slot].dueNs = nowNs + c.set.BreakNs
	}
}

// dropCopies forgets executions of before a trade date, but for those whose break stands.
func (c *Core) dropCopies(keep uint32) {
	clear(c.copyIndex)
	c.reg.copyFree = NoIndex
	for slot := range c.reg.copyUsed {
		x := &c.copies[slot]
		if x.size > 0 && x.execution != NoIndex && c.executions[x.execution].size == 0 {
			x.execution = NoIndex // it was forgotten
		}
		if x.size > 0 && (x.date >= keep || x.broken != NoBreak || x.waits) {
			c.copyIndex.put(x.hash, slot)
			if x.report != 0 {
				c.copyIndex.put(x.report, slot)
			}
			continue
		}
		*x = copyRow{next: c.reg.copyFree}
		c.reg.copyFree = slot
	}
}
