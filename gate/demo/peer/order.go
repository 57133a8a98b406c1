package peer

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// order is an order as a venue keeps it.
type order struct {
	venueID    string // OrderID(37)
	id         string // ClOrdID(11) of the terms that hold
	account    string
	symbol     string
	side       string
	ordType    string
	status     string // OrdStatus(39)
	qty, price decimal.Decimal
	cum, paid  decimal.Decimal // executed, and what was paid for it
	executions []execution
}

type execution struct {
	id      string
	qty, px decimal.Decimal
}

// request is a D, G or F as it arrived.
type request struct {
	id         string
	message    Message
	order      *order
	qty, price decimal.Decimal
}

// newRequest reads what a venue needs; what cannot be read is zero.
func newRequest(m Message) *request {
	r := &request{id: m.Get(11), message: m}
	r.qty, _ = decimal.NewFromString(m.Get(38))
	r.price, _ = decimal.NewFromString(m.Get(44))
	return r
}

func (r *request) newOrder(venueID string) *order {
	m := r.message
	return &order{venueID: venueID, id: r.id, account: m.Get(1), symbol: m.Get(55), side: m.Get(54),
		ordType: m.Get(40), status: "A", qty: r.qty, price: r.price}
}

// working is the OrdStatus of an order that may still trade.
func (o *order) working() string {
	switch {
	case o.cum.IsZero():
		return "0"
	case o.cum.LessThan(o.qty):
		return "1"
	}
	return "2"
}

func (o *order) final() bool {
	return o.status == "2" || o.status == "4" || o.status == "8" || o.status == "C"
}

func (o *order) execute(id string, qty, px decimal.Decimal) {
	o.executions = append(o.executions, execution{id, qty, px})
	o.cum, o.paid = o.cum.Add(qty), o.paid.Add(qty.Mul(px))
	o.status = o.working()
}

// executionNumber is the order's n-th execution, the first being 1.
func (o *order) executionNumber(text string) (*execution, error) {
	var number int
	if _, err := fmt.Sscan(text, &number); err != nil || number < 1 || number > len(o.executions) {
		return nil, fmt.Errorf("the order has %d executions", len(o.executions))
	}
	return &o.executions[number-1], nil
}

func (o *order) takeBack(x *execution) {
	o.cum, o.paid = o.cum.Sub(x.qty), o.paid.Sub(x.qty.Mul(x.px))
	if !o.final() {
		o.status = o.working()
	}
}

// leaves is LeavesQty(151): nothing once the order is over.
func (o *order) leaves() decimal.Decimal {
	if o.final() {
		return decimal.Zero
	}
	return decimal.Max(decimal.Zero, o.qty.Sub(o.cum))
}

// average is AvgPx(6).
func (o *order) average() decimal.Decimal {
	if o.cum.IsZero() {
		return decimal.Zero
	}
	return o.paid.DivRound(o.cum, 6)
}

// state is the part of an ExecutionReport that says how the order stands.
func (o *order) state(execID, execType string) Message {
	m := Message{{35, "8"}, {37, o.venueID}, {11, o.id}, {17, execID}, {150, execType}, {39, o.status},
		{1, o.account}, {55, o.symbol}, {54, o.side}, {38, o.qty.String()}, {40, o.ordType},
		{151, o.leaves().String()}, {14, o.cum.String()}, {6, o.average().String()}}
	if !o.price.IsZero() {
		m = append(m, Field{44, o.price.String()})
	}
	return m
}
