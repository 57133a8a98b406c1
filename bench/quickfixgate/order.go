package quickfixgate

import (
	"sync"
	"time"

	"github.com/shopspring/decimal"
)

// Instrument is what is known about a symbol.
type Instrument struct {
	Lot, Tick          decimal.Decimal
	Restricted, Halted bool
}

// Reference is a reference price and when it was set.
type Reference struct {
	Price decimal.Decimal
	At    time.Time
}

// Limits of an account. A zero value forbids.
type Limits struct {
	OrderRateMax         int // orders within OrderRateWindow
	OrderRateWindow      time.Duration
	MaxQty, MaxNotional  decimal.Decimal
	CollarPercent        decimal.Decimal // distance from the reference price
	ReferenceMaxAge      time.Duration
	RepeatedMax          int // equal orders within RepeatedWindow
	RepeatedWindow       time.Duration
	OpenOrdersMax        int
	MaxLong, MaxShort    decimal.Decimal
	Sides, OrdTypes, TIF map[string]bool
}

// CreditLimits of one scope.
type CreditLimits struct{ Gross, Net decimal.Decimal }

// Account belongs to a client; the firm is the scope above all clients.
type Account struct {
	Client      string
	Participant string // whose session may use it, by its CompID
	Limits      Limits
	Credit      CreditLimits
}

// terms are what one version of an order asks for.
type terms struct {
	clOrdID string // the client's
	venueID string // ours toward the venue
	qty     decimal.Decimal
	price   decimal.Decimal
	worst   decimal.Decimal // price that is reserved
}

// Order is an order that was sent to the venue.
type Order struct {
	ID                    string // OrderID(37) toward the client
	Participant           string // whose session sent it, by its CompID
	Account, Symbol, Side string
	current               terms
	pending               []terms // replaces without an answer, oldest first
	cancelID              string  // client's ClOrdID of a cancel without an answer
	cum                   decimal.Decimal
	open                  bool
	venueOrderID          string
	reserved              decimal.Decimal
	reservedQty           decimal.Decimal
}

// Book is the state of the gate.
type Book struct {
	mu          sync.Mutex
	killed      bool
	accounts    map[string]Account
	instruments map[string]Instrument
	references  map[string]Reference
	clients     map[string]CreditLimits
	firm        CreditLimits

	seen      map[clientID]bool   // ClOrdIDs of the day
	byClOrdID map[clientID]*Order // by each of the client's ids
	byVenueID map[string]*Order   // by each of our ids
	openCount map[string]int      // by account
	sent      map[string][]time.Time
	repeated  map[repeatKey][]time.Time
	positions map[positionKey]*position
	scopes    map[string]*scope
	nextID    int
}

// clientID is a ClOrdID(11) of a client: each session has its own.
type clientID struct{ participant, clOrdID string }

type repeatKey struct{ account, symbol, side, price, qty string }

type positionKey struct{ account, symbol string }

// NewBook returns an empty book over its reference data, which it keeps and does not change.
func NewBook(accounts map[string]Account, clients map[string]CreditLimits, firm CreditLimits,
	instruments map[string]Instrument, references map[string]Reference) *Book {
	return &Book{
		accounts: accounts, clients: clients, firm: firm, instruments: instruments, references: references,
		seen:      map[clientID]bool{},
		byClOrdID: map[clientID]*Order{},
		byVenueID: map[string]*Order{},
		openCount: map[string]int{},
		sent:      map[string][]time.Time{},
		repeated:  map[repeatKey][]time.Time{},
		positions: map[positionKey]*position{},
		scopes:    map[string]*scope{},
	}
}

// Kill refuses all orders from now on.
func (b *Book) Kill() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.killed = true
}
