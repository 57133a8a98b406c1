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
