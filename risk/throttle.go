package risk

import "slices"

// Flow is what a throttle counts or adds up. Source order is the order of the controls.
type Flow uint8

const (
	Messages          Flow = iota + 1 // D, G, F and q, whatever their verdict; F and q count and are never refused
	Orders                            // D and G, whatever their verdict
	SymbolOrders                      // the same, of each instrument by itself
	Executions                        // orders that executed, unless a trader made them without an algorithm
	Rejects                           // D and G that the gate or the venue refused, since the venue took one
	OrderTrades                       // orders for each that executed, since the day roll: see Traffic
	SymbolOrderTrades                 // the same of each instrument by itself
	SymbolQtyTrades                   // quantity ordered for each part of it that executed, of each instrument by itself
	NotionalSum                       // what accepted orders and replaces reserve beyond what was reserved for them
	SymbolQty                         // quantity that they open beyond what was open of them, of each instrument by itself
	DayQty                            // the same since the day roll, of all instruments together
	SymbolDayQty                      // the same since the day roll, of each instrument by itself
	EqualOrders                       // accepted ones of one symbol, side, price and quantity; see repeat

	flows
)

// throttleControls are the controls of the flows.
var throttleControls = [flows]Reason{Messages: MessageRateExceeded, Orders: OrderRateExceeded, SymbolOrders: SymbolRateExceeded,
	Executions: RepeatedExecutions, Rejects: ConsecutiveRejects,
	OrderTrades: OrderTradeRatioExceeded, SymbolOrderTrades: SymbolOrderTradeExceeded, SymbolQtyTrades: SymbolQtyTradeExceeded,
	NotionalSum: NotionalRateExceeded, SymbolQty: QtyRateExceeded, DayQty: DayQtyExceeded, SymbolDayQty: SymbolDayQtyExceeded,
	EqualOrders: RepeatedOrder}

// Control is the control that a throttle of this flow is.
func (m Flow) Control() Reason { return throttleControls[m] }

// sums tells whether amounts are added up; otherwise events are counted.
func (m Flow) sums() bool { return m >= NotionalSum && m <= SymbolDayQty }

// bySymbol tells whether each instrument has a window of its own.
func (m Flow) bySymbol() bool {
	switch m {
	case SymbolOrders, SymbolOrderTrades, SymbolQtyTrades, SymbolQty, SymbolDayQty:
		return true
	}
	return false
}

// Throttle is an exact sliding window of a firm, group, client, account, desk, trader, algorithm or link: in any
// span of WindowNs at most Max of the flow pass. A burst is a second throttle with a shorter window. That of a flow
// which is Daily has no WindowNs.
type Throttle struct {
	Of       Flow
	Max      int64 // 0 = none may pass, Unlimited = not counted; money and quantity in their units, ratios at RatioScale
	WindowNs int64
	Disable  bool // whoever is over it is disabled until a human enables him: see KillTripped

	// Of flows that are Daily only; Least of those that hold orders against trades.
	Least int64 // messages since the day roll, before which nothing is refused
	Warn  WarnLevels
}

// ThrottlesMax is how many throttles one scope may have.
const ThrottlesMax = 8

// ThrottleSlotsMax is how many events one window may have to remember.
const ThrottleSlotsMax = 1 << 20

// CheckThrottles says what SetThrottles would refuse whatever room there is.
func CheckThrottles(list []Throttle) error {
	if len(list) > ThrottlesMax {
		return errThrottles
	}
	for i := range list {
		if _, err := throttleSlots(list, i); err != nil {
			return err
		}
		if err := list[i].checkAlone(list[:i]); err != nil {
			return err
		}
	}
	return nil
}

// checkAlone looks at what only daily flows have, and at those of which a scope has one throttle: there is one day, and an
// equal order is remembered once.
func (t *Throttle) checkAlone(before []Throttle) error {
	switch {
	case t.Warn != (WarnLevels{}) && !t.Of.Daily(), t.Least != 0 && !t.Of.Ratio():
		return errDaily
	case !limitOK(t.Least):
		return errLimit
	case !t.Of.Daily() && t.Of != EqualOrders:
		return nil
	}
	for i := range before {
		if before[i].Of == t.Of {
			return errAlone
		}
	}
	return t.Warn.check()
}

