package audit

import (
	"fmt"
	"strings"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// text is the part of an event's bytes that an effect points to.
func text(ev *core.Event, e *core.Effect) string {
	from, to := uint64(e.Off), uint64(e.Off)+uint64(e.Len)
	if to > uint64(len(ev.Data)) {
		return dash
	}
	return readable(ev.Data[from:to])
}

// EffectWords say one fact that a decision established. Orders and requests are shown by their
// slots, which later orders use again.
func (j *Journal) EffectWords(ev *core.Event, e *core.Effect) string {
	switch e.Kind {
	case core.Offered:
		if e.Len == 0 {
			return "nothing waits for approval any more"
		}
		return fmt.Sprintf("configuration %.16s waits for approval, offered by user %d", text(ev, e), e.Seq)
	case core.Approved:
		return fmt.Sprintf("configuration %.16s is approved by user %d", text(ev, e), e.Seq)
	case core.PartyActed:
		return fmt.Sprintf("%s, about kill %d", j.partyWords(ev, e), e.Value)
	case core.Opened:
		return fmt.Sprintf("order %d opened: %s, account %s, to %s as request %d with 34=%d; worst %s, reserves %s for %s",
			e.Order, j.terms(e), j.account(e.Account), j.venue(e.Venue), e.Request, e.Seq,
			decimal8(e.Worst), amount(e.Reserved), decimal8(e.Open))
	case core.Asked:
		return j.askedWords(e)
	case core.Refused:
		return refusedWords(ev, e)
	case core.Confirmed:
		return fmt.Sprintf("order %d confirmed by request %d: %s%s, worst %s; reserves %s for %s", e.Order, e.Request,
			decimal8(e.Qty), limitWord(e.Price), decimal8(e.Worst), amount(e.Reserved), decimal8(e.Open))
	case core.Denied:
		return fmt.Sprintf("request %d (%s) of order %d is void", e.Request,
			word(requestWords, e.RequestKind, "kind"), e.Order)
	case core.Executed:
		if e.Len == 0 && e.Order == core.NoIndex && e.Venue == core.NoIndex {
			return fmt.Sprintf("adjustment booked: %s %s %s @ %s = %s, account %s", sideWord(e.Side), decimal8(e.Qty),
				j.instrument(e.Instrument), decimal8(e.Price), amount(e.Money), j.account(e.Account))
		}
		return fmt.Sprintf("execution %s booked%s%s%s: %s %s %s @ %s = %s, account %s, %s", text(ev, e), onWord(e), ofEarlier(e), toldBefore(e), sideWord(e.Side),
			decimal8(e.Qty), j.instrument(e.Instrument), decimal8(e.Price), amount(e.Money),
			j.account(e.Account), orderWord(e.Order))
	case core.Recognised:
		return fmt.Sprintf("execution %s is known: %s %s %s @ %s is booked by a human's word, %s", text(ev, e), sideWord(e.Side),
			decimal8(e.Qty), j.instrument(e.Instrument), decimal8(e.Price), orderWord(e.Order))
	case core.Copied:
		return j.copiedWords(ev, e)
	case core.Busted:
		return fmt.Sprintf("execution taken back%s: %s %s %s = %s, account %s, %s", ofEarlier(e), sideWord(e.Side), decimal8(e.Qty),
			j.instrument(e.Instrument), amount(e.Money), j.account(e.Account), orderWord(e.Order))
	case core.Rebooked:
		return fmt.Sprintf("order %d: CumQty %s, open %s, reserves %s", e.Order, decimal8(e.Qty), decimal8(e.Open),
			amount(e.Reserved))
	case core.Ended:
		return fmt.Sprintf("order %d is final: nothing of it is reserved any more", e.Order)
	case core.Flagged:
		return flaggedWords(e)
	case core.Reported:
		s := fmt.Sprintf("the venue says of order %d: %s", e.Order, statusWord(e.Status))
		if e.Price != 0 {
			s += ", average price " + decimal8(e.Price)
		}
		if e.Len > 0 {
			s += ", OrderID " + text(ev, e)
		}
		return s
	case core.Resent, core.OwedSent:
		if e.Kind == core.Resent && e.Flags&core.FlagCancelOwed != 0 {
			return fmt.Sprintf("the cancel of order %d (request %d) is owed: %s", e.Order, e.Request, owedFor(e))
		}
		return fmt.Sprintf("request %d of order %d sent with 34=%d", e.Request, e.Order, e.Seq)
	case core.Overshot:
		return j.overshotWords(e)
	case core.Calmed:
		return j.levelWords(e)
	case core.Alerted:
		return "ALERT " + j.alertWords(e)
	}
	return j.gateWords(e)
}

// gateWords say an effect that concerns no single order.
func (j *Journal) gateWords(e *core.Effect) string {
	switch e.Kind {
	case core.KillSet:
		of := e.Target(risk.Scope(e.Status))
		if e.Mode == risk.KillTripped {
			return fmt.Sprintf("kill %d of %s is on: %s has tripped; gate enable lifts it", e.Value, j.targetName(&of), e.Cause)
		}
		return fmt.Sprintf("kill %d of %s is on, mode %s%s", e.Value, j.targetName(&of), modeWord(e.Mode), choice(e.Cause != risk.Unjudged, ", for "+e.Cause.String(), ""))
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
	case core.SoftRefused, core.SoftPassed, core.SoftUsed:
		return j.softWords(e)
	case core.AdjustAsked:
		if e.Value == 0 {
			return "two people have asked for it"
		}
		return fmt.Sprintf("user %d asks for that adjustment: a second one is needed", e.Seq)
	case core.StrayAsked:
		return fmt.Sprintf("user %d asks for that cancel: a second one is needed", e.Seq)
	case core.StraySent:
		return fmt.Sprintf("cancel %d of an order that the gate does not know is sent", e.Value)
	case core.LiftAsked:
		if l, party := core.PartyUser(e.Seq); party {
			return fmt.Sprintf("link %s asks to lift kill %d: a second person is needed", j.link(l), e.Value)
		}
		return fmt.Sprintf("user %d asks to lift kill %d: a second one is needed", e.Seq, e.Value)
	case core.KillLifted:
		return fmt.Sprintf("kill %d is lifted", e.Value)
	case core.JobStarted:
		return fmt.Sprintf("job %d begins: %s", e.Execution, word(jobWords, e.Status, "kind"))
	case core.JobMoved:
		return fmt.Sprintf("job %d goes on at slot %d", e.Execution, e.Seq)
	case core.JobEnded:
		return fmt.Sprintf("job %d is done", e.Execution)
	case core.LinkBlocked:
		words := []string{"takes bytes again", "takes no more bytes", "is stopped by the egress check", "is accepted again"}
		return "line of " + j.link(e.Link) + " " + word(words, uint8(min(e.Value, 255)), "state")
	case core.GateSet:
		return gateSetWords(e)
	case core.Rolled:
		return fmt.Sprintf("trade date is %d", e.Value)
	case core.Halted:
		return j.instrument(e.Instrument) + choice(e.Value == 1, " is halted", " trades again")
	case core.Phased:
		return j.phasedWords(e)
	case core.VenueHalted:
		return j.venue(e.Venue) + choice(e.Value == 1, " is halted", " trades again")
	case core.Restricted:
		return j.restrictedWords(e)
	case core.Broken:
		return j.brokenWords(e)
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
	case core.MarkAsked, core.Marked, core.MarksInForce:
		return j.markWords(e)
	case core.SplitAsked, core.SplitSet, core.SplitSettled:
		return j.splitWords(e)
	case core.Booted:
		return fmt.Sprintf("epoch %d: every link is down", e.Value)
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
	case core.MassSent:
		return fmt.Sprintf("mass cancel for kill %d sent to %s with 34=%d", e.Value, j.venue(e.Venue), e.Seq)
	case core.MassTold:
		return j.venue(e.Venue) + " carries the mass cancel out"
	case core.MassAsked, core.MassMoved, core.MassEnded:
		return j.massWords(e)
	case core.DayOpened:
		return "start-of-day positions of " + j.account(e.Account) + " are complete"
	case core.DayBegun:
		return j.account(e.Account) + " is closed, its start-of-day positions are 0: those of the trade date follow"
	}
	return laterWords(e)
}

// massWords say how a request of a participant about many orders goes on.
func (j *Journal) massWords(e *core.Effect) string {
	what := choice(e.Status == 0, "mass cancel", "mass status") + " of " + j.link(e.Link)
	switch e.Kind {
	case core.MassAsked:
		return what + " begins"
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

func choice(first bool, a, b string) string {
	if first {
		return a
	}
	return b
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
func (j *Journal) terms(e *core.Effect) string {
	s := fmt.Sprintf("%s %s %s", sideWord(e.Side), decimal8(e.Qty), j.instrument(e.Instrument))
	if e.Prices&core.PriceGiven != 0 {
		s += " @ " + decimal8(e.Price)
	}
	s += secondPrice(e)
	return s + " " + ordTypeWord(e.OrdType) + " " + tifWord(e.TimeInForce)
}

// secondPrice is the price of terms beside the limit.
func secondPrice(e *core.Effect) string {
	switch {
	case e.Prices&core.StopPxGiven != 0:
		return " stop " + decimal8(e.Second)
	case e.Prices&core.DiscretionGiven != 0:
		return " discretion " + decimal8(e.Second)
	case e.Prices&core.PegOffsetGiven != 0:
		return " offset " + decimal8(e.Second)
	}
	return ""
}

// limitWord is the price of terms that have one.
func limitWord(p risk.Price) string {
	if p == 0 {
		return ""
	}
	return " @ " + decimal8(p)
}

func (j *Journal) askedWords(e *core.Effect) string {
	how := fmt.Sprintf("sent as request %d with 34=%d", e.Request, e.Seq)
	if e.Flags&core.FlagCancelOwed != 0 {
		how = fmt.Sprintf("owed as request %d: %s", e.Request, owedFor(e))
	}
	if e.RequestKind == core.CancelRequest {
		by := ""
		switch {
		case e.Execution != core.NoIndex:
			by = " for a mass cancel"
		case e.ID == core.NoIndex:
			by = " by the gate itself"
		}
		if e.Cause != 0 {
			by += ", " + e.Cause.String() + ":"
		}
		return fmt.Sprintf("cancel of order %d%s %s", e.Order, by, how)
	}
	s := fmt.Sprintf("replace of order %d %s: %s", e.Order, how, decimal8(e.Qty))
	if e.Prices&core.PriceGiven != 0 {
		s += " @ " + decimal8(e.Price)
	}
	s += secondPrice(e)
	return s + fmt.Sprintf(", worst %s; the order reserves %s for %s", decimal8(e.Worst),
		amount(e.Reserved), decimal8(e.Open))
}

// owedFor says what a cancel waits for.
func owedFor(e *core.Effect) string {
	return choice(core.RequestState(e.Status) == core.Postponed, "the venue takes no cancels now", "the venue's line is down")
}

func refusedWords(ev *core.Event, e *core.Effect) string {
	s := "refused"
	if e.ID != core.NoIndex {
		s += "; ClOrdID " + text(ev, e) + " is taken"
	}
	if e.Status == 'D' || e.Status == 'G' {
		s += "; counts toward the order rate"
	}
	return s
}

func flaggedWords(e *core.Effect) string {
	is := choice(e.Value == 1, " is ", " is no longer ")
	return fmt.Sprintf("order %d%s%s", e.Order, is, strings.Join(flagWords(e.Flags), ", "))
}

func (j *Journal) overshotWords(e *core.Effect) string {
	measure := risk.Reason(e.Seq)
	row := measure.Row()
	of := risk.Check{Control: measure, Scope: e.Account, Of: risk.Scope(e.Status), In: risk.Class(e.Flags)}
	return fmt.Sprintf("OVERSHOOT %s of %s is %s above its limit", row.Code, j.ofCheck(&of),
		inUnit(row.Value, measure, int64(e.Value)))
}

func (j *Journal) alertWords(e *core.Effect) string {
	s := e.Alert.String()
	if e.Alert == core.LimitNear {
		return s + ": " + j.levelWords(e)
	}
	if e.Alert == core.DropCopyBreak {
		s += ", " + core.Break(e.Status).String()
	}
	if e.Alert == core.KillWidened {
		of := e.Target(risk.Scope(e.Status))
		return s + ": of " + j.targetName(&of) + choice(e.Cause != risk.Unjudged, ", for "+e.Cause.String(), "")
	}
	if e.Alert == core.SplitUnsettled {
		return s + fmt.Sprintf(": %s in %s, %s", j.account(e.Account), j.instrument(e.Instrument),
			choice(e.Cause == risk.SplitOverflow, "more than can be computed", decimal8(e.Qty)))
	}
	if e.Alert == core.KillIncomplete {
		s += fmt.Sprintf(", %d orders", e.Value)
	}
	if e.Order != core.NoIndex {
		s += fmt.Sprintf(", order %d", e.Order)
	}
	if e.Link != core.NoIndex {
		s += ", link " + j.link(e.Link)
	}
	if e.Venue != core.NoIndex {
		s += ", venue " + j.venue(e.Venue)
	}
	return s
}

// levelWords say which measure of which scope is at a level of warning.
func (j *Journal) levelWords(e *core.Effect) string {
	measure := risk.Reason(e.Seq)
	of := risk.Check{Control: measure, Scope: e.Account, Of: risk.Scope(e.Status), In: risk.Class(e.Flags)}
	s := measure.Row().Text + " of " + j.ofCheck(&of)
	if e.Kind == core.Calmed {
		return s + choice(e.Value == 0, " is well below its levels of warning", fmt.Sprintf(" is back at %d %% of its limit", e.Value))
	}
	unit := measure.Row().Value
	return fmt.Sprintf("%s has reached %d %%: %s of %s", s, e.Value, inUnit(unit, measure, int64(e.Qty)), inUnit(unit, measure, int64(e.Money)))
}

func orderWord(slot uint32) string {
	if slot == core.NoIndex {
		return "no order of ours"
	}
	return fmt.Sprintf("order %d", slot)
}

// CheckWords are a check as gate why shows it: whose limit it is by the numbers of a journal, the value and the limit.
func CheckWords(n *config.Numbers, c *risk.Check) (of, value, limit string) {
	row := c.Control.Row()
	return (&Journal{numbers: n}).ofCheck(c), inUnit(row.Value, c.Control, c.Value), inUnit(row.Limit, c.Control, c.Limit)
}

// ofCheck names whose limit a check was made with: where any scope may have one, that whose limit is the lowest.
func (j *Journal) ofCheck(c *risk.Check) string {
	name := ""
	switch c.Of {
	case 0:
		return j.scopeOf(c.Control, c.Scope)
	case risk.ScopeAccount:
		name = j.account(c.Scope)
	case risk.ScopeInstrument:
		name = j.instrument(c.Scope)
	case risk.ScopeFirm:
		name = "firm"
	default:
		name = j.scopeName(c.Of, c.Scope)
	}
	switch c.In {
	case risk.AnyClass:
		return name
	case risk.OneInstrument:
		return name + " in this symbol"
	}
	return name + " in type " + word(classWords, c.In, "type")
}

// scopeOf names what a control's check was about.
func (j *Journal) scopeOf(control risk.Reason, n uint32) string {
	switch control {
	case risk.OrderRateExceeded: // of journals in which it was of links alone
		return j.link(n)
	case risk.VenueHalted, risk.CloseCutOff, risk.NoCancelPeriod:
		return j.venue(n)
	case risk.SymbolUnknown, risk.SymbolRestricted, risk.InstrumentRestricted, risk.InstrumentNotPermitted, risk.SymbolHalted, risk.PriceTermsInconsistent,
		risk.TestSymbolForbidden, risk.TestSymbolOnly, risk.FieldContradicts, risk.PartQtyOutOfRange, risk.OffLot, risk.OffTick, risk.SubPennyPrice, risk.VolumeMissing, risk.ReferencePriceMissing, risk.ReferencePriceStale, risk.PriceOutsideCollar,
		risk.CollarAmountExceeded, risk.CollarTicksExceeded, risk.TouchMissing, risk.NearTouchExceeded, risk.FarTouchExceeded,
		risk.ShortSaleBidMissing, risk.ShortSaleNotAboveBid:
		return j.instrument(n)
	case risk.SelfMatch, risk.SelfMatchStands: // the open order that it would meet, by its slot
		return orderWord(n)
	}
	switch scope := control.Scope(); scope {
	case 0:
		return j.account(n)
	case risk.ScopeFirm:
		return "firm"
	default:
		return j.name(scopeKinds[scope], n)
	}
}

// partyWords say who has asked for what by a PartyActionRequest.
func (j *Journal) partyWords(ev *core.Event, e *core.Effect) string {
	return fmt.Sprintf("link %s by PartyActionRequest %s (%s)", j.link(e.Link), text(ev, e), word(partyWords, e.Status-'0', "action"))
}

// toldBefore says that an execution was told in other units than those it is booked in.
func toldBefore(e *core.Effect) string {
	switch e.Flags {
	case 0:
		return ""
	case 1:
		return ", told in the units of before a split"
	}
	return fmt.Sprintf(", told in the units of before %d splits", e.Flags)
}

// ofEarlier says that an execution is of an earlier trade date, and so no money of this one.
func ofEarlier(e *core.Effect) string {
	if e.Status != core.Earlier {
		return ""
	}
	return fmt.Sprintf(" of trade date %d, in positions alone", e.Seq)
}
