package core

import (
	"math"

	"portcullis/fix"
	"portcullis/risk"
)

// The executions of a venue that a drop copy tells of have a row each, by (venue, trade date, ExecID). Two sides tell of
// it, in either order: here, what the gate has booked from the venue's line or by hand, and there, the drop copy. Where
// they differ, or one has not told in time, that is a break. A break is over when the sides agree, or by a human's word.

// side is what one side has told of an execution.
type side uint8

const (
	sideSilent    side = 0
	sideTold      side = 1
	sideTakenBack side = 2 // told, and then busted
	sideAwaited   side = 3 // not told: it corrects what the venue's line has told of, which alone can take that back
)

// onWord is the Value of an Executed or a Busted that rests on the word of a drop copy alone.
const onWord = 1

// Unnamed is the account of a report that names none.
const Unnamed = NoIndex - 1

// Break says what the two sides of an execution differ in. The numbers are journaled and never reused.
type Break uint8

const (
	NoBreak          Break = 0
	MissingThere     Break = 1  // the drop copy has not told of an execution that is booked
	MissingHere      Break = 2  // the venue's line has not told of an execution of an order of the gate
	BustMissingThere Break = 3  // taken back here alone
	BustMissingHere  Break = 4  // taken back by the drop copy alone
	UnknownAccount   Break = 5  // foreign, and nobody knows the account, or it has gone: it is booked in suspense
	UnknownSymbol    Break = 6  // foreign, and nobody knows the symbol: it counts in no position
	QtyDiffers       Break = 7  // LastQty(32)
	PriceDiffers     Break = 8  // LastPx(31)
	SideDiffers      Break = 9  // Side(54)
	SymbolDiffers    Break = 10 // Symbol(55)
	AccountDiffers   Break = 11 // Account(1)
)

// String says in words what the sides differ in.
func (b Break) String() string {
	if int(b) < len(breakTexts) {
		return breakTexts[b]
	}
	return "unknown break"
}

var breakTexts = [...]string{
	NoBreak:          "none",
	MissingThere:     "missing there",
	MissingHere:      "missing here",
	BustMissingThere: "bust missing there",
	BustMissingHere:  "bust missing here",
	UnknownAccount:   "unknown account",
	UnknownSymbol:    "unknown symbol",
	QtyDiffers:       "quantity differs",
	PriceDiffers:     "price differs",
	SideDiffers:      "side differs",
	SymbolDiffers:    "symbol differs",
	AccountDiffers:   "account differs",
}

// untold reports whether the gate has nothing from the venue's line, or a human, of an execution.
func (x *copyRow) untold() bool { return x.here == sideSilent || x.here == sideAwaited }

// awaited reports whether the other side may still tell what is missing.
func (b Break) awaited() bool { return b >= MissingThere && b <= BustMissingHere }

// ExecTerms are what an execution is of, as one side tells it.
type ExecTerms struct {
	Qty        risk.Qty
	Price      risk.Price
	Account    uint32 // NoIndex: nobody knows it; Unnamed: none is told
	Instrument uint32 // NoIndex: nobody knows it
	Side       risk.Side
}

// copyRow is an execution as the two sides have told of it.
type copyRow struct {
	hash      uint64 // as of its execution; apart, where the other side of its trade has the same ExecID
	report    uint64 // likewise of the TradeReportID(571) that told of it first; 0: none did
	dueNs     int64  // monotonic: what a side has not told by then is a break; only while it waits
	sinceNs   int64  // UTC at which the first side told of it
	ExecTerms        // as the drop copy tells them
	here      side
	there     side
	broken    Break // that stands
	settled   Break // that a human has closed
	onWord    bool  // what is booked rests on the drop copy's word
	waits     bool  // in the list of those that await a side
	size      uint8
	venue     uint32
	date      uint32
	units     uint32 // the trade date in whose units it was told: of what it corrects, or one to come; 0: its own
	request   uint32 // of the gate's order that the drop copy names, with its generation; NoIndex: it names none
	gen       uint32
	execution uint32 // where it is booked; NoIndex: it is not
	prev      uint32 // of the list
	next      uint32 // of the list, or of the free rows
	text      [execTextMax]byte
}

// unitsOf is the trade date in whose units it was told.
func (x *copyRow) unitsOf() uint32 {
	if x.units != 0 {
		return x.units
	}
	return x.date
}

