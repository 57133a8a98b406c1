package audit

import (
	"fmt"

	"portcullis/gate/core"
	"portcullis/risk"
)

// gateWords say an effect that concerns no single order.
func (j *Journal) gateWords(e *core.Effect) string {
	switch e.Kind {
	case core.AssignAsked:
		return fmt.Sprintf("user %d asks to book execution %d to account %s: a second one is needed", e.Seq, e.Execution,
			j.account(e.Account))
	case core.ResolveAsked:
		if e.Value == 0 {
			return "that is not noted: another number of them is in doubt"
		}
		return fmt.Sprintf("user %d asks to resolve them: a second one is needed", e.Seq)
	case core.LimitsSeen:
		return fmt.Sprintf("the limits are those of configuration %x", versionHash(e.Value))
	case core.AdjustAsked:
		if e.Value == 0 {
			return "two people have asked for it"
		}
		return fmt.Sprintf("user %d asks for that adjustment: a second one is needed", e.Seq)
	case core.StrayAsked:
		return fmt.Sprintf("user %d asks for that cancel: a second one is needed", e.Seq)
	case core.WordGiven:
		return fmt.Sprintf("user %d asks for that %s: a second one is needed", e.Seq, word(commandWords, core.CommandKind(e.Value), "command"))
	case core.WordTaken:
		if e.Qty == 0 {
			return "no " + word(commandWords, core.CommandKind(e.Value), "command") + " waits for a second person any more"
		}
		return "two people have asked for it"
	case core.StraySent:
		return fmt.Sprintf("cancel %d of an order that the gate does not know is sent", e.Value)
	case core.JobStarted:
		return fmt.Sprintf("job %d begins: %s", e.Execution, word(jobWords, e.Status, "kind"))
	case core.JobMoved:
		return fmt.Sprintf("job %d goes on at slot %d", e.Execution, e.Seq)
	case core.JobEnded:
		return fmt.Sprintf("job %d is done", e.Execution)
	case core.GateSet:
		return gateSetWords(e)
	case core.Rolled:
		return fmt.Sprintf("trade date is %d", e.Value)
	case core.Broken:
		return j.brokenWords(e)
	case core.MarkAsked, core.Marked, core.MarksInForce:
		return j.markWords(e)
	case core.SplitAsked, core.SplitSet, core.SplitSettled:
		return j.splitWords(e)
	case core.Booted:
		return fmt.Sprintf("epoch %d: every link is down", e.Value)
	case core.StateSeen:
		return fmt.Sprintf("digest of the state was %016x", e.Value)
	case core.Reloaded:
		return fmt.Sprintf("configuration %x is in force", versionHash(e.Value))
	case core.RecordsLost:
		return "every venue is recovering: it takes no order until a human accepts it"
	case core.Recovered:
		return j.venue(e.Venue) + " is accepted again: it has no order of which nothing is known"
	case core.Raised:
		return fmt.Sprintf("next number out on %s is at least %d", j.link(e.Link), e.Seq)
	case core.Positioned:
		return fmt.Sprintf("start-of-day position of %s in %s is %s", j.account(e.Account),
			j.instrument(e.Instrument), decimal8(e.Qty))
	case core.SelfTested:
		return "self-test " + selfTestWords(e.Seq, e.Value, int64(e.Qty))
	case core.DayOpened:
		return "start-of-day positions of " + j.account(e.Account) + " are complete"
	case core.DayBegun:
		return j.account(e.Account) + " is closed, its start-of-day positions are 0: those of the trade date follow"
	}
	return j.tradingEffectWords(e)
}

