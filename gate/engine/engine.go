package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"portcullis/clocksync"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// Link is what the engine knows of a link beside its number, which is its index in Config.Links. There is a row for
// each that may be added later, see Engine.Know.
type Link struct {
	Name  string // as operators write it
	Venue bool   // orders leave here; false: a participant's
}

// Config is what the engine is told at start. A zero bound means its default in limits.go.
type Config struct {
	Links           []Link // by link number
	MessageBytesMax int    // longest FIX message accepted
	SlowBytesMax    int    // bytes a participant may leave unread before it is cut
	VenueBytesMax   int    // the same for a venue, whose orders stop long before: the rest is room for cancels
	ReserveBytes    int    // what the journal keeps for what is open; see ration
	Sync            bool   // durability: output waits until its record is durable
	Spin            bool   // io: never sleep; for a host with an isolated core
	AwakeNs         int64  // how long after a message the thread looks for the next before it sleeps
	Pin             bool   // run on CPU alone
	CPU             int    // processor number, where Pin is set
	Realtime        bool   // SCHED_FIFO where permitted
	Nice            int    // the thread's nice value, where permitted; 0: that of all
	ClockForbidden  uint64 // bit n set: trading is forbidden in clocksync.State n
	DecisionsKept   int    // how many single decision times DecisionNs knows; 0: none
	// EncodeCommand appends a command in the form that the core reads from Event.Data.
	EncodeCommand func(dst []byte, c *core.Command) []byte
	// KillAll is given in place of a kill that found its lane full: the kill of the firm. The engine sets its ID.
	KillAll core.Command
	// Heartbeat counts cycles, at least ten a second, and is HeartbeatEnded when there are no more; nil: a counter of the
	// engine's own. A watchdog may map it.
	Heartbeat *atomic.Uint64
	Log       zerolog.Logger
}

// HeartbeatEnded is what the heartbeat says when the thread cycles no more: what is left takes the time it takes.
const HeartbeatEnded = math.MaxUint64

// Parts are the engine's neighbours.
type Parts struct {
	Core    Core
	Journal Journal
	Clock   clocksync.Source
	Egress  Egress
	History History
	Sockets Sockets // nil: those of the operating system
}

// Start is what the first event says.
type Start struct {
	Rebooted   bool   // the machine was booted anew since the journal's last record
	BootEpoch  uint64 // counts boots; part of the ids sent to venues
	ConfigHash []byte // names the configuration that judges
}

// noLink stands for the absence of a link.
const noLink = core.NoIndex

// Engine is the thread that decides and what others may ask of it. Fields without a remark belong to the thread.
type Engine struct {
	cfg     Config
	core    Core
	journal Journal
	clock   clocksync.Source
	egress  Egress

	sockets Sockets
	wakeMu  sync.Mutex // among those who wake
	wakeFD  int        // an eventfd; -1 when the engine has ended

	names    linkNames          // by link
	conns    []*conn            // by link; nil: none
	buffers  []buffers          // by link; owned by the holder of the claim
	claims   []atomic.Uint32    // by link; claimFree, claimTaken; by compare and swap
	held     []atomic.Bool      // by link: as the core has it, for those who connect
	lines    []atomic.Bool      // by link: orders leave there
	handover chan *conn         // from admission
	arriving *conn              // taken from handover, not admitted yet for want of journal room
	ending   []*conn            // cut or ended, to be closed
	ready    [classes]readyRing // links with work left
	unsent   linkSet            // links with bytes in their send buffers

	ev            core.Event    // scratch of the event at hand
	d             core.Decision // scratch
	now           clocksync.Stamp
	venueOutNs    int64            // monotonic time of the last write toward a venue
	inputNs       int64            // monotonic time of the last read that brought something; 0: none has
	readNs        int64            // monotonic time at which the message at hand had been read; 0: none
	position      journal.Position // after the last record
	durable       journal.Position // as of the last flush
	header        journal.Header   // scratch
	configVersion uint32           // beginning of the hash of the configuration that judges
	begunNs       int64            // when this cycle began to work; 0: it has not
	batchFull     bool             // some link's output should leave now
	oldestNs      int64            // since when the oldest output waits in this cycle; 0: none

	space       journal.Space   // of the journal, as the core knows it
	ration      ration          // of its reserve
	recordBytes int             // of the last record's payload
	clockState  clocksync.State // as the core knows it
	clockLeadNs int64           // of UTC over monotonic time, as the core knows it
	stalled     bool            // the journal had no room in this cycle: nothing goes on
	wasStalled  bool            // in the cycle before
	withdrawing bool            // until every venue's send buffer has been searched, nothing leaves toward a venue
	halfOutNs   int64           // how long a reply may wait for the rest of a killed order
	halfNs      int64           // since when a reply waits for the rest of a killed order; 0: none does
	pressed     bool            // a send buffer passed its bound, or drained
	faults      faultList       // found by the egress check, the core not told yet
	faultText   [core.EgressRecordsBytes]byte
	place       placement   // where the output of the link being withdrawn from goes
	spare       *sendBuffer // for rebuilding a venue's send buffer
	replies     replyList

	front    front
	resender *resender
	clerk    *clerk
	counters counters
	decided  decided

	connCount atomic.Uint32 // connections handed over so far
	stopNs    atomic.Int64  // monotonic time at which a stop gives up waiting; 0: no stop
	done      chan struct{}
}

