package gate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"portcullis/clocksync"
	"portcullis/gate/admin"
	"portcullis/gate/admission"
	"portcullis/gate/assemble"
	"portcullis/gate/bind"
	"portcullis/gate/calm"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/engine"
	"portcullis/gate/journal"
	"portcullis/gate/operator"
	"portcullis/gate/prices"
	"portcullis/gate/recovery"
	"portcullis/gate/transport"
)

// Options are what the caller chooses beside the configuration.
type Options struct {
	Log           zerolog.Logger
	Alloc         func(bytes int) []byte // memory of the tables; nil: outside the Go heap
	DecisionsKept int                    // how many single decision times DecisionNs knows; 0: none
	// Reload reads the configuration again, for links that are to change while the gate runs; nil: it has no files.
	Reload func() (*config.Config, error)
	// InForce is told the configuration that is in force, at the start and whenever it changes, and the journal's identity: what
	// another engine goes on with should this one crash; nil: nobody asks.
	InForce func(cfg *config.Config, journal string) error
	Journal string // identity of the one that the engine before had; "": there was no engine before
	// Tell makes what tells people, by the sinks in force, what the journal cannot; nil: nobody is told.
	Tell      func(*config.Config) func(text string)
	Standing  string           // file of a recovery.Standing; "": nothing is known apart from the journal
	Heartbeat *atomic.Uint64   // of the engine, for a watchdog; nil: nobody looks
	Clock     clocksync.Source // nil: the operating system's
}

// Gate is one gate: open journal, recovered state, and the parts around them.
type Gate struct {
	cfg      *config.Config
	numbers  *config.Numbers
	journal  *journal.Journal
	identity string     // of the journal
	core     *core.Core // of state
	options  Options
	prices   *prices.Table
	clock    *bind.Clock
	state    *recovery.State

	standing recovery.Standing // as it was at the start
	before   *config.Config    // what was in force at the start; nil: the journal knew of nothing

	boot *bind.Boot
	log  zerolog.Logger
	calm *calm.Log // of what may repeat

	engine    *engine.Engine
	admission *admission.Admission
	bounds    admission.Bounds // of what comes to it
	feed      *prices.Feed     // of the price socket; nil: there is none
	history   *bind.History
	reloads   chan struct{} // holds one token: who takes it may change what is in force
	waits     core.Offer    // what waits for approval, by the core's word at the start; of who holds the token
	current   atomic.Pointer[config.Config]
	borrowed  borrowed
	date      atomic.Uint32                   // trade date that has begun
	limitsAt  believed                        // of who holds the token of reloads
	calendar  believed                        // keepCalendar's
	tested    atomic.Int64                    // UTC ns at which a self-test was told of last; 0: none was
	keys      atomic.Pointer[transport.Store] // of the links in force
	ready     chan struct{}
	alloc     func(bytes int) []byte
}

