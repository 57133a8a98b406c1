package audit

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/journal"
	"portcullis/risk"
)

// day is a morning's trade: an order filled in part, replaced and cancelled; refusals of several
// kinds; a market order; a fill of an order nobody knows; a kill; a restart.
func day(t *testing.T) *desk {
	w := openDesk(t, t.TempDir(), morning, sampleFiles())
	w.logon()
	id := w.order(acme, "35=D|11=A-1|1=ACME-1|55=AAPL|54=1|38=1000|40=2|44=188.10|59=0|")
	w.report(id, "37=V1|17=E1|150=0|39=0|55=AAPL|54=1|38=1000|44=188.10|14=0|151=1000|6=0|")
	w.report(id, "37=V1|17=E2|150=F|39=1|55=AAPL|54=1|38=1000|32=400|31=188.00|14=400|151=600|6=188|")
	id2 := w.order(acme, "35=G|11=A-2|41=A-1|1=ACME-1|55=AAPL|54=1|38=1100|40=2|44=188.20|59=0|")
	w.report(id2, "41="+id+"|37=V1|17=E3|150=5|39=1|55=AAPL|54=1|38=1100|44=188.20|14=400|151=700|6=188|")
	w.from(acme, "35=D|11=R-1|1=ACME-1|55=AAPL|54=1|38=100|40=2|44=250|59=0|60=20261122-13:30:00|") // collar
	w.from(acme, "35=D|11=A-1|1=ACME-1|55=AAPL|54=1|38=100|40=2|44=188|59=0|60=20261122-13:30:00|") // duplicate
	w.from(acme, "35=D|11=R-2|1=ACME-1|55=AAPL|54=2|38=900|40=2|44=188|59=0|60=20261122-13:30:00|") // sells more than held
	w.from(globex, "35=D|11=A-1|1=GLOBEX-1|55=MSFT|54=1|38=900|40=2|44=412|59=0|60=20261122-13:30:00|")
	m := w.order(acme, "35=D|11=A-3|1=ACME-HEDGE|55=MSFT|54=1|38=100|40=1|59=0|")
	w.report(m, "37=V2|17=E4|150=0|39=0|55=MSFT|54=1|38=100|14=0|151=100|6=0|")
	g := w.order(globex, "35=D|11=G-1|1=GLOBEX-1|55=MSFT|54=1|38=50|40=2|44=411.5|59=1|")
	w.report(g, "37=V3|17=E5|150=0|39=0|55=MSFT|54=1|38=50|44=411.5|14=0|151=50|6=0|")
	w.from(xsim, "35=8|11=NOBODY|37=V9|17=E6|150=F|39=2|55=SPY|54=2|38=10|32=10|31=505|14=10|151=0|6=505|")
	w.from(acme, "35=F|11=A-4|41=A-2|1=ACME-1|55=AAPL|54=1|38=1100|60=20261122-13:30:00|")
	w.report(tagOf(strings.Join(w.sent, " "), "11"),
		"41="+id2+"|37=V1|17=E7|150=4|39=4|55=AAPL|54=1|38=1100|14=400|151=0|6=188|")
	w.command(core.Command{Kind: core.CmdKill, Scope: risk.ScopeAccount,
		Index: w.number(config.AccountNumber, "ACME-HEDGE"), Reason: "fat finger", Actor: "mallory", UID: 501, PID: 4711})
	w.from(acme, "35=D|11=R-3|1=ACME-HEDGE|55=MSFT|54=1|38=1|40=2|44=412|59=0|60=20261122-13:30:00|") // killed
	return w
}

// closedDay is the journal of a day whose gate has ended.
func closedDay(t *testing.T) *Journal {
	w := day(t)
	w.close()
	return must(Open(w.dir))(t)
}

// shown replaces what differs from run to run.
func shown(j *Journal, text string) string { return strings.ReplaceAll(text, j.Dir(), "JOURNAL") }

func TestTail(t *testing.T) {
	j := closedDay(t)
	for name, o := range map[string]TailOptions{
		"tail.txt":        {},
		"tail-json.txt":   {From: 12, Link: xsim, Last: 3, JSON: true},
		"tail-globex.txt": {Link: globex, Last: 2},
	} {
		var out bytes.Buffer
		check(t, j.Tail(context.Background(), &out, o))
		golden(t, name, out.String())
		if strings.Contains(out.String(), password) {
			t.Errorf("%s shows a password", name)
		}
	}
	err := j.Tail(context.Background(), io.Discard, TailOptions{Link: "NOBODY"})
	if err == nil || !strings.Contains(err.Error(), acme) {
		t.Errorf("an unknown link: %v", err)
	}
}

