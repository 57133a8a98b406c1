package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"portcullis/gate/assemble"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// sayEvery is how often a wait says how far it is.
const sayEvery = 5 * time.Second

// ErrOpen is of a wait that ended while orders were open.
var ErrOpen = errors.New("orders are open still")

// WaitDrained follows the journal until none of the orders that the filter takes is open, or until ctx ends: then it
// lists those that are, and returns ErrOpen. Where the engine is started again, or its files are reloaded, it loads the
// journal anew and waits on.
func (s *State) WaitDrained(ctx context.Context, w io.Writer, filter OrderFilter) error {
	for begun := time.Now(); ; {
		err := s.waitDrained(ctx, w, filter, begun)
		if !errors.Is(err, errNewConfig) {
			return err
		}
		if s, err = s.journal.Load(false); err != nil {
			return err
		}
	}
}

// waitDrained waits as long as the run and the configuration last that were loaded.
func (s *State) waitDrained(ctx context.Context, w io.Writer, filter OrderFilter, begun time.Time) (err error) {
	chosen, err := s.journal.choose(filter)
	if err != nil {
		return err
	}
	f, err := journal.Follow(s.journal.dir, s.end)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	said, last := time.Time{}, -1
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for r := new(assemble.Record); ; {
		if err := r.Walk(f, s.take); err != nil {
			return err
		}
		if !bytes.Equal(s.seen, s.hash) {
			return errNewConfig
		}
		s.end = f.Position()
		open := s.countOpen(chosen)
		if open == 0 {
			fmt.Fprintf(w, "nothing is open any more, after %v; as of record %d\n", time.Since(begun).Round(time.Millisecond), s.last.Seq)
			return nil
		}
		if open != last && time.Since(said) >= sayEvery {
			fmt.Fprintf(w, "%d open\n", open)
			said, last = time.Now(), open
		}
		select {
		case <-ctx.Done():
			return errors.Join(s.OpenOrders(w, filter, false), fmt.Errorf("%w: %d; the drain stands", ErrOpen, open))
		case <-tick.C:
		}
	}
}

func (s *State) countOpen(c chosen) (n int) {
	s.eachOpen(c, func(uint32, *core.Order) { n++ })
	return n
}