// missing is what one side has not told, NoBreak where both have told as much.
func (x *copyRow) missing() Break {
	switch {
	case x.here == sideTold && x.there == sideSilent:
		return MissingThere
	case x.there == sideTold && (x.here == sideAwaited || x.here == sideSilent && x.request != NoIndex):
		return MissingHere
	case x.here == sideTakenBack && x.there == sideTold:
		return BustMissingThere
	case x.here == sideTold && x.there == sideTakenBack:
		return BustMissingHere
	}
	return NoBreak
}

// differs is what both sides tell otherwise, or what nobody here knows of a foreign execution. booked is what the gate has;
// nil: that is not known.
func (c *Core) differs(x *copyRow, booked *ExecTerms) Break {
	switch {
	case x.there != sideTold || x.here == sideTakenBack:
	case x.here == sideAwaited, x.here == sideSilent && x.request != NoIndex:
	case x.here == sideSilent && !c.configured(x.Account):
		return UnknownAccount
	case x.here == sideSilent && x.Instrument == NoIndex:
		return UnknownSymbol
	case x.here == sideSilent || booked == nil:
	case x.Qty != booked.Qty:
		return QtyDiffers
	case x.Price != booked.Price:
		return PriceDiffers
	case x.Side != booked.Side:
		return SideDiffers
	case x.Instrument != booked.Instrument:
		return SymbolDiffers
	case x.Account != booked.Account && x.Account != Unnamed && (x.Account != NoIndex || c.configured(booked.Account)):
		return AccountDiffers
	}
	return NoBreak
}

// configured reports whether the configuration names an account. Nobody keeps how venues call one that has gone: a name that is not
// known may be its.
func (c *Core) configured(account uint32) bool {
	return account < uint32(len(c.set.Accounts)) && c.set.Accounts[account].Client != NoIndex
}

// bookedAtOnce reports whether an execution that a drop copy tells of is booked on its word at once: it is not booked yet, and
// no open order reserves for it until the venue's line tells of it in time.
func (c *Core) bookedAtOnce(x *copyRow) bool {
	order := c.orderCopied(x)
	return c.bookable(x, order) && (order == NoIndex || c.orders[order].State == Final)
}

// bookable reports whether nobody has booked an execution: neither on a word nor by hand, without its ExecID.
func (c *Core) bookable(x *copyRow, order uint32) bool {
	return x.here == sideSilent && !x.onWord && (order == NoIndex || c.orders[order].Flags&FlagResolved == 0)
}

// orderCopied is the order of the gate that a drop copy names, as long as it is in its slot.
func (c *Core) orderCopied(x *copyRow) uint32 {
	return c.orderOf(&execution{request: x.request, gen: x.gen})
}

// bookedTerms fills in those of an execution as the gate has booked it; nil where that is not known.
func (c *Core) bookedTerms(x *copyRow, booked *ExecTerms) *ExecTerms {
	if x.execution == NoIndex || x.onWord {
		return nil
	}
	b := &c.executions[x.execution]
	*booked = ExecTerms{b.qty, b.price, b.account, b.instrument, b.side}
	return booked
}

// reconcile holds an execution that is about to be booked as e, the last effect, against what a drop copy has told of it. What
// is booked on the drop copy's word gives way to it.
func (c *Core) reconcile(d *Decision, e *Effect, execID []byte, earlier bool) {
	slot := c.rowOf(d, e, execID, earlier)
	if slot == NoIndex {
		return
	}
	booked := ExecTerms{e.Qty, e.Price, e.Account, e.Instrument, e.Side}
	if x := &c.copies[slot]; x.onWord && x.execution != NoIndex {
		b := c.takeBack(d, x.execution)
		b.Value = onWord
		*b, *e = *e, *b // first, so that what it frees is free
	}
	c.meet(d, slot, &booked)
}

// rowOf gives an execution that is about to be booked its row; NoIndex: nobody has told of it, or no drop copy will.
func (c *Core) rowOf(d *Decision, e *Effect, execID []byte, earlier bool) uint32 {
	if c.copierOf(e.Venue) == NoIndex {
		return NoIndex
	}
	hash := execHash(e.Venue, execID)
	slot := c.findCopied(hash, e.Venue, execID, earlier)
	if slot == NoIndex {
		slot = c.findCopied(apart(hash, e.Side), e.Venue, execID, earlier) // the report of its trade named no order
	}
	if slot == NoIndex && e.Order != NoIndex {
		slot = c.rowOverRoll(d, e, execID)
	}
	if e.ID = slot; slot == NoIndex {
		e.ID = c.newCopy(d)
	}
	return slot
}

