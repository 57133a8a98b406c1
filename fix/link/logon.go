package link

import "portcullis/fix"

// heartBtSecondsMax bounds HeartBtInt(108): a peer that is lost is noticed within 2.4 times this.
const heartBtSecondsMax = 3600

const nsPerSecond = 1_000_000_000

// Connected begins a connection. An initiator sends its Logon; an acceptor waits for the peer's,
// which the owner passes to Receive. st may be the zero State: a link that was never used.
func Connected(set *Settings, st *State, link uint32, now Now, ob *Outbox, r *Result) {
	*r = Result{Next: *st}
	n := &r.Next
	n.Drop()
	n.NextIn, n.NextOut = max(n.NextIn, 1), max(n.NextOut, 1)
	n.LastInNs, n.LastOutNs, n.SinceNs = now.MonoNs, now.MonoNs, now.MonoNs
	s := step{set: set, link: link, now: now, ob: ob, r: r}
	if !s.open() {
		r.Fault, r.Close = OutsideSession, true
		return
	}
	if !set.Initiator {
		n.Phase = AwaitLogon
		return
	}
	n.Phase = LogonSent
	n.HeartBtNs = set.HeartBtNs
	if set.ResetOnLogon {
		s.resetNumbers()
	}
	resets := set.ResetOnLogon || set.ResetOnLogout || set.ResetOnDisconnect
	if resets && n.NextIn == 1 && n.NextOut == 1 && set.version() >= 41 {
		n.Resetting = ResetAsked
	}
	s.sendLogon(n.Resetting == ResetAsked)
}

// Disconnected ends a connection that was lost or cut. It may be called for a link that is down.
func Disconnected(set *Settings, st *State, now Now, r *Result) {
	*r = Result{Next: *st}
	s := step{set: set, now: now, r: r}
	if st.Phase == Down {
		r.Next.LookNs = 0
	} else {
		s.down()
	}
	if r.Next.Anew {
		s.resetNumbers()
	}
}

// Drop forgets what belongs to one connection, and leaves the numbers as they are.
func (st *State) Drop() {
	st.Phase = Down
	st.HeartBtNs, st.TestSentNs = 0, 0
	st.closeGap()
	st.Resetting, st.Garbled = NotResetting, false
	st.LookNs, st.ResetAtNs = 0, 0
}

func (s *step) down() {
	if s.r.Next.Resetting == ResetAsked { // the peer does not answer any more; what it sends next it sends under new numbers
		s.r.Next.NextIn = 1
	}
	s.r.Next.Drop()
	s.r.Next.SinceNs = s.now.MonoNs
	s.r.Next.Anew = s.r.Next.Anew || s.set.ResetOnDisconnect
}

// cut ends the connection from our side. Before the owner says that it is gone, and with it what was
// not sent, no numbers begin anew, for Logout, disconnect or schedule: they would be said to cut off less
// than they do.
func (s *step) cut() {
	s.r.Close = true
	s.down()
	s.r.Next.LookNs = never
}

func (s *step) enter(p Phase) {
	s.r.Next.Phase, s.r.Next.SinceNs = p, s.now.MonoNs
}

func (s *step) resetNumbers() {
	s.r.Next.NextIn, s.r.Next.NextOut, s.r.Next.BegunNs = 1, 1, s.now.UTCNs
	s.r.Next.Garbled, s.r.Next.Anew = false, false
	s.r.Reset = true
}

// firstMessage judges the first message of a connection. What is not an acceptable Logon at all closes
// the connection without an answer: there is nobody yet to answer to. A Logon of the right peer
// that cannot be served is refused by a Logout that says why.
func (s *step) firstMessage() {
	f := s.firstFault()
	if f == NoFault {
		f = s.logonFault()
		if f == NoFault {
			s.logon()
			return
		}
		s.r.Fault = f
		switch f {
		case SeqTooLow:
			s.refuseSeqTooLow()
		case NextExpectedHigh:
			s.refuseExpected()
		default:
			s.refuse(f.String())
		}
		return
	}
	s.r.Fault = f
	s.cut()
}

// firstFault finds why the first message of a connection is no Logon that can be answered.
func (s *step) firstFault() Fault {
	if f := s.identity(); f != NoFault {
		return f
	}
	kind := msgType(s.m)
	if s.r.Next.Phase == LogonSent && (kind == typeLogout || kind == typeReject) {
		s.takeIfNext()
		s.r.LoggedOut = kind == typeLogout
		return LogonRefused
	}
	if kind != typeLogon {
		return FirstNotLogon
	}
	f, tag := s.content()
	if f == NoFault {
		f, tag = s.logonContent()
	}
	s.r.FaultTag = tag
	return f
}

// logonContent finds fields that a Logon must have, and fields that occur twice.
func (s *step) logonContent() (Fault, int) {
	if tag := RepeatedInLogon(s.m); tag != 0 {
		return RepeatedField, tag
	}
	if s.set.ApplVerID != "" && !s.m.Has(fix.TagDefaultApplVerID) {
		return RequiredMissing, fix.TagDefaultApplVerID
	}
	if _, ok := s.m.Uint(fix.TagNextExpectedSeqNum); s.set.NextExpected && s.m.Has(fix.TagNextExpectedSeqNum) && !ok {
		return IncorrectFormat, fix.TagNextExpectedSeqNum
	}
	return NoFault, 0
}

