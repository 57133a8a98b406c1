package core

import (
	"unsafe"

	"portcullis/fix/link"
	"portcullis/risk"
)

// ClOrdIDBytesMax is the longest ClOrdID(11) the id table holds exactly.
const ClOrdIDBytesMax = 48

const execTextMax = 40

// RequestKind tells what a request asks of the venue.
type RequestKind uint8

const (
	NewRequest RequestKind = iota + 1
	ReplaceRequest
	CancelRequest
)

// RequestState is where a request stands.
type RequestState uint8

const (
	FreeRequest RequestState = iota
	Pending                  // sent, not answered
	Owed                     // a cancel that waits for the venue's line
	Granted                  // the venue confirmed it
	Gone                     // refused, or it never arrived: whoever sent it was told
	Superseded               // a later one was confirmed before it had an answer
	Postponed                // a cancel that waits until its venue takes cancels; journaled, as Owed is
)

// Request is one D, G or F that the gate sent. Slot, generation and epoch name it toward the
// venue: prefix + epoch + slot + generation in base 36.
type Request struct {
	State   RequestState
	Kind    RequestKind
	OrdType risk.OrdType
	Prices  PricesGiven
	Epoch   uint16
	Era     uint8 // of the venue's line when it was sent: Seq means nothing in another era
	Marks   RequestMarks
	Gen     uint32 // counts the uses of the slot
	Order   uint32
	Next    uint32 // next of the same order, or of the free list
	ID      uint32 // the client's ClOrdID; NoIndex: the gate's own cancel
	Seq     uint64 // MsgSeqNum on the venue's line
	AtNs    int64  // monotonic time of sending
	Qty     risk.Qty
	Price   risk.Price
	Second  risk.Price // see PricesGiven
	Worst   risk.Price
}

// clOrdID is one ClOrdID that a link has used.
type clOrdID struct {
	body    uint64 // hash of the message's body, to tell a repeat from a duplicate
	next    uint32 // of the free list
	link    uint32
	date    uint32 // trade date on which it was used
	request uint32 // NoIndex: refused, or its order's slot has been reused
	uses    uint32 // requests that carry it; a row in use keeps its text
	size    uint8
	refused bool // nothing was sent for it
	mass    bool // of an OrderMassCancelRequest: the cancels of many orders may carry it
	text    [ClOrdIDBytesMax]byte
	_       [1]byte
}

// execution is one execution booked on this or the last trade date.
type execution struct {
	next       uint32
	venue      uint32
	date       uint32
	request    uint32 // first request of its order, with its generation; NoIndex: in suspense
	gen        uint32
	account    uint32
	instrument uint32
	owner      uint32 // link of its order
	author     risk.Author
	side       risk.Side
	busted     bool // it counts for nothing: taken back, or booked by a human's word without its name
	size       uint8
	of         uint32 // the trade date that its report said; 0: none, it is taken to be date
	splits     uint8  // how many have taken it over
	uneven     bool   // which was not exact: it is rounded
	ahead      bool   // it is in the units of after the split that comes
	asked      bool   // in suspense: asker wants it booked to askedFor
	asker      uint32 // a user
	askedFor   uint32 // an account
	qty        risk.Qty
	money      risk.Money
	price      risk.Price
	hash       uint64 // of the ExecID where it is longer than text
	text       [execTextMax]byte
}

// place is where the execution was booked.
func (x *execution) place() risk.Place {
	return risk.Place{Account: x.account, Instrument: x.instrument, Owner: x.owner, Venue: x.venue, Author: x.author}
}

// linkState is all that changes about one link.
type linkState struct {
	link.State
	Conn          uint32
	Blocked       bool // its send buffer is over its bound
	EgressStopped bool // the egress check found a difference; a human has not accepted it yet
	era           uint8
	Held          bool      // an operator holds it down
	Draining      bool      // it takes no new orders
	unsent        uint64    // from here on no connection has carried what was sent; 0: it is logged on
	lostBy        lossCause // what ended it when it was lost last
	lostNs        int64     // monotonic time at which its orders are cancelled, for it was lost; 0: they are not
	graceNs       int64     // how long after the loss that is
	orphansTo     uint64    // its orders up to this registers.turn are being cancelled; 0: none are
	toldDown      bool      // of a drop copy: that it is down was told
	cut           Range     // of the numbers before the last reset: reports that are to be sent again
}

