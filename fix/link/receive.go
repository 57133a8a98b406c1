package link

import "portcullis/fix"

// step is one event being judged: what came in, and where its outcome goes.
type step struct {
	set  *Settings
	link uint32
	m    *fix.Message
	now  Now
	ob   *Outbox
	r    *Result
	seq  uint64        // MsgSeqNum(34) of m
	code fix.FaultCode // what the dictionary found, where the fault is ContentRefused
	kept bool          // m came above a gap; what depends on the time of arrival was judged then
	ask  bool          // a chunk of the gap has come, the next is to be asked for
	anew bool          // m is the peer's first after the reset that we asked for
}

// Receive judges one whole message, indexed. It reads st; the state after it is r.Next. Answers of
// the session layer are appended to ob under the link's number; r says what the owner has to do.
//
// The order of judgement: is it FIX and ours (identity), is it its turn (sequence), can it be read
// (content), what does it ask for (type).
func Receive(set *Settings, st *State, link uint32, m *fix.Message, now Now, ob *Outbox, r *Result) {
	*r = Result{}
	r.Next = *st
	r.Next.LastInNs = now.MonoNs
	if plain(set, st, m, now) {
		r.Next.NextIn++
		r.Plain, r.Deliver = true, InOrder
		return
	}
	s := step{set: set, link: link, m: m, now: now, ob: ob, r: r}
	s.receive()
}

// Kept judges a message that came above a gap, Result.Early, now that its number is expected. Its
// SendingTime was compared with our clock when it came. What filled the gap has come just now.
func Kept(set *Settings, st *State, link uint32, m *fix.Message, now Now, ob *Outbox, r *Result) {
	*r = Result{Next: *st}
	r.Next.LastInNs = now.MonoNs
	s := step{set: set, link: link, m: m, now: now, ob: ob, r: r, kept: true}
	s.receive()
}

// receive judges a message by the phase of its link.
func (s *step) receive() {
	switch s.r.Next.Phase {
	case AwaitLogon, LogonSent:
		if s.open() {
			s.firstMessage()
		}
	case Settling, Up, LogoutSent:
		s.session()
	case Refused:
		if msgType(s.m) == typeLogout {
			s.logoutReceived()
		}
	default:
		s.r.Fault, s.r.Close = NotConnected, true
	}
}

// plain recognises what nearly every message is: an application message in order, with nothing to
// question. Whatever it is not sure of goes through step.receive, with the same result.
func plain(set *Settings, st *State, m *fix.Message, now Now) bool {
	if st.Phase < Settling || st.Phase > LogoutSent || st.GapTo != 0 || st.Garbled || m.Fault.Code != fix.NoFault {
		return false
	}
	if t := msgType(m); t != typeApplication {
		return false
	}
	seq, ok := m.Uint(fix.TagMsgSeqNum)
	if !ok || seq != st.NextIn || m.Has(fix.TagPossDupFlag) || m.Has(fix.TagPossResend) {
		return false
	}
	if string(m.Value(fix.TagSenderCompID)) != set.TargetCompID ||
		string(m.Value(fix.TagTargetCompID)) != set.SenderCompID ||
		string(m.Value(fix.TagBeginString)) != set.BeginString || !m.Has(fix.TagSendingTime) {
		return false
	}
	return (set.MaxLatencyNs == 0 || timely(set, m, now) == NoFault) &&
		(set.Content == nil || set.Content.Judge(m).Code == fix.NoFault)
}

// timely compares SendingTime(52), where it is present, with our clock.
func timely(set *Settings, m *fix.Message, now Now) Fault {
	v := m.Value(fix.TagSendingTime)
	if len(v) == 0 || set.MaxLatencyNs == 0 {
		return NoFault
	}
	ns, ok := fix.ParseTimestamp(v)
	if !ok {
		return IncorrectFormat
	}
	if d := now.UTCNs - ns; d > set.MaxLatencyNs || d < -set.MaxLatencyNs {
		return InaccurateTime
	}
	return NoFault
}

