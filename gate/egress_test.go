package gate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/assemble"
	"portcullis/gate/bind"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/egress"
	"portcullis/risk"
)

// path is a core with the egress check behind it, as the engine has them: what the core sends toward
// the venue is held against its decision. Nothing is journaled and nothing leaves.
type path struct {
	t      testing.TB
	core   *core.Core
	egress *bind.Egress
	d      core.Decision
	links  map[string]uint32 // by TargetCompID
	seq    map[uint32]int    // last number of the peer
	record uint64            // number of the last decision
	utcNs  int64

	toVenue, toClient string // the last message of the last event, with '|' for SOH
}

const pathDate = 20260105

// atHundred is a reference price of 100 for every symbol.
type atHundred struct{ p *path }

func (a atHundred) Quote(_ uint32, q *risk.Quote) {
	*q = risk.Quote{Last: 100 * risk.PriceScale, AtNs: a.p.utcNs, LastAtNs: a.p.utcNs, Has: risk.HasLast}
}

// newPath assembles both from the sample configuration, small and changed as the test says, with every
// link logged on. It returns what is wrong with the configuration.
func newPath(t testing.TB, change ...string) (*path, error) {
	t.Helper()
	return newPathOf(t, config.SampleFiles(pathDate), change...)
}

func newPathOf(t testing.TB, files map[string][]byte, change ...string) (*path, error) {
	t.Helper()
	cfg, numbers, err := assembled(t, files, change...)
	if err != nil {
		return nil, err
	}
	return openPath(t, cfg, numbers), nil
}

// assembled reads the configuration and gives its numbers.
func assembled(t testing.TB, files map[string][]byte, change ...string) (*config.Config, *config.Numbers, error) {
	t.Helper()
	change = append([]string{"open_orders: 65536", "open_orders: 16\n    accounts: 8\n    instruments: 8\n    clients: 4\n    venues: 2\n    executions: 16",
		"clordids: 1_048_576", "clordids: 64", "links: 64", "links: 4", "sides: [buy, sell] ", "sides: all ",
		"ord_types: [market, limit]", "ord_types: all", "sell_long_checked: true", "sell_long_checked: false", "short_max: 0 ", "short_max: 50_000 "}, change...)
	text := string(files[config.SampleMain])
	for i := 0; i < len(change); i += 2 {
		if !strings.Contains(text, change[i]) {
			t.Fatalf("the sample has no %q", change[i])
		}
		text = strings.Replace(text, change[i], change[i+1], 1)
	}
	files[config.SampleMain] = []byte(text)
	cfg, err := config.LoadFiles(files, config.SampleMain)
	if err != nil {
		return nil, nil, err
	}
	numbers, err := config.OpenNumbers(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := numbers.Close(); err != nil {
			t.Error(err)
		}
	})
	return cfg, numbers, assemble.Assign(cfg, numbers)
}

// openPath makes a path with every link logged on.
func openPath(t testing.TB, cfg *config.Config, numbers *config.Numbers) *path {
	t.Helper()
	p := &path{t: t, links: map[string]uint32{}, seq: map[uint32]int{}, utcNs: 1_767_614_400_000_000_000}
	var err error
	p.core, err = assemble.Core(cfg, numbers, atHundred{p}, assemble.Heap)
	p.must(err)
	p.egress = bind.NewEgress(p.core, cfg.Gate.Capacity.OpenOrders, assemble.Heap)
	p.event(core.Event{Kind: core.Started, Seq: 1, Link: core.NoIndex})
	p.roll(pathDate)
	for l := range p.core.Setup().Links {
		p.connect(uint32(l))
	}
	return p
}

