package risk

import "math/bits"

// OrderLimits hold each order by itself, whatever else has traded. They may be set for every scope,
// and there for all instruments, for an asset class, or for one; of all that apply the lowest holds.
type OrderLimits struct {
	OrderQtyMax Qty   // largest OrderQty, or Unlimited
	OrderQtyMin Qty   // smallest OrderQty; 0 = any
	NotionalMax Money // largest n(worst price, OrderQty) of an order with a limit price, or Unlimited
	MarketMax   Money // the same of an order without one
	AdvBpsMax   int64 // largest share of the instrument's average daily volume; 0 = it is not asked for
}

// NoOrderLimits restrict nothing: what holds where nobody has set any, except for accounts, where a
// limit that is missing is 0.
var NoOrderLimits = OrderLimits{OrderQtyMax: Unlimited, NotionalMax: Unlimited, MarketMax: Unlimited}

// orderLimit numbers them.
type orderLimit uint8

const (
	qtyMax orderLimit = iota
	qtyMin            // as its negative, so that of two limits the lower number is the tighter one
	notionalMax
	marketMax
	advBpsMax

	orderLimitCount
)

type orderLimits [orderLimitCount]int64

var noOrderLimits = orderLimits{qtyMax: Unlimited, notionalMax: Unlimited, marketMax: Unlimited, advBpsMax: Unlimited}

func (l *OrderLimits) pack() (orderLimits, error) {
	for _, v := range [...]int64{int64(l.OrderQtyMax), int64(l.OrderQtyMin), int64(l.NotionalMax), int64(l.MarketMax)} {
		if !limitOK(v) {
			return noOrderLimits, errLimit
		}
	}
	if l.AdvBpsMax < 0 || l.AdvBpsMax > bpsMax {
		return noOrderLimits, errShare
	}
	packed := orderLimits{qtyMax: int64(l.OrderQtyMax), qtyMin: -int64(l.OrderQtyMin), notionalMax: int64(l.NotionalMax), marketMax: int64(l.MarketMax),
		advBpsMax: l.AdvBpsMax}
	if l.AdvBpsMax == 0 {
		packed[advBpsMax] = Unlimited
	}
	return packed, nil
}

// origin is whose a limit is: a scope by its kind and number, and in which of its instruments it holds.
type origin struct {
	index uint32
	of    Scope
	in    Class
}

// tightest is the lowest of each limit, and whose it is.
type tightest struct {
	limit orderLimits
	from  [orderLimitCount]origin
}

func (t *tightest) start(l *orderLimits, from origin) {
	t.limit = *l
	for i := range t.from {
		t.from[i] = from
	}
}

func (t *tightest) add(l *orderLimits, from origin) {
	for i, v := range l {
		if v < t.limit[i] {
			t.limit[i], t.from[i] = v, from
		}
	}
}

func (t *tightest) addAll(other *tightest) {
	for i, v := range other.limit {
		if v < t.limit[i] {
			t.limit[i], t.from[i] = v, other.from[i]
		}
	}
}

// orderRow are the limits of one scope in one part of its instruments. One cache line.
type orderRow struct {
	key   uint64 // pair(scope, part); 0 = free
	limit orderLimits
	_     [2]int64
}

// Which rows a scope has, beside those of its limits that are folded into others: see SetOrderLimits.
const (
	armedWhole uint8 = 1 << iota
	armedClass
	armedInstrument
)

// SetOrderLimits limits single orders in a part of the instruments of any scope but an account as a whole,
// whose limits SetAccount sets. What no order can tell apart is folded when it is set: limits of the firm, a
// group and a client as a whole into a row for each client, limits of the firm in a class or an instrument
// into one for each instrument. The others stand by themselves, and orders of armed scopes look at them.
func (b *Book) SetOrderLimits(kind Scope, i uint32, in Part, l OrderLimits) error {
	n, ok := b.number(kind, i)
	if !ok || kind == ScopeAccount && in.Class == AnyClass || in.Class >= classes && in.Class != OneInstrument ||
		in.Class == OneInstrument && in.Instrument >= uint32(len(b.instruments)) {
		return errIndex
	}
	limit, err := l.pack()
	if err != nil {
		return err
	}
	row := b.orderRow(n, in)
	if row.key == 0 {
		t := &b.totals[0]
		if t.orderRows >= int64(b.capacity.OrderLimits) {
			return errFull
		}
		t.orderRows++
		row.key = pair(n, in.key())
	}
	row.limit = limit
	switch {
	case kind == ScopeClient && in.Class == AnyClass:
		b.foldClient(i)
	case (kind == ScopeFirm || kind == ScopeGroup) && in.Class == AnyClass:
		b.foldClients(kind, i)
	case kind == ScopeFirm && in.Class == OneInstrument:
		b.foldInstrument(in.Instrument)
	case kind == ScopeFirm:
		b.foldInstruments(in.Class)
	default:
		b.arm(n, in)
	}
	return nil
}

