package enrol

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"portcullis/gate/config"
)

const theirs = `# what a client's FIX desk sends
[DEFAULT]
ConnectionType=initiator
HeartBtInt=30
SocketConnectHost=gate.example.com
SocketConnectPort=9876
[SESSION]
BeginString=FIX.4.4
SenderCompID=NEWCO
TargetCompID=GATE
`

// folder is a gate's sample configuration and a client's file.
func folder(t *testing.T, their string) (dir, main, from string) {
	t.Helper()
	dir = t.TempDir()
	if err := config.Sample(dir, config.SampleFiles(20261123)); err != nil {
		t.Fatal(err)
	}
	from = filepath.Join(dir, "their.cfg")
	if err := os.WriteFile(from, []byte(their), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, filepath.Join(dir, config.SampleMain), from
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func lines(text string) int { return strings.Count(text, "\n") }

// TestAdd: the session is behind what was there, byte for byte, with the mode of before; with what is said to lack, the
// files are valid.
func TestAdd(t *testing.T) {
	dir, main, from := folder(t, theirs)
	participants := filepath.Join(dir, "participants.cfg")
	if err := os.Chmod(participants, 0o604); err != nil {
		t.Fatal(err)
	}
	before := read(t, participants)
	plan, err := New(main, "ACME", from, "")
	if err != nil {
		t.Fatal(err)
	}
	const added = "\n# ACME: turned round from their.cfg, line 7.\n[SESSION]\nTargetCompID=NEWCO\nHeartBtInt=30\n"
	if plan.Link != "FIX.4.4:GATE->NEWCO" || !strings.Contains(plan.Diff(), fmt.Sprintf("after line %d:\n+ \n+ # ACME", lines(before))) || !strings.HasSuffix(plan.Diff(), "+ HeartBtInt=30\n") {
		t.Errorf("%s\n%s", plan.Link, plan.Diff())
	}
	if read(t, participants) != before {
		t.Fatal("a plan writes")
	}
	if err := plan.Write(); err != nil {
		t.Fatal(err)
	}
	if got := read(t, participants); got != before+added {
		t.Errorf("%s", got)
	}
	if info, _ := os.Stat(participants); info.Mode().Perm() != 0o604 {
		t.Error(info.Mode())
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.new-*")); len(left) > 0 {
		t.Error(left)
	}
	if _, err := config.Load(main); err == nil || !strings.Contains(err.Error(), "session FIX.4.4:GATE->NEWCO has no entry under links") {
		t.Error(err)
	}
	lacks := strings.Join(plan.Lacks, "\n")
	for _, want := range []string{"  - link: FIX.4.4:GATE->NEWCO\n    client: ACME\n    default_account: ACME-1 ", "gate check, and then gate reload",
		"They connect to gate.example.com:9876"} {
		if !strings.Contains(lacks, want) {
			t.Errorf("no %q in\n%s", want, lacks)
		}
	}
	_, entry, _ := strings.Cut(plan.Lacks[0], "\n")
	entry = strings.NewReplacer("<theirs>", "newco", "<what gate passwd makes of theirs>", "pbkdf2-sha256$600000$E4Hi8PlH5riwJtjaUSvELw$wZqUBmHZEURIHoWAQYMEo54kGQWP6jqtJkqRi5IFEH0",
		"<where they come from>", "192.0.2.1").Replace(entry)
	yaml := strings.Replace(read(t, main), "links:\n  - link", "links:\n"+entry+"\n  - link", 1)
	if err := os.WriteFile(main, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	if cfg, err := config.Load(main); err != nil || len(cfg.Links) != 3 {
		t.Error(err)
	}
	if _, err := New(main, "ACME", from, ""); err == nil || !strings.Contains(err.Error(), fmt.Sprint("is there already: participants.cfg:", lines(before)+3)) {
		t.Errorf("once more: %v", err)
	}
}

// TestLacks: what else has to be there, in the words of the files.
func TestLacks(t *testing.T) {
	for _, c := range []struct {
		name, client, their, old, new string
		want                          []string
	}{
		{"a new client", "NEWCO", theirs, "", "", []string{"client NEWCO with its limits", "an account of client NEWCO", "client: NEWCO\n    default_account: NEWCO-1", "and then gate reload"}},
		{"a client without an account", "GLOBEX", theirs, "  - {name: GLOBEX-1, client: GLOBEX", "  - {name: GLOBEX-1, client: ACME", []string{"an account of client GLOBEX", "and then gate reload"}},
		{"a password", "ACME", theirs + "Username=newco\nPassword=hunter2\n", "", "", []string{"their line 11 is Username: they log on with a password, which gate passwd turns into"}},
		{"TLS", "ACME", theirs + "SocketUseSSL=Y\n", "", "", []string{"their line 11 asks for TLS (SocketUseSSL)"}},
		{"no route", "ACME", theirs, "  default: XSIM\n  symbols: {}\n  accounts: {}\n  ex_destinations: {XSIM: XSIM}", "  accounts: {GLOBEX-1: XSIM}", []string{"a route for its accounts"}},
		{"another version", "ACME", strings.Replace(theirs, "FIX.4.4", "FIX.4.2", 1), "", "", []string{"translate: [FIX.4.2] for venue XSIM, which speaks FIX.4.4"}},
		{"no row", "ACME", theirs, "links: 64", "links: 3", []string{"gate.capacity.links is 3, and all are used"}},
	} {
		_, main, from := folder(t, c.their)
		yaml := read(t, main)
		if !strings.Contains(yaml, c.old) {
			t.Fatal(c.old)
		}
		if err := os.WriteFile(main, []byte(strings.Replace(yaml, c.old, c.new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		plan, err := New(main, c.client, from, "")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		lacks := strings.Join(plan.Lacks, "\n")
		for _, want := range c.want {
			if !strings.Contains(lacks, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, lacks)
			}
		}
	}
}

// TestAddRefused: nothing is written of what could not be served, and nothing over somebody else's change.
func TestAddRefused(t *testing.T) {
	second := strings.Replace(theirs, "[SESSION]", "[SESSION]\nBeginString=FIX.4.4\nSenderCompID=NEWCO\nTargetCompID=OTHER\n[SESSION]", 1)
	for _, c := range []struct{ client, their, session, want string }{
		{"A B", theirs, "", "write letters"},
		{"ACME", "SenderCompID=X\n", "", "their.cfg:1: \"SenderCompID\" stands before any section"},
		{"ACME", second, "", "say which with --session: FIX.4.4:NEWCO->OTHER, FIX.4.4:NEWCO->GATE"},
		{"ACME", second, "FIX.4.4:NEWCO->ELSE", "has no session FIX.4.4:NEWCO->ELSE"},
		{"ACME", strings.Replace(theirs, "NEWCO", "ACME", 1), "", "session FIX.4.4:GATE->ACME is there already: participants.cfg:"},
		{"ACME", strings.Replace(theirs, "NEWCO", "XSIM", 1), "", "session FIX.4.4:GATE->XSIM is there already: venues.cfg:"},
		{"ACME", strings.Replace(theirs, "FIX.4.4", "FIX.9.9", 1), "", "nothing was written, for the session would not be served:\nparticipants.cfg:"},
		{"ACME", theirs + "StartTime=8\n", "", "participants.cfg:"},
		{"ACME", strings.Replace(theirs, "initiator", "acceptor", 1), "", "a participant connects to the gate"},
	} {
		dir, main, from := folder(t, c.their)
		before := read(t, filepath.Join(dir, "participants.cfg"))
		if _, err := New(main, c.client, from, c.session); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("want %s: %v", c.want, err)
		}
		if read(t, filepath.Join(dir, "participants.cfg")) != before {
			t.Error("it was written: ", c.want)
		}
	}
	for kind, want := range map[string]string{"pipe": "their.cfg: it is a pipe, no regular file", "device": "their.cfg: it is a device", "nothing": "their.cfg: no such file"} {
		_, main, from := folder(t, theirs)
		must(t, os.Remove(from))
		switch kind {
		case "pipe":
			must(t, syscall.Mkfifo(from, 0o600))
		case "device":
			must(t, os.Symlink("/dev/zero", from))
		}
		if _, err := New(main, "ACME", from, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %s: %v", want, err)
		}
	}
	dir, main, from := folder(t, second)
	plan, err := New(main, "ACME", from, "FIX.4.4:NEWCO->GATE")
	if err != nil || plan.Link != "FIX.4.4:GATE->NEWCO" {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "participants.cfg")
	theirChange := append([]byte(read(t, path)), "# a colleague\n"...)
	if err := os.WriteFile(path, theirChange, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := plan.Write(); err == nil || !strings.Contains(err.Error(), "was changed by somebody else meanwhile") || !bytes.Equal([]byte(read(t, path)), theirChange) {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.new-*")); len(left) > 0 {
		t.Error(left)
	}
}

// TestAddSecretsStay: a value that is no part of the section is shown nowhere.
func TestAddSecretsStay(t *testing.T) {
	_, main, from := folder(t, theirs+"Password=hunter2\nSocketPrivateKeyFile=secret.pem\n")
	plan, err := New(main, "ACME", from, "")
	if err != nil {
		t.Fatal(err)
	}
	if all := plan.Diff() + strings.Join(append(plan.Notes, plan.Lacks...), "\n"); strings.Contains(all, "hunter2") || strings.Contains(all, "secret.pem") ||
		!strings.Contains(all, `their.cfg:11: "Password" is no key of QuickFIX`) {
		t.Error(all)
	}
}
