package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/audit"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

const (
	pollEvery  = 100 * time.Millisecond
	againAfter = 2 * time.Second
	batchMax   = 100 // alerts handed over at once
)

// Line is one alert as a sink gets it.
type Line struct {
	Time     string   `json:"time"`
	Gate     string   `json:"gate"`
	Record   uint64   `json:"record,omitempty"` // of the journal
	Severity Severity `json:"severity"`
	Text     string   `json:"text"`
	Event    string   `json:"event,omitempty"` // what it came of
}

// Encode writes the line.
func (l Line) Encode(to *bytes.Buffer) {
	out := json.NewEncoder(to)
	out.SetEscapeHTML(false)
	_ = out.Encode(l) // of plain strings to memory
}

// Options are what Run needs.
type Options struct {
	Dir   string // of the journal
	Gate  string // its name
	Chain *Chain
	Log   zerolog.Logger
}

// Run tells alerts until ctx ends.
func Run(ctx context.Context, o Options) (err error) {
	f := follower{Options: o}
	if f.words, err = audit.Open(o.Dir); err != nil {
		return err
	}
	from, err := f.start()
	if err != nil {
		return err
	}
	if f.records, err = journal.Follow(o.Dir, from); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.records.Close()) }()
	for {
		wait := pollEvery
		more, err := f.batch()
		if err != nil {
			return err
		}
		if f.lines.Len() > 0 && !f.deliver(ctx) {
			wait = againAfter
		} else if more {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

type follower struct {
	Options
	words    *audit.Journal
	records  *journal.Follower
	event    core.Event
	decision core.Decision
	lines    bytes.Buffer // gathered, not taken by a sink yet
	count    int
}

// batch gathers what there is to tell; more: it stopped because that is enough for once. While a batch waits for a
// sink, nothing is added to it.
func (f *follower) batch() (more bool, err error) {
	if f.count > 0 {
		return false, nil
	}
	var h journal.Header
	for {
		payload, at, err := f.records.Next(&h)
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if h.Flags&core.Telling == 0 {
			continue
		}
		if err := core.DecodeRecord(payload, &f.event, &f.decision); err != nil {
			return false, fmt.Errorf("record %d at position %d: %w", h.Seq, at, err)
		}
		f.event.Link = h.Link
		if f.count == 0 {
			if _, err := f.words.Numbers(); err != nil { // a reload may have brought names
				return false, err
			}
		}
		f.gather(&h)
		if f.count >= batchMax {
			return true, nil
		}
	}
}

func (f *follower) gather(h *journal.Header) {
	for i := range f.decision.EffectLen {
		e := &f.decision.Effects[i]
		severity := severityOf(e)
		if severity == "" {
			continue
		}
		Line{Time: time.Unix(0, h.UTCNs).UTC().Format(time.RFC3339Nano), Gate: f.Gate, Record: h.Seq, Severity: severity,
			Text: f.words.EffectWords(&f.event, e), Event: f.words.EventWords(&f.event)}.Encode(&f.lines)
		f.count++
	}
}

// deliver hands the batch over and moves the mark; false: no sink took it.
func (f *follower) deliver(ctx context.Context) bool {
	failed, err := f.Chain.Deliver(ctx, f.lines.Bytes())
	if err != nil {
		f.Log.Error().Err(err).Int("alerts", f.count).Msg("alerts wait, and stand in the journal: mend a sink")
		return false
	}
	for _, why := range failed {
		f.Log.Error().Str("sink", why).Msg("a sink does not take alerts: the next one has them")
	}
	f.lines.Reset()
	f.count = 0
	if err := f.mark(); err != nil {
		f.Log.Error().Err(err).Msg("the mark of the alerts cannot be written: after a restart some are told again")
	}
	return true
}

func (f *follower) path() string { return filepath.Join(f.Dir, "alerts.mark") }

// mark notes how far alerts were told.
func (f *follower) mark() error {
	next := f.path() + ".new"
	if err := os.WriteFile(next, fmt.Appendf(nil, "%d\n", f.records.Position()), 0o640); err != nil {
		return err
	}
	return os.Rename(next, f.path())
}

// start is where to begin: at the mark, else where the newest run of the gate did, so that a journal that was kept
// without alerts does not tell years of them.
func (f *follower) start() (from journal.Position, err error) {
	data, err := os.ReadFile(f.path())
	if err == nil {
		_, err = fmt.Sscan(string(data), &from)
		return from, err
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	all, err := journal.Follow(f.Dir, 0)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, all.Close()) }()
	var h journal.Header
	epoch := uint32(0)
	for {
		_, at, err := all.Next(&h)
		if errors.Is(err, io.EOF) {
			return from, nil
		}
		if err != nil {
			return 0, err
		}
		if h.Epoch != epoch {
			epoch, from = h.Epoch, at
		}
	}
}
