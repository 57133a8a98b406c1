package bench

import (
	"fmt"
	"os/exec"
	"slices"
	"time"

	"portcullis/bench/load"
)

// Names of the systems.
const (
	Gate             = "gate"
	Relay            = "relay"
	RelayEpoll       = "relay-epoll"
	QuickfixgoMemory = "quickfixgo-memory"
	QuickfixgoFile   = "quickfixgo-file"
	RelaySplice      = "relay-splice" // on request: the relay with io.Copy's splice
	Direct           = "direct"       // on request: client to venue with nothing between, the instrument's own limit
)

// Baselines are what ratios refer to, in the order of the columns.
func Baselines() []string { return []string{Relay, RelayEpoll, QuickfixgoMemory, QuickfixgoFile} }

// Options says what to measure. The zero value of a field means its default.
type Options struct {
	Systems  []string      // default: Gate, if GateCommand is set, and Baselines
	Modes    []load.Mode   // default: ping-pong, open, the floods; with FlowFile replay in place of open
	Rounds   int           // default 5
	Duration time.Duration // measured time of one phase; default 2 s
	WarmUp   time.Duration // before it, thrown away; default 300 ms
	Rates    []int         // requests per second of the open loop; default 1,000 and 10,000
	Window   int           // requests in flight in the floods, of all participants together; default 256; in crowd 32 of each
	// Participants is how many links bring the flow; default 32 in flood-many, 1,000 in crowd, 1 in the other modes.
	Participants int
	FlowFile     string  // LOBSTER message file; default: the synthetic mix
	Speed        float64 // of a replay, times the file's own; default 1
	Quick        bool    // two short rounds, within 45 s for the default systems
	Pin          bool    // the instrument on CPU 0, the system on the others
	Awake        bool    // no core sleeps: a spinner of the idle class on each

	// GateCommand builds the command that runs the gate on dir/gate.yaml. Nil = no gate.
	GateCommand func(dir string) *exec.Cmd
	// ChildCommand builds the command that ends in ChildMain(name, args). Nil = this program with the
	// hidden verb ChildVerb.
	ChildCommand func(name string, args ...string) *exec.Cmd
	// Progress is told of each phase as it begins. May be nil.
	Progress func(text string)
}

// participantsMany is the default of flood-many: the customers of a small broker.
const participantsMany = 32

// Of crowd: enough in flight of each of a thousand links that each always has more to say.
const (
	participantsCrowd = 1_000
	windowCrowd       = 32
)

const seed = 1 // of the synthetic flow: every run sends the same requests

// complete fills in defaults and refuses what cannot be measured.
func (o *Options) complete() error {
	if o.Quick {
		o.quicken()
	}
	if len(o.Systems) == 0 {
		if o.GateCommand != nil {
			o.Systems = []string{Gate}
		}
		o.Systems = append(o.Systems, Baselines()...)
	}
	for _, name := range o.Systems {
		if !slices.Contains(append(Baselines(), Gate, RelaySplice, Direct), name) {
			return fmt.Errorf("bench: unknown system %q: want gate, relay, relay-epoll, quickfixgo-memory, "+
				"quickfixgo-file, relay-splice or direct", name)
		}
		if name == Gate && o.GateCommand == nil {
			return fmt.Errorf("bench: no command given that runs the gate")
		}
	}
	if len(o.Modes) == 0 {
		o.Modes = []load.Mode{load.PingPong, load.Open, load.Flood, load.FloodMany, load.FloodBatched}
		if o.FlowFile != "" {
			o.Modes[1] = load.Replay
		}
	}
	setDefault(&o.Rounds, 5)
	setDefault(&o.Duration, 2*time.Second)
	setDefault(&o.WarmUp, 300*time.Millisecond)
	setDefault(&o.Window, 256)
	setDefault(&o.Speed, 1)
	if len(o.Rates) == 0 {
		o.Rates = []int{1_000, 10_000}
	}
	if o.Participants < 0 || o.Participants > load.ParticipantsMax {
		return fmt.Errorf("bench: participants must be 1 to %d", load.ParticipantsMax)
	}
	if o.Rounds < 0 || o.Duration < 0 || o.WarmUp < 0 || o.Window < 0 || o.Speed < 0 || slices.Min(o.Rates) <= 0 {
		return fmt.Errorf("bench: rounds, durations, rates, window and speed must be above 0")
	}
	return nil
}

// participants is how many links bring the flow in a mode.
func (o *Options) participants(mode load.Mode) int {
	switch {
	case o.Participants > 0:
		return o.Participants
	case mode == load.FloodMany:
		return participantsMany
	case mode == load.Crowd:
		return participantsCrowd
	}
	return 1
}

// window is how many requests are in flight in a mode.
func (o *Options) window(mode load.Mode) int {
	if mode == load.Crowd {
		return windowCrowd * o.participants(mode)
	}
	return o.Window
}

func (o *Options) quicken() {
	setDefault(&o.Rounds, 2)
	setDefault(&o.Duration, 400*time.Millisecond)
	setDefault(&o.WarmUp, 150*time.Millisecond)
	if len(o.Rates) == 0 {
		o.Rates = []int{1_000}
	}
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func (o *Options) flow() (*load.Flow, string, error) {
	if o.FlowFile == "" {
		f := load.Synthetic(20_000, seed)
		return f, f.Name, nil
	}
	f, c, err := load.ReadLobster(o.FlowFile)
	if err != nil {
		return nil, "", err
	}
	text := fmt.Sprintf("%s: %d lines are %d new, %d cancel, %d replace, %d fills; %d name orders entered before, "+
		"%d are no orders; played over and over", f.Name, c.Lines, c.New, c.Cancel, c.Replace, c.Fill, c.Unknown, c.Ignored)
	return f, text, nil
}