// registers are the single values of the state.
type registers struct {
	epoch        uint64                   // boot epoch, part of every id given out
	tradeDate    uint32                   // YYYYMMDD
	firstDate    uint32                   // the first of all
	earlier      [ExecutionDaysMax]uint32 // the trade dates before, the last first; 0: none
	keptFrom     uint32                   // the first of them whose executions are known
	rolledNs     int64                    // UTC at which the trade date began
	rolledTurn   uint64                   // turn of the last order that was accepted or became final before it
	stopping     bool
	stopCancels  bool  // and cancels what is open
	draining     bool  // no new orders at all, by an operator
	journal      uint8 // journal.Space; 0 is ample
	clockBad     bool
	execsFull    bool
	execNo       uint64 // ExecIDs the gate has made since it booted
	killNo       uint64
	killLookNs   int64  // monotonic time at which the orders of kills are looked at; 0: they are not
	killLookNext int64  // and again
	sweepDueNs   int64  // see SweepAwaits
	sweptNs      int64  // likewise
	hardKill     uint64 // number of the last kill that the watchdog recorded and the journal has
	strayNo      uint64 // cancels sent that no request stands for: of orders the gate does not know, of many at once

	limitsOf   uint64 // beginning of the hash of the configuration that has set the limits
	words      [wordsMax]Word
	wordsUsed  uint8
	offer      Offer
	selfTest   SelfTest // the newest that was told of
	ordersUsed uint32   // slots ever used
	finalHead  uint32   // final orders, longest final first
	finalTail  uint32
	liveCount  uint32
	cancels    uint32 // live orders with a cancel in flight or owed
	reqUsed    uint32
	reqFree    uint32
	reqInUse   uint32
	idUsed     uint32
	idFree     uint32
	idInUse    uint32
	idCommon   int32  // ids that links hold beyond their own shares
	pruneNext  uint32 // order whose answered requests are given back next
	execUsed   uint32
	execFree   uint32
	execInUse  uint32
	unnamed    uint32 // executions of this trade date that no row of executions has
	copyUsed   uint32 // rows of executions that drop copies tell of
	copyFree   uint32
	copyHead   uint32 // those that await a side, the longest waiting first
	copyTail   uint32
	unknown    uint32 // live orders of which nobody knows whether they arrived
	jobsActive uint32
	turn       uint64 // counts what opens and ends orders: a time that no clock sets back
	massReady  uint32 // queues of mass requests that can be worked on
	massNext   uint32 // the queue whose turn it is
	softNo     uint64 // tokens that soft controls have given
	softPassed uint32 // rows of softs that somebody has passed
	alerts     uint64 // alerts since the journal began
	inexact    uint64 // bookings that the book had to clamp
	inexactOld uint64 // of those, told by an alert
	digest     uint64 // of what decisions left behind; see digest.go
	seen       uint64 // where it stood when it was recorded last
	seenNs     int64  // monotonic time of that
}

