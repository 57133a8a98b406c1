package risk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"portcullis/risk"
	"portcullis/risk/twin"
)

// A desk does with a Book what the core of the gate does: it keeps the versions of each order,
// asks, books, and tells the twin. Its events are the sentences of testdata/risk.
type desk struct {
	t     *testing.T
	book  *risk.Book
	twin  *twin.Ledger
	s     settings
	nowNs int64
	form  *risk.Form // of the sentence
	fills int
	day   int // of rolls

	orders map[string]*ticket
	execs  map[string]execution
	names  []string // orders, oldest first
}

type ticket struct {
	at       place
	side     risk.Side
	k        risk.Factor
	versions []risk.Version
	requests []string // of versions[1:]
	cum      risk.Qty
	open     risk.Qty
	reserved risk.Money
	live     bool
	sent     int
}

// place is an account and a symbol, by number; their names for the twin are A0, A1 .. and S0, S1. It
// may also have a trader T1, T2 .., an algorithm, and come over link 0 to venue 0.
type place struct {
	account, instrument uint32
	author              risk.Author
}

func (p place) names() (string, string) {
	return fmt.Sprint("A", p.account), fmt.Sprint("S", p.instrument)
}

type execution struct {
	order string
	at    place
	side  risk.Side
	qty   risk.Qty
	money risk.Money
	day   int
}

