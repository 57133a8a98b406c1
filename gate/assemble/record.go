package assemble

import (
	"errors"
	"fmt"
	"io"

	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// Record is one record of the journal, decoded. Its event and decision are overwritten by the next.
type Record struct {
	Header   journal.Header
	Position journal.Position
	Payload  []byte
	Event    core.Event
	Decision core.Decision
}

// Walk reads a journal from its follower's position to its end and gives each record to visit,
// which may stop it with an error.
func Walk(f *journal.Follower, visit func(*Record) error) error { return new(Record).Walk(f, visit) }

// Walk is the package's Walk in this record's memory, for those who come back for more.
func (r *Record) Walk(f *journal.Follower, visit func(*Record) error) error {
	for {
		payload, position, err := f.Next(&r.Header)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		r.Position, r.Payload = position, payload
		if err := r.decode(); err != nil {
			return fmt.Errorf("record %d at position %d: %w", r.Header.Seq, position, err)
		}
		if err := visit(r); err != nil {
			return err
		}
	}
}

// decode reads the payload; what the header says completes the event.
func (r *Record) decode() error {
	if err := core.DecodeRecord(r.Payload, &r.Event, &r.Decision); err != nil {
		return err
	}
	h := &r.Header
	r.Event.Link, r.Event.ClockState, r.Event.BoundNs = h.Link, h.ClockState, h.BoundNs
	r.Event.Now = link.Now{UTCNs: h.UTCNs, MonoNs: h.MonoNs}
	return nil
}
