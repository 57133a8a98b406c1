package config

import (
	"fmt"
	"net/netip"
	"strings"

	"portcullis/fix/settings"
	"portcullis/gate/journal"
	"portcullis/gate/transport"
	"portcullis/risk"
)

// Scales of the fixed-point integers below.
const (
	QtyDecimals   = 8         // prices, quantities, factors: units of 1e-8
	MoneyDecimals = 4         // money: units of 1e-4 of the limit currency
	Unlimited     = 1<<63 - 1 // what the word "unlimited" becomes; a missing limit is 0
	None          = -1        // an index that refers to nothing
	IDBytesMax    = 48        // longest id that a venue's profile may allow

	// RequestsPerOrder is the room for requests that each open order has: its own, the replace whose
	// terms hold, and a cancel. OpenOrdersMax follows: a request's slot is 4 base-36 characters of a
	// venue id.
	RequestsPerOrder = 3
	OpenOrdersMax    = 36 * 36 * 36 * 36 / RequestsPerOrder
)

// Config is a whole, valid configuration. Indices refer to the slices of the same Config.
type Config struct {
	Gate          Gate
	Currency      string // of every money limit, e.g. "USD"
	Firm          Limits
	FirmOrders    []OrderRule // like Orders of whoever else has some
	FirmThrottles []risk.Throttle
	Venues        []Venue       // in file order
	Routes        Routes        // how an order finds its venue
	Controls      []Responsible // for each of risk.Controls
	CancelOpen    []risk.Reason // standing controls that have open orders cancelled
	Lists         []List        // of symbols, in file order
	ListUses      []ListUse     // of scopes that have some
	PhaseRules    []PhaseRules  // in file order
	Groups        []Group       // in file order
	Clients       []Client      // in file order
	Desks         []Desk        // in file order
	Traders       []Trader      // in file order
	Algos         []Algo        // in file order
	Links         []Link        // participants' links, in file order
	Participants  string        // settings file of their sessions, as gate.yaml names it
	Accounts      []Account     // in file order
	Instruments   []Instrument  // in file order
	Positions     []Position    // start of day, in file order
	Alerts        []AlertSink   // in the order in which they are asked; none: alerts stand in journal and log alone
	DropCopy      DropCopy      // for gate dropcopy; the gate itself does nothing with it
	Soft          []Soft        // controls that a person may pass once, in file order
	Copiers       []Copier      // drop copies that the gate takes, in file order
	BreakNs       int64         // what one side has not told of an execution for so long is a break
	Breaches      []Breach      // of controls that kill who breaches them, in file order
	Closes        []Mark        // of the same file, and dated as it is
	// PositionsDate is the trade date (yyyymmdd) for which Positions hold; 0 = no positions file.
	// An account with StartOfDay is closed unless it equals the trade date.
	PositionsDate int
	PositionsFile string // its name as gate.yaml writes it; "" = there is none
	Borrow        Borrow // of any date
	PricesFile    string // the name of the file with previous closes
	Marks         []Mark // marks by hand, of MarksFile; gate mark reads it
	MarksFile     string
	LocatesFile   string // the names of its files, likewise
	EasyFile      string
	TriggersFile  string
	dir           string // where names of files begin

	Unapproved bool // nothing trades until what is offered is approved

	Files    map[string][]byte // content of every file read, by name as gate.yaml writes it; no secrets
	Warnings []string          // what is allowed but deserves a look, one line each

	Keys    *transport.Store  // certificates and keys of all TLS; nil until ReadKeys
	secret  opener            // reads what Files must not hold; nil: it is out of reach
	read    map[string][]byte // all that was read, as it was; with secrets
	resumed bool              // it goes on with what was in force, see Resume
	main    string            // name of the main file in Files
	offer   *offer            // what is held back of it; nil: nothing
	overlay []Overlay         // limits that are set for a time
	bare    *Config           // the same without them; nil: there are none, or something is held back
}

// Durability says when output may leave the gate.
type Durability uint8

const (
	Interval Durability = iota // after the append to the tail: survives the process, not the machine
	Sync                       // after the record is on disk
)

