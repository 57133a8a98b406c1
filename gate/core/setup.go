package core

import (
	"unsafe"

	"portcullis/fix/link"
	"portcullis/risk"
)

// Setup is everything that configuration says. Numbers index its slices; they belong to a name
// for life, and what is not named any more keeps its place. It does not change while a Core uses it; another takes its place, see Change.
type Setup struct {
	Capacity        Capacity
	Links           []LinkSetup
	Venues          []VenueSetup
	Instruments     []InstrumentSetup
	Accounts        []AccountSetup
	Clients         []string // by number; a PartyID(448) may name one
	Groups          []string // by number, as a party's name
	Traders         []AuthorSetup
	Algos           []AuthorSetup
	Desks           []string // by number, as a party's name
	Routes          Routes
	Prices          Prices
	Waits           bool                   // what follows is true, or of an account
	FourEyes        bool                   // what loosens more than the files that two people stand behind takes two as well
	Unapproved      bool                   // nobody has approved the first configuration: nothing trades
	CancelOpen      []risk.Reason          // standing controls that have the open orders cancelled that they would refuse
	EgressKills     bool                   // a difference at egress kills the firm (behaviour 10)
	DifferenceKills bool                   // and so does a difference between the gate and its shadow
	JournalKill     risk.KillMode          // of the kill of the firm when the journal is lost; 0: none
	ClockKill       risk.KillMode          // when the clock's state forbids trading; 0: none
	Breaches        []BreachRule           // at most one for each control
	Soft            []SoftRule             // likewise
	BreakNs         int64                  // what one of two sides has not told of an execution for so long is a break
	ExecutionDays   int                    // trade dates before this one whose executions are known, at most ExecutionDaysMax
	SeenNs          int64                  // how often the digest of the state is recorded while it moves; 0: never
	Alloc           func(bytes int) []byte // zeroed memory for the tables
	HugePages       func(mem []byte)       // asks for huge pages for memory that nothing was written to yet; nil: there are none
}

// Capacity fixes the tables at start. A full table refuses orders; it never grows.
type Capacity struct {
	Links       int // those of the setup, and those that are added later
	Accounts    int // likewise
	Instruments int // likewise
	Venues      int // likewise
	VenueJobs   int // venues that jobs have their places for: the same from start to start, for the journal knows jobs by their places
	Orders      int // open orders, and final ones until their slot is needed
	Requests    int // requests of those orders: new, replace, cancel
	ClOrdIDs    int // per trade date, all links
	Executions  int // of the trade dates that are kept, all venues
	Jobs        int
}

// ExecutionDaysMax is of how many trade dates before this one executions can be known.
const ExecutionDaysMax = 10

// Prices gives reference data, read once per decision. Live it is the price table; in a replay it
// is not asked.
type Prices interface {
	Quote(instrument uint32, q *risk.Quote) // sets all of q; no price is known: to zero
}

// Placed is what Prices with many instruments may be too: it says where a quote begins in memory, so that the processor can
// be asked for it before it is read.
type Placed interface {
	Place(instrument uint32) unsafe.Pointer
}

// LinkSetup is one FIX link.
type LinkSetup struct {
	link.Settings
	Venue          uint32 // the venue's number, NoIndex for a participant
	DropCopy       bool   // it is not the venue's line, but tells beside it what was executed there
	TradeAcks      bool   // of a drop copy: its TradeCaptureReports are answered
	Client         uint32 // the participant's client
	DefaultAccount uint32 // for orders without Account(1); NoIndex: such orders are refused
	CancelByClient bool   // other links of the client may cancel and replace its orders
	BusinessReject bool   // refuse D, F and G by 35=j instead of 35=8 and 35=9
	TellLimits     bool   // a refusal tells usage and limit of account, client, link and instrument
	CancelOnDisconnect
	ResendCut   bool        // reports that a reset of its numbers cut off are sent again
	Author      risk.Author // of orders that name none themselves
	NeedsTrader bool        // an order without a trader is refused
	NeedsAlgo   bool        // an order without an algorithm is refused
	PartyActions
	Origination Origination

	CapacitiesBarred risk.CapacitySet // beside those of the account
	Tests            risk.TestRule

	MaxOrderAgeNs int64    // resent orders older than this are refused; 0: all are
	Dialect       *Dialect // the version that its peer speaks
}

