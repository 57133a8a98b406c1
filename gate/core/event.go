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
	// CommandGiven: an operator's command in Data (see Command).
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

// CommandKind says what an operator asks for, and which fields of Command it reads. The numbers are journaled and never
// reused; they are grouped here by what they are about.
type CommandKind uint8

const (
	// Kills. Scope and Index, or Of, say of what.

	CmdKill   CommandKind = 1  // block and, by Mode, cancel what is open. Flag: but GTC and GTD orders. Target: the watchdog's number of a hard kill, or 0
	CmdDrill  CommandKind = 24 // go the way of a kill and change nothing: count what it would do
	CmdRevive CommandKind = 2  // lift the kill whose id is Target; one of the firm takes two users
	CmdEnable CommandKind = 35 // lift what the control of the Reason in Target has left when it tripped
	CmdLoss   CommandKind = 66 // it has lost Qty, in units of 1e-4, which is too much
	// CmdLossPrices: at which live prices a loss was counted, in Reason; Flag: which positions had none, and count at their
	// marks.
	CmdLossPrices CommandKind = 67

	// What may trade.

	CmdHalt       CommandKind = 5  // halt the symbol in Index, or with ScopeVenue the venue
	CmdResume     CommandKind = 6  // lift that
	CmdRestrict   CommandKind = 30 // refuse the instrument in Target in Scope and Index, until the UTC ns in Qty; 0: until it is lifted
	CmdUnrestrict CommandKind = 31 // lift that
	CmdDrain      CommandKind = 21 // no new orders over the link in Index, NoIndex: at all; Flag lifts that
	CmdPhase      CommandKind = 32 // where trading stands at a venue; see PhaseCommand
	// CmdShortSale: the price test of Rule 201 was triggered for the symbol in Index, on the trade date in Target or, where
	// that is 0, now; Flag lifts it.
	CmdShortSale CommandKind = 46
	// CmdEasyToBorrow: the symbol in Index needs no locate on the trade date in Target; Flag: it does.
	CmdEasyToBorrow CommandKind = 44
	CmdLocate       CommandKind = 45 // Qty is located for short sales of the account in Index; Target is DatedInstrument

	// Links, connections and the gate as a whole.

	CmdStop         CommandKind = 4  // refuse new orders, log out every link; orders are kept. Flag: first cancel them, and log no link out yet
	CmdLinkDown     CommandKind = 13 // log the link in Index out and take no connection of it; orders are kept
	CmdLinkUp       CommandKind = 14 // let it up again
	CmdLinkSeq      CommandKind = 15 // set its NextIn and NextOut while it is down
	CmdLinkReset    CommandKind = 16 // begin both again at 1 while it is down
	CmdRevoked      CommandKind = 87 // the certificate on the connection in Target of the link in Index is revoked, as Reason says: it ends; Target 0: whichever it has
	CmdCertificates CommandKind = 22 // what came of a look at certificates, in Reason; Flag: a human must act
	CmdDiskLow      CommandKind = 72 // the disk of the journal has little room left, as Reason says
	CmdRateStale    CommandKind = 71 // a rate of exchange in force is stale, as Reason says
	CmdReload       CommandKind = 17 // put the configuration in force whose Change.Version is Target
	CmdStateDiffers CommandKind = 20 // the gate's shadow holds another state at the record in Target

	// The trade date, positions and marks.

	CmdRoll     CommandKind = 3  // the day roll to the trade date in Target (exposure 9)
	CmdSODBegin CommandKind = 18 // start-of-day positions of the account in Index for the trade date in Target follow: it is closed, and they are 0
	CmdSOD      CommandKind = 8  // one of them: Qty, negative for short, of the instrument in Target
	CmdSODEnd   CommandKind = 9  // they are complete
	// CmdAdjust: book Qty of the instrument in Target to the account in Index, by Side, at Price where it is not 0; Flag:
	// instead, what a split has left open there is settled. Takes two users.
	CmdAdjust CommandKind = 39
	// CmdMark: the instrument in Index is worth Price; takes two users. CmdClose: Price is its close for the trade date in
	// Target, and of which earlier day (DatedClose). Both hold from the next CmdMarksEnd on.
	CmdMark     CommandKind = 63
	CmdClose    CommandKind = 64
	CmdMarksEnd CommandKind = 65
	CmdSplit    CommandKind = 68 // the instrument in Index is split on the ex-date in Target, by the ratio in Qty (SplitQty); takes two users

	// Orders, executions and venues in doubt: a human's word about them.

	// CmdResolve ends the doubt about the order in Name, an OrderID or ClOrdID, of the link in Index or NoIndex, by Outcome.
	// Qty at Price, with ExecID, is what was executed beyond what is booked.
	CmdResolve      CommandKind = 10
	CmdResolveVenue CommandKind = 19 // the same for all Index orders in doubt of the venue in Target; takes two users
	CmdAccept       CommandKind = 7  // accept the venue in Index again: after a difference at egress, or a lost tail
	CmdAssign       CommandKind = 11 // book the fill in suspense at the venue in Target, ExecID in Name, to the account in Index; takes two users
	// CmdCancelStray cancels an order that the gate does not know at the venue in Target: OrderID in Name, instrument in
	// Index, Side, OrderQty in Qty. Takes two users.
	CmdCancelStray CommandKind = 12
	CmdCloseBreak  CommandKind = 58 // a break between a drop copy and the gate is dealt with: ExecID in Name, of the venue in Target
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

// Command is an operator's command. It is journaled as the Data of a CommandGiven event. Which fields a command reads,
// and for what, its CommandKind says; the others are zero.
type Command struct {
	ID     uint64 // chosen by the giver; names the answer
	Kind   CommandKind
	Scope  risk.Scope    // what Index is the number of, or ScopeSeveral
	Of     risk.Target   // with ScopeSeveral
	Mode   risk.KillMode // of a kill; 0: KillBlockAndCancel
	Flag   bool
	Index  uint32 // the number of an account, client, link, venue or instrument
	Target uint64 // another number, a date or an id
	Qty    risk.Qty
	Side   risk.Side
	Price  risk.Price // of Qty

	Outcome Outcome
	Name    string // OrderID, ClOrdID or ExecID of what is meant
	ExecID  string // the venue's of Qty; "": the giver does not know it

	NextIn, NextOut uint64 // of CmdLinkSeq: the next MsgSeqNum expected and sent; 0: as it is

	// Who gave it and why. The giver comes from peer credentials, never from a flag.
	UID    uint32
	PID    uint32
	Actor  string // user name behind UID; at most 64 bytes are kept
	Reason string // why, as given; at most 200 bytes are kept
}
