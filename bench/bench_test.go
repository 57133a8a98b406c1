package bench

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"portcullis/bench/load"
	"portcullis/bench/relay"
	"portcullis/gate"
	"portcullis/gate/config"
)

// The test binary is also the program that runs the baselines and the gate.
func TestMain(m *testing.M) {
	if len(os.Args) < 4 || os.Args[1] != ChildVerb {
		os.Exit(m.Run())
	}
	if name, args := os.Args[2], os.Args[3:]; name != Gate {
		os.Exit(ChildMain(name, args))
	} else if err := runGate(args[0]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func gateCommand(dir string) *exec.Cmd { return selfCommand(Gate, dir) }

// runGate is `gate run` on the configuration in dir.
func runGate(dir string) error {
	cfg, err := config.Load(filepath.Join(dir, GateFile))
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	g, err := gate.Open(cfg, gate.Options{Log: zerolog.New(os.Stderr)})
	if err != nil {
		return err
	}
	return g.Run(ctx)
}

// Each mode, through a relay in this process and with nothing in between: all requests are answered, none
// refused, and each answer is one recorded latency.
func TestHarness(t *testing.T) {
	flow := load.Synthetic(1_000, 1)
	file, _, err := load.ReadLobster("load/testdata/xyz-2031-03-04-sample.csv")
	if err != nil {
		t.Fatal(err)
	}
	const duration = 60 * time.Millisecond
	for name, c := range map[string]struct {
		flow         *load.Flow
		phase        load.Phase
		participants int
	}{
		"ping-pong":         {flow, load.Phase{Mode: load.PingPong}, 1},
		"ping-pong of many": {flow, load.Phase{Mode: load.PingPong}, 5},
		"open":              {flow, load.Phase{Mode: load.Open, Rate: 2_000}, 1},
		"open, of many":     {flow, load.Phase{Mode: load.Open, Rate: 2_000}, 5},
		"flood":             {flow, load.Phase{Mode: load.Flood, Window: 64}, 1},
		"flood of one":      {flow, load.Phase{Mode: load.Flood, Window: 1}, 1},
		"flood of many":     {flow, load.Phase{Mode: load.FloodMany, Window: 64}, 32},
		"batched, of many":  {flow, load.Phase{Mode: load.FloodBatched, Window: 64}, 5},
		"replay":            {file, load.Phase{Mode: load.Replay, Speed: 2}, 1},
		"file, flood":       {file, load.Phase{Mode: load.Flood, Window: 16}, 1},
		"file, of many":     {file, load.Phase{Mode: load.FloodMany, Window: 16}, 3},
		"file ping-pong":    {file, load.Phase{Mode: load.PingPong}, 1},
	} {
		for _, through := range []string{Direct, Relay} {
			t.Run(name+" "+through, func(t *testing.T) {
				h := connected(t, c.flow, through, c.participants)
				c.phase.WarmUp, c.phase.Duration = duration/4, duration
				r, err := h.Run(c.phase)
				if err != nil {
					t.Fatal(err)
				}
				if r.VenueLinks != c.participants {
					t.Errorf("%d connections to the venue of %d participants", r.VenueLinks, c.participants)
				}
				if r.Refused != 0 || r.Unanswered != 0 || r.Fills == 0 {
					t.Errorf("%d answered, %d refused (%s), %d unanswered, %d fills",
						r.Answered, r.Refused, r.Refusal, r.Unanswered, r.Fills)
				}
				// The answers around both ends of the window may fall on its other side.
				edge := int64(max(c.phase.Window, 1) + 64)
				if n := r.Latency.TotalCount(); n < int64(r.Answered)-edge || n > int64(r.Answered)+edge {
					t.Errorf("%d latencies of %d answers", n, r.Answered)
				}
			})
		}
	}
}

func connected(t *testing.T, flow *load.Flow, through string, participants int) *load.Harness {
	t.Helper()
	h, err := load.New(flow, identities(participants))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	address := h.VenueAddr()
	if through == Relay {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ln.Close() })
		go relay.Serve(ln, h.VenueAddr())
		address = ln.Addr().String()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := h.Connect(ctx, address); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestPhaseThatCannotBeMeasured(t *testing.T) {
	for name, phase := range map[string]load.Phase{
		"no mode":              {},
		"open without rate":    {Mode: load.Open},
		"flood without window": {Mode: load.Flood},
		"window too large":     {Mode: load.Flood, Window: 1 << 20},
		"synthetic replay":     {Mode: load.Replay, Speed: 1},
	} {
		h := connected(t, load.Synthetic(100, 1), Direct, 1)
		if _, err := h.Run(phase); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestConnectGivesUp(t *testing.T) {
	for _, n := range []int{0, load.ParticipantsMax + 1} {
		if _, err := load.New(load.Synthetic(100, 1), identities(n)); err == nil {
			t.Errorf("%d participants: no error", n)
		}
	}
	h, err := load.New(load.Synthetic(100, 1), identities(1))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := h.Connect(ctx, "127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "127.0.0.1:1") {
		t.Errorf("error %v, want one that names the address", err)
	}
}

// All baselines as processes of their own, through Run.
func TestRunBaselines(t *testing.T) {
	report, err := Run(Options{
		Modes: []load.Mode{load.PingPong}, Rounds: 1, Duration: 200 * time.Millisecond, WarmUp: 10 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Results) != len(Baselines()) {
		t.Fatalf("%d results, want one per baseline", len(report.Results))
	}
	for i, name := range Baselines() {
		r := report.Results[i]
		if r.Name != name || r.Answered == 0 || r.Refused != 0 || r.CPUNs <= 0 || r.quantile(50) <= 0 {
			t.Errorf("%s: %s answered %d, refused %d (%s), CPU %d ns", name, r.Name, r.Answered, r.Refused, r.Refusal, r.CPUNs)
		}
	}
}

// Many participants through every system as a process of its own: what they counted is what the venue counted, so
// no order was lost and none was sent twice. The gates bring all of them to one venue link.
func TestFloodManyThroughEverySystem(t *testing.T) {
	o := Options{GateCommand: gateCommand, Duration: 100 * time.Millisecond, WarmUp: 20 * time.Millisecond, Window: 64}
	if err := o.complete(); err != nil {
		t.Fatal(err)
	}
	venueLinks := map[string]int{
		Gate: 1, QuickfixgoMemory: 1, QuickfixgoFile: 1, Relay: participantsMany, RelayEpoll: participantsMany,
	}
	flow := load.Synthetic(1_000, seed)
	for _, name := range o.Systems {
		t.Run(name, func(t *testing.T) {
			r, err := measure(&o, name, flow, load.Phase{
				Mode: load.FloodMany, Window: o.Window, WarmUp: o.WarmUp, Duration: o.Duration,
			})
			if err != nil {
				t.Fatal(err)
			}
			if r.Refused != 0 || r.Unanswered != 0 || r.VenueLinks != venueLinks[name] {
				t.Errorf("%d refused (%s), %d unanswered, %d connections to the venue, want %d",
					r.Refused, r.Refusal, r.Unanswered, r.VenueLinks, venueLinks[name])
			}
			passed := r.Participants
			passed.Requests, passed.Refused = passed.Requests-passed.Refused, 0 // while the system started
			if passed != r.Venue || passed.Requests == 0 || passed.Fills == 0 {
				t.Errorf("the participants counted %+v, the venue %+v", r.Participants, r.Venue)
			}
		})
	}
}

// A system that does not start, or ends at once, is a failure with its own words, not a missing line.
func TestRunReportsFailures(t *testing.T) {
	o := Options{
		Systems: []string{Relay}, Modes: []load.Mode{load.Flood}, Rounds: 1, Duration: time.Millisecond,
		ChildCommand: func(string, ...string) *exec.Cmd { return exec.Command("/bin/sh", "-c", "echo no disk >&2; exit 3") },
	}
	report, err := Run(o)
	if err == nil || len(report.Failures) != 1 || !strings.Contains(report.Failures[0], "no disk") {
		t.Errorf("error %v, failures %q", err, report.Failures)
	}
	o = Options{
		Systems: []string{Gate}, Modes: []load.Mode{load.Flood}, Rounds: 1, Duration: time.Millisecond,
		GateCommand: func(dir string) *exec.Cmd {
			return exec.Command("/bin/sh", "-c", "yes a warning | head -n 1000 >&2; echo no journal for $0 >&2; exit 3", dir)
		},
	}
	report, err = Run(o)
	if err == nil || len(report.Failures) != 1 || !strings.Contains(report.Failures[0], "no journal for") {
		t.Errorf("error %v, failures %q", err, report.Failures)
	}
	for name, o := range map[string]Options{
		"unknown system":     {Systems: []string{"rely"}},
		"gate not given":     {Systems: []string{Gate}},
		"missing flow":       {FlowFile: "testdata/none.csv"},
		"negative durations": {Duration: -1},
		"rate 0":             {Rates: []int{0}},
		"no participants":    {Participants: -1},
		"too many":           {Participants: load.ParticipantsMax + 1},
	} {
		if _, err := Run(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// A quick run begins no phase that might not end in time, and says so.
func TestQuickEndsInTime(t *testing.T) {
	o := Options{Systems: []string{Direct}, Modes: []load.Mode{load.PingPong}, Quick: true, Duration: time.Millisecond}
	if err := o.complete(); err != nil {
		t.Fatal(err)
	}
	flow := load.Synthetic(100, seed)
	r := run{o: &o, flow: flow, phases: o.phases(flow), endBy: time.Now().Add(time.Minute), longest: time.Second,
		report: Report{Results: make([]Result, 1)}}
	if !r.round(0) || len(r.report.Results[0].rounds) != 1 {
		t.Errorf("with time left, a phase was not measured: %v", r.report.Failures)
	}
	r.endBy = time.Now().Add(time.Second / 2)
	if r.round(1) || len(r.report.Results[0].rounds) != 1 {
		t.Error("a phase was begun that takes longer than the time that is left")
	}
	if got := strings.Join(r.report.Conditions, "\n"); !strings.Contains(got, "stopped in round 2 before ping-pong") {
		t.Errorf("conditions: %s", got)
	}
}

func TestGateConfiguration(t *testing.T) {
	dir := t.TempDir()
	flow := load.Synthetic(100, 1)
	address, err := writeGate(dir, "/dev/shm/t", "127.0.0.1:4711", flow, 2, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(address, ":")
	for file, wants := range map[string][]string{
		GateFile: {"clordids: 1500000", `tail: "/dev/shm/t"`, "name: BENCH", "link: FIX.4.4:GATE->CLIENT1",
			"link: FIX.4.4:GATE->CLIENT2", "link: FIX.4.4:GATE->VENUE"},
		"participants.cfg": {"SocketAcceptPort=" + port, "TargetCompID=CLIENT1", "TargetCompID=CLIENT2"},
		"venues.cfg":       {"SocketConnectPort=4711", "TargetCompID=VENUE"},
		"instruments.csv":  {"BNCA,stock,USD,1,1,0.01,1,,N,N"},
		"prices.csv":       {"BNCB,30,"},
	} {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s lacks %q:\n%s", file, want, text)
			}
		}
		if strings.Contains(string(text), "%!") {
			t.Errorf("%s has a broken format:\n%s", file, text)
		}
	}
	cfg, err := config.Load(filepath.Join(dir, GateFile))
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Links) != 2 || len(cfg.Clients) != 2 || len(cfg.Accounts) != 3 || len(cfg.Warnings) > len(cfg.Links) {
		t.Errorf("%d links, %d clients, %d accounts; warnings %q",
			len(cfg.Links), len(cfg.Clients), len(cfg.Accounts), cfg.Warnings)
	}
}

func TestConditionsSayWhatTheFiguresDependOn(t *testing.T) {
	o := Options{Pin: true, Awake: true}
	if err := o.complete(); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(conditions(&o, "a flow", &stalls{gaps: []int64{5_000_000}, lasted: 1_000_000_000}), "\n")
	for _, want := range []string{
		"cores", "kernel", "go1.", "durability", "participants: 32 in flood-many, 1 in the other modes", "buffer of 32 KiB",
		"alone, before the first round", "70 µs", "between 10 and 40 µs", "a flow", "pinned", "awake",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("conditions lack %q:\n%s", want, text)
		}
	}
}

// The CPU time of another process is read in ns and grows with its work, its children's included.
func TestCPUOfAFamily(t *testing.T) {
	const work = "(i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo done; sleep 60) & wait"
	cmd := exec.Command("/bin/sh", "-c", work)
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout = in
	p := &process{cmd: cmd}
	if err := p.start(false); err != nil {
		t.Fatal(err)
	}
	in.Close()
	if _, err := out.Read(make([]byte, 16)); err != nil {
		t.Fatal(err)
	}
	pids := family(cmd.Process.Pid)
	if len(pids) < 2 {
		t.Errorf("family %v lacks the child", pids)
	}
	if all, parent := cpuNs(pids), cpuNs(pids[:1]); all < 1e6 || parent >= all {
		t.Errorf("family used %d ns, its parent %d ns", all, parent)
	}
	for _, pid := range pids[1:] {
		if child, err := os.FindProcess(pid); err == nil {
			_ = child.Kill()
		}
	}
	p.stop()
}
