package system

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portcullis/gate/demo/peer"
)

// spoken is a version of FIX, for a participant and a venue of the gate of TestVersions.
type spoken struct {
	name, begin, appl string // appl is the DefaultApplVerID of FIXT.1.1
	letter            string // of its participant, its venue and the symbol that is routed there
}

var spokenVersions = []spoken{
	{"FIX.4.0", "FIX.4.0", "", "A"}, {"FIX.4.1", "FIX.4.1", "", "B"}, {"FIX.4.2", "FIX.4.2", "", "C"},
	{"FIX.4.3", "FIX.4.3", "", "D"}, {"FIX.4.4", "FIX.4.4", "", "E"}, {"FIX.5.0", "FIXT.1.1", "7", "F"},
	{"FIX.5.0SP1", "FIXT.1.1", "8", "G"}, {"FIX.5.0SP2", "FIXT.1.1", "9", "H"},
}

func (v *spoken) participant() string { return "P" + v.letter }
func (v *spoken) venue() string       { return "V" + v.letter }
func (v *spoken) symbol() string      { return "S" + v.letter }

// keys are what the settings file says of a session of the version.
func (v *spoken) keys() string {
	if v.appl == "" {
		return "BeginString=" + v.begin + "\n"
	}
	return "BeginString=" + v.begin + "\nDefaultApplVerID=" + v.name + "\n"
}

