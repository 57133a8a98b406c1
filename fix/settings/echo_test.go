package settings

import (
	"strings"
	"testing"

	"portcullis/fix/dict"
)

// TestReadEcho: every version in one file and on one port, as the QuickFIX family's own tests configure theirs.
func TestReadEcho(t *testing.T) {
	const file = `[DEFAULT]
SocketAcceptPort=5001
SenderCompID=ISLD
TargetCompID=TW
ResetOnLogon=Y
StartTime=00:00:00
EndTime=00:00:00
[SESSION]
BeginString=FIX.4.0
DataDictionary=../spec/FIX40.xml
[SESSION]
BeginString=FIX.4.3
UseDataDictionary=N
AllowUnknownMsgFields=Y
[SESSION]
BeginString=FIXT.1.1
SessionQualifier=FIX50
DefaultApplVerID=FIX.5.0
TransportDataDictionary=../spec/FIXT11.xml
AppDataDictionary=../spec/FIX50.xml
[SESSION]
BeginString=FIXT.1.1
DefaultApplVerID=8
[SESSION]
BeginString=FIXT.1.1
DefaultApplVerID=FIX.5.0SP2
EnableNextExpectedMsgSeqNum=Y
`
	result, err := ReadEcho("f.cfg", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i := range result.Sessions {
		names = append(names, result.Sessions[i].Name)
	}
	want := "FIX.4.0:ISLD->TW FIX.4.3:ISLD->TW FIXT.1.1:ISLD->TW:FIX50 FIXT.1.1:ISLD->TW FIXT.1.1:ISLD->TW:FIX.5.0SP2"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	all := Dictionaries{Use: true, Switches: dict.DefaultSwitches()}
	old, off, new := all, all, all
	old.Session = "../spec/FIX40.xml"
	off.Use, off.AllowUnknownMsgFields = false, true
	new.Session, new.App[7] = "../spec/FIXT11.xml", "../spec/FIX50.xml"
	for i, d := range []Dictionaries{old, off, new, all, all} {
		if s := &result.Sessions[i]; s.Dictionaries != d || s.Initiator {
			t.Errorf("%s: %+v", s.Name, s.Dictionaries)
		}
	}
	last := result.Sessions[4].Link()
	if last.ApplVerID != "9" || !last.NextExpected || !last.ResetOnLogon || last.MaxLatencyNs != 120e9 {
		t.Errorf("link settings %+v", last)
	}
}

// TestReadEchoRefuses what no Logon could name, and what it could not do.
func TestReadEchoRefuses(t *testing.T) {
	const head = "[DEFAULT]\nSocketAcceptPort=5001\nSenderCompID=A\nTargetCompID=B\n"
	for _, c := range []struct{ sections, want string }{
		{"[SESSION]\nBeginString=FIX.4.2\n[SESSION]\nBeginString=FIX.4.2\nSessionQualifier=X\n",
			"no Logon can tell session FIX.4.2:A->B:X from the one on line 5"},
		{"[SESSION]\nBeginString=FIX.4.2\n[SESSION]\nBeginString=FIX.4.2\n", "is the same as the one on line 5"},
		{"[SESSION]\nBeginString=FIX.4.2\nConnectionType=initiator\n", "ConnectionType=initiator"},
		{"[SESSION]\nBeginString=FIX.4.2\nStartTime=08:00:00\n", "StartTime has no EndTime beside it"},
		{"[SESSION]\nBeginString=FIX.4.2\nResetOnLogn=Y\n", "ResetOnLogon"},
		{"[SESSION]\nBeginString=FIXT.1.1\n", "lacks DefaultApplVerID"},
	} {
		if _, err := ReadEcho("f.cfg", []byte(head+c.sections)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v; want %q", c.sections, err, c.want)
		}
	}
}

// TestDynamic: a session of a Logon has what [DEFAULT] says, and nothing of who others are.
func TestDynamic(t *testing.T) {
	const file = "[DEFAULT]\nSocketAcceptPort=5001\nDynamicSessions=Y\nBeginString=FIX.4.4\nSenderCompID=ISLD\nSenderSubID=S\nDefaultApplVerID=7\n" +
		"MaxLatency=9\nUseDataDictionary=N\n[SESSION]\nTargetCompID=TW\nMaxLatency=7\nSenderSubID=T\n"
	result, err := ReadEcho("f.cfg", []byte(file))
	if err != nil || result.Dynamic == nil || result.Dynamic.AcceptPort != 5001 {
		t.Fatal(err, result)
	}
	for _, c := range []struct {
		id         Identity
		name, appl string
	}{
		{Identity{BeginString: "FIX.4.1", SenderCompID: "A", TargetCompID: "B"}, "FIX.4.1:A->B", ""},
		{Identity{BeginString: "FIX.4.4", SenderCompID: "A", TargetCompID: "B", TargetSubID: "D", DefaultApplVerID: "9"}, "FIX.4.4:A->B/D", ""},
		{Identity{BeginString: "FIXT.1.1", SenderCompID: "A", TargetCompID: "B", DefaultApplVerID: "9"}, "FIXT.1.1:A->B:FIX.5.0SP2", "9"},
		{Identity{BeginString: "FIXT.1.1", SenderCompID: "A", TargetCompID: "B"}, "FIXT.1.1:A->B:FIX.5.0", "7"},
	} {
		s, err := result.Dynamic.Session(c.id)
		if err != nil || s.Name != c.name || s.DefaultApplVerID != c.appl || s.MaxLatencySec != 9 || s.AcceptPort != 5001 || s.Dictionaries.Use {
			t.Errorf("%+v: %+v, %v", c.id, s, err)
		}
	}
	for _, c := range []struct {
		id   Identity
		want string
	}{
		{Identity{BeginString: "FIX.4.4", SenderCompID: "A"}, "f.cfg:3: session lacks TargetCompID"},
		{Identity{BeginString: "FIX.5.0", SenderCompID: "A", TargetCompID: "B"}, "BeginString=FIX.5.0 is not a known value"},
		{Identity{BeginString: "FIX.4.4", SenderCompID: "A/B", TargetCompID: "B"}, "SenderCompID=A/B contains -> or /"},
		{Identity{BeginString: "FIX.4.4", SenderCompID: "A\nB", TargetCompID: "B"}, "not printable ASCII"},
	} {
		if _, err := result.Dynamic.Session(c.id); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %s", c.id, err, c.want)
		}
	}
	for _, c := range []struct{ file, want string }{
		{"[DEFAULT]\nSenderCompID=A\n[SESSION]\nBeginString=FIX.4.4\nTargetCompID=B\nSocketAcceptPort=1\nDynamicSessions=Y\n", "f.cfg:7: DynamicSessions stands in a [SESSION]; write it in [DEFAULT]"},
		{"[DEFAULT]\nSenderCompID=A\nDynamicSessions=Y\n[SESSION]\nBeginString=FIX.4.4\nTargetCompID=B\nSocketAcceptPort=1\n", "f.cfg:3: session lacks SocketAcceptPort"},
		{strings.Replace(file, "DynamicSessions=Y", "DynamicSessions=Yes", 1), "f.cfg:3: DynamicSessions=Yes is neither Y nor N"},
		{strings.Replace(file, "DynamicSessions=Y", "DynamicQualifier=Y", 1), "f.cfg:3: DynamicQualifier=Y is not offered: sessions of the same CompIDs are one session"},
	} {
		if _, err := ReadEcho("f.cfg", []byte(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	if result, err := ReadEcho("f.cfg", []byte(strings.Replace(file, "DynamicSessions=Y", "DynamicSessions=N", 1))); err != nil || result.Dynamic != nil {
		t.Error(err)
	}
	gate := strings.Replace(file, "[DEFAULT]", "[DEFAULT]\nConnectionType=acceptor", 1)
	if _, err := ReadParticipants("f.cfg", []byte(gate)); err == nil || !strings.Contains(err.Error(), "f.cfg:4: DynamicSessions=Y is not offered: who is not listed has no account") {
		t.Error(err)
	}
}