// TestNoSecretInTheJournal: the venue's password is overwritten before the record is appended.
func TestNoSecretInTheJournal(t *testing.T) {
	w := openDesk(t, t.TempDir(), morning, sampleFiles())
	defer w.close()
	w.event(core.Event{Kind: core.Admitted, Link: w.number(config.LinkNumber, xsim), Conn: 1})
	logons := 0
	for seq, payload := range w.payloads {
		if bytes.Contains(payload, []byte(password)) {
			t.Errorf("record %d holds the password", seq)
		}
		if bytes.Contains(payload, []byte("\x01554=***********\x01")) {
			logons++
		}
	}
	if logons != 1 {
		t.Errorf("%d logons with an overwritten password, want 1", logons)
	}
}

// TestReplayAgrees: every record, and the state at the end: that of the gate which wrote it.
func TestReplayAgrees(t *testing.T) {
	w := day(t)
	w.close()
	j := must(Open(w.dir))(t)
	var out bytes.Buffer
	r, err := j.Replay(&out, DifferencesShown)
	if live := stateHash(w.core); live != r.Hash {
		t.Errorf("state %016x, the gate's was %016x", r.Hash, live)
	}
	if err != nil || r.Records < 30 || r.Agree != r.Records || r.StateDiffer {
		t.Errorf("%+v, %v\n%s", r, err, out.String())
	}
}

// TestReplayOverRestarts: later runs with other limits are judged by their own.
func TestReplayOverRestarts(t *testing.T) {
	w := day(t)
	w.close()
	next := openDesk(t, w.dir, w.nowNs, sampleFiles("order_qty_max: 10_000", "order_qty_max: 50",
		"open_orders: 65536", strings.ReplaceAll(smallTables, "256", "300")))
	next.seqOut = w.seqOut
	next.logon()
	next.from(acme, "35=D|11=B-1|1=ACME-1|55=AAPL|54=1|38=60|40=2|44=188|59=0|60=20261122-13:30:00|") // now too large
	next.close()
	third := openDesk(t, w.dir, next.nowNs, sampleFiles())
	third.close()
	j := must(Open(w.dir))(t)
	var out bytes.Buffer
	r, err := j.Replay(&out, DifferencesShown)
	if err != nil || r.Differences != 0 {
		t.Errorf("%+v, %v\n%s", r, err, out.String())
	}
	out.Reset()
	check(t, j.Why(&out, "B-1", ""))
	if !strings.Contains(out.String(), "QTY_TOO_LARGE") {
		t.Errorf("the later limit did not judge:\n%s", out.String())
	}
	s := must(j.Load(true))(t)
	check(t, s.Exposure(io.Discard, must(s.ParseScope("firm"))(t), true))
}

// TestReplayOverNewNames: what a run did to each row of its tables is judged again with as many rows, whatever accounts came
// later.
func TestReplayOverNewNames(t *testing.T) {
	w := day(t)
	w.close()
	low := []string{"long_max: 50_000", "long_max: 1"}
	for _, changes := range [][]string{low, append(low, "accounts:\n", "accounts:\n  - {name: ACME-NEW, client: ACME}\n"), low} {
		next := openDesk(t, w.dir, w.nowNs+1e9, sampleFiles(changes...))
		for range 200 {
			next.event(core.Event{Kind: core.Tick, Link: core.NoIndex})
		}
		next.close()
		w = next
	}
	var out bytes.Buffer
	r, err := must(Open(w.dir))(t).Replay(&out, DifferencesShown)
	if err != nil || r.Differences != 0 {
		t.Errorf("%+v, %v\n%s", r, err, out.String())
	}
	out.Reset()
	check(t, must(Open(w.dir))(t).Tail(t.Context(), &out, TailOptions{}))
	if text := out.String(); !strings.Contains(text, "OVERSHOOT LONG_POSITION of ACME-1") || strings.Contains(text, "of ACME-NEW") {
		t.Errorf("want what ACME-1 has above its limit, and nothing of an account that has nothing:\n%s", text)
	}
}

