package egress

// Bounds of the texts that Accepted holds.
const (
	IDBytesMax   = 48 // ClOrdID(11) toward a venue, a client's own where it is preserved
	TextBytesMax = 32 // Symbol(55) and Account(1)
)

const minuteNs = 60_000_000_000

// Accepted is what the decision accepted, in the terms in which it must be on the wire: the id,
// symbol and account as the venue knows them. Numbers are at 1e-8.
type Accepted struct {
	Record      uint64 // journal sequence of the decision, for the alert
	Link        uint32 // number of the venue line
	Day         uint32 // an id that was used on another day is new again; 0: ids are never used again
	Kind        byte   // MsgType(35): 'D' or 'G'
	Side        byte   // the character of Side(54)
	OrdType     byte   // the character of OrdType(40)
	TimeInForce byte   // the character of TimeInForce(59); '0' may be absent
	HasPrice    bool   // Price(44) is present; otherwise it must be absent
	HasStop     bool   // StopPx(99) is present; otherwise it must be absent

	IDLen, SymbolLen, AccountLen uint8 // bytes used; 0: the field must be absent

	Qty    int64 // OrderQty(38)
	Price  int64 // Price(44)
	StopPx int64 // StopPx(99)
	Worst  int64 // worst price at which it was reserved (exposure 2)
	K      int64 // multiplier × price factor × FX

	ExecInsts uint64             // ExecInst(18), see execInsts; 0: it must be absent
	Numbers   [numberCount]int64 // see SetNumber
	Has       uint8              // which of them must be there, a bit each; the others must not

	ID      [IDBytesMax]byte
	Symbol  [TextBytesMax]byte
	Account [TextBytesMax]byte
}

// line is one venue line: what may still leave it in this minute. Money is in units of 1e-4.
type line struct {
	minute   int64  // UTC minute that accepted and sent belong to
	accepted uint64 // accepted in this minute, and what was waiting when it began
	sent     uint64 // sent in this minute; never above accepted
	waiting  uint64 // of the orders accepted and not yet sent
}

// Checker remembers what was accepted and compares what leaves. One goroutine owns it.
type Checker struct {
	table
	lines   []line
	against uint64
}

// New makes a checker that remembers that many orders, waiting and sent together, on that many
// lines. alloc gives zeroed memory outside the Go heap, aligned to 8 bytes; nil takes the heap.
// Memory that is too small or not aligned makes a checker that lets no order pass.
func New(capacity, links int, alloc func(bytes int) []byte) *Checker {
	capacity = min(max(capacity, 0), capacityMax)
	links = min(max(links, 0), capacityMax)
	return &Checker{table: newTable(capacity, links, alloc), lines: carve[line](links, alloc)}
}

// Accept remembers the facts of one accepted order. Any answer but Equal says why Check will not
// let the order pass.
func (c *Checker) Accept(a *Accepted) Difference {
	c.against = 0
	if a.Link >= uint32(len(c.lines)) {
		return UnknownLink
	}
	if a.IDLen == 0 || a.IDLen > IDBytesMax || a.SymbolLen > TextBytesMax ||
		a.AccountLen > TextBytesMax || a.Kind != 'D' && a.Kind != 'G' {
		return Malformed
	}
	l := &c.lines[a.Link]
	hash := c.hashOf(a.ID[:a.IDLen])
	if i := c.findHash(hash, a.Link, a.ID[:a.IDLen]); i != none {
		if e := &c.entries[i]; e.state == waiting || e.Day == a.Day {
			c.against = e.Record
			c.spend(i, acceptedTwice)
			return AcceptedTwice
		}
		c.forget(i)
	}
	price := magnitude(a.Worst)
	if a.HasPrice { // a margin per contract may be below the price that is on the wire
		price = max(price, magnitude(a.Price))
	}
	money, ok := notional(price, a.Qty, a.K)
	if !ok || l.accepted+money > moneyMax {
		return ExcessMoney
	}
	i := c.insert(hash, a)
	if i == none {
		return TableFull
	}
	c.entries[i].money = money
	l.accepted += money
	l.waiting += money
	return Equal
}

// Withdraw tells that an accepted order was taken back before its bytes left (K2).
func (c *Checker) Withdraw(link uint32, id []byte) {
	if i := c.find(link, id); i != none {
		c.spend(i, withdrawn)
	}
}

