package gate

import (
	"fmt"
	"math"

	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// history finds messages that were sent, by link and number, in the journal. One goroutine uses it.
type history struct {
	journal *journal.Journal
	reader  *journal.Reader
	numbers *numbering
	ev      core.Event
	d       core.Decision
}

func newHistory(j *journal.Journal, n *numbering) *history { return &history{journal: j, numbers: n} }

// Covers reports whether Read finds everything appended before position: the reader sees the tail,
// so what is appended is there.
func (h *history) Covers(position journal.Position) bool { return h.journal.Appended() >= position }

// Read appends the newest message that link sent under seq since its numbers last began anew, or, where
// cutOff is set, in the numbers before those; nothing if there is none to send again. What cannot be read is an error: it may be an execution, which the
// peer must not be told to pass over.
func (h *history) Read(l uint32, seq uint64, cutOff bool, buf []byte) ([]byte, error) {
	low, end := h.numbers.since(l), journal.Position(math.MaxUint64)
	if cutOff {
		low, end = h.numbers.before(l), low
	} else if h.numbers.skipped(l, seq) {
		return buf, nil
	}
	if h.reader == nil {
		var err error
		if h.reader, err = h.journal.NewReader(); err != nil {
			return buf, err
		}
	}
	for position, err := range h.reader.Find(core.OutKey(l, seq), low) {
		if err != nil {
			return buf, err
		}
		if position >= end {
			continue
		}
		if text, err := h.at(position, l, seq); text != nil || err != nil {
			return append(buf, text...), err
		}
	}
	return buf, nil
}

// at is the message in a record; nil: it has another one, of the same key.
func (h *history) at(position journal.Position, l uint32, seq uint64) ([]byte, error) {
	var header journal.Header
	payload, err := h.reader.ReadAt(position, &header)
	if err != nil {
		return nil, err
	}
	if err := core.DecodeRecord(payload, &h.ev, &h.d); err != nil {
		return nil, fmt.Errorf("journal: record %d at position %d: %w", header.Seq, position, err)
	}
	for i := range h.d.Out.Count {
		out := &h.d.Out.Outs[i]
		if out.Kind == link.ReportMessage && out.Link == l && out.Seq == seq {
			return h.d.Out.Bytes(i), nil
		}
	}
	return nil, nil
}

// Close gives the reader's files back.
func (h *history) Close() error {
	if h.reader == nil {
		return nil
	}
	return h.reader.Close()
}

// keysOf gives the keys by which the journal's index finds a record's reports again.
func keysOf(h *journal.Header, payload []byte, add func(uint64)) {
	if h.Flags&core.NoReports == 0 {
		core.OutKeys(payload, add)
	}
}
