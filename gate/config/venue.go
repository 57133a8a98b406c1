package config

import (
	"portcullis/fix/settings"
	"portcullis/gate/transport"
	"portcullis/risk"
)

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
