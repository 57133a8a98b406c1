package link

import "portcullis/fix"

// OutKind says what an outgoing message is, for those who must tell orders from the rest: the
// egress check, a kill that withdraws, and the resend of stored messages.
type OutKind uint8

const (
	SessionMessage OutKind = iota // Logon to SequenceReset: never stored for resend
	OrderMessage                  // D or G toward a venue: checked at egress, withdrawn by a kill
	CancelMessage                 // F toward a venue
	RequestMessage                // H, AF toward a venue
	ReportMessage                 // anything toward a participant that is resent on request
)

// Out is one outgoing message: where it lies in the Outbox, and for which link.
type Out struct {
	Seq     uint64 // MsgSeqNum(34)
	Link    uint32 // the link's number
	Request uint32 // the request's slot, for OrderMessage and CancelMessage
	Off     uint32
	Size    uint32

	// SecretOff and SecretSize mark the value of Password(554) or RawData(96) inside the message: its bytes
	// Bytes(i)[SecretOff:SecretOff+SecretSize] are sent as they are and overwritten before the
	// message is appended to a journal or a log. SecretSize 0: nothing secret.
	SecretOff  uint32
	SecretSize uint16

	Kind OutKind
	Hold bool // journaled, not sent: the link is not logged on and its peer will ask for it
}

// OutsMax bounds the messages that one event may send, StepOutsMax those that one step of a link
// appends: its caller keeps that many places free.
const (
	OutsMax     = 16
	StepOutsMax = 2
)

// Outbox collects the messages that one event sends, over all links. It belongs to one thread.
type Outbox struct {
	Writer fix.Writer
	Outs   [OutsMax]Out
	Count  int
}

// Reset forgets all messages.
func (o *Outbox) Reset() {
	o.Writer.Reset()
	o.Count = 0
}

// Begin opens a message on a link with the header every message has, tags ascending after 35.
// The caller appends the body and calls End. seq is the MsgSeqNum, which the caller counts on; last
// is the last one taken from the peer, for LastMsgSeqNumProcessed(369).
func (o *Outbox) Begin(set *Settings, msgType string, seq, last uint64, utcNs int64) *fix.Writer {
	w := o.header(set, msgType, seq, utcNs, 0)
	o.lastProcessed(set, last)
	return w
}

// Again says what a message sent again has in its header.
type Again struct {
	PossDup    bool   // PossDupFlag(43)=Y: it has the number it had
	PossResend bool   // PossResend(97)=Y: it may have been sent under another number
	Orig       []byte // OrigSendingTime(122); empty: not known, or not sent before
}

// BeginAgain opens a message that is, or may be, sent again.
func (o *Outbox) BeginAgain(set *Settings, msgType string, seq, last uint64, utcNs int64, a Again) *fix.Writer {
	possDup := byte(0)
	if a.PossDup {
		possDup = 'Y'
	}
	w := o.header(set, msgType, seq, utcNs, possDup)
	if a.PossResend {
		w.Char(fix.TagPossResend, 'Y')
	}
	if len(a.Orig) > 0 {
		o.origTime(set, a.Orig, utcNs)
	}
	o.lastProcessed(set, last)
	return w
}

// origTime writes OrigSendingTime(122), which may not be later than SendingTime(52): the peer would refuse the message
// and end the link, and never get it. Where our clock was set back since, it is the time of sending again.
func (o *Outbox) origTime(set *Settings, orig []byte, utcNs int64) {
	if ns, ok := fix.ParseTimestamp(orig); ok && ns > utcNs {
		o.Writer.Stamp(fix.TagOrigSendingTime, utcNs, set.precision())
		return
	}
	o.Writer.Value(fix.TagOrigSendingTime, orig)
}

// lastProcessed ends a header.
func (o *Outbox) lastProcessed(set *Settings, last uint64) {
	if set.LastProcessed {
		o.Writer.Uint(fix.TagLastMsgSeqNumProc, last)
	}
}

func (o *Outbox) header(set *Settings, msgType string, seq uint64, utcNs int64, possDup byte) *fix.Writer {
	w := &o.Writer
	w.Begin(set.BeginString, msgType)
	w.Uint(fix.TagMsgSeqNum, seq)
	if possDup != 0 {
		w.Char(fix.TagPossDupFlag, possDup)
	}
	w.PartString(set.sender)
	w.Stamp(fix.TagSendingTime, utcNs, set.precision())
	w.PartString(set.target)
	return w
}

// End closes the message opened last. More than OutsMax messages are dropped and reported by a
// false return; a caller's bounds must make that impossible.
func (o *Outbox) End(link uint32, kind OutKind, seq uint64, request uint32) bool {
	off, size := o.Writer.End()
	if o.Count == OutsMax {
		return false
	}
	out := &o.Outs[o.Count]
	*out = Out{}
	out.Seq, out.Link, out.Request, out.Off, out.Size, out.Kind = seq, link, request, uint32(off), uint32(size), kind
	o.Count++
	return true
}

// Bytes returns the i-th message as it is to be sent.
func (o *Outbox) Bytes(i int) []byte {
	out := &o.Outs[i]
	return o.Writer.Bytes(int(out.Off), int(out.Size))
}

// Restore fills the Outbox with messages that were sent before, as a journal keeps them: outs with
// Off relative to sent. It returns false where they do not fit each other.
func (o *Outbox) Restore(outs []Out, sent []byte) bool {
	o.Reset()
	if len(outs) > OutsMax {
		return false
	}
	for i := range outs {
		out := &outs[i]
		if uint64(out.Off)+uint64(out.Size) > uint64(len(sent)) ||
			uint64(out.SecretOff)+uint64(out.SecretSize) > uint64(out.Size) {
			return false
		}
	}
	o.Count = copy(o.Outs[:], outs)
	o.Writer.Restore(sent)
	return true
}
