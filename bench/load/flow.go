package load

import (
	"math/rand/v2"
	"slices"
)

// Kind is what a flow event does.
type Kind uint8

const (
	NewOrder Kind = iota + 1 // the client sends a NewOrderSingle
	Cancel                   // the client sends an OrderCancelRequest
	Replace                  // the client sends an OrderCancelReplaceRequest
	Fill                     // the venue executes; not a request
)

// PriceScale is the scale of prices in a flow: units of 1/10,000, as LOBSTER writes them.
const PriceScale = 10_000

// Event is one step of a flow.
type Event struct {
	AtNs   int64 // offset from the begin of the pass; 0 throughout in a flow without its own pacing
	Kind   Kind
	Side   byte   // Side(54) as FIX spells it: '1' buy, '2' sell
	Symbol uint16 // index into Flow.Instruments
	Order  uint32 // number of the order within the pass, from 0
	Qty    int64  // shares: OrderQty(38) of a NewOrder, the new total of a Replace, LastQty(32) of a Fill
	Price  int64  // at PriceScale; unused in Cancel and Fill
}

// Instrument is what a gate must know to judge the flow.
type Instrument struct {
	Symbol   string
	RefPrice int64 // reference price at PriceScale: near every price of the flow
	Tick     int64 // at PriceScale
}

// Flow is one pass of events that is played over and over. At its end no order is open, so passes add
// up: order numbers go on, events repeat.
type Flow struct {
	Name        string
	Events      []Event
	Orders      uint32 // orders per pass
	SpanNs      int64  // length of a pass with its own pacing; 0 = the flow has none
	Instruments []Instrument
}

// Synthetic builds the mix of the bench: of ten requests six are new orders, three cancels and one is a
// replace, in an order drawn from seed. Half of the orders are filled by the venue, some in two parts;
// the rest are cancelled, a few of them partly filled. Buys and sells balance per symbol.
func Synthetic(requests int, seed uint64) *Flow {
	b := builder{
		flow: &Flow{Name: "synthetic 60 % new, 30 % cancel, 10 % replace", Instruments: syntheticInstruments()},
		rng:  rand.New(rand.NewPCG(seed, seed)),
	}
	deck := [10]Kind{NewOrder, NewOrder, NewOrder, NewOrder, NewOrder, NewOrder, Cancel, Cancel, Cancel, Replace}
	for len(b.resting) < restingMin {
		b.enter(false)
	}
	for b.requests < requests {
		b.rng.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
		for _, kind := range deck {
			b.step(kind)
		}
	}
	b.cancelAll()
	return b.flow
}

// restingMin keeps a cancel from following its order at once: it names an order entered some requests ago.
const restingMin = 8

func syntheticInstruments() []Instrument {
	list := make([]Instrument, 0, 16)
	for i := range 16 {
		list = append(list, Instrument{
			Symbol:   "BNC" + string(rune('A'+i)),
			RefPrice: int64(20+10*i) * PriceScale,
			Tick:     PriceScale / 100,
		})
	}
	return list
}

// resting is an order that is open in the flow.
type resting struct {
	order    uint32
	symbol   uint16
	side     byte
	qty      int64 // OrderQty(38): the total, including what is filled
	filled   int64
	price    int64
	replaced bool
}

func (o *resting) leaves() int64 { return o.qty - o.filled }

type builder struct {
	flow     *Flow
	rng      *rand.Rand
	resting  []resting // oldest first
	requests int
	entered  int
}

func (b *builder) step(kind Kind) {
	switch kind {
	case NewOrder:
		b.enter(b.entered%2 == 0)
	case Cancel:
		b.cancelOldest()
	case Replace:
		b.replaceOldest()
	}
}

// enter adds an order. The venue fills it at once, or it rests until a cancel comes for it.
func (b *builder) enter(filled bool) {
	at := b.entered / 2 // pairs, so that both sides are filled equally in each symbol
	ins := b.flow.Instruments[at/2%len(b.flow.Instruments)]
	o := resting{
		order:  b.flow.Orders,
		symbol: uint16(at / 2 % len(b.flow.Instruments)),
		side:   '1' + byte(at%2),
		qty:    int64(100 * (1 + at/2%5)),
		price:  ins.RefPrice + int64(at/2%9-4)*ins.Tick,
	}
	b.entered++
	b.flow.Orders++
	b.add(Event{Kind: NewOrder, Side: o.side, Symbol: o.symbol, Order: o.order, Qty: o.qty, Price: o.price})
	switch {
	case filled && o.order%8 == 0:
		b.add(Event{Kind: Fill, Order: o.order, Qty: o.qty / 4})
		b.add(Event{Kind: Fill, Order: o.order, Qty: o.qty - o.qty/4})
	case filled:
		b.add(Event{Kind: Fill, Order: o.order, Qty: o.qty})
	default:
		b.resting = append(b.resting, o)
	}
}

// replaceOldest asks for more of the oldest order that was not replaced before: a second replace of the same
// order would often meet the first one still unanswered.
func (b *builder) replaceOldest() {
	i := slices.IndexFunc(b.resting, func(o resting) bool { return !o.replaced })
	if i < 0 {
		i = len(b.resting) - 1
	}
	o := &b.resting[i]
	o.qty += 100
	o.replaced = true
	b.add(Event{Kind: Replace, Side: o.side, Symbol: o.symbol, Order: o.order, Qty: o.qty, Price: o.price})
}

func (b *builder) cancelOldest() {
	o := b.resting[0]
	b.resting = b.resting[1:]
	b.add(Event{Kind: Cancel, Side: o.side, Symbol: o.symbol, Order: o.order, Qty: o.qty})
}

func (b *builder) cancelAll() {
	for len(b.resting) > 0 {
		b.cancelOldest()
	}
}

func (b *builder) add(e Event) {
	b.flow.Events = append(b.flow.Events, e)
	if e.Kind != Fill {
		b.requests++
	}
}

// Requests is how many events of a pass the client sends.
func (f *Flow) Requests() int {
	n := 0
	for i := range f.Events {
		if f.Events[i].Kind != Fill {
			n++
		}
	}
	return n
}
