package settings

import (
	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/fix/schedule"
)

// Precision is the number of decimals of the seconds in SendingTime(52) and OrigSendingTime(122).
type Precision uint8

// The precisions of TimeStampPrecision. The zero value is the default of FIX 4.2 and later.
const (
	Millis Precision = iota
	Micros
	Nanos
)

// Session is one FIX session (in this project a "link") as the settings file describes it, complete
// and within the ranges given here. All durations are whole seconds.
type Session struct {
	Name string // "FIX.4.4:GATE->ACME", as quickfixgo prints a SessionID; unique in its file
	File string // the settings file, for messages
	Line int    // the line of its [SESSION] header

	Initiator bool // true: we connect and send the first Logon(A); false: the peer does

	BeginString      string // tag 8: FIX.4.0 to FIX.4.4, or FIXT.1.1
	SenderCompID     string // tag 49 of what we send; 1..CompIDBytesMax printable ASCII bytes
	TargetCompID     string // tag 56 of what we send
	SenderSubID      string // tag 50 of what we send; "" = none
	TargetSubID      string // tag 57 of what we send; "" = none
	DefaultApplVerID string // tag 1137, the code ("9" = FIX 5.0 SP2); "" unless BeginString is FIXT.1.1

	HeartBtIntSec      int  // tag 108; 1..3600; 0 = acceptor that takes what the initiator's Logon says
	HeartBtIntOverride bool // acceptor: answers with HeartBtIntSec instead of the initiator's value

	AcceptHost  string // acceptor: address to listen on; "" = every interface
	AcceptPort  int    // acceptor: 0..65535; 0 = any free port (tests)
	ConnectHost string // initiator: host name or address to connect to
	ConnectPort int    // initiator: 1..65535

	Security   Security // TLS of its connections
	UseProxy   bool     // acceptor: connections come from proxies and begin with a PROXY header
	TimeoutSec int      // initiator: bounds connecting and the TLS handshake; 0 = not set, else 1..86400

	ReconnectSec     int // initiator: wait between two attempts; 1..86400
	LogonTimeoutSec  int // 1..86400
	LogoutTimeoutSec int // 1..86400

	Schedule *schedule.Schedule // when it is open and when its numbers begin anew; nil: open for ever

	ResetOnLogon      bool // numbers start at 1 with each Logon (141=Y as initiator)
	ResetOnLogout     bool // numbers start at 1 after an orderly Logout
	ResetOnDisconnect bool // numbers start at 1 after the connection broke

	MaxLatencySec int       // SendingTime(52) further than this from our clock is refused; 0 = not checked
	Precision     Precision // of the times we write

	EnableLastMsgSeqNumProcessed bool // write tag 369
	EnableNextExpectedMsgSeqNum  bool // tell tag 789 in the Logon(A), heed the peer's
	ResendRequestChunkSize       int  // most messages asked for in one ResendRequest(2); 0 = all

	Dictionaries Dictionaries // acceptor
}

// CompIDBytesMax bounds each CompID and SubID.
const CompIDBytesMax = 64

// Link is the session as the session layer takes it.
func (s *Session) Link() link.Settings {
	precision := fix.Millis
	switch {
	case s.BeginString < "FIX.4.2": // FIX had whole seconds
		precision = fix.Seconds
	case s.Precision == Micros:
		precision = fix.Micros
	case s.Precision == Nanos:
		precision = fix.Nanos
	}
	ns := func(seconds int) int64 { return int64(seconds) * 1_000_000_000 }
	set := link.Settings{
		Name: s.Name, BeginString: s.BeginString, SenderCompID: s.SenderCompID, TargetCompID: s.TargetCompID,
		SenderSubID: s.SenderSubID, TargetSubID: s.TargetSubID, ApplVerID: s.DefaultApplVerID,
		Initiator: s.Initiator, HeartBtNs: ns(s.HeartBtIntSec), HeartBtOverride: s.HeartBtIntOverride,
		LogonTimeoutNs: ns(s.LogonTimeoutSec), LogoutTimeoutNs: ns(s.LogoutTimeoutSec), MaxLatencyNs: ns(s.MaxLatencySec),
		ResetOnLogon: s.ResetOnLogon, ResetOnLogout: s.ResetOnLogout, ResetOnDisconnect: s.ResetOnDisconnect,
		ResendChunk: uint64(s.ResendRequestChunkSize), LastProcessed: s.EnableLastMsgSeqNumProcessed,
		NextExpected: s.EnableNextExpectedMsgSeqNum, Precision: precision,
	}
	if s.Schedule != nil {
		set.Schedule = s.Schedule
	}
	return set.Ready()
}

// ApplVersion returns the version of the application messages, one of ApplVersions.
func (s *Session) ApplVersion() string {
	if s.BeginString == transport {
		return applVersions[s.DefaultApplVerID]
	}
	return s.BeginString
}

// Settings is the typed content of one settings file.
type Settings struct {
	Sessions []Session // in file order, at least one
	Dynamic  *Template // ReadEcho: of sessions that are not listed; nil: they are not taken
	Notes    []string  // keys that were accepted but have no effect here, each "file:line: ..."
}
