package audit

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"portcullis/clocksync"
	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/journal"
	"portcullis/risk"
)

var update = flag.Bool("update", false, "write the golden files anew: only where you can say why they change")

// desk writes a journal as a gate does: the sample configuration, a core, and messages that a test
// writes with '|' for SOH. Time stands at a fixed morning and moves 1 ms with each event.
type desk struct {
	t        testing.TB
	dir      string
	cfg      *config.Config
	numbers  *config.Numbers
	journal  *journal.Journal
	core     *core.Core
	d        *core.Decision
	ev       core.Event
	nowNs    int64
	seqOut   map[string]uint64 // next number of the peer on a link
	sent     []string
	payloads map[uint64][]byte
	tamper   func(seq uint64, ev *core.Event, d *core.Decision)
}

const (
	tradeDate = 20261122
	morning   = 1795354200_000000000 // 2026-11-22 13:30:00 UTC
	acme      = "FIX.4.4:GATE->ACME"
	globex    = "FIX.4.4:GATE->GLOBEX"
	xsim      = "FIX.4.4:GATE->XSIM"
	password  = "open-sesame"
)

// smallTables makes tests quick: tables are laid out and hashed in full.
const smallTables = "open_orders: 256\n    executions: 256\n    accounts: 16\n    clients: 8\n    instruments: 16"

// sampleFiles is the sample configuration with small tables, changed by replacements.
func sampleFiles(changes ...string) map[string][]byte {
	files := config.SampleFiles(tradeDate)
	changes = append(changes, "open_orders: 65536", smallTables, "clordids: 1_048_576",
		"clordids: 1024", "# logon: {", "logon: {", "positions.csv    # start", "positions.csv # start")
	text := strings.NewReplacer(changes...).Replace(string(files[config.SampleMain]))
	files[config.SampleMain] = []byte(text)
	return files
}

// openDesk starts a gate's core on the journal in dir, as gate.Open does.
func openDesk(t testing.TB, dir string, nowNs int64, files map[string][]byte) *desk {
	t.Helper()
	w := &desk{t: t, dir: dir, d: new(core.Decision), nowNs: nowNs, seqOut: map[string]uint64{acme: 1, globex: 1, xsim: 1},
		payloads: map[uint64][]byte{}}
	w.cfg = must(config.LoadFiles(files, config.SampleMain))(t)
	w.cfg.Venues[0].Username, w.cfg.Venues[0].Password = "GATE", []byte(password)
	w.journal = must(journal.Open(journal.Options{Dir: dir, TailDir: filepath.Join(t.TempDir(), "tail"),
		SegmentBytes: 1 << 20,
		TailSegments: 4, MaxRecordBytes: 64 << 10}))(t)
	w.numbers = must(config.OpenNumbers(dir))(t)
	check(t, assemble.Assign(w.cfg, w.numbers))
	hash := w.cfg.Hash()
	w.keep(files, hash[:])
	w.core = must(assemble.Core(w.cfg, w.numbers, closes{w}, assemble.Heap))(t)
	f := must(w.journal.Follow(0))(t)
	check(t, assemble.Walk(f, func(r *assemble.Record) error {
		w.core.Apply(&r.Event, &r.Decision)
		return nil
	}))
	check(t, f.Close())
	if w.core.TradeDate() != tradeDate {
		w.command(core.Command{Kind: core.CmdRoll, Target: tradeDate, Reason: "trade date at start"})
	}
	w.event(core.Event{Kind: core.Started, Link: core.NoIndex, Seq: uint64(w.journal.Epoch())})
	w.event(core.Event{Kind: core.Configured, Link: core.NoIndex, Data: hash[:]})
	return w
}

func (w *desk) keep(files map[string][]byte, hash []byte) {
	folder := filepath.Join(w.dir, "config", fmt.Sprintf("%x", hash[:8]))
	check(w.t, os.MkdirAll(folder, 0o750))
	for name := range w.cfg.Files {
		check(w.t, os.WriteFile(filepath.Join(folder, name), files[name], 0o640))
	}
}

