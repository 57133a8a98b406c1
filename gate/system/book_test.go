package system

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"portcullis/gate/demo/peer"
)

// exchange decides what a venue answers, at random, and keeps the book that results: what it says is
// what happened. The messages themselves are the peer's.
type exchange struct {
	venue         *peer.Venue
	rng           *rand.Rand
	stop, stopped chan struct{}

	mu      sync.Mutex
	orders  map[string]*booked // by every ClOrdID that names it
	list    []*booked
	waiting []*pendingRequest // not answered yet
	calm    bool              // answers everything, plainly, and does nothing by itself
	wrong   []string
}

// booked is an order as the venue has it.
type booked struct {
	id              string // ClOrdID of the D: the gate's OrderID
	account, symbol string
	side            string
	status          string
	qty, cum        int
	price           string
	fills           []fill
	waiting         int // requests that wait for an answer
}

type fill struct {
	qty   int
	price string
}

type pendingRequest struct {
	id    string
	m     peer.Message
	order *booked
}

func newExchange(v *peer.Venue, seed uint64) *exchange {
	x := &exchange{venue: v, rng: rand.New(rand.NewPCG(seed, 99)), orders: map[string]*booked{},
		stop: make(chan struct{}), stopped: make(chan struct{})}
	requests := make(chan peer.Message)
	go func() {
		for {
			m, err := v.Next()
			if err != nil {
				continue // nothing for a while
			}
			select {
			case requests <- m:
			case <-x.stop:
				return
			}
		}
	}()
	go x.serve(requests)
	return x
}

func (x *exchange) serve(requests chan peer.Message) {
	defer close(x.stopped)
	tick := time.NewTicker(7 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case m := <-requests:
			x.mu.Lock()
			x.take(m)
			x.mu.Unlock()
		case <-tick.C:
			x.mu.Lock()
			x.later()
			x.mu.Unlock()
		case <-x.stop:
			return
		}
	}
}

// end stops the venue's own doings; requests are answered until close.
func (x *exchange) end() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.calm = true
}

func (x *exchange) close() {
	close(x.stop)
	<-x.stopped
}

// do lets the peer answer. The peer hands a message out a moment before its own book has it.
func (x *exchange) do(id, instruction string) {
	err := x.venue.Do(id, instruction)
	for tries := 0; err != nil && strings.HasSuffix(err.Error(), "has arrived") && tries < 1000; tries++ {
		time.Sleep(time.Millisecond)
		err = x.venue.Do(id, instruction)
	}
	if err != nil {
		x.wrong = append(x.wrong, fmt.Sprintf("%s of %s: %v", instruction, id, err))
	}
}

func (o *booked) live() bool {
	return o != nil && (o.status == "0" || o.status == "1" || o.status == "A")
}

func (x *exchange) take(m peer.Message) {
	if m.Type() == "H" {
		return // the peer answers
	}
	r := &pendingRequest{id: m.Get(11), m: m, order: x.orders[m.Get(41)]}
	if m.Type() == "D" {
		qty, _ := strconv.Atoi(m.Get(38))
		r.order = &booked{id: r.id, account: m.Get(1), symbol: m.Get(55), side: m.Get(54), status: "A", qty: qty, price: m.Get(44)}
		x.list = append(x.list, r.order)
	}
	if x.orders[r.id] != nil {
		x.wrong = append(x.wrong, "a ClOrdID for the second time: "+m.String())
	}
	x.orders[r.id] = r.order
	if o := r.order; o != nil && (o.waiting > 0 || !x.calm && x.rng.IntN(8) == 0) {
		o.waiting++
		x.waiting = append(x.waiting, r) // in turn, behind those of the same order
		return
	}
	x.answer(r)
}

// later answers what waits, and lets orders trade that rest.
func (x *exchange) later() {
	for n := 0; n < len(x.waiting); n++ {
		if r := x.waiting[n]; x.calm || x.rng.IntN(20) == 0 && x.oldest(n) {
			r.order.waiting--
			x.waiting = append(x.waiting[:n], x.waiting[n+1:]...)
			n--
			x.answer(r)
		}
	}
	if x.calm || len(x.list) == 0 {
		return
	}
	o := x.list[len(x.list)-1-x.rng.IntN(min(60, len(x.list)))]
	if (o.status == "0" || o.status == "1") && x.rng.IntN(2) == 0 {
		x.fill(o, o.id)
	}
}

// oldest reports whether no earlier request of the same order waits.
func (x *exchange) oldest(n int) bool {
	for _, earlier := range x.waiting[:n] {
		if earlier.order == x.waiting[n].order {
			return false
		}
	}
	return true
}

// fill executes a part or all of what is left.
func (x *exchange) fill(o *booked, id string) {
	qty := o.qty - o.cum
	if x.rng.IntN(3) > 0 && qty > 1 {
		qty = 1 + x.rng.IntN(qty-1)
	}
	cents := quotes[o.symbol] * (97 + x.rng.IntN(5)) / 100
	price := fmt.Sprintf("%d.%02d", cents/100, cents%100)
	o.cum += qty
	o.fills = append(o.fills, fill{qty, price})
	o.status = "1"
	if o.cum == o.qty {
		o.status = "2"
	}
	x.do(id, fmt.Sprintf("fill %d@%s", qty, price))
}

func (x *exchange) answer(r *pendingRequest) {
	o := r.order
	switch {
	case r.m.Type() == "D":
		x.answerNew(o, r.id)
	case o == nil:
		if err := x.venue.Send(fmt.Sprintf("35=9|37=NONE|11=%s|41=%s|39=8|434=1|102=1", r.id, r.m.Get(41))); err != nil {
			x.wrong = append(x.wrong, err.Error())
		}
	case !o.live() || x.rng.IntN(6) == 0:
		x.do(r.id, "reject")
	case r.m.Type() == "F":
		o.status = "4"
		x.do(r.id, "cancel")
	default:
		x.answerReplace(o, r)
	}
}

func (x *exchange) answerNew(o *booked, id string) {
	switch n := x.rng.IntN(20); {
	case n == 0:
		o.status = "8"
		x.do(id, "reject")
	case n == 1:
		o.status = "8"
		x.do(id, "business")
	case n == 2:
		o.status = "8"
		x.do(id, "session")
	default:
		o.status = "0"
		x.do(id, "ack")
		if n > 10 {
			x.fill(o, id)
		}
	}
}

func (x *exchange) answerReplace(o *booked, r *pendingRequest) {
	qty, _ := strconv.Atoi(r.m.Get(38))
	if qty <= o.cum {
		x.do(r.id, "reject")
		return
	}
	o.qty, o.price = qty, r.m.Get(44)
	x.do(r.id, "replace")
}