// TestVersions: participants of every version trade at venues of every version through one gate. All of them speak
// with quickfixgo, which holds what it gets to the standard dictionaries.
func TestVersions(t *testing.T) {
	t.Parallel()
	dictionaries := standardDictionaries(t)
	venues := map[string]*peer.Venue{}
	for _, v := range spokenVersions {
		venue, err := peer.Open(peer.VenueConfig{BeginString: v.begin, ApplVerID: v.appl, Dictionaries: dictionaries,
			SenderCompID: v.venue(), TargetCompID: "GATE", Port: freePort(t)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(venue.Stop)
		venues[v.letter] = venue
	}
	s := versionSite(t, venues)
	var dealers []*versionDealer
	t.Cleanup(func() {
		for _, d := range dealers {
			d.p.Stop()
		}
	})
	for _, v := range spokenVersions {
		d := &versionDealer{t: t, version: v}
		d.leave = func() func() error { d.p.Stop(); return d.p.AwaitLogout }
		d.back = func() func() error { d.dial(s, dictionaries); return d.p.AwaitLogon }
		d.dial(s, dictionaries)
		dealers = append(dealers, d)
	}
	for _, d := range dealers {
		t.Run(d.version.name, func(t *testing.T) {
			if err := d.p.AwaitLogon(); err != nil {
				t.Fatal(err)
			}
			d.t = t
			d.trade(venues)
		})
	}
	t.Run("participants away", func(t *testing.T) { participantsAway(t, dealers) })
	for letter, venue := range venues {
		for _, e := range venue.Log() {
			if e.Outgoing && e.Message.Type() == "3" {
				t.Errorf("the venue %s rejects what the gate sent: %s", letter, e.Message)
			}
		}
	}
	s.terminate()
}

// standardDictionaries is the folder with those of quickfixgo.
func standardDictionaries(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/quickfixgo/quickfix").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "spec")
}

// versionSite is a running gate whose venues are logged on.
func versionSite(t *testing.T, venues map[string]*peer.Venue) *site {
	t.Helper()
	s := newSite(t, versionDesk(venues))
	s.start()
	for _, v := range spokenVersions {
		if err := venues[v.letter].AwaitLogon(); err != nil {
			t.Fatalf("venue of %s: %v", v.name, err)
		}
	}
	return s
}

// versionDealer is a participant of one version who trades at one venue after the other.
type versionDealer struct {
	t       *testing.T
	version spoken
	p       *peer.Participant
	store   peer.Store // of p, where quickfixgo carries it
	at      spoken
	venue   *peer.Venue
	resting string // the venue's name of the order that is left open

	leave, back func() (await func() error) // begin to end its connection, and to make another
}

// dial begins a connection with quickfixgo; its numbers go on.
func (d *versionDealer) dial(s *site, dictionaries string) {
	d.t.Helper()
	v := d.version
	p, err := peer.Dial(peer.ParticipantConfig{BeginString: v.begin, ApplVerID: v.appl, Dictionaries: dictionaries,
		SenderCompID: v.participant(), TargetCompID: "GATE", Address: s.address(), Store: &d.store})
	if err != nil {
		d.t.Fatal(err)
	}
	d.p = p
}

// trade is what the dealer does.
func (d *versionDealer) trade(venues map[string]*peer.Venue) {
	d.t.Helper()
	for _, at := range spokenVersions {
		d.venue, d.at = venues[at.letter], at
		d.life()
	}
	if d.version.name >= "FIX.4.3" {
		d.massRequests()
	}
	d.send("35=D|11=" + d.id(9) + "|38=10|40=2|44=10")
	d.expect("35=8|11="+d.id(9), "150=0", "20=0|150=0", "20=0|39=0")
	for _, e := range d.venue.Log() {
		if !e.Outgoing && e.Message.Type() == "D" {
			d.resting = e.Message.Get(11)
		}
	}
}

// massRequests asks about all orders at once, and cancels them.
func (d *versionDealer) massRequests() {
	d.t.Helper()
	ask := func(text, want, from44 string) {
		d.t.Helper()
		if err := d.p.Send(text); err != nil {
			d.t.Fatal(err)
		}
		if d.version.name >= "FIX.4.4" {
			want += from44
		}
		d.expect(want, "", "", "")
	}
	now := "|60=" + time.Now().UTC().Format("20060102-15:04:05.000")
	ask("35=AF|584=S1|585=7", "35=8|150=I|39=8|37=NONE", "|584=S1|911=0|912=Y")
	d.send("35=D|11=" + d.id(20) + "|38=10|40=2|44=10")
	d.expect("35=8|11="+d.id(20)+"|150=0", "", "", "")
	ask("35=AF|584=S2|585=7", "35=8|11="+d.id(20)+"|150=I|39=0|151=10", "|584=S2|911=1|912=Y")
	ask("35=AF|584=S3|585=8", "35=8|150=I|39=8|58=SCOPE_UNSUPPORTED*", "|584=S3|911=0|912=Y")
	ask("35=q|11="+d.id(21)+"|530=1|55=NONE"+now, "35=r|11="+d.id(21)+"|530=1|531=0|532=1", "")
	ask("35=q|11="+d.id(22)+"|530=6|336=1"+now, "35=r|11="+d.id(22)+"|530=6|531=0|532=0", "")
	ask("35=q|11="+d.id(23)+"|530=7"+now, "35=r|11="+d.id(23)+"|530=7|531=7|533=1", "")
	d.expect("35=8|11="+d.id(20)+"|150=4|39=4", "", "", "")
}

// id is the n-th ClOrdID at the venue.
func (d *versionDealer) id(n int) string {
	return fmt.Sprintf("%s%s%d", d.version.letter, d.at.letter, n)
}

func (d *versionDealer) send(text string) {
	d.t.Helper()
	if err := d.p.Send(text + "|55=" + d.at.symbol() + "|54=1"); err != nil {
		d.t.Fatal(err)
	}
}

// expect takes the next message; what the participant's version says differently stands behind its letter: what is
// written for FIX.4.3 and later, for 4.1 and 4.2, and for 4.0.
func (d *versionDealer) expect(common, new, old, oldest string) peer.Message {
	d.t.Helper()
	words := new
	switch {
	case d.version.name == "FIX.4.0":
		words = oldest
	case d.version.name <= "FIX.4.2":
		words = old
	}
	m, err := d.p.Expect(strings.Trim(common+"|"+words, "|"))
	if err != nil {
		d.t.Fatalf("%s at a venue of %s: %v", d.version.name, d.at.name, err)
	}
	return m
}

// life is that of some orders: accepted, filled, replaced, cancelled, refused by gate and venue, executions taken
// back and corrected.
func (d *versionDealer) life() {
	d.t.Helper()
	d.send("35=D|11=" + d.id(1) + "|38=100|40=2|44=10|58=ack; fill 40@9.5")
	d.expect("35=8|11="+d.id(1)+"|14=0", "150=0|39=0|151=100", "20=0|150=0|39=0|151=100", "20=0|39=0")
	first := d.expect("35=8|14=40|32=40|31=9.5", "150=F|39=1|151=60", "20=0|150=1|39=1|151=60", "20=0|39=1")
	d.send("35=G|11=" + d.id(2) + "|41=" + d.id(1) + "|38=120|40=2|44=10.5")
	d.expect("35=8|11="+d.id(2)+"|38=120", "150=5", "20=0|150=5", "20=0|39=5")
	d.send("35=G|11=" + d.id(3) + "|41=" + d.id(2) + "|38=130|40=2|44=10.5|58=reject")
	d.expect("35=9|11="+d.id(3), "434=2|102=0", "102=0", "102=0")
	d.send("35=G|11=" + d.id(4) + "|41=" + d.id(2) + "|38=140|40=2|44=10.5|58=fill 30@10; bust 1; correct 2 20@9; replace")
	second := d.expect("35=8|14=70|32=30", "150=F|39=1", "20=0|150=1|39=1", "20=0|39=1")
	d.expect("35=8|14=30|19="+first.Get(17), "150=H", "20=1", "20=1")
	d.expect("35=8|14=20|32=20|31=9|19="+second.Get(17), "150=G", "20=2", "20=2")
	d.expect("35=8|11="+d.id(4)+"|38=140", "150=5", "20=0|150=5", "20=0|39=5")
	d.send("35=F|11=" + d.id(5) + "|41=" + d.id(4) + "|38=140|58=reject")
	d.expect("35=9|11="+d.id(5), "434=1|102=0", "102=0", "102=0")
	d.send("35=F|11=" + d.id(6) + "|41=" + d.id(4) + "|38=140")
	d.expect("35=8|11="+d.id(6)+"|14=20", "150=4|39=4|151=0", "20=0|150=4|39=4|151=0", "20=0|39=4")
	d.send("35=D|11=" + d.id(7) + "|38=100|40=2|44=10|58=reject")
	d.expect("35=8|11="+d.id(7)+"|39=8", "150=8", "20=0|150=8", "20=0")
	d.send("35=D|11=" + d.id(8) + "|38=100|40=2|44=99")
	d.expect("35=8|11="+d.id(8)+"|39=8|58=COLLAR*", "150=8|37=NONE", "20=0|150=8|37=NONE", "20=0|37=NONE")
	d.send("35=H|11=" + d.id(4))
	d.expect("35=8|14=20|39=4", "150=I", "20=3|150=4", "20=3")
}

// participantsAway has the open order of each dealer filled while he is away, who gets the report when he asks for what he
// missed. All are away at once, because engines take a second to come back.
func participantsAway(t *testing.T, dealers []*versionDealer) {
	var leave, back []func() func() error
	for _, d := range dealers {
		d.t = t
		leave, back = append(leave, d.leave), append(back, d.back)
	}
	together(t, leave)
	for _, d := range dealers {
		if err := d.venue.Do(d.resting, "fill"); err != nil {
			t.Fatal(err)
		}
	}
	together(t, back)
	for _, d := range dealers {
		d.missed()
	}
}

// together begins something everywhere, and then waits for all of it.
func together(t *testing.T, begin []func() (await func() error)) {
	t.Helper()
	var all []func() error
	for _, b := range begin {
		all = append(all, b())
	}
	for _, await := range all {
		if err := await(); err != nil {
			t.Fatal(err)
		}
	}
}

// missed is what a dealer gets who was away.
func (d *versionDealer) missed() {
	d.t.Helper()
	m := d.expect("35=8|11="+d.id(9)+"|14=10|39=2", "150=F", "20=0|150=2", "20=0")
	if m.Get(43) != "Y" || m.Get(122) == "" {
		d.t.Errorf("not sent again as what it is: %s", m)
	}
	for _, e := range d.p.Log() {
		if e.Outgoing && e.Message.Type() == "3" {
			d.t.Errorf("the participant rejects what the gate sent: %s", e.Message)
		}
	}
}

// owed has an order at each venue cancelled while all are away: the cancels go when the venues are back.
func (d *versionDealer) owed(venues map[string]*peer.Venue, leave, back []func() (await func() error)) {
	d.t.Helper()
	everywhere := func(do func()) {
		for _, at := range spokenVersions {
			d.venue, d.at = venues[at.letter], at
			do()
		}
	}
	everywhere(func() {
		d.send("35=D|11=" + d.id(10) + "|38=10|40=2|44=10")
		d.expect("35=8|11="+d.id(10), "150=0", "20=0|150=0", "20=0|39=0")
	})
	together(d.t, leave)
	everywhere(func() {
		d.send("35=F|11=" + d.id(11) + "|41=" + d.id(10) + "|38=10")
		d.expect("35=8|11="+d.id(11)+"|39=6|58=CANCEL_OWED*", "150=6", "20=0|150=6", "20=0")
	})
	together(d.t, back)
	cancelled := map[string]bool{} // the venues come back in any order
	for range spokenVersions {
		cancelled[d.expect("35=8|39=4", "150=4", "20=0|150=4", "20=0").Get(11)] = true
	}
	everywhere(func() {
		if !cancelled[d.id(11)] {
			d.t.Errorf("not cancelled at %s: %v", d.at.name, cancelled)
		}
	})
}

// versionDesk is a gate with a participant, a venue and a symbol for each version.
func versionDesk(venues map[string]*peer.Venue) map[string]string {
	lists := map[string]*strings.Builder{}
	for _, mark := range []string{"@CLIENTS@", "@ACCOUNTS@", "@LINKS@", "@VENUES@", "@ROUTES@", "@PARTICIPANTS@", "@LINES@", "@INSTRUMENTS@", "@PRICES@"} {
		lists[mark] = new(strings.Builder)
	}
	add := func(mark, format string, a ...any) { fmt.Fprintf(lists[mark], format, a...) }
	for _, v := range spokenVersions {
		p := v.participant()
		add("@PARTICIPANTS@", "[SESSION]\n%sTargetCompID=%s\n", v.keys(), p)
		add("@LINES@", "[SESSION]\n%sTargetCompID=%s\nSocketConnectPort=%d\n", v.keys(), v.venue(), venues[v.letter].Port())
		add("@CLIENTS@", "  - {name: %s, limits: {gross: 1_000_000, net: 1_000_000}}\n", p)
		add("@ACCOUNTS@", "  - {name: %s-1, client: %s}\n", p, p)
		add("@LINKS@", "  - {link: %s:GATE->%s, client: %s, default_account: %s-1, password: none}\n", v.begin, p, p, p)
		add("@VENUES@", "  - {name: %s, link: %s:GATE->%s, translate: all, id_prefix: P, cod: none, status_request: true}\n", v.venue(), v.begin, v.venue())
		add("@ROUTES@", "    %s: %s\n", v.symbol(), v.venue())
		add("@INSTRUMENTS@", "%s,stock,USD,1,1,0.01,1,,N,N\n", v.symbol())
		add("@PRICES@", "%s,10,@DATE@\n", v.symbol())
	}
	files := map[string]string{}
	for name, text := range versionFiles {
		for mark, list := range lists {
			text = strings.ReplaceAll(text, mark, list.String())
		}
		files[name] = text
	}
	return files
}

var versionFiles = map[string]string{
	"gate.yaml": `gate:
  approval: none
  journal: journal
  tail: "@TAIL@"
  segment_bytes: 1_048_576
  tail_segments: 8
  capacity: {links: 16, venues: 8, clients: 8, accounts: 8, instruments: 8, open_orders: 1024, clordids: 8192, executions: 8192}
fix: {participants: participants.cfg, venues: venues.cfg}
data: {instruments: instruments.csv, prices: prices.csv}
money: {currency: USD}
firm:
  limits: {gross: 10_000_000, net: 10_000_000}
clients:
@CLIENTS@account_defaults:
  limits: {gross: 1_000_000, net: 1_000_000}
  order_qty_max: 1_000
  notional_max: 100_000
  long_max: 100_000
  short_max: 0
  open_orders_max: 100
  repeat: unlimited
  sides: [buy]
  ord_types: [limit]
  tifs: [day]
  sell_long_checked: true
  sod: none
accounts:
@ACCOUNTS@link_defaults:
  source_addresses: [127.0.0.1]
  order_rate: unlimited
links:
@LINKS@venues:
@VENUES@routes:
  symbols:
@ROUTES@collars:
  default: {bps: 2000, band_bps: 1000, quote_age_ms: 5000, close_age_days: 5}
`,
	"participants.cfg": `[DEFAULT]
ConnectionType=acceptor
SocketAcceptHost=127.0.0.1
SocketAcceptPort=@PORT@
SenderCompID=GATE
@PARTICIPANTS@`,
	"venues.cfg": `[DEFAULT]
ConnectionType=initiator
SenderCompID=GATE
HeartBtInt=30
ReconnectInterval=1
SocketConnectHost=127.0.0.1
@LINES@`,
	"instruments.csv": "symbol,type,currency,multiplier,price_factor,tick,lot,order_qty_max,restricted,halted\n@INSTRUMENTS@",
	"prices.csv":      "symbol,close,as_of\n@PRICES@",
}
