package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate"
	"portcullis/gate/config"
	"portcullis/gate/demo/peer"
)

// RigConfig says which gate and which peers to start.
type RigConfig struct {
	// Files are the configuration by name, gate.yaml among them. @PORT-XSIM@ becomes the port of venue XSIM, @TAIL@ a
	// folder on tmpfs, @DATE@ the UTC date of today and @OLD@ that of a month ago. The gate is GATE; all speak
	// FIX.4.4; participants connect to 127.0.0.1:0.
	Files        map[string][]byte
	Venues       []string                 // SenderCompIDs
	Participants []peer.ParticipantConfig // address and versions are filled in
	ManualVenue  bool                     // venues answer nothing by themselves
	Keep         bool                     // leave the folder behind
	Alloc        func(bytes int) []byte   // as gate.Options
}

// Rig is a running gate with its peers, logged on, and a watcher of its journal.
type Rig struct {
	Dir          string // configuration, journal, admin socket, gate.log
	Config       *config.Config
	Gate         *gate.Gate
	Venues       map[string]*peer.Venue       // by SenderCompID
	Participants map[string]*peer.Participant // by SenderCompID
	Watcher      *Watcher

	tail    string
	keep    bool
	threads int // GOMAXPROCS before
	log     *os.File
	stop    context.CancelFunc
	stopped chan error
}

// Sizes of a gate that serves for minutes.
const (
	decisionsKept = 1 << 12
)

const (
	gateName = "GATE"
	begin    = "FIX.4.4"
	listen   = "127.0.0.1:0"
)

// threadsMin is how many threads run Go code while a rig lives. quickfixgo's sessions spin while their
// socket is busy; on a machine with few processors they would starve the engine for many milliseconds.
// With threads to spare, the kernel shares the processors fairly.
const threadsMin = 8

// StartRig starts the venue, the gate and the participants, and returns when all of them are logged
// on. Close ends them, also after an error.
func StartRig(c RigConfig) (r *Rig, err error) {
	r = &Rig{keep: c.Keep, threads: runtime.GOMAXPROCS(0), Venues: map[string]*peer.Venue{},
		Participants: map[string]*peer.Participant{}}
	runtime.GOMAXPROCS(max(r.threads, threadsMin))
	for _, name := range c.Venues {
		v, err := peer.Open(peer.VenueConfig{BeginString: begin, SenderCompID: name, TargetCompID: gateName,
			Manual: c.ManualVenue})
		if err != nil {
			return r, err
		}
		r.Venues[name] = v
	}
	if err := r.write(c.Files); err != nil {
		return r, err
	}
	if err := r.run(c); err != nil {
		return r, err
	}
	if r.Watcher, err = Watch(r.Config); err != nil {
		return r, err
	}
	for _, p := range c.Participants {
		p.BeginString, p.TargetCompID, p.Address = begin, gateName, r.Gate.Addr(listen).String()
		dialled, err := peer.Dial(p)
		if err != nil {
			return r, err
		}
		r.Participants[p.SenderCompID] = dialled
	}
	for name, p := range r.Participants {
		if err := p.AwaitLogon(); err != nil {
			return r, fmt.Errorf("participant %s: %w; see %s", name, err, filepath.Join(r.Dir, "gate.log"))
		}
	}
	for name := range r.Venues {
		if err := r.Watcher.AwaitUp(linkOf(name)); err != nil {
			return r, err
		}
	}
	return r, nil
}

// linkOf is the gate's name of its link with a peer.
func linkOf(compID string) string { return begin + ":" + gateName + "->" + compID }

// write makes the folder with the configuration.
func (r *Rig) write(files map[string][]byte) (err error) {
	if r.Dir, err = os.MkdirTemp("", "gate-demo-"); err != nil {
		return err
	}
	if r.tail, err = os.MkdirTemp("/dev/shm", "gate-demo-"); err != nil {
		r.tail = filepath.Join(r.Dir, "tail") // no tmpfs: slower, nothing else
	}
	now := time.Now().UTC()
	marks := []string{"@TAIL@", r.tail, "@DATE@", now.Format(time.DateOnly),
		"@OLD@", now.AddDate(0, 0, -30).Format(time.DateOnly)}
	for name, v := range r.Venues {
		marks = append(marks, "@PORT-"+name+"@", strconv.Itoa(v.Port()))
	}
	for name, data := range files {
		data = []byte(strings.NewReplacer(marks...).Replace(string(data)))
		if err := os.WriteFile(filepath.Join(r.Dir, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// run starts the gate and waits until it takes connections.
func (r *Rig) run(c RigConfig) (err error) {
	if r.Config, err = config.Load(filepath.Join(r.Dir, "gate.yaml")); err != nil {
		return err
	}
	if r.log, err = os.Create(filepath.Join(r.Dir, "gate.log")); err != nil {
		return err
	}
	log := zerolog.New(r.log).With().Timestamp().Logger()
	if r.Gate, err = gate.Open(r.Config, gate.Options{Log: log, Alloc: c.Alloc,
		DecisionsKept: decisionsKept}); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	r.stop, r.stopped = stop, make(chan error, 1)
	go func() { r.stopped <- r.Gate.Run(ctx) }()
	select {
	case <-r.Gate.Ready():
		return nil
	case err := <-r.stopped:
		r.stopped <- nil // Close waits for one
		return errors.Join(errors.New("the gate did not start"), err)
	}
}

// Stop ends the peers and the gate, which logs out its links and closes the journal.
func (r *Rig) Stop() error {
	var ending sync.WaitGroup
	for _, p := range r.Participants {
		ending.Go(p.Stop)
	}
	ending.Wait()
	var err error
	if r.stop != nil {
		r.stop()
		err = <-r.stopped
		r.stop = nil
	}
	for _, v := range r.Venues {
		v.Stop()
	}
	r.Participants, r.Venues = nil, nil
	return err
}

// Close stops what runs and removes the folders, unless they are to be kept.
func (r *Rig) Close() error {
	errs := []error{r.Stop()}
	runtime.GOMAXPROCS(r.threads)
	if r.Watcher != nil {
		errs = append(errs, r.Watcher.Close())
	}
	if r.log != nil {
		errs = append(errs, r.log.Close())
	}
	if r.tail != "" {
		errs = append(errs, os.RemoveAll(r.tail))
	}
	if r.Dir != "" && !r.keep {
		errs = append(errs, os.RemoveAll(r.Dir))
	}
	return errors.Join(errs...)
}