func (b *Book) arm(n uint32, in Part) {
	bit := armedWhole
	switch in.Class {
	case AnyClass:
	case OneInstrument:
		bit = armedInstrument
	default:
		bit = armedClass
	}
	b.scopes[n].armed |= bit
	b.totals[0].ordersArmed = 1
}

// foldClients brings the rows of all clients of a group, or of the firm, up to date.
func (b *Book) foldClients(kind Scope, i uint32) {
	for c := range b.clients {
		if kind == ScopeFirm || b.clients[c].group == i+1 {
			b.foldClient(uint32(c))
		}
	}
}

// foldClient takes together what its client, his group and the firm allow a single order.
func (b *Book) foldClient(c uint32) {
	row, t := &b.clients[c], &b.clientOrders[c]
	t.start(&noOrderLimits, origin{})
	b.addRow(t, ScopeClient, c, Part{})
	if row.group != 0 {
		b.addRow(t, ScopeGroup, row.group-1, Part{})
	}
	b.addRow(t, ScopeFirm, 0, Part{})
	row.limited = t.limit != noOrderLimits
}

// foldInstruments brings the rows of all instruments of a class up to date.
func (b *Book) foldInstruments(class Class) {
	for i := range b.instruments {
		if b.instruments[i].class == class {
			b.foldInstrument(uint32(i))
		}
	}
}

// foldInstrument takes together what the firm allows a single order in an instrument, and the instrument itself.
func (b *Book) foldInstrument(i uint32) {
	row, t := &b.instruments[i], &b.instrumentOrders[i]
	limit := noOrderLimits
	limit[qtyMax] = int64(row.qtyMax)
	t.start(&limit, origin{index: i, of: ScopeInstrument})
	b.addRow(t, ScopeFirm, 0, Part{Class: OneInstrument, Instrument: i})
	if row.class != AnyClass {
		b.addRow(t, ScopeFirm, 0, Part{Class: row.class})
	}
	row.limited = t.limit != noOrderLimits
}

// addRow adds the limits that a scope has in a part, if it has any.
func (b *Book) addRow(t *tightest, kind Scope, i uint32, in Part) {
	if row := b.orderRow(b.base[kind]+i, in); row.key != 0 {
		t.add(&row.limit, origin{index: i, of: kind, in: in.Class})
	}
}

// orderRow is the row of a scope and a part, or the free row where it would go. Never full: see slot.
func (b *Book) orderRow(n uint32, in Part) *orderRow {
	key, last := pair(n, in.key()), uint64(len(b.orderRows)-1)
	i := mix(key) >> bits.LeadingZeros64(last)
	for b.orderRows[i].key != key && b.orderRows[i].key != 0 {
		i = (i + 1) & last
	}
	return &b.orderRows[i]
}

// tighten finds the lowest limits that hold an order, and whose they are.
func (b *Book) tighten(o *Order, t *tightest) {
	a, in := &b.accounts[o.Account], &b.instruments[o.Instrument]
	t.start(&a.orders, origin{index: o.Account, of: ScopeAccount})
	if b.clients[a.client].limited {
		t.addAll(&b.clientOrders[a.client])
	}
	if in.limited {
		t.addAll(&b.instrumentOrders[o.Instrument])
	}
	if b.totals[0].ordersArmed != 0 {
		b.tightenArmed(o, t)
	}
}

// tightenArmed looks at the limits of scopes that stand by themselves. A replace that comes over another link
// than its order keeps the limits of both.
func (b *Book) tightenArmed(o *Order, t *tightest) {
	a := &b.accounts[o.Account]
	var scopes [PathMax]uint32 // of which the firm is none: a second link has its place
	n := a.depth - 1
	copy(scopes[:n], a.path[:n])
	if o.Author != (Author{}) {
		n = b.authorPath(o.Author, &scopes, n)
	}
	for _, l := range [...]uint32{o.Owner, o.Link} {
		if l < uint32(len(b.links)) {
			scopes[n] = b.base[ScopeLink] + l
			n++
		}
	}
	if o.Venue < uint32(len(b.venues)) {
		scopes[n] = b.base[ScopeVenue] + o.Venue
		n++
	}
	for _, n := range scopes[:n] {
		s := &b.scopes[n]
		if s.armed == 0 {
			continue
		}
		i := b.indexOf(n)
		if s.armed&armedWhole != 0 {
			b.addRow(t, s.kind, i, Part{})
		}
		if class := b.instruments[o.Instrument].class; s.armed&armedClass != 0 && class != AnyClass {
			b.addRow(t, s.kind, i, Part{Class: class})
		}
		if s.armed&armedInstrument != 0 {
			b.addRow(t, s.kind, i, Part{Class: OneInstrument, Instrument: o.Instrument})
		}
	}
}
