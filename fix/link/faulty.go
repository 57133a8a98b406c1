package link

import "portcullis/fix"

// refuseContent refuses a message whose number has been taken, or leaves that to the owner.
func (s *step) refuseContent(f Fault, tag int) {
	if !s.deliverFaulty() || f == OrigTimeLater {
		s.rejectContent(f, tag)
		return
	}
	s.r.Fault, s.r.FaultTag, s.r.Refuse, s.r.Code = f, tag, true, s.reason(f)
}

// deliverFaulty gives the owner a message in spite of its fault, if Settings say so.
func (s *step) deliverFaulty() bool {
	kind := msgType(s.m)
	if !s.set.DeliverFaulty || kind != typeApplication && kind != typeReject {
		return false
	}
	s.r.Deliver = InOrder
	return true
}

// garbled ignores a message that cannot be cut into fields, as FIX asks: the peer is to send it again.
// What comes again as it was is all that the peer has. Its number is taken, or the link would ask for
// it for ever and hear nothing that comes behind it.
func (s *step) garbled(f Fault) {
	s.r.Fault = f
	if s.peer() != NoFault || s.seq != s.r.Next.NextIn {
		return
	}
	if dup, _ := s.m.Flag(fix.TagPossDupFlag); !dup && !s.r.Next.Garbled {
		s.r.Next.Garbled = true
		return
	}
	s.take()
	s.refuseContent(f, 0)
}
