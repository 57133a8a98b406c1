package watchdog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/admin"
	"portcullis/gate/journal"
)

// Unlimited is a RestartsMax that is never reached.
const Unlimited = -1

// Config says what to watch and how.
type Config struct {
	JournalDir  string // of the gate
	Socket      string // the watchdog's own
	Group       int    // whose members may use it; local.NoGroup: only this user
	Stall       time.Duration
	StallKills  bool // an engine that stands still so long is killed hard; false: it is reported
	RestartsMax int  // within RestartsIn; more ends of engines than that end Run
	RestartsIn  time.Duration
	Engine      func() *exec.Cmd  // the command that runs the engine; it finds its page by Inherited
	Sheet       func() *exec.Cmd  // the command that prints the open orders after a hard kill
	Ready       func()            // called once, when the first engine takes connections
	Alert       func(text string) // tells people what the log says as well; it may take its time
	Log         zerolog.Logger
}

const (
	stopWithin    = 30 * time.Second // from the word to end to the end by force
	journalWithin = 10 * time.Second // in which an engine that was killed gives the journal back
	retryEvery    = 100 * time.Millisecond
	sheetWithin   = time.Minute
)

const (
	unrecordedText = "no engine is started until the kill is recorded: make the disk of the journal writable"
	killedText     = "the engine was KILLED HARD: the firm is blocked until the kill is revived"
)

// Watchdog is the parent of the engine. Fields without a remark belong to the goroutine of Run.
type Watchdog struct {
	cfg      Config
	page     *Page
	pageFile *os.File
	record   *record
	stall    *stall
	restarts restarts
	telling  sync.WaitGroup // alerts, and sheets of open orders
	ran      bool           // an engine has got as far as to take connections

	mu      sync.Mutex // guards what follows; held while an engine is started, for no other wait
	process *process   // nil: none was started yet
	killing int        // hard kills at work
	starts  int
	lastEnd string
	// unrecordable is why a hard kill could not be recorded now; "": it could.
	unrecordable string
}

// Run starts the engine and looks after it until it has ended properly, by itself or because ctx has ended. An error
// says why there is no engine any more.
func Run(ctx context.Context, cfg Config) (err error) {
	runtime.LockOSThread() // the engine dies with the thread that started it
	defer runtime.UnlockOSThread()
	w := &Watchdog{cfg: cfg, stall: newStall(cfg.Stall), restarts: restarts{max: cfg.RestartsMax, window: cfg.RestartsIn}}
	if err := os.MkdirAll(cfg.JournalDir, folderMode); err != nil { // the socket may lie in it
		return err
	}
	// First of all: where another watchdog is at work, nothing of its is touched. Nobody is answered before Serve.
	server, err := admin.Listen(cfg.Socket, cfg.Group, w.answer, func(format string, args ...any) { cfg.Log.Warn().Msgf(format, args...) })
	if err != nil {
		return err
	}
	if w.record, err = openRecord(cfg.JournalDir); err != nil {
		return errors.Join(err, server.Close())
	}
	if w.page, w.pageFile, err = newPage(); err != nil {
		return errors.Join(err, server.Close())
	}
	defer w.pageFile.Close()
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve() }) // nil after Close
	looking, stop := context.WithCancel(ctx)
	defer stop()
	serving.Go(func() { w.watchRecord(looking, recordEvery) })
	journal.AwaitFree(cfg.JournalDir, journalWithin)
	err = w.keep(ctx)
	stop()
	_ = server.Close() // kills at work are answered
	serving.Wait()
	if unrecorded := w.record.write(); unrecorded != nil {
		err = errors.Join(err, fmt.Errorf("a hard kill is NOT ON DISK: %w; the next start would trade, so start none before "+
			"the disk of the journal is mended, and then kill again", unrecorded))
	}
	if err != nil {
		w.alert("there is no engine any more: " + err.Error())
	}
	w.telling.Wait()
	return err
}