// session judges a message of a link that is logged on, and asks for the next chunk of a gap where one has come with it.
func (s *step) session() {
	if s.identified() {
		s.resetAnswered()
		s.sequence()
	}
	if s.ask && s.r.Next.Phase.LoggedOn() && !s.r.Close {
		s.sendResendRequest()
	}
}

// sequence judges MsgSeqNum(34): expected, too high or too low. Some messages are heard whatever their number.
func (s *step) sequence() {
	switch msgType(s.m) {
	case typeLogon:
		if reset, _ := s.m.Flag(fix.TagResetSeqNumFlag); reset {
			s.relogon()
			return
		}
	case typeLogout:
		s.logoutReceived()
		return
	case typeResendRequest:
		s.resendRequest()
		return
	case typeSequenceReset:
		if fill, _ := s.m.Flag(fix.TagGapFillFlag); !fill {
			s.sequenceReset()
			return
		}
	}
	switch next := s.r.Next.NextIn; {
	case s.seq > next:
		s.r.Fault = SeqTooHigh
		s.seqTooHigh()
	case s.seq < next:
		s.seqTooLow()
	default:
		s.inOrder()
	}
}

// seqTooHigh keeps a message whose number is above the expected one, and asks for the gap between.
func (s *step) seqTooHigh() {
	if s.r.Next.Resetting != ResetAsked { // a number of before our reset will not be expected again
		s.r.Early = s.seq
	}
	s.askGap(s.seq)
}

// identified checks that the message belongs to this link, and reads its MsgSeqNum. False: it does not, and
// what FIX asks for in that case is done.
func (s *step) identified() bool {
	f := s.identity()
	switch f {
	case NoFault:
		return true
	case Garbled, GarbledField:
		s.garbled(f)
	case WrongCompID, InaccurateTime:
		if s.seq == s.r.Next.NextIn {
			s.take()
			s.deliverFaulty()
		}
		s.reject(f, 0)
		s.refuse("")
	default:
		s.r.Fault = f
		s.refuse(f.String())
	}
	return false
}

// identity finds what forbids listening to the peer any longer. Fields that are missing or cannot be read are
// left to content, except MsgSeqNum, without which nothing can be judged.
func (s *step) identity() Fault {
	switch m := s.m; {
	case m.Fault.Code == fix.Garbled:
		return GarbledField
	case m.Len() < 3 || m.Field(2).Tag != fix.TagMsgType:
		return Garbled
	}
	return s.peer()
}

// peer reads who sends the message to whom, and when, and its MsgSeqNum.
func (s *step) peer() Fault {
	m := s.m
	if string(m.Value(fix.TagBeginString)) != s.set.BeginString {
		return WrongBeginString
	}
	seq, ok := m.Uint(fix.TagMsgSeqNum)
	if !ok {
		return BadMsgSeqNum
	}
	s.seq = seq
	sender, target := m.Value(fix.TagSenderCompID), m.Value(fix.TagTargetCompID)
	if len(sender) > 0 && string(sender) != s.set.TargetCompID ||
		len(target) > 0 && string(target) != s.set.SenderCompID {
		return WrongCompID
	}
	if !s.kept && timely(s.set, m, s.now) == InaccurateTime {
		return InaccurateTime
	}
	return NoFault
}

// seqTooLow handles a number that was taken before: with PossDupFlag(43) a repetition, without it the end of the link.
func (s *step) seqTooLow() {
	dup, ok := s.m.Flag(fix.TagPossDupFlag)
	if !ok {
		s.reject(IncorrectFormat, fix.TagPossDupFlag)
		return
	}
	if !dup {
		s.refuseSeqTooLow()
		return
	}
	if !s.m.Has(fix.TagOrigSendingTime) {
		s.reject(RequiredMissing, fix.TagOrigSendingTime)
		return
	}
	if f, tag := s.content(); f != NoFault {
		s.rejectContent(f, tag)
		return
	}
	switch msgType(s.m) {
	case typeApplication:
		s.r.Deliver = Repeated
	case typeSequenceReset:
		s.fillOn()
	}
}

