package sim

import (
	"fmt"
	"math/rand/v2"

	"portcullis/fix"
	"portcullis/gate/core"
	"portcullis/gate/journal"
	"portcullis/risk"
)

const firmScope = risk.ScopeFirm

// World is one run.
type World struct {
	seed     uint64
	r        *rand.Rand
	profile  profile
	clock    *clock
	disk     *disk
	host     *host
	peers    []*peer // by link
	traders  []*trader
	venues   []*venue
	copier   *copier
	operator *operator
	faults   *faults
	follower *follower
	reloads  *reloads
	check    *check
	cover    *Coverage
	quotes   quotes
	date     uint32
	later    []func() // to be done when the event at hand is over
	verbose  func(line string)
	step     int
	quiet    bool // no faults any more
	rolls    int
	calm     int  // one in so many of the troubles that could come does; a world of nothing else trades little
	splits   bool // symbols are split: what was executed before is known in other units than it was told in

	announced [2]risk.Ratio // by symbol: how it is split on the next date; zero: it is not
	aheadOf   [2]uint32     // by symbol: the ex-date of a split that its venue has restated orders for before that date
	manyDays  bool          // the day may roll more than once, and what is of before yesterday is forgotten
	changes   bool          // rates of exchange and venues' profiles change while the gate runs
	dates     bool          // executions are told with their trade date or without it, as it comes
	ahead     bool          // venues may restate orders over a split before the gate's roll
	more      *rand.Rand    // draws what only such worlds have, so that others stay what they were
	forgets   bool          // the gate may have told what it does not know any more: see faults.die
}

// failure is the panic by which a run ends that shows a defect.
type failure struct{ text string }

func (w *World) fail(format string, args ...any) {
	panic(failure{fmt.Sprintf("step %d, forgets %v, sync %v: %s", w.step, w.forgets, w.profile.sync, fmt.Sprintf(format, args...))})
}

func (w *World) must(err error) {
	if err != nil {
		w.fail("%v", err)
	}
}

func newWorld(seed uint64, cover *Coverage) *World {
	w := &World{seed: seed, r: rand.New(rand.NewPCG(seed, 0x5eed)), clock: newClock(), disk: newDisk(), cover: cover,
		quotes: make(quotes, 2), date: 20261122}
	w.profile = w.drawProfile()
	w.manyDays, w.splits = w.chance(5), w.chance(4)
	w.more = rand.New(rand.NewPCG(seed, 0xf00d))
	w.changes, w.dates, w.ahead = w.more.IntN(3) == 0, w.more.IntN(3) == 0, w.more.IntN(3) == 0
	w.calm = []int{1, 5, 25}[w.r.IntN(3)]
	w.host = &host{w: w}
	w.faults, w.operator = &faults{w: w}, &operator{w: w, lifting: map[uint64]bool{}, short: map[string]int{},
		byHand: map[string]bool{}, open: map[string]bool{}, refused: map[string]bool{}}
	for l := range uint32(len(linkNames)) {
		p := &peer{w: w, name: linkNames[l], link: l, venue: l >= xsim, set: w.profile.turned(l), store: map[uint64]stored{},
			early: map[uint64][]byte{}, lose: map[uint64]bool{}}
		p.st.NextIn, p.st.NextOut = 1, 1
		w.peers = append(w.peers, p)
		switch {
		case l == clearer:
			w.copier = newCopier(w, p)
		case p.venue:
			w.venues = append(w.venues, newVenue(w, p, l-xsim))
		default:
			w.traders = append(w.traders, newTrader(w, p))
		}
	}
	w.quote()
	w.reloads = &reloads{w, map[uint64]given{}}
	w.follower = newFollower(w)
	w.check = newCheck(w)
	return w
}

func (w *World) newCore() *core.Core {
	book, err := w.profile.book()
	w.must(err)
	return core.New(w.profile.setup(w.quotes), book)
}

func positionOf(record int) journal.Position { return journal.Position(positionBytes * record) }