// IO says how the engine thread waits for input.
type IO uint8

const (
	Wait IO = iota // sleeps in epoll
	Spin           // never sleeps; for a host with an isolated core
)

// WatchdogSuffix follows the name of the admin socket in that of the watchdog's own.
const WatchdogSuffix = ".watchdog"

// Gate is the process itself. Paths are joined with the folder of gate.yaml.
type Gate struct {
	Name            string
	JournalDir      string
	TailDir         string // "" = the wiring chooses a folder on tmpfs
	AdminSocket     string
	AdminGroup      string         // whose members may use AdminSocket; "" = the gate's own user only
	Approval        Approval       // whether what loosens a check takes a second person
	PriceSocket     string         // "" = no price feed; closes only
	KillFile        string         // its appearance is a kill; "" = none is looked for; as written, see Beside
	KillSocket      string         // takes kills alone, of KillGroup; "" = there is none; likewise
	KillGroup       string         // whose members may use KillSocket; "" = the gate's own user only
	Proxies         []netip.Prefix // who is believed to speak for others, with the PROXY protocol
	Durability      Durability
	IO              IO
	CPU             int           // the engine thread alone runs on this processor; None = it is not pinned
	Realtime        bool          // the engine thread runs with SCHED_FIFO
	ClockForbidden  uint64        // bit n set: no new orders in clocksync.State n
	EgressKills     bool          // egress_difference: kill_firm; false = the line is cut and blocked, no more
	JournalKill     risk.KillMode // journal_loss: of the firm's kill; 0 = new orders are refused, no more
	ClockKill       risk.KillMode // clock.breach: likewise
	Shadow          Shadow
	TradeDate       int // yyyymmdd; 0 = auto, the UTC date
	ExecutionDays   int // trade dates before this one whose executions are known
	MessageBytesMax int // longest FIX message accepted; 1024..1048576
	SegmentBytes    int // of one journal file, fixed for the journal's life; a multiple of 4096
	TailSegments    int // how many of them the tail holds on tmpfs
	Watchdog        Watchdog
	Capacity        Capacity
}

// Approval says who may loosen what the gate checks.
type Approval uint8

const (
	ApprovalUnsaid Approval = iota // only in what older programs kept beside a journal
	NoApproval                     // approval: none, whoever starts the gate or reloads it
	FourEyes                       // two people: who offers it, and another who approves it
)

// String is the word of the configuration.
func (a Approval) String() string { return [...]string{"not said", "none", "four_eyes"}[a] }

// Shadow is the second core that follows the journal in a process of its own.
type Shadow struct {
	Off             bool // none is started with the gate
	Records         int  // a snapshot after so many records
	DifferenceKills bool // difference: kill_firm; false = an alert, no more
	Losses          LiveLosses
}

// LossPrice is at which live price a position counts in the loss of a day.
type LossPrice uint8

const (
	AdversePrice LossPrice = iota // what it would be sold, or bought back, at: the bid of what is long, the ask of what is short
	MidPrice                      // between both
	MarkPrice                     // none: closes and marks alone
)

// LiveLosses is how the shadow counts losses of a day at live prices.
type LiveLosses struct {
	Price         LossPrice
	EveryNs       int64 // they are looked at so often
	QuoteAgeMaxNs int64 // oldest quote that counts
	LastAgeMaxNs  int64 // oldest last trade, where no quote does; then the mark
}

// Watchdog is how gate run looks after its engine.
type Watchdog struct {
	StallNs    int64    // an engine that stands still so long is reported
	StallKills bool     // on_stall: kill; false: it is reported, no more
	Restarts   Throttle // more ends of the engine by themselves than these end the gate
}

// Kinds of sinks for alerts.
const (
	ToStderr  = "stderr"
	ToFile    = "file"
	ToSocket  = "socket"
	ToCommand = "command"
)

// AlertSink takes alerts, one JSON object a line.
type AlertSink struct {
	To      string
	Path    string   // of a file or unix socket
	Command []string // gets the lines on its standard input
}

// Name tells sinks apart.
func (s *AlertSink) Name() string {
	if s.To == ToCommand {
		return s.To + " " + s.Command[0]
	}
	return strings.TrimSpace(s.To + " " + s.Path)
}

