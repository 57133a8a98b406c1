package admin

import (
	"encoding/json"
	"strings"

	"portcullis/gate/local"
)

// Bounds of a request, in bytes.
const (
	RequestBytesMax = 4096 // one line, its end included
	NameBytesMax    = 64
	ReasonBytesMax  = 200 // what a journaled command keeps
)

// SeqNumMax is the largest MsgSeqNum that an operator may set: some peers count in 32 bits.
const SeqNumMax = 1<<31 - 1

// Verb says what is asked.
type Verb string

const (
	// Kill blocks a scope and, as Mode says, cancels what is open in it; Scope, Name, Reason, KeepGTC. With And it blocks only what
	// is in all of those scopes as well. With Drill it goes the same way and changes nothing.
	Kill Verb = "kill"
	// KillHard ends the engine without its help and blocks the whole firm; Reason. It goes to the watchdog's socket. With
	// Drill it is made sure that it would.
	KillHard Verb = "kill_hard"
	Revive   Verb = "revive" // lift one kill; ID, Reason
	Roll     Verb = "roll"   // the day roll; Name is the roll group, empty for all; Reason if any
	SOD      Verb = "sod"    // read the positions file again, for accounts with sod: file; Reason
	Borrow   Verb = "borrow" // read locates and what is easy to borrow again; Reason
	Halt     Verb = "halt"   // halt a symbol, Name, or Venue; Reason
	Resume   Verb = "resume" // lift a halt; Name or Venue, Reason
	Phase    Verb = "phase"  // say that trading at Venue, or in Symbol there, is in the phase Name; Reason
	// ShortSale puts the price test of Rule 201 in force for a symbol, for the rest of the day and the next; ShortSaleOff
	// lifts it; Name, Reason.
	ShortSale    Verb = "short_sale"
	ShortSaleOff Verb = "short_sale_off"

	Accept Verb = "accept" // accept a venue again, after a difference at egress or a lost end of the journal; Name, Reason
	// Stop logs out every link and ends; orders are kept; Reason if any. With CancelOrders it does neither yet: it refuses
	// new orders and cancels what is open.
	Stop Verb = "stop"
	// Resolve ends the doubt about one order: Name, As, Reason; Qty and Price of what was executed beyond the
	// executions booked, in the venue's execution ExecID; Link where the name is used on several.
	Resolve Verb = "resolve"
	// ResolveAll ends the doubt about Count orders, all there are, of Venue; As, Reason. Two users.
	ResolveAll Verb = "resolve_all"
	// Assign books a fill in Venue's suspense account to Account; Name is its ExecID, Reason. Two users.
	Assign Verb = "assign"
	// CloseBreak is a human's word that a break between a drop copy and the gate is dealt with; Name is the ExecID, of Venue; Reason.
	CloseBreak Verb = "close_break"
	// Cancel cancels an order at Venue that the gate does not know; Name is the venue's OrderID, Symbol, Side, Qty,
	// Reason. Two users.
	Cancel Verb = "cancel"

	// Adjust books Qty of Symbol to Account by hand: Side, Price if it has money too, Reason. Two users.
	Adjust Verb = "adjust"

	// Settle says that what a split has left of Symbol in Account is settled; Reason. Two users.
	Settle Verb = "settle"

	// Splits reads the splits file; Reason. Two users.
	Splits Verb = "splits"

	// Mark says what Symbol is worth, Price; without them what the symbols of data.marks are; Reason. Two users.
	Mark Verb = "mark"

	// Loss is the gate's shadow: a scope has lost Qty, more than it may; Scope, Name, Reason.
	Loss Verb = "loss"
	// LossPrices is the same: which live prices it was seen at; LossMarks: which positions have none, and count at their marks; Reason.
	LossPrices Verb = "loss_prices"
	LossMarks  Verb = "loss_marks"
	// SelfTest is the same: Count controls of the configuration with the hash Name were breached, in the time Value (Go's words for
	// it), and ID of them did not refuse; Count 0: it could not run; Reason.
	SelfTest Verb = "self_test"
	// Quotes is the same: live prices stored after the first ID, from the instrument Count on.
	Quotes Verb = "quotes"

	LinkDown  Verb = "link_down"  // log a link out, and take no connection of it; orders are kept; Name, Reason
	LinkUp    Verb = "link_up"    // let it up again; Name; Reason if any
	LinkSeq   Verb = "link_seq"   // set its next numbers while it is down; Name, NextIn or NextOut or both, Reason
	LinkReset Verb = "link_reset" // begin both its numbers again at 1 while it is down; Name, Reason

	// Reload reads the configuration again and follows it in the settings of links; Reason; DryRun says what it
	// would do, and needs none.
	Reload       Verb = "reload"
	Approve      Verb = "approve"      // put in force what waits for approval; Name is its hash, Reason
	Certificates Verb = "certificates" // until when those in use are good; Answer.Detail
	Renew        Verb = "renew"        // read certificates and keys again; Reason; Answer.Detail as well

	// Restrict refuses Symbol in a scope: Scope, Name, until Until or Unrestrict; Reason.
	Restrict   Verb = "restrict"
	Unrestrict Verb = "unrestrict"
	// LimitSet sets the limit Key in a scope to Value until Until or, without one, the next roll: Scope, Name, Reason. LimitClear
	// gives it back to the files before.
	LimitSet   Verb = "limit_set"
	LimitClear Verb = "limit_clear"
	// Pass lets what the soft control of a token has refused pass it once; ID, Reason.
	Pass Verb = "pass"
	// Enable lifts what Control has left in a scope when it tripped: Scope, Name, Reason.
	Enable Verb = "enable"
	// Drain stops new orders over a link, for a venue or at all, until Undrain: Scope all, link or venue, Name, Reason.
	Drain   Verb = "drain"
	Undrain Verb = "undrain"
	// Differs is the gate's shadow, which holds another state at the record ID; Reason.
	Differs Verb = "differs"

	Ping   Verb = "ping"   // is somebody there
	Status Verb = "status" // how is it doing; Answer.Detail
)

