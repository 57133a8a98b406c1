package audit

import (
	"fmt"

	"portcullis/fix"
	"portcullis/gate/core"
	"portcullis/gate/egress"
)

// EventWords say what happened.
func (j *Journal) EventWords(ev *core.Event) string {
	switch ev.Kind {
	case core.Started:
		text := fmt.Sprintf("gate started, epoch %d", ev.Seq)
		if ev.Code == 1 {
			text += ", machine booted anew"
		}
		return text
	case core.Admitted:
		if len(ev.Data) == 0 {
			return fmt.Sprintf("connection %d admitted", ev.Conn)
		}
		return fmt.Sprintf("connection %d admitted: %s", ev.Conn, readable(ev.Data))
	case core.Message:
		if ev.Code == core.WasEarly {
			return messageName(ev.Data) + " taken in its turn: it had come above a gap"
		}
		return messageName(ev.Data) + " received"
	case core.Garbled:
		return fmt.Sprintf("%d bytes skipped: %v", ev.Seq, fix.Framing(ev.Code))
	case core.Closed:
		return fmt.Sprintf("connection %d ended: %s", ev.Conn, word(causeWords, ev.Code, "cause"))
	case core.Blocked:
		return "send buffer over its bound"
	case core.Writable:
		return "send buffer below its bound again"
	case core.Withdrawn:
		return fmt.Sprintf("message 34=%d withdrawn before it left", ev.Seq)
	case core.Stored:
		if len(ev.Data) == 0 {
			return fmt.Sprintf("34=%d to %d hold nothing to send again", ev.Seq, ev.Seq2)
		}
		return fmt.Sprintf("%s 34=%d read back to be sent again", messageName(ev.Data), ev.Seq)
	case core.CommandGiven:
		return j.commandWords(ev.Data)
	case core.Configured:
		return fmt.Sprintf("configuration %x is in force", ev.Data[:min(hashBytes, len(ev.Data))])
	case core.JournalSpace:
		return "journal " + word(spaceWords, ev.Code, "space state")
	case core.ClockChanged:
		if ev.Code == 1 {
			return "clock state changed: trading is forbidden in it"
		}
		return "clock state changed"
	case core.Tick:
		return "timer"
	case core.EgressDifference:
		return egressWords(ev)
	case core.TailLost:
		return "the journal's last records were lost: the venues may have orders of which nothing is known"
	case core.Noticed:
		return "noticed: " + string(ev.Data)
	case core.Numbered:
		return fmt.Sprintf("numbering goes on from 34=%d", ev.Seq)
	}
	return fmt.Sprintf("event %d", ev.Kind)
}

// egressWords name the difference that the egress check found, and the two records that differ.
func egressWords(ev *core.Event) string {
	r := core.ParseEgressRecords(ev.Data)
	s := fmt.Sprintf("egress check: 34=%d of record #%d is not what was judged: %s", ev.Seq, r.Sent, egress.Difference(ev.Code))
	if r.Accepted != 0 {
		s += fmt.Sprintf(", compared with record #%d", r.Accepted)
	}
	return s
}
