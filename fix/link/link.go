package link

import "portcullis/fix"

// Settings are what configuration says about one link; they do not change while it lives.
type Settings struct {
	Name         string // as operators write it: "FIX.4.4:GATE->ACME"
	BeginString  string
	SenderCompID string // ours
	TargetCompID string // the peer's
	SenderSubID  string
	TargetSubID  string
	ApplVerID    string // DefaultApplVerID(1137) for FIXT.1.1, e.g. "9" for FIX.5.0SP2; else empty

	Initiator         bool  // we connect and send the first Logon
	Settle            bool  // venue link: after Logon a TestRequest must be answered before it is Up
	DeliverFaulty     bool  // venue link: the owner gets what is refused in its turn too, see Result.Refuse
	HeartBtNs         int64 // our heartbeat interval; an acceptor takes the peer's HeartBtInt(108)
	HeartBtOverride   bool  // acceptor: HeartBtNs it is, whatever the peer's HeartBtInt(108)
	LogonTimeoutNs    int64 // from connection to completed logon; 0: no time-out
	LogoutTimeoutNs   int64 // from our Logout to the cut; 0: cut as soon as it is sent
	MaxLatencyNs      int64 // SendingTime(52) may differ from our clock by this much; 0: not checked
	ResetOnLogon      bool
	ResetOnLogout     bool
	ResetOnDisconnect bool
	ResendChunk       uint64        // numbers asked for by one ResendRequest; 0: all that is missing
	LastProcessed     bool          // each header tells LastMsgSeqNumProcessed(369)
	AnyApplVerID      bool          // the peer's DefaultApplVerID(1137) may differ from ours
	NextExpected      bool          // the Logon tells NextExpectedMsgSeqNum(789), and the peer's is heeded
	Precision         fix.Precision // of SendingTime from FIX.4.2 on; before, FIX has whole seconds
	Username          string        // initiator: Username(553) of our Logon; empty: not sent
	Password          string        // initiator: Password(554) of our Logon; see Out.SecretOff
	RawPassword       bool          // it is sent as RawData(96) instead
	LogonTags         []LogonTag    // initiator: what else the peer wants in our Logon, ascending

	Content  Content  // what a dictionary says of a message; nil: fields are not judged by one
	Schedule Schedule // when the link is open; nil: always, and its numbers go on

	sender, target string // the fields of each header that say who speaks, made by Ready
}

// Ready returns the settings as a link works by them: what each header repeats is written once. It is to be called after
// the last change of CompIDs.
func (s Settings) Ready() Settings {
	s.sender = party(fix.TagSenderCompID, s.SenderCompID, fix.TagSenderSubID, s.SenderSubID)
	s.target = party(fix.TagTargetCompID, s.TargetCompID, fix.TagTargetSubID, s.TargetSubID)
	return s
}

// party is the text of a CompID and, where there is one, its SubID.
func party(tag int, compID string, subTag int, subID string) string {
	var w fix.Writer
	w.String(tag, compID)
	if subID != "" {
		w.String(subTag, subID)
	}
	return string(w.Bytes(0, w.Len()))
}

// LogonTag is a field of a Logon that means something to the peer alone.
type LogonTag struct {
	Tag   int
	Value string
}

// Content judges the fields of a message whose turn it is: NoFault, or the first fault. It is a
// function of the message alone.
type Content interface {
	Judge(m *fix.Message) fix.Fault
}

// Schedule says when sessions begin and end, in Unix time. It is a function of the time alone.
type Schedule interface {
	// At returns since when (included) and until when (not) one session is open around utcNs, or none is.
	At(utcNs int64) (fromNs, toNs int64, open bool)
	// NextReset is the first moment after utcNs at which the numbers begin anew on the open session; 0: never.
	NextReset(utcNs int64) int64
}

// Phase is where a link stands. The zero value is Down.
type Phase uint8

const (
	Down       Phase = iota // no connection
	AwaitLogon              // connected; the peer's Logon has not come
	LogonSent               // connected; our Logon is out, the answer has not come
	Settling                // logged on; a TestRequest must be answered before orders may leave
	Up                      // logged on
	LogoutSent              // our Logout is out; what the peer still sends is taken
	Refused                 // our Logout after a fault is out; only the peer's Logout is read
)

