package config

import (
	"net/netip"

	"portcullis/fix/settings"
	"portcullis/gate/transport"
	"portcullis/risk"
)

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
	Username     string // tag 553; "" when PasswordHash is ""
	NoPassword   bool   // password: none
	PasswordHash string // "pbkdf2-sha256$iterations$salt$hash"; "" = password: none was written, or it is not at hand
	// PasswordPrint is what people see of PasswordHash, and what is kept of it beside the journal; "" = there is none, or nobody knows.
	PasswordPrint string
	Sources       []netip.Prefix // addresses it may come from; never empty
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
