package twin

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Ledger is who trades for whom, and everything that happened.
type Ledger struct {
	clientOf, groupOf, deskOf, classOf map[string]string
	sliced                             map[string]bool // classes and symbols in which scopes have slices
	events                             []Event
}

// New is an empty ledger.
func New() *Ledger {
	return &Ledger{clientOf: map[string]string{}, groupOf: map[string]string{}, deskOf: map[string]string{},
		classOf: map[string]string{}, sliced: map[string]bool{}}
}

// Account says which client an account belongs to. An account without one counts in the firm only.
func (l *Ledger) Account(name, client string) { l.clientOf[name] = client }

// Client says which group a client belongs to, Trader which desk a trader belongs to.
func (l *Ledger) Client(name, group string) { l.groupOf[name] = group }
func (l *Ledger) Trader(name, desk string)  { l.deskOf[name] = desk }

// Class says what kind of thing a symbol is; Slice, that every scope is measured in a class or a symbol by itself too.
func (l *Ledger) Class(symbol, class string) { l.classOf[symbol] = class }
func (l *Ledger) Slice(in string)            { l.sliced[in] = true }

// Record appends what happened.
func (l *Ledger) Record(e Event) { l.events = append(l.events, e) }

// Measure plays all events, and those asked about in addition, from the start.
func (l *Ledger) Measure(whatIf ...Event) *State {
	b := book{orders: map[string]*order{}, executed: map[string]decimal.Decimal{},
		byExecID: map[string]trade{}, start: map[place]decimal.Decimal{}, marks: map[string]marks{},
		ledger: l, splits: map[string]Split{}, dated: map[string]bool{}, open: map[place]bool{}, made: map[Bearer]map[string]decimal.Decimal{}}
	for _, e := range slices.Concat(l.events, whatIf) {
		e.apply(&b)
	}
	return b.measure(l)
}

// Scope holds the four numbers of exposure 5.
type Scope struct {
	EB, ES, RB, RS decimal.Decimal
	OpenOrders     int
}

// Gross is EB + ES + RB + RS.
func (s Scope) Gross() decimal.Decimal { return s.EB.Add(s.ES).Add(s.RB).Add(s.RS) }

// Open is what open orders reserve, Executed what was bought and sold.
func (s Scope) Open() decimal.Decimal     { return s.RB.Add(s.RS) }
func (s Scope) Executed() decimal.Decimal { return s.EB.Add(s.ES) }

// NetLong and NetShort are what the net would be if all of one side were executed.
func (s Scope) NetLong() decimal.Decimal  { return s.EB.Add(s.RB).Sub(s.ES) }
func (s Scope) NetShort() decimal.Decimal { return s.ES.Add(s.RS).Sub(s.EB) }

// Net is the larger of the two.
func (s Scope) Net() decimal.Decimal { return decimal.Max(s.NetLong(), s.NetShort()) }

// Position holds the measures of exposure 4, and what locates are used up by.
type Position struct {
	P, OB, OS, OSLong decimal.Decimal
	ShortSold         decimal.Decimal // executed by short sales since the day roll
	SOD               decimal.Decimal // the part of P from before it
}

// Long and Short are the worst positions, short as a positive number.
func (p Position) Long() decimal.Decimal  { return p.P.Add(p.OB) }
func (p Position) Short() decimal.Decimal { return p.OS.Sub(p.P) }

func (p Position) plus(q Position) Position {
	return Position{p.P.Add(q.P), p.OB.Add(q.OB), p.OS.Add(q.OS), p.OSLong.Add(q.OSLong), p.ShortSold.Add(q.ShortSold), p.SOD.Add(q.SOD)}
}

// OrderState is one order: executed, open quantity, reservation (exposure 3).
type OrderState struct{ C, Q, R decimal.Decimal }

// State is every measure at one moment. What never traded is absent, and reads as zero.
type State struct {
	Firm     Scope
	Clients  map[string]Scope
	Accounts map[string]Scope
	Aside    map[Bearer]Scope // groups, desks, traders, algorithms, links, venues; slices
	Orders   map[string]OrderState
	Unknown  []string // orders and executions referred to that were never recorded: alerts
	places   map[place]Position
	held     map[Bearer]map[string]Position // by symbol, of every scope
	worths   map[Bearer]Worth
	open     map[place]bool
}

// Held is the position of all that counts in a scope, in one symbol.
func (s *State) Held(who Bearer, symbol string) Position { return s.held[who][symbol] }

// Totals adds the worst positions of a scope up over symbols, long and short apart.
func (s *State) Totals(who Bearer) (long, short decimal.Decimal) {
	for _, p := range s.held[who] {
		long = long.Add(decimal.Max(decimal.Zero, p.Long()))
		short = short.Add(decimal.Max(decimal.Zero, p.Short()))
	}
	return long, short
}

// Position is the position of an account in a symbol.
func (s *State) Position(account, symbol string) Position { return s.places[place{account, symbol}] }

// Bearer names a scope, such as {"desk", "D1", ""}; the firm is {"firm", "", ""}. A slice of it is In a class or a symbol.
type Bearer struct{ Kind, Name, In string }

type place struct{ account, symbol string }

type version struct {
	request    string
	qty, worst decimal.Decimal
}

