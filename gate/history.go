package gate

import (
	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// history finds messages that were sent, by link and number, in the journal. One goroutine uses it.
type history struct {
	journal *journal.Journal
	reader  *journal.Reader
	skips   *skips
	ev      core.Event
	d       core.Decision
}

func newHistory(j *journal.Journal, s *skips) *history { return &history{journal: j, skips: s} }

// Covers reports whether Read finds everything appended before position: the reader sees the tail,
// so what is appended is there.
func (h *history) Covers(position journal.Position) bool { return h.journal.Appended() >= position }

// Read appends the newest message that link sent under seq. Numbers that were reset may have been
// used before; the newest is the one that the peer can ask for.
func (h *history) Read(l uint32, seq uint64, buf []byte) ([]byte, bool) {
	if h.skips.has(l, seq) {
		return buf, false
	}
	if h.reader == nil {
		var err error
		if h.reader, err = h.journal.NewReader(); err != nil {
			return buf, false
		}
	}
	for position, err := range h.reader.Find(core.OutKey(l, seq), 0) {
		if err != nil {
			break
		}
		if text := h.at(position, l, seq); text != nil {
			return append(buf, text...), true
		}
	}
	return buf, false
}

func (h *history) at(position journal.Position, l uint32, seq uint64) []byte {
	var header journal.Header
	payload, err := h.reader.ReadAt(position, &header)
	if err != nil || core.DecodeRecord(payload, &h.ev, &h.d) != nil {
		return nil
	}
	for i := range h.d.Out.Count {
		out := &h.d.Out.Outs[i]
		if out.Kind == link.ReportMessage && out.Link == l && out.Seq == seq {
			return h.d.Out.Bytes(i)
		}
	}
	return nil
}

// Close gives the reader's files back.
func (h *history) Close() error {
	if h.reader == nil {
		return nil
	}
	return h.reader.Close()
}
