package core

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"portcullis/fix/link"
	"portcullis/risk"
)

var (
	seedFlag  = flag.Uint64("core.seed", 0, "run this seed of TestRandom only")
	seedCount = flag.Uint64("core.seeds", 50, "how many seeds TestRandom runs")
)

// TestRandom lets participants, a venue, lines, operators and restarts do what they like. After each
// event the tables agree with themselves, the book with the twin, and every measure above its limit
// was recorded.
func TestRandom(t *testing.T) {
	first, last := uint64(1), *seedCount
	if *seedFlag != 0 {
		first, last = *seedFlag, *seedFlag
	}
	seen := map[string]int{}
	for seed := first; seed <= last && !t.Failed(); seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			defer keepNames()()
			defer func() {
				if t.Failed() {
					t.Logf("again: go test ./gate/core -run TestRandom -core.seed=%d", seed)
				}
			}()
			newChaos(t, seed, seen).run(250)
		})
	}
	if *seedFlag != 0 {
		return
	}
	for _, what := range []string{"D accepted", "G accepted", "F accepted", "filled", "bust", "correction", "replaced",
		"cancelled", "rejected", "resend", "reset", "kill", "roll", "restart", "overshoot", "unknown", "suspense", "withdrawn", "cut off", "held", "reset time", "session over", "mass cancel", "mass status", "mass answered", "resolved", "reload", "moved", "copied", "trade report", "both sides", "foreign", "break", "on word"} {
		if seen[what] == 0 {
			t.Errorf("no seed ever had %q: %v", what, seen)
		}
	}
}

// chaos is one random world with a venue that keeps its own idea of every order.
type chaos struct {
	*world
	r     *rand.Rand
	seen  map[string]int
	ids   int
	execs int
	date  uint64
	own   []string // participants' ClOrdIDs of accepted orders and replaces
	at    []venueOrder
	mass  string // ClOrdID of a mass cancel that the venue has not answered
	over  map[overKey]int64
	told  map[overKey]bool // while the day rolls, or behind a reload: what was recorded, by scope and measure

	reports map[reportKey]string // the last under a number
	copies  []string             // what the drop copy has not told yet
}

// reportKey is a number that a report to a participant has.
type reportKey struct {
	link uint32
	seq  uint64
}

// venueOrder is an order as the venue sees it: what it was told last, and what it has executed.
type venueOrder struct {
	id, pending string // ClOrdID that holds; of an unanswered F or G
	cancel      bool   // pending is a cancel
	side        string
	qty, newQty int
	cum         int
	acked, over bool
	trades      []string // ExecIDs that can be busted
	sizes       []int
}

type overKey struct {
	account, instrument uint32
	scope               uint32
	measure             risk.Reason
}

func newChaos(t *testing.T, seed uint64, seen map[string]int) *chaos {
	r := rand.New(rand.NewPCG(seed, 7))
	c := plain()
	c.held = true
	c.version = fixVersions()[r.IntN(len(fixVersions()))].name
	if r.IntN(2) == 0 {
		c.venueVersion = fixVersions()[r.IntN(len(fixVersions()))].name
	}
	c.reset = []string{"", "", "logon", "disconnect"}[r.IntN(4)]
	c.noStatus = r.IntN(2) == 0
	c.preserve = r.IntN(8) == 0
	c.massCancel = r.IntN(2) == 0 && c.versionOf("XSIM").dialect.mass
	c.size = Capacity{Orders: 6 + r.IntN(20), Requests: 24 + r.IntN(60), ClOrdIDs: 64 + r.IntN(200), Executions: 16 + r.IntN(64), Jobs: r.IntN(4)}
	if seed%2 == 0 {
		c.authors = "yes"
	}
	c.dropCopy = seed%5 == 0
	if seed%4 == 0 {
		c.noCancel = noCancelHours(seed%8 == 0)
	}
	c.gross = risk.Money(20_000+r.IntN(60_000)) * risk.MoneyScale
	c.net = risk.Money(10_000+r.IntN(40_000)) * risk.MoneyScale
	x := &chaos{world: newWorldOf(t, c), r: r, seen: seen, date: 20261122, over: map[overKey]int64{}, reports: map[reportKey]string{}}
	x.logon()
	for _, c := range []*Core{x.core, x.shadow} {
		for l := range c.set.Links {
			c.set.Links[l].ResendCut = true
		}
		if seed%3 == 0 && x.conf.versionOf("XSIM").resets() {
			hours(c)
		}
	}
	x.audit = newAudit(20)
	x.audit.each = x.limits
	return x
}

