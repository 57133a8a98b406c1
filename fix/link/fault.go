package link

import "portcullis/fix"

// Fault is the specific reason for a refusal or a cut, for the log and the Text(58). Result.FaultTag
// holds the tag where a Fault can concern more than one.
type Fault uint8

const (
	NoFault Fault = iota

	NotConnected     // a message on a link that is down
	Garbled          // MsgType(35) is not the third field; ignored, as FIX asks, the first time
	FirstNotLogon    // the first message of a connection is not a Logon
	WrongBeginString // BeginString(8) is not the link's
	BadMsgSeqNum     // MsgSeqNum(34) missing or not a number
	WrongCompID      // SenderCompID(49) or TargetCompID(56) is not the link's
	InaccurateTime   // SendingTime(52) differs from our clock by more than MaxLatencyNs
	SeqTooLow        // MsgSeqNum(34) was taken before and PossDupFlag(43) is not Y
	SeqTooHigh       // MsgSeqNum(34) leaves a gap; the message is dropped, the gap asked for
	OrigTimeLater    // OrigSendingTime(122) is after SendingTime(52)

	MalformedField  // what Message.Index found; FaultTag
	RepeatedField   // a field the session layer reads occurs twice; FaultTag
	RequiredMissing // FaultTag
	IncorrectValue  // FaultTag
	IncorrectFormat // FaultTag
	InvalidMsgType  // MsgType(35) is not letters and digits
	NewSeqNoLow     // NewSeqNo(36) would take the sequence back or leave it where it is
	ResendBeyond    // BeginSeqNo(7) was never sent

	DuplicateLogon  // a Logon without ResetSeqNumFlag(141) while logged on
	EncryptedLogon  // EncryptMethod(98) is not 0
	HeartBtIntRange // HeartBtInt(108) is not 0 to heartBtSecondsMax
	WrongApplVerID  // DefaultApplVerID(1137) is not the link's
	ResetNotFirst   // ResetSeqNumFlag(141)=Y with MsgSeqNum(34) other than 1
	ResetUnanswered // we sent 141=Y, the answer lacks it
	ResetUnasked    // the answer has 141=Y, but our Logon was not number 1
	LogonRefused    // the peer answered our Logon with a Logout or a Reject

	LogonTimeout     // no Logon within LogonTimeoutNs
	LogoutTimeout    // no answer to our Logout within LogoutTimeoutNs
	PeerSilent       // nothing came for 2.4 × HeartBtInt, our TestRequest included
	SettleUnanswered // the TestRequest that settles the link is not answered; sent again
	ContentRefused   // what the dictionary says of the message; FaultTag
	NextExpectedHigh // NextExpectedMsgSeqNum(789) of a Logon is above what we send next
	HeldDown         // the owner takes no connection of the link
	OutsideSession   // the schedule has the link closed, or a new session has begun
	GarbledField     // something is no tag=value; ignored, as FIX asks, the first time
	Revoked          // the certificate with which the peer came is revoked
	NumbersSkipped   // SequenceReset-Reset: what the peer sent under the numbers that it skips will not come
	faultCount
)

// rule says how a fault is named and answered. The name is also the Text(58) of a Logout, for which
// the QuickFIX family has fixed the words in one case (WrongBeginString). reason is the
// SessionRejectReason(373) of its Reject.
type rule struct {
	name   string
	reason fix.FaultCode
}

const (
	noReject     fix.FaultCode = -1
	fromIndex    fix.FaultCode = -2 // the code that Message.Index gave
	fromContent  fix.FaultCode = -3 // the code that Settings.Content gave
	compID       fix.FaultCode = 9
	sendingTime  fix.FaultCode = 10
	msgTypeWrong fix.FaultCode = 11
)

