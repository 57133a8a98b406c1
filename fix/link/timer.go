package link

// never is the due time of a link that waits for nothing.
const never = 1<<63 - 1

// graceNs is how long the peer may be silent before it is asked, and again before it is given up:
// 1.2 × HeartBtInt, "some reasonable transmission time" of FIX. Links without heartbeats use
// 36 seconds where they must wait for an answer.
func (st *State) graceNs() int64 {
	if st.HeartBtNs == 0 {
		return 36 * nsPerSecond
	}
	return st.HeartBtNs + st.HeartBtNs/5
}

// DueNs returns the monotonic time at which Tick has something to do, math.MaxInt64 if nothing is
// awaited. It changes only with a step, Taken or Sent.
func DueNs(set *Settings, st *State) int64 {
	due := phaseDueNs(set, st)
	if set.Schedule != nil {
		due = min(due, st.LookNs)
	}
	return due
}

func phaseDueNs(set *Settings, st *State) int64 {
	switch st.Phase {
	case AwaitLogon, LogonSent:
		if set.LogonTimeoutNs == 0 {
			return never
		}
		return st.SinceNs + set.LogonTimeoutNs
	case LogoutSent, Refused:
		return st.SinceNs + set.LogoutTimeoutNs
	case Up:
		if st.HeartBtNs == 0 {
			return never
		}
		return min(st.beatDueNs(), st.testDueNs())
	case Settling:
		return min(st.beatDueNs(), st.testDueNs())
	}
	return never
}

// beatDueNs is when the next Heartbeat is due. A peer that owes us an answer to a TestRequest gets
// none: either it answers, or it is lost.
func (st *State) beatDueNs() int64 {
	if st.HeartBtNs == 0 || st.silent() {
		return never
	}
	return st.LastOutNs + st.HeartBtNs
}

// testDueNs is when the next TestRequest is due or, if one is out and nothing came since, when the
// peer is given up.
func (st *State) testDueNs() int64 {
	if st.Phase == Settling {
		switch {
		case st.TestSentNs != 0:
			return st.TestSentNs + st.graceNs()
		case st.GapTo == 0:
			return st.LastInNs // now: the gap is closed, or a resend is out
		}
	}
	return max(st.LastInNs, st.TestSentNs) + st.graceNs()
}

// silent reports whether nothing has come since our last TestRequest.
func (st *State) silent() bool { return st.TestSentNs > st.LastInNs }

// Tick does what is due at now. It may be called at any time; too early it does nothing.
func Tick(set *Settings, st *State, link uint32, now Now, ob *Outbox, r *Result) {
	*r = Result{Next: *st}
	s := step{set: set, link: link, now: now, ob: ob, r: r}
	if set.Schedule != nil && now.MonoNs >= st.LookNs {
		s.open()
		return
	}
	if now.MonoNs < phaseDueNs(set, st) {
		return
	}
	switch st.Phase {
	case AwaitLogon, LogonSent:
		r.Fault = LogonTimeout
		s.cut()
	case LogoutSent, Refused:
		r.Fault = LogoutTimeout
		s.cut()
	case Settling, Up:
		s.alive()
	}
}

// alive keeps both sides sure of each other: a TestRequest to a peer that is silent, the cut if it
// stays silent, a Heartbeat if we were silent. A gap that is never filled does not settle, and a
// venue that never answers the TestRequest is asked again for ever: no order leaves meanwhile.
func (s *step) alive() {
	n := &s.r.Next
	if s.now.MonoNs >= n.testDueNs() {
		switch {
		case n.silent():
			s.r.Fault = PeerSilent
			s.cut()
			return
		case n.Phase == Settling && (n.GapTo == 0 || n.TestSentNs != 0):
			if n.TestSentNs != 0 {
				s.r.Fault = SettleUnanswered
			}
			s.sendSettleTest()
		default:
			s.sendTest()
		}
	}
	if s.now.MonoNs >= n.beatDueNs() {
		s.sendHeartbeat(nil)
	}
}
