package verbs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"portcullis/gate/config"
	"portcullis/gate/dropcopy"
	"portcullis/gate/journal"
	"portcullis/gate/shadow"
)

type dropcopyVerb struct {
	configFlag
	JSON  bool          `help:"Log JSON lines instead of text."`
	Every time.Duration `default:"10s" help:"How often the lag of each session is printed."`
}

// Run serves until SIGTERM or SIGINT. The gate may run, or start later, or have died.
func (v *dropcopyVerb) Run() error {
	if v.Every <= 0 {
		return fmt.Errorf("--every %v: write a time above 0", v.Every)
	}
	cfg, err := config.Load(v.Config)
	if err != nil {
		return err
	}
	log := zerolog.New(os.Stderr).With().Timestamp().Logger().Level(zerolog.InfoLevel)
	if !v.JSON {
		log = log.Output(zerolog.ConsoleWriter{Out: os.Stderr, TimeFormat: time.RFC3339, NoColor: true})
	}
	// A session spins while a message of it waits for the socket. With too few threads the one that writes would not run
	// until the runtime interrupts those that spin.
	runtime.GOMAXPROCS(runtime.NumCPU() + 2*len(cfg.DropCopy.Sessions))
	if err := giveWay(); err != nil {
		log.Warn().Err(err).Msg("the drop copy has the gate's own priority")
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	inForce, err := firstJournal(ctx, cfg.Gate.JournalDir, log)
	if err != nil || ctx.Err() != nil {
		return err
	}
	if held := config.UnapprovedCopies(inForce, cfg); len(held) > 0 {
		return fmt.Errorf("a drop copy gives out what clients do, and what it gets more than before takes two people: %s; put that back, or have it "+
			"approved: gate reload, gate changes --pending, gate approve", held[0])
	}
	s, err := dropcopy.Start(cfg, log)
	if err != nil {
		return err
	}
	tick := time.NewTicker(v.Every)
	defer tick.Stop()
	for ctx.Err() == nil {
		for _, lag := range s.Lags() {
			fmt.Println(time.Now().UTC().Format(time.RFC3339), lag)
			log.Info().Str("link", lag.Link).Bool("up", lag.Up).Uint64("behind_records", lag.Records).
				Int64("behind_ns", lag.Ns).Uint64("unconfirmed", lag.Open).Msg("lag")
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	end, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return s.Stop(end)
}

// firstJournal is what the gate of a journal judges by, once there is a journal: a drop copy may be started first. It gives nothing
// out before, for what it may give is on record there.
func firstJournal(ctx context.Context, dir string, log zerolog.Logger) (*config.Config, error) {
	for said := false; ; said = true {
		inForce, err := shadow.Judging(dir)
		if !errors.Is(err, journal.ErrNone) || ctx.Err() != nil {
			return inForce, err
		}
		if !said {
			log.Info().Str("journal", dir).Msg("there is no journal yet: the drop copy waits for the gate's first start")
		}
		select {
		case <-ctx.Done():
			return nil, nil
		case <-time.After(time.Second):
		}
	}
}

// giveWay lets every thread of this process run when the gate does not want the processor: quickfixgo spins while a
// client does not read. Threads that begin later inherit it.
func giveWay() error {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, thread := range threads {
		id, err := strconv.Atoi(thread.Name())
		if err == nil {
			err = unix.Setpriority(unix.PRIO_PROCESS, id, 19)
		}
		if err != nil && !errors.Is(err, unix.ESRCH) {
			return err
		}
	}
	return nil
}