// Scope says what a kill or a drain covers.
type Scope string

const (
	AllScope        Scope = "all"
	GroupScope      Scope = "group"
	ClientScope     Scope = "client"
	AccountScope    Scope = "account"
	DeskScope       Scope = "desk"
	TraderScope     Scope = "trader"
	AlgoScope       Scope = "algo"
	LinkScope       Scope = "link"
	VenueScope      Scope = "venue"
	InstrumentScope Scope = "instrument"
)

// Part is one of the scopes that a kill covers together.
type Part struct {
	Scope Scope
	Name  string
}

// Parts are those of a kill: Scope with Name, and what And adds. None = all.
func (r Request) Parts() (parts []Part) {
	if r.Scope != AllScope {
		parts = append(parts, Part{r.Scope, r.Name})
	}
	for _, word := range strings.Fields(r.And) {
		scope, name, _ := strings.Cut(word, ":")
		parts = append(parts, Part{Scope(scope), name})
	}
	return parts
}

// partsBytesMax bounds And.
const partsBytesMax = 10 * NameBytesMax

// Mode says what a kill does beside the block; none is ModeCancel.
type Mode string

const (
	ModeBlock      Mode = "block"       // nothing
	ModeCancel     Mode = "cancel"      // it cancels what is open
	ModeReduceOnly Mode = "reduce-only" // and it blocks only orders that do not close a position
	ModeDisconnect Mode = "disconnect"  // and logs the links in scope out, and holds them down
)

// As says how an order in doubt stands.
type As string

const (
	AsOpen      As = "open"
	AsFilled    As = "filled"
	AsCancelled As = "cancelled"
	AsRejected  As = "rejected"
)

// Side is the side of an order that the gate does not know.
type Side string

const (
	Buy   Side = "buy"
	Sell  Side = "sell"
	Short Side = "short"
)

// Request is one line from an operator.
type Request struct {
	Verb    Verb   `json:"verb"`
	Scope   Scope  `json:"scope,omitempty"`
	Name    string `json:"name,omitempty"` // client, account, link, symbol, venue, roll group, order or execution
	ID      uint64 `json:"id,omitempty"`   // of the kill to lift
	Reason  string `json:"reason,omitempty"`
	And     string `json:"and,omitempty"` // further scopes of a kill, such as "instrument:IBM venue:XSIM"
	Mode    Mode   `json:"mode,omitempty"`
	KeepGTC bool   `json:"keep_gtc,omitempty"` // a kill leaves GTC and GTD orders alone
	Drill   bool   `json:"drill,omitempty"`    // count and measure, and change nothing
	As      As     `json:"as,omitempty"`
	Qty     string `json:"qty,omitempty"` // decimal
	Price   string `json:"price,omitempty"`
	ExecID  string `json:"exec_id,omitempty"`
	Count   uint32 `json:"count,omitempty"`
	Link    string `json:"link,omitempty"`
	Venue   string `json:"venue,omitempty"`
	Account string `json:"account,omitempty"`
	Symbol  string `json:"symbol,omitempty"`
	Control string `json:"control,omitempty"` // Enable: the code of the control
	Until   string `json:"until,omitempty"`   // a time as in RFC 3339
	Key     string `json:"key,omitempty"`     // LimitSet: the limit, as in its entry of gate.yaml
	Value   string `json:"value,omitempty"`
	Side    Side   `json:"side,omitempty"`
	NextIn  uint64 `json:"next_in,omitempty"`  // MsgSeqNum that a link expects next
	NextOut uint64 `json:"next_out,omitempty"` // MsgSeqNum that it sends next
	DryRun  bool   `json:"dry_run,omitempty"`

	CancelOrders bool `json:"cancel_orders,omitempty"`
}

// Answer is one line back. Where OK is false, Error says why and what to do.
type Answer struct {
	OK        bool            `json:"ok"`
	Error     string          `json:"error,omitempty"`
	KillID    uint64          `json:"kill_id,omitempty"`
	InScope   uint32          `json:"in_scope,omitempty"`  // open orders in the kill's scope
	Withdrawn uint32          `json:"withdrawn,omitempty"` // taken back before their bytes left
	Cancels   uint32          `json:"cancels,omitempty"`   // cancels sent
	Owed      uint32          `json:"owed,omitempty"`      // cancels owed: the venue's line is down, or it takes none now
	Excluded  uint32          `json:"excluded,omitempty"`  // left alone by keep_gtc
	Waiting   uint32          `json:"waiting,omitempty"`   // no cancel sent: an earlier one is in flight, its answer not overdue
	TookNs    int64           `json:"took_ns,omitempty"`   // of a drill: from the request read to the acknowledgement
	Unknown   bool            `json:"unknown,omitempty"`   // not OK, but it may have been carried out all the same, or be so yet
	Noted     bool            `json:"noted,omitempty"`     // half done: a second user must ask for the same
	Note      string          `json:"note,omitempty"`      // what the operator should know beside it
	Detail    json.RawMessage `json:"detail,omitempty"`    // what status gives; of a hard kill, how it is recorded
}

// Peer is who asked, as the kernel knows it.
type Peer = local.Peer