// throttleSlots is how long a ring must be for one of the throttles of a scope. A count looks at its Max-th most recent
// event. A sum remembers every accepted order of its window: no more than the throttles of orders beside it let pass.
func throttleSlots(list []Throttle, i int) (int, error) {
	t := &list[i]
	switch {
	case t.Of == 0 || t.Of >= flows || !limitOK(t.Max):
		return 0, errLimit
	case t.WindowNs < 0 || t.WindowNs > windowMaxNs || t.Of.Daily() && t.WindowNs != 0:
		return 0, errWindow
	case t.Of == EqualOrders && t.Max > repeatMax && t.Max != Unlimited:
		return 0, errRepeat
	case t.Max == 0 || t.Max == Unlimited || t.Of.Daily() || t.Of == EqualOrders: // these remember equal orders together
		return 0, nil
	}
	events := t.Max
	if t.Of.sums() {
		events = Unlimited
		for _, o := range list {
			bounds := o.Of == Orders || o.Of == SymbolOrders && t.Of.bySymbol()
			if bounds && o.WindowNs > 0 && o.Max > 0 && o.Max <= ThrottleSlotsMax {
				events = min(events, o.Max*max(1, (t.WindowNs+o.WindowNs-1)/o.WindowNs))
			}
		}
		if events == Unlimited {
			return 0, errSum
		}
	}
	if events > ThrottleSlotsMax {
		return 0, errThrottle
	}
	return powerOfTwo(int(events)), nil
}

// window is the row of one throttle. One cache line.
type window struct {
	max      int64
	windowNs int64
	ring     uint64 // where in stamps the rings of its meters begin
	slots    uint32 // of each ring, a power of two; 0: it needs none
	meter    uint32 // the first of its meters: one, or one for each instrument
	next     uint32 // of the same scope, plus one; 0: it is the last
	least    int64  // messages of the day before which it binds nobody
	disable  bool
	flow     Flow
	levels   WarnLevels
	_        [10]byte
}

// meter is what a window has seen, of all orders or of those in one instrument. That of a flow which is Daily begins
// anew at the day roll, and needs no ring.
type meter struct {
	noted  uint64 // events ever, of a daily flow messages; the ring keeps the last of them
	from   uint64 // those before it count no more
	total  int64  // of their amounts, modulo 2^64: the difference of two totals is what lies between; daily ones are clamped
	done   int64  // of a ratio: what was executed of them
	warned uint8  // how many levels of warning it has reached, and somebody was told of
	_      [7]byte
}

// span is how many stamps a ring takes: a sum keeps beside each time the total before it.
func (m Flow) span(slots uint32) uint64 {
	if m.sums() {
		return 2 * uint64(slots)
	}
	return uint64(slots)
}

// SetThrottles sets the throttles of a scope in place of those that it has. What was noted for an earlier throttle of
// the same flow stays noted. Other flows begin to count now.
func (b *Book) SetThrottles(kind Scope, i uint32, list []Throttle) error {
	n, ok := b.number(kind, i)
	if !ok || kind == ScopeVenue {
		return errIndex
	}
	if err := CheckThrottles(list); err != nil {
		return err
	}
	if kind == ScopeAccount && slices.ContainsFunc(list, func(t Throttle) bool { return t.Of == EqualOrders }) {
		return errRepeats
	}
	var room Room
	if b.NeedThrottles(&room, kind, i, list); !b.HasRoom(room) {
		return errThrottle
	}
	for w := b.windowOf[n]; w != 0; w = b.windows[w-1].next {
		b.windows[w-1].max = Unlimited
	}
	claimed := uint64(0)
	for at := range list {
		row := b.claim(n, list[at].Of, &claimed)
		slots, _ := throttleSlots(list, at)
		b.widen(row, uint32(slots))
		row.max, row.windowNs, row.disable = list[at].Max, list[at].WindowNs, list[at].Disable
		if row.least = list[at].Least; row.levels == (WarnLevels{}) && list[at].Warn != (WarnLevels{}) {
			b.totals[0].warners++
		}
		row.levels = list[at].Warn
		b.totals[0].armed[row.flow] |= 1 << kind
	}
	return nil
}

