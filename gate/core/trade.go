package core

import (
	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

// A drop copy also tells by TradeCaptureReport(35=AE), as clearers do: of one trade, with each side of it that it knows. Here it is read,
// and answered; trade_sides.go takes the sides that are ours.

const (
	tradeReportType = "AE"
	tradeAckType    = "AR"
)

// tradeSidesMax is how many sides a trade has.
const tradeSidesMax = 2

// tradeTags are those of a TradeCaptureReport that say what a trade is and stand outside its sides; each may be there once.
var tradeTags = [...]uint32{fix.TagTradeReportID, fix.TagTradeReportRefID, fix.TagTradeReportTransType, fix.TagTradeReportType, fix.TagTrdRptStatus, fix.TagExecType,
	fix.TagPreviouslyReported, fix.TagExecID, fix.TagExecRefID, fix.TagSymbol, fix.TagLastQty, fix.TagLastPx, fix.TagTradeDate,
	fix.TagTransactTime, fix.TagNoSides}

// sideTags are those of an entry of NoSides(552).
var sideTags = [...]uint32{fix.TagSide, fix.TagAccount, fix.TagClOrdID, fix.TagOrderID, fix.TagSideExecID}

// tradeSide is an entry of NoSides(552).
type tradeSide struct {
	fields [len(sideTags)]fix.Field
	party  fix.Field // PartyID(448) of the entry of NoPartyIDs(453) that is being read
	holder fix.Field // the one whose PartyRole(452) says that it is the customer's account
}

// trade is a TradeCaptureReport as read.
type trade struct {
	fields [len(tradeTags)]fix.Field
	sides  [tradeSidesMax]tradeSide
	count  int // of sides
}

func (t *trade) field(tag uint32) fix.Field { return t.fields[placeIn(tradeTags[:], tag)] }

func (s *tradeSide) field(tag uint32) fix.Field { return s.fields[placeIn(sideTags[:], tag)] }

// placeIn is where a tag stands among others, -1 if it is none of them.
func placeIn(tags []uint32, tag uint32) int {
	for i := range tags {
		if tags[i] == tag {
			return i
		}
	}
	return -1
}

// read finds the fields. tag is that of the first fault, 0: there is none; what lies behind it is found all the same.
func (t *trade) read(m *fix.Message) (code fix.FaultCode, tag uint32) {
	for i := range m.Len() {
		f := m.Field(i)
		if is := t.take(m, f); is != fix.NoFault && tag == 0 {
			code, tag = is, f.Tag
		}
	}
	n, ok := fix.ParseUint(m.At(t.field(fix.TagNoSides)))
	switch {
	case tag != 0:
		return code, tag
	case t.field(fix.TagNoSides).Tag == 0:
		return fix.RequiredMissing, fix.TagNoSides
	case !ok || n != uint64(t.count):
		return fix.GroupCount, fix.TagNoSides
	}
	return fix.NoFault, 0
}

// take takes one field.
func (t *trade) take(m *fix.Message, f fix.Field) fix.FaultCode {
	if n := placeIn(tradeTags[:], f.Tag); n >= 0 {
		if t.fields[n].Tag != 0 {
			return fix.RepeatedTag
		}
		t.fields[n] = f
		return fix.NoFault
	}
	if f.Tag == fix.TagSide {
		if t.count == tradeSidesMax {
			return fix.GroupCount
		}
		t.count++
	}
	return t.readSide(m, f)
}

// readSide takes a field into the side that is being read, if it is one of a side.
func (t *trade) readSide(m *fix.Message, f fix.Field) fix.FaultCode {
	n := placeIn(sideTags[:], f.Tag)
	switch {
	case n >= 0 && (t.count == 0 || t.field(fix.TagNoSides).Tag == 0):
		return fix.GroupOrder
	case t.count == 0:
		return fix.NoFault
	}
	s := &t.sides[t.count-1]
	switch {
	case n >= 0 && s.fields[n].Tag != 0:
		return fix.RepeatedTag
	case n >= 0:
		s.fields[n] = f
	case f.Tag == fix.TagPartyID:
		s.party = f
	case f.Tag == fix.TagPartyRole && string(m.At(f)) == roleAccount:
		s.holder = s.party
	}
	return fix.NoFault
}

// kind is what a report tells of its trade; tag is that of a code that says nothing known, 0: there is none. What is
// alleged, declined, pending or refused has not happened.
func (t *trade) kind(m *fix.Message) (kind reportKind, tag uint32) {
	switch string(m.At(t.field(fix.TagTrdRptStatus))) {
	case "1", "4", "5", "6": // rejected, or a pending new, cancel or replace
		return noChange, 0
	}
	kind = fill
	switch string(m.At(t.field(fix.TagTradeReportType))) {
	case "", "0", "2": // submit, accept
	case "5": // no/was
		kind = correction
	case "6", "7": // cancel, break
		kind = bust
	case "1", "3", "4", "8", "9", "10", "11", "12", "13", "14", "15": // alleged, declined, an addendum, pended
		return noChange, 0
	default:
		return noChange, fix.TagTradeReportType
	}
	switch string(m.At(t.field(fix.TagTradeReportTransType))) {
	case "1", "4", "5", "C": // cancel, reverse, cancel due to back-out
		return bust, 0
	case "2", "R": // replace
		return correction, 0
	case "3": // release to clearing
		return noChange, 0
	case "", "0", "N":
	default:
		return noChange, fix.TagTradeReportTransType
	}
	if kind != fill {
		return kind, 0
	}
	switch string(m.At(t.field(fix.TagExecType))) {
	case "", "F":
		return fill, 0
	case "G":
		return correction, 0
	case "H":
		return bust, 0
	case "I", "J", "K": // a status; held by the clearing, and released to it
		return noChange, 0
	}
	return noChange, fix.TagExecType
}

// refTag is where a report names what it takes back or corrects.
func (t *trade) refTag() uint32 {
	if t.field(fix.TagTradeReportRefID).Tag != 0 {
		return fix.TagTradeReportRefID
	}
	if t.field(fix.TagExecRefID).Tag != 0 {
		return fix.TagExecRefID
	}
	return fix.TagExecID
}

// refuseTrade refuses a report of which nothing can be booked, and tells a human.
func (c *Core) refuseTrade(ev *Event, d *Decision, t *trade, code fix.FaultCode, tag uint32) {
	d.alert(ReportUnreadable).Link = ev.Link
	d.RefTag = tag
	switch {
	case c.answersTrade(ev, t):
		c.ackTrade(ev, d, t, code, tag)
	case d.faulty():
		c.refuseFaulty(ev, d)
	default:
		c.rejectSession(ev, d, code, tag)
		d.Reason, d.MsgType = risk.Unjudged, 0
	}
}

// answersTrade reports whether a report is answered by a message of its own: it must have a TradeReportID(571).
func (c *Core) answersTrade(ev *Event, t *trade) bool {
	return c.set.Links[ev.Link].TradeAcks && t.field(fix.TagTradeReportID).Tag != 0
}

// ackTrade answers by TradeCaptureReportAck(35=AR), where the drop copy wants that. It is not sent again on a
// ResendRequest: who misses one sends its report again, which changes nothing.
func (c *Core) ackTrade(ev *Event, d *Decision, t *trade, code fix.FaultCode, tag uint32) {
	if !c.answersTrade(ev, t) {
		return
	}
	w := c.begin(ev, d, ev.Link, tradeAckType)
	t.echo(w, &d.msg, tag, fix.TagTradeReportID, "")
	t.echo(w, &d.msg, tag, fix.TagTradeReportTransType, "")
	t.echo(w, &d.msg, tag, fix.TagTradeReportType, "")
	t.echo(w, &d.msg, tag, fix.TagExecType, "F")
	t.echo(w, &d.msg, tag, fix.TagExecID, "")
	t.echo(w, &d.msg, tag, fix.TagSymbol, c.set.Links[ev.Link].Dialect.unread(fix.TagSymbol))
	if code == fix.NoFault {
		w.Char(fix.TagTrdRptStatus, '0')
	} else {
		w.Char(fix.TagTrdRptStatus, '1')
		w.Uint(fix.TagTradeReportRejectRsn, tradeRejectReason(tag))
	}
	w.Stamp(fix.TagTransactTime, ev.Now.UTCNs, c.set.Links[ev.Link].Precision)
	if code != fix.NoFault {
		w.Open(fix.TagText)
		w.PartString(tradeFaultWords(code))
		w.PartString(" tag ")
		w.PartUint(uint64(tag))
		w.Close()
	}
	c.end(ev, d, ev.Link, link.SessionMessage, NoIndex)
}

// echo repeats a field of a report in its answer; where it is not there, or is what is wrong, other stands for it.
func (t *trade) echo(w *fix.Writer, m *fix.Message, wrong, tag uint32, other string) {
	if v := m.At(t.field(tag)); len(v) > 0 && tag != wrong {
		w.Value(int(tag), v)
	} else if other != "" {
		w.String(int(tag), other)
	}
}

// tradeRejectReason is TradeReportRejectReason(751).
func tradeRejectReason(tag uint32) uint64 {
	switch tag {
	case fix.TagAccount:
		return 1 // invalid party information
	case fix.TagTradeReportTransType, fix.TagTradeReportType:
		return 4 // invalid trade type
	}
	return 99 // other
}

func tradeFaultWords(code fix.FaultCode) string {
	switch code {
	case fix.RequiredMissing:
		return "nothing is booked: missing is"
	case fix.RepeatedTag:
		return "nothing is booked: given twice is"
	case fix.GroupCount, fix.GroupOrder:
		return "nothing is booked: the sides do not fit, by"
	}
	return "nothing is booked: not understood, or not known here, is"
}