// log keeps the last lines of what happened.
func (w *World) log(format string, args ...any) {
	if w.verbose != nil {
		w.verbose(fmt.Sprintf("%5d %12.6f ", w.step, float64(w.clock.nowNs)/1e9) + fmt.Sprintf(format, args...))
		return
	}
}

// afterwards does something when the event at hand is over.
func (w *World) afterwards(f func()) {
	if f != nil {
		w.later = append(w.later, f)
	}
}

func (w *World) doLater() {
	for len(w.later) > 0 {
		f := w.later[0]
		w.later = w.later[1:]
		f()
	}
}

func (w *World) roomOf(p *peer) int {
	if w.profile.smallRooms && !w.quiet {
		return 300 + w.r.IntN(3000)
	}
	return 64 << 10
}

// quote moves the market.
func (w *World) quote() {
	for i, last := range []string{fmt.Sprintf("%d.%02d", 48+w.r.IntN(5), w.r.IntN(100)), fmt.Sprintf("%d.%02d", 395+w.r.IntN(11), w.r.IntN(100))} {
		p, _ := fix.ParseDecimal([]byte(last))
		at := w.clock.utcNs()
		w.quotes[i] = risk.Quote{Last: risk.Price(p), AtNs: at, LastAtNs: at, Has: risk.HasLast}
	}
}

// chance is true once in n.
func (w *World) chance(n int) bool { return w.r.IntN(n) == 0 }

func (w *World) pick(words ...string) string { return words[w.r.IntN(len(words))] }

const steps = 500

// run plays the world to its end.
func (w *World) run() {
	w.host.start(false, false)
	for range w.r.IntN(4) { // what has no mark refuses orders
		w.operator.mark()
	}
	w.play()
}

// play goes on from a gate that has started.
func (w *World) play() {
	for w.step = 1; w.step <= steps; w.step++ {
		w.pass()
		w.act()
		w.turn()
	}
	w.settle()
}

// pass lets time go by: mostly little, now and then enough for what waits.
func (w *World) pass() {
	switch n := w.r.IntN(100); {
	case n < 60:
		w.clock.nowNs += w.r.Int64N(2_000_000)
	case n < 97:
		w.clock.nowNs += w.r.Int64N(300_000_000)
	default:
		w.clock.nowNs += w.r.Int64N(8_000_000_000)
	}
}

// act is what one or two of the actors do.
func (w *World) act() {
	for range 1 + w.r.IntN(3) {
		switch n := w.r.IntN(100); {
		case n < 45:
			w.traders[w.r.IntN(len(w.traders))].act()
		case n < 85:
			w.venues[w.r.IntN(len(w.venues))].act()
		case n < 88:
			w.copier.act()
		case n < 92:
			w.operator.act()
		case w.chance(w.calm):
			w.faults.act()
		}
		w.doLater()
	}
}

// turn is one cycle of everything that moves by itself.
func (w *World) turn() {
	w.connect()
	for _, p := range w.peers {
		if p.c != nil && !w.chance(4) {
			p.c.arrive(w.faults.size(len(p.c.flight)))
		}
	}
	w.host.cycle()
	if w.chance(3) || w.quiet {
		w.disk.sync()
	}
	for _, p := range w.peers {
		if w.quiet || !w.chance(4) {
			p.pump(w.faults.size(1 << 16))
		}
		w.doLater()
	}
	w.faults.turn()
}

// connect is admission and dialling: each link that has no connection gets one some time.
func (w *World) connect() {
	h := w.host
	for l, p := range w.peers {
		n := uint32(l)
		if h.hand == nil || p.c != nil || w.clock.nowNs < p.nextNs || h.engine.Held(n) || !h.engine.Idle(n) || h.stopping {
			continue
		}
		if !w.quiet && w.chance(3) || !h.engine.Claim(n) {
			continue
		}
		w.join(p)
	}
}

// join connects a peer and hands the connection over: a participant's with its Logon.
func (w *World) join(p *peer) {
	c := w.host.net.open(p)
	p.connect(c)
	hand := handover(c, p)
	_, err := w.host.engine.Handover(hand)
	w.must(err)
	p.nextNs = w.clock.nowNs + 500_000_000
	w.log("%s: connected", p.name)
}
