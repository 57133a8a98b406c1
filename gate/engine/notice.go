package engine

import (
	"github.com/rs/zerolog"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/core"
)

// notice is a rare thing that the log should say.
type notice struct {
	what   noticeKind
	link   uint32
	conn   uint32 // 0: none
	value  uint64
	record uint64         // in which it is journaled; 0: not said
	order  core.VenueName // of an alert

	records core.EgressRecords // of an egressFault
	text    string             // of a tlsFailed
}

type noticeKind uint8

const (
	closed         noticeKind = iota // value: core.CloseCause
	linkFault                        // value: link.Fault
	notTaken                         // value: link.Fault
	rejected                         // value: RefTagID(371)
	alerted                          // value: core.Alert
	slowConsumer                     // value: bytes unsent
	oversized                        // value: bytes announced
	garbled                          // value: fix.Framing
	tooManyResends                   //
	egressFault                      // value: MsgSeqNum(34)
	stalled                          //
	resumed                          //
	killedHalfway                    //
	tlsFailed                        // text: what TLS says
)

// tell gives the clerk what a decision means for the log.
func (e *Engine) tell(ev *core.Event, d *core.Decision) {
	n := notice{link: ev.Link, conn: ev.Conn, record: e.header.Seq}
	if d.Rejected {
		n.what, n.value = rejected, uint64(d.RefTag)
		e.clerk.tell(n)
	}
	// A fault that ends the link cuts it at once, or after the peer has had time to answer our Logout.
	ends := d.Close || d.SessionStep && d.Link.Phase == link.Refused
	if d.LinkFault != 0 && (ends || d.LinkFault != uint8(link.SeqTooHigh)) { // a gap is asked for and needs no line
		n.what, n.value = notTaken, uint64(d.LinkFault)
		if ends {
			n.what = linkFault
		}
		e.clerk.tell(n)
	}
	for i := 0; d.Alerts && i < d.EffectLen; i++ {
		if f := &d.Effects[i]; f.Kind == core.Alerted && f.Alert != core.EgressStopped { // an egressFault says more
			e.clerk.tell(e.alert(n, f))
		}
	}
}

func (e *Engine) alert(n notice, f *core.Effect) notice {
	n.what, n.value = alerted, uint64(f.Alert)
	if f.Link != noLink {
		n.link = f.Link
	}
	if f.Order != core.NoIndex {
		n.order = e.core.OrderName(f.Order)
	}
	return n
}

var causeTexts = [...]string{
	core.PeerClosed:    "the peer closed the connection",
	core.ReadFailed:    "the connection failed",
	core.CutByLink:     "cut by the session layer",
	core.SlowConsumer:  "cut: the peer reads too slowly",
	core.MessageSize:   "cut: a message longer than configured",
	core.Replaced:      "closed by the operator or a shutdown",
	core.KilledHalfway: "cut: a kill stops an order of which the venue had taken half",
	core.TLSFailed:     "ended by TLS",
	core.ReserveUsed:   "cut: what it sent and was refused has used up its part of the journal's reserve",
}

// noticeTexts say each notice; the detail, where there is one, follows in a field of its own.
var noticeTexts = [...]struct {
	level  zerolog.Level
	text   string
	detail string
}{
	closed:         {zerolog.WarnLevel, "connection ended", "cause"},
	linkFault:      {zerolog.WarnLevel, "the session layer ends the connection", "fault"},
	notTaken:       {zerolog.WarnLevel, "the session layer does not take a message as it is", "fault"},
	rejected:       {zerolog.WarnLevel, "a message was answered by Reject(35=3)", ""},
	alerted:        {zerolog.ErrorLevel, "", ""},
	slowConsumer:   {zerolog.WarnLevel, "the peer reads too slowly: its connection is cut; what it missed is in the journal and is sent when it asks", ""},
	oversized:      {zerolog.WarnLevel, "the peer announced a message longer than message_bytes_max: its connection is cut", ""},
	garbled:        {zerolog.WarnLevel, "bytes that are no FIX message were skipped", "framing"},
	tooManyResends: {zerolog.WarnLevel, "the peer asks for resends faster than they can be given: its connection is cut", ""},
	egressFault: {zerolog.ErrorLevel, "the egress check stopped a message that is not what was judged: the line is cut and blocked; " +
		"see the two records", ""},
	stalled: {zerolog.WarnLevel, "the journal has no room: the engine reads nothing more until it has", ""},
	resumed: {zerolog.WarnLevel, "the journal has room again: the engine goes on", ""},
	killedHalfway: {zerolog.WarnLevel, "the venue does not take the rest of an order that a kill stops: its connection is cut; " +
		"the order is settled when it comes back", ""},
	tlsFailed: {zerolog.WarnLevel, "TLS ended the connection", "error"},
}

// write says a notice in the log, or counts it where the link has said the same a moment ago.
func (k *clerk) write(n notice) {
	said := &noticeTexts[n.what]
	text, detail, name := said.text, n.detail(), k.names.of(n.link)
	if n.what == alerted {
		text = detail
	}
	kind := text
	if said.detail != "" {
		kind += ": " + detail
	}
	entry := k.log.Say(said.level, kind, name, kind)
	if name != "" {
		entry = entry.Str("link", name)
	}
	if n.conn != 0 {
		entry = entry.Uint32("connection", n.conn)
	}
	if n.record != 0 {
		entry = entry.Uint64("record", n.record)
	}
	if said.detail != "" {
		entry = entry.Str(said.detail, detail)
	}
	n.numbers(entry).Msg(text)
}

// detail is what a notice is about, in words.
func (n *notice) detail() string {
	switch n.what {
	case closed:
		return causeTexts[n.value]
	case linkFault, notTaken:
		return link.Fault(n.value).String()
	case garbled:
		return fix.Framing(n.value).String()
	case alerted:
		return core.Alert(n.value).String()
	case tlsFailed:
		return n.text
	}
	return ""
}

// numbers adds those of a notice.
func (n *notice) numbers(entry *zerolog.Event) *zerolog.Event {
	switch n.what {
	case rejected:
		return entry.Uint64("tag", n.value)
	case slowConsumer:
		return entry.Uint64("unsent_bytes", n.value)
	case oversized:
		return entry.Uint64("bytes", n.value)
	case egressFault:
		return entry.Uint64("seq", n.value).Uint64("record", n.records.Sent).Uint64("accepted_in_record", n.records.Accepted)
	case alerted:
		if order := n.order.String(); order != "" {
			return entry.Str("order", order)
		}
	}
	return entry
}
