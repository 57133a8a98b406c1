package core

import (
	"bytes"

	"github.com/cespare/xxhash/v2"

	"portcullis/fix"
)

func idHash(link uint32, text []byte) uint64 {
	return countedHash(text) ^ uint64(link)*0x9E3779B97F4A7C15
}

// countedHash is the hash of a text that its giver counts up, as most do with ClOrdIDs and ExecIDs: what differs
// in the last character alone lies in neighbouring places of a slotIndex, so that a line which had to come from
// memory serves the next ids too. Nobody can bring more than the 256 values of a byte together.
func countedHash(text []byte) uint64 {
	if len(text) == 0 {
		return 0
	}
	last := uint64(text[len(text)-1])
	return (xxhash.Sum64(text[:len(text)-1])+last<<32)&^neighbours | last&neighbours
}

// neighbours masks the places that texts with one beginning share: two cache lines of a slotIndex.
const neighbours = 15

// findID returns the slot of a ClOrdID that the link has used and that is still taken: on this
// trade date, or by an order that may still trade.
func (c *Core) findID(link uint32, text []byte) uint32 {
	slot := c.lookupID(link, text)
	if slot != NoIndex && !c.taken(&c.ids[slot]) {
		return NoIndex
	}
	return slot
}

// lookupID finds the slot whether or not the id is still taken.
func (c *Core) lookupID(link uint32, text []byte) uint32 {
	hash := idHash(link, text)
	for at := hash; ; {
		slot := c.idIndex.next(hash, &at)
		if slot == NoIndex {
			return NoIndex
		}
		if e := &c.ids[slot]; e.link == link && bytes.Equal(e.text[:e.size], text) {
			return slot
		}
	}
}

func (c *Core) taken(e *clOrdID) bool {
	if e.date == c.reg.tradeDate || e.mass && e.uses > 0 {
		return true
	}
	return e.request != NoIndex && c.orders[c.requests[e.request].Order].State == Live
}

// findOwn is findID for the ClOrdID of the message at hand, which was looked up once.
func (c *Core) findOwn(d *Decision) uint32 {
	if d.own != NoIndex && !c.taken(&c.ids[d.own]) {
		return NoIndex
	}
	return d.own
}

// idForOwn returns the slot that the ClOrdID of the message at hand would take, NoIndex when the
// table is full.
func (c *Core) idForOwn(d *Decision) uint32 {
	if d.own != NoIndex {
		return d.own // its earlier use is over; the slot is taken again
	}
	if c.reg.idFree != NoIndex {
		return c.reg.idFree
	}
	if c.reg.idUsed < uint32(len(c.ids)) {
		return c.reg.idUsed
	}
	return NoIndex
}

// takeID makes a ClOrdID taken. slot is what idForOwn returned.
func (c *Core) takeID(slot, link, request uint32, body uint64, text []byte) {
	e := &c.ids[slot]
	if e.size == 0 { // not in the index yet
		if slot == c.reg.idFree {
			c.reg.idFree = e.next
		} else {
			c.reg.idUsed++
		}
		c.reg.idInUse++
		c.hold(link, 1, 0, 0)
		c.idIndex.put(idHash(link, text), slot)
		e.link = link
		e.size = uint8(copy(e.text[:], text))
	}
	if request != NoIndex {
		e.uses++
	}
	e.date, e.request, e.body, e.refused, e.mass = c.reg.tradeDate, request, body, request == NoIndex, false
}

// dropStaleIDs frees every ClOrdID that is no longer taken and that no request carries: at the day
// roll.
func (c *Core) dropStaleIDs() {
	clear(c.idIndex)
	for slot := range c.reg.idUsed {
		e := &c.ids[slot]
		switch {
		case e.size == 0:
		case e.uses > 0 || c.taken(e):
			c.idIndex.put(idHash(e.link, e.text[:e.size]), slot)
		default:
			c.hold(e.link, -1, 0, 0)
			*e = clOrdID{next: c.reg.idFree}
			c.reg.idFree = slot
			c.reg.idInUse--
		}
	}
}