func (x *chaos) run(events int) {
	x.t.Helper()
	for range events {
		x.nowNs += x.r.Int64N(400_000_000)
		if x.core.DueNs() <= x.now().MonoNs {
			x.event(&Event{Kind: Tick, Link: NoIndex})
			x.listen()
		}
		switch n := x.r.IntN(100); {
		case n < 40:
			x.participant()
		case n < 70 && x.conf.dropCopy && n%3 == 0:
			x.tellCopy()
		case n < 88:
			x.venue()
		default:
			x.disturb()
		}
		x.listen()
	}
	x.audit.compare(x.world)
}

// link is a participant's.
func (x *chaos) link() uint32 {
	l := []uint32{acme, acme, beta, acme2}[x.r.IntN(4)]
	if l == acme2 && x.conf.dropCopy {
		return acme
	}
	return l
}

func (x *chaos) pick(words ...string) string { return words[x.r.IntN(len(words))] }

// participant sends an order, a replace or a cancel; now and then nonsense, or the same again.
func (x *chaos) participant() {
	l := x.link()
	if x.conf.preserve {
		l = acme
	}
	if x.core.Phase(l) != link.Up {
		if x.r.IntN(2) == 0 || !x.conf.versionOf(linkNames[l]).resets() {
			x.connect(l)
		} else {
			x.anew(l)
			x.readCut(l)
		}
		return
	}
	x.ids++
	id := fmt.Sprint("C", x.ids)
	if x.r.IntN(20) == 0 {
		id = fmt.Sprint("C", x.r.IntN(x.ids)+1)
	}
	account := map[uint32]string{acme: x.pick("ACME-1", "ACME-2"), acme2: "ACME-1", beta: "BETA-1"}[l]
	side, symbol := x.pick("1", "1", "2", "5"), x.pick("IBM", "IBM", "MSFT")
	price := map[string]int{"IBM": 5000, "MSFT": 40000}[symbol] + x.r.IntN(400) - 200
	terms := fmt.Sprintf("54=%s|55=%s|38=%d|60=20261122-13:30:00|", side, symbol, 1+x.r.IntN(150))
	switch x.r.IntN(6) {
	case 0:
		terms += "40=1|"
	case 1:
		terms += fmt.Sprintf("40=3|99=%d.%02d|", price/100, price%100)
	default:
		terms += fmt.Sprintf("40=2|44=%d.%02d|", price/100, price%100)
	}
	terms += "59=" + x.pick("0", "0", "1") + "|"
	parties := ""
	if x.conf.authors != "" {
		parties = x.pick("", "453=1|448=ANN|452=12|2376=24|", "453=1|448=TWAP|452=12|2376=22|", "453=2|448=ANN|452=12|448=TWAP|452=122|2376=22|")
	}
	again := ""
	if x.r.IntN(25) == 0 {
		again = "97=Y|"
	}
	old := "NOPE"
	if len(x.own) > 0 && x.r.IntN(20) > 0 {
		old = x.own[max(0, len(x.own)-1-x.r.IntN(8))]
	}
	switch n := x.r.IntN(10); {
	case x.r.IntN(40) == 0:
		x.from(l, "35=q|"+again+"11="+id+"|60=20261122-13:30:00|"+x.pick("530=7|", "530=1|55=IBM|", "530=7|54=2|"))
		x.seen["mass cancel"]++
	case x.r.IntN(40) == 0:
		x.from(l, "35=AF|584="+id+"|"+x.pick("585=7|", "585=1|55=MSFT|"))
		x.seen["mass status"]++
	case n < 5:
		x.from(l, "35=D|"+again+"11="+id+"|21=1|1="+account+"|"+parties+terms)
	case n < 8:
		x.from(l, "35=G|"+again+"11="+id+"|41="+old+"|21=1|"+terms)
	default:
		x.from(l, "35=F|"+again+"11="+id+"|41="+old+"|"+terms)
	}
	if x.d.Reason == risk.Accepted {
		x.seen[string(x.d.MsgType)+" accepted"]++
	}
	for _, s := range x.sent {
		if typ := field(s.text, "35"); s.link == xsim && (typ == "D" || typ == "G") {
			x.own = append(x.own, id)
		}
	}
}