// Capacity fixes the size of the core's tables at start. A full table refuses, it never grows.
type Capacity struct {
	Links       int // FIX sessions of participants and venues together
	Venues      int
	Clients     int
	Accounts    int
	Instruments int
	Groups      int
	Desks       int
	Traders     int
	Algos       int
	OpenOrders  int // at most OpenOrdersMax
	ClOrdIDs    int // ClOrdIDs remembered per trade date
	Executions  int // ExecIDs remembered, of all trade dates that are kept
}

// ExecutionDaysMax is of how many trade dates before this one executions can be known.
const ExecutionDaysMax = 10

// RecordBytesMax is the longest journal record: a message with what is sent because of it, and the
// numbers looked at.
func (g *Gate) RecordBytesMax() int { return recordBytesMax(g.MessageBytesMax) }

// ReserveBytes is the room that the journal keeps for what is open while new orders are refused: for
// cancel, answer and fill of every open order, or as much as the tail can hold.
func (g *Gate) ReserveBytes() int {
	o := journal.Options{SegmentBytes: g.SegmentBytes, TailSegments: g.TailSegments, MaxRecordBytes: g.RecordBytesMax()}
	return min(g.Capacity.OpenOrders*openOrderBytes, o.ReserveBytesMax())
}

// Limits are the credit limits of one scope, money at 1e-4. 0 = no trading.
type Limits struct {
	Gross             int64
	Net               int64
	ClosingReserveBps int             // share of gross that a closing order may use above the limit
	Measures          *risk.Measures  // what else is limited; nil = nothing
	Warn              risk.WarnLevels // percentages of each of them at which somebody is told
	DailyLoss         int64           // greatest loss of a trade date at 1e-4; 0 = it is not limited
	Slices            []Slice         // in a type of instruments, or in one, by itself
}

// Slice are limits of a scope where it trades instruments of a type, or one of them; one of the two is named. What is not
// written is not limited there.
type Slice struct {
	Type   string
	Symbol string
	Limits
}

// Throttle allows CountMax events in any window of WindowNs. Count 0 = nothing passes;
// Unlimited = not limited (WindowNs is then 0).
type Throttle struct {
	CountMax int64
	WindowNs int64
}

// String says it in words.
func (t Throttle) String() string {
	if t.CountMax == Unlimited {
		return "unlimited"
	}
	return fmt.Sprintf("%d in %d ms", t.CountMax, t.WindowNs/1_000_000)
}

// Responsible is who answers for a control, why it is as it is, and when that is to be looked at again.
type Responsible struct {
	Owner    string
	Why      string
	ReviewBy int // yyyymmdd; 0 = nobody said
}

// Soft makes a control soft: a person may pass once what it has refused.
type Soft struct {
	Control  risk.Reason
	WithinNs int64 // of the refusal, and of the word
}

// Breach is what follows when a control has refused a scope's orders CountMax times within WindowNs.
type Breach struct {
	Control  risk.Reason
	Scope    risk.Scope
	Mode     risk.KillMode
	CountMax int
	WindowNs int64
}

// Group is some clients with limits for all of them together.
type Group struct {
	Name string
	Limits
	Orders    []OrderRule
	Throttles []risk.Throttle
}

// Client is a customer of the firm; it owns accounts and links.
type Client struct {
	Name  string
	Group int // index of Groups, or None
	Limits
	Orders    []OrderRule
	Throttles []risk.Throttle
}

// Desk is some traders with limits for all of them together.
type Desk struct {
	Name string
	Limits
	Orders    []OrderRule
	Throttles []risk.Throttle
}

// Trader is a person whom orders name as their trader.
type Trader struct {
	Name   string // PartyID(448)
	Desk   int    // index of Desks, or None
	Client int    // whose links alone may name him; None = all may
	Limits
	Orders    []OrderRule
	Throttles []risk.Throttle
}

// Algo is an algorithm that orders name as their author.
type Algo struct {
	Name   string // PartyID(448)
	Client int    // whose links alone may name it; None = all may
	Limits
	Orders    []OrderRule
	Throttles []risk.Throttle
}

