package settings

import (
	"bytes"
	"strings"
	"testing"

	"github.com/quickfixgo/quickfix"
)

// TestMirrorOf: what a client's file becomes, under a [DEFAULT] of ours, and what is said of the rest.
func TestMirrorOf(t *testing.T) {
	const ours = "[DEFAULT]\nConnectionType=acceptor\nSocketAcceptHost=127.0.0.1\nSocketAcceptPort=9876\nBeginString=FIX.4.4\nSenderCompID=GATE\n" +
		"ResetOnLogon=N\nMaxLatency=120\n[SESSION]\nTargetCompID=OTHER\n"
	const theirs = "[DEFAULT]\nConnectionType=initiator\nFileStorePath=store\nReconnectInterval=5\n[SESSION]\nBeginString=FIX.4.4\nSenderCompID=ACME\n" +
		"TargetCompID=GATE\nHeartBtInt=30\nSocketConnectHost=gate.example.com\nSocketConnectPort=9876\n"
	for _, c := range []struct {
		name, ours, theirs string
		section, notes     string
	}{
		{"what differs from our [DEFAULT]", ours, theirs, "TargetCompID=ACME|HeartBtInt=30", ""},
		{"no [DEFAULT] of ours", "[SESSION]\nA=1\n", theirs, "ConnectionType=acceptor|BeginString=FIX.4.4|SenderCompID=GATE|TargetCompID=ACME|HeartBtInt=30|SocketAcceptPort=9876", ""},
		{"sub ids change sides", ours, theirs + "SenderSubID=DESK\nTargetSubID=EQ\n", "SenderSubID=EQ|TargetCompID=ACME|TargetSubID=DESK|HeartBtInt=30", ""},
		{"hours, resets, precision and dictionaries", ours, theirs + "StartTime=08:00:00\nEndTime=17:00:00\nTimeZone=Europe/London\nResetOnLogon=Y\nResetOnDisconnect=N\n" +
			"TimeStampPrecision=NANOS\nUseDataDictionary=Y\nDataDictionary=FIX44.xml\nEnableNextExpectedMsgSeqNum=Y\n",
			"TargetCompID=ACME|HeartBtInt=30|StartTime=08:00:00|EndTime=17:00:00|TimeZone=Europe/London|ResetOnLogon=Y|ResetOnDisconnect=N|" +
				"TimeStampPrecision=NANOS|EnableNextExpectedMsgSeqNum=Y|UseDataDictionary=Y|DataDictionary=FIX44.xml", ""},
		{"what our [DEFAULT] sets and they leave out", strings.Replace(ours, "ResetOnLogon=N", "ResetOnLogon=Y\nStartTime=08:00:00\nEndTime=17:00:00", 1), theirs,
			"TargetCompID=ACME|HeartBtInt=30|ResetOnLogon=N",
			"StartTime=08:00:00 of our [DEFAULT] holds; their file has no StartTime|EndTime=17:00:00 of our [DEFAULT] holds; their file has no EndTime"},
		{"another port", ours, strings.Replace(theirs, "9876", "5001", 1), "TargetCompID=ACME|HeartBtInt=30",
			"they connect to port 5001, our [DEFAULT] listens on 9876: tell them, or write SocketAcceptPort"},
		{"a secret, a reset time, a place", ours, theirs + "Password=hunter2\nResetSeqTime=17:00:00\nSenderLocationID=LDN\n", "TargetCompID=ACME|HeartBtInt=30",
			`t.cfg:12: "Password" is no key of QuickFIX and was left out|t.cfg:13: ResetSeqTime was left out: their Logon begins the numbers anew, and it is followed|` +
				"t.cfg:14: SenderLocationID was left out: location ids are not part of a link's name here"},
		{"a version that BeginString says", ours, theirs + "DefaultApplVerID=FIX.4.4\n", "TargetCompID=ACME|HeartBtInt=30", ""},
		{"FIXT", ours, strings.Replace(theirs, "FIX.4.4", "FIXT.1.1\nDefaultApplVerID=FIX.5.0SP2\nAppDataDictionary.FIX.5.0SP2=x.xml", 1),
			"BeginString=FIXT.1.1|DefaultApplVerID=FIX.5.0SP2|TargetCompID=ACME|HeartBtInt=30|AppDataDictionary.FIX.5.0SP2=x.xml", ""},
	} {
		sections, err := Scan("t.cfg", []byte(c.theirs))
		if err != nil {
			t.Fatal(err)
		}
		defaults, err := Defaults("o.cfg", []byte(c.ours))
		if err != nil {
			t.Fatal(err)
		}
		m, err := MirrorOf("t.cfg", &sections[0], defaults)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		want := "[SESSION]\n" + strings.ReplaceAll(c.section, "|", "\n") + "\n"
		if m.Text() != want {
			t.Errorf("%s:\n%swant\n%s", c.name, m.Text(), want)
		}
		if got := strings.Join(m.Notes, "|"); got != c.notes {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.notes)
		}
		if m.Connect != "gate.example.com:9876" && m.Connect != "gate.example.com:5001" || m.TLS != nil {
			t.Errorf("%s: %s, %v", c.name, m.Connect, m.TLS)
		}
	}
}

// TestMirrorAnswers: quickfixgo takes the file for an acceptor whose session is the initiator's, seen from the other side.
func TestMirrorAnswers(t *testing.T) {
	const theirs = "[SESSION]\nConnectionType=initiator\nBeginString=FIX.4.4\nSenderCompID=ACME\nSenderSubID=D\nTargetCompID=GATE\nTargetSubID=E\n" +
		"HeartBtInt=30\nSocketConnectHost=h\nSocketConnectPort=9876\nSocketUseSSL=Y\n"
	sections, err := Scan("t.cfg", []byte(theirs))
	if err != nil {
		t.Fatal(err)
	}
	m, err := MirrorOf("t.cfg", &sections[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.TLS == nil || m.TLS.Line != 11 {
		t.Errorf("TLS %+v", m.TLS)
	}
	parse := func(text string) quickfix.SessionID {
		parsed, err := quickfix.ParseSettings(bytes.NewReader([]byte(text)))
		if err != nil {
			t.Fatal(err)
		}
		for id := range parsed.SessionSettings() {
			return id
		}
		return quickfix.SessionID{}
	}
	a, b := parse(theirs), parse(m.Text())
	if a.SenderCompID != b.TargetCompID || a.TargetCompID != b.SenderCompID || a.SenderSubID != b.TargetSubID || a.TargetSubID != b.SenderSubID ||
		a.BeginString != b.BeginString || b.String() != m.Name {
		t.Errorf("%v answers %v; named %s", b, a, m.Name)
	}
}

func TestMirrorRefuses(t *testing.T) {
	for _, c := range []struct{ theirs, want string }{
		{"[SESSION]\nConnectionType=acceptor\n", "t.cfg:2: ConnectionType=acceptor: a participant connects to the gate; ask for the file of an initiator"},
		{"[SESSION]\nBeginString=FIX.4.4\nSenderCompID=A\n", "t.cfg:1: the session lacks TargetCompID; ask for the whole file"},
		{"[SESSION]\nSenderCompID=A\nTargetCompID=B\n", "t.cfg:1: the session lacks BeginString; ask for the whole file"},
	} {
		sections, err := Scan("t.cfg", []byte(c.theirs))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := MirrorOf("t.cfg", &sections[0], nil); err == nil || err.Error() != c.want {
			t.Errorf("%v\nwant %s", err, c.want)
		}
	}
}
