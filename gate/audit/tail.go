package audit

import (
	"bufio"
	"context"
	"errors"
	"io"
	"time"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// TailOptions choose records.
type TailOptions struct {
	From   uint64 // first record by its number; 0: the first of all
	Last   int    // only so many of the last records that match; 0: all
	Link   string // only what came over this link or was sent on it
	Follow bool   // go on with what is appended, until ctx ends
	JSON   bool   // one JSON object a line
}

// pollEvery is how often a follower looks for new records.
const pollEvery = 50 * time.Millisecond

// Tail prints records, oldest first.
func (j *Journal) Tail(ctx context.Context, w io.Writer, o TailOptions) (err error) {
	link := uint32(core.NoIndex)
	if o.Link != "" {
		if link, err = j.numberOf(config.LinkNumber, o.Link); err != nil {
			return err
		}
	}
	f, err := journal.Follow(j.dir, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(w, 64<<10)
	t := tail{journal: j, out: out, options: o, link: link, last: make([]*entry, 0, min(o.Last, 1024))}
	if err := assemble.Walk(f, t.take); err != nil {
		return errors.Join(err, out.Flush())
	}
	if err := errors.Join(t.flush(), out.Flush()); err != nil || !o.Follow {
		return err
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := errors.Join(assemble.Walk(f, t.take), out.Flush()); err != nil {
			return err
		}
	}
}

// tail is one run of Tail: what to show, and the last records while their number is still open.
type tail struct {
	journal *Journal
	out     io.Writer
	options TailOptions
	link    uint32
	last    []*entry
	flushed bool
}

func (t *tail) take(r *assemble.Record) error {
	if r.Event.Kind == core.Started { // a start may have given new numbers
		if err := t.journal.readNumbers(); err != nil {
			return err
		}
	}
	if r.Header.Seq < t.options.From || t.link != core.NoIndex && !touches(r, t.link) {
		return nil
	}
	e := t.journal.describe(r)
	if t.flushed || t.options.Last == 0 {
		return t.print(e)
	}
	if len(t.last) == t.options.Last {
		copy(t.last, t.last[1:])
		t.last = t.last[:len(t.last)-1]
	}
	t.last = append(t.last, e)
	return nil
}

func (t *tail) flush() error {
	t.flushed = true
	for _, e := range t.last {
		if err := t.print(e); err != nil {
			return err
		}
	}
	return nil
}

func (t *tail) print(e *entry) error {
	if t.options.JSON {
		return e.writeJSON(t.out)
	}
	e.write(t.out)
	return nil
}
