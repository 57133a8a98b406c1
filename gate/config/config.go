package config

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"

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
	Splits        []Split // of SplitsFile; gate splits reads it
	SplitsFile    string
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
	Wait IO = iota // sleeps in epoll when nothing has come for AwakeNs
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
	PriceSocket     string         // "" = no price feed; closes only; as written, see Beside
	KillFile        string         // its appearance is a kill; "" = none is looked for; as written, see Beside
	KillSocket      string         // takes kills alone, of KillGroup; "" = there is none; likewise
	KillGroup       string         // whose members may use KillSocket; "" = the gate's own user only
	Proxies         []netip.Prefix // who is believed to speak for others, with the PROXY protocol
	Durability      Durability
	IO              IO
	AwakeNs         int64         // of Wait: how long after a message the thread looks for the next before it sleeps
	CPU             int           // the engine thread alone runs on this processor; None = it is not pinned
	Realtime        bool          // the engine thread runs with SCHED_FIFO
	Nice            int           // else its priority among others, as nice(2) has it: -20 (first) to 0
	ClockForbidden  uint64        // bit n set: no new orders in clocksync.State n
	EgressKills     bool          // egress_difference: kill_firm; false = the line is cut and blocked, no more
	JournalKill     risk.KillMode // journal_loss: of the firm's kill; 0 = new orders are refused, no more
	ClockKill       risk.KillMode // clock.breach: likewise
	Shadow          Shadow
	TradeDate       int // yyyymmdd; 0 = auto, the calendar's
	Calendar        Calendar
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
	Path    string   // of a file or unix socket; as written, see Sinks
	Command []string // gets the lines on its standard input
}

// Sinks are those of a configuration whose main file is at path: their paths begin in its folder.
func Sinks(path string, list []AlertSink) []AlertSink {
	list = slices.Clone(list)
	for i := range list {
		list[i].Path = below(filepath.Dir(path), list[i].Path)
	}
	return list
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
