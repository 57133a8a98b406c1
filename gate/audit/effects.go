package audit

import (
	"fmt"
	"strings"

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

func choice(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

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
	case core.UnitsAhead:
		return ", told in the units of after a split that comes"
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