var phaseNames = [...]string{"down", "await logon", "logon sent", "settling", "up", "logout sent", "refused"}

// String names the phase for operators.
func (p Phase) String() string {
	if int(p) < len(phaseNames) {
		return phaseNames[p]
	}
	return "unknown phase"
}

// LoggedOn reports whether the logon is complete and the link is not being ended.
func (p Phase) LoggedOn() bool { return p == Settling || p == Up }

// Resetting says what our last Logon with ResetSeqNumFlag(141)=Y was to the peer.
type Resetting uint8

const (
	NotResetting  Resetting = iota
	ResetAsked              // it asks for the reset: the peer's Logon must have the flag too
	ResetAnswered           // it answers the peer's on a link that is up, and we dialled: whoever answers each Logon answers this one too
)

// State is all that a link remembers between events. It is small and pointer-free: it is copied
// into the journal whenever more than a sequence number changes, and restored by copying back.
type State struct {
	NextIn  uint64 // MsgSeqNum(34) expected next, from 1
	NextOut uint64 // MsgSeqNum(34) we send next, from 1

	LastInNs  int64 // monotonic time of the last message received
	LastOutNs int64 // monotonic time of the last message sent
	SinceNs   int64 // monotonic time at which Phase was entered
	HeartBtNs int64 // interval agreed in the Logon; 0: no heartbeats

	TestSentNs int64  // monotonic time of the unanswered TestRequest; 0: none
	TestID     uint64 // number in the TestReqID(112) of that TestRequest

	GapTo      uint64 // we asked for NextIn..GapTo-1 and have not got it all; 0: no gap
	GapNext    uint64 // NextIn when GapAskedNs was set
	GapAskedNs int64  // monotonic time at which we asked, or last looked whether the gap shrinks

	Resetting Resetting
	Phase     Phase
	Garbled   bool   // the message expected next has come, and was garbled
	Anew      bool   // the numbers begin at 1 when the connection is gone
	ChunkLeft uint32 // numbers from NextIn on that the last ResendRequest asked for; 0: all of the gap

	BegunNs   int64 // Unix time at which the numbers last began at 1; 0: not known
	LookNs    int64 // monotonic time at which the schedule has something to say; 0: at once
	ResetAtNs int64 // Unix time of the ResetSeqTime that comes next; 0: none is known
}

// Now is the time of an event; it comes in with the event, the machine reads no clock.
type Now struct {
	UTCNs  int64 // Unix time
	MonoNs int64 // monotonic, from 1
}

// Deliver says what the owner of the link has to do with a received message.
type Deliver uint8

const (
	Nothing  Deliver = iota // a session message, fully handled here
	InOrder                 // an application message or Reject(35=3) with the expected number: judge it
	Repeated                // an application message sent again, its number was taken: never judged twice
)

// Result is what one step came to, beside the messages it appended to the Outbox.
type Result struct {
	Next    State
	Plain   bool // Next differs from the state before only as State.Taken would change it
	Deliver Deliver
	Close   bool // cut the connection once what was appended is sent

	LoggedOn  bool // this step completed the logon
	Settled   bool // this step completed settling: the link is Up
	LoggedOut bool // a Logout handshake was completed or the peer's Logout arrived
	Reset     bool // both sequence numbers were set to 1 by this step

	Early uint64 // MsgSeqNum of a message above a gap: give it to Kept when that number is expected; 0: none

	ResendFrom uint64 // the peer asks again for ResendFrom..ResendTo (ResendTo inclusive, clipped to
	ResendTo   uint64 // what was sent); 0: no request

	Fault    Fault // why the message was refused or the link cut; NoFault if nothing was wrong
	FaultTag int   // the tag concerned, where Fault leaves it open; 0: none

	// With DeliverFaulty a message is delivered in order in spite of its Fault, for it may tell of an
	// execution. Refuse: nothing was answered, and an owner who makes nothing of it answers by Reject.
	Refuse bool
	Code   fix.FaultCode // for that Reject
}

// Taken notes an application message taken in order.
func (st *State) Taken(now Now) {
	st.NextIn++
	st.LastInNs = now.MonoNs
}

// Sent notes a message sent with the next number.
func (st *State) Sent(now Now) {
	st.NextOut++
	st.LastOutNs = now.MonoNs
}