// RepeatedInLogon returns the first field of a Logon(35=A) that the session layer reads and that occurs
// twice, 0 if there is none. Message's own Repeated does not serve here: RefMsgType(372) repeats
// rightfully in the group NoMsgTypes(384).
func RepeatedInLogon(m *fix.Message) int {
	var seen uint32
	for i := 0; i < m.Len(); i++ {
		tag := int(m.Field(i).Tag)
		for bit, read := range logonTags {
			if tag != read {
				continue
			}
			if seen&(1<<bit) != 0 {
				return tag
			}
			seen |= 1 << bit
		}
	}
	return 0
}

var logonTags = [...]int{
	fix.TagBeginString, fix.TagBodyLength, fix.TagMsgType, fix.TagMsgSeqNum, fix.TagPossDupFlag,
	fix.TagSenderCompID, fix.TagSenderSubID, fix.TagSendingTime, fix.TagTargetCompID,
	fix.TagTargetSubID, fix.TagEncryptMethod, fix.TagHeartBtInt, fix.TagOrigSendingTime,
	fix.TagResetSeqNumFlag, fix.TagUsername, fix.TagPassword, fix.TagRawData,
	fix.TagNextExpectedSeqNum, fix.TagNewPassword, fix.TagEncryptedPassword, fix.TagDefaultApplVerID,
}

// logonFault finds why a Logon of the right peer cannot be served. It resets the numbers where
// both sides agree to, because the sequence is judged after that.
func (s *step) logonFault() Fault {
	m, n := s.m, &s.r.Next
	if method := m.Value(fix.TagEncryptMethod); len(method) != 1 || method[0] != '0' {
		return EncryptedLogon
	}
	seconds, ok := m.Uint(fix.TagHeartBtInt)
	if !ok || seconds > heartBtSecondsMax {
		return HeartBtIntRange
	}
	if s.set.ApplVerID != "" && !s.set.AnyApplVerID && string(m.Value(fix.TagDefaultApplVerID)) != s.set.ApplVerID {
		return WrongApplVerID
	}
	reset, _ := m.Flag(fix.TagResetSeqNumFlag)
	switch {
	case reset && s.seq != 1:
		return ResetNotFirst
	case n.Phase == LogonSent && n.Resetting == ResetAsked && !reset:
		return ResetUnanswered
	case n.Phase == LogonSent && reset && n.NextOut != 2:
		return ResetUnasked
	case n.Phase == LogonSent && reset && n.Resetting != ResetAsked:
		n.NextIn, n.BegunNs = 1, s.now.UTCNs // our Logon was number 1: both sides start anew
		s.r.Reset = true
	case n.Phase != LogonSent && (reset || s.set.ResetOnLogon):
		s.resetNumbers()
	}
	if s.expected() > n.NextOut {
		return NextExpectedHigh
	}
	if s.seq < n.NextIn {
		return SeqTooLow
	}
	if n.Phase != LogonSent {
		n.HeartBtNs = int64(seconds) * nsPerSecond
		if s.set.HeartBtOverride {
			n.HeartBtNs = s.set.HeartBtNs
		}
	}
	return NoFault
}

// expected is the number that the peer's Logon says it expects of us, 0 where it does not say or we
// do not heed it.
func (s *step) expected() uint64 {
	if !s.set.NextExpected {
		return 0
	}
	v, _ := s.m.Uint(fix.TagNextExpectedSeqNum)
	return v
}

// logon completes a logon: the acceptor answers, a gap is asked for, a venue's link settles.
func (s *step) logon() {
	n := &s.r.Next
	early, expected, nextOut := s.seq > n.NextIn, s.expected(), n.NextOut
	s.takeIfNext()
	if n.Phase != LogonSent {
		reset, _ := s.m.Flag(fix.TagResetSeqNumFlag)
		s.sendLogon(reset)
	}
	n.Resetting = NotResetting
	s.r.LoggedOn = true
	if expected != 0 && expected < nextOut { // it misses what we sent before, our own Logon included
		s.r.ResendFrom, s.r.ResendTo = expected, n.NextOut-1
	}
	switch {
	case early && expected != 0: // our Logon told it what is missing, and that is as good as asking
		n.openGap(s.seq+1, s.now)
	case early:
		s.askGap(s.seq + 1)
	}
	if !s.set.Settle {
		s.enter(Up)
		return
	}
	s.enter(Settling)
	if n.GapTo == 0 {
		s.sendSettleTest()
	}
}

// relogon handles a Logon with ResetSeqNumFlag(141)=Y on a link that is logged on: both sides start
// again at 1 and stay logged on. Where we asked for that, it is the answer. quickfixgo's acceptor answers the answer to its own
// as well: of two that answer each other's Logon for ever the one that dialled ends it, see resetAnswered.
func (s *step) relogon() {
	f, tag := s.content()
	if f == NoFault {
		f, tag = s.logonContent()
	}
	if f != NoFault {
		s.takeIfNext()
		s.rejectContent(f, tag)
		return
	}
	n := &s.r.Next
	if s.anew {
		s.take()
		return
	}
	phase, heartBtNs := n.Phase, n.HeartBtNs
	n.Phase = AwaitLogon // whoever asks for the reset is answered as at a first logon
	f = s.logonFault()
	n.Phase = phase
	if f != NoFault {
		s.r.Fault = f
		s.refuse(f.String())
		return
	}
	if s.set.Initiator {
		n.HeartBtNs, n.Resetting = heartBtNs, ResetAnswered
	}
	n.closeGap()
	n.TestSentNs = 0
	s.take()
	s.sendLogon(true)
}