var rules = [faultCount]rule{
	NoFault:          {"no fault", noReject},
	NotConnected:     {"no connection", noReject},
	Garbled:          {"garbled: MsgType(35) is not the third field", fix.FieldOrder},
	GarbledField:     {"garbled: a field is not tag=value", fix.InvalidTag},
	FirstNotLogon:    {"first message is not a Logon(35=A)", noReject},
	WrongBeginString: {"Incorrect BeginString", noReject},
	BadMsgSeqNum:     {"MsgSeqNum(34) missing or malformed", noReject},
	WrongCompID:      {"SenderCompID(49) or TargetCompID(56) wrong", compID},
	InaccurateTime:   {"SendingTime(52) too far from our clock", sendingTime},
	SeqTooLow:        {"MsgSeqNum(34) too low", noReject},
	SeqTooHigh:       {"MsgSeqNum(34) too high", noReject},
	OrigTimeLater:    {"OrigSendingTime(122) after SendingTime(52)", sendingTime},
	MalformedField:   {"malformed field", fromIndex},
	RepeatedField:    {"field occurs twice", fix.RepeatedTag},
	RequiredMissing:  {"required field missing", fix.RequiredMissing},
	IncorrectValue:   {"field value out of range", fix.IncorrectValue},
	IncorrectFormat:  {"field value malformed", fix.IncorrectFormat},
	InvalidMsgType:   {"MsgType(35) invalid", msgTypeWrong},
	NewSeqNoLow:      {"NewSeqNo(36) too low", fix.IncorrectValue},
	ResendBeyond:     {"BeginSeqNo(7) was never sent", fix.IncorrectValue},
	DuplicateLogon:   {"Logon(35=A) while logged on", msgTypeWrong},
	EncryptedLogon:   {"EncryptMethod(98) must be 0", noReject},
	HeartBtIntRange:  {"HeartBtInt(108) must be 0 to 3600", noReject},
	WrongApplVerID:   {"DefaultApplVerID(1137) is not served here", noReject},
	ResetNotFirst:    {"ResetSeqNumFlag(141)=Y needs MsgSeqNum(34)=1", noReject},
	ResetUnanswered:  {"ResetSeqNumFlag(141)=Y was not answered", noReject},
	ResetUnasked:     {"ResetSeqNumFlag(141)=Y was not asked for", noReject},
	LogonRefused:     {"Logon(35=A) refused by the peer", noReject},
	LogonTimeout:     {"no Logon(35=A) in time", noReject},
	LogoutTimeout:    {"no Logout(35=5) in time", noReject},
	PeerSilent:       {"peer silent for 2.4 HeartBtInt(108)", noReject},
	SettleUnanswered: {"TestRequest(35=1) after logon not answered", noReject},
	ContentRefused:   {"refused by the dictionary", fromContent},
	NextExpectedHigh: {"NextExpectedMsgSeqNum(789) too high", noReject},
	HeldDown:         {"link is held down by an operator", noReject},
	OutsideSession:   {"outside of the session's time", noReject},
	Revoked:          {"the peer's certificate is revoked", noReject},
	NumbersSkipped:   {"SequenceReset(35=4) skips messages that have not come", noReject},
}

// Garbled reports whether the message could not be cut into the fields of FIX, and was ignored at first.
func (f Fault) Garbled() bool { return f == Garbled || f == GarbledField }

// String names the fault for the log, with its FIX tag.
func (f Fault) String() string {
	if f < faultCount {
		return rules[f].name
	}
	return "unknown fault"
}

// reasonTexts are the Text(58) of a Reject by SessionRejectReason(373), in the words of FIX.
var reasonTexts = [...]string{
	"Invalid tag number",
	"Required tag missing",
	"Tag not defined for this message type",
	"Undefined Tag",
	"Tag specified without a value",
	"Value is incorrect (out of range) for this tag",
	"Incorrect data format for value",
	"Decryption problem",
	"Signature problem",
	"CompID problem",
	"SendingTime accuracy problem",
	"Invalid MsgType",
	"XML validation error",
	"Tag appears more than once",
	"Tag specified out of required order",
	"Repeating group fields out of order",
	"Incorrect NumInGroup count for repeating group",
	"Non \"data\" value includes field delimiter",
	"Invalid or unsupported application version",
}

func reasonText(reason fix.FaultCode) string {
	if reason >= 0 && int(reason) < len(reasonTexts) {
		return reasonTexts[reason]
	}
	return "Message refused"
}