// Widths of the parts of an id toward a venue, in base-36 digits.
const (
	epochDigits = 3
	slotDigits  = 4
	genDigits   = 4
	idDigits    = epochDigits + slotDigits + genDigits
)

// How many slots and generations fit their digits, and the greatest values that do.
const (
	slots      = 36 * 36 * 36 * 36
	gens       = 36 * 36 * 36 * 36
	EpochMax   = 36*36*36 - 1
	RequestMax = slots - 1
)

// writeVenueID appends tag=id, the name of a request toward the venue.
func (c *Core) writeVenueID(w *fix.Writer, tag int, v *VenueSetup, request uint32, gen uint32, epoch uint64) {
	VenueName{v.IDPrefix, epoch, request, gen}.write(w, tag)
}

// VenueName is what the name of a request toward the venue is made of.
type VenueName struct {
	prefix       string
	epoch        uint64
	request, gen uint32
}

func (n VenueName) write(w *fix.Writer, tag int) {
	id := w.Field(tag, len(n.prefix)+idDigits)
	digits := id[copy(id, n.prefix):]
	fix.PutUint36(digits, (n.epoch*slots+uint64(n.request))*gens+uint64(n.gen)%gens)
}

// String is the name, empty for the zero VenueName.
func (n VenueName) String() string {
	if n == (VenueName{}) {
		return ""
	}
	var w fix.Writer
	n.write(&w, fix.TagOrderID)
	return string(w.Bytes(len("37="), w.Len()-len("37=|")))
}

// OrderName returns what an order's OrderID(37) is made of, for those who write it later.
func (c *Core) OrderName(order uint32) VenueName {
	o := &c.orders[order]
	q := &c.requests[o.First]
	return VenueName{c.set.Venues[o.Venue].IDPrefix, uint64(q.Epoch), o.First, q.Gen}
}

// parseVenueID finds the request that an id of ours names; NoIndex where the id is not ours, or
// of another generation: then the order is unknown.
func (c *Core) parseVenueID(v *VenueSetup, id []byte) uint32 {
	epoch, slot, gen, ok := splitVenueID(v, id)
	if !ok || slot >= uint64(c.reg.reqUsed) {
		return NoIndex
	}
	q := &c.requests[slot]
	if q.State == FreeRequest || uint64(q.Gen) != gen || uint64(q.Epoch) != epoch {
		return NoIndex
	}
	return uint32(slot)
}

// splitVenueID takes an id of ours apart; false: it has not the form of one.
func splitVenueID(v *VenueSetup, id []byte) (epoch, slot, gen uint64, ok bool) {
	n := len(v.IDPrefix)
	if len(id) != n+idDigits || string(id[:n]) != v.IDPrefix {
		return 0, 0, 0, false
	}
	all, ok := fix.ParseUint36(id[n:])
	return all / gens / slots, all / gens % slots, all % gens, ok
}

// requestOf finds the request that an id in a venue's message names. What another venue was sent is nothing that this one
// could speak of, though their ids may begin alike.
func (c *Core) requestOf(venue uint32, id []byte) uint32 {
	request := c.requestNamedBy(venue, id)
	if request != NoIndex && c.orders[c.requests[request].Order].Venue != venue {
		return NoIndex
	}
	return request
}

func (c *Core) requestNamedBy(venue uint32, id []byte) uint32 {
	v := &c.set.Venues[venue]
	if len(id) == 0 {
		return NoIndex
	}
	if !v.Preserve {
		return c.parseVenueID(v, id)
	}
	// One participant for one venue: its own text is the name. Gate-made cancels carry our form.
	for l := range c.set.Links {
		if c.set.Links[l].Venue != NoIndex {
			continue
		}
		if slot := c.lookupID(uint32(l), id); slot != NoIndex && c.ids[slot].request != NoIndex {
			r := c.ids[slot].request
			if c.orders[c.requests[r].Order].Venue == venue {
				return r
			}
		}
	}
	return c.parseVenueID(v, id)
}

