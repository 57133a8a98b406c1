package load

import (
	"fmt"
	"strconv"

	"portcullis/bench/poll"
)

const (
	idMax     = 32 // longest ClOrdID(11) a system may use toward the venue
	symbolMax = 16
)

// venue is the simulated exchange: it confirms every request at once, and executes what the flow says.
// It accepts whoever logs on, with any CompIDs, and answers with them swapped.
type venue struct {
	links  []*link
	orders []venueOrder // ring by order number
	execs  int64        // last ExecID(17)
	count  Tally
	killed Killed
}

// Killed is what the venue saw of a kill: the cancels that no participant has asked for, and orders and replaces that
// came behind the first of them, on a line that keeps the order.
type Killed struct{ Cancels, Followed uint64 }

// Killed is what the venue has seen of a kill.
func (h *Harness) Killed() Killed { return h.venue.killed }

type venueOrder struct {
	number   uint64
	link     *link
	open     bool
	side     byte
	idLen    uint8
	symLen   uint8
	id       [idMax]byte // the latest ClOrdID(11) confirmed
	symbol   [symbolMax]byte
	qty, cum int64
	price    int64
	due      int64 // shares to execute as soon as the order arrives
}

func (o *venueOrder) clOrdID() []byte { return o.id[:o.idLen] }

func (v *venue) slot(number uint64) *venueOrder { return &v.orders[number&uint64(len(v.orders)-1)] }

// accept takes a new connection. Its Logon says who it is.
func (v *venue) accept(fd int, tag int32, clock *clock, waiting *unsent) *link {
	l := newLink(fd, tag, clock, waiting)
	l.out = poll.NewBuffer(venueOutBytes)
	v.links = append(v.links, l)
	return l
}

// live is how many connections the venue has.
func (v *venue) live() (n int) {
	for _, l := range v.links {
		if !l.ended {
			n++
		}
	}
	return n
}

func (v *venue) handle(l *link, m *message) error {
	if m.msgType == 'A' {
		return v.logon(l, m)
	}
	if !l.up {
		return fmt.Errorf("a message before Logon")
	}
	app, err := l.session(m)
	if err != nil || !app {
		return err
	}
	return v.request(l, m)
}

func (v *venue) logon(l *link, m *message) error {
	room := l.room()
	if l.up || room == nil {
		return fmt.Errorf("unexpected Logon")
	}
	l.identify(string(m.target), string(m.sender))
	l.up = true
	l.wrote(l.logon(room, Identity{}, m.reset))
	return nil
}

func (v *venue) request(l *link, m *message) error {
	number := number(m.text)
	switch {
	case m.msgType != 'F' && v.killed.Cancels > 0:
		v.killed.Followed++
	case m.msgType == 'F' && number == 0: // the gate's own; an answer would answer no request
		v.killed.Cancels++
		return nil
	}
	if number == 0 {
		return fmt.Errorf("the system under test dropped Text(58), which names the order")
	}
	if len(m.clOrdID) > idMax || len(m.symbol) > symbolMax {
		return fmt.Errorf("ClOrdID or Symbol too long")
	}
	room := l.room()
	if room == nil {
		return fmt.Errorf("the system under test reads no reports: %d bytes wait", l.out.Len())
	}
	v.count.Requests++
	o := v.slot(number)
	switch m.msgType {
	case 'D':
		if o.number == number && o.link != nil {
			return fmt.Errorf("order %d is entered a second time", number)
		}
		v.enter(l, o, number, m, room)
	case 'F', 'G':
		if o.number != number || !o.open || (m.msgType == 'G' && m.qty <= o.cum) {
			v.count.Rejected++
			l.wrote(v.cancelReject(l, o, m, room))
			return nil
		}
		v.change(l, o, m, room)
	default:
		return fmt.Errorf("MsgType %c is no request", m.msgType)
	}
	return nil
}

func (v *venue) enter(l *link, o *venueOrder, number uint64, m *message, room []byte) {
	due := int64(0)
	if o.number == number {
		due = o.due
	}
	*o = venueOrder{
		number: number, link: l, open: true, side: m.side, qty: m.qty, price: m.price,
		idLen: uint8(copy(o.id[:], m.clOrdID)), symLen: uint8(copy(o.symbol[:], m.symbol)),
		id: o.id, symbol: o.symbol,
	}
	v.count.Confirmed++
	l.wrote(v.report(l, o, room, '0', '0', nil, 0))
	if due > 0 {
		v.execute(o, due)
	}
}

