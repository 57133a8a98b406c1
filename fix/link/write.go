package link

import "portcullis/fix"

// The session messages we send. Fields of header and body stand in ascending order of their tags,
// as the QuickFIX family writes them.

// endlessBefore42 is EndSeqNo(16) for "all you have" before FIX.4.2, which made it 0.
const endlessBefore42 = 999_999

// settleID begins the TestReqID(112) of the TestRequest that settles a link, aliveID is that of
// all others.
const (
	settleID = "SETTLE-"
	aliveID  = "TEST"
)

// secretBytesMax is what Out.SecretSize can mark. A longer password is not sent: the peer refuses
// the Logon, and nothing secret reaches a journal.
const secretBytesMax = 1<<16 - 1

// anyTag is above every tag.
const anyTag = 1<<31 - 1

func (s *step) begin(msgType string) *fix.Writer {
	return s.ob.Begin(s.set, msgType, s.r.Next.NextOut, s.r.Next.NextIn-1, s.now.UTCNs)
}

// end closes the message and takes its number; a message for which the Outbox has no place is
// dropped and takes none.
func (s *step) end() {
	if s.ob.End(s.link, SessionMessage, s.r.Next.NextOut, 0) {
		s.r.Next.Sent(s.now)
	}
}

func (s *step) sendLogon(reset bool) {
	set := s.set
	w := logonWriter{Writer: s.begin("A"), set: set}
	if set.RawPassword {
		w.password()
	}
	w.before(fix.TagEncryptMethod).Char(fix.TagEncryptMethod, '0')
	w.before(fix.TagHeartBtInt).Uint(fix.TagHeartBtInt, uint64(s.r.Next.HeartBtNs/nsPerSecond))
	if reset {
		w.before(fix.TagResetSeqNumFlag).Char(fix.TagResetSeqNumFlag, 'Y')
	}
	if set.Initiator && set.Username != "" {
		w.before(fix.TagUsername).String(fix.TagUsername, set.Username)
	}
	if !set.RawPassword {
		w.password()
	}
	if set.NextExpected {
		next := s.r.Next.NextIn
		if s.r.Next.Resetting == ResetAsked {
			next = 1
		}
		w.before(fix.TagNextExpectedSeqNum).Uint(fix.TagNextExpectedSeqNum, next)
	}
	if set.ApplVerID != "" {
		w.before(fix.TagDefaultApplVerID).String(fix.TagDefaultApplVerID, set.ApplVerID)
	}
	w.before(anyTag)
	count := s.ob.Count
	s.end()
	if w.secretSize > 0 && s.ob.Count > count {
		out := &s.ob.Outs[count]
		out.SecretOff = uint32(w.secretEnd-w.secretSize) - out.Off
		out.SecretSize = uint16(w.secretSize)
	}
}

// logonWriter writes a Logon with the tags that the peer wants beside ours.
type logonWriter struct {
	*fix.Writer
	set                   *Settings
	next                  int // of set.LogonTags
	secretEnd, secretSize int // where the password ends, and its bytes
}

// before writes what stands before a tag.
func (w *logonWriter) before(tag int) *fix.Writer {
	for tags := w.set.LogonTags; w.set.Initiator && w.next < len(tags) && tags[w.next].Tag < tag; w.next++ {
		w.String(tags[w.next].Tag, tags[w.next].Value)
	}
	return w.Writer
}

// password writes the password, if there is one.
func (w *logonWriter) password() {
	secret := w.set.Password
	if !w.set.Initiator || secret == "" || len(secret) > secretBytesMax {
		return
	}
	if w.set.RawPassword {
		w.before(fix.TagRawDataLength).Uint(fix.TagRawDataLength, uint64(len(secret)))
		w.String(fix.TagRawData, secret)
	} else {
		w.before(fix.TagPassword).String(fix.TagPassword, secret)
	}
	w.secretEnd, w.secretSize = w.Len()-1, len(secret)
}

