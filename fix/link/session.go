package link

import "portcullis/fix"

// answered reports whether a Heartbeat answers our TestRequest, and notes it. Any message shows that
// the peer is alive; only its own TestReqID(112) settles a link.
func (s *step) answered() bool {
	n := &s.r.Next
	if n.TestSentNs == 0 || n.Phase == Settling && !settles(s.m.Value(fix.TagTestReqID), n.TestID) {
		return false
	}
	n.TestSentNs = 0
	if n.Phase == Settling {
		s.enter(Up)
		s.r.Settled = true
	}
	return true
}

// settles reports whether a TestReqID is the one of the TestRequest that settles the link.
func settles(id []byte, testID uint64) bool {
	if len(id) <= len(settleID) || string(id[:len(settleID)]) != settleID {
		return false
	}
	v, ok := fix.ParseUint(id[len(settleID):])
	return ok && v == testID
}

func (s *step) testRequest() {
	id := s.m.Value(fix.TagTestReqID)
	if id == nil {
		s.reject(RequiredMissing, fix.TagTestReqID)
		return
	}
	s.sendHeartbeat(id)
}

// resendRequest passes the request on to the owner. It is answered whatever its own number is,
// because the peer's gap and ours are two things (test case 20). On a link that settles, the
// TestRequest may have been lost in the peer's gap: it is sent again when the resend is out. Above a gap of ours it is kept
// as well: its number is taken when it is expected, and nobody need repeat it.
func (s *step) resendRequest() {
	n := &s.r.Next
	if s.kept {
		s.takeIfNext()
		return
	}
	f, tag := s.content()
	begin, end := uint64(0), uint64(0)
	if f == NoFault {
		begin, f, tag = s.number(fix.TagBeginSeqNo)
	}
	if f == NoFault {
		end, f, tag = s.number(fix.TagEndSeqNo)
	}
	if f == NoFault {
		switch infinite := end == 0 || end == endlessBefore42 && s.set.version() <= 42; {
		case begin == 0:
			f, tag = IncorrectValue, fix.TagBeginSeqNo
		case !infinite && end < begin:
			f, tag = IncorrectValue, fix.TagEndSeqNo
		case begin > n.NextOut:
			f, tag = ResendBeyond, fix.TagBeginSeqNo
		case infinite || end >= n.NextOut:
			end = n.NextOut - 1
		}
	}
	gap := s.seq > n.NextIn
	s.takeIfNext()
	switch {
	case f != NoFault:
		s.rejectContent(f, tag)
	case begin <= end: // else it asks from the next number on, and there is nothing yet
		s.r.ResendFrom, s.r.ResendTo = begin, end
		n.TestSentNs = 0
	}
	if gap && n.Phase != Refused && !s.r.Close {
		s.seqTooHigh()
	}
}

// number reads a sequence number that a session message must have.
func (s *step) number(tag int) (uint64, Fault, int) {
	if !s.m.Has(tag) {
		return 0, RequiredMissing, tag
	}
	v, ok := s.m.Uint(tag)
	if !ok {
		return 0, IncorrectFormat, tag
	}
	return v, NoFault, 0
}

// gapFill moves on over numbers that the peer does not send again. Its own number was taken.
func (s *step) gapFill() {
	v, f, tag := s.number(fix.TagNewSeqNo)
	switch {
	case f != NoFault:
		s.reject(f, tag)
	case v <= s.seq:
		s.reject(NewSeqNoLow, 0)
	default:
		s.fillTo(v)
	}
}

// fillTo takes the numbers below one that a gap fill says. One up to the last number asked for ends a chunk too.
func (s *step) fillTo(next uint64) {
	s.takeTo(next)
	s.ask = s.ask || s.r.Next.ChunkLeft == 1
}

// fillOn takes the end of a gap fill whose beginning was taken already, as a message that was kept.
func (s *step) fillOn() {
	n := &s.r.Next
	if v, f, _ := s.number(fix.TagNewSeqNo); f == NoFault && n.GapTo != 0 && v > n.NextIn {
		s.fillTo(v)
	}
}

// sequenceReset sets the number expected next, whatever the message's own number is. It may not
// go back. Where it goes forward, what was sent under the numbers between does not come, which the owner is told.
func (s *step) sequenceReset() {
	f, tag := s.content()
	v := uint64(0)
	if f == NoFault {
		v, f, tag = s.number(fix.TagNewSeqNo)
	}
	switch {
	case f != NoFault:
		s.rejectContent(f, tag)
	case v < s.r.Next.NextIn:
		s.reject(NewSeqNoLow, 0)
	default:
		if n := &s.r.Next; v > max(n.NextIn, n.GapTo+1) { // of a gap that we asked about it is the answer
			s.r.Fault = NumbersSkipped
		}
		s.takeTo(v)
	}
}

// logoutReceived honours the peer's Logout whatever its number is: who wants to leave may.
func (s *step) logoutReceived() {
	if seq, ok := s.m.Uint(fix.TagMsgSeqNum); ok && seq == s.r.Next.NextIn {
		s.take()
	}
	if s.r.Next.Phase.LoggedOn() {
		s.sendLogout("")
	}
	s.r.LoggedOut = true
	s.r.Next.Anew = s.r.Next.Anew || s.set.ResetOnLogout
	s.cut()
}

// Logout ends the link from our side, with a Text(58) if text is not empty. A link that is not
// logged on is cut without a message; one that is being ended already stays as it is.
func Logout(set *Settings, st *State, link uint32, text string, now Now, ob *Outbox, r *Result) {
	*r = Result{Next: *st}
	s := step{set: set, link: link, now: now, ob: ob, r: r}
	switch st.Phase {
	case AwaitLogon, LogonSent:
		s.cut()
	case Settling, Up:
		s.sendLogout(text)
		s.enter(LogoutSent)
	}
}

// Cut ends the link at once, for a fault that no message has: a peer that is logged on is told, and not heard any more.
func Cut(set *Settings, st *State, link uint32, fault Fault, text string, now Now, ob *Outbox, r *Result) {
	*r = Result{Next: *st, Fault: fault}
	s := step{set: set, link: link, now: now, ob: ob, r: r}
	if st.Phase.LoggedOn() {
		s.sendLogout(text)
	}
	s.cut()
}

// refuse ends the link after a fault. The peer gets time to read the Logout and to answer it, but
// nothing else it sends is read any more.
func (s *step) refuse(text string) {
	s.sendLogout(text)
	s.refused()
}

// refuseSeqTooLow refuses a MsgSeqNum that was taken before, with both numbers in the Text(58).
func (s *step) refuseSeqTooLow() {
	s.r.Fault = SeqTooLow
	s.refuseNumbers("MsgSeqNum too low, expecting ", s.r.Next.NextIn, " but received ", s.seq)
}

// refuseExpected refuses a NextExpectedMsgSeqNum above what we send next.
func (s *step) refuseExpected() {
	s.r.Fault = NextExpectedHigh
	s.refuseNumbers("Tag 789 (NextExpectedMsgSeqNum) is higher than expected. Expected ", s.r.Next.NextOut,
		", Received ", s.expected())
}

func (s *step) refuseNumbers(expecting string, want uint64, received string, got uint64) {
	var b [128]byte
	text := fix.AppendUint(append(b[:0], expecting...), want)
	text = fix.AppendUint(append(text, received...), got)
	s.begin("5").Value(fix.TagText, text)
	s.end()
	s.refused()
}

func (s *step) refused() {
	if s.set.LogoutTimeoutNs == 0 {
		s.cut()
		return
	}
	s.enter(Refused)
}