// listen is the venue reading what it was sent; now and then the line has lost it.
func (x *chaos) listen() {
	begunAnew := false
	for _, s := range x.sent {
		if s.out.Kind == link.ReportMessage {
			x.reports[reportKey{s.link, s.out.Seq}] = s.text
		}
		if field(s.text, "58") == link.OutsideSession.String() {
			x.seen["session over"]++
		}
		if s.link != xsim || s.out.Hold {
			continue
		}
		typ, id, orig := field(s.text, "35"), field(s.text, "11"), field(s.text, "41")
		switch typ {
		case "D":
			var n int
			fmt.Sscan(field(s.text, "38"), &n)
			x.at = append(x.at, venueOrder{id: id, side: field(s.text, "54"), qty: n})
		case "F", "G":
			for i := range x.at {
				if o := &x.at[i]; o.id == orig || o.pending == orig {
					o.pending, o.cancel = id, typ == "F"
					fmt.Sscan(field(s.text, "38"), &o.newQty)
				}
			}
		case "q":
			x.mass = id
			x.seen["mass sent"]++
		case "A":
			begunAnew = begunAnew || s.out.Seq == 1 && x.core.LinkState(xsim).Resetting == link.ResetAsked && x.core.Phase(xsim) == link.Up
		}
	}
	x.sent = nil
	if begunAnew {
		x.beginAnew()
	}
}

// venue says something of one of its orders, mostly what is true.
func (x *chaos) venue() {
	if x.core.Phase(xsim) != link.Up {
		x.connect(xsim)
		return
	}
	if x.mass != "" && x.r.IntN(2) == 0 {
		x.from(xsim, "35=r|11="+x.mass+"|37=R|530=7|531="+x.pick("0", "7")+"|")
		x.mass = ""
		x.seen["mass answered"]++
		return
	}
	if len(x.at) == 0 {
		return
	}
	o := &x.at[max(0, len(x.at)-1-x.r.IntN(10))]
	switch n := x.r.IntN(20); {
	case !o.acked && n < 8:
		o.acked = true
		if n == 0 {
			o.over = true
			x.seen["rejected"]++
			x.report(o, "8", "8", o.id, "")
			return
		}
		x.report(o, "0", "0", o.id, "")
	case n < 8 && !o.over:
		x.fill(o)
	case n < 13 && o.pending != "":
		x.answer(o)
	case n < 15 && len(o.trades) > 0:
		x.undo(o)
	case n == 15:
		o.over = true
		x.report(o, x.pick("4", "C", "3"), "4", o.id, "")
	case n == 16:
		x.report(o, "D", "0", o.id, fmt.Sprintf("38=%d|", 1+x.r.IntN(150)))
	case n == 17:
		x.report(o, "I", "0", o.id, "")
	case n == 18:
		x.odd(o)
	case n == 19:
		x.report(o, x.pick("A", "6", "E"), "0", o.id, "")
	}
}

func (x *chaos) report(o *venueOrder, execType, status, id, more string) {
	x.execs++
	if !strings.Contains(more, "38=") {
		more += fmt.Sprintf("38=%d|", o.qty)
	}
	x.from(xsim, fmt.Sprintf("35=8|11=%s|37=V%s|17=E%d|150=%s|39=%s|54=%s|55=IBM|14=%d|151=%d|6=0|%s", id, o.id, x.execs,
		execType, status, o.side, o.cum, max(0, o.qty-o.cum), more))
	x.seen["overshoot"] += len(x.world.over)
	for _, a := range x.alerts {
		if a == "UnknownOrderReport" {
			x.seen["suspense"]++
		}
	}
}

func (x *chaos) fill(o *venueOrder) {
	n := 1 + x.r.IntN(max(1, o.qty-o.cum))
	o.cum += n
	status := "1"
	if o.cum >= o.qty {
		status, o.over = "2", true
	}
	o.trades, o.sizes = append(o.trades, fmt.Sprint("E", x.execs+1)), append(o.sizes, n)
	x.seen["filled"]++
	told := x.pick("told", "told", "told", "told", "lost", "twice")
	px := 4900 + x.r.IntN(300)
	terms := fmt.Sprintf("32=%d|31=%d.%02d|", n, px/100, px%100)
	x.copy(o, "F", terms)
	if told == "lost" {
		x.execs++
		return
	}
	x.report(o, "F", status, o.id, terms)
	if told == "twice" {
		x.listen()
		x.execs--
		x.report(o, "F", status, o.id, terms)
	}
}

