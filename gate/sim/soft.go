package sim

import (
	"strings"

	"portcullis/fix"
	"portcullis/gate/core"
	"portcullis/risk"
)

// orderQtyMax is an account's limit of a single order, which is soft.
const orderQtyMax = 110 * risk.PriceScale

// softRules are the controls whose refusals a person may pass once.
var softRules = []core.SoftRule{{Control: risk.OrderQtyTooLarge, WithinNs: 20e9}, {Control: risk.NotionalTooLarge, WithinNs: 20e9},
	{Control: risk.CollarAmountExceeded, WithinNs: 3e9}}

// slowToken is a token that a soft control has given, as the twin keeps it: with all that its order said.
type slowToken struct {
	token   risk.Qty
	link    uint32
	control risk.Reason
	said    string
	untilNs int64 // UTC
	endNs   int64 // monotonic
	passed  bool
}

// good reports whether the time of a token is not over, by clocks that may have been set either way.
func (t *slowToken) good(ev *core.Event) bool {
	return ev.Now.UTCNs < t.untilNs && ev.Now.MonoNs < t.endNs
}

// softly follows tokens by their rows: what passes by one says what the refused said, over the same link, in time and once; and
// what is too large passes by none but one.
func (l *ledger) softly(ev *core.Event, d *core.Decision) {
	passed := false
	for i := range d.EffectLen {
		e := &d.Effects[i]
		t, endNs := l.tokens[e.Execution], ev.Now.MonoNs+int64(e.Seq)-ev.Now.UTCNs
		switch e.Kind {
		case core.SoftRefused:
			l.tokens[e.Execution] = &slowToken{e.Qty, ev.Link, d.Reason, l.said(ev.Data), int64(e.Seq), endNs, false}
		case core.SoftPassed:
			if t == nil || t.token != e.Qty || t.passed || !t.good(ev) {
				l.w.fail("token %d is passed, the twin has %+v", e.Qty, t)
			}
			t.passed, t.untilNs, t.endNs = true, int64(e.Seq), endNs
		case core.SoftUsed:
			if t == nil || t.token != e.Qty || !t.passed || !t.good(ev) || t.link != ev.Link || t.control != e.Cause || t.said != l.said(ev.Data) {
				l.w.fail("an order passes by token %d, the twin has %+v: %s", e.Qty, t, printable(ev.Data))
			}
			delete(l.tokens, e.Execution)
			l.w.faults.note(map[byte]string{'D': "order passed once", 'G': "replace passed once"}[d.MsgType])
			passed = passed || e.Cause == risk.OrderQtyTooLarge
		}
	}
	if e := taken(d); e != nil && e.Qty > orderQtyMax && !passed {
		l.w.fail("a quantity of %s passes, and nobody has passed it", qty(e.Qty))
	}
}

// said is a message without what tells it from one that says the same.
func (l *ledger) said(data []byte) string {
	var b strings.Builder
	l.m.Index(data)
	for i := range l.m.Len() {
		switch f := l.m.Field(i); int(f.Tag) {
		case fix.TagBeginString, fix.TagBodyLength, fix.TagMsgSeqNum, fix.TagSenderCompID, fix.TagSendingTime, fix.TagTargetCompID, fix.TagPossDupFlag,
			fix.TagPossResend, fix.TagOrigSendingTime, fix.TagClOrdID, fix.TagOrigClOrdID, fix.TagTransactTime, fix.TagCheckSum:
		default:
			b.Write(data[f.Off:f.End])
			b.WriteByte('|')
		}
	}
	return b.String()
}

// again sends what a soft control has refused once more, when somebody has passed its token, or has not.
func (t *trader) again() {
	r := t.refused
	t.refused = nil
	if !t.w.chance(4) {
		t.w.host.give(core.Command{Kind: core.CmdPass, Target: t.token, UID: 1})
	}
	fields := append([]field{{fix.TagClOrdID, t.id()}}, r.fields[1:]...)
	o := r.order
	if r.kind == "D" {
		o.first, o.status, o.said = nil, "", ""
	}
	t.ask(&request{id: fields[0].value, kind: r.kind, order: o, fields: fields})
}

// softRefused remembers an order, or a replace of one, that may be passed.
func (t *trader) softRefused(r *request, text string) {
	if _, token, ok := strings.Cut(text, "may be passed once, token "); ok && r != nil && t.requests[r.id] == r {
		t.refused, t.token = r, uint64(whole(token))
	}
}
