package core

import (
	"encoding/binary"

	"portcullis/fix/link"
	"portcullis/risk"
)

// NoIndex marks the absence of a link, order or request number.
const NoIndex = risk.NoIndex

// EventKind says what happened. The numbers are journaled and never reused.
type EventKind uint8

const (
	// Started: a process took up this journal. Code is 1 if the machine was booted anew since the
	// last record, Seq is the boot epoch. A Closed came before for each link that was connected.
	Started EventKind = 1
	// Admitted: a connection of Link passed admission. Conn is its number. For an acceptor the
	// Logon itself follows as a Message, its secrets already overwritten. Data says in words who the peer is:
	// its address and, with TLS, its certificate.
	Admitted EventKind = 2
	// Message: one whole framed message of Link in Data. Code is WasEarly where it came above a gap and
	// is given again, now that its number is expected.
	Message EventKind = 3
	// Garbled: bytes of Link were skipped; Code is the fix.Framing, Seq counts them.
	Garbled EventKind = 4
	// Closed: the connection Conn of Link ended; Code is a CloseCause. Seq is the first number sent on it
	// that was not handed to the kernel whole; 0: all were.
	Closed EventKind = 5
	// Blocked and Writable: Link's send buffer went over its bound, or fell below it again.
	Blocked  EventKind = 6
	Writable EventKind = 7
	// Withdrawn: an order message that had not begun to leave was taken out of Link's send
	// buffer; Seq is its MsgSeqNum and Request its slot. The answer takes its place there.
	Withdrawn EventKind = 8
	// Stored: a message of Link with number Seq was read back from the journal for a resend. Data
	// is empty where Seq to Seq2 holds nothing to send again. Code is WasCutOff where Seq is a number
	// of before the last reset.
	Stored EventKind = 9
	// Command: an operator's command in Data (see Command).
	CommandGiven EventKind = 10
	// Configured: from here on decisions are judged by the configuration whose hash is in Data.
	Configured EventKind = 11
	// JournalSpace: Code is the journal's state: 0 ample, else new orders are refused.
	JournalSpace EventKind = 12
	// ClockChanged: the clock's state is now ClockState; Code is 1 where trading is forbidden in it.
	ClockChanged EventKind = 13
	// Tick: a timer was due or a job has its next step to do.
	Tick EventKind = 14
	// EgressDifference: the egress check found bytes about to leave Link that are not what was
	// judged; Seq is their MsgSeqNum, Request their slot, Code the field, Data the EgressRecords. The
	// line is blocked.
	EgressDifference EventKind = 15
	// Numbered: Link's next outgoing number is raised to Seq. After a machine's death the last
	// numbers used may be missing from the journal; numbering starts above the durable mark.
	Numbered EventKind = 16
	// TailLost: the journal's last records are gone with the machine's memory. Orders of those moments may
	// live at the venues, and the gate knows nothing of them. It is the first record after the loss.
	TailLost EventKind = 17
	// Noticed: a part of the gate outside the core has found something that a human must see. Code is the Alert,
	// Data says more in words.
	Noticed EventKind = 18
)

// WasCutOff is the Code of a Stored message that a reset of the link's numbers cut off; see Core.Cut.
const WasCutOff = 1

// WasEarly is the Code of a Message that was kept; see Decision.Early.
const WasEarly = 1

// CloseCause says why a connection ended.
type CloseCause uint8

const (
	PeerClosed    CloseCause = iota // the peer ended the connection
	ReadFailed                      // the socket failed
	CutByLink                       // the session layer asked for it
	SlowConsumer                    // more unsent bytes than the link may hold
	MessageSize                     // a message above the configured size
	Replaced                        // the operator or a shutdown ended it
	ProcessEnded                    // the gate's process ended; said at the next start
	KilledHalfway                   // a venue did not take the rest of an order that a kill stops
	TLSFailed                       // the peer refused the handshake, or what came was not sealed by it
	ReserveUsed                     // what was refused of it took too much of the room that the journal keeps for what is open
)

