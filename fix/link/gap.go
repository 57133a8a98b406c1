package link

// take moves on to the next number. The gap is closed when all that was asked for has come.
func (s *step) take() { s.takeTo(s.r.Next.NextIn + 1) }

// takeTo moves NextIn to next, and notes when a gap, or the part of it that was asked for, has come.
func (s *step) takeTo(next uint64) {
	n := &s.r.Next
	taken := next - n.NextIn
	n.NextIn, n.Garbled = next, false
	switch {
	case next >= n.GapTo:
		n.closeGap()
	case n.ChunkLeft == 0: // all of it was asked for
	case taken < uint64(n.ChunkLeft):
		n.ChunkLeft -= uint32(taken)
	default:
		s.ask = true
	}
}

// openGap notes that all numbers below to that are missing have been asked for.
func (st *State) openGap(to uint64, now Now) {
	st.GapTo, st.GapNext, st.GapAskedNs, st.ChunkLeft = max(st.GapTo, to), st.NextIn, now.MonoNs, 0
}

// widenGap extends a gap that was asked for up to below to. A peer that had read our ResendRequest before it sent
// those messages repeats them only when asked again, which is done when the rest has come.
func (st *State) widenGap(to uint64) {
	if to <= st.GapTo {
		return
	}
	if st.ChunkLeft == 0 {
		st.ChunkLeft = uint32(min(st.GapTo-st.NextIn, 1<<32-1))
	}
	st.GapTo = to
}

func (st *State) closeGap() {
	st.GapTo, st.GapNext, st.GapAskedNs, st.ChunkLeft = 0, 0, 0, 0
}

func (s *step) takeIfNext() {
	if s.seq == s.r.Next.NextIn {
		s.take()
	}
}

// askGap asks for what is missing below to, once per gap. If a whole interval has gone by and nothing
// of it came, it asks again.
func (s *step) askGap(to uint64) {
	n := &s.r.Next
	if n.GapTo != 0 {
		if s.r.Early == 0 { // the message that shows it is not kept: it is part of the gap
			n.widenGap(to)
		}
		if s.now.MonoNs-n.GapAskedNs < n.graceNs() {
			return
		}
		n.GapAskedNs = s.now.MonoNs
		if n.GapNext != n.NextIn {
			n.GapNext = n.NextIn
			return
		}
	}
	n.openGap(to, s.now)
	s.sendResendRequest()
}