// keep keeps an engine running.
func (w *Watchdog) keep(ctx context.Context) error {
	for again := true; again; {
		p, err := w.begin(ctx)
		if p == nil {
			return err
		}
		w.watch(ctx, p)
		if again, err = w.after(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// begin starts an engine once no kill is in the way. nil: there is none, because ctx has ended or by an error.
func (w *Watchdog) begin(ctx context.Context) (*process, error) {
	for said := false; ; {
		if ctx.Err() != nil {
			return nil, nil
		}
		if p, err := w.tryBegin(); p != nil || err != nil {
			return p, err
		}
		if err := w.record.write(); err != nil && !said {
			w.cfg.Log.Error().Err(err).Msg(unrecordedText)
			w.alert(unrecordedText + ": " + err.Error())
			said = true
		}
		select {
		case <-ctx.Done():
		case <-time.After(retryEvery):
		}
	}
}

// tryBegin starts an engine unless a kill is at work or not recorded.
func (w *Watchdog) tryBegin() (*process, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.killing > 0 || !w.record.isDurable() {
		return nil, nil
	}
	w.page.reset()
	w.stall.reset()
	p, err := start(w.cfg.Engine(), w.pageFile)
	if err == nil {
		w.process = p
		w.starts++
	}
	return p, err
}

// watch returns when the engine has ended.
func (w *Watchdog) watch(ctx context.Context, p *process) {
	looks := time.NewTicker(w.stall.every)
	defer looks.Stop()
	asked, force := ctx.Done(), (<-chan time.Time)(nil)
	for last := time.Now(); ; {
		select {
		case <-p.gone:
			w.noteReady()
			return
		case <-asked:
			asked, force = nil, time.After(stopWithin)
			p.stop()
		case <-force:
			w.cfg.Log.Error().Dur("after", stopWithin).Msg("the engine does not end; it is ended by force, its journal stays as it is")
			_ = p.cmd.Process.Kill()
		case now := <-looks.C:
			passed := now.Sub(last)
			last = now
			w.noteReady()
			if beats := w.page.beats.Load(); phaseOf(beats) == Running && w.stall.look(beats, passed) {
				w.stands(p)
			}
		}
	}
}

// alert has people told, and does not wait for it.
func (w *Watchdog) alert(text string) {
	w.telling.Go(func() { w.cfg.Alert(text) })
}

// noteReady notes that an engine takes connections, and tells of the first.
func (w *Watchdog) noteReady() {
	if !w.ran && w.page.ready.Load() != 0 {
		w.ran = true
		w.cfg.Ready()
	}
}

// stands does what is configured about an engine that stands still.
func (w *Watchdog) stands(p *process) {
	reason := fmt.Sprintf("the engine stood still for %v", w.cfg.Stall)
	if !w.cfg.StallKills {
		reason += ": nothing is decided, no cancel leaves; gate kill --hard ends it"
		w.cfg.Log.Error().Int("engine", p.cmd.Process.Pid).Msg(reason)
		w.alert(reason)
		return
	}
	p.stalled = true
	go func() { // what it says is said by after, once the engine is dead
		if _, err := w.kill(Kill{UID: uint32(os.Getuid()), PID: uint32(os.Getpid()), Actor: "watchdog", Reason: reason}); err != nil {
			w.cfg.Log.Error().Err(err).Msg("kill of an engine that stood still")
		}
	}()
}

// after decides what becomes of the gate when its engine has ended. It returns when the next may be started.
func (w *Watchdog) after(ctx context.Context, p *process) (again bool, err error) {
	how := "it ended properly"
	if p.err != nil {
		how = p.err.Error()
	}
	w.mu.Lock()
	w.lastEnd = how
	w.mu.Unlock()
	log := w.cfg.Log.With().Int("engine", p.cmd.Process.Pid).Str("end", how).Logger()
	if p.killed.Load() {
		log.Error().Bool("stood_still", p.stalled).Msg(killedText + "; open orders follow on standard output")
		w.alert(killedText)
		w.telling.Go(w.printSheet)
	}
	switch {
	case p.err == nil, ctx.Err() != nil && p.unbegun():
		return false, nil
	case ctx.Err() != nil:
		return false, fmt.Errorf("the engine did not end properly: %s", how)
	case p.killed.Load() && !p.stalled:
		return true, nil
	case !w.ran && !p.crashed():
		return false, fmt.Errorf("the engine could not start (%s): it has said why", how)
	}
	wait, ok := w.restarts.ended(time.Now())
	if !ok {
		return false, fmt.Errorf("the engine has ended by itself more than %d times within %v, the last time by %s: the gate ends. "+
			"Orders stay open at the venues, kills stand; gate orders --open lists them, the log says what ended it. "+
			"Start the gate when that is mended", w.cfg.RestartsMax, w.cfg.RestartsIn, how)
	}
	log.Error().Dur("wait", wait).Msg("the engine has ended by itself; it is started again")
	w.alert("the engine has ended by itself (" + how + "); it is started again")
	select {
	case <-ctx.Done():
	case <-time.After(wait):
	}
	return true, nil
}

// printSheet prints what is open, for the venues' desks.
func (w *Watchdog) printSheet() {
	ctx, cancel := context.WithTimeout(context.Background(), sheetWithin)
	defer cancel()
	cmd := w.cfg.Sheet()
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err := cmd.Start()
	if err == nil {
		defer context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })()
		err = cmd.Wait()
	}
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		w.cfg.Log.Error().Err(err).Msg("the open orders could not be printed; see gate orders --open --csv")
	}
}