// Cut tells that the connection of a line ended: what was accepted and not sent never leaves. It
// visits each waiting order of the line once.
func (c *Checker) Cut(link uint32) {
	if link >= uint32(len(c.lines)) {
		return
	}
	for i := c.oldest(link); i != none; i = c.oldest(link) {
		c.spend(i, withdrawn)
	}
}

// spend ends the wait of an order that must not leave any more; its money leaves the count too.
func (c *Checker) spend(i uint32, s state) {
	e := &c.entries[i]
	if e.state == waiting {
		l := &c.lines[e.Link]
		l.waiting -= e.money
		l.accepted -= e.money
		c.retire(i)
	}
	e.state = s
}

// Check reads one whole message about to leave a line. utcNs picks the minute of the money count.
// An order that passes counts as sent. After any other answer the line must be cut.
func (c *Checker) Check(link uint32, msg []byte, utcNs int64) Difference {
	c.against = 0
	if link >= uint32(len(c.lines)) {
		return UnknownLink
	}
	var f fields
	if d := f.scan(msg); d != Equal {
		return d
	}
	t := f.value(msg, slotMsgType)
	if len(t) == 1 && (t[0] == 'D' || t[0] == 'G') {
		return c.checkOrder(link, msg, &f, utcNs)
	}
	if !mayLeave(t) {
		return WrongMsgType
	}
	return c.checkOther(link, f.value(msg, slotClOrdID))
}

// Against gives the Record of the accepted order that the last Check compared with, or that had the id
// which the last Accept found taken; 0: none.
func (c *Checker) Against() uint64 { return c.against }

// mayLeave lists what a gate says to a venue beside orders: session messages, cancels (F, q),
// status requests (H, AF), the BusinessMessageReject (j), and what answers the trades of a drop copy (AR).
func mayLeave(msgType []byte) bool {
	switch string(msgType) {
	case "0", "1", "2", "3", "4", "5", "A", "F", "q", "H", "AF", "AR", "j":
		return true
	}
	return false
}

// checkOther: an order that waits to leave must not leave as something else, such as a cancel.
func (c *Checker) checkOther(link uint32, id []byte) Difference {
	if id == nil {
		return Equal
	}
	if i := c.find(link, id); i != none && c.entries[i].state == waiting {
		c.against = c.entries[i].Record
		return WrongMsgType
	}
	return Equal
}

func (c *Checker) checkOrder(link uint32, msg []byte, f *fields, utcNs int64) Difference {
	i := c.find(link, f.value(msg, slotClOrdID))
	if i == none {
		return UnknownID
	}
	e := &c.entries[i]
	c.against = e.Record
	if e.state != waiting {
		return e.state.difference()
	}
	if f.claims(msg, slotPossDup) || f.claims(msg, slotPossResend) {
		return SentTwice
	}
	if d := e.compare(msg, f); d != Equal {
		return d
	}
	return c.send(i, utcNs/minuteNs)
}

// compare holds the message against the accepted facts, field by field.
func (e *entry) compare(msg []byte, f *fields) Difference {
	switch {
	case !isChar(f.value(msg, slotMsgType), e.Kind):
		return WrongMsgType
	case !isNumber(f.value(msg, slotOrderQty), true, e.Qty):
		return WrongQty
	case !isNumber(f.value(msg, slotPrice), e.HasPrice, e.Price):
		return WrongPrice
	case !isNumber(f.value(msg, slotStopPx), e.HasStop, e.StopPx):
		return WrongStopPx
	case !isChar(f.value(msg, slotSide), e.Side):
		return WrongSide
	case !isChar(f.value(msg, slotOrdType), e.OrdType):
		return WrongOrdType
	case string(f.value(msg, slotSymbol)) != string(e.Symbol[:e.SymbolLen]):
		return WrongSymbol
	case string(f.value(msg, slotAccount)) != string(e.Account[:e.AccountLen]):
		return WrongAccount
	}
	return e.compareRest(msg, f)
}

// send counts the money against the minute of its line. The message's numbers are known to equal
// the entry's. What still waits when a minute begins belongs to the new minute as well.
func (c *Checker) send(i uint32, minute int64) Difference {
	e := &c.entries[i]
	l := &c.lines[e.Link]
	if minute != l.minute {
		l.minute, l.accepted, l.sent = minute, l.waiting, 0
	}
	price := e.Worst
	if e.HasPrice {
		price = e.Price
	}
	money, ok := notional(magnitude(price), e.Qty, e.K)
	if !ok || l.sent+money > l.accepted {
		return ExcessMoney
	}
	l.sent += money
	l.waiting -= e.money
	c.retire(i)
	e.state = sent
	return Equal
}
