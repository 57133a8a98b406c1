package settings

import (
	"fmt"
	"strings"
	"testing"

	"portcullis/fix"
)

// TestEveryVersion: each version that a session may speak, by name and by code, with the times that it has.
func TestEveryVersion(t *testing.T) {
	for _, row := range []struct {
		keys, version, applVerID string
		precision                fix.Precision
	}{
		{"BeginString=FIX.4.0", "FIX.4.0", "", fix.Seconds},
		{"BeginString=FIX.4.1", "FIX.4.1", "", fix.Seconds},
		{"BeginString=FIX.4.2", "FIX.4.2", "", fix.Micros},
		{"BeginString=FIX.4.3", "FIX.4.3", "", fix.Micros},
		{"BeginString=FIX.4.4", "FIX.4.4", "", fix.Micros},
		{"BeginString=FIXT.1.1\nDefaultApplVerID=7", "FIX.5.0", "7", fix.Micros},
		{"BeginString=FIXT.1.1\nDefaultApplVerID=FIX.5.0", "FIX.5.0", "7", fix.Micros},
		{"BeginString=FIXT.1.1\nDefaultApplVerID=8", "FIX.5.0SP1", "8", fix.Micros},
		{"BeginString=FIXT.1.1\nDefaultApplVerID=FIX.5.0SP1", "FIX.5.0SP1", "8", fix.Micros},
		{"BeginString=FIXT.1.1\nDefaultApplVerID=9", "FIX.5.0SP2", "9", fix.Micros},
		{"BeginString=FIXT.1.1\nDefaultApplVerID=FIX.5.0SP2", "FIX.5.0SP2", "9", fix.Micros},
	} {
		for _, side := range []string{"acceptor\nSocketAcceptPort=1\nSocketAcceptHost=127.0.0.1",
			"initiator\nHeartBtInt=30\nSocketConnectHost=127.0.0.1\nSocketConnectPort=1"} {
			file := "[SESSION]\nConnectionType=" + side + "\nSenderCompID=A\nTargetCompID=B\nTimeStampPrecision=MICROS\n" + row.keys + "\n"
			got, err := Read("f.cfg", []byte(file))
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			s := &got.Sessions[0]
			if s.ApplVersion() != row.version || s.DefaultApplVerID != row.applVerID || s.Link().Precision != row.precision {
				t.Errorf("%s: %s, %q, precision %v", file, s.ApplVersion(), s.DefaultApplVerID, s.Link().Precision)
			}
		}
	}
	want := "FIX.4.0 FIX.4.1 FIX.4.2 FIX.4.3 FIX.4.4 FIX.5.0 FIX.5.0SP1 FIX.5.0SP2"
	if got := strings.Join(ApplVersions(), " "); got != want {
		t.Errorf("versions %s", got)
	}
}

// TestStrayDictionaries: a dictionary that a session names, and its version does not have, is said; one in [DEFAULT] is not.
func TestStrayDictionaries(t *testing.T) {
	got, err := Read("f.cfg", []byte("[DEFAULT]\nConnectionType=acceptor\nSocketAcceptHost=127.0.0.1\nSocketAcceptPort=1\nSenderCompID=A\n"+
		"DataDictionary=a.xml\nAppDataDictionary=b.xml\nTransportDataDictionary=t.xml\n[SESSION]\nBeginString=FIX.4.4\nTargetCompID=B\nAppDataDictionary=c.xml\n"+
		"AppDataDictionary.FIX.4.4=d.xml\nTransportDataDictionary=t.xml\nDataDictionary=a.xml\n[SESSION]\nBeginString=FIXT.1.1\nDefaultApplVerID=9\nTargetCompID=C\nDataDictionary=e.xml\n"))
	if err != nil {
		t.Fatal(err)
	}
	const others = " has no effect on sessions of FIX.4.4: DataDictionary is for them "
	const want = "[f.cfg:12: AppDataDictionary" + others + "f.cfg:13: AppDataDictionary.FIX.4.4" + others + "f.cfg:14: TransportDataDictionary" + others +
		"f.cfg:20: DataDictionary has no effect on sessions of FIXT.1.1: TransportDataDictionary and AppDataDictionary are for them]"
	if notes := fmt.Sprint(got.Notes); notes != want {
		t.Errorf("notes %s", notes)
	}
}

// TestSharedApplVerID: a DefaultApplVerID in [DEFAULT] is for the sessions of FIXT.1.1 in the file; the others say so.
func TestSharedApplVerID(t *testing.T) {
	got, err := Read("f.cfg", []byte("[DEFAULT]\nConnectionType=acceptor\nSocketAcceptHost=127.0.0.1\nSocketAcceptPort=1\nSenderCompID=A\n"+
		"DefaultApplVerID=9\n[SESSION]\nBeginString=FIX.4.4\nTargetCompID=B\n[SESSION]\nBeginString=FIXT.1.1\nTargetCompID=C\n"))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := &got.Sessions[0], &got.Sessions[1]; a.DefaultApplVerID != "" || b.DefaultApplVerID != "9" {
		t.Errorf("%q %q", a.DefaultApplVerID, b.DefaultApplVerID)
	}
	const want = "[f.cfg:6: DefaultApplVerID has no effect on sessions of FIX.4.4: it is for BeginString=FIXT.1.1]"
	if notes := fmt.Sprint(got.Notes); notes != want {
		t.Errorf("notes %s", notes)
	}
}
