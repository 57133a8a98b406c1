package core

import "portcullis/risk"

const venueOrderIDBytesMax = 32

// OrderState is where an order stands.
type OrderState uint8

const (
	NoOrder OrderState = iota // the slot has never been used
	Live                      // it may still trade, or executions that its venue counts are missing, see mayTrade
	Final                     // it cannot, as far as the venue has said; kept until its slot is needed
)

// Order is one order. Its owner is the link it came over.
type Order struct {
	State       OrderState
	Side        risk.Side
	OrdType     risk.OrdType
	TimeInForce risk.TimeInForce
	Flags       Flags
	Status      byte // last OrdStatus(39) from the venue; 'A' before the first
	venueIDLen  uint8
	Prices      PricesGiven // which of Price and Second there are, and what Second is

	risk.Place // where it counts; its Author as its D said: what a replace says of authors changes nothing

	First   uint32 // its requests, oldest first, by Request.Next
	Last    uint32
	Current uint32 // the request whose terms hold: the last one confirmed, or the first
	next    uint32 // free list and list of final orders
	expiry  expiry // of good till a date

	Qty      risk.Qty // terms the venue confirmed, or the original while unconfirmed
	Price    risk.Price
	Second   risk.Price
	Worst    risk.Price
	Executed risk.Qty // sum of the executions booked
	Cum      risk.Qty // CumQty(14) as the venue says it; where it differs the order is suspect

	Open     risk.Qty   // q as booked in the position
	Reserved risk.Money // r as booked in every scope
	K        risk.Factor
	AvgPx    risk.Price
	AtNs     int64 // UTC of acceptance

	opened, ended uint64 // registers.turn when it was accepted, and when it became final

	venueID [venueOrderIDBytesMax]byte // OrderID(37) of the venue
}

// VenueOrderID returns the venue's OrderID(37), empty before it said one.
func (o *Order) VenueOrderID() []byte { return o.venueID[:o.venueIDLen] }

// Counted is the executed quantity that no replace may go below: the larger of what the venue says
// and what was booked. The reservation counts with the smaller one (exposure 7).
func (o *Order) Counted() risk.Qty { return max(o.Executed, o.Cum) }

// expiry is when an order ends: ExpireDate(432) as YYYYMMDD, or ExpireTime(126) in Unix seconds, which are more than any
// date; 0: nobody knows.
type expiry uint32

// firstSecond is above every date, and of the year 2001.
const firstSecond expiry = 1_000_000_000

// extend takes over the expiry of a replace. The venue may take the replace or not, so the later holds, and of a date and a
// time neither: an order is never taken to be over that may not be.
func (o *Order) extend(to expiry) {
	switch {
	case to == 0 || o.expiry == 0 || (to < firstSecond) != (o.expiry < firstSecond):
		o.expiry = 0
	case to > o.expiry:
		o.expiry = to
	}
}

// isOver reports whether an order should have ended before a trade date that begins at a time: one for the day, and one
// good till earlier.
func (o *Order) isOver(date uint32, utcNs int64) bool {
	switch {
	case !o.isGoodTill():
		return true
	case o.expiry < firstSecond:
		return o.expiry != 0 && uint32(o.expiry) < date
	}
	return int64(o.expiry)*1_000_000_000 <= utcNs
}

func (o *Order) isGoodTill() bool {
	return o.TimeInForce == risk.GoodTillCancel || o.TimeInForce == risk.GoodTillDate
}
