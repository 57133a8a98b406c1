package shadow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/assemble"
	"portcullis/gate/audit"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/prices"
	"portcullis/risk"
)

// pollEvery is how often the journal is looked at; the engine wakes nobody.
const pollEvery = 20 * time.Millisecond

// tellEvery is after how many looks a gate is told again that did not take the word.
const tellEvery = 250

// Options are what Run needs beside the configuration.
type Options struct {
	Log zerolog.Logger
	// Differs tells the gate that its state is another at a record; it is asked again until it returns nil.
	Differs func(record uint64, why string) error
	// Loss tells the gate that a scope has lost too much, which stops it; it is told again while that does not follow.
	Loss func(Lost) error
	// Quotes gives the live prices that the gate has got after so many, and how many those are; nil: losses count at marks.
	Quotes func(stores uint64) ([]prices.Live, uint64, error)
	// Now is the clock by which live prices grow old and self-tests are due; it goes with Quotes and SelfTest.
	Now func() time.Time
	// AtMarks tells the gate which positions have no live price of their time, and count at their marks.
	AtMarks func(symbols string) error
	// SelfTest breaches every control of the configuration in force, in memory, and takes its time; nil: it is not done. Tested
	// tells the gate what came of it, which journals it.
	SelfTest func(context.Context) (SelfTested, error)
	Tested   func(SelfTested) error
	// SelfTestAgain is the pause before one that could not run is tried once more; 0: a minute.
	SelfTestAgain time.Duration
}

// Run follows the journal until ctx ends: it holds the digest of its state against what the engine recorded of its
// own, and writes a snapshot after every so many records and at the end. Where another configuration comes into
// force, it begins again with that, as a start would.
func Run(ctx context.Context, cfg *config.Config, o Options) error {
	r := &runner{cfg: cfg, Options: o, tests: make(chan SelfTested, 1)}
	if err := r.open(); err != nil {
		return err
	}
	defer func() { _ = r.shadow.Close() }()
	ctx, cancel := context.WithCancel(ctx)
	defer r.running.Wait()
	defer cancel()
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		err := r.round()
		if err != nil {
			return err
		}
		r.watchSelfTest(ctx)
		select {
		case <-ctx.Done():
			return errors.Join(r.round(), r.save())
		case <-ticker.C:
		}
	}
}

type runner struct {
	Options
	cfg    *config.Config
	shadow *Shadow
	hash   []byte // of cfg
	named  []byte // of the configuration that the journal named last
	live   bool   // all that was there at the beginning is applied

	differs uint64 // the record at which the states were seen to differ; 0: they do not
	why     string
	told    bool
	waits   int                 // looks until it is told again
	looks   int                 // at the losses
	losses  map[risk.Target]int // at which look the gate was told of one last
	quoted  *quoted

	running  sync.WaitGroup  // a self-test
	tests    chan SelfTested // one that has ended
	testing  bool
	testNext time.Time // none begins before
}

func (r *runner) open() error {
	hash := r.cfg.Hash()
	s, passed, err := Open(r.cfg)
	if err != nil {
		return err
	}
	for _, p := range passed {
		r.Log.Info().Err(p.Why).Msg("snapshot passed over")
	}
	r.shadow, r.hash, r.live = s, hash[:], false
	r.differs, r.told, r.quoted = 0, false, nil
	return nil
}

// Why a round of the journal is interrupted.
var (
	errDue   = errors.New("a snapshot is due")
	errOther = errors.New("another configuration is in force")
)

// round applies what there is.
func (r *runner) round() error {
	for {
		err := r.shadow.state.Follow(r.shadow.follow, &r.shadow.record, r.look)
		if err == nil && r.named != nil && !bytes.HasPrefix(r.hash, r.named) {
			err = errOther
		}
		switch {
		case errors.Is(err, errOther):
			err = r.reopen()
		case errors.Is(err, errDue):
			err = r.save()
		case err == nil:
			r.live = true
			r.tell()
			r.watchLosses()
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// look is called behind each record. What the engine recorded of its state is only held against that of the same
// build: of what is appended from now on.
func (r *runner) look(record *assemble.Record) error {
	s := r.shadow.state
	if digest, ok := record.Decision.Seen(); ok && r.live && r.differs == 0 && digest != s.Core.Digest() {
		r.differs = s.Last.Seq
		r.why = fmt.Sprintf("shadow: digest %016x, the engine's %016x, by record %d", s.Core.Digest(), digest, s.Last.Seq)
		r.Log.Error().Uint64("record", s.Last.Seq).Msg("the shadow holds another state than the gate")
	}
	if record.Event.Kind == core.Started && r.told {
		r.differs, r.told = 0, false // another process begins, from what the records lead to
	}
	if hash := audit.InForce(&record.Event, &record.Decision); hash != nil {
		if r.named = hash; r.live && !bytes.HasPrefix(r.hash, hash) {
			return errOther
		}
	}
	if s.Last.Seq-r.shadow.saved >= uint64(r.cfg.Gate.Shadow.Records) {
		return errDue
	}
	return nil
}

// reopen begins again with the configuration that the journal named last, which is kept beside it.
func (r *runner) reopen() error {
	j, err := audit.Open(r.cfg.Gate.JournalDir)
	if err != nil {
		return err
	}
	next, err := j.Kept(r.named)
	if err != nil {
		return err
	}
	next.Gate.JournalDir = r.cfg.Gate.JournalDir
	r.Log.Info().Hex("configuration", r.named).Msg("another configuration is in force: the shadow begins again")
	_ = r.shadow.Close()
	r.cfg = next
	return r.open()
}

// save writes a snapshot. One that cannot be written leaves a longer start, and is tried again after as many records;
// a state that is in doubt is never written.
func (r *runner) save() error {
	s := r.shadow
	if r.differs != 0 {
		s.saved = s.state.Last.Seq
		return nil
	}
	from := s.saved
	if err := s.Save(); err != nil {
		r.Log.Error().Err(err).Msg("no snapshot: a start has more records to apply until there is room")
		s.saved = s.state.Last.Seq
		return nil
	}
	if from != s.saved {
		r.Log.Info().Uint64("record", s.saved).Msg("snapshot written")
	}
	return nil
}

// tell has the gate raise the alert.
func (r *runner) tell() {
	if r.differs == 0 || r.told {
		return
	}
	if r.waits--; r.waits > 0 {
		return
	}
	r.waits = tellEvery
	if err := r.Differs(r.differs, r.why); err != nil {
		r.Log.Error().Err(err).Msg("the gate has not taken the word that its state differs")
		return
	}
	r.told = true
}