// answer grants or refuses what is pending.
func (x *chaos) answer(o *venueOrder) {
	id := o.pending
	o.pending = ""
	switch {
	case x.r.IntN(3) == 0:
		x.from(xsim, fmt.Sprintf("35=9|11=%s|41=%s|37=V%s|39=0|434=1|102=%d|", id, o.id, o.id, x.r.IntN(2)))
	case o.cancel:
		o.over = true
		x.seen["cancelled"]++
		x.report(o, "4", "4", id, "41="+o.id+"|")
	default:
		x.seen["replaced"]++
		old := o.id
		o.id, o.qty = id, o.newQty
		x.report(o, "5", "0", id, fmt.Sprintf("41=%s|38=%d|", old, o.qty))
	}
}

// undo busts or corrects an execution.
func (x *chaos) undo(o *venueOrder) {
	i := x.r.IntN(len(o.trades))
	ref, n := o.trades[i], o.sizes[i]
	o.trades, o.sizes = append(o.trades[:i:i], o.trades[i+1:]...), append(o.sizes[:i:i], o.sizes[i+1:]...)
	o.cum -= n
	if x.r.IntN(2) == 0 {
		x.seen["bust"]++
		x.copy(o, "H", "19="+ref+"|")
		x.report(o, "H", "1", o.id, "19="+ref+"|")
		return
	}
	o.cum += 3
	x.seen["correction"]++
	o.trades, o.sizes = append(o.trades, fmt.Sprint("E", x.execs+1)), append(o.sizes, 3)
	x.copy(o, "G", "19="+ref+"|32=3|31=50|")
	x.report(o, "G", "1", o.id, "19="+ref+"|32=3|31=50|")
}

// odd is what a venue should not say.
func (x *chaos) odd(o *venueOrder) {
	switch x.r.IntN(6) {
	case 0:
		x.report(o, "F", "1", "WHAT", "32=1|31=50|")
	case 1:
		x.report(o, "F", "1", o.id, "32=1e5|31=50|")
	case 2:
		x.from(xsim, fmt.Sprintf("35=3|45=%d|373=5|", max(1, x.core.links[xsim].NextOut-uint64(x.r.IntN(6)))))
	case 3:
		x.from(xsim, "35=j|45=1|379="+o.id+"|380=0|372=D|")
	case 4:
		x.report(o, "H", "1", o.id, "19=E99999|")
	case 5:
		x.report(o, "F", "1", o.id, "32=500|31=51|") // more than there is, and not counted
	}
}

// readCut reads back what a reset cut off, sometimes with a restart in between.
func (x *chaos) readCut(l uint32) {
	for cut := x.core.Cut(l); cut.From != 0; cut = x.core.Cut(l) {
		x.seen["cut off"]++
		if x.r.IntN(20) == 0 {
			x.restart()
		}
		text := x.reports[reportKey{l, cut.From}]
		next := x.core.LinkState(l).NextOut
		x.readBack(l, cut.From, text)
		if text == "" {
			continue
		}
		if len(x.sent) != 1 || x.sent[0].out.Seq != next || field(x.sent[0].text, "97") != "Y" ||
			field(x.sent[0].text, "17") != field(text, "17") {
			x.t.Fatalf("%s was cut off; sent again %+v", text, x.sent)
		}
	}
}