func mustPath(t testing.TB, change ...string) *path {
	t.Helper()
	p, err := newPath(t, change...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *path) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// connect brings a link up; a venue's line is settled by the answer to its TestRequest.
func (p *path) connect(l uint32) {
	p.t.Helper()
	p.links[p.core.Setup().Links[l].TargetCompID] = l
	p.event(core.Event{Kind: core.Admitted, Link: l, Conn: l + 1})
	p.message(l, "35=A|98=0|108=30|")
	if _, id, asked := strings.Cut(p.toVenue, "|112="); asked {
		id, _, _ = strings.Cut(id, "|")
		p.message(l, "35=0|112="+id+"|")
	}
	if phase := p.core.Phase(l); phase != link.Up {
		p.t.Fatalf("link %d is %v", l, phase)
	}
}

func (p *path) roll(date uint64) {
	p.t.Helper()
	m := core.Command{ID: 1, Kind: core.CmdRoll, Target: date, Reason: "test", Actor: "test"}
	p.event(core.Event{Kind: core.CommandGiven, Link: core.NoIndex, Data: m.Append(nil)})
}

func readable(b []byte) string { return strings.ReplaceAll(string(b), "\x01", "|") }

// message gives the core a message of a peer; body starts with 35=, '|' stands for SOH.
func (p *path) message(l uint32, body string) {
	p.t.Helper()
	p.seq[l]++
	msgType, rest, _ := strings.Cut(body, "|")
	var stamp fix.Stamper
	s := &p.core.Setup().Links[l]
	text := fmt.Sprintf("%s|34=%d|49=%s|52=%s|56=%s|%s", msgType, p.seq[l], s.TargetCompID,
		stamp.Append(nil, p.utcNs, fix.Millis), s.SenderCompID, rest)
	text = strings.NewReplacer("|", "\x01", "^", "\x01").Replace(text)
	head := fmt.Sprintf("8=%s\x019=%d\x01", s.BeginString, len(text))
	data := fmt.Appendf(nil, "%s%s10=%03d\x01", head, text, fix.CheckSum([]byte(head+text)))
	p.event(core.Event{Kind: core.Message, Link: l, Conn: l + 1, Data: data})
}

// event gives the core an event and the Ticks that it asks for then.
func (p *path) event(ev core.Event) {
	p.t.Helper()
	p.toVenue, p.toClient = "", ""
	p.step(ev)
	for p.core.DueNs() <= p.utcNs {
		p.step(core.Event{Kind: core.Tick, Link: core.NoIndex})
	}
}

// step is one of the engine: Decide, Apply, and the check of what is for a venue.
func (p *path) step(ev core.Event) {
	p.t.Helper()
	p.utcNs += 1000
	p.record++
	ev.Now = link.Now{UTCNs: p.utcNs, MonoNs: p.utcNs}
	p.core.Decide(&ev, &p.d)
	p.core.Apply(&ev, &p.d)
	for i := range p.d.Out.Count {
		out, msg := &p.d.Out.Outs[i], p.d.Out.Bytes(i)
		if p.core.Setup().Links[out.Link].Venue == core.NoIndex {
			p.toClient = readable(msg)
			continue
		}
		p.toVenue = readable(msg)
		if field, ok := p.egress.Check(out.Link, out, msg, &p.d, p.record, p.utcNs); !ok {
			p.t.Errorf("core sends what egress stops (%v): %s", egress.Difference(field), p.toVenue)
		}
	}
}

// acme sends an application message of the participant and demands what comes of it: a message to
// the venue that holds want, or else an answer that does.
func (p *path) acme(body, want string) {
	p.t.Helper()
	p.message(p.links["ACME"], body+"60=20260105-12:00:00|")
	got := p.toVenue
	if got == "" {
		got = p.toClient
	}
	if !strings.Contains(got, want) {
		p.t.Errorf("%s: got %s, want %s", body, got, want)
	}
}

const limitOrder = "55=AAPL|54=1|38=100|40=2|44=100|"

// TestCoreAndEgressAgree: what the core accepts the egress check lets pass, and what the check would
// stop the core has refused. A line must not be cut by what one participant writes.
func TestCoreAndEgressAgree(t *testing.T) {
	p := mustPath(t)
	for _, row := range []struct{ body, want string }{
		{"35=D|11=A-1|" + limitOrder, "|11=P"},
		{"35=D|11=A-2|55=MSFT|54=5|38=1|40=1|", "|40=1|"},
		{"35=D|11=A-3|1=ACME-HEDGE|55=AAPL|54=5|38=7|40=3|99=95.5|", "|99=95.5|"},
		{"35=D|11=A-4|" + limitOrder + "354=3|355=a^b|", "|150=8|"},
		{"35=D|11=A-5|" + limitOrder + "354=3|355=a=b|", "|354=3|355=a=b|"},
		{"35=D|11=A-6|" + limitOrder + "355=a|", "|150=8|"},
		{"35=D|11=A-7|" + limitOrder + "354=6|58=x|355=a|", "|150=8|"},
		{"35=D|347=SHIFT_JIS|11=A-12|" + limitOrder + "354=3|355=a=b|", "|56=XSIM|347=SHIFT_JIS|11=P"},
		{"35=G|11=A-8|41=A-1|55=AAPL|54=1|38=200|40=2|44=100.5|", "|35=G|"},
		{"35=G|11=A-9|41=A-1|" + limitOrder + "355=a|", "|434=2|"},
		{"35=F|11=A-10|41=A-1|55=AAPL|54=1|355=a|", "|35=F|"},
		{"35=F|11=A-11|41=A-5|55=AAPL|54=1|354=6|58=x|355=a|", "|35=F|"},
	} {
		p.acme(row.body, row.want)
	}
}

// TestNamesOfAVenueAgree: where a venue has names of its own both know them.
func TestNamesOfAVenueAgree(t *testing.T) {
	p := mustPath(t, "symbol_map: {}", "symbol_map: {AAPL: AAPLx}", "account_map: {}", "account_map: {ACME-1: 77}")
	p.acme("35=D|11=A-1|"+limitOrder, "|55=AAPLx|")
	p.acme("35=G|11=A-2|41=A-1|55=AAPL|54=1|38=200|40=2|44=100.5|", "|1=77|")
	p.acme("35=F|11=A-3|41=A-2|55=AAPL|54=1|", "|55=AAPLx|")
	p.acme("35=D|11=A-4|55=MSFT|54=1|38=1|40=2|44=100|", "|55=MSFT|")
}

// TestLinesOfOnePlace: an account's orders take one of the lines that a destination has, and what it can say of one venue
// it can say of both.
func TestLinesOfOnePlace(t *testing.T) {
	files := config.SampleFiles(pathDate)
	files["venues.cfg"] = append(files["venues.cfg"], "\n[SESSION]\nTargetCompID=XTWO\nSocketConnectHost=127.0.0.1\nSocketConnectPort=9878\n"...)
	p, err := newPathOf(t, files, "\nvenues:\n", "\nvenues:\n  - {name: XTWO, link: FIX.4.4:GATE->XTWO, id_prefix: Q, cod: none}\n",
		"routes:\n  default: XSIM\n", "routes:\n  lines: [{name: XLON, venues: [XTWO, XSIM]}]\n  default: XLON\n", "ex_destinations: {XSIM: XSIM}", "ex_destinations: {XLON: XLON}")
	if err != nil {
		t.Fatal(err)
	}
	number := func(account string) uint32 {
		return uint32(slices.IndexFunc(p.core.Setup().Accounts, func(a core.AccountSetup) bool { return a.Name == account }))
	}
	if number("ACME-1")%2 == number("ACME-HEDGE")%2 {
		t.Fatal("both accounts have the same line")
	}
	line := map[bool]string{true: "|56=XTWO|", false: "|56=XSIM|"}
	p.acme("35=D|11=A-1|1=ACME-1|"+limitOrder, line[number("ACME-1")%2 == 0])
	p.acme("35=D|11=A-2|1=ACME-HEDGE|100=XLON|"+limitOrder, line[number("ACME-HEDGE")%2 == 0])
	p.acme("35=F|11=A-3|41=A-2|1=ACME-HEDGE|55=AAPL|54=1|", line[number("ACME-HEDGE")%2 == 0])
}

// preserved changes the sample so that the ClOrdIDs of its first link reach the venue as they are.
var preserved = []string{"clordid: translate", "clordid: preserve", "default: XSIM", "default: \"\"",
	"accounts: {}", "accounts: {ACME-1: XSIM}", "ex_destinations: {XSIM: XSIM}", "ex_destinations: {}"}

// TestLongIDsAgree: ids of every length that the configuration allows pass both.
func TestLongIDsAgree(t *testing.T) {
	prefix := "P23456789012345678901234567890123456"
	p := mustPath(t, "id_prefix: P ", "id_prefix: "+prefix+" ", "id_length_max: 20", "id_length_max: 47")
	p.acme("35=D|11=A-1|"+limitOrder, "|11="+prefix)
	p = mustPath(t, append(preserved, "id_length_max: 20", "id_length_max: 48")...)
	for _, id := range []string{"A", "0d7a1e52-9c1b-4a55-8f0e-3b6f6d2c1a70", strings.Repeat("A", 48)} {
		p.acme("35=D|11="+id+"|"+limitOrder, "35=D|34=")
		if !strings.Contains(p.toVenue, "|11="+id+"|") {
			t.Errorf("%s went as %s", id, p.toVenue)
		}
	}
	p = mustPath(t, append(preserved, "id_length_max: 20", "id_length_max: 35")...)
	p.acme("35=D|11=0d7a1e52-9c1b-4a55-8f0e-3b6f6d2c1a70|"+limitOrder, "|58=CLORDID_TOO_LONG: ")
}

// TestPreservedIDsOfTwoDays: a client may use an id again on another trade date, not twice on one.
func TestPreservedIDsOfTwoDays(t *testing.T) {
	p := mustPath(t, preserved...)
	for date := range uint64(3) {
		p.roll(pathDate + date)
		p.acme("35=D|11=A-1|"+limitOrder, "|35=D|")
		p.acme("35=D|11=A-1|"+limitOrder, "|103=6|")
		p.message(p.links["XSIM"], "35=8|11=A-1|37=V|17=E|150=4|39=4|54=1|55=AAPL|14=0|151=0|6=0|")
	}
}

// TestDifferenceNamesTwoRecords: that of the bytes, which the engine knows, and the one they differ from.
func TestDifferenceNamesTwoRecords(t *testing.T) {
	p := mustPath(t)
	p.acme("35=D|11=A-1|"+limitOrder, "|35=D|")
	first, out, sent := p.record, p.d.Out.Outs[0], bytes.Clone(p.d.Out.Bytes(0))
	p.acme("35=D|11=A-2|"+limitOrder, "|35=D|")
	check := func(msg []byte) egress.Difference {
		field, _ := p.egress.Check(out.Link, &link.Out{Kind: link.RequestMessage}, msg, &p.d, p.record, p.utcNs)
		return egress.Difference(field)
	}
	if d := check(sent); d != egress.SentTwice || p.egress.Against() != first {
		t.Errorf("sent again: %v, record %d instead of %d", d, p.egress.Against(), first)
	}
	if d := check(bytes.Replace(sent, []byte("11=P"), []byte("11=X"), 1)); d != egress.UnknownID || p.egress.Against() != 0 {
		t.Errorf("never accepted: %v, record %d", d, p.egress.Against())
	}
}

// FuzzEgress: no message of a participant makes the core send what the egress check stops.
func FuzzEgress(f *testing.F) {
	for _, body := range []string{limitOrder, limitOrder + "355=a|", limitOrder + "354=6|58=x|355=a|", limitOrder + "354=1|355=a|",
		"1=ACME-HEDGE|55=AAPL|54=5|38=7|40=4|99=95.5|44=95|", "55=AAPL|54=1|38=1.000000000|40=1|", "55=AAPL|54=1|38=1|40=P|44=100.0|211=1|"} {
		for kind := range uint8(6) {
			f.Add(kind, body)
		}
	}
	var configs [2]*config.Config // the client's ids are translated, or preserved
	var numbers [2]*config.Numbers
	for i, change := range [][]string{nil, append(preserved, "id_length_max: 20", "id_length_max: 48")} {
		var err error
		if configs[i], numbers[i], err = assembled(f, config.SampleFiles(pathDate), change...); err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, body string) {
		p := openPath(t, configs[kind/3%2], numbers[kind/3%2])
		p.acme("35=D|11=A-0|"+limitOrder, "|35=D|")
		p.message(p.links["ACME"], []string{"35=D|11=A-1|60=20260105-12:00:00|", "35=G|11=A-1|41=A-0|60=20260105-12:00:00|",
			"35=F|11=A-1|41=A-0|60=20260105-12:00:00|"}[kind%3]+body)
	})
}
