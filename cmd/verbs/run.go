package verbs

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"portcullis/clocksync"
	"portcullis/fix"
	"portcullis/gate"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/local"
	"portcullis/gate/recovery"
	"portcullis/gate/rehearsal"
	"portcullis/gate/watchdog"
	"portcullis/session"
)

type initVerb struct {
	FourEyes bool   `name:"four-eyes" help:"For a desk of several: nothing trades, and nothing is loosened, before another person has approved it."`
	Dir      string `arg:"" help:"Folder for the sample; it is made if missing, and nothing in it is overwritten."`
}

// Run writes the sample configuration, dated today.
func (v *initVerb) Run() error {
	files := config.SampleFiles(int(today()))
	if !v.FourEyes {
		files = config.Alone(files)
	}
	if err := config.Sample(v.Dir, files); err != nil {
		return err
	}
	whose := "one person's machine"
	if v.FourEyes {
		whose = "a desk: name in gate.admin_group who approves"
	}
	fmt.Printf("Wrote a sample configuration for %s to %s. Next: gate check -c %s/gate.yaml\n", whose, v.Dir, v.Dir)
	return nil
}

// today is the UTC date, YYYYMMDD.
func today() uint32 { return fix.TradeDate(time.Now().UnixNano()) }

// configFlag is the configuration that most verbs need.
type configFlag struct {
	Config string `short:"c" default:"gate.yaml" help:"The configuration's main file." type:"path"`
}

type checkVerb struct {
	configFlag
	SelfTest bool `name:"self-test" help:"Also breach each control that is armed, by new orders, replaces, cancels and requests, in memory, and print for the record what refused each; then what is armed and was not breached, with why. Exit code 1 where a breach passed."`
	InForce  bool `name:"in-force" help:"With --self-test: of the configuration that the gate's journal names as in force, whatever the files say by now."`
	JSON     bool `help:"With --self-test --in-force: print what it comes to as JSON in place of the table."`
}

// Run loads the configuration and prints what deserves a look.
func (v *checkVerb) Run() error {
	if v.InForce || v.JSON {
		return v.selfTestInForce()
	}
	cfg, err := config.Load(v.Config)
	if err != nil {
		return err
	}
	_, dropErr := cfg.ReadDropKeys(time.Now())
	if err := errors.Join(cfg.CheckTradeDate(int(today())), cfg.ReadKeys(time.Now()), dropErr, assemble.Check(cfg)); err != nil {
		return err
	}
	for _, w := range append(cfg.Warnings, cfg.Dated(time.Now())...) {
		fmt.Println("warning:", w)
	}
	fmt.Printf("%s is valid: %d clients, %d accounts, %d instruments, %d participant links, %d venues; hash %x\n",
		v.Config, len(cfg.Clients), len(cfg.Accounts), len(cfg.Instruments), len(cfg.Links), len(cfg.Venues),
		first8(cfg.Hash()))
	if v.SelfTest {
		_, err = rehearsal.SelfTest(out, cfg, time.Now().UnixNano())
		return err
	}
	return nil
}

func first8(hash [32]byte) []byte { return hash[:8] }

// runFlags are what gate run and its engine are told alike.
type runFlags struct {
	configFlag
	State      string `env:"STATE_DIRECTORY" help:"Folder in which the gate notes, apart from its journal, that changes take two people; the folder of the configuration unless it is given." type:"path"`
	JSON       bool   `help:"Log JSON lines instead of text."`
	CPUProfile string `name:"cpu-profile" help:"Write a CPU profile to this file until the gate ends." type:"path"`
}

// args are the flags again, for the engine.
func (f *runFlags) args() []string {
	args := []string{"-c", f.Config}
	if f.State != "" {
		args = append(args, "--state", f.State)
	}
	if f.JSON {
		args = append(args, "--json")
	}
	if f.CPUProfile != "" {
		args = append(args, "--cpu-profile", f.CPUProfile)
	}
	return args
}

// standing is the file of what is known of the gate apart from its journal. The command line places it, never gate.yaml, which is what it
// holds to four eyes.
func (f *runFlags) standing() string {
	folder := f.State
	if folder == "" {
		folder = filepath.Dir(f.Config)
	}
	return filepath.Join(folder, filepath.Base(f.Config)+".approval")
}

// atStart is what a start that offers the configuration puts in force of it.
func (f *runFlags) atStart(offered *config.Config) (*config.Config, error) {
	known, err := recovery.LoadStanding(f.standing())
	if err != nil {
		return nil, err
	}
	cfg, _, err := recovery.AtStart(offered, known, time.Now())
	return cfg, err
}

// groupReads is the umask with which admin_group can read what the gate writes, whatever the umask of who starts it.
const groupReads = 0o027

type runVerb struct{ runFlags }

