package quickfixgate

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

const (
	sideBuy  = "1"
	sideSell = "2"

	// replacesMax is how many replaces of one order may be unanswered.
	replacesMax = 8
)

// Rejection says which check failed and why.
type Rejection struct{ Reason, Text string }

func (r *Rejection) Error() string { return r.Reason + ": " + r.Text }

func reject(reason, format string, args ...any) *Rejection {
	return &Rejection{Reason: reason, Text: fmt.Sprintf(format, args...)}
}

// Request is a NewOrderSingle or OrderCancelReplaceRequest as read from the wire.
type Request struct {
	Participant               string // CompID of the session it came from
	ClOrdID, OrigClOrdID      string
	Account, Symbol, Side     string
	OrdType, TimeInForce, Ref string // Ref is Text(58), passed on
	Qty, Price                decimal.Decimal
}

func (r *Request) id() clientID { return clientID{r.Participant, r.ClOrdID} }

// Route is what an accepted request becomes toward the venue; of a refused one only OrderID is set, where
// the order is known.
type Route struct {
	OrderID              string // OrderID(37) toward the client
	VenueID, OrigVenueID string // ClOrdID(11) and OrigClOrdID(41) toward the venue
	Symbol, Side         string
	Qty                  decimal.Decimal
}

// New judges a new order, reserves it and gives it its id toward the venue. A *Rejection is the verdict
// of a check.
func (b *Book) New(r Request, now time.Time) (Route, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.checkOrder(r, now); err != nil {
		return Route{}, err
	}
	account := b.accounts[r.Account]
	if b.openCount[r.Account] >= account.Limits.OpenOrdersMax {
		return Route{}, reject("OpenOrderCountExceeded", "%d orders are open", b.openCount[r.Account])
	}
	o := &Order{Participant: r.Participant, Account: r.Account, Symbol: r.Symbol, Side: r.Side, open: true, current: b.version(r)}
	if err := b.checkCredit(o, o.current); err != nil {
		return Route{}, err
	}
	b.nextID++
	o.ID = fmt.Sprintf("O%d", b.nextID)
	o.current.venueID = fmt.Sprintf("G%d", b.nextID)
	b.byClOrdID[r.id()] = o
	b.byVenueID[o.current.venueID] = o
	b.openCount[r.Account]++
	b.settle(o)
	return Route{OrderID: o.ID, VenueID: o.current.venueID, Symbol: o.Symbol, Side: o.Side, Qty: r.Qty}, nil
}

// Replace judges new terms for an open order; both versions stay reserved until the venue answers.
func (b *Book) Replace(r Request, now time.Time) (Route, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o := b.byClOrdID[clientID{r.Participant, r.OrigClOrdID}]
	route := Route{}
	if o != nil {
		r.Account, route.OrderID = o.Account, o.ID
	}
	if err := b.checkOrder(r, now); err != nil {
		return route, err
	}
	switch {
	case o == nil:
		return route, reject("UnknownOrder", "no order %s", r.OrigClOrdID)
	case !o.open:
		return route, reject("TooLateToCancel", "order %s is final", r.OrigClOrdID)
	case len(o.pending) == replacesMax:
		return route, reject("TooManyPendingRequests", "%d replaces of %s have no answer yet", replacesMax, r.OrigClOrdID)
	case r.Symbol != o.Symbol || r.Side != o.Side:
		return route, reject("OrderTermsChanged", "symbol and side cannot change")
	case r.Qty.LessThan(o.cum):
		return route, reject("OrderQtyBelowCumQty", "%s is below the %s filled", r.Qty, o.cum)
	}
	t := b.version(r)
	if err := b.checkCredit(o, t); err != nil {
		return route, err
	}
	b.nextID++
	t.venueID = fmt.Sprintf("G%d", b.nextID)
	route.VenueID, route.OrigVenueID = t.venueID, o.latest().venueID
	o.pending = append(o.pending, t)
	b.byClOrdID[r.id()] = o
	b.byVenueID[t.venueID] = o
	b.settle(o)
	return route, nil
}

// Cancel finds the order that a cancel names. No check of limits ever stops a cancel.
func (b *Book) Cancel(participant, clOrdID, origClOrdID string) (Route, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	id := clientID{participant, clOrdID}
	if b.seen[id] {
		return Route{}, reject("DuplicateClOrdID", "ClOrdID %s was used today", clOrdID)
	}
	b.seen[id] = true
	o := b.byClOrdID[clientID{participant, origClOrdID}]
	if o == nil {
		return Route{}, reject("UnknownOrder", "no order %s", origClOrdID)
	}
	route := Route{OrderID: o.ID, Symbol: o.Symbol, Side: o.Side, Qty: o.current.qty}
	switch {
	case !o.open:
		return route, reject("TooLateToCancel", "order %s is final", origClOrdID)
	case o.cancelID != "":
		return route, reject("CancelPending", "a cancel of %s has no answer yet", origClOrdID)
	}
	b.nextID++
	route.VenueID, route.OrigVenueID = fmt.Sprintf("G%d", b.nextID), o.latest().venueID
	o.cancelID = clOrdID
	b.byVenueID[route.VenueID] = o
	return route, nil
}

func (b *Book) version(r Request) terms {
	return terms{clOrdID: r.ClOrdID, qty: r.Qty, price: r.Price, worst: b.worstPrice(r.Symbol, r.Side, r.Price)}
}