// disturb is everything but orders.
func (x *chaos) disturb() {
	switch x.r.IntN(18) {
	case 0, 1:
		x.drop(xsim)
	case 2:
		x.drop(x.link())
	case 3:
		x.seen["kill"]++
		x.command(Command{ID: 5, Kind: CmdKill, Scope: risk.Scope(1 + x.r.IntN(4)), Index: uint32(x.r.IntN(2)), Flag: x.r.IntN(4) == 0})
		x.listen()
		x.withdrawSome()
	case 4, 5, 6:
		for _, k := range x.core.book.Kills() {
			x.command(Command{ID: 5, Kind: CmdRevive, Target: k.ID, UID: uint32(x.r.IntN(3))})
			break
		}
	case 7:
		x.date++
		x.seen["roll"]++
		x.quote(ibm, fmt.Sprint(48+x.r.IntN(5)))
		x.quote(msft, "400")
		x.command(Command{ID: 5, Kind: CmdRoll, Target: x.date})
	case 8:
		x.seen["restart"]++
		x.restart()
	case 9:
		x.resend()
	case 10:
		if x.core.Phase(xsim) == link.Up && x.conf.versionOf("XSIM").resets() {
			x.seen["reset"]++
			x.seqOut[xsim] = 1
			x.from(xsim, "35=A|98=0|108=30|141=Y|")
			for _, a := range x.alerts {
				if a == "SeqNumbersReset" {
					x.seen["unknown"]++
				}
			}
		}
	case 11:
		x.event(&Event{Kind: Blocked, Link: xsim})
		x.listen()
		x.event(&Event{Kind: Writable, Link: xsim})
	case 12:
		x.command(Command{ID: 5, Kind: CmdAccept})
	case 13:
		x.command(Command{ID: 5, Kind: CmdSOD, Index: uint32(x.r.IntN(3)), Target: 0, Qty: risk.Qty(x.r.IntN(200)) * risk.PriceScale})
	case 14:
		x.hold([]uint32{xsim, x.link()}[x.r.IntN(2)])
	case 15:
		if x.r.IntN(2) == 0 {
			x.reload()
		} else {
			x.move()
		}
	case 16:
		x.resolve()
	case 17:
		x.resolveVenue()
	}
}

// resend is the venue asking again: what it asks for it has not got.
func (x *chaos) resend() {
	if x.core.Phase(xsim) != link.Up {
		return
	}
	x.seen["resend"]++
	next := x.core.links[xsim].NextOut
	x.from(xsim, fmt.Sprintf("35=2|7=%d|16=0|", max(1, next-uint64(x.r.IntN(8)))))
}

// withdrawSome takes back orders that the kill holds.
func (x *chaos) withdrawSome() {
	if x.core.Phase(xsim) != link.Up {
		return
	}
	for r := range x.core.reg.reqUsed {
		if q := &x.core.requests[r]; q.State == Pending && q.Kind != CancelRequest && x.core.Killed(r) && x.r.IntN(3) == 0 &&
			q.Era == x.core.eraOf(0) && x.core.orders[q.Order].State == Live {
			x.seen["withdrawn"]++
			x.event(&Event{Kind: Withdrawn, Link: xsim, Seq: q.Seq, Request: r})
			return
		}
	}
}

// limits demands that nothing goes further above a limit without a record that says so (exposure 8),
// except by a closing order inside its reserve.
func (x *chaos) limits() {
	x.t.Helper()
	recorded := false
	for _, e := range x.d.Effects[:x.d.EffectLen] {
		if e.Kind == Overshot {
			recorded = true
			if x.told != nil {
				x.told[overKey{scope: e.Account, measure: risk.Reason(e.Seq)}] = true
			}
		}
		if e.Kind == Rolled || e.Kind == Reloaded {
			x.told = map[overKey]bool{}
		}
	}
	if x.told != nil && x.core.GoesOverAll() {
		return // to be judged when all accounts have been gone over
	}
	told := x.told
	x.told = nil
	closing := x.d.Reason == risk.Accepted && x.d.Judgement.Closing
	var out [risk.OvershootsMax]risk.Overshoot
	now := map[overKey]int64{}
	for a := range uint32(4) {
		for i := range uint32(2) {
			for _, o := range out[:x.core.book.Excess(&risk.Place{Account: a, Instrument: i, Owner: NoIndex, Venue: NoIndex}, out[:])] {
				key := overKey{a, i, o.Scope, o.Measure}
				if o.Measure != risk.LongPositionExceeded && o.Measure != risk.ShortPositionExceeded && o.Measure != risk.SellLongExceedsPosition {
					key.account, key.instrument = 0, 0
				}
				now[key] = o.Amount()
				if o.Amount() > x.over[key] && !recorded && !closing && !told[overKey{scope: o.Scope, measure: o.Measure}] {
					x.t.Fatalf("%s of %d is %d above its limit, it was %d: not recorded", o.Measure, o.Scope, o.Amount(), x.over[key])
				}
			}
		}
	}
	x.over = now
}