func (v *venue) change(l *link, o *venueOrder, m *message, room []byte) {
	v.count.Confirmed++
	o.idLen = uint8(copy(o.id[:], m.clOrdID))
	if m.msgType == 'F' {
		o.open = false
		l.wrote(v.report(l, o, room, '4', '4', m.origID, 0))
		return
	}
	o.qty, o.price = m.qty, m.price
	l.wrote(v.report(l, o, room, '5', '5', m.origID, 0))
}

// fill executes shares of an order, at once or on its arrival. An order that is final keeps what it has.
func (v *venue) fill(number uint64, shares int64) {
	o := v.slot(number)
	switch {
	case o.number != number: // it is still on its way
		*o = venueOrder{number: number, due: shares}
	case o.link == nil:
		o.due += shares
	case o.open:
		v.execute(o, shares)
	}
}

func (v *venue) execute(o *venueOrder, shares int64) {
	room := o.link.room()
	shares = min(shares, o.qty-o.cum)
	if room == nil || shares <= 0 {
		return
	}
	o.cum += shares
	status := byte('1')
	if o.cum == o.qty {
		status, o.open = '2', false
	}
	v.count.Fills++
	o.link.wrote(v.report(o.link, o, room, 'F', status, nil, shares))
}

// report writes an ExecutionReport. orig is OrigClOrdID(41) of an answer to a cancel or replace.
func (v *venue) report(l *link, o *venueOrder, b []byte, execType, status byte, orig []byte, lastQty int64) []byte {
	b = l.begin(b, '8')
	b = appendInt(b, "37=V", int64(o.number))
	b = appendField(b, "11=", o.clOrdID())
	if orig != nil {
		b = appendField(b, "41=", orig)
	}
	v.execs++
	b = appendInt(b, "17=X", v.execs)
	b = appendChar(b, "150=", execType)
	b = appendChar(b, "39=", status)
	b = appendField(b, "55=", o.symbol[:o.symLen])
	b = appendChar(b, "54=", o.side)
	b = appendInt(b, "38=", o.qty)
	b = append(b, "\x0140=2"...)
	b = appendPrice(b, "44=", o.price)
	if lastQty > 0 {
		b = appendInt(b, "32=", lastQty)
		b = appendPrice(b, "31=", o.price)
	}
	leaves := o.qty - o.cum
	if !o.open {
		leaves = 0
	}
	b = appendInt(b, "151=", leaves)
	b = appendInt(b, "14=", o.cum)
	if o.cum > 0 {
		b = appendPrice(b, "6=", o.price)
	} else {
		b = append(b, "\x016=0"...)
	}
	b = appendField(b, "60=", l.clock.stamp())
	return l.end(b)
}

// cancelReject writes an OrderCancelReject: the order is final, or was never there.
func (v *venue) cancelReject(l *link, o *venueOrder, m *message, b []byte) []byte {
	response := byte('1')
	if m.msgType == 'G' {
		response = '2'
	}
	b = l.begin(b, '9')
	b = append(b, "\x0137=V"...)
	b = strconv.AppendUint(b, o.number, 10)
	b = appendField(b, "11=", m.clOrdID)
	b = appendField(b, "41=", m.origID)
	b = append(b, "\x0139=2\x01102=0"...)
	b = appendChar(b, "434=", response)
	b = appendField(b, "60=", l.clock.stamp())
	return l.end(b)
}

// Of the venue's links: room for the answers to all that one read can bring, and as much again.
const (
	answersBytes  = 2 * bufferBytes
	venueOutBytes = 2 * answersBytes
)

// serve reads one link, unless what it has not taken yet leaves too little room for the answers. A venue outlives its participants: a lost connection is no error of the venue
// unless a phase runs, and then the client sees it too.
func (v *venue) serve(l *link) error {
	if len(l.out.Room()) < answersBytes {
		return nil
	}
	err := l.receive(func(m *message) error { return v.handle(l, m) })
	if err != nil {
		l.hangUp()
	}
	return err
}