// checkOrder runs every check that does not depend on what is already open, in the order of the gate.
func (b *Book) checkOrder(r Request, now time.Time) error {
	if b.killed {
		return reject("KillFirm", "the kill switch is on")
	}
	if b.seen[r.id()] {
		return reject("DuplicateClOrdID", "ClOrdID %s was used today", r.ClOrdID)
	}
	b.seen[r.id()] = true
	account, known := b.accounts[r.Account]
	if !known {
		return reject("AccountUnknown", "account %q is not configured", r.Account)
	}
	if account.Participant != r.Participant {
		return reject("AccountNotEntitled", "this session may not use account %s", r.Account)
	}
	sent := recent(b.sent[r.Account], now.Add(-account.Limits.OrderRateWindow))
	b.sent[r.Account] = append(sent, now)
	if len(sent) >= account.Limits.OrderRateMax {
		return reject("OrderRateExceeded", "%d orders within %s", len(sent), account.Limits.OrderRateWindow)
	}
	if err := b.checkInstrument(r, account.Limits); err != nil {
		return err
	}
	if err := b.checkPrice(r, account.Limits, now); err != nil {
		return err
	}
	return b.checkRepeated(r, account.Limits, now)
}

func (b *Book) checkInstrument(r Request, limits Limits) error {
	ins, known := b.instruments[r.Symbol]
	switch {
	case !known:
		return reject("SymbolUnknown", "symbol %q is not configured", r.Symbol)
	case ins.Restricted:
		return reject("SymbolRestricted", "symbol %s is restricted", r.Symbol)
	case ins.Halted:
		return reject("SymbolHalted", "symbol %s is halted", r.Symbol)
	case !limits.Sides[r.Side]:
		return reject("SideForbidden", "side %s is not permitted", r.Side)
	case !limits.OrdTypes[r.OrdType]:
		return reject("OrdTypeForbidden", "order type %s is not permitted", r.OrdType)
	case !limits.TIF[r.TimeInForce]:
		return reject("TimeInForceForbidden", "time in force %s is not permitted", r.TimeInForce)
	case !r.Qty.IsPositive() || !r.Qty.Mod(ins.Lot).IsZero():
		return reject("OffLot", "quantity %s is no multiple of %s", r.Qty, ins.Lot)
	case !r.Price.IsPositive() || !r.Price.Mod(ins.Tick).IsZero():
		return reject("OffTick", "price %s is no multiple of %s", r.Price, ins.Tick)
	}
	return nil
}

func (b *Book) checkPrice(r Request, limits Limits, now time.Time) error {
	if r.Qty.GreaterThan(limits.MaxQty) {
		return reject("OrderQtyTooLarge", "quantity %s is above %s", r.Qty, limits.MaxQty)
	}
	notional := r.Qty.Mul(b.worstPrice(r.Symbol, r.Side, r.Price))
	if notional.GreaterThan(limits.MaxNotional) {
		return reject("NotionalTooLarge", "notional %s is above %s", notional, limits.MaxNotional)
	}
	ref, known := b.references[r.Symbol]
	if !known {
		return reject("ReferencePriceMissing", "no reference price for %s", r.Symbol)
	}
	if now.Sub(ref.At) > limits.ReferenceMaxAge {
		return reject("ReferencePriceStale", "the reference price of %s is too old", r.Symbol)
	}
	band := ref.Price.Mul(limits.CollarPercent).Div(decimal.NewFromInt(100))
	if r.Price.Sub(ref.Price).Abs().GreaterThan(band) {
		return reject("PriceOutsideCollar", "price %s is further than %s from %s", r.Price, band, ref.Price)
	}
	return nil
}

func (b *Book) checkRepeated(r Request, limits Limits, now time.Time) error {
	key := repeatKey{r.Account, r.Symbol, r.Side, r.Price.String(), r.Qty.String()}
	equal := recent(b.repeated[key], now.Add(-limits.RepeatedWindow))
	b.repeated[key] = append(equal, now)
	if len(equal) >= limits.RepeatedMax {
		return reject("RepeatedOrder", "%d equal orders within %s", len(equal), limits.RepeatedWindow)
	}
	return nil
}

// checkCredit runs position and credit with next added to the order's versions.
func (b *Book) checkCredit(o *Order, next terms) error {
	money, qty := o.needs(next)
	more, moreQty := money.Sub(o.reserved), qty.Sub(o.reservedQty)
	limits := b.accounts[o.Account].Limits
	p := b.position(o.Account, o.Symbol)
	if long := decimal.Sum(p.held, p.openBuy, moreQty); o.Side == sideBuy && long.GreaterThan(limits.MaxLong) {
		return reject("LongPositionExceeded", "worst long %s is above %s", long, limits.MaxLong)
	}
	if short := p.openSell.Add(moreQty).Sub(p.held); o.Side != sideBuy && short.GreaterThan(limits.MaxShort) {
		return reject("ShortPositionExceeded", "worst short %s is above %s", short, limits.MaxShort)
	}
	credit := b.creditLimits(o.Account)
	for i, name := range b.scopeNames(o.Account) {
		after := b.scope(name).with(o.Side, more)
		if gross := after.gross(); gross.GreaterThan(credit[i].Gross) {
			return reject("GrossExceeded", "%s: gross %s is above %s", name, gross, credit[i].Gross)
		}
		if net := after.net(); net.GreaterThan(credit[i].Net) {
			return reject("NetExceeded", "%s: net %s is above %s", name, net, credit[i].Net)
		}
	}
	return nil
}

// recent drops the times before since; times are in order.
func recent(times []time.Time, since time.Time) []time.Time {
	for i, t := range times {
		if !t.Before(since) {
			return times[i:]
		}
	}
	return times[:0]
}
