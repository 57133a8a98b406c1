package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	hdrhistogram "github.com/HdrHistogram/hdrhistogram-go"

	"portcullis/bench/load"
	"portcullis/bench/relay"
)

// The test binary is also the program that runs the baselines.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == ChildVerb {
		os.Exit(ChildMain(os.Args[2], os.Args[3:]))
	}
	os.Exit(m.Run())
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
		flow  *load.Flow
		phase load.Phase
	}{
		"ping-pong":      {flow, load.Phase{Mode: load.PingPong}},
		"open":           {flow, load.Phase{Mode: load.Open, Rate: 2_000}},
		"flood":          {flow, load.Phase{Mode: load.Flood, Window: 64}},
		"flood of one":   {flow, load.Phase{Mode: load.Flood, Window: 1}},
		"replay":         {file, load.Phase{Mode: load.Replay, Speed: 2}},
		"file, flood":    {file, load.Phase{Mode: load.Flood, Window: 16}},
		"file ping-pong": {file, load.Phase{Mode: load.PingPong}},
	} {
		for _, through := range []string{Direct, Relay} {
			t.Run(name+" "+through, func(t *testing.T) {
				h := connected(t, c.flow, through)
				c.phase.WarmUp, c.phase.Duration = duration/4, duration
				r, err := h.Run(c.phase)
				if err != nil {
					t.Fatal(err)
				}
				if r.Answered == 0 || r.Refused != 0 || r.Unanswered != 0 || r.Fills == 0 {
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

func connected(t *testing.T, flow *load.Flow, through string) *load.Harness {
	t.Helper()
	h, err := load.New(flow, identity)
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
		h := connected(t, load.Synthetic(100, 1), Direct)
		if _, err := h.Run(phase); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestConnectGivesUp(t *testing.T) {
	h, err := load.New(load.Synthetic(100, 1), identity)
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
		Modes: []load.Mode{load.PingPong}, Rounds: 1, Duration: 40 * time.Millisecond, WarmUp: 10 * time.Millisecond,
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
			return exec.Command("/bin/sh", "-c", "echo no journal for $0 >&2; exit 3", dir)
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
	} {
		if _, err := Run(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestGateConfiguration(t *testing.T) {
	dir := t.TempDir()
	flow := load.Synthetic(100, 1)
	address, err := writeGate(dir, "/dev/shm/t", "127.0.0.1:4711", flow, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(address, ":")
	for file, wants := range map[string][]string{
		GateFile:           {"clordids: 1500000", `tail: "/dev/shm/t"`, "link: FIX.4.4:GATE->CLIENT", "link: FIX.4.4:GATE->VENUE", "name: BENCH"},
		"participants.cfg": {"SocketAcceptPort=" + port, "TargetCompID=CLIENT"},
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
}

// sampleReport has figures that can be followed by hand.
func sampleReport() Report {
	result := func(name string, mode load.Mode, rate int, p50 int64, orders, cpu int64, rounds ...float64) Result {
		h := hdrhistogram.New(1, 1e9, 3)
		_ = h.RecordValues(p50, 98)
		_ = h.RecordValues(20*p50, 2)
		return Result{Name: name, Mode: mode, Rate: rate, Latency: h, Answered: uint64(orders), ElapsedNs: 1e9,
			CPUNs: orders * cpu, rounds: rounds}
	}
	report := Report{
		Conditions: []string{"a machine", "a flow"},
		Results: []Result{
			result(Gate, load.PingPong, 0, 10_000, 50_000, 13_000, 9_000, 10_000, 11_000),
			result(Relay, load.PingPong, 0, 20_000, 25_000, 18_500, 20_000),
			result(QuickfixgoFile, load.PingPong, 0, 2_000_000, 500, 900_000, 2e6),
			result(Gate, load.Open, 10_000, 15_000, 9_000, 14_000, 15_000),
			result(Gate, load.Flood, 0, 300_000, 640_000, 999, 640_000),
			result(Relay, load.Flood, 0, 500_000, 320_000, 1_500, 320_000),
		},
		Failures: []string{"relay-epoll, flood, round 1: lost"},
	}
	report.Results[4].Refused, report.Results[4].Refusal = 3, "VENUE_BUSY"
	return report
}

func TestTable(t *testing.T) {
	want, err := os.ReadFile("testdata/table.txt")
	if err != nil {
		t.Fatal(err)
	}
	report := sampleReport()
	var b strings.Builder
	if err := report.WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	got, rest, _ := strings.Cut(b.String(), "\ngate in ")
	if got != string(want) {
		t.Errorf("table:\n%s\nwant:\n%s", got, want)
	}
	for _, want := range []string{
		"ping-pong, divided by\n  relay               p50 0.50x    p99 0.50x    orders/s 2.00x    CPU/order 0.70x",
		"quickfixgo-file     p50 0.0050x",
		"FAILED relay-epoll, flood, round 1: lost",
	} {
		if !strings.Contains(rest, want) {
			t.Errorf("missing %q in:\n%s", want, rest)
		}
	}
}

func TestJSON(t *testing.T) {
	report := sampleReport()
	var b bytes.Buffer
	if err := report.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b.Bytes(), []byte("\n")); n != 1 {
		t.Errorf("%d lines, want one", n)
	}
	var got struct {
		Results []map[string]any `json:"results"`
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Results) != len(report.Results) {
		t.Fatalf("%d results", len(got.Results))
	}
	want := map[string]any{"name": "gate", "mode": "open", "rate": 1e4, "p50_ns": 15_000.0, "p99_ns": 300_031.0,
		"p999_ns": 300_031.0, "orders_per_s": 9e3, "cpu_ns_per_order": 14e3}
	for key, value := range want {
		if text, ok := value.(string); ok && got.Results[3][key] != text {
			t.Errorf("%s is %v, want %v", key, got.Results[3][key], value)
		}
		// The histogram keeps three digits.
		if number, ok := value.(float64); ok {
			if x, _ := got.Results[3][key].(float64); x < 0.999*number || x > 1.001*number {
				t.Errorf("%s is %v, want %v", key, got.Results[3][key], value)
			}
		}
	}
	if len(got.Results[3]) != len(want) {
		t.Errorf("keys %v", got.Results[3])
	}
	empty := Report{}
	b.Reset()
	if err := empty.WriteJSON(&b); err != nil || b.String() != "{\"results\":[]}\n" {
		t.Errorf("an empty report is %q, %v", b.String(), err)
	}
}

func TestConditionsSayWhatTheFiguresDependOn(t *testing.T) {
	o := Options{Pin: true, Awake: true}
	if err := o.complete(); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(conditions(&o, "a flow"), "\n")
	for _, want := range []string{
		"cores", "kernel", "go1.", "durability", "70 µs", "between 10 and 40 µs", "a flow", "pinned", "awake",
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
