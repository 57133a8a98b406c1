package core

import "portcullis/risk"

// applyGate applies the effects that concern no single order: here those of kills, jobs and links.
func (c *Core) applyGate(ev *Event, e *Effect) {
	switch e.Kind {
	case KillSet:
		c.reg.killNo, c.reg.hardKill = e.Value, max(c.reg.hardKill, e.Seq)
		c.book.SetKill(risk.Kill{ID: e.Value, Of: e.Target(risk.Scope(e.Status)), Mode: e.Mode.OrCancel(),
			KeepGTC: e.Side&keepGTC != 0, Cause: e.Cause, AtNs: killedNs(ev, e), SinceNs: ev.Now.MonoNs})
	case LiftAsked:
		c.book.AskLift(e.Value, uint32(e.Seq))
	case KillLifted:
		c.book.ClearKill(e.Value)
	case PartyActed:
		c.applyPartyActed(ev, e)
	case Breached:
		c.applyBreached(ev, e)
	case SoftRefused, SoftPassed, SoftUsed:
		c.applySoft(ev, e)
	case JobStarted, JobMoved, JobEnded:
		c.applyJob(ev, e)
	case SweepAwaits:
		c.reg.sweepDueNs, c.reg.sweptNs = int64(e.Value), int64(e.Seq)
	case OwedAwaits:
		c.postponed[e.Venue].endNs, c.postponed[e.Venue].lookNs = int64(e.Seq), int64(e.Value)
	case StraySent:
		c.reg.strayNo = e.Value
	case MassSent, MassTold:
		c.applyMassSent(ev, e)
	case GateSet:
		c.applyGateSet(e)
	case LinkBlocked:
		c.applyBlocked(e)
	case LinkHeld:
		c.links[e.Link].Held = e.Value == 1
	case LinkLost:
		c.applyLinkLost(e)
	case Drained:
		c.applyDrained(e)
	case CutOff, CutResent:
		c.links[e.Link].applyCut(e)
	case Raised:
		l := &c.links[e.Link]
		l.NextOut = max(l.NextOut, e.Seq)
	case Renumbered:
		c.applyRenumbered(e.Link)
	default:
		c.applyDay(ev, e)
	}
}

// applyDay is of the trade date, of what is held and worth on it, and of what may trade.
func (c *Core) applyDay(ev *Event, e *Effect) {
	switch e.Kind {
	case Rolled:
		c.applyRolled(ev, e)
	case DayOpened:
		c.book.OpenDay(e.Account)
	case DayBegun:
		c.book.BeginDay(e.Account)
	case Positioned:
		c.exact(c.book.SetPosition(e.Account, e.Instrument, e.Qty) == nil)
	case MarkAsked, Marked, MarksInForce:
		c.applyMarks(e)
	case SplitAsked:
		c.askedSplits[e.Instrument].ask(askedSplit{RatioOf(e.Value), uint32(e.Seq), uint32(e.Money)})
	case SplitSet:
		c.applySplitSet(e)
	case SplitSettled:
		c.book.Settle(e.Account, e.Instrument)
	case LossStopped:
		c.book.SetStopped(risk.Scope(e.Status), e.Account, e.Money)
	case Halted:
		c.book.Halt(e.Instrument, e.Value == 1)
	case VenueHalted:
		c.book.HaltVenue(e.Venue, e.Value == 1)
	case Phased:
		c.applyPhased(e)
	case Restricted:
		c.applyRestricted(e)
	case EasyToBorrow:
		c.book.SetEasy(e.Instrument, e.Value == 1)
	case PriceTested:
		c.book.SetPriceTest(e.Instrument, e.Venue, uint8(e.Value))
	case Located:
		c.exact(c.book.SetLocated(e.Account, e.Instrument, e.Qty) == nil)
	default:
		c.applyProcess(ev, e)
	}
}