// Core is the state with its two functions. It belongs to one thread.
type Core struct {
	set    *Setup
	staged *Change // not state: what a CmdReload puts in force
	book   *risk.Book
	reg    *registers

	links       []linkState
	orders      []Order
	requests    []Request
	ids         []clOrdID
	idIndex     slotIndex
	executions  []execution
	execIndex   slotIndex
	unnamed     []unnamed // the first of those
	copies      []copyRow
	copyIndex   slotIndex
	sentRings   []sentRing    // by venue: requests that await an answer
	sent        []sentEntry   // the rings' entries
	unknown     []uint32      // by account: orders of which nobody knows whether they arrived
	unknownOf   []uint32      // the same by their owner's link
	doubtNs     []int64       // by venue: when a human is asked about those that are unknown still; 0: none are
	missing     []uint32      // by venue: jobs that settle suspects
	owed        []uint32      // by venue: cancels that wait for its line
	postponed   []postponed   // by venue: cancels that wait for its hours
	phasedNs    []int64       // by venue: UTC at which its phase began, as far as somebody has said
	askedMarks  []askedMark   // by instrument
	askedSplits []askedSplits // likewise
	lost        []bool        // by venue: it may have orders that the journal has lost
	shares      []idShare     // by link: what it holds of ids
	rings       []budgetRing  // by venue
	budget      []budgetEntry // the rings' entries
	jobs        []job
	breaches    []breachRow
	softs       []softRow     // refusals by soft controls
	venueMass   []venueMass   // by venue: the mass cancel of a kill
	masses      []massQueue   // by link and kind: mass requests at work
	massRows    []massRequest // massMax of each queue

	directory

	sentSlots uint64 // entries of each ring
	idsOwn    int32  // share of each participant's link in ids, and what is left for all: from the setup
	idsCommon int32

	dueNs       int64        // no link timer is due before this; derived, not state
	cutOffs     [][]interval // by venue, as in its CloseCutOff; derived likewise
	noCancels   []interval   // the same of its no-cancel periods
	intervalsNs int64        // UTC at which one of them is over
	copiers     []uint32     // by venue: the drop copy that tells of its executions
	aliases     []names      // by venue that has one: what it calls accounts
	regions     [][]byte
}

// New builds a core with empty tables. book holds the limits and is owned by the core from now on.
func New(set *Setup, book *risk.Book) *Core {
	c := &Core{set: set, book: book, directory: newDirectory(set)}
	size := &set.Capacity
	c.reg = &table[registers](c, 1)[0]
	links := max(size.Links, len(set.Links))
	venues := c.venueRows()
	c.links = table[linkState](c, links)
	c.orders = table[Order](c, size.Orders)
	c.requests = table[Request](c, size.Requests)
	c.ids = table[clOrdID](c, size.ClOrdIDs)
	c.idIndex = table[uint64](c, powerOfTwo(2*size.ClOrdIDs))
	c.executions = table[execution](c, size.Executions)
	c.execIndex = table[uint64](c, powerOfTwo(2*size.Executions))
	c.unnamed = table[unnamed](c, unnamedMax)
	c.laySent()
	c.unknown = table[uint32](c, max(size.Accounts, len(set.Accounts)))
	c.unknownOf = table[uint32](c, links)
	c.doubtNs = table[int64](c, venues)
	c.missing = table[uint32](c, venues)
	c.owed = table[uint32](c, venues)
	c.postponed = table[postponed](c, venues)
	c.phasedNs = table[int64](c, venues)
	c.askedMarks = table[askedMark](c, max(size.Instruments, len(set.Instruments)))
	c.askedSplits = table[askedSplits](c, max(size.Instruments, len(set.Instruments)))
	c.lost = table[bool](c, venues)
	c.layHours()
	c.layBudgets()
	c.shares = table[idShare](c, links)
	c.venueMass = table[venueMass](c, venues)
	c.jobs = table[job](c, size.Jobs+(venueJobs+1)*c.jobVenues()+jobsBeside)
	c.breaches = table[breachRow](c, breachRows)
	c.softs = table[softRow](c, softRows)
	c.layMass()
	r := c.reg
	r.finalHead, r.finalTail = NoIndex, NoIndex
	r.reqFree, r.idFree, r.execFree = NoIndex, NoIndex, NoIndex
	for i := range c.links {
		c.links[i].NextIn, c.links[i].NextOut, c.links[i].unsent = 1, 1, 1
	}
	c.shareIDs()
	c.layCopies()
	return c
}