// VenueSetup is one venue line with its profile.
type VenueSetup struct {
	Name          string
	Link          uint32   // NoIndex: the configuration does not name the venue any more
	IDPrefix      string   // first characters of every id we give the venue
	IDBytesMax    int      // longest ClOrdID(11) the venue takes
	Preserve      bool     // ClOrdIDs pass unchanged: one participant, one venue
	ExecPrefix    string   // put before the venue's ExecID, so that ExecIDs of two venues differ
	StatusRequest bool     // the venue answers OrderStatusRequest(H)
	MassCancel    bool     // the venue carries out OrderMassCancelRequest(q), for all orders of its line
	Suspense      uint32   // account that books fills of unknown orders
	UnknownByLink bool     // an unknown order stops its owner's link, not its account
	UnansweredNs  int64    // a request older than this without an answer is suspect
	Statuses      Statuses // what its 35=f and 35=h mean
	CloseCutOff   CloseCutOff
	NoCancel      NoCancel
	DownNs        int64 // a line that is lost for so long is a kill of the venue, of DownMode; 0: never
	DownMode      risk.KillMode
	COD           VenueCOD
	Budget        Budget                  // messages the venue allows on its line
	Set           []SetTag                // appended to each D, G and F
	Tags          [risk.FIXVersions]*Tags // by the version that the participant speaks; nil: it has no orders here
}

// Tags are a venue's tag policies toward participants of one version.
type Tags struct {
	Order        Policy // tags of D toward the venue
	Replace      Policy // tags of G
	Cancel       Policy // tags of F
	Report       Policy // tags of 8 from the venue toward the participant
	CancelReject Policy // tags of 9
}

// InstrumentSetup is one symbol.
type InstrumentSetup struct {
	Symbol   string
	Class    risk.Class
	Currency string // Currency(15), where present, must equal it
	BandBps  int64  // see risk.Instrument

	Underlying string // of an option or future, by which mass requests choose orders; at most UnderlyingBytesMax; "": nobody says

	Gone   bool // the configuration does not name it any more
	Halted bool // by the configuration

	AtVenue []string // by venue number: the venue's own Symbol(55); "" = the same
}

// At is the Symbol(55) that a venue knows the instrument by.
func (in *InstrumentSetup) At(venue uint32) string { return calledAt(in.AtVenue, venue, in.Symbol) }

// AccountSetup is one account.
type AccountSetup struct {
	Name    string
	Client  uint32
	AtVenue []string // by venue number: the venue's name for the account; "" = the same

	Unapproved bool // nobody has approved it: it does not trade
}

// At is the name that a venue knows the account by.
func (a *AccountSetup) At(venue uint32) string { return calledAt(a.AtVenue, venue, a.Name) }

func calledAt(names []string, venue uint32, otherwise string) string {
	if int(venue) < len(names) && names[venue] != "" {
		return names[venue]
	}
	return otherwise
}

// lineOf is the venue whose line a link is, NoIndex for a participant's and a drop copy.
func (c *Core) lineOf(l uint32) uint32 {
	if set := &c.set.Links[l]; !set.DropCopy {
		return set.Venue
	}
	return NoIndex
}

// noLine is the line of a venue that the configuration does not name any more: down, for good.
var noLine linkState

// line is the state of a venue's line, to be read.
func (c *Core) line(venue uint32) *linkState {
	if l := c.set.Venues[venue].Link; l != NoIndex {
		return &c.links[l]
	}
	return &noLine
}