// claimable finds a row of a scope that had the flow before, unless claimed marks its place in the chain.
func (b *Book) claimable(n uint32, m Flow, claimed *uint64) *window {
	place := 0
	for next := b.windowOf[n]; next != 0; next, place = b.windows[next-1].next, place+1 {
		if row := &b.windows[next-1]; row.flow == m && *claimed>>place&1 == 0 {
			*claimed |= 1 << place
			return row
		}
	}
	return nil
}

// claim does so too, and takes a new row where there is none.
func (b *Book) claim(n uint32, m Flow, claimed *uint64) *window {
	if row := b.claimable(n, m, claimed); row != nil {
		return row
	}
	last, place := &b.windowOf[n], 0
	for ; *last != 0; place++ {
		last = &b.windows[*last-1].next
	}
	t := &b.totals[0]
	row := &b.windows[t.windows]
	*row = window{flow: m, meter: t.meters}
	t.windows++
	t.meters += uint32(m.meters(len(b.instruments)))
	*last = t.windows
	*claimed |= 1 << place
	return row
}

// meters is how many meters a window of this flow has.
func (m Flow) meters(instruments int) int {
	if m.bySymbol() {
		return instruments
	}
	return 1
}

// widen gives the meters of a window longer rings from the common store and takes their stamps along. What the shorter ring has
// forgotten was no later than the oldest that it knows, and may have been then: it counts as that, a sum of it as more than any
// limit, so that a greater count gives no burst free. Where there was no ring it begins to count now.
func (b *Book) widen(w *window, slots uint32) {
	if slots <= w.slots {
		return
	}
	t := &b.totals[0]
	from, to := *w, *w
	to.ring, to.slots = t.stamps, slots
	for k := range uint32(w.flow.meters(len(b.instruments))) {
		m := &b.meters[w.meter+k]
		if from.slots == 0 {
			m.from = m.noted
		}
		atNs, before := int64(0), int64(0)
		for n := uint64(1); n <= min(uint64(slots), m.noted-m.from); n++ {
			switch {
			case n <= uint64(from.slots):
				atNs, before = b.mark(&from, k, m.noted-n)
			case n == uint64(from.slots)+1:
				before -= forgottenSum
			}
			b.setMark(&to, k, m.noted-n, atNs, before)
		}
		t.stamps += w.flow.span(slots)
	}
	*w = to
}

// forgottenSum is more than any limit is, and far from where a total goes round.
const forgottenSum = 2 * MagnitudeMax

// mark reads what a ring remembers of an event: its time, and the total before it.
func (b *Book) mark(w *window, k uint32, seq uint64) (atNs, before int64) {
	at := w.ring + uint64(k)*w.flow.span(w.slots) + seq&uint64(w.slots-1)
	if w.flow.sums() {
		before = b.stamps[at+uint64(w.slots)]
	}
	return b.stamps[at], before
}

func (b *Book) setMark(w *window, k uint32, seq uint64, atNs, before int64) {
	at := w.ring + uint64(k)*w.flow.span(w.slots) + seq&uint64(w.slots-1)
	b.stamps[at] = atNs
	if w.flow.sums() {
		b.stamps[at+uint64(w.slots)] = before
	}
}

// ForgetThrottles has the throttles of a flow in every scope of a place count anew, as rejects do when the venue takes
// an order.
func (b *Book) ForgetThrottles(what Flow, at *Place, lnk uint32) {
	kinds := b.totals[0].armed[what]
	if kinds == 0 {
		return
	}
	var path [PathMax]uint32
	for _, n := range b.throttled(at, lnk, kinds, &path) {
		b.forget(n, what)
	}
}

func (b *Book) forget(n uint32, what Flow) {
	if what == EqualOrders && b.scopes[n].kind == ScopeAccount { // those it counts by itself
		b.accounts[b.indexOf(n)].repeatFrom = b.totals[0].repeatHead
	}
	for next := b.windowOf[n]; next != 0; next = b.windows[next-1].next {
		w := &b.windows[next-1]
		for k := range uint32(w.flow.meters(len(b.instruments))) {
			switch m := &b.meters[w.meter+k]; {
			case w.flow != what:
			case what.Daily():
				*m = meter{}
			case what == EqualOrders:
				m.from = b.totals[0].repeatHead
			default:
				m.from = m.noted
			}
		}
	}
}
