package verbs

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"portcullis/bench"
	"portcullis/bench/load"
)

type benchVerbs struct {
	Flow benchVerb     `cmd:"" default:"withargs" help:"Measure the gate beside a plain relay and a gate on quickfixgo."`
	Kill benchKillVerb `cmd:"" help:"Measure the kill switch under full load; fails if an order follows a kill."`
}

type benchKillVerb struct {
	Duration     time.Duration `default:"20s" help:"How long the flood lasts; the firm is killed after three quarters of it."`
	Participants int           `help:"Participant links that bring the flood: 32 where not given."`
	Window       int           `help:"Requests in flight, of all participants together."`
	Pin          bool          `help:"Load generator and venue on CPU 0, the gate on the others."`
}

// Run measures how soon a kill is in force in a flood, and that no order follows it.
func (v *benchKillVerb) Run() error {
	report, err := bench.Kill(bench.Options{Duration: v.Duration, Participants: v.Participants, Window: v.Window, Pin: v.Pin,
		GateCommand: benchGate("")})
	if err != nil {
		return err
	}
	return errors.Join(report.Write(os.Stdout), report.Fails())
}

// benchGate is the command that runs this program's gate on the files in a folder.
func benchGate(profile string) func(dir string) *exec.Cmd {
	return func(dir string) *exec.Cmd {
		args := []string{"run", "-c", filepath.Join(dir, bench.GateFile)}
		if profile != "" {
			args = append(args, "--cpu-profile", profile)
		}
		return self(args...)
	}
}

type benchVerb struct {
	Quick        bool          `help:"Two short rounds, within 45 seconds."`
	JSON         bool          `help:"Print the results as one line of JSON last."`
	System       []string      `help:"Systems to measure: gate, relay, relay-epoll, quickfixgo-memory, quickfixgo-file, relay-splice, direct."`
	Mode         []string      `help:"Modes: ping-pong, open, flood, flood-many, flood-batched, replay; crowd, on request: what one link has of 999 that flood."`
	Rounds       int           `help:"Rounds; systems take turns in each."`
	Duration     time.Duration `help:"Measured time of one phase."`
	Rate         []int         `help:"Requests per second of the open loop."`
	Window       int           `help:"Requests in flight in the floods, of all participants together."`
	Participants int           `help:"Participant links that bring the flow: 32 in flood-many, 1,000 in crowd, 1 in the other modes, where not given."`
	Flow         string        `help:"LOBSTER message file to replay in place of the synthetic mix." type:"existingfile"`
	Speed        float64       `help:"Speed of a replay, times the file's own."`
	Pin          bool          `help:"Load generator and venue on CPU 0, the system under test on the others."`
	Awake        bool          `help:"Keep idle cores from sleeping."`
	Profile      string        `name:"gate-cpu-profile" help:"Write a CPU profile of the gate's last phase to this file." type:"path"`
}

// Run measures the gate and the baselines in processes of their own, in interleaved rounds.
func (v *benchVerb) Run() error {
	report, err := bench.Run(bench.Options{
		Systems: v.System, Modes: modes(v.Mode), Rounds: v.Rounds, Duration: v.Duration, Rates: v.Rate, Window: v.Window,
		Participants: v.Participants, FlowFile: v.Flow,
		Speed: v.Speed, Quick: v.Quick, Pin: v.Pin, Awake: v.Awake,
		GateCommand: benchGate(v.Profile),
		Progress:    func(text string) { fmt.Fprintln(os.Stderr, text) },
	})
	if tableErr := report.WriteTable(os.Stdout); tableErr != nil || !v.JSON {
		return errors.Join(err, tableErr)
	}
	return errors.Join(err, report.WriteJSON(os.Stdout))
}

func modes(names []string) (list []load.Mode) {
	for _, name := range names {
		list = append(list, load.Mode(name))
	}
	return list
}

// benchChildVerb runs a baseline; the bench starts it.
type benchChildVerb struct {
	Name string   `arg:""`
	Args []string `arg:"" optional:""`
}

func (v *benchChildVerb) Run() error {
	if code := bench.ChildMain(v.Name, v.Args); code != 0 {
		os.Exit(code)
	}
	return nil
}