// rowOverRoll is the row of an earlier trade date that a drop copy has told of with the same order, or with no order and the
// same terms, where the line's report was on its way over the day roll and does not say of when it is.
func (c *Core) rowOverRoll(d *Decision, e *Effect, execID []byte) uint32 {
	slot := c.findCopied(execHash(e.Venue, execID), e.Venue, execID, true)
	if slot == NoIndex {
		return NoIndex
	}
	x := &c.copies[slot]
	booked := ExecTerms{e.Qty, e.Price, e.Account, e.Instrument, e.Side}
	same := x.ExecTerms == booked
	if x.request != NoIndex {
		same = c.orderCopied(x) == e.Order && c.sameOverRoll(d, &x.ExecTerms, &booked)
	}
	if !x.untold() || !same {
		return NoIndex
	}
	return slot
}

// bookedOverRoll is the row of an earlier trade date that the venue's line alone has told of, where a drop copy tells of its order, or
// of no order and the same terms, as of this date: who tells it may have begun the day before the gate had.
func (c *Core) bookedOverRoll(d *Decision, hash uint64, venue uint32, execID []byte, t *telling) uint32 {
	slot := c.findCopied(hash, venue, execID, true)
	if slot == NoIndex || c.copies[slot].there != sideSilent {
		return NoIndex
	}
	var booked ExecTerms
	if c.bookedTerms(&c.copies[slot], &booked) == nil {
		return NoIndex
	}
	same := t.ExecTerms == booked
	if t.request != NoIndex {
		same = c.requests[t.request].Order == c.orderOf(&c.executions[c.copies[slot].execution]) && c.sameOverRoll(d, &t.ExecTerms, &booked)
	}
	if !same {
		return NoIndex
	}
	return slot
}

// sameOverRoll reports whether what two sides tell of one order under one ExecID, on either side of a day roll, is one execution. Venues
// use their ExecIDs again: what is of a time since the roll, and of other terms, is another.
func (c *Core) sameOverRoll(d *Decision, x, y *ExecTerms) bool {
	at, timed := fix.ParseTimestamp(d.msg.Value(fix.TagTransactTime))
	return !timed || at < c.reg.rolledNs || x.Qty == y.Qty && x.Price == y.Price
}

// meet holds what is about to be booked against what the drop copy has told.
func (c *Core) meet(d *Decision, slot uint32, booked *ExecTerms) {
	x := c.copies[slot]
	x.here = sideTold
	c.judgeCopied(d, slot, &x, booked)
}

// bustCopied does the same for an execution in a slot that is taken back.
func (c *Core) bustCopied(d *Decision, execution uint32) {
	if slot := c.copyOf(execution); slot != NoIndex {
		x := c.copies[slot]
		x.here = sideTakenBack
		c.judgeCopied(d, slot, &x, nil)
	}
}

// judgeCopied says whether a break begins or is over, with x being what the row will be. What is only missing has its time first.
func (c *Core) judgeCopied(d *Decision, slot uint32, x *copyRow, booked *ExecTerms) {
	if slot == NoIndex {
		return // there was no room for it
	}
	is := x.missing()
	if is == NoBreak {
		is = c.differs(x, booked)
	}
	switch {
	case is != NoBreak && (is == x.broken || is == x.settled):
	case is == NoBreak, is.awaited():
		if x.broken != NoBreak || x.settled != NoBreak {
			d.broken(slot, x, NoBreak) // the sides agree by now, or something else is missing: a human's word was about what was
		}
	default:
		c.tellBreak(d, slot, x, is)
	}
}

// broken notes that a break of a row stands, or that none does any more.
func (d *Decision) broken(slot uint32, x *copyRow, is Break) *Effect {
	e := d.effect(Broken)
	e.ID, e.Venue, e.Status = slot, x.venue, byte(is)
	return e
}

// tellBreak notes a break and tells a human of it.
func (c *Core) tellBreak(d *Decision, slot uint32, x *copyRow, is Break) {
	d.broken(slot, x, is)
	a := d.alert(DropCopyBreak)
	a.ID, a.Venue, a.Status, a.Link = slot, x.venue, byte(is), c.copierOf(x.venue)
}

// breakDueNs is when the next execution has waited long enough for its other side.
func (c *Core) breakDueNs() int64 {
	if c.reg.copyHead == NoIndex {
		return math.MaxInt64
	}
	return c.copies[c.reg.copyHead].dueNs
}