// DirectAccess says whether the orders of a link are of direct electronic access.
type DirectAccess uint8

const (
	AnyAccess  DirectAccess = iota // OrderOrigination(1724) may be what it is
	OnlyDirect                     // where present, it is 5
	NoDirect                       // it is not 5
)

// Capacities are those in which orders may be given, as codes, or Any.
type Capacities struct{ Order, Customer string }

// TestRule says whether orders in test symbols are permitted.
type TestRule uint8

const (
	NoTests   TestRule = iota
	WithTests          // test_symbols: also
	OnlyTests          // test_symbols: only
)

// Account is where orders are booked: the smallest scope of credit and position.
type Account struct {
	Name   string // Account(1)
	Client int    // index of Clients
	Limits Limits
	OrderLimits
	Orders          []OrderRule // lower ones, each in a type or a single instrument
	LongMax         int64       // worst long position per instrument, at 1e-8
	ShortMax        int64       // worst short position per instrument, at 1e-8, as a positive number
	OpenOrdersMax   int64
	Throttles       []risk.Throttle
	Repeat          Throttle // equal orders (symbol, side, price, quantity)
	RepeatDisables  bool     // repeat_action: disable; one too many disables the account
	Sides           string   // permitted Side(54) codes, e.g. "125"; "" = none
	OrdTypes        string   // permitted OrdType(40) codes
	TimeInForces    string   // permitted TimeInForce(59) codes
	ExecInsts       string   // permitted values of ExecInst(18), with blanks between them
	Capacities      Capacities
	Tests           TestRule
	OrderFields     string // permitted kinds of fields, of IcebergField, MinQtyField and DiscretionField
	SellLongChecked bool   // sell long only what is held
	ShortChecked    bool   // sell short only what is not held
	PhaseRules      int    // index of Config.PhaseRules, or None
	Locate          LocateRule
	SelfMatch       string // name of a group of accounts of its client that do not trade with each other; "" = none
	SelfMatchAction risk.MatchAction
	Unapproved      bool // shut until what is offered of it is approved
	StartOfDay      bool // true: closed unless the positions file is dated the trade date
}

// LocateRule says what a short sale needs of what is not easy to borrow.
type LocateRule uint8

const (
	NoLocate       LocateRule = iota
	LocateDeclared            // its sender says that it is located: LocateReqd(114)=N
	LocateRequired            // a locate of the file
)

// Answers says how a refused application message is answered (behaviour 4).
type Answers uint8

const (
	Execution Answers = iota // 35=8 and 35=9 wherever ClOrdID can be read
	Business                 // 35=j
)

// Login is how a session that connects to us proves who it is.
type Login struct {
	Username     string         // tag 553; "" when PasswordHash is ""
	NoPassword   bool           // password: none
	PasswordHash string         // "pbkdf2-sha256$iterations$salt$hash"; "" = password: none was written
	Sources      []netip.Prefix // addresses it may come from; never empty
}

// Link is a participant's FIX session with its rights.
type Link struct {
	Session          settings.Session  // always an acceptor
	TLS              *transport.Policy // nil = plain, or not read (ReadKeys)
	CertificateNames []string          // the peer's certificate bears one of them, where one is asked for
	Client           int               // index of Clients
	Accounts         []int             // accounts this link may trade for; all belong to Client
	DefaultAccount   int               // for an order without Account(1); None = such an order is refused
	Login
	Trader        int  // index of Traders: of orders that name none; None = they have none
	Algo          int  // index of Algos: likewise
	NeedsTrader   bool // attribution: trader; an order without one is refused
	NeedsAlgo     bool // attribution: algo
	DirectAccess  DirectAccess
	Capacities    Capacities
	Tests         TestRule
	Limits        *Limits // of all its orders together; nil = it has none of its own
	Orders        []OrderRule
	OrderRate     Throttle        // D and G, whatever their verdict
	Throttles     []risk.Throttle // beside OrderRate
	Answers       Answers
	TellLimits    bool // refusals tell usage and limit of the account and the client
	ResendNone    bool // after_reset: none; false = missed reports are sent again with 97=Y
	CancelAny     bool // cancel_scope: client; true = may cancel any order of its client, else only its own
	OrderAgeMaxNs int64
	CancelOnDisconnect
	PartyActions
}