func execHash(venue uint32, text []byte) uint64 {
	return countedHash(text) ^ uint64(venue+1)*0x9E3779B97F4A7C15
}

// findExecution returns the slot of an execution by the venue's ExecID that was booked on a trade date, NoIndex if
// unseen. Venues use their ExecIDs again on another date: of is the one that the venue says it is of, 0: any. One that was
// taken back gives way to the one that was booked in its place under the same ExecID.
func (c *Core) findExecution(venue uint32, execID []byte, date, of uint32) uint32 {
	hash, busted := execHash(venue, execID), uint32(NoIndex)
	for at := hash; ; {
		slot := c.execIndex.next(hash, &at)
		if slot == NoIndex {
			return busted
		}
		e := &c.executions[slot]
		if e.named(hash, venue, execID) && e.date == date && (of == 0 || e.toldOf() == of) {
			if !e.busted {
				return slot
			}
			busted = slot
		}
	}
}

// named reports whether an execution has that ExecID of that venue.
func (x *execution) named(hash uint64, venue uint32, execID []byte) bool {
	return x.size > 0 && x.hash == hash && x.venue == venue && string(x.text[:x.size]) == string(execText(execID))
}

// toldOf is the trade date that the venue says an execution is of.
func (x *execution) toldOf() uint32 {
	if x.of != 0 {
		return x.of
	}
	return x.date
}

// remembers reports whether a date is one of the trade dates before this one whose executions are known.
func (c *Core) remembers(date uint32) bool {
	for _, earlier := range c.remembered() {
		if earlier == date {
			return true
		}
	}
	return false
}

// remembered are those dates, the last first.
func (c *Core) remembered() []uint32 {
	n := 0
	for n < len(c.reg.earlier) && c.reg.earlier[n] != 0 && c.reg.earlier[n] >= c.reg.keptFrom {
		n++
	}
	return c.reg.earlier[:n]
}

// findEarlier looks on the trade date that a message names in TradeDate(75), then on this one and on those before it
// that are kept, the last first.
func (c *Core) findEarlier(venue uint32, m *fix.Message, id int) uint32 {
	execID := m.Value(id)
	if of, ok := fix.ParseDate(m.Search(fix.TagTradeDate)); ok {
		if slot := c.findExecution(venue, execID, c.reg.tradeDate, of); slot != NoIndex { // it was told late
			return slot
		}
		if slot := c.findExecution(venue, execID, of, 0); slot != NoIndex {
			return slot
		}
	}
	if slot := c.findExecution(venue, execID, c.reg.tradeDate, 0); slot != NoIndex {
		return slot
	}
	for _, date := range c.remembered() {
		if slot := c.findExecution(venue, execID, date, 0); slot != NoIndex {
			return slot
		}
	}
	return NoIndex
}

// orderOf is the order of an execution; NoIndex: in suspense, or its slot has been reused.
func (c *Core) orderOf(x *execution) uint32 {
	if x.request == NoIndex {
		return NoIndex
	}
	if q := &c.requests[x.request]; q.State != FreeRequest && q.Gen == x.gen {
		return q.Order
	}
	return NoIndex
}

// execText is the part of an ExecID that is stored; longer ones are told apart by their hash too.
func execText(execID []byte) []byte { return execID[:min(len(execID), execTextMax)] }

// executionSlot returns the slot the next execution of a decision would take, NoIndex when the table is full.
func (c *Core) executionSlot(d *Decision) uint32 {
	slot, taken := c.reg.execFree, uint32(0)
	for i := range d.EffectLen {
		if e := &d.Effects[i]; (e.Kind == Executed || e.Kind == Recognised) && e.Execution != NoIndex {
			taken++
		}
	}
	for ; taken > 0 && slot != NoIndex; taken-- {
		slot = c.executions[slot].next
	}
	if slot == NoIndex && c.reg.execUsed+taken < uint32(len(c.executions)) {
		slot = c.reg.execUsed + taken
	}
	return slot
}