// New prepares an engine; nothing runs before Run.
func New(cfg Config, parts Parts) (*Engine, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	sockets := parts.Sockets
	if sockets == nil {
		var err error
		if sockets, err = newSockets(); err != nil {
			return nil, err
		}
	}
	wakeFD, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("engine: eventfd: %w", err), sockets.Close())
	}
	links, names := len(cfg.Links), newLinkNames(cfg.Links)
	e := &Engine{
		cfg: cfg, core: parts.Core, journal: parts.Journal, clock: parts.Clock, egress: parts.Egress,
		sockets: sockets, wakeFD: wakeFD, names: names,
		conns: make([]*conn, links), buffers: make([]buffers, links), claims: make([]atomic.Uint32, links),
		held: make([]atomic.Bool, links), lines: make([]atomic.Bool, links),
		handover: make(chan *conn, handoversMax), ending: make([]*conn, 0, links),
		ready: [classes]readyRing{newReadyRing(links), newReadyRing(links), newReadyRing(links)}, unsent: newLinkSet(links),
		halfOutNs: halfOutNs, space: journal.Ample, ration: newRation(cfg.ReserveBytes, links), place: placement{link: noLink}, spare: newSendBuffer(cfg.VenueBytesMax),
		clerk: newClerk(cfg.Log, names), decided: newDecided(cfg.DecisionsKept), done: make(chan struct{}),
	}
	for l := range cfg.Links {
		e.lines[l].Store(cfg.Links[l].Venue)
	}
	e.d.Out.Writer = *newDecisionWriter(cfg.MessageBytesMax)
	if err := e.front.init(uint64(parts.Clock.Now().UTCNs)); err != nil {
		return nil, errors.Join(err, sockets.Close(), unix.Close(wakeFD))
	}
	for l := range e.held {
		e.held[l].Store(e.core.Held(uint32(l)))
	}
	if e.resender, err = newResender(&cfg, names, parts.History, e.Wake); err != nil {
		return nil, errors.Join(err, sockets.Close(), unix.Close(wakeFD))
	}
	return e, sockets.Add(wakeFD, noToken)
}

// complete fills in defaults and refuses what cannot work.
func (cfg *Config) complete() error {
	if cfg.EncodeCommand == nil {
		return errors.New("engine: Config.EncodeCommand is missing")
	}
	if cfg.MessageBytesMax == 0 {
		cfg.MessageBytesMax = messageBytesMax
	}
	if cfg.MessageBytesMax < 1<<10 || cfg.MessageBytesMax > 1<<20 {
		return fmt.Errorf("engine: messages of up to %d bytes; allowed are 1024 to 1048576", cfg.MessageBytesMax)
	}
	if cfg.SlowBytesMax == 0 {
		cfg.SlowBytesMax = slowBytesMax
	}
	cfg.SlowBytesMax = max(cfg.SlowBytesMax, 2*cfg.MessageBytesMax)
	if cfg.VenueBytesMax == 0 {
		cfg.VenueBytesMax = cancelReserveBytes
	}
	cfg.VenueBytesMax = max(cfg.VenueBytesMax, 2*heldBytesMax, 2*cfg.MessageBytesMax)
	if cfg.Heartbeat == nil {
		cfg.Heartbeat = new(atomic.Uint64)
	}
	return nil
}