// table takes memory for n rows of T, which holds no pointer.
func table[T any](c *Core, n int) []T {
	var row T
	n = max(n, 1)
	mem := c.set.Alloc(n * int(unsafe.Sizeof(row)))
	c.regions = append(c.regions, mem)
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(mem))), n)
}

func powerOfTwo(n int) int {
	size := 16
	for size < n {
		size *= 2
	}
	return size
}

// Regions returns the memory of every table, for the state's hash: the core's own and the book's.
func (c *Core) Regions() [][]byte {
	return append(c.regions[:len(c.regions):len(c.regions)], c.book.Regions()...)
}

// Book returns the exposure, for those who report it.
func (c *Core) Book() *risk.Book { return c.book }

// Setup returns the configuration.
func (c *Core) Setup() *Setup { return c.set }

// LinkRows is how many links the tables have room for; those that the setup does not name yet are down.
func (c *Core) LinkRows() int { return len(c.links) }

// VenueRows is the same of venues.
func (c *Core) VenueRows() int { return len(c.venueMass) }

func (c *Core) venueRows() int { return max(c.set.Capacity.Venues, len(c.set.Venues)) }

// Phase returns where a link stands.
func (c *Core) Phase(l uint32) link.Phase { return c.links[l].Phase }

// LinkState returns a copy of a link's numbers and timers.
func (c *Core) LinkState(l uint32) link.State { return c.links[l].State }

// NextIn returns the MsgSeqNum that a link expects next.
func (c *Core) NextIn(l uint32) uint64 { return c.links[l].NextIn }

// Held reports whether an operator holds a link down: it takes no connection.
func (c *Core) Held(l uint32) bool { return c.links[l].Held }

// Conn returns the number of a link's connection; 0: it has none.
func (c *Core) Conn(l uint32) uint32 { return c.links[l].Conn }

// LinkBlocked reports whether a link's send buffer is over its bound.
func (c *Core) LinkBlocked(l uint32) bool { return c.links[l].Blocked }

// TradeDate returns the current trade date, YYYYMMDD.
func (c *Core) TradeDate() uint32 { return c.reg.tradeDate }

// Epoch returns the boot epoch.
func (c *Core) Epoch() uint64 { return c.reg.epoch }

// KillNo returns the id of the last kill.
func (c *Core) KillNo() uint64 { return c.reg.killNo }

// HardKill returns the number of the last kill that the watchdog recorded and the journal has.
func (c *Core) HardKill() uint64 { return c.reg.hardKill }

// Killed reports whether a request, or the order behind it, is in a killed scope: its bytes, if they have
// not begun to leave, are to be withdrawn.
func (c *Core) Killed(request uint32) bool {
	if request >= uint32(len(c.requests)) {
		return false
	}
	q := &c.requests[request]
	o := &c.orders[q.Order]
	reason, _ := c.book.CheckKill(&o.Place, c.sender(q))
	return reason != risk.Accepted
}

// sender is the link that a request came over: another of the client may have sent it than the owner's.
func (c *Core) sender(q *Request) uint32 {
	if q.ID == NoIndex {
		return NoIndex // the gate's own cancel
	}
	return c.ids[q.ID].link
}

// EachLive calls f with the slot of every live order, in slot order, until f returns false.
func (c *Core) EachLive(f func(slot uint32, o *Order) bool) {
	for slot := uint32(0); slot < c.reg.ordersUsed; slot++ {
		if o := &c.orders[slot]; o.State == Live && !f(slot, o) {
			return
		}
	}
}

// OrderAt returns the order in a slot, RequestAt the request.
func (c *Core) OrderAt(slot uint32) *Order     { return &c.orders[slot] }
func (c *Core) RequestAt(slot uint32) *Request { return &c.requests[slot] }

// ClOrdID returns the client's id of a request, "" for the gate's own cancel.
func (c *Core) ClOrdID(request uint32) []byte {
	id := c.requests[request].ID
	if id == NoIndex {
		return nil
	}
	return c.ids[id].text[:c.ids[id].size]
}
