package core

import (
	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

// EffectsMax bounds the facts that one event can establish.
const EffectsMax = 48

// Decision is everything that follows from one event: the verdict with each value looked at, the
// facts (Effects) that Apply makes true, and the messages to send. It is scratch memory: its owner, the engine's
// thread, passes the same one to every Decide.
type Decision struct {
	// Reason is the verdict on an order message (D, F, G): Accepted, or the first check that
	// failed. It is Unjudged where the event was no order message.
	Reason  risk.Reason
	MsgType byte   // of the message judged: 'D', 'F', 'G', '8', '9'; 0 for others
	Order   uint32 // slot of the order concerned, NoIndex if none
	Request uint32 // slot of the request concerned, NoIndex if none
	RefTag  uint32 // the tag at fault, 0 if none

	Judgement risk.Judgement // each control looked at, with value and limit
	Effects   [EffectsMax]Effect
	EffectLen int
	Out       link.Outbox

	// What the engine has to do beside sending. It is journaled with the decision, except Early: a message that is
	// kept does not outlive its connection.
	Close       bool   // cut the event's connection after sending
	Early       uint64 // keep the event's message and give it again when this is the number expected; 0: not
	Resend      Range  // read these numbers of the event's link from the journal and give them back
	Withdraw    bool   // take orders in killed scopes out of all send buffers
	Reply       Reply  // the answer to a command, where this event completed one
	LinkFault   uint8  // link.Fault of a refused or cut session message, for the log
	Alerts      bool   // some effect is an alert; for the log, not journaled
	Rejected    bool   // an application message was answered by Reject(35=3); for the log, not journaled
	ReportCount uint32 // ExecIDs of its own that the gate used
	Taken       bool   // an application message was taken in order, and nothing else changed the link
	SessionStep bool   // Link is the state of the event's link from now on
	Noted       bool   // to be journaled although nothing follows
	Link        link.State

	msg    fix.Message // index over Event.Data
	own    uint32      // slot of the message's ClOrdID, whether or not its use is over; NoIndex
	result link.Result

	cuts        [fix.FieldsMax]cut // the fields of msg that policyReason keeps from the venue, in order
	cutCount    int
	order       risk.Order
	account     named       // of order
	symbol      named       // of order
	form        risk.Form   // of order, where it has one
	attribution attribution // of order
	content     uint64      // contentHash of order, where somebody has passed soft controls; means nothing otherwise
	report      venueReport
	prior       [risk.VersionsMax + 1]risk.Version
	met         [risk.MatchesMax]uint32 // orders to cancel ahead of order
	metLen      int
}

// Form is what the order that d accepts says beside its terms, nil where that is nothing. It is not recorded.
func (d *Decision) Form() *risk.Form { return d.order.Form }

// Range is From..To inclusive; From 0 means none.
type Range struct{ From, To uint64 }

// Reply answers a command: what a kill reached, or why the command was refused.
type Reply struct {
	ID        uint64 // Command.ID; 0: no reply
	Code      ReplyCode
	_         [3]byte
	Link      uint32 // of LinkHasOrders and LinkInUse; of a kill that disconnects: how many links it holds down
	KillID    uint64
	InScope   uint32 // open orders in scope
	Withdrawn uint32 // taken back before their bytes left
	Cancels   uint32 // cancels sent
	Owed      uint32 // cancels owed: the venue's line is down, or it takes none now
	Excluded  uint32 // left alone: GTC/GTD with --keep-gtc
	Waiting   uint32 // none sent: an earlier cancel is in flight, its answer not overdue
}

// ReplyCode says how a command ended. The numbers are journaled and never reused; they are grouped here by what was
// asked for.
type ReplyCode uint8

const (
	Done          ReplyCode = 0
	UnknownTarget ReplyCode = 1  // no such kill, scope or number
	TableFullCode ReplyCode = 2  // no row is free for it
	Malformed     ReplyCode = 3  // the command could not be read
	SecondPerson  ReplyCode = 5  // noted; the same command by another user carries it out
	AskedInstead  ReplyCode = 82 // noted like SecondPerson, in the place of what waited longest

	// Kills, and what may trade.

	KilledFirm    ReplyCode = 4  // done, but as a kill of the firm: there was no row for another
	NotLinks      ReplyCode = 48 // a kill that disconnects is of more than groups, clients and links
	Contradiction ReplyCode = 80 // no order can be in all the scopes that a kill names
	NotHalted     ReplyCode = 81 // no operator halts it
	NotRestricted ReplyCode = 30 // no operator restricts the symbol in that scope
	NotDrained    ReplyCode = 21 // the link, or the gate, takes new orders
	NotTested     ReplyCode = 77 // short sales of the symbol are not held above the best bid

	// Orders, executions and venues in doubt.

	NotInDoubt    ReplyCode = 6  // the order is known, and so is how it stands
	Ambiguous     ReplyCode = 7  // more than one order in doubt has that name
	Impossible    ReplyCode = 8  // the order cannot have come to that end
	ExecBooked    ReplyCode = 16 // an execution with that ExecID is booked
	ListChanged   ReplyCode = 20 // another number of orders is in doubt than the giver has seen
	NotStopped    ReplyCode = 9  // nothing stops the venue that a human could lift
	LineDown      ReplyCode = 11 // the venue's line takes nothing now
	NotInSuspense ReplyCode = 10 // no fill of that ExecID waits in the venue's suspense account
	NotBroken     ReplyCode = 58 // no break stands about an execution of that ExecID

	// Links and their numbers.

	NotHeld     ReplyCode = 12 // nobody holds the link down
	LinkNotDown ReplyCode = 13 // the link has a connection: its numbers are in use
	NumberUsed  ReplyCode = 14 // the outgoing number has been used

	// The trade date and splits.

	SameDate     ReplyCode = 15 // the trade date is that one already, or a later one
	SplitKnown   ReplyCode = 69 // that split was said before: nothing changes
	SplitApplied ReplyCode = 70 // a split of the symbol of that ex-date, or a later one, has been applied
	SplitPending ReplyCode = 71 // a split of the symbol with another ex-date is not applied yet
	SplitTooLate ReplyCode = 72 // the ex-date is of a trade date before this one
	SplitBefore  ReplyCode = 76 // the ex-date is before the first of all: what is held came in new units
	NoFraction   ReplyCode = 73 // a split has left nothing open of that account in that symbol

	// Another configuration.

	NotStaged        ReplyCode = 17 // there is no configuration of that version to put in force
	LinkHasOrders    ReplyCode = 18 // a link that is to go has open orders
	LinkInUse        ReplyCode = 19 // a link that is to go has a connection, or may have one
	StillUsed        ReplyCode = 56 // what a configuration does not name any more has open orders or positions
	ListsTooLong     ReplyCode = 31 // the lists of a configuration take more rows than there are
	StartsOnly       ReplyCode = 54 // a setting that only a start takes up
	GoesOverAll      ReplyCode = 57 // all accounts are being gone over; it is over in a moment
	PositionsUnknown ReplyCode = 74 // a limit of positions of a scope of whose earlier ones nobody knows
	LeavesKill       ReplyCode = 83 // what gets another owner would leave what a kill stops
	LinkOfAnother    ReplyCode = 84 // a link that gets another client has orders open of accounts that are not of it
	RenamedOpen      ReplyCode = 85 // a venue is to know accounts or symbols of open orders by other names
	BudgetTooLong    ReplyCode = 86 // a venue's budget counts more messages than the start made room for
	DayUnknown       ReplyCode = 75 // a limit of what was booked on this trade date, not all of which can be told apart
)

// Reset prepares d for the next event.
func (d *Decision) Reset() {
	d.Reason = risk.Unjudged
	d.MsgType = 0
	d.Order, d.Request = NoIndex, NoIndex
	d.RefTag = 0
	d.attribution = attribution{}
	d.Judgement.Count, d.Judgement.Trips = 0, false
	d.EffectLen = 0
	d.Out.Reset()
	d.Close, d.Withdraw, d.SessionStep, d.Taken, d.Noted = false, false, false, false, false
	d.Resend = Range{}
	d.Early = 0
	d.Reply = Reply{}
	d.LinkFault = 0
	d.Alerts, d.Rejected = false, false
	d.ReportCount = 0
	d.metLen = 0
}

// faulty reports whether a message was delivered in spite of a fault that the session layer found.
func (d *Decision) faulty() bool { return d.result.Fault != link.NoFault }

// faultTag is the tag of that fault, MsgType(35) where it is none in particular; 0: there is no fault.
func (d *Decision) faultTag() uint32 {
	if tag := d.result.FaultTag; tag != 0 || !d.faulty() {
		return uint32(tag)
	}
	return fix.TagMsgType
}

// Renumbered is the link whose outgoing numbers this decision sets back to 1, NoIndex if none.
func (d *Decision) Renumbered() uint32 {
	for i := 0; d.SessionStep && i < d.EffectLen; i++ {
		if d.Effects[i].Kind == Renumbered {
			return d.Effects[i].Link
		}
	}
	return NoIndex
}

// Reloaded is the version of the configuration that this decision puts in force; 0: none.
func (d *Decision) Reloaded() uint64 {
	for i := range d.EffectLen {
		if d.Effects[i].Kind == Reloaded {
			return d.Effects[i].Value
		}
	}
	return 0
}

// Empty reports whether nothing follows from the event, so that nothing needs to be journaled.
func (d *Decision) Empty() bool {
	return d.EffectLen == 0 && d.Out.Count == 0 && !d.Close && d.Resend.From == 0 &&
		d.Reply.ID == 0 && !d.Withdraw && d.Reason == risk.Unjudged && !d.SessionStep && !d.Taken && !d.Noted
}

// cut is a field of a message that does not pass as it is: left out, or the gate's own to write in its place.
type cut struct {
	field uint16
	own   bool
}