// VenueCOD is what a venue cancels by itself when the gate's line to it is lost.
type VenueCOD uint8

const (
	KeepsOrders VenueCOD = iota
	CancelsDay           // but for GTC and GTD orders
	CancelsAll
)

// CancelOnDisconnect is what becomes of the orders that were entered over a link when it is lost.
type CancelOnDisconnect struct {
	On      bool  // they are cancelled; false = they are kept
	GraceNs int64 // from the loss, for the participant to come back
	GTC     bool  // GTC and GTD orders too
	Logout  bool  // also after the participant's own Logout
}

// DropCopy is what gate dropcopy serves: a copy of what happens, for surveillance.
type DropCopy struct {
	File     string // QuickFIX settings file of the sessions, as gate.yaml names it; "" = there is none
	StoreDir string // what was sent, and how far each session is
	Sessions []DropSession
}

// DropSession is a session that surveillance connects to, and what it gets.
type DropSession struct {
	Session settings.Session  // always an acceptor
	TLS     *transport.Policy // nil = plain, or not read (ReadDropKeys)
	// CertificateNames are as those of a Link.
	CertificateNames []string
	Login
	Clients  []int // indices of Clients, all of whose accounts it sees
	Accounts []int // indices of Accounts that it sees beside those
	All      bool  // it sees every client
	NoOrders bool  // reports only
}

// Copier is a session over which a venue, or a clearing broker, tells the gate what was executed at a venue.
type Copier struct {
	Session settings.Session  // either side may dial
	TLS     *transport.Policy // nil = plain, or not read (ReadKeys)
	// CertificateNames are as those of a Link.
	CertificateNames []string
	Login                   // of who dials the gate; Username is the gate's own where it dials
	Password         []byte // tag 554 of the gate's Logon, where it dials; the owner overwrites it after use
	Venue            int    // index of Venues
	TradeAcks        bool   // its TradeCaptureReports(35=AE) are answered by 35=AR
}

// Venue is the profile of one venue line.
type Venue struct {
	Name            string
	Session         settings.Session  // always an initiator
	TLS             *transport.Policy // nil = plain, or not read (ReadKeys)
	Username        string            // tag 553 of our Logon; "" = none
	Password        []byte            // tag 554, from its own file; the owner overwrites it after use
	RawPassword     bool              // it is sent as RawData(96) instead
	LogonTags       []TagValue        // what else the venue wants in our Logon, ascending
	IDPrefix        string            // first characters of every id we make; base-36, upper case
	IDBytesMax      int               // longest ClOrdID the venue takes, a preserved one too
	PreserveClOrdID bool              // the client's id goes to the venue as it is; one link only
	TagSet          []TagValue        // written into D, F and G
	TagDrop         []TagRange        // removed from D, F and G
	TagReject       []TagRange        // an order that carries one is refused
	TagPass         []TagRange        // user-defined tags (5000 and above) that pass
	Translate       []string          // other versions of FIX that its participants may speak
	AccountMap      []AccountAlias    // Account(1) toward the venue where it differs
	SymbolMap       []SymbolAlias     // Symbol(55) likewise
	StatusRequest   bool              // answers OrderStatusRequest(35=H)
	MassCancel      bool              // carries out OrderMassCancelRequest(35=q)
	COD             VenueCOD          // what it cancels by itself when the gate's line to it is lost
	Statuses        Statuses          // what its 35=f and 35=h mean
	Timetable       Timetable         // of its phases
	UnknownByLink   bool              // an unknown order stops its owner's link, not its account
	DownNs          int64             // kill_when_down: a line that is lost for so long; 0 = it is no kill
	DownMode        risk.KillMode
	UnansweredNs    int64   // an order without an answer for so long is suspect
	Limits          *Limits // of all orders that go to it; nil = it has none of its own
	Orders          []OrderRule
	MessageBudget   Throttle     // messages the venue allows us
	CloseCutOff     *CloseCutOff // nil = it always takes orders at the close
	NoCancel        *NoCancel    // nil = it always takes cancels
}

