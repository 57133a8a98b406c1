package settings

import (
	"strings"
)

// Status says what becomes of a key.
type Status uint8

const (
	// Honoured: the key has the meaning that the QuickFIX family gives it.
	Honoured Status = iota + 1
	// Harmless: accepted at the one value that describes what the gate does anyway, else refused.
	Harmless
	// Ignored: accepted with a note; the gate has its own way for what the key is about.
	Ignored
	// Refused: ignoring the key would change how the session behaves, so the file is refused.
	Refused
)

// String names the status in one word.
func (s Status) String() string {
	return [...]string{"unknown", "honoured", "harmless", "ignored", "refused"}[min(s, Refused)]
}

// Rule is the row of one key.
type Rule struct {
	Key    string
	Status Status
	Value  string // of a Harmless key: the accepted value, compared without case
	Why    string // shown to the user for every status but Honoured
}

// Reasons that several rows share.
const (
	whyBytes  = "a key or certificate has a file of its own, which can be renewed"
	whySkip   = "whoever answers would be taken for the venue; SocketCAFile names the authority of its certificate"
	whyProxy  = "connecting through a proxy is not offered"
	whyStore  = "the gate's journal is the message store"
	whyLog    = "the gate's journal is the message log"
	whySecond = "a second address comes later; one SocketConnectHost per session"
)