// applyProcess is of the process and its configuration, and of what somebody has told or asked.
func (c *Core) applyProcess(ev *Event, e *Effect) {
	switch e.Kind {
	case Booted:
		c.applyBooted(ev, e)
	case Reloaded:
		c.applyReloaded(ev, e.Value)
		c.beginDigest(ev)
	case Offered, Approved:
		c.applyOffer(ev, e)
	case LimitsSeen:
		c.reg.limitsOf = e.Value
	case RecordsLost:
		for venue := range min(e.Value, uint64(len(c.lost))) {
			c.lost[venue] = true
		}
	case Recovered:
		c.lost[e.Venue] = false
	case WordGiven, WordTaken:
		c.applyWord(e)
	case AssignAsked:
		x := &c.executions[e.Execution]
		x.asked, x.asker, x.askedFor = true, uint32(e.Seq), e.Account
	case Copied:
		c.applyCopied(ev, e)
	case Broken:
		c.applyBroken(ev, e)
	case SelfTested:
		c.applySelfTested(ev, e)
	case StateSeen:
		c.reg.seen, c.reg.seenNs = e.Value, ev.Now.MonoNs
	case ToldInexact:
		c.reg.inexactOld = e.Value
	}
}

// applyRenumbered begins the numbers of a link anew: what was sent under the old ones is told apart by its era.
func (c *Core) applyRenumbered(l uint32) {
	c.links[l].era++
	if c.links[l].unsent != 0 {
		c.links[l].unsent = 1 // nothing under the new numbers has been carried
	}
	if venue := c.lineOf(l); venue != NoIndex {
		c.sentRings[venue].from = c.sentRings[venue].tail
	}
}

// applyJob starts, advances or ends a job. Starting one takes what led to it out of the state: it is the job's now.
func (c *Core) applyJob(ev *Event, e *Effect) {
	j := &c.jobs[e.Execution]
	switch e.Kind {
	case JobStarted:
		c.dropJob(j) // one of its kind begins anew
		*j = job{Kind: jobKind(e.Status), Venue: e.Venue}
		switch j.Kind {
		case killJob, drillJob:
			j.of, j.Venue, j.killID, j.command = e.Target(risk.Scope(e.Flags)), NoIndex, e.Value, e.Seq
			j.marks, j.mode = e.Side, e.Mode.OrCancel()
		case sweepJob:
			j.from, c.reg.sweepDueNs = uint64(ev.Now.UTCNs), 0
		case missedJob:
			j.from, j.to = e.Seq, e.Value
		case splitJob:
			j.from = e.Seq
		case doubtJob:
			c.doubtNs[j.Venue] = 0
		case singlesJob:
			c.venueMass[j.Venue].dueNs = 0
		case resolveJob:
			j.outcome, j.counts[countSeen], j.command = Outcome(e.Value), e.Account, e.Seq
		case killWatchJob:
			c.reg.killLookNs, c.reg.killLookNext = c.reg.killLookNext, 0
		case orphanJob:
			c.links[e.Link].lostNs, c.links[e.Link].orphansTo = 0, e.Seq
			c.refreshDue()
		}
		c.reg.jobsActive++
		c.countMissing(j, 1)
	case JobMoved:
		j.cursor = uint32(e.Seq)
		if e.Link != NoIndex {
			j.linksDone = e.Link
		}
		for i := range j.counts {
			j.counts[i] += uint32(e.Value >> (8 * i) & 0xff)
		}
	case JobEnded:
		if j.Kind == killJob && j.mode.Cancels() {
			c.watchKill(ev)
		}
		if j.Kind == orphanJob {
			for l := range c.links {
				c.links[l].orphansTo = 0
			}
		}
		c.dropJob(j)
	}
}

func (c *Core) dropJob(j *job) {
	if j.Kind == noJob {
		return
	}
	c.countMissing(j, ^uint32(0))
	*j = job{}
	c.reg.jobsActive--
}

// countMissing counts the jobs that settle suspects of a venue: it takes no order meanwhile.
func (c *Core) countMissing(j *job, n uint32) {
	if j.Kind == missedJob || j.Kind == unknownJob || j.Kind == codJob {
		c.missing[j.Venue] += n
	}
}

func (c *Core) applyBlocked(e *Effect) {
	l := &c.links[e.Link]
	switch e.Value {
	case linkWritable:
		l.Blocked = false
	case linkFull:
		l.Blocked = true
	case linkEgressStopped:
		l.EgressStopped = true
	case linkAccepted:
		l.EgressStopped = false
	}
	c.massReady(e.Link, massStatus)
}

