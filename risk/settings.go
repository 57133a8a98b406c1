package risk

import "errors"

// TickBandsMax is how many price bands one tick table may have (MiFID tables have 19).
const TickBandsMax = 20

// PathMax is how many scopes one order may debit: one of each kind. The first of them are its
// account's: account, client, group and firm.
const (
	PathMax   = 9
	ownersMax = 4
)

// ClosingReserveBpsDefault is the share of a gross limit that only closing orders may use.
const ClosingReserveBpsDefault = 1000

// TickBand says that prices of at least From, up to the next band, are multiples of Tick.
type TickBand struct{ From, Tick Price }

// Instrument is the static data of one symbol. Every zero refuses: a zero set permits nothing,
// a zero maximum lets nothing pass, a zero age makes every price stale. Only a zero Rate asks for nothing.
type Instrument struct {
	K             Factor                 // multiplier × price factor × FX at 1e-8, > 0
	Lot           Qty                    // OrderQty is a multiple of it, > 0
	Ticks         [TickBandsMax]TickBand // the first starts at 0, ascending; Tick 0 ends the table
	QtyMax        Qty                    // largest OrderQty, or Unlimited
	Adv           Qty                    // average daily volume; 0 = not known
	RiskPriceBuy  Price                  // > 0: used in place of every price for money (margin)
	RiskPriceSell Price
	BandBps       int64   // how far a market buy may run from the reference, > 0
	CollarBps     int64   // greatest distance of a price from the reference, or Unlimited
	Collars       Collars // other ones, all of which must hold beside it
	Sources       Sources // of reference prices; the zero is UsualSources
	Ages          SourceAges
	Static        Static
	Rate          Rate // of exchange, in K
	OrdTypes      OrdTypeSet
	TimesInForce  TimeInForceSet
	Fields        FieldSet // of GrantedFields
	Class         Class
	WholeCents    bool // prices keep US Rule 612
	Restricted    bool
	Halted        bool
	PhaseRules    int  // number of its set; 0 = none
	Test          bool // a symbol for tests; see TestRule
	MayBeNegative bool // zero and negative prices are prices; both risk prices are then needed
}

// Limits are the credit limits of one scope: 0 = no trading, Unlimited = the written word.
type Limits struct {
	Gross             Money
	Net               Money
	ClosingReserveBps int64 // share of Gross, at most 10,000, open to closing orders only
	*Measures               // what else is limited; nil = nothing
	Warn              WarnLevels
	DailyLoss         Money // greatest loss of a trade date, watched by a follower; 0 = it is not limited
}

// Client is a customer of the firm.
type Client struct {
	Group uint32 // NoIndex = none
	Limits
}

// Trader is a person who gives orders.
type Trader struct {
	Desk uint32 // NoIndex = none
	Limits
}

// Account is everything that is judged per account. Every zero refuses.
type Account struct {
	Client uint32
	Limits
	OrderLimits
	LongMax          Qty   // worst long position in any one instrument, or Unlimited
	ShortMax         Qty   // worst short position, given as a positive number, or Unlimited
	OpenOrdersMax    int64 // or Unlimited
	RepeatCountMax   int64 // equal orders in the window, this one included; or Unlimited
	RepeatWindowNs   int64
	RepeatDisables   bool // one equal order too many disables the account, see KillTripped
	Sides            SideSet
	OrdTypes         OrdTypeSet
	TimesInForce     TimeInForceSet
	Fields           FieldSet    // of GrantedFields
	ExecInsts        ExecInstSet // of GrantedExecInsts
	CapacitiesBarred CapacitySet // in which it may not act; 0 = in any, told or not
	Tests            TestRule
	SellLongChecked  bool // 54=2 must be covered by the position held
	Short            ShortRules
	SelfMatch        uint32 // number of its self-match group, above 0, whose accounts have one owner; 0 = none
	SelfMatchAction  MatchAction
	StartOfDay       bool // shut until its start-of-day positions of the trade date are complete; see OpenDay
	Closed           bool // shut, whatever positions it has
	PhaseRules       int  // number of its set; 0 = none
}

// ErrPositionsUnknown is why a gate that runs does not begin to keep the positions of a scope that owns no accounts, nor moves somebody
// out of one or into one that keeps some: what was made there on earlier dates only the journal has.
var ErrPositionsUnknown = errors.New("desks, traders, algorithms, links and venues keep positions of their own from the beginning: restart the gate for such a limit")

// Errors of the setters: the caller knows the name and the line, and adds them.
var (
	errIndex     = errors.New("number is beyond the capacity fixed at start")
	errLimit     = errors.New("limit is negative or above 2^60 units: use a smaller number or the word unlimited")
	errRateAge   = errors.New("greatest age of a rate of exchange is negative")
	errFactor    = errors.New("multiplier × price factor × FX must be above 0")
	errClass     = errors.New("no such asset class")
	errShare     = errors.New("share of the average daily volume must be from 0 to 1,000,000 bps")
	errVolume    = errors.New("average daily volume is negative or above 2^60 units")
	errSources   = errors.New("sources of reference prices: each once, and no other than mid, touch, last, close and static")
	errStatic    = errors.New("static reference price must be above 0, where the instrument's price must be")
	errCollars   = errors.New("distances of prices must not be negative, nor those from a touch above 1,000,000 bps")
	errLot       = errors.New("lot must be above 0")
	errTicks     = errors.New("tick table must start at price 0, ascend, and have ticks above 0")
	errBand      = errors.New("band must be above 0 and at most 1,000,000 bps: it prices market orders")
	errCollar    = errors.New("collar must be from 0 to 1,000,000 bps, or unlimited")
	errRiskPrice = errors.New("an instrument whose price may be negative needs a risk price for each side")
	errWarn      = errors.New("levels of warning ascend, from 1 to 99 percent of a limit")
	errReserve   = errors.New("closing reserve must be from 0 to 10,000 bps of the gross limit")
	errWindow    = errors.New("window must be from 0 to 31 days")
	errRepeat    = errors.New("equal orders in a window can be counted up to 1,024: use a smaller number or unlimited")
	errThrottle  = errors.New("no room to remember so many orders: use a shorter window with a smaller count, or unlimited")
	errThrottles = errors.New("one scope may have eight throttles: keep the narrowest")
	errDaily     = errors.New("levels of warning are of what counts by trade dates, a least number of messages of ratios: remove them")
	errAlone     = errors.New("what counts by trade dates, and equal orders, have one limit in a scope: keep the lower one")
	errRepeats   = errors.New("an account counts equal orders by repeat: set RepeatCountMax")
	errSum       = errors.New("a window that adds up needs one of orders beside it, which says how many to remember: add {of: orders, max, window_ms}")
	errMatch     = errors.New("no room for open orders of self-match groups: set Capacity.RestingOrders")
)