func (s *step) sendLogout(text string) {
	w := s.begin("5")
	if text != "" {
		w.String(fix.TagText, text)
	}
	s.end()
}

func (s *step) sendHeartbeat(id []byte) {
	w := s.begin("0")
	if id != nil {
		w.Value(fix.TagTestReqID, id)
	}
	s.end()
}

func (s *step) sendTest() {
	s.begin("1").String(fix.TagTestReqID, aliveID)
	s.end()
	s.r.Next.TestSentNs = max(s.now.MonoNs, 1)
}

func (s *step) sendSettleTest() {
	n := &s.r.Next
	n.TestID++
	var b [len(settleID) + 20]byte
	s.begin("1").Value(fix.TagTestReqID, fix.AppendUint(append(b[:0], settleID...), n.TestID))
	s.end()
	n.TestSentNs = max(s.now.MonoNs, 1)
}

// sendResendRequest asks for the open gap: for all that the peer has, which repeats at worst what was
// kept meanwhile, or for a chunk that ends below the gap's end.
func (s *step) sendResendRequest() {
	n, chunk := &s.r.Next, s.set.ResendChunk
	n.GapNext, n.GapAskedNs, n.ChunkLeft = n.NextIn, s.now.MonoNs, 0
	end := uint64(0)
	switch {
	case chunk != 0 && n.NextIn+chunk < n.GapTo:
		end, n.ChunkLeft = n.NextIn+chunk-1, uint32(chunk)
	case s.set.version() < 42:
		end = endlessBefore42
	}
	w := s.begin("2")
	w.Uint(fix.TagBeginSeqNo, n.NextIn)
	w.Uint(fix.TagEndSeqNo, end)
	s.end()
}

// reject notes a fault and answers it with a Reject; tag 0: no RefTagID. A Reject is never answered
// by a Reject, or two engines that find fault with each other would not end.
func (s *step) reject(f Fault, tag int) {
	s.r.Fault, s.r.FaultTag = f, tag
	if msgType(s.m) == typeReject {
		return
	}
	Reject(s.ob, s.set, s.link, &s.r.Next, s.m, s.reason(f), tag, s.now)
}

// reason is the SessionRejectReason of a fault of the message at hand.
func (s *step) reason(f Fault) fix.FaultCode {
	switch reason := rules[f].reason; reason {
	case fromIndex:
		return s.m.Fault.Code
	case fromContent:
		return s.code
	default:
		return reason
	}
}

// Reject appends a Reject(35=3) of m and counts its number in st. reason becomes
// SessionRejectReason(373) where the version has it (see lastReason) and
// the words of Text(58) in every version; refTag becomes RefTagID(371), 0: none. The header swaps
// OnBehalfOf and DeliverTo. It returns false, and nothing is sent, if the Outbox is full.
func Reject(ob *Outbox, set *Settings, link uint32, st *State, m *fix.Message, reason fix.FaultCode,
	refTag int, now Now) bool {
	version := set.version()
	w := ob.beginReply(set, "3", st, m, now)
	var b [80]byte
	var n [refTagBytesMax]byte
	ref := refTagText(n[:0], m, reason, refTag)
	text := append(b[:0], reasonText(reason)...)
	if m.Fault.Code == fix.Garbled {
		text = append(text, ": a field is not tag=value"...)
	}
	if version < 42 && len(ref) > 0 {
		text = append(append(append(text, " ("...), ref...), ')')
	}
	w.Value(fix.TagText, text)
	if version >= 42 {
		if len(ref) > 0 {
			w.Value(fix.TagRefTagID, ref)
		}
		if t := m.Type(); len(t) > 0 {
			w.Value(fix.TagRefMsgType, t)
		}
		if reason >= 0 && reason <= lastReason(version) {
			w.Uint(fix.TagSessionRejectReason, uint64(reason))
		}
	}
	if !ob.End(link, SessionMessage, st.NextOut, 0) {
		return false
	}
	st.Sent(now)
	return true
}