// TestReplayFindsAFlippedVerdict: one record says that a sale beyond the position was refused for
// another reason than it was.
func TestReplayFindsAFlippedVerdict(t *testing.T) {
	w := openDesk(t, t.TempDir(), morning, sampleFiles())
	w.logon()
	w.tamper = func(_ uint64, ev *core.Event, d *core.Decision) {
		if d.Reason == risk.ShortPositionExceeded {
			d.Reason = risk.SymbolHalted
		}
	}
	w.from(acme, "35=D|11=R-2|1=ACME-1|55=AAPL|54=2|38=900|40=2|44=188|59=0|60=20261122-13:30:00|")
	w.order(acme, "35=D|11=A-1|1=ACME-1|55=AAPL|54=1|38=1000|40=2|44=188.10|59=0|")
	w.close()
	j := must(Open(w.dir))(t)
	var out bytes.Buffer
	r, err := j.Replay(&out, DifferencesShown)
	if !errors.Is(err, ErrDiffers) || r.Differences != 1 || r.StateDiffer {
		t.Errorf("%+v, %v", r, err)
	}
	golden(t, "replay-flipped.txt", shown(j, out.String()))
}

func TestWhy(t *testing.T) {
	j := closedDay(t)
	var tail bytes.Buffer
	check(t, j.Tail(context.Background(), &tail, TailOptions{Link: xsim}))
	venueID := ""
	for _, line := range strings.Split(tail.String(), "\n") {
		if strings.Contains(line, "out") && tagOf(line, "38") == "1100" && venueID == "" {
			venueID = tagOf(line, "11")
		}
	}
	for _, c := range []struct{ name, id, link, want string }{
		{"why-replaced.txt", "A-2", "", ""},
		{"", "V1", "", "A-1"},                  // the venue's OrderID
		{"", "XSIM-E2", "", "A-1"},             // ExecID toward the client
		{"", "E2", "", "A-1"},                  // ExecID of the venue
		{"", venueID, "", "A-1"},               // id toward the venue
		{"why-collar.txt", "R-1", "", ""},      // refused
		{"why-killed.txt", "R-3", "", ""},      // by a kill
		{"why-cancelled.txt", "A-3", "", ""},   // cancelled by a kill
		{"why-unknown-fill.txt", "E6", "", ""}, // of an order nobody knows
		{"why-several.txt", "A-1", "", ""},     // on two links, and a duplicate
		{"", "A-1", globex, "NOTIONAL_TOO_LARGE"},
	} {
		var out bytes.Buffer
		if err := j.Why(&out, c.id, c.link); err != nil {
			t.Errorf("%s: %v", c.id, err)
		}
		if c.name != "" {
			golden(t, c.name, out.String())
		} else if !strings.Contains(out.String(), c.want) || !strings.Contains(out.String(), "checks") {
			t.Errorf("%s: no %s in\n%s", c.id, c.want, out.String())
		}
	}
	for _, c := range [][2]string{{"NONE-SUCH", "no order"}, {"", "name an id"}, {"#x", "no record"},
		{"#999999", "no order"}} {
		if err := j.Why(io.Discard, c[0], ""); err == nil || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%q: %v", c[0], err)
		}
	}
}

// TestWhyTheTick: the tick that is shown is that of the price's band, also where the order holds.
func TestWhyTheTick(t *testing.T) {
	files := sampleFiles("  # ticks: ticks.csv ", "  ticks: ticks.csv ")
	files["ticks.csv"] = []byte("table,from,tick\nLIQUID,0,0.01\nLIQUID,188,0.05\n")
	files["instruments.csv"] = []byte(strings.NewReplacer(",halted\n", ",halted,tick_table\n", "AAPL,stock,USD,1,1,0.01,1,,N,N\n", "AAPL,stock,USD,1,1,,1,,N,N,LIQUID\n",
		",N,N\n", ",N,N,\n", ",Y,N\n", ",Y,N,\n", ",N,Y\n", ",N,Y,\n").Replace(string(files["instruments.csv"])))
	w := openDesk(t, t.TempDir(), morning, files)
	w.logon()
	for id, price := range map[string]string{"T-1": "187.99", "T-2": "188.01"} {
		w.from(acme, "35=D|11="+id+"|1=ACME-1|55=AAPL|54=1|38=10|40=2|44="+price+"|59=0|60=20261122-13:30:00|")
	}
	w.close()
	j := must(Open(w.dir))(t)
	for id, want := range map[string]string{"T-1": "AAPL 187.99 0.01 holds", "T-2": "AAPL 188.01 0.05 FAILS"} {
		var out bytes.Buffer
		check(t, j.Why(&out, id, ""))
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), "price is not a multiple of the tick "+want) {
			t.Errorf("%s: want %s in\n%s", id, want, out.String())
		}
	}
}

