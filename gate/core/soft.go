package core

import (
	"github.com/cespare/xxhash/v2"

	"portcullis/fix"
	"portcullis/risk"
)

// A soft control refuses as any other does, and gives a token. When a person has passed that token, the next order of the
// same link with the same content, ids and times aside, is not refused by that control, once. Every other control judges
// it, and the soft control judges every order with another content.

// SoftRule makes a control soft.
type SoftRule struct {
	Control  risk.Reason // of risk.SoftControls
	WithinNs int64       // the token is good for so long, and so is the word of who passed it
}

const (
	CmdPass CommandKind = 55 // pass the control that has refused the token in Target, once

	// NoToken: no soft control has given that token, or it is not good any more.
	NoToken ReplyCode = 55

	// SoftRefused: the soft control Cause has refused what Value is the hash of, over Link: row Execution has it under the token
	// Qty until the UTC time Seq.
	SoftRefused EffectKind = 94
	// SoftPassed: the user in Value has passed the token Qty in row Execution: it counts until the UTC time Seq.
	SoftPassed EffectKind = 95
	// SoftUsed: what the control Cause would have refused has passed it by the token Qty in row Execution.
	SoftUsed EffectKind = 96
)

// softRows bounds the tokens that are good at a time; the oldest makes room.
const softRows = 256

// softRow is a refusal by a soft control.
type softRow struct {
	token   uint64 // 0: the row is free
	content uint64 // contentHash of the order
	untilNs int64  // UTC
	endNs   int64  // the same in monotonic time, which nobody sets back; it stands still while a machine is down, and UTC does not
	link    uint32
	control risk.Reason
	passed  bool
	_       [1]byte
}

// over reports whether the time of a token or a pass is over, by either clock.
func (r *softRow) over(ev *Event) bool { return r.untilNs <= ev.Now.UTCNs || r.endNs <= ev.Now.MonoNs }

// monoOf is the monotonic time until which a token or a pass is good: records have that of UTC.
func monoOf(ev *Event, e *Effect) int64 { return ev.Now.MonoNs + int64(e.Seq) - ev.Now.UTCNs }

// identifies reports whether a tag tells one order from another of the same content.
func identifies(tag uint32) bool {
	return IsHeader(tag) || tag == fix.TagClOrdID || tag == fix.TagOrigClOrdID || tag == fix.TagTransactTime || tag == fix.TagCheckSum
}

// contentHash is the hash of what a D or G asks for. It is taken before the order is accepted,
// which changes d.Order.
func (d *Decision) contentHash() uint64 {
	h := uint64(d.MsgType) | uint64(d.Order)<<8
	for i := range d.msg.Len() {
		if f := d.msg.Field(i); !identifies(f.Tag) {
			h = fold(h, uint64(f.Tag), xxhash.Sum64(d.msg.Raw[f.Off:f.End]))
		}
	}
	return h
}

// passes returns the soft controls that somebody has passed for what a link sends now.
func (c *Core) passes(ev *Event, d *Decision) (pass risk.Soft) {
	if c.reg.softPassed == 0 {
		return 0
	}
	d.content = d.contentHash()
	for i := range c.softs {
		if r := &c.softs[i]; r.passed && r.link == ev.Link && r.content == d.content && !r.over(ev) {
			pass |= r.control.Soft()
		}
	}
	return pass
}

// usePasses takes back the passes that the order needed.
func (c *Core) usePasses(ev *Event, d *Decision) {
	if d.Judgement.Passed == 0 {
		return
	}
	for i := range c.softs {
		r := &c.softs[i]
		if r.passed && r.link == ev.Link && r.content == d.content && d.Judgement.Passed&r.control.Soft() != 0 {
			e := d.effect(SoftUsed)
			e.Execution, e.Cause, e.Qty = uint32(i), r.control, risk.Qty(r.token)
		}
	}
}

// softRefusal gives a token for a refusal by a soft control.
func (c *Core) softRefusal(ev *Event, d *Decision) {
	if d.MsgType != 'D' && d.MsgType != 'G' {
		return
	}
	for i := range c.set.Soft {
		if rule := &c.set.Soft[i]; rule.Control == d.Reason {
			e := d.effect(SoftRefused)
			e.Link, e.Cause, e.Value = ev.Link, d.Reason, d.contentHash()
			e.Seq, e.Qty = uint64(ev.Now.UTCNs+rule.WithinNs), risk.Qty(c.reg.softNo+1)
			e.Execution = c.softRowOf(e)
			return
		}
	}
}

// softRowOf is the row of an equal refusal, else the row whose time is over first.
func (c *Core) softRowOf(e *Effect) uint32 {
	best := 0
	for i := range c.softs {
		r := &c.softs[i]
		if r.token != 0 && r.link == e.Link && r.content == e.Value && r.control == e.Cause {
			return uint32(i)
		}
		if r.untilNs < c.softs[best].untilNs {
			best = i
		}
	}
	return uint32(best)
}

// decidePass takes a person's word that what a soft control has refused may pass it once.
func (c *Core) decidePass(ev *Event, d *Decision, m *Command) ReplyCode {
	for i := range c.softs {
		r := &c.softs[i]
		if r.token == 0 || r.token != m.Target || r.passed || r.over(ev) {
			continue
		}
		for _, rule := range c.set.Soft {
			if rule.Control == r.control {
				e := d.effect(SoftPassed)
				e.Link, e.Execution, e.Cause, e.Qty, e.Value = r.link, uint32(i), r.control, risk.Qty(r.token), uint64(m.UID)
				e.Seq = uint64(ev.Now.UTCNs + rule.WithinNs)
				return Done
			}
		}
	}
	return NoToken
}

func (c *Core) applySoft(ev *Event, e *Effect) {
	r := &c.softs[e.Execution]
	if r.passed {
		c.reg.softPassed--
	}
	switch e.Kind {
	case SoftRefused:
		*r = softRow{token: uint64(e.Qty), content: e.Value, untilNs: int64(e.Seq), endNs: monoOf(ev, e), link: e.Link, control: e.Cause}
		c.reg.softNo = uint64(e.Qty)
	case SoftPassed:
		r.passed, r.untilNs, r.endNs = true, int64(e.Seq), monoOf(ev, e)
		c.reg.softPassed++
	case SoftUsed:
		*r = softRow{}
	}
}

// tellToken says in the Text of a refusal that it can be passed.
func (d *Decision) tellToken(w *fix.Writer) {
	for i := range d.EffectLen {
		if e := &d.Effects[i]; e.Kind == SoftRefused {
			w.PartString("; may be passed once, token ")
			w.PartUint(uint64(e.Qty))
		}
	}
}