// lastReason is the last SessionRejectReason(373) that a version from FIX.4.2 on has.
func lastReason(version int) fix.FaultCode {
	switch version {
	case 42:
		return msgTypeWrong
	case 43:
		return lastIn43
	}
	return fix.TooManyFields
}

// lastIn43 is 373=17; 99 (other) came with FIX.4.4.
const lastIn43 fix.FaultCode = 17

// refTagBytesMax is the longest RefTagID(371) that we write.
const refTagBytesMax = 20

// refTagText is the tag at fault, as it was written where it is none.
func refTagText(dst []byte, m *fix.Message, reason fix.FaultCode, refTag int) []byte {
	if refTag > 0 {
		return fix.AppendUint(dst, uint64(refTag))
	}
	if bad := m.BadTag(); reason == fix.InvalidTag && len(bad) <= refTagBytesMax {
		return append(dst, bad...)
	}
	return dst
}

// Unsupported appends the answer to an application message of a type that is not served here: a
// BusinessMessageReject(35=j) from FIX.4.2 on, before that a Reject. It counts its number in st and
// returns false, and nothing is sent, if the Outbox is full.
func Unsupported(ob *Outbox, set *Settings, link uint32, st *State, m *fix.Message, now Now) bool {
	const text, unsupportedType = "Unsupported Message Type", 3
	if set.version() < 42 {
		ob.beginReply(set, "3", st, m, now).String(fix.TagText, text)
	} else {
		w := ob.beginReply(set, "j", st, m, now)
		w.String(fix.TagText, text)
		w.Value(fix.TagRefMsgType, m.Type())
		w.Uint(fix.TagBusinessRejectReason, unsupportedType)
	}
	if !ob.End(link, SessionMessage, st.NextOut, 0) {
		return false
	}
	st.Sent(now)
	return true
}

// beginReply opens the refusal of a message: its way back, and RefSeqNum(45).
func (o *Outbox) beginReply(set *Settings, msgType string, st *State, m *fix.Message, now Now) *fix.Writer {
	w := o.header(set, msgType, st.NextOut, now.UTCNs, 0)
	for _, swap := range reverseRoute {
		if v := m.Search(swap.from); len(v) > 0 && set.version() >= swap.since {
			w.Value(swap.to, v)
		}
	}
	o.lastProcessed(set, st.NextIn-1)
	if ref, ok := m.Uint(fix.TagMsgSeqNum); ok {
		w.Uint(fix.TagRefSeqNum, ref)
	}
	return w
}

// reverseRoute is how a Reject finds its way back through third parties, ascending in to.
var reverseRoute = [...]struct{ from, to, since int }{
	{fix.TagDeliverToCompID, fix.TagOnBehalfOfCompID, 40},
	{fix.TagDeliverToSubID, fix.TagOnBehalfOfSubID, 40},
	{fix.TagOnBehalfOfCompID, fix.TagDeliverToCompID, 40},
	{fix.TagOnBehalfOfSubID, fix.TagDeliverToSubID, 40},
	{tagDeliverToLocationID, tagOnBehalfOfLocationID, 41},
	{tagOnBehalfOfLocationID, tagDeliverToLocationID, 41},
}

const (
	tagOnBehalfOfLocationID = 144
	tagDeliverToLocationID  = 145
)

// GapFill appends a SequenceReset-GapFill under number from that stands for from to to-1: session
// messages in a resend, and orders that must not be sent (again). It takes no number. It returns
// false, and nothing is sent, if it covers nothing or the Outbox is full. last is as with Begin.
func GapFill(ob *Outbox, set *Settings, link uint32, from, to, last uint64, now Now) bool {
	if from >= to {
		return false
	}
	w := ob.header(set, "4", from, now.UTCNs, 'Y')
	w.Stamp(fix.TagOrigSendingTime, now.UTCNs, set.precision())
	ob.lastProcessed(set, last)
	w.Uint(fix.TagNewSeqNo, to)
	w.Char(fix.TagGapFillFlag, 'Y')
	return ob.End(link, SessionMessage, from, 0)
}
