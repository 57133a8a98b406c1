package bind

import (
	"fmt"
	"iter"
	"math"

	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// Records are the journal's records as History reads them; *journal.Reader satisfies it.
type Records interface {
	Find(key uint64, low journal.Position) iter.Seq2[journal.Position, error]
	ReadAt(at journal.Position, h *journal.Header) ([]byte, error)
	Close() error
}

// History finds messages that were sent, by link and number, in the journal. One goroutine uses it.
type History struct {
	appended func() journal.Position
	open     func() (Records, error)
	records  Records
	numbers  *Numbering
	ev       core.Event
	d        core.Decision
}

// NewHistory reads the records that open gives, once the first message is asked for.
func NewHistory(appended func() journal.Position, open func() (Records, error), n *Numbering) *History {
	return &History{appended: appended, open: open, numbers: n}
}

// Covers reports whether Read finds everything appended before position: the reader sees the tail,
// so what is appended is there.
func (h *History) Covers(position journal.Position) bool { return h.appended() >= position }

// Read appends the newest message that link sent under seq since its numbers last began anew, or, where
// cutOff is set, in the numbers before those; nothing if there is none to send again. What cannot be read is an error: it may be an execution, which the
// peer must not be told to pass over.
func (h *History) Read(l uint32, seq uint64, cutOff bool, buf []byte) ([]byte, error) {
	low, end := h.numbers.since(l), journal.Position(math.MaxUint64)
	if cutOff {
		low, end = h.numbers.before(l), low
	} else if h.numbers.skipped(l, seq) {
		return buf, nil
	}
	if h.records == nil {
		records, err := h.open()
		if err != nil {
			return buf, err
		}
		h.records = records
	}
	for position, err := range h.records.Find(core.OutKey(l, seq), low) {
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
func (h *History) at(position journal.Position, l uint32, seq uint64) ([]byte, error) {
	var header journal.Header
	payload, err := h.records.ReadAt(position, &header)
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
func (h *History) Close() error {
	if h.records == nil {
		return nil
	}
	return h.records.Close()
}

// ConfigKey names, in the journal's index, the records that may say which configuration is in force or approved. No
// outgoing message has it: no link has such a number.
const ConfigKey = math.MaxUint64

// KeysOf gives the keys by which the journal's index finds a record's reports again, or what it says of configurations.
func KeysOf(h *journal.Header, payload []byte, add func(uint64)) {
	if kind := core.EventKind(h.Type); kind == core.Configured || kind == core.CommandGiven {
		add(ConfigKey)
	}
	if h.Flags&core.NoReports == 0 {
		core.OutKeys(payload, add)
	}
}