func TestStatus(t *testing.T) {
	j := closedDay(t)
	t.Setenv("TMPDIR", filepath.Join(j.Dir(), "full")) // it writes nothing, wherever
	j = must(Open(j.Dir()))(t)
	s := must(j.Load(false))(t)
	var out bytes.Buffer
	s.Status(&out, Alive(context.Background(), j.Dir(), ""), Watched(context.Background(), ""), "", time.Unix(0, morning+60e9))
	golden(t, "status.txt", shown(j, out.String()))
}

func TestOpenOrders(t *testing.T) {
	j := closedDay(t)
	s := must(j.Load(false))(t)
	for _, c := range []struct {
		name string
		f    OrderFilter
		csv  bool
	}{
		{"orders.txt", OrderFilter{}, false}, {"orders.csv", OrderFilter{}, true},
		{"orders-globex.txt", OrderFilter{Client: "GLOBEX", Account: "GLOBEX-1", Link: globex}, false},
		{"orders-none.txt", OrderFilter{Link: xsim}, false},
	} {
		var out bytes.Buffer
		check(t, s.OpenOrders(&out, c.f, c.csv))
		golden(t, c.name, out.String())
	}
	err := s.OpenOrders(io.Discard, OrderFilter{Account: "ACME-9"}, false)
	if err == nil || !strings.Contains(err.Error(), "ACME-HEDGE") {
		t.Errorf("an unknown account: %v", err)
	}
}

func TestExposure(t *testing.T) {
	j := closedDay(t)
	s := must(j.Load(true))(t)
	for name, scope := range map[string]string{"exposure-firm.txt": "firm", "exposure-client.txt": "client:ACME",
		"exposure-account.txt": "account:ACME-1", "exposure-position.txt": "account:ACME-1/AAPL"} {
		var out bytes.Buffer
		if err := s.Exposure(&out, must(s.ParseScope(scope))(t), true); err != nil {
			t.Errorf("%s: %v", scope, err)
		}
		golden(t, name, out.String())
	}
	var all bytes.Buffer
	check(t, s.ExplainAll(&all))
	for _, part := range []string{"exposure-firm.txt", "exposure-client.txt", "exposure-account.txt", "exposure-position.txt"} {
		want := must(os.ReadFile(filepath.Join("testdata", part)))(t)
		if !strings.Contains(all.String(), string(want)) {
			t.Errorf("of all, %s is missing in\n%s", part, all.String())
		}
	}
	s.config.Accounts = s.config.Accounts[1:]
	var gone bytes.Buffer
	check(t, s.Exposure(&gone, must(s.ParseScope("account:ACME-1"))(t), false))
	if text := gone.String(); strings.Contains(text, "unlimited") || !strings.Contains(text, "account:ACME-1 is not in the configuration any more") {
		t.Errorf("of an account that is gone:\n%s", text)
	}
	for _, bad := range []string{"", "firm:X", "client:NOBODY", "account:ACME-1/NOSUCH", "desk:1"} {
		if _, err := s.ParseScope(bad); err == nil {
			t.Errorf("scope %q was taken", bad)
		}
	}
}