func (w *desk) close() {
	w.t.Helper()
	check(w.t, w.numbers.Close())
	check(w.t, w.journal.Close())
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		check(t, err)
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// closes are the previous closes of the configuration, as the price table holds them at start.
type closes struct{ w *desk }

func (c closes) Quote(n uint32, q *risk.Quote) {
	*q = risk.Quote{}
	for _, in := range c.w.cfg.Instruments {
		if number, _ := c.w.numbers.Of(config.InstrumentNumber, in.Symbol); number == n {
			*q = risk.Quote{Close: risk.Price(in.Close), CloseAtNs: morning - 13*3600e9, Has: risk.HasClose}
		}
	}
}

// event takes one event through Decide, the journal and Apply, then the timers that are due.
func (w *desk) event(ev core.Event) {
	w.t.Helper()
	w.step(ev)
	for range 100 {
		if w.core.DueNs() > w.nowNs-morning+1e9 {
			return
		}
		before := len(w.sent)
		w.step(core.Event{Kind: core.Tick, Link: core.NoIndex})
		if len(w.sent) == before && w.d.Empty() && w.core.DueNs() > 0 {
			return
		}
	}
}

func (w *desk) step(ev core.Event) {
	w.t.Helper()
	w.nowNs += 1e6
	w.ev = ev
	p := &w.ev
	p.Request = core.NoIndex
	p.Now = link.Now{UTCNs: w.nowNs, MonoNs: w.nowNs - morning + 1e9}
	p.ClockState, p.BoundNs = uint8(clocksync.Unsynchronised), clocksync.BoundUnknown
	w.core.Decide(p, w.d)
	if !w.d.Empty() {
		w.append(p)
	}
	for i := range w.d.Out.Count {
		w.sent = append(w.sent, readable(w.d.Out.Bytes(i)))
	}
	w.core.Apply(p, w.d)
}

func (w *desk) append(p *core.Event) {
	h := journal.Header{Type: uint16(p.Kind), UTCNs: p.Now.UTCNs, MonoNs: p.Now.MonoNs, Link: p.Link,
		ClockState: p.ClockState, BoundNs: p.BoundNs}
	if w.tamper != nil {
		w.tamper(uint64(len(w.payloads))+1, p, w.d)
	}
	room, ok := w.journal.Reserve(w.core.RecordSize(p, w.d))
	if !ok {
		w.t.Fatal("no room in the journal")
	}
	size := w.core.EncodeRecord(room, p, w.d)
	w.journal.Commit(&h, size)
	w.payloads[h.Seq] = append([]byte(nil), room[:size]...)
}

func (w *desk) command(m core.Command) {
	w.t.Helper()
	m.ID = 1
	if m.Actor == "" {
		m.Actor = "gate"
	}
	w.event(core.Event{Kind: core.CommandGiven, Link: core.NoIndex, Data: m.Append(nil)})
}

func (w *desk) number(kind config.Kind, name string) uint32 {
	n, ok := w.numbers.Of(kind, name)
	if !ok {
		w.t.Fatalf("no %s %s", kind, name)
	}
	return n
}

// from gives the core a message of a peer; body starts with 35=.
func (w *desk) from(l, body string) {
	w.t.Helper()
	w.sent = w.sent[:0]
	msgType, rest, _ := strings.Cut(body, "|")
	var stamp fix.Stamper
	text := fmt.Sprintf("%s|34=%d|49=%s|52=%s|56=GATE|%s", msgType, w.seqOut[l], strings.TrimPrefix(l, "FIX.4.4:GATE->"),
		stamp.Append(nil, w.nowNs, fix.Micros), rest)
	w.seqOut[l]++
	text = strings.ReplaceAll(text, "|", "\x01")
	head := fmt.Sprintf("8=FIX.4.4\x019=%d\x01", len(text))
	data := fmt.Appendf(nil, "%s%s10=%03d\x01", head, text, fix.CheckSum([]byte(head+text)))
	w.event(core.Event{Kind: core.Message, Link: w.number(config.LinkNumber, l), Conn: 1, Data: data})
}

// logon brings every link up.
func (w *desk) logon() {
	w.t.Helper()
	for _, l := range []string{acme, globex, xsim} {
		w.event(core.Event{Kind: core.Admitted, Link: w.number(config.LinkNumber, l), Conn: 1})
		extra := ""
		if l == acme {
			extra = "553=acme|554=" + password + "|" // as if admission had let it through
		}
		w.from(l, "35=A|98=0|108=30|"+extra)
	}
	for _, s := range w.sent {
		if id := tagOf(s, "112"); id != "" {
			w.from(xsim, "35=0|112="+id+"|")
			break
		}
	}
	if phase := w.core.Phase(w.number(config.LinkNumber, xsim)); phase != link.Up {
		w.t.Fatalf("venue's line is %v", phase)
	}
}

// tagOf is the value of a tag in a message written with '|'.
func tagOf(text, tag string) string {
	for _, f := range strings.Split(text, "|") {
		if v, ok := strings.CutPrefix(f, tag+"="); ok {
			return v
		}
	}
	return ""
}

// order sends a message that the gate forwards, and returns the id that the venue gets.
func (w *desk) order(l, body string) string {
	w.t.Helper()
	w.from(l, body+"60=20261122-13:30:00.000|")
	for _, s := range w.sent {
		if tagOf(s, "56") == "XSIM" {
			return tagOf(s, "11")
		}
	}
	w.t.Fatalf("%s did not reach the venue: %v", body, w.sent)
	return ""
}

// report is an ExecutionReport of the venue about one of our ids.
func (w *desk) report(id, body string) {
	w.t.Helper()
	w.from(xsim, "35=8|11="+id+"|"+body)
}

// hashes are those of the configuration and of the tables: they change with the sample's wording and
// with the layout of a table, which is no change of what is printed.
var hashes = regexp.MustCompile(`\b[0-9a-f]{16}\b`)

// golden compares what a verb printed with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = hashes.ReplaceAllString(got, "HASH")
	path := filepath.Join("testdata", name)
	if *update {
		check(t, os.MkdirAll("testdata", 0o755))
		check(t, os.WriteFile(path, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	check(t, err)
	if got != string(want) {
		t.Errorf("%s: what is printed has changed (-update writes it anew):\n%s", path, firstChange(string(want), got))
	}
}

func firstChange(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(a), len(b)) {
		x, y := "(nothing)", "(nothing)"
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return fmt.Sprintf("line %d\n  want %s\n  got  %s", i+1, x, y)
		}
	}
	return ""
}
