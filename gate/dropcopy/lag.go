package dropcopy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"portcullis/gate/journal"
)

// Lag is how a session stands.
type Lag struct {
	Link    string
	Up      bool   // its client is logged on
	Records uint64 // of the journal that it has not looked at yet, whatever its filter lets pass
	Ns      int64  // age of the oldest of them
	Open    uint64 // copies that the client has not confirmed
}

func (l Lag) String() string {
	state := "away"
	if l.Up {
		state = "logged on"
	}
	return fmt.Sprintf("%s  %s  behind: %d records, %d ns  unconfirmed: %d", l.Link, state, l.Records, l.Ns, l.Open)
}

// end follows the journal's end.
type end struct {
	mu  sync.Mutex
	seq uint64
}

func (e *end) last() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.seq
}

// run follows until ctx ends. Errors are the feeds' to report: they read the same records.
func (e *end) run(ctx context.Context, dir string) {
	for ctx.Err() == nil {
		if f, err := journal.Follow(dir, 0); err == nil {
			e.follow(ctx, f)
			_ = f.Close()
		}
		_ = sleep(ctx, retryEvery)
	}
}

func (e *end) follow(ctx context.Context, f *journal.Follower) {
	var h journal.Header
	for {
		_, _, err := f.Next(&h)
		switch {
		case err == nil:
			continue
		case !errors.Is(err, io.EOF):
			return
		}
		e.mu.Lock()
		e.seq = h.Seq
		e.mu.Unlock()
		if sleep(ctx, pollEvery) != nil {
			return
		}
	}
}

// lag is how far a feed is behind the journal's end.
func (f *feed) lag(last uint64) Lag {
	l := Lag{Link: f.name}
	f.store.mu.Lock()
	l.Up, l.Open = f.store.up, f.store.copies-f.store.answered
	f.store.mu.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	if last > f.done {
		l.Records = last - f.done
		if f.at.Seq > 0 {
			l.Ns = max(0, f.clock.Now().UTCNs-f.at.UTCNs)
		}
	}
	return l
}