type order struct {
	at       place
	by       By
	side     Side
	k        decimal.Decimal
	versions []version // the confirmed (or original) terms, then what is unanswered
	closed   bool
	counted  *decimal.Decimal // by the venue, which has ended the order; nil: it has not
}

// trade is an execution of today; a bust is one with quantity and money below zero.
type trade struct {
	order      string // "" = foreign
	at         place
	by         By
	side       Side
	qty, money decimal.Decimal
	day        int // of the execution; a bust has its execution's
	ahead      bool
}

type book struct {
	day      int
	orders   map[string]*order
	executed map[string]decimal.Decimal // C of each order, over all days
	byExecID map[string]trade           // what can still be busted
	trades   []trade                    // since the roll
	earlier  []trade                    // before it: what scopes that own no accounts hold of them
	start    map[place]decimal.Decimal
	marks    map[string]marks // by symbol
	unknown  []string         // orders and executions referred to that were never recorded

	ledger *Ledger
	date   uint32
	splits map[string]Split                      // by symbol, not applied yet
	dated  map[string]bool                       // accounts whose start-of-day positions are of this trade date
	open   map[place]bool                        // what splits have left, and nobody has settled
	made   map[Bearer]map[string]decimal.Decimal // positions of those who own no accounts, from before a split
}

// order finds an order by name. One that was never recorded is listed, and what happens to it is
// lost on a blank: an audit must see it, and must not stop there.
func (b *book) order(id string) *order {
	if o := b.orders[id]; o != nil {
		return o
	}
	b.unknown = append(b.unknown, id)
	return &order{versions: []version{{}}}
}

// trade books one. What is of an earlier trade date was held at the start of this one, and moves no money of it.
func (b *book) trade(t trade) {
	if t.day == b.day {
		b.trades = append(b.trades, t)
	} else {
		b.earlier = append(b.earlier, t)
		b.start[t.at] = b.start[t.at].Add(t.side.signed(t.qty))
	}
	b.executed[t.order] = b.executed[t.order].Add(t.qty)
}

func (e StartOfDay) apply(b *book) { b.start[place{e.Account, e.Symbol}] = e.Qty }

func (e Order) apply(b *book) {
	b.orders[e.ID] = &order{at: place{e.Account, e.Symbol}, by: e.By, side: e.Side, k: e.K,
		versions: []version{{"", e.Qty, e.Worst}}}
}

func (e Replace) apply(b *book) {
	o := b.order(e.ID)
	o.versions = append(o.versions, version{e.Request, e.Qty, e.Worst})
}

func (e Replaced) apply(b *book) {
	o := b.order(e.ID)
	for i, v := range o.versions {
		if v.request == e.Request {
			o.versions = o.versions[i:]
			o.versions[0].request = ""
			return
		}
	}
}

func (e Restated) apply(b *book) {
	o := b.order(e.ID)
	o.closed = false
	o.versions[0] = version{"", e.Qty, e.Worst}
	if e.K.IsPositive() {
		o.k = e.K
	}
}

func (e Recounted) apply(b *book) {
	b.order(e.ID)
	b.executed[e.ID] = e.Executed
}

func (e Refused) apply(b *book) {
	o := b.order(e.ID)
	kept := []version{}
	for _, v := range o.versions {
		if v.request != e.Request || v.request == "" {
			kept = append(kept, v)
		}
	}
	o.versions = kept
}

func (e Counted) apply(b *book) {
	o := b.order(e.ID)
	if o.counted = nil; e.Ended {
		o.counted = &e.Qty
	}
}

func (e Closed) apply(b *book) { b.order(e.ID).closed = true }

func (e Fill) apply(b *book) {
	o := b.orders[e.ID]
	if o == nil {
		b.unknown = append(b.unknown, e.ID)
		return // neither side nor account is known: record it as Foreign
	}
	t := trade{e.ID, o.at, o.by, o.side, e.Qty, Notional(e.Px, e.Qty, o.k), b.dayOf(e.Earlier), e.Ahead}
	b.byExecID[e.ExecID] = t
	b.trade(t)
}

func (e Foreign) apply(b *book) {
	t := trade{"", place{e.Account, e.Symbol}, e.By, e.Side, e.Qty, Notional(e.Px, e.Qty, e.K), b.dayOf(e.Earlier), e.Ahead}
	b.byExecID[e.ExecID] = t
	b.trade(t)
}

// dayOf is this day, or one before it: which does not matter.
func (b *book) dayOf(earlier bool) int {
	if earlier {
		return b.day - 1
	}
	return b.day
}

func (e Bust) apply(b *book) {
	t, known := b.byExecID[e.ExecID]
	if !known {
		b.unknown = append(b.unknown, e.ExecID)
		return // an alert, never a guess
	}
	delete(b.byExecID, e.ExecID)
	t.qty, t.money = t.qty.Neg(), t.money.Neg()
	b.trade(t)
	if o := b.orders[t.order]; o != nil && e.Reopen {
		o.closed = false
	}
}

func (e Roll) apply(b *book) {
	for _, t := range b.trades {
		b.start[t.at] = b.start[t.at].Add(t.side.signed(t.qty))
	}
	b.earlier = append(b.earlier, b.trades...)
	b.trades = nil
	b.rollMarks()
	b.day++
	b.date = e.Date
	clear(b.dated)
	b.applySplits(true)
}