// Run is the watchdog: it starts the engine and looks after it until SIGTERM or SIGINT, which the engine is told.
func (v *runVerb) Run() (err error) {
	defer func() { err = withCure(err) }()
	cfg, err := config.Load(v.Config)
	if err != nil {
		return err
	}
	if err := cfg.CheckTradeDate(int(today())); err != nil {
		return err
	}
	if err := cfg.ReadKeys(time.Now()); err != nil { // the engine reads them too; it need not be started to find out
		return err
	}
	// What the files would loosen of it the watchdog does not take from them either.
	if cfg, err = v.atStart(cfg); err != nil {
		return err
	}
	group, err := assemble.AdminGroup(cfg)
	if err != nil {
		return err
	}
	if group != local.NoGroup {
		syscall.Umask(groupReads) // here, for the engine and what runs beside it as well
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	ready := make(chan struct{})
	wait := besideGate(ctx, cfg, v.Config, v.JSON, ready)
	watch, log := &cfg.Gate.Watchdog, newLog(v.JSON).With().Str("process", "watchdog").Logger()
	err = watchdog.Run(ctx, watchdog.Config{
		JournalDir: cfg.Gate.JournalDir, Socket: cfg.Gate.AdminSocket + config.WatchdogSuffix, Group: group,
		Stall: time.Duration(watch.StallNs), StallKills: watch.StallKills,
		RestartsMax: restartsMax(watch.Restarts), RestartsIn: time.Duration(watch.Restarts.WindowNs),
		Engine: func() *exec.Cmd {
			cmd := self(append([]string{"engine"}, v.args()...)...)
			cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
			return cmd
		},
		Sheet: func() *exec.Cmd { return self("orders", "--open", "--csv", "--journal", cfg.Gate.JournalDir) },
		Ready: func() { close(ready) },
		Alert: tellSinks(cfg, log),
		Log:   log,
	})
	stop()
	wait()
	return err
}

// withCure says of a start that may not open what it needs what would let it.
func withCure(err error) error {
	if cure := local.Denied(err); cure != "" {
		return fmt.Errorf("%w\ngate: %s", err, cure)
	}
	return err
}

// self is the program that runs, though its file may have been replaced: a crash is no upgrade.
func self(args ...string) *exec.Cmd { return selfUntil(context.Background(), args...) }

// selfUntil is the same, and is killed when ctx ends.
func selfUntil(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "/proc/self/exe", args...)
	cmd.Args[0] = os.Args[0]
	return cmd
}

func restartsMax(t config.Throttle) int {
	if t.CountMax == config.Unlimited {
		return watchdog.Unlimited
	}
	return int(t.CountMax)
}

type engineVerb struct{ runFlags }

// Run serves until SIGTERM or SIGINT: links end properly, orders are kept, the journal is closed.
func (v *engineVerb) Run() (err error) {
	defer func() { err = withCure(err) }()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT) // first: a start that is ended is no crash
	defer stop()
	page, held, err := watchdog.Inherited()
	if err != nil {
		return err
	}
	cfg, journal, err := v.inForce(held)
	if err != nil {
		return err
	}
	if err := cfg.ReadKeys(time.Now()); err != nil {
		return err
	}
	if v.CPUProfile != "" {
		stop, err := startProfile(v.CPUProfile)
		if err != nil {
			return err
		}
		defer stop()
	}
	log := newLog(v.JSON)
	for _, w := range append(cfg.Warnings, cfg.Dated(time.Now())...) {
		log.Warn().Msg(w)
	}
	g, err := gate.Open(cfg, gate.Options{Log: log, Standing: v.standing(), Heartbeat: page.Beats(), Clock: engineClock,
		Reload:  func() (*config.Config, error) { return config.Load(v.Config) },
		InForce: func(cfg *config.Config, journal string) error { return hold(held, cfg, journal) },
		Journal: journal,
		Tell:    func(cfg *config.Config) func(string) { return tellSinks(cfg, log) }})
	if err != nil {
		return err
	}
	log.Info().Str("name", cfg.Gate.Name).Str("journal", cfg.Gate.JournalDir).Msg("gate is starting")
	go func() {
		<-g.Ready()
		page.Ready()
	}()
	err = g.Run(ctx)
	log.Info().Msg("gate has stopped")
	return err
}

// left is what an engine leaves to the one that is started should it crash.
type left struct {
	Contents map[string][]byte // of the configuration in force
	Journal  string            // the journal's identity
}

// inForce is the configuration that the engine before had in force, and the journal that it had; for the first engine, what the
// files say, and none.
func (v *engineVerb) inForce(held *watchdog.Held) (cfg *config.Config, journal string, err error) {
	data, err := held.Load()
	if err != nil {
		return nil, "", err
	}
	if data == nil {
		cfg, err = config.Load(v.Config)
		return cfg, "", err
	}
	var before left
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&before); err != nil {
		return nil, "", fmt.Errorf("what the last engine left: %w", err)
	}
	cfg, err = config.Resume(v.Config, before.Contents)
	return cfg, before.Journal, err
}

// hold leaves what is in force to the engine that is started should this one crash.
func hold(held *watchdog.Held, cfg *config.Config, journal string) error {
	var data bytes.Buffer
	if err := gob.NewEncoder(&data).Encode(left{cfg.Contents(), journal}); err != nil {
		return err
	}
	return held.Store(data.Bytes())
}

// engineClock is the engine's clock; nil: the operating system's.
var engineClock clocksync.Source

// newLog writes to standard error.
func newLog(json bool) zerolog.Logger {
	log := zerolog.New(os.Stderr).With().Timestamp().Logger()
	if !json {
		log = log.Output(zerolog.ConsoleWriter{Out: os.Stderr, TimeFormat: time.RFC3339, NoColor: true})
	}
	return log
}

// startProfile writes a CPU profile of the whole process until stop is called.
func startProfile(path string) (stop func(), err error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
	}, nil
}

type passwdVerb struct{}

// Run hashes the password on standard input for a link's password_hash.
func (v *passwdVerb) Run() error {
	password, err := io.ReadAll(io.LimitReader(os.Stdin, 1024))
	if err != nil {
		return err
	}
	hash, err := session.HashPassword(bytes.TrimRight(password, "\r\n"), session.IterationsDefault)
	if err != nil {
		return err
	}
	fmt.Println(hash)
	return nil
}
