package settings

import (
	"bytes"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"portcullis/fix/dict"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata")

// TestBroken runs testdata/broken.txt; its head explains the format.
func TestBroken(t *testing.T) {
	const file = "testdata/broken.txt"
	script, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, cases, _ := strings.Cut(string(script), "\n== ")
	out := head
	for _, text := range strings.Split(cases, "\n== ") {
		title, body, _ := strings.Cut(text, "\n")
		t.Run(title, func(t *testing.T) {
			lines, want := readCase(t, body)
			got := answer(strings.Join(lines, "\n"))
			if !*update && !reflect.DeepEqual(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			out += "\n== " + title + "\n" + keep(body) + strings.Join(append(got, ""), "\n")
		})
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// readCase splits a case into the lines of the settings file and the expected answers.
func readCase(t *testing.T, body string) (lines, answers []string) {
	escapes := strings.NewReplacer(`\t`, "\t", `\r`, "\r", `\u0001`, "\x01", `\ufeff`, "\ufeff")
	for _, line := range strings.Split(body, "\n") {
		switch {
		case strings.HasPrefix(line, "|"):
			lines = append(lines, escapes.Replace(strings.TrimPrefix(strings.TrimPrefix(line, "|"), " ")))
		case strings.HasPrefix(line, "! "), strings.HasPrefix(line, "~ "):
			answers = append(answers, line)
		case line != "":
			t.Fatalf("line %q has no mark", line)
		}
	}
	return lines, answers
}

// keep is the part of a case that -update does not touch.
func keep(body string) string {
	var kept strings.Builder
	for _, line := range strings.SplitAfter(body, "\n") {
		if strings.HasPrefix(line, "|") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// answer is what Read says about a file, in the form of the script.
func answer(data string) []string {
	var answers []string
	result, err := Read("f.cfg", []byte(data))
	if err != nil {
		for _, line := range strings.Split(err.Error(), "\n") {
			answers = append(answers, "! "+line)
		}
		return answers
	}
	for _, note := range result.Notes {
		answers = append(answers, "~ "+note)
	}
	return answers
}

func TestReadTyped(t *testing.T) {
	data := `# both sides in one file
[DEFAULT]
SenderCompID=GATE
ReconnectInterval=60
HeartBtInt=30
[SESSION]
ConnectionType=initiator
BeginString=FIXT.1.1
DefaultApplVerID=FIX.5.0SP2
TargetCompID=XSIM
TargetSubID=EQ
SocketConnectHost=venue.example.com
SocketConnectPort=5001
ReconnectInterval=2m
TimeStampPrecision=NANOS
CheckLatency=N
ResetOnLogon=y
[SESSION]
ConnectionType=acceptor
BeginString=FIX.4.2
TargetCompID=ACME
SocketAcceptHost=10.1.2.3
SocketAcceptPort=9876
HeartBtIntOverride=Y
LogonTimeout=30s
ResendRequestChunkSize=500
EnableLastMsgSeqNumProcessed=Y
`
	result, err := Read("f.cfg", []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	off := Dictionaries{Switches: dict.DefaultSwitches()}
	want := []Session{{
		Name: "FIXT.1.1:GATE->XSIM/EQ", File: "f.cfg", Line: 6, Initiator: true,
		BeginString: "FIXT.1.1", DefaultApplVerID: "9", SenderCompID: "GATE", TargetCompID: "XSIM", TargetSubID: "EQ",
		HeartBtIntSec: 30, ConnectHost: "venue.example.com", ConnectPort: 5001, ReconnectSec: 120,
		LogonTimeoutSec: 10, LogoutTimeoutSec: 2, ResetOnLogon: true, Precision: Nanos,
		Dictionaries: off,
	}, {
		Name: "FIX.4.2:GATE->ACME", File: "f.cfg", Line: 18,
		BeginString: "FIX.4.2", SenderCompID: "GATE", TargetCompID: "ACME",
		HeartBtIntSec: 30, HeartBtIntOverride: true, AcceptHost: "10.1.2.3", AcceptPort: 9876,
		LogonTimeoutSec: 30, LogoutTimeoutSec: 2, MaxLatencySec: 120,
		EnableLastMsgSeqNumProcessed: true, ResendRequestChunkSize: 500,
		Dictionaries: off,
	}}
	if !reflect.DeepEqual(result.Sessions, want) {
		t.Errorf("got  %+v\nwant %+v", result.Sessions, want)
	}
	if v := want[0].ApplVersion() + " " + want[1].ApplVersion(); v != "FIX.5.0SP2 FIX.4.2" {
		t.Errorf("ApplVersion: %s", v)
	}
}

// A table with a defect in every row gives a report of bounded length.
func TestProblemsBounded(t *testing.T) {
	data := "[SESSION]\n" + strings.Repeat("nonsense\n", 5000)
	_, err := Scan("f.cfg", []byte(data))
	if lines := strings.Count(err.Error(), "\n") + 1; lines != problemsMax+1 {
		t.Errorf("%d lines reported", lines)
	}
	if !strings.Contains(err.Error(), "more defects follow") {
		t.Error("the report does not say that it is cut")
	}
}

func TestLongLineRefused(t *testing.T) {
	_, err := Scan("f.cfg", append([]byte("[SESSION]\nA="), bytes.Repeat([]byte("x"), lineBytesMax)...))
	if err == nil || !strings.Contains(err.Error(), "f.cfg:2: line of 4098 bytes") {
		t.Errorf("got %v", err)
	}
}

func TestNearest(t *testing.T) {
	for _, row := range []struct{ word, want string }{
		{"HeartBtInt", "HeartBtInt"}, {"HEARTBTINT", "HeartBtInt"}, {"HeartbeatInt", "HeartBtInt"},
		{"ResetOnLogn", "ResetOnLogon"}, {"Zzz", ""}, {"", ""}, {strings.Repeat("x", 1000), ""},
	} {
		if got := Nearest(row.word, keyNames()); got != row.want {
			t.Errorf("Nearest(%q) = %q, want %q", row.word, got, row.want)
		}
	}
}
