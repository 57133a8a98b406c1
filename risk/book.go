package risk

import (
	"errors"
	"math/bits"
	"unsafe"
)

// Capacity fixes every table at start. Nothing grows: a full table is a Reason.
type Capacity struct {
	Accounts      int
	Clients       int
	Groups        int
	Desks         int
	Traders       int // at most AuthorsMax, like Algos
	Algos         int
	Venues        int
	Instruments   int
	Links         int
	OrderLimits   int  // rows of limits of single orders: see SetOrderLimits
	Throttles     Room // of all scopes
	Positions     int  // account × instrument pairs; some spare rows serve executions only
	Entitlements  int  // link × account pairs
	RepeatEntries int  // accepted orders remembered inside their repeat windows
	RestingOrders int  // slots of open orders that Rest is told of; 0 where no account is of a self-match group
	Kills         int  // active kills; firm kills have spare rows
	Listings      int  // instruments that are on a list for a time, or restricted in a scope by an operator
	Rules         int  // different combinations of lists that scopes have
	Measured      int  // scopes and slices with limits beside gross and net
	Slices        int  // scopes × types and instruments with limits of their own
}

// Spare rows that new orders cannot take: what must be booked, or must be stopped, finds room.
const (
	positionsSpare = 64
	killsSpare     = 8 // of kills of the firm
	stopsSpare     = 1 // of one that stops it
)

// totals are the loose numbers of the book, kept in a table so that the tables are the state.
type totals struct {
	repeatHead   uint64 // accepted orders ever noted
	kills        int64  // active kills
	firmKills    int64
	tripped      int64  // active kills that controls have left; none of the other counters has them
	trippedAside int64  // of those, the ones of neither client, account nor link
	otherKills   int64  // of neither the firm nor a single client, account or link
	reduceOnly   int64  // active kills that let closing orders pass; none of the counters above has them
	positions    int64  // rows in use
	entitled     int64  // pairs ever entitled
	stamps       uint64 // given to windows
	windows      uint32 // rows in use
	meters       uint32
	armed        [flows]uint16 // by flow: the kinds of scopes, a bit for each, that have a throttle of it
	orderRows    int64         // rows in use
	ordersArmed  int64         // not 0: some scope has limits of single orders that are not folded
	listed       int64         // scopes with lists, and what operators have restricted
	measured     int64         // rows of measures in use
	slices       int64         // slices in use
	warners      int64         // scopes and slices with levels of warning
	valued       int64         // scopes and slices whose positions are valued at marks
	keepers      int64         // scopes bigger than an account, or with sums over instruments, that keep positions
	phased       int64         // phases that somebody has said
	splits       int64         // splits that were said and are not applied yet
	unsettled    int64         // positions of which a split has left something open
}

// Book holds all credit, positions, counts, windows and kills of the gate. One thread owns it.
// Check, Excess and the views only read; Set… put static data in place; Move, Execute, Note… and
// Roll book what was decided and judge nothing.
type Book struct {
	totals           []totals // exactly one
	scopes           []scope  // see layScopes
	accounts         []account
	instruments      []instrument
	links            []link
	clients          []client
	traders          []trader
	venues           []venue
	shorts           []shortSales // by instrument
	resting          []resting    // by slot of the order
	matchings        []matching
	orderRows        []orderRow
	clientOrders     []tightest // by client: limits of single orders, folded
	instrumentOrders []tightest // by instrument
	windowOf         []uint32   // by scope: the first of its windows, plus one; 0 = it has none
	windows          []window
	meters           []meter
	stamps           []int64 // the rings of the meters
	positions        []position
	unsettled        []unsettled // by row of positions
	entitled         []entitlement
	repeats          []repeat
	repeatHeads      []repeatHead // by bucket, a power of two of them
	kills            []Kill
	listings         []listing
	rules            []Rules // the first is of scopes without any
	measured         []measured
	measuredOf       []uint32     // by scope: its row of measures, where it has one
	worths           []worth      // by row of measures
	marks            []marks      // by instrument
	splits           []splits     // by instrument
	phases           []Phase      // by venue: its own, then those of its instruments
	phaseRules       []PhaseRules // the first is of those who have none
	slices           []sliceRow   // by scope and part
	sliceOf          []sliceOf    // by slice

	capacity Capacity
	base     [scopeKinds]uint32 // where the scopes of each kind begin
	scopesOf [scopeKinds]uint32 // how many there are

	lacks      []lack // by place in the table of scopes; nil: none lacks anything. Not state: see Backfill
	repeatMask uint64
	regions    [][]byte
}