// TestExposureOverARoll: executed money begins again at zero; an order that is good till cancel is
// reserved on, at the price of the new day.
func TestExposureOverARoll(t *testing.T) {
	w := day(t)
	id := w.order(acme, "35=D|11=A-9|1=ACME-1|55=SPY|54=1|38=10|40=1|59=1|")
	w.report(id, "37=V7|17=E9|150=0|39=0|55=SPY|54=1|38=10|14=0|151=10|6=0|")
	w.order(acme, "35=G|11=A-10|41=A-9|1=ACME-1|55=SPY|54=1|38=20|40=1|59=1|")
	for i := range w.cfg.Instruments {
		w.cfg.Instruments[i].Close += risk.PriceScale
	}
	w.command(core.Command{Kind: core.CmdRoll, Target: tradeDate + 1, Reason: "next day"})
	w.close()
	j := must(Open(w.dir))(t)
	var out bytes.Buffer
	s := must(j.Load(true))(t)
	for _, scope := range []string{"firm", "client:ACME", "account:ACME-1", "account:ACME-1/SPY", "account:ACME-1/AAPL"} {
		if err := s.Exposure(&out, must(s.ParseScope(scope))(t), true); err != nil {
			t.Errorf("%s: %v\n%s", scope, err, out.String())
		}
	}
	if !strings.Contains(out.String(), "trade date 20261123") ||
		!strings.Contains(out.String(), "executed since the roll: 0") {
		t.Errorf("no roll:\n%s", out.String())
	}
	if _, err := j.Replay(&out, DifferencesShown); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// TestExposureOfAnAbsurdFill: what no position can hold is printed as the venue said it, and the recomputation says that the
// book does not equal it.
func TestExposureOfAnAbsurdFill(t *testing.T) {
	w := openDesk(t, t.TempDir(), morning, sampleFiles())
	w.logon()
	id := w.order(acme, "35=D|11=A-1|1=ACME-1|55=AAPL|54=1|38=100|40=2|44=188.10|59=0|")
	w.report(id, "37=V1|17=E1|150=F|39=1|55=AAPL|54=1|38=100|32=10|31=188|14=10|151=90|6=188|")
	w.report(id, "37=V1|17=E2|150=F|39=2|55=AAPL|54=1|38=100|32=92233720368|31=188|14=92233720378|151=0|6=188|")
	w.close()
	s := must(must(Open(w.dir))(t).Load(true))(t)
	for _, scope := range []string{"firm", "account:ACME-1", "account:ACME-1/AAPL"} {
		var out bytes.Buffer
		err := s.Exposure(&out, must(s.ParseScope(scope))(t), true)
		for _, want := range []string{"92233720378 ", "DIFFERENT by -"} {
			if !errors.Is(err, ErrDiffers) || !strings.Contains(out.String(), want) || strings.Contains(out.String(), " -92") {
				t.Errorf("%s: no %q, %v\n%s", scope, want, err, out.String())
			}
		}
	}
}

// TestExposureFindsADifference: a record that books less than it reserved for the venue is found.
func TestExposureFindsADifference(t *testing.T) {
	w := openDesk(t, t.TempDir(), morning, sampleFiles())
	w.logon()
	w.tamper = func(_ uint64, _ *core.Event, d *core.Decision) {
		for i := range d.EffectLen {
			if e := &d.Effects[i]; e.Kind == core.Opened {
				e.Reserved -= risk.MoneyScale
			}
		}
	}
	w.order(acme, "35=D|11=A-1|1=ACME-1|55=AAPL|54=1|38=1000|40=2|44=188.10|59=0|")
	w.close()
	s := must(must(Open(w.dir))(t).Load(true))(t)
	var out bytes.Buffer
	err := s.Exposure(&out, must(s.ParseScope("account:ACME-1"))(t), true)
	if !errors.Is(err, ErrDiffers) || !strings.Contains(out.String(), "RB") ||
		!strings.Contains(out.String(), "DIFFERENT by -1") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// TestFollowsARunningWriter: records that come while Tail follows are printed, also after the gate
// has ended and started again.
func TestFollowsARunningWriter(t *testing.T) {
	w := openDesk(t, t.TempDir(), morning, sampleFiles())
	w.logon()
	j := must(Open(w.dir))(t)
	alive := Alive(context.Background(), w.dir, "").Words
	if !strings.Contains(alive, "process") || strings.Contains(alive, "no process") {
		t.Errorf("alive: %s", alive)
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	in, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := j.Tail(ctx, out, TailOptions{Follow: true, Last: 1})
		out.Close()
		done <- err
	}()
	seen := lines(in)
	await(t, seen, "  #") // the last record so far
	w.order(acme, "35=D|11=A-1|1=ACME-1|55=AAPL|54=1|38=1000|40=2|44=188.10|59=0|")
	await(t, seen, "order 0 opened")
	s := must(must(Open(w.dir))(t).Load(true))(t)
	check(t, s.Exposure(io.Discard, must(s.ParseScope("firm"))(t), true))
	w.close()
	again := openDesk(t, w.dir, w.nowNs, sampleFiles())
	defer again.close()
	await(t, seen, "gate started, epoch 2")
	stop()
	go func() { _, _ = io.Copy(io.Discard, in) }()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// lines gives what is written, line by line.
func lines(in io.Reader) <-chan string {
	out := make(chan string, 1024)
	go func() {
		defer close(out)
		var held []byte
		buf := make([]byte, 4096)
		for {
			n, err := in.Read(buf)
			held = append(held, buf[:n]...)
			for {
				line, rest, whole := bytes.Cut(held, []byte("\n"))
				if !whole {
					break
				}
				out <- string(line)
				held = append([]byte(nil), rest...)
			}
			if err != nil {
				return
			}
		}
	}()
	return out
}

func await(t *testing.T, seen <-chan string, want string) {
	t.Helper()
	for {
		select {
		case line, open := <-seen:
			if !open {
				t.Fatalf("the tail ended before %q", want)
			}
			if strings.Contains(line, want) {
				return
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("no %q", want)
		}
	}
}

// TestCorruptedJournal: every verb names the record that is damaged.
func TestCorruptedJournal(t *testing.T) {
	w := day(t)
	var at journal.Position
	j := must(Open(w.dir))(t)
	check(t, j.walk(func(r *assemble.Record) error {
		if r.Header.Seq == 20 {
			at = r.Position
		}
		return nil
	}))
	w.close()
	path := filepath.Join(w.dir, "000000000000.seg")
	f := must(os.OpenFile(path, os.O_RDWR, 0))(t)
	must(f.WriteAt([]byte{0xff}, int64(at)+100))(t)
	check(t, f.Close())
	_, replay := j.Replay(io.Discard, 1)
	_, load := j.Load(false)
	for verb, err := range map[string]error{"replay": replay, "load": load, "why": j.Why(io.Discard, "A-1", ""),
		"tail": j.Tail(context.Background(), io.Discard, TailOptions{})} {
		if err == nil || !strings.Contains(err.Error(), "record 20 ") || !strings.Contains(err.Error(), "checksum") {
			t.Errorf("%s: %v", verb, err)
		}
	}
}

// TestEmptiedJournal: records that are gone are missed, and so are numbers; neither is a journal that has none yet.
func TestEmptiedJournal(t *testing.T) {
	w := day(t)
	w.close()
	numbers, segment := filepath.Join(w.dir, "numbers"), filepath.Join(w.dir, "000000000000.seg")
	kept := must(os.ReadFile(numbers))(t)
	check(t, os.WriteFile(numbers, nil, 0o600))
	_, err := must(Open(w.dir))(t).Load(false)
	if err == nil || !strings.Contains(err.Error(), "no number for: account ACME-1; where a gate has run with it, restore that file") {
		t.Errorf("numbers that are gone: %v", err)
	}
	check(t, os.WriteFile(numbers, kept, 0o600))
	size := must(os.Stat(segment))(t).Size()
	check(t, os.Truncate(segment, 0))
	for _, bytes := range []int64{0, size} { // cut, or overwritten with zeros
		check(t, os.Truncate(segment, bytes))
		_, err = must(Open(w.dir))(t).Load(false)
		if err == nil || !strings.Contains(err.Error(), "record 1 at position 0") || !strings.Contains(err.Error(), "it was durable") {
			t.Errorf("records that are gone, %d bytes: %v", bytes, err)
		}
	}
}

// TestWhatIsMissing: each missing part has its own error.
func TestWhatIsMissing(t *testing.T) {
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "no journal of a gate") {
		t.Errorf("an empty folder: %v", err)
	}
	w := day(t)
	w.close()
	j := must(Open(w.dir))(t)
	kept := must(os.ReadDir(filepath.Join(w.dir, "config")))(t)
	folder := filepath.Join(w.dir, "config", kept[0].Name())
	check(t, os.WriteFile(filepath.Join(folder, "prices.csv"), []byte("symbol,close,as_of\n"), 0o600))
	if _, err := j.Load(false); err == nil || !strings.Contains(err.Error(), "not the configuration of its hash") {
		t.Errorf("an altered configuration: %v", err)
	}
	check(t, os.RemoveAll(folder))
	if _, err := j.Load(false); err == nil || !strings.Contains(err.Error(), "not beside the journal") {
		t.Errorf("a missing configuration: %v", err)
	}
}