// Run is the engine thread: it locks the calling goroutine to its thread and cycles until Stop. It returns an error
// only if it cannot begin.
func (e *Engine) Run(start Start) error {
	defer close(e.done)
	defer e.release()
	runtime.LockOSThread()
	if pinned := e.claimProcessor(); !pinned {
		defer runtime.UnlockOSThread() // a pinned thread ends with its goroutine
	}
	e.clerk.start(&e.front)
	defer e.clerk.stop()
	e.resender.start()
	defer e.resender.stop()
	if !e.begin(start) {
		return errNoFirst
	}
	for !e.finished() {
		e.cycle()
	}
	e.cfg.Heartbeat.Store(HeartbeatEnded)
	return nil
}

// begin gives the events that open a run.
func (e *Engine) begin(start Start) bool {
	e.stamp()
	e.clockLeadNs = e.now.UTCNs - e.now.MonoNs
	e.event(core.Started, core.NoIndex)
	e.ev.Seq = start.BootEpoch
	if start.Rebooted {
		e.ev.Code = 1
	}
	if !e.handle() {
		return false
	}
	for l := range e.cfg.Links {
		e.readCut(uint32(l))
	}
	return e.configured(start.ConfigHash) && e.watchClock()
}

// cycle is one turn of the engine. Every step is bounded, so no link and no command can hold up another.
func (e *Engine) cycle() {
	e.stalled = false
	e.watchJournal()
	e.watchClock()
	e.killLane()
	e.commands()
	e.question()
	e.admit()
	e.stored()
	for class := range classes {
		e.visit(class)
	}
	e.timers()
	e.closeEnding()
	if e.oldestNs == 0 || !e.linksReady() {
		e.flush()
	}
	e.account()
	e.answer()
	e.sleep()
}

// finished reports whether a stop was asked for and every link is down, or the time for it is over.
func (e *Engine) finished() bool {
	stopNs := e.stopNs.Load()
	if stopNs == 0 {
		return false
	}
	e.fresh()
	open := 0
	for _, c := range e.conns {
		if c != nil {
			open++
			if e.now.MonoNs >= stopNs {
				e.finish(c, core.Replaced, false)
			}
		}
	}
	if _, command := e.front.commands.Peek(); command && e.now.MonoNs < stopNs {
		return false
	}
	// A journal without room cannot take the Closed events: the next start counts all links as down anyhow.
	return open == 0 || e.now.MonoNs >= stopNs+drainNs
}

// Stop gives command, a CmdStop, and waits until every link is down, at most 3 s, and Run has returned.
func (e *Engine) Stop(ctx context.Context, command core.Command) error {
	_, err := e.front.give(e, command, make(chan core.Reply, 1))
	if errors.Is(err, ErrStopped) {
		err = nil
	}
	e.stopNs.CompareAndSwap(0, e.clock.Now().MonoNs+stopNs)
	e.Wake()
	select {
	case <-e.done:
		return err
	case <-ctx.Done():
	case <-time.After(time.Duration(stopNs + 2*drainNs)):
	}
	return errors.Join(err, errors.New("engine: its thread has not ended yet; kill the process if it never does"))
}

// Wake makes a sleeping engine look around. The journal calls it when records have become durable.
func (e *Engine) Wake() {
	e.wakeMu.Lock()
	defer e.wakeMu.Unlock()
	if e.wakeFD >= 0 {
		one := [8]byte{1}
		_, _ = unix.Write(e.wakeFD, one[:]) // full means that a wake is already there
	}
}

// release refuses everything from outside and gives the descriptors back.
func (e *Engine) release() {
	e.front.end()
	for i, c := range e.conns {
		if c != nil {
			e.sockets.Drop(c.fd)
			e.conns[i] = nil
		}
	}
	for len(e.handover) > 0 {
		e.sockets.Drop((<-e.handover).fd)
	}
	_ = e.sockets.Close()
	e.wakeMu.Lock()
	_ = unix.Close(e.wakeFD)
	e.wakeFD = -1
	e.wakeMu.Unlock()
	e.counters.publish()
}