// NewBook lays out the tables in memory from alloc, which returns zeroed bytes that live as long
// as the book: mapped pages in production, make in tests.
func NewBook(c Capacity, alloc func(bytes int) []byte) *Book {
	b := &Book{capacity: c}
	b.totals = table[totals](b, alloc, 1)
	b.scopes = table[scope](b, alloc, b.layScopes())
	for kind, n := range b.scopesOf {
		for i := range n {
			b.scopes[b.base[kind]+i].kind = Scope(kind)
		}
	}
	b.accounts = table[account](b, alloc, c.Accounts)
	b.instruments = table[instrument](b, alloc, c.Instruments)
	b.links = table[link](b, alloc, c.Links)
	b.clients = table[client](b, alloc, c.Clients)
	b.traders = table[trader](b, alloc, c.Traders)
	b.venues = table[venue](b, alloc, c.Venues)
	b.orderRows = table[orderRow](b, alloc, powerOfTwo(2*(c.OrderLimits+1)))
	b.clientOrders = table[tightest](b, alloc, c.Clients)
	b.instrumentOrders = table[tightest](b, alloc, c.Instruments)
	b.shorts = table[shortSales](b, alloc, c.Instruments)
	b.resting = table[resting](b, alloc, c.RestingOrders)
	if c.RestingOrders > 0 {
		b.matchings = table[matching](b, alloc, powerOfTwo(2*(c.RestingOrders+1)))
	}
	b.windowOf = table[uint32](b, alloc, len(b.scopes))
	b.windows = table[window](b, alloc, c.Throttles.Windows)
	b.meters = table[meter](b, alloc, c.Throttles.Meters)
	b.stamps = table[int64](b, alloc, int(c.Throttles.Stamps))
	b.positions = table[position](b, alloc, powerOfTwo(2*(c.Positions+positionsSpare)))
	b.unsettled = table[unsettled](b, alloc, len(b.positions))
	b.entitled = table[entitlement](b, alloc, powerOfTwo(2*(c.Entitlements+1)))
	repeats := powerOfTwo(c.RepeatEntries)
	b.repeatMask = uint64(repeats - 1)
	b.repeats = table[repeat](b, alloc, repeats)
	b.repeatHeads = table[repeatHead](b, alloc, max(1, repeats/repeatsPerBucket))
	b.kills = table[Kill](b, alloc, c.Kills+c.Throttles.Trips+killsSpare+stopsSpare)
	b.listings = table[listing](b, alloc, c.Listings)
	b.phases = table[Phase](b, alloc, c.Venues*(c.Instruments+1))
	b.phaseRules = table[PhaseRules](b, alloc, PhaseRulesMax+1)
	b.rules = table[Rules](b, alloc, c.Rules+1)
	b.measured = table[measured](b, alloc, c.Measured)
	b.worths = table[worth](b, alloc, c.Measured)
	b.marks = table[marks](b, alloc, c.Instruments)
	b.splits = table[splits](b, alloc, c.Instruments)
	if c.Slices > 0 {
		b.slices = table[sliceRow](b, alloc, powerOfTwo(2*c.Slices))
		b.sliceOf = table[sliceOf](b, alloc, c.Slices)
	}
	if c.Measured > 0 {
		b.measuredOf = table[uint32](b, alloc, len(b.scopes))
	}
	return b
}

// Regions are the tables as bytes: equal regions are equal books (snapshots, state hashes).
func (b *Book) Regions() [][]byte { return b.regions }

const cacheLine = 64

// table carves n rows of a pointer-free type out of fresh memory, on a cache line.
func table[T any](b *Book, alloc func(int) []byte, n int) []T {
	var row T
	size := n * int(unsafe.Sizeof(row))
	if size == 0 {
		return nil
	}
	raw := alloc(size + cacheLine)
	off := int(-uintptr(unsafe.Pointer(&raw[0])) & (cacheLine - 1))
	raw = raw[off : off+size]
	b.regions = append(b.regions, raw)
	return unsafe.Slice((*T)(unsafe.Pointer(&raw[0])), n)
}

func powerOfTwo(n int) int {
	if n <= 1 {
		return 1
	}
	return 1 << bits.Len(uint(n-1))
}

// mix spreads a key over 64 bits; its high bits choose a slot.
func mix(key uint64) uint64 { return key * 0x9E3779B97F4A7C15 }

// pair is the key of two numbers; never 0, which marks a free slot.
func pair(hi, lo uint32) uint64 { return (uint64(hi)<<32 | uint64(lo)) + 1 }

var errFull = errors.New("table is full: raise its capacity and restart")