func (c *Core) applyGateSet(e *Effect) {
	switch e.Flags {
	case GateStopping:
		c.reg.stopping = e.Value != 0
		c.reg.stopCancels = c.reg.stopCancels || e.Value == stopCancels
	case GateJournalFull:
		c.reg.journal = uint8(e.Value)
	case GateClockForbidden:
		c.reg.clockBad = e.Value != 0
	case GateExecutionsFull:
		c.reg.execsFull = e.Value != 0
	}
}

// applyRolled begins a trade date: executed money is zero again, ids and executions of earlier
// dates are forgotten unless an order that lives needs them.
func (c *Core) applyRolled(ev *Event, e *Effect) {
	c.reg.rolledNs, c.reg.rolledTurn = ev.Now.UTCNs, c.reg.turn
	copy(c.reg.earlier[1:], c.reg.earlier[:])
	if c.reg.earlier[0], c.reg.tradeDate = c.reg.tradeDate, uint32(e.Value); c.reg.firstDate == 0 {
		c.reg.firstDate = c.reg.tradeDate
	}
	if c.reg.keptFrom = uint32(e.Seq); e.Seq == 0 {
		c.reg.keptFrom = c.reg.earlier[0]
	}
	clear(c.reg.words[:])
	c.reg.wordsUsed = 0
	c.book.Roll()
	c.applySplits(true)
	c.dropStaleIDs()
	c.dropExecutions(c.reg.keptFrom)
	c.dropCopies(c.reg.keptFrom)
}

// keptAfterRoll is the first trade date of which executions are known once a date has begun: they can be busted, and
// are not booked twice. It is decided, so that whoever applies the roll forgets the same under any configuration.
func (c *Core) keptAfterRoll(date uint32) uint32 {
	switch days := c.set.ExecutionDays; days {
	case 0:
		return date
	case 1:
		return max(1, c.reg.tradeDate) // before the first of all there is nothing to forget
	default:
		return max(1, c.reg.earlier[days-2])
	}
}

// dropExecutions forgets executions of trade dates before keep.
func (c *Core) dropExecutions(keep uint32) {
	clear(c.execIndex)
	c.reg.execFree = NoIndex
	c.reg.execInUse = 0
	for slot := range c.reg.execUsed {
		x := &c.executions[slot]
		if x.date < keep || x.size == 0 {
			*x = execution{next: c.reg.execFree}
			c.reg.execFree = slot
			continue
		}
		c.execIndex.put(x.hash, slot)
		c.reg.execInUse++
	}
	c.reg.execsFull, c.reg.unnamed = false, 0
}

// applyBooted: a new process, so no link has a connection and none is blocked. What the end of a
// connection means for the link's numbers was decided when its Closed came.
func (c *Core) applyBooted(ev *Event, e *Effect) {
	c.reg.epoch = e.Value
	c.reg.sweepDueNs = 0 // a start looks at open orders
	c.book.DropMarks()   // whoever said them is gone, and says them again
	c.reg.stopping, c.reg.stopCancels, c.reg.journal, c.reg.clockBad = false, false, 0, false
	c.beginDigest(ev)
	for l := range c.links {
		c.links[l].Drop()
		c.links[l].Conn, c.links[l].Blocked = 0, false
		c.massReady(uint32(l), massStatus)
		if c.links[l].lostNs != 0 {
			c.links[l].lostNs = ev.Now.MonoNs + c.links[l].graceNs // nobody could come back before
		}
	}
	for venue := range c.doubtNs {
		c.waitAnew(uint32(venue), ev.Now.MonoNs)
		if c.doubtNs[venue] != 0 {
			c.doubtNs[venue] = ev.Now.MonoNs + doubtMaxNs
		}
		c.postponed[venue].hoursChanged(ev.Now.MonoNs)
		if mass := &c.venueMass[venue]; mass.dueNs != 0 {
			mass.dueNs = ev.Now.MonoNs + massWaitNs
		}
	}
	c.awaitAnew(ev.Now.MonoNs)
	if c.reg.killLookNs != 0 {
		c.reg.killLookNs = ev.Now.MonoNs + killConfirmNs
	}
	for i := range c.jobs {
		c.jobs[i].command = 0 // whoever asked is gone; the work goes on
	}
	c.refreshDue()
}

// killedNs is since when a kill is in force: a hard one since the watchdog's record, which its number is the time of.
func killedNs(ev *Event, e *Effect) int64 {
	if e.Seq != 0 {
		return int64(e.Seq)
	}
	return ev.Now.UTCNs
}
