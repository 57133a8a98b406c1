package link

import "portcullis/fix"

// lookMaxNs is how long the schedule is not looked at: the clock that it goes by may be corrected
// meanwhile, the one that wakes us is not.
const lookMaxNs = 600 * nsPerSecond

// open does what the schedule asks for now, and reports whether a connection may go on. At the end
// of a session the peer is logged out; when the next one begins and the link is down, so do the numbers.
func (s *step) open() bool {
	if s.set.Schedule == nil {
		return true
	}
	n := &s.r.Next
	fromNs, toNs, open := s.set.Schedule.At(s.now.UTCNs)
	n.LookNs = s.lookAt(toNs)
	if n.BegunNs-s.now.UTCNs > lookMaxNs {
		n.BegunNs = s.now.UTCNs // the clock was far ahead when they began: by its time the next session would not be a new one
	}
	switch over := !open || n.BegunNs != 0 && n.BegunNs < fromNs; {
	case over && n.Phase != Down:
		s.sessionOver()
		return false
	case !open:
		return false
	case over && max(n.NextIn, n.NextOut) > 1:
		s.resetNumbers()
	case over || n.BegunNs == 0:
		n.BegunNs = s.now.UTCNs
	}
	s.resetTime()
	return true
}

// lookAt is the monotonic time at which to look at the schedule because of a Unix time to come.
func (s *step) lookAt(utcNs int64) int64 {
	return s.now.MonoNs + min(utcNs-s.now.UTCNs, lookMaxNs)
}

// sessionOver ends a connection with its session. One that is being ended anyway has its own time-out.
func (s *step) sessionOver() {
	switch s.r.Next.Phase {
	case AwaitLogon, LogonSent:
		s.r.Fault = OutsideSession
		s.cut()
	case Settling, Up:
		s.r.Fault = OutsideSession
		s.sendLogout(OutsideSession.String())
		s.enter(LogoutSent)
	}
}

// resetTime begins the numbers anew at ResetSeqTime, on a link that is up. What is missing of the
// peer's messages could not be asked for afterwards, so that has to come first, and so has settling.
func (s *step) resetTime() {
	n := &s.r.Next
	if n.ResetAtNs != 0 && n.ResetAtNs <= s.now.UTCNs && n.Phase.LoggedOn() {
		if n.Phase == Settling || n.GapTo != 0 || n.Resetting == ResetAsked {
			n.LookNs = min(n.LookNs, s.now.MonoNs+n.graceNs())
			return
		}
		s.askReset()
	}
	n.ResetAtNs = s.set.Schedule.NextReset(s.now.UTCNs)
	if n.ResetAtNs != 0 {
		n.LookNs = min(n.LookNs, s.lookAt(n.ResetAtNs))
	}
}

// askReset sets our number back to 1. The peer's follows with its answer: what it has sent before it
// reads our Logon still has old numbers, and counts.
func (s *step) askReset() {
	n := &s.r.Next
	n.NextOut, n.BegunNs, n.Resetting = 1, s.now.UTCNs, ResetAsked
	s.r.Reset = true
	s.sendLogon(true)
}

// resetAnswered sets the peer's number back when its first message after a reset of ours comes. FIX
// has it be a Logon with ResetSeqNumFlag(141)=Y; quickfixgo's initiator just goes on at 1. Where we have only answered, it is
// such a Logon and nothing else, and we have sent nothing since: else what we sent may be lost by a reset of its own.
func (s *step) resetAnswered() {
	n := &s.r.Next
	if dup, _ := s.m.Flag(fix.TagPossDupFlag); n.Resetting == NotResetting || s.seq != 1 || dup {
		return
	}
	if n.Resetting == ResetAnswered {
		if reset, _ := s.m.Flag(fix.TagResetSeqNumFlag); !reset || msgType(s.m) != typeLogon || n.NextOut != 2 {
			return
		}
	}
	n.NextIn, n.Resetting, s.anew = 1, NotResetting, true
	n.closeGap()
	n.Garbled = false
}