// Event is one thing that happened. Everything Decide may look at is in the state or in here:
// time comes in with the event, and so does the reference price that the decision used.
type Event struct {
	Kind       EventKind
	Code       uint8
	ClockState uint8  // clocksync.State at the stamp
	BoundNs    uint32 // error bound of UTCNs, nanoseconds
	Link       uint32 // NoIndex where no link is concerned
	Conn       uint32 // number of the connection, unique in this process
	Request    uint32
	Seq, Seq2  uint64
	Now        link.Now

	// Quote is the reference data the decision read, once. Live, Decide fills it in from the
	// price table; in a replay the recorded one is set beforehand and Quoted is true.
	Quote  risk.Quote
	Quoted bool

	Data []byte // message, command, hash or origin; valid during Decide and Apply only
}

// EgressRecords name what an EgressDifference is about by the numbers of journal records: that of the
// decision whose bytes were about to leave, and that of the accepted order with which they were
// compared, 0 where there is none.
type EgressRecords struct{ Sent, Accepted uint64 }

// EgressRecordsBytes is what Append takes.
const EgressRecordsBytes = 16

// Append writes the records as an event carries them.
func (r EgressRecords) Append(dst []byte) []byte {
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(dst, r.Sent), r.Accepted)
}

// ParseEgressRecords reads what Append wrote; zeros from a journal that has none.
func ParseEgressRecords(b []byte) (r EgressRecords) {
	if len(b) == EgressRecordsBytes {
		r.Sent, r.Accepted = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
	}
	return r
}

// CommandKind says what an operator asks for. The numbers are journaled and never reused.
type CommandKind uint8

const (
	CmdKill         CommandKind = 1  // block a scope and cancel what is open in it
	CmdRevive       CommandKind = 2  // lift one kill by its id; one of the firm takes two users
	CmdRoll         CommandKind = 3  // the day roll (exposure 9)
	CmdStop         CommandKind = 4  // refuse new orders, log out every link; orders are kept. Flag: first, cancel them; no link is logged out yet
	CmdHalt         CommandKind = 5  // halt a symbol, or with ScopeVenue a venue
	CmdResume       CommandKind = 6  // lift a halt
	CmdAccept       CommandKind = 7  // a human accepts a venue again: after a difference at egress, or a lost tail
	CmdSOD          CommandKind = 8  // load one start-of-day position
	CmdSODEnd       CommandKind = 9  // an account's start-of-day positions of the trade date are complete
	CmdResolve      CommandKind = 10 // a human ends the doubt about one order
	CmdAssign       CommandKind = 11 // book a fill in suspense to an account; takes two users
	CmdCancelStray  CommandKind = 12 // cancel an order that the gate does not know; takes two users
	CmdLinkDown     CommandKind = 13 // log a link out and take no connection of it; orders are kept
	CmdLinkUp       CommandKind = 14 // let a link up again that is held down
	CmdLinkSeq      CommandKind = 15 // set the next numbers of a link that is down
	CmdLinkReset    CommandKind = 16 // begin the numbers of a link that is down again at 1
	CmdReload       CommandKind = 17 // put another configuration in force; see Change
	CmdSODBegin     CommandKind = 18 // an account's start-of-day positions follow: it is closed, and they are 0
	CmdResolveVenue CommandKind = 19 // two humans end the doubt about every order of a venue
	// CmdStateDiffers: the gate's shadow holds another state at the record in Target.
	CmdStateDiffers CommandKind = 20
	// CmdDrain: no new orders over the link in Index, NoIndex: at all; Flag lifts that.
	CmdDrain CommandKind = 21
	// CmdCertificates: what came of a look at certificates, in Reason; Flag: a human must act.
	CmdCertificates CommandKind = 22
	// CmdRevoked: the certificate of the link in Index is revoked, as Reason says: its connection ends.
	CmdRevoked CommandKind = 87
	// CmdEasyToBorrow: the symbol in Index needs no locate on the trade date in Target; Flag: it does.
	CmdEasyToBorrow CommandKind = 44
	// CmdLocate: Qty is located for short sales of the account in Index; Target is DatedInstrument.
	CmdLocate CommandKind = 45
	// CmdShortSale: the price test of Rule 201 was triggered for the symbol in Index, on the trade date in Target or, where
	// that is 0, now; Flag lifts it.
	CmdShortSale CommandKind = 46
	// CmdAdjust: book Qty of the instrument in Target to the account in Index, at Price where it is not 0; Flag: instead, what a
	// split has left open there is settled. Takes two users.
	CmdAdjust CommandKind = 39
	// CmdMark: the instrument in Index is worth Price; takes two users. CmdClose: that is its close for the trade date in
	// Target, of the day that is before it (DatedClose). Both hold from the next CmdMarksEnd on.
	CmdMark     CommandKind = 63
	CmdClose    CommandKind = 64
	CmdMarksEnd CommandKind = 65
	// CmdSplit: the instrument in Index is split on the ex-date in Target, by the ratio in Qty (SplitQty); takes two users.
	CmdSplit      CommandKind = 68
	CmdLossPrices CommandKind = 67 // which live prices a loss was told at, in Reason; Flag: which positions had none, and count at their marks
	CmdLoss       CommandKind = 66 // the scope in Scope and Index has lost Qty, at 1e-4, which is too much
	CmdDrill      CommandKind = 24 // go the way of a kill and change nothing: count what it would do
	CmdRestrict   CommandKind = 30 // refuse a symbol in a scope
	CmdUnrestrict CommandKind = 31 // lift that
	CmdPhase      CommandKind = 32 // say where trading stands at a venue; see PhaseCommand
	CmdCloseBreak CommandKind = 58 // a human has dealt with a break between a drop copy and the gate; Target is the venue, Name the ExecID
	CmdEnable     CommandKind = 35 // lift what the control of the Reason in Target has left when it tripped in a scope
)