// rules has one row for each key of quickfixgo's config package, in its order, and then the keys
// of QuickFIX C++ and QuickFIX/J that real files carry and that are harmless at one value, and what the gate adds.
var rules = []Rule{
	{"ConnectionType", Honoured, "", ""},
	{"BeginString", Honoured, "", ""},
	{"SenderCompID", Honoured, "", ""},
	{"SenderSubID", Honoured, "", ""},
	{"SenderLocationID", Refused, "", "location ids (142, 143) are not part of a link's name here"},
	{"TargetCompID", Honoured, "", ""},
	{"TargetSubID", Honoured, "", ""},
	{"TargetLocationID", Refused, "", "location ids (142, 143) are not part of a link's name here"},
	{"SessionQualifier", Refused, "", "two links with the same ids cannot be told apart on the wire"},
	{"DefaultApplVerID", Honoured, "", ""},
	{"StartTime", Honoured, "", ""},
	{"EndTime", Honoured, "", ""},
	{"StartDay", Honoured, "", ""},
	{"EndDay", Honoured, "", ""},
	{"Weekdays", Honoured, "", ""},
	{"TimeZone", Honoured, "", ""},
	{"TimeStampPrecision", Honoured, "", ""},
	{"ResetOnLogon", Honoured, "", ""},
	{"RefreshOnLogon", Ignored, "", "a link's numbers are always those of the gate's journal, at a logon too"},
	{"ResetOnLogout", Honoured, "", ""},
	{"ResetOnDisconnect", Honoured, "", ""},
	{"ResetSeqTime", Honoured, "", ""},

	{"DataDictionary", Honoured, "", ""},
	{"TransportDataDictionary", Honoured, "", ""},
	{"AppDataDictionary", Honoured, "", ""},
	{"RejectInvalidMessage", Harmless, "Y", "an invalid message is always rejected"},
	{"AllowUnknownMsgFields", Honoured, "", ""},
	{"ValidateUserDefinedFields", Honoured, "", ""},
	{"ValidateFieldsOutOfOrder", Honoured, "", ""},
	{"CheckLatency", Honoured, "", ""},
	{"MaxLatency", Honoured, "", ""},

	{"ReconnectInterval", Honoured, "", ""},
	{"LogoutTimeout", Honoured, "", ""},
	{"LogonTimeout", Honoured, "", ""},
	{"HeartBtInt", Honoured, "", ""},
	{"SocketConnectHost", Honoured, "", ""},
	{"SocketConnectPort", Honoured, "", ""},
	{"SocketTimeout", Honoured, "", ""},
	{"ProxyType", Refused, "", whyProxy},
	{"ProxyHost", Refused, "", whyProxy},
	{"ProxyPort", Refused, "", whyProxy},
	{"ProxyUser", Refused, "", whyProxy},
	{"ProxyPassword", Refused, "", whyProxy},

	{"SocketAcceptHost", Honoured, "", ""},
	{"SocketAcceptPort", Honoured, "", ""},
	{"HeartBtIntOverride", Honoured, "", ""},
	{"UseTCPProxy", Honoured, "", ""},
	{"DynamicSessions", Harmless, "N", "who is not listed has no account, limit or password, so nobody is admitted by a pattern; gate client add lists a client"},
	{"DynamicQualifier", Harmless, "N", "sessions of the same CompIDs are one session, whose numbers go on"},

	{"SocketPrivateKeyFile", Honoured, "", ""},
	{"SocketCertificateFile", Honoured, "", ""},
	{"SocketCAFile", Honoured, "", ""},
	{"SocketPrivateKeyBytes", Refused, "", whyBytes},
	{"SocketCertificateBytes", Refused, "", whyBytes},
	{"SocketCABytes", Refused, "", whyBytes},
	{"SocketInsecureSkipVerify", Harmless, "N", whySkip},
	{"SocketServerName", Honoured, "", ""},
	{"SocketMinimumTLSVersion", Honoured, "", ""},
	{"SocketUseSSL", Honoured, "", ""},

	{"FileLogPath", Ignored, "", whyLog},
	{"SQLLogDriver", Ignored, "", whyLog},
	{"SQLLogDataSourceName", Ignored, "", whyLog},
	{"SQLLogConnMaxLifetime", Ignored, "", whyLog},
	{"MongoLogConnection", Ignored, "", whyLog},
	{"MongoLogDatabase", Ignored, "", whyLog},
	{"MongoLogReplicaSet", Ignored, "", whyLog},
	{"PersistMessages", Harmless, "Y", "what was sent is always kept, and resent when asked for"},
	{"FileStorePath", Ignored, "", whyStore},
	{"FileStoreSync", Ignored, "", whyStore + "; durability is set in gate.yaml"},
	{"SQLStoreDriver", Ignored, "", whyStore},
	{"SQLStoreDataSourceName", Ignored, "", whyStore},
	{"SQLStoreConnMaxLifetime", Ignored, "", whyStore},
	{"SQLStoreMessagesTableName", Ignored, "", whyStore},
	{"SQLStoreSessionsTableName", Ignored, "", whyStore},
	{"MongoStoreConnection", Ignored, "", whyStore},
	{"MongoStoreDatabase", Ignored, "", whyStore},
	{"MongoStoreReplicaSet", Ignored, "", whyStore},
	{"ResendRequestChunkSize", Honoured, "", ""},
	{"EnableLastMsgSeqNumProcessed", Honoured, "", ""},
	{"EnableNextExpectedMsgSeqNum", Honoured, "", ""},

	{"NonStopSession", Honoured, "", ""},
	{"UseDataDictionary", Honoured, "", ""},
	{"CheckUserDefinedFields", Honoured, "", ""},
	{"ValidateFieldsHaveValues", Harmless, "Y", "an empty value is always refused"},
	{"ValidateUnorderedGroupFields", Honoured, "", ""},
	{"ValidateLengthAndChecksum", Harmless, "Y", "a message with a wrong length or checksum is garbled: it is ignored"},
	{"CheckCompID", Harmless, "Y", "CompIDs are always checked"},
	{"SocketNodelay", Harmless, "Y", "small messages are never delayed"},
	{"SocketTcpNoDelay", Harmless, "Y", "small messages are never delayed"},
	{"SocketReuseAddress", Harmless, "Y", "listening addresses are always reusable"},
	{"ScreenLogShowIncoming", Ignored, "", whyLog},
	{"ScreenLogShowOutgoing", Ignored, "", whyLog},
	{"ScreenLogShowEvents", Ignored, "", whyLog},

	{"SocketCRLFiles", Honoured, "", ""}, // the gate's own
}

// ruleOf finds the rule of a key, also of the two families that carry a suffix:
// SocketConnectHost1, SocketConnectPort2 ... and AppDataDictionary.FIX.4.4.
func ruleOf(key string) (Rule, bool) {
	for _, rule := range rules {
		if rule.Key == key {
			return rule, true
		}
	}
	for _, family := range []string{"SocketConnectHost", "SocketConnectPort"} {
		if suffix, ok := strings.CutPrefix(key, family); ok && strings.Trim(suffix, "0123456789") == "" {
			return Rule{Key: key, Status: Refused, Why: whySecond}, true
		}
	}
	if strings.HasPrefix(key, appFamily) {
		return Rule{Key: key, Status: Honoured}, true
	}
	return Rule{}, false
}

// keyNames lists all known keys, for hints.
func keyNames() []string {
	names := make([]string, len(rules))
	for i, rule := range rules {
		names[i] = rule.Key
	}
	return names
}