// TagValue is one field to write.
type TagValue struct {
	Tag   int
	Value string
}

// TagRange is the tags First to Last, both included.
type TagRange struct {
	First, Last int
}

// AccountAlias is the venue's name for an account.
type AccountAlias struct {
	Account int
	Alias   string
}

// SymbolAlias is the venue's name for an instrument.
type SymbolAlias struct {
	Instrument int
	Alias      string
}

// Routes choose a venue. The first that matches wins: symbol, account, ExDestination(100), default. What they lead to is
// an index of Venues, or LinesBase and an index of Lines.
type Routes struct {
	Lines          []Lines
	Symbols        []Route // From = index of Instruments
	Accounts       []Route // From = index of Accounts
	ExDestinations []DestinationRoute
	Default        int // where all others go, or None: an order without a route is refused
}

// LinesBase is above every index of Venues.
const LinesBase = 1 << 30

// Lines are several venue lines that lead to one place. All orders of an account, or of a symbol, go over the same.
type Lines struct {
	Name     string
	Venues   []int // indices of Venues; never empty
	BySymbol bool  // sticky: symbol; false = account
}

// Route sends the orders of one instrument or account to a venue.
type Route struct {
	From, Venue int
}

// DestinationRoute sends orders with this ExDestination(100) to a venue.
type DestinationRoute struct {
	ExDestination string
	Venue         int
}

// Instrument is one tradable symbol with its reference price rules.
type Instrument struct {
	Symbol      string // Symbol(55)
	Type        string // SecurityType word of the file: stock, etf, bond, option, future
	Currency    string
	Multiplier  int64 // at 1e-8
	PriceFactor int64 // at 1e-8; 0.01 for prices in pence or percent of par
	Factor      int64 // k = multiplier × price factor × FX rate, exact at 1e-8
	Ticks       TickTable
	Lot         int64 // smallest quantity step, at 1e-8
	OrderQtyMax int64 // at 1e-8; Unlimited where the file leaves it empty: the account's limit holds
	Adv         int64 // average daily volume, at 1e-8; 0 = not known
	Restricted  bool
	Halted      bool
	PhaseRules  int  // index of Config.PhaseRules, or None
	Test        bool // a symbol for tests

	// What the symbol takes, whatever its account may: codes as those of an Account.
	OrdTypes, TimeInForces, OrderFields string

	// RiskPriceBuy and RiskPriceSell stand in for every price where money is counted, at 1e-8: margin,
	// short options. 0 = the order's price. NegativePrices: zero and below are prices too.
	RiskPriceBuy   int64
	RiskPriceSell  int64
	NegativePrices bool

	CollarBps        int    // furthest price from the reference; 0 = no price passes, Unlimited = the others below hold it
	CollarAmount     int64  // the same as an amount of the order's price, at 1e-8; 0 = not asked for, likewise those below
	CollarTicks      int    // as a number of ticks
	NearTouchBps     int    // furthest price from the best one of the order's own side
	FarTouchBps      int    // and of the other side
	BandBps          int    // how far beyond the reference a market order is reserved
	WholeCents       bool   // prices keep US Rule 612
	Sources          string // of reference prices, in the order in which they are asked: mid touch last close static
	QuoteAgeMaxNs    int64  // oldest quote of the price socket that counts; 0 = quotes do not count
	LastAgeMaxNs     int64  // oldest last trade of the price socket that counts
	CloseAgeMaxDays  int    // oldest previous close that counts, in calendar days; 0 = closes do not count
	StaticAgeMaxDays int    // oldest static price that counts, likewise
	StaticPrice      int64  // at 1e-8
	StaticDate       int    // yyyymmdd; 0 = there is none
	Close            int64  // previous close at 1e-8
	CloseDate        int    // yyyymmdd; 0 = there is no close
}

// Position is a start-of-day position.
type Position struct {
	Account    int
	Instrument int
	Qty        int64 // signed, at 1e-8
}