// inOrder handles the expected number. It is taken whatever the message is.
func (s *step) inOrder() {
	f, tag := s.content()
	before := s.r.Next
	s.take()
	plain := s.r.Next.GapTo == before.GapTo && before.ChunkLeft == 0 && !before.Garbled && !s.anew
	if f != NoFault {
		s.refuseContent(f, tag)
		return
	}
	switch msgType(s.m) {
	case typeHeartbeat:
		s.r.Plain = !s.answered() && plain
	case typeTestRequest:
		s.testRequest()
	case typeSequenceReset:
		s.gapFill()
	case typeLogon:
		s.reject(DuplicateLogon, 0)
	default:
		s.r.Deliver = InOrder
		s.r.Plain = plain
	}
}

// content finds the first field of the header, or of a session message, that is missing or cannot be read,
// and its tag.
func (s *step) content() (Fault, int) {
	m := s.m
	if f, tag := s.judged(); f != NoFault {
		return f, tag
	}
	kind := msgType(m)
	if kind == typeInvalid {
		return InvalidMsgType, 0
	}
	if kind != typeApplication && kind != typeLogon && m.Repeated() != 0 {
		return RepeatedField, m.Repeated()
	}
	for _, tag := range [...]int{fix.TagSenderCompID, fix.TagTargetCompID, fix.TagSendingTime} {
		if !m.Has(tag) {
			return RequiredMissing, tag
		}
	}
	for _, tag := range [...]int{fix.TagPossDupFlag, fix.TagPossResend, fix.TagGapFillFlag, fix.TagResetSeqNumFlag} {
		if _, ok := m.Flag(tag); !ok {
			return IncorrectFormat, tag
		}
	}
	if timely(s.set, m, s.now) == IncorrectFormat {
		return IncorrectFormat, fix.TagSendingTime
	}
	if dup, _ := m.Flag(fix.TagPossDupFlag); dup && m.Has(fix.TagOrigSendingTime) {
		if f, tag := s.origTime(); f != NoFault {
			return f, tag
		}
	}
	return NoFault, 0
}

// judged asks the dictionary, or the index where there is none.
func (s *step) judged() (Fault, int) {
	if s.set.Content == nil {
		if s.m.Fault.Code != fix.NoFault {
			return MalformedField, int(s.m.Fault.Tag)
		}
		return NoFault, 0
	}
	f := s.set.Content.Judge(s.m)
	if f.Code == fix.NoFault {
		return NoFault, 0
	}
	s.code = f.Code
	return ContentRefused, int(f.Tag)
}

// origTime checks that a message was not first sent after it was sent. Where one of the two has
// no fraction, seconds are compared.
func (s *step) origTime() (Fault, int) {
	const second = 1_000_000_000
	ov, sv := s.m.Value(fix.TagOrigSendingTime), s.m.Value(fix.TagSendingTime)
	orig, ok := fix.ParseTimestamp(ov)
	if !ok {
		return IncorrectFormat, fix.TagOrigSendingTime
	}
	sent, ok := fix.ParseTimestamp(sv)
	if !ok {
		return IncorrectFormat, fix.TagSendingTime
	}
	if len(ov) != len(sv) {
		orig, sent = orig/second, sent/second
	}
	if orig > sent {
		return OrigTimeLater, fix.TagOrigSendingTime
	}
	return NoFault, 0
}

// rejectContent answers what content found. An OrigSendingTime(122) later than SendingTime(52) ends the link, as
// FIX asks.
func (s *step) rejectContent(f Fault, tag int) {
	if f != OrigTimeLater {
		s.reject(f, tag)
		return
	}
	s.reject(f, 0)
	s.refuse("")
}