// tradingEffectWords say an effect on what may trade: kills, halts, links, venues.
func (j *Journal) tradingEffectWords(e *core.Effect) string {
	switch e.Kind {
	case core.KillSet:
		of := e.Target(risk.Scope(e.Status))
		if e.Mode == risk.KillTripped {
			return fmt.Sprintf("kill %d of %s is on: %s has tripped; gate enable lifts it", e.Value, j.targetName(&of), e.Cause)
		}
		return fmt.Sprintf("kill %d of %s is on, mode %s%s", e.Value, j.targetName(&of), modeWord(e.Mode), choice(e.Cause != risk.Unjudged, ", for "+e.Cause.String(), ""))
	case core.SoftRefused, core.SoftPassed, core.SoftUsed:
		return j.softWords(e)
	case core.LiftAsked:
		if l, party := core.PartyUser(e.Seq); party {
			return fmt.Sprintf("link %s asks to lift kill %d: a second person is needed", j.link(l), e.Value)
		}
		return fmt.Sprintf("user %d asks to lift kill %d: a second one is needed", e.Seq, e.Value)
	case core.KillLifted:
		return fmt.Sprintf("kill %d is lifted", e.Value)
	case core.LinkBlocked:
		words := []string{"takes bytes again", "takes no more bytes", "is stopped by the egress check", "is accepted again"}
		return "line of " + j.link(e.Link) + " " + word(words, uint8(min(e.Value, 255)), "state")
	case core.Halted:
		return j.instrument(e.Instrument) + choice(e.Value == 1, " is halted", " trades again")
	case core.Phased:
		return j.phasedWords(e)
	case core.VenueHalted:
		return j.venue(e.Venue) + choice(e.Value == 1, " is halted", " trades again")
	case core.Restricted:
		return j.restrictedWords(e)
	case core.EasyToBorrow:
		return j.instrument(e.Instrument) + choice(e.Value == 1, " is easy to borrow", " is not easy to borrow")
	case core.SweepAwaits:
		if e.Value == 0 {
			return "no list begins or ends any more"
		}
		return "open orders are looked at again when a list begins or ends"
	case core.OwedAwaits:
		return "cancels that are owed to " + j.venue(e.Venue) + " wait until it takes some"
	case core.PriceTested:
		return j.instrument(e.Instrument) + choice(e.Value > 0, fmt.Sprintf(": short sales are held above the best bid on %d trade dates", e.Value),
			": short sales are not held to the best bid any more")
	case core.Located:
		return fmt.Sprintf("located for short sales of %s in %s: %s", j.account(e.Account), j.instrument(e.Instrument), decimal8(e.Qty))
	case core.LossStopped:
		return fmt.Sprintf("%s has lost %s, above its limit of %s", j.scopeName(risk.Scope(e.Status), e.Account), amount(e.Money), amount(e.Reserved))
	case core.LoosenAsked:
		if e.Value == 0 {
			return j.instrument(e.Instrument) + ": two users have asked, so it is done"
		}
		return fmt.Sprintf("user %d asks for %s %s: a second one is needed", e.Seq, word(commandWords, core.CommandKind(e.Value), "command"), j.instrument(e.Instrument))
	case core.LinkHeld:
		by := ""
		if e.Seq != 0 {
			by = fmt.Sprintf(" by kill %d", e.Seq)
		}
		return j.link(e.Link) + choice(e.Value == 1, " is held down", " may come up again") + by
	case core.LinkLost:
		return j.link(e.Link) + choice(e.Value == 0, " is waited for no more", " is lost, and waited for "+span(int64(e.Seq)))
	case core.Breached:
		return fmt.Sprintf("%s has refused %s once more%s", risk.Reason(e.Seq),
			j.scopeName(risk.Scope(e.Status), e.Account), choice(e.Value == 1, ": once too often", ""))
	case core.Drained:
		return choice(e.Link == core.NoIndex, "the gate", j.link(e.Link)) + choice(e.Value == 1, " is drained: no new orders", " takes new orders again")
	case core.MassSent:
		return fmt.Sprintf("mass cancel for kill %d sent to %s with 34=%d", e.Value, j.venue(e.Venue), e.Seq)
	case core.MassTold:
		return j.venue(e.Venue) + " carries the mass cancel out"
	case core.MassAsked, core.MassOfUnderlying, core.MassMoved, core.MassEnded:
		return j.massWords(e)
	}
	return laterWords(e)
}

// massWords say how a request of a participant about many orders goes on.
func (j *Journal) massWords(e *core.Effect) string {
	what := choice(e.Status == 0, "mass cancel", "mass status") + " of " + j.link(e.Link)
	switch e.Kind {
	case core.MassAsked:
		return what + choice(e.Venue == core.NoIndex, "", " at "+j.venue(e.Venue)) + " begins"
	case core.MassOfUnderlying:
		return what + " is of one underlying"
	case core.MassMoved:
		return fmt.Sprintf("%s goes on at slot %d", what, e.Seq)
	}
	return what + " is answered"
}

func gateSetWords(e *core.Effect) string {
	on := e.Value != 0
	switch e.Flags {
	case core.GateStopping:
		return choice(on, "the gate is stopping", "the gate is not stopping")
	case core.GateJournalFull:
		return "the journal " + word(spaceWords, uint8(min(e.Value, 255)), "space state")
	case core.GateClockForbidden:
		return choice(on, "the clock's state forbids trading", "the clock's state permits trading")
	case core.GateExecutionsFull:
		return choice(on, "the table of executions is full", "the table of executions has room")
	}
	return fmt.Sprintf("gate state %d is %d", e.Flags, e.Value)
}

// laterWords say the effects of the day roll, of doubts and of corrections.
func laterWords(e *core.Effect) string {
	switch e.Kind {
	case core.Renumbered:
		return "the link's numbers began again at 1"
	case core.Settled:
		return fmt.Sprintf("the venue knows request %d of order %d", e.Request, e.Order)
	case core.Reopened:
		return fmt.Sprintf("order %d lives again", e.Order)
	case core.Repriced:
		if e.Qty != 0 {
			return fmt.Sprintf("request %d of order %d comes to %s at worst price %s over a split", e.Request, e.Order, decimal8(e.Qty), decimal8(e.Worst))
		}
		return fmt.Sprintf("order %d is reserved at worst price %s from now on", e.Order, decimal8(e.Worst))
	case core.Recounted:
		return fmt.Sprintf("order %d is counted in other units by its venue: %s of it is executed in these", e.Order, decimal8(e.Qty))
	case core.CutOff:
		return fmt.Sprintf("reports under the old numbers %d to %d are to be sent again", e.Seq, e.Value)
	case core.CutResent:
		return fmt.Sprintf("reports under the old numbers below %d are done", e.Seq)
	case core.ToldInexact:
		return fmt.Sprintf("%d bookings could not be kept in full by now", e.Value)
	}
	return fmt.Sprintf("effect %d, which this build does not know", e.Kind)
}

// terms says what an order asks for.