func newDesk(t *testing.T, s settings) *desk {
	t.Helper()
	d := &desk{t: t, s: s, twin: twin.New(), orders: map[string]*ticket{}, execs: map[string]execution{}}
	d.book = risk.NewBook(s.capacity, func(n int) []byte { return make([]byte, n) })
	s.phases.apply(t, d.book)
	must(t, d.book.SetLimits(risk.ScopeFirm, 0, s.firm))
	d.aside()
	for c := range uint32(s.capacity.Clients) {
		must(t, d.book.SetClient(c, risk.Client{Group: d.group(c), Limits: s.client}))
	}
	for kind, list := range s.throttles {
		must(t, d.book.SetThrottles(kind, 0, list))
	}
	if s.noVolume {
		s.instrument.Adv = 0
	}
	if s.noTouch {
		d.s.quote.Has &^= risk.HasBid | risk.HasAsk
	}
	for i := range uint32(s.capacity.Instruments) {
		if !s.symbolUnknown {
			in := s.instrument
			if len(s.slices) > 0 {
				in.Class = map[string]risk.Class{"stock": risk.Stock, "option": risk.Option}[kindOf(i)]
			}
			must(t, d.book.SetInstrument(i, in))
		}
	}
	for i := range uint32(s.capacity.Accounts) {
		if s.accountUnknown {
			continue
		}
		a := s.account
		a.Client = i % uint32(s.capacity.Clients)
		must(t, d.book.SetAccount(i, a))
		d.twin.Account(fmt.Sprint("A", i), fmt.Sprint("C", a.Client))
		if !s.notEntitled {
			must(t, d.book.Entitle(0, i))
		}
	}
	if len(s.slices) > 0 {
		d.slice()
	}
	if s.reduceOnly {
		d.book.SetKill(risk.Kill{ID: 1, Of: only(risk.ScopeAccount, 0), Mode: risk.KillReduceOnly})
	}
	for _, r := range s.orders {
		must(t, d.book.SetOrderLimits(r.kind, r.index, r.part, r.limits))
	}
	must(t, d.book.SetLists(&s.lists))
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// submit judges a new order, or a replace of the ticket, and books it if it is accepted.
func (d *desk) submit(id string, at place, terms risk.Terms) risk.Judgement {
	o := risk.Order{Place: at.full(), NowNs: d.nowNs, UTCNs: d.nowNs,
		Terms: terms, Form: d.form, Quote: d.s.quote, CapacitiesBarred: d.s.linkBarred, LinkTests: d.s.linkTests,
		TooLate: d.s.tooLate}
	if d.s.tooLate == risk.CloseCutOff && !risk.AtClose(terms.OrdType, terms.TimeInForce) {
		o.TooLate = risk.Unjudged
	}
	old := d.orders[id]
	if old != nil {
		o.Replace, o.Prior, o.Cum, o.K = true, old.versions, old.cum, old.k
		o.OpenBooked, o.ReservedBooked = old.open, old.reserved
	}
	var j risk.Judgement
	d.book.Check(&o, &j)
	for _, m := range []risk.Flow{risk.Messages, risk.Orders, risk.SymbolOrders} {
		d.book.Note(m, &o.Place, o.Link, 1, d.nowNs)
	}
	if j.Reason != risk.Accepted {
		return j
	}
	d.book.Note(risk.NotionalSum, &o.Place, o.Link, int64(max(0, j.Reserved-o.ReservedBooked)), d.nowNs)
	d.book.Note(risk.SymbolQty, &o.Place, o.Link, int64(max(0, j.Open-o.OpenBooked)), d.nowNs)
	traffic := risk.NewTraffic(terms.Qty, j.Open)
	if old != nil {
		traffic = risk.ReplaceTraffic(old.open, terms.Qty-old.cum, j.Open-old.open)
	}
	d.book.NoteDay(&o.Place, o.Link, &traffic)
	d.book.NoteRepeat(&o)
	v := risk.Version{Qty: terms.Qty, Worst: j.Worst}
	if old != nil {
		old.sent++
		request := fmt.Sprint("R", old.sent)
		old.versions, old.requests = append(old.versions, v), append(old.requests, request)
		d.twin.Record(twin.Replace{ID: id, Request: request, Qty: dec(terms.Qty), Worst: dec(j.Worst)})
		d.settle(old, 0)
		return j
	}
	n := &ticket{at: at, side: terms.Side, k: j.K, versions: []risk.Version{v}, live: true}
	d.orders[id], d.names = n, append(d.names, id)
	reach, rests := risk.ReachOf(terms.Side, terms.OrdType, terms.Price, terms.Discretion, terms.HasPrice)
	d.book.Rest(uint32(len(d.names)-1), at.pointer(), terms.Side, reach, rests)
	account, symbol := at.names()
	d.twin.Record(twin.Order{ID: id, Account: account, Symbol: symbol, By: at.by(), Side: sideName(terms.Side),
		Qty: dec(terms.Qty), Worst: dec(j.Worst), K: dec(j.K)})
	d.settle(n, 1)
	return j
}

// settle moves what the ticket has booked to what its versions now say: exposure 3.
func (d *desk) settle(o *ticket, dCount int) {
	vs := o.versions
	if !o.live {
		vs = nil
	}
	open, reserved, ok := risk.Reservation(vs, o.cum, o.k)
	if !ok || !d.book.Move(o.at.pointer(), o.side, open-o.open, reserved-o.reserved, dCount) {
		d.t.Fatalf("settle: overflow")
	}
	o.open, o.reserved = open, reserved
}

func (d *desk) replaced(id string) {
	o := d.orders[id]
	d.twin.Record(twin.Replaced{ID: id, Request: o.requests[0]})
	o.versions, o.requests = o.versions[1:], o.requests[1:]
	d.settle(o, 0)
}

func (d *desk) refused(id, request string) {
	o := d.orders[id]
	i := 0
	for request != "" && o.requests[i] != request {
		i++
	}
	d.twin.Record(twin.Refused{ID: id, Request: o.requests[i]})
	o.versions = append(o.versions[:i+1:i+1], o.versions[i+2:]...)
	o.requests = append(o.requests[:i:i], o.requests[i+1:]...)
	d.settle(o, 0)
}

func (d *desk) restated(id string, v risk.Version) {
	o := d.orders[id]
	d.twin.Record(twin.Restated{ID: id, Qty: dec(v.Qty), Worst: dec(v.Worst)})
	o.versions[0] = v
	d.settle(o, 0)
}

func (d *desk) closed(id string) {
	o := d.orders[id]
	d.twin.Record(twin.Closed{ID: id})
	o.live = false
	d.book.Rest(uint32(slices.Index(d.names, id)), o.at.pointer(), o.side, 0, false)
	d.settle(o, -1)
}

func (d *desk) fill(id, execID string, qty risk.Qty, px risk.Price) {
	o := d.orders[id]
	if execID == "" {
		d.fills++
		execID = fmt.Sprint("#", d.fills)
	}
	d.twin.Record(twin.Fill{ID: id, ExecID: execID, Qty: dec(qty), Px: dec(px)})
	d.execute(execID, execution{order: id, at: o.at, side: o.side, qty: qty}, px, o.k)
	traffic := risk.Traffic{Traded: qty}
	if o.cum == 0 {
		traffic.Trades = 1
	}
	d.book.NoteDay(o.at.pointer(), 0, &traffic)
	o.cum += qty
	d.settle(o, 0)
}

// cancel asks the venue to end an order; nothing is booked.
func (d *desk) cancel(id string) {
	o := d.orders[id]
	traffic := risk.CancelTraffic(o.open)
	d.book.NoteDay(o.at.pointer(), 0, &traffic)
}

func (d *desk) foreign(execID string, at place, side risk.Side, qty risk.Qty, px risk.Price) {
	account, symbol := at.names()
	k := d.book.Factor(at.instrument)
	d.twin.Record(twin.Foreign{ExecID: execID, Account: account, Symbol: symbol, By: at.by(), Side: sideName(side),
		Qty: dec(qty), Px: dec(px), K: dec(k)})
	d.execute(execID, execution{at: at, side: side, qty: qty}, px, k)
}

func (d *desk) execute(execID string, e execution, px risk.Price, k risk.Factor) {
	m, ok := d.book.ExecutionMoney(e.at.instrument, e.side, e.qty, px, k)
	if e.money = m; !ok || !d.book.Execute(e.at.pointer(), e.side, e.qty, m) {
		d.t.Fatalf("execute %s: overflow", execID)
	}
	e.day = d.day
	d.noteShort(e, e.qty)
	d.execs[execID] = e
}

// noteShort counts what a short sale of the day executed.
func (d *desk) noteShort(e execution, qty risk.Qty) {
	if e.side.IsShort() && e.day == d.day {
		d.book.NoteShort(e.at.pointer(), qty)
	}
}

func (d *desk) bust(execID string, reopen bool) bool {
	e, known := d.execs[execID]
	if !known {
		return false
	}
	delete(d.execs, execID)
	d.twin.Record(twin.Bust{ExecID: execID, Reopen: reopen})
	if e.day == d.day {
		d.book.Execute(e.at.pointer(), e.side, -e.qty, -e.money)
	} else {
		d.book.Amend(e.at.pointer(), e.side, -e.qty)
	}
	d.noteShort(e, -e.qty)
	if o := d.orders[e.order]; o != nil {
		o.cum -= e.qty
		dCount := 0
		if reopen && !o.live {
			o.live, dCount = true, 1
		}
		d.settle(o, dCount)
	}
	return true
}

func (d *desk) startOfDay(at place, qty risk.Qty) {
	account, symbol := at.names()
	d.twin.Record(twin.StartOfDay{Account: account, Symbol: symbol, Qty: dec(qty)})
	must(d.t, d.book.SetPosition(at.account, at.instrument, qty))
}

func (d *desk) mark(ins uint32, px risk.Price, closes bool) {
	_, symbol := place{instrument: ins}.names()
	k := d.book.Factor(ins)
	d.twin.Record(twin.Mark{Symbol: symbol, Px: dec(px), K: dec(k), Closes: closes})
	d.book.Mark(ins, 0, px, k, closes)
	if !d.book.InForce() {
		d.t.Fatalf("mark %s: overflow", symbol)
	}
}

func (d *desk) roll() {
	d.day++
	d.twin.Record(twin.Roll{})
	d.book.Roll()
}

// same fails the test unless every figure of the book equals the twin's.
func (d *desk) same() error {
	m := d.twin.Measure()
	if len(m.Unknown) > 0 {
		return fmt.Errorf("twin does not know %v", m.Unknown)
	}
	if err := sameScope("firm", d.book.Credit(risk.ScopeFirm, 0), m.Firm); err != nil {
		return err
	}
	if err := d.sameAside(m); err != nil {
		return err
	}
	if err := d.sameMeasures(m); err != nil {
		return err
	}
	for c := range uint32(d.s.capacity.Clients) {
		if err := sameScope(fmt.Sprint("client ", c), d.book.Credit(risk.ScopeClient, c), m.Clients[fmt.Sprint("C", c)]); err != nil {
			return err
		}
	}
	for a := range uint32(d.s.capacity.Accounts) {
		if err := sameScope(fmt.Sprint("account ", a), d.book.Credit(risk.ScopeAccount, a), m.Accounts[fmt.Sprint("A", a)]); err != nil {
			return err
		}
		for i := range uint32(d.s.capacity.Instruments) {
			p, w := d.book.Position(a, i), m.Position(place{account: a, instrument: i}.names())
			got := fmt.Sprint(dec(p.P), dec(p.OB), dec(p.OS), dec(p.OSLong), dec(p.ShortSold))
			if want := fmt.Sprint(w.P, w.OB, w.OS, w.OSLong, w.ShortSold); got != want {
				return fmt.Errorf("position A%d S%d: P OB OS OSLong ShortSold = %s, twin %s", a, i, got, want)
			}
		}
	}
	for id, o := range d.orders {
		w := m.Orders[id]
		got := fmt.Sprint(dec(o.cum), dec(o.open), money(o.reserved))
		if want := fmt.Sprint(w.C, w.Q, w.R); got != want {
			return fmt.Errorf("order %s: C q r = %s, twin %s", id, got, want)
		}
	}
	return nil
}

func sameScope(name string, v risk.ScopeView, w twin.Scope) error {
	got := fmt.Sprint(money(v.EB), money(v.ES), money(v.RB), money(v.RS), money(v.Gross()), money(v.Net()), v.OpenOrders)
	want := fmt.Sprint(w.EB, w.ES, w.RB, w.RS, w.Gross(), w.Net(), w.OpenOrders)
	if got != want {
		return fmt.Errorf("%s: EB ES RB RS gross net orders = %s, twin %s", name, got, want)
	}
	return nil
}

func dec[T ~int64](v T) decimal.Decimal { return decimal.New(int64(v), -8) }

func money(v risk.Money) decimal.Decimal { return decimal.New(int64(v), -4) }

func sideName(s risk.Side) twin.Side {
	return map[risk.Side]twin.Side{risk.Buy: twin.Buy, risk.Sell: twin.Sell, risk.SellShort: twin.Short,
		risk.SellShortExempt: twin.ShortExempt}[s]
}

// do plays one sentence and answers accepted, booked, unknown or the code of a refusal.
func (d *desk) do(sentence string) string {
	w := strings.Fields(sentence)
	if w[0] == "at" {
		at, err := time.ParseDuration(w[1])
		must(d.t, err)
		d.nowNs, w = int64(at), w[2:]
	}
	verb, w := w[0], w[1:]
	d.form = parseForm(d.t, w)
	switch verb {
	case "new", "reject", "replace":
		return d.order(verb, w)
	case "buy", "sell", "short", "exempt":
		return verdict(d.submit("order", d.home(), parseTerms(d.t, append([]string{verb}, w...))))
	case "fill":
		id := ""
		if len(w) > 4 {
			id = w[5]
		}
		d.fill(w[0], id, risk.Qty(fixed(d.t, w[1], 8)), risk.Price(fixed(d.t, w[3], 8)))
	case "foreign":
		d.foreign(fmt.Sprint("X", len(d.execs)), d.home(), parseSide(d.t, w[0]), risk.Qty(fixed(d.t, w[1], 8)),
			risk.Price(fixed(d.t, w[3], 8)))
	case "bust":
		if !d.bust(w[0], len(w) > 1) {
			return "unknown"
		}
	case "replaced":
		d.replaced(w[0])
	case "refused":
		d.refused(w[0], strings.Join(w[1:], ""))
	case "restated":
		d.restated(w[0], risk.Version{Qty: risk.Qty(fixed(d.t, w[1], 8)), Worst: risk.Price(fixed(d.t, w[3], 8))})
	case "cancel":
		d.cancel(w[0])
	case "closed":
		d.closed(w[0])
	case "start-of-day":
		d.startOfDay(d.home(), risk.Qty(fixed(d.t, w[0], 8)))
	case "mark", "close": // "close 50": what the instrument is worth, at the start of the day too
		d.mark(0, risk.Price(fixed(d.t, w[0], 8)), verb == "close")
	case "located": // "located 100"
		must(d.t, d.book.SetLocated(0, 0, risk.Qty(fixed(d.t, w[0], 8))))
	case "easy":
		d.book.SetEasy(0, true)
	case "price-test": // in force from now on, for so many trade dates
		d.book.SetPriceTest(0, risk.NoIndex, uint8(fixed(d.t, w[0], 0)))
	case "roll":
		d.roll()
	default:
		d.t.Fatalf("%q: no such event", sentence)
	}
	return "booked"
}

// order plays "new O1 buy ...", "reject O1 buy ..." (which must be refused) or "replace O1 ...".
func (d *desk) order(verb string, w []string) string {
	if verb == "replace" {
		w = append([]string{w[0], lowerSide(d.orders[w[0]].side)}, w[1:]...)
	}
	got := verdict(d.submit(w[0], d.home(), parseTerms(d.t, w[1:])))
	if verb == "reject" && got == "accepted" {
		d.t.Fatalf("%v: accepted, should be refused", w)
	}
	return got
}

func verdict(j risk.Judgement) string {
	if j.Reason == risk.Accepted {
		return "accepted"
	}
	return j.Reason.String()
}