// Urgent reports whether a command goes by the lane of kills.
func (k CommandKind) Urgent() bool { return k == CmdKill || k == CmdDrill }

// KillOf is the command that kills a target, or a drill of it.
func KillOf(kind CommandKind, of risk.Target, mode risk.KillMode, keepGTC bool) Command {
	m := Command{Kind: kind, Scope: of.Scope(), Of: of, Mode: mode, Flag: keepGTC}
	if part := of.Part(m.Scope); part != nil {
		m.Index = *part
	}
	return m
}

// Command is an operator's command. It is journaled as a Command event; who gave it comes from
// peer credentials, never from a flag.
type Command struct {
	ID     uint64 // chosen by the giver; names the answer
	Kind   CommandKind
	Scope  risk.Scope    // CmdKill, CmdDrill, CmdRestrict, CmdUnrestrict: what Index is, or ScopeSeveral
	Flag   bool          // CmdKill, CmdDrill: keep GTC and GTD orders; CmdStop: cancel what is open
	Mode   risk.KillMode // CmdKill, CmdDrill; 0: KillBlockAndCancel
	Index  uint32        // account, client, link, venue or instrument number; CmdResolve: the link, or NoIndex; CmdResolveVenue: how many orders are meant
	Target uint64        // CmdKill: the watchdog's number of it, or 0; CmdRevive: the kill's id; CmdRoll: the trade date; CmdSOD: the instrument;
	// CmdSODBegin, CmdSODEnd: the trade date; CmdAssign, CmdCancelStray, CmdResolveVenue: the venue;
	// CmdReload: Change.Version; CmdRestrict, CmdUnrestrict: the instrument
	Qty risk.Qty // CmdSOD: the position, negative for short; CmdResolve: what was executed beyond what is booked;
	// CmdCancelStray: OrderQty; CmdRestrict: UTC ns until which, 0: until it is lifted
	UID    uint32 // peer credentials of the giver
	PID    uint32
	Reason string // why, as given; at most 200 bytes are kept
	Actor  string // user name behind UID; at most 64 bytes are kept

	// Of CmdResolve, of CmdResolveVenue the Outcome; Name of CmdAssign; Name and Side of CmdCancelStray; Side and
	// Price of CmdAdjust; Price of CmdMark and CmdClose.
	Name    string // OrderID or ClOrdID of the order; ExecID of the venue's; OrderID of the venue's
	Side    risk.Side
	Outcome Outcome
	Price   risk.Price // of Qty
	ExecID  string     // the venue's of Qty; "": the giver does not know it

	// Of CmdKill and CmdDrill with ScopeSeveral.
	Of risk.Target

	// Of CmdLinkSeq: the next MsgSeqNum expected and sent; 0: as it is.
	NextIn, NextOut uint64
}