// Open recovers the state that the journal describes. It takes the journal for itself: a second
// gate on the same folder is refused.
func Open(cfg *config.Config, o Options) (*Gate, error) {
	if o.Alloc == nil {
		o.Alloc = assemble.Mapped
	}
	g := &Gate{cfg: cfg, log: o.Log, calm: calm.New(o.Log), alloc: o.Alloc, options: o, ready: make(chan struct{}), reloads: make(chan struct{}, 1)}
	g.reloads <- struct{}{}
	if err := g.open(o); err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// open goes on from the configuration that may be in force, over the journal and the state that it leads to, to the
// records of a start.
func (g *Gate) open(o Options) error {
	var err error
	if o.Clock == nil {
		if o.Clock, err = clocksync.New(); err != nil {
			return err
		}
	}
	g.clock = &bind.Clock{Source: o.Clock}
	if err := g.goesOn(); err != nil {
		return err
	}
	if err := errors.Join(g.readStanding(), g.govern()); err != nil {
		return err
	}
	if g.bounds, err = boundsOf(g.cfg); err != nil {
		return err
	}
	if err := g.openJournal(); err != nil {
		return err
	}
	if g.identity, err = journal.Identity(g.cfg.Gate.JournalDir); err != nil {
		return err
	}
	if g.numbers, err = config.OpenNumbers(g.cfg.Gate.JournalDir); err != nil {
		return err
	}
	if err := g.checkNumbers(); err != nil {
		return err
	}
	if err := errors.Join(assemble.Assign(g.cfg, g.numbers), assemble.CheckOwned(g.numbers)); err != nil {
		return err
	}
	if g.cfg.Keys == nil {
		if err := g.cfg.ReadKeys(g.now()); err != nil {
			return err
		}
	}
	g.keys.Store(g.cfg.Keys)
	g.current.Store(g.cfg)
	g.prices = prices.NewTable(g.cfg.Gate.Capacity.Instruments)
	g.loadCloses(g.cfg, func(string) bool { return true })
	if g.core, err = assemble.Core(g.cfg, g.numbers, quotes{g.prices}, o.Alloc); err != nil {
		return err
	}
	passed, err := g.recover()
	if err != nil {
		return err
	}
	if err := g.checkRemoved(); err != nil {
		return err
	}
	if err := errors.Join(assemble.Own(g.cfg, g.numbers), g.cfg.Keep(g.cfg.Gate.JournalDir)); err != nil {
		return err
	}
	g.startBoot()
	if err := g.begin(g.tradeDate(), passed); err != nil {
		return err
	}
	g.date.Store(g.core.TradeDate())
	g.calendar.follow(g.clock.Now())
	g.limitsAt = g.calendar
	g.tested.Store(g.core.SelfTest().AtNs)
	if err := g.offer(g.cfg); err != nil {
		return err
	}
	if err := g.keepStanding(); err != nil {
		return err
	}
	g.journal.AwaitPages(time.Second)
	return g.inForce(g.cfg)
}

// openJournal opens the journal's folder, which may be a new one.
func (g *Gate) openJournal() error {
	dir := g.cfg.Gate.JournalDir
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	share, err := assemble.Share(g.cfg, g.before)
	if err != nil {
		return err
	}
	j, err := journal.Open(journal.Options{
		Dir: dir, Share: share, TailDir: g.cfg.Gate.TailDir, Durability: journal.Durability(g.cfg.Gate.Durability),
		SegmentBytes: g.cfg.Gate.SegmentBytes, TailSegments: g.cfg.Gate.TailSegments,
		MaxRecordBytes: g.cfg.Gate.RecordBytesMax(), ReserveBytes: g.cfg.Gate.ReserveBytes(),
		Keys:     bind.KeysOf,
		MarkKeys: max(1024, g.cfg.Gate.Capacity.Links),
		Alert:    g.journalAlert,
	})
	if err != nil {
		return err
	}
	g.journal = j
	if j.Epoch() > core.EpochMax {
		return fmt.Errorf("journal %s was opened %d times; ids toward venues count to %d: start a new journal",
			dir, j.Epoch(), core.EpochMax)
	}
	return nil
}

// checkNumbers holds the registry against the journal before any name gets a number.
func (g *Gate) checkNumbers() error {
	switch {
	case g.journal.Recovery().NextSeq <= 1:
		return nil
	case g.before == nil:
		return g.numbers.CheckBegun()
	}
	if err := g.before.CheckKnown(g.numbers); err != nil {
		return err
	}
	lost := assemble.LostOwners(g.before, g.numbers)
	if len(lost) == 0 {
		return nil
	}
	g.log.Error().Strs("of", lost).Msg("the file numbers in the journal's folder has lost lines that begin with owner: they are written anew " +
		"by the configuration in force; see that the disk is sound")
	return assemble.Own(g.before, g.numbers)
}

// tradeDate is the configured date, or the UTC date.
func (g *Gate) tradeDate() uint32 { return g.cfg.TradeDateAt(g.now()) }

// Run starts the engine, the sockets and the connections, and serves until ctx ends; then links are
// logged out, orders kept, the journal closed.
func (g *Gate) Run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, g.close()) }()
	if err := g.newEngine(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var running sync.WaitGroup
	defer running.Wait()
	running.Go(func() {
		hash := g.cfg.Hash()
		cancel(g.engine.Run(engine.Start{Rebooted: g.clock.Rebooted, BootEpoch: uint64(g.journal.Epoch()), ConfigHash: hash[:]}))
	})
	defer g.stopEngine()
	stop, err := g.listen(cancel, &running)
	defer stop()
	if err != nil {
		return err
	}
	running.Go(func() { g.watchKeys(ctx) })
	running.Go(func() { g.keepTimetables(ctx) })
	running.Go(func() { g.keepCalendar(ctx) })
	running.Go(func() { g.keepLimits(ctx) })
	running.Go(func() { g.keepRates(ctx) })
	running.Go(func() { g.keepSelfTest(ctx) })
	if g.options.Tell != nil {
		tell := g.options.Tell(g.cfg)
		running.Go(func() {
			look := time.NewTicker(roomLook)
			defer look.Stop()
			watchRoom(ctx, look.C, func() bool { return g.engine.Snapshot().Counts[engine.Stalled] != 0 }, tell)
		})
	}
	running.Go(func() {
		look := time.NewTicker(diskLook)
		defer look.Stop()
		watchDisk(ctx, look.C, g.diskFree, g.diskLow(), func(left uint64) { g.sayDiskLow(ctx, left) })
	})
	close(g.ready)
	<-ctx.Done()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// listen opens the operator's socket, the price socket and the FIX connections. stop closes what
// was opened, also after an error.
func (g *Gate) listen(cancel context.CancelCauseFunc, running *sync.WaitGroup) (stop func(), err error) {
	var closers []func()
	stop = func() {
		for i := len(closers) - 1; i >= 0; i-- {
			closers[i]()
		}
	}
	if path := g.cfg.Beside(g.cfg.Gate.PriceSocket); path != "" {
		if g.feed, err = prices.Listen("unix", path, g.prices, g.symbols(g.cfg), g.warnf); err != nil {
			return stop, err
		}
		feed := g.feed
		closers = append(closers, func() { g.logged("price socket", feed.Close()) })
		running.Go(func() { g.logged("price socket", feed.Serve()) })
	}
	group, err := assemble.AdminGroup(g.cfg)
	if err != nil {
		return stop, err
	}
	server, err := admin.Listen(g.cfg.Gate.AdminSocket, group, func(ctx context.Context, p admin.Peer, r admin.Request) admin.Answer {
		if r.Verb == admin.Stop && !r.CancelOrders {
			defer cancel(nil)
		}
		return g.answer(ctx, p, r)
	}, g.warnf)
	if err != nil {
		return stop, err
	}
	closers = append(closers, func() { g.logged("admin socket", server.Close()) })
	running.Go(func() { g.logged("admin socket", server.Serve()) })
	if err := g.listenForKills(running, &closers); err != nil {
		return stop, err
	}
	enter := g.admissionConfig(g.cfg)
	enter.Bounds = g.bounds
	if g.admission, err = admission.Start(enter, g.engine); err != nil {
		return stop, err
	}
	closers = append(closers, func() { g.logged("admission", g.admission.Stop(context.Background())) })
	return stop, nil
}

func (g *Gate) newEngine() error {
	g.history = bind.NewHistory(g.journal.Appended, func() (bind.Records, error) { return g.journal.NewReader() }, g.state.Numbering)
	m := g.newMarker()
	e, err := engine.New(engine.Config{
		Links: g.engineLinks(), MessageBytesMax: g.cfg.Gate.MessageBytesMax,
		Sync: g.cfg.Gate.Durability == config.Sync, Spin: g.cfg.Gate.IO == config.Spin,
		AwakeNs: g.cfg.Gate.AwakeNs,
		Pin:     g.cfg.Gate.CPU != config.None, CPU: g.cfg.Gate.CPU, Realtime: g.cfg.Gate.Realtime,
		Nice:           g.cfg.Gate.Nice,
		ClockForbidden: g.cfg.Gate.ClockForbidden, ReserveBytes: g.cfg.Gate.ReserveBytes(),
		EncodeCommand: func(dst []byte, m *core.Command) []byte { return m.Append(dst) },
		KillAll:       operator.KillAll(), Heartbeat: g.options.Heartbeat, Log: g.log, DecisionsKept: g.options.DecisionsKept,
	}, engine.Parts{
		Core: m, Journal: m, Clock: g.clock, Egress: bind.NewEgress(g.core, g.cfg.Gate.Capacity.OpenOrders, g.alloc), History: g.history,
	})
	g.engine = e
	return err
}

// stopEngine logs every link out and ends the engine thread; orders are kept.
func (g *Gate) stopEngine() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	g.logged("engine", g.engine.Stop(ctx, core.Command{Kind: core.CmdStop, Reason: "gate is stopping", Actor: "gate"}))
}

func (g *Gate) logged(what string, err error) {
	if err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, fs.ErrClosed) {
		g.log.Error().Err(err).Msg(what)
	}
}

func (g *Gate) close() error {
	var errs []error
	if g.history != nil {
		errs = append(errs, g.history.Close())
	}
	if g.numbers != nil {
		errs = append(errs, g.numbers.Close())
	}
	if g.journal != nil {
		errs = append(errs, g.journal.Close())
	}
	g.calm.Flush()
	return errors.Join(errs...)
}

// Ready is closed once the gate accepts connections.
func (g *Gate) Ready() <-chan struct{} { return g.ready }

// Addr returns where the gate listens for a configured host:port, for port 0.
func (g *Gate) Addr(listen string) net.Addr { return g.admission.Addr(listen) }

// Snapshot returns the engine's counters and latencies.
func (g *Gate) Snapshot() engine.Snapshot { return g.engine.Snapshot() }

// DecisionNs returns how long the decision in the journal's record seq took, if it is still kept.
func (g *Gate) DecisionNs(seq uint64) (ns int64, ok bool) { return g.engine.DecisionNs(seq) }

// JournalDir returns where the journal lies.
func (g *Gate) JournalDir() string { return g.cfg.Gate.JournalDir }