// stepBreak finds that a side has not told in time. While the drop copy itself is down that is told once, not for each
// execution. What the venue's line has not told is booked on the drop copy's word, though its order may reserve for it still.
func (c *Core) stepBreak(d *Decision) {
	slot := c.reg.copyHead
	x := c.copies[slot]
	is, by := x.missing(), c.copierOf(x.venue)
	if (is == MissingThere || is == BustMissingThere) && (by == NoIndex || !c.links[by].Phase.LoggedOn()) {
		if by != NoIndex && !c.links[by].toldDown {
			d.alert(DropCopyDown).Link = by
		}
		d.broken(slot, &x, is)
		return
	}
	c.tellBreak(d, slot, &x, is)
	if is == MissingHere && c.bookable(&x, c.orderCopied(&x)) {
		c.bookOnWord(d, slot, &x, 0, 0, 0)
		c.recordOvershoot(d)
	}
}

// decideCloseBreak is a human's word that a break is dealt with. What is booked stays as it is.
func (c *Core) decideCloseBreak(ev *Event, d *Decision, m *Command) ReplyCode {
	if m.Target >= uint64(len(c.set.Venues)) {
		return UnknownTarget
	}
	id, code := CommandName(ev.Data), UnknownTarget
	hash := execHash(uint32(m.Target), id)
	for slot := range c.reg.copyUsed {
		x := &c.copies[slot]
		switch {
		case x.size == 0 || x.hash != hash && x.hash != apart(hash, risk.Buy) && x.hash != apart(hash, risk.Sell) || string(x.name()) != string(execText(id)):
		case x.broken == NoBreak:
			code = NotBroken
		default:
			e := d.broken(slot, x, NoBreak)
			e.Value, e.Seq = uint64(x.broken), uint64(m.UID)
			return Done
		}
	}
	return code
}

// name is the ExecID, as much of it as is kept.
func (x *copyRow) name() []byte { return x.text[:x.size] }

// copierOf is the drop copy that tells of a venue's executions, NoIndex if none does.
func (c *Core) copierOf(venue uint32) uint32 {
	if venue >= uint32(len(c.copiers)) {
		return NoIndex
	}
	return c.copiers[venue]
}

// findCopied returns the row of an execution on this trade date, or where it may be earlier on the last that has one;
// NoIndex: none.
func (c *Core) findCopied(hash uint64, venue uint32, execID []byte, earlier bool) uint32 {
	found := uint32(NoIndex)
	for at := hash; ; {
		slot := c.copyIndex.next(hash, &at)
		if slot == NoIndex {
			return found
		}
		x := &c.copies[slot]
		if x.hash != hash || x.venue != venue || string(x.name()) != string(execText(execID)) {
			continue
		}
		if x.date == c.reg.tradeDate {
			return slot
		}
		if earlier && x.date >= c.reg.keptFrom && (found == NoIndex || x.date > c.copies[found].date) {
			found = slot
		}
	}
}

// copyOf is the row of an execution that is booked in a slot, NoIndex if there is none.
func (c *Core) copyOf(execution uint32) uint32 {
	if c.reg.copyUsed == 0 || execution == NoIndex {
		return NoIndex
	}
	hash := c.executions[execution].hash
	for _, hash := range [...]uint64{hash, apart(hash, risk.Buy), apart(hash, risk.Sell)} {
		for at := hash; ; {
			slot := c.copyIndex.next(hash, &at)
			if slot == NoIndex {
				break
			}
			if c.copies[slot].execution == execution && c.copies[slot].hash == hash {
				return slot
			}
		}
	}
	return NoIndex
}

// newCopy is that row; a human is told where there is none.
func (c *Core) newCopy(d *Decision) uint32 {
	slot := c.copySlot(d)
	if slot == NoIndex {
		d.alert(ExecutionsFull)
		c.gateSet(d, GateExecutionsFull, 1)
	}
	return slot
}

// copySlot is the row that the next execution of a decision would take, NoIndex when the table is full.
func (c *Core) copySlot(d *Decision) uint32 {
	slot, taken := c.reg.copyFree, uint32(0)
	for i := range d.EffectLen {
		if e := &d.Effects[i]; e.Kind == Copied && e.ID < uint32(len(c.copies)) && c.copies[e.ID].size == 0 {
			taken++
		}
	}
	for ; taken > 0 && slot != NoIndex; taken-- {
		slot = c.copies[slot].next
	}
	if slot == NoIndex && c.reg.copyUsed+taken < uint32(len(c.copies)) {
		slot = c.reg.copyUsed + taken
	}
	return slot
}

// seenOnWord reports whether an execution in a slot rests on a drop copy's word: the venue's line has not told of it.
func (c *Core) seenOnWord(execution uint32) bool {
	slot := c.copyOf(execution)
	return slot != NoIndex && c.copies[slot].onWord
}
