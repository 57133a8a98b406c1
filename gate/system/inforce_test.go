package system

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portcullis/session"
)

// crashed ends the engine alone and waits until another takes connections.
func (s *site) crashed() {
	s.t.Helper()
	engine := s.engine()
	s.kill9Engine()
	s.until("another engine runs", func() bool { pid := s.watchdog().EnginePID; return pid != 0 && pid != engine })
	s.awaitRun()
}

// rewrite changes one of the gate's files.
func (s *site) rewrite(name, from, to string) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	text, err := os.ReadFile(path)
	if err == nil && !strings.Contains(string(text), from) {
		err = fmt.Errorf("%s has no %q", name, from)
	}
	if err == nil {
		err = os.WriteFile(path, []byte(strings.Replace(string(text), from, to, 1)), 0o600)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// TestCrashBringsNoEditIntoForce: an edit that a reload has refused is not in force because the engine has crashed, nor is
// one that nobody asked for; status and log say that the files differ, and an operator's own start takes them. What a
// reload did take outlives a crash, and so do passwords, which are not kept beside the journal.
func TestCrashBringsNoEditIntoForce(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	(<-venue.linked).await("35=1")
	hash, err := session.HashPassword([]byte("later-secret"), session.IterationsMin)
	if err != nil {
		t.Fatal(err)
	}
	s.writeAll(withLink(desk(venue.port()), "LATER", "client: ACME, default_account: ACME-1, username: later, password_hash: \""+fmt.Sprint(hash)+"\""))
	s.reloaded("added FIX.4.4:GATE->LATER")
	s.rewrite("instruments.csv", "AAPL,stock,USD,1,1,0.01,", "AAPL,etf,USD,1,1,0.001,") // its type is a start's
	s.notReloaded("instrument AAPL")
	s.rewrite("gate.yaml", "username: later", "username: thief") // nobody asked for this
	for n := range 2 {                                           // a crash of the one that was started again as well
		s.crashed()
		(<-venue.linked).await("35=1")
		id := fmt.Sprintf("FINE-%d", n)
		acme := s.dial("ACME").logon("|141=Y")
		acme.send(fmt.Sprintf(order, id, "10", "187.505"))
		acme.await("35=8|11=" + id + "|39=8|58=OFF_TICK*")
		s.dial("LATER").logon("|141=Y|553=later|554=later-secret")
	}
	out, err := s.gate("status", "-c", filepath.Join(s.dir, "gate.yaml"))
	for _, want := range []string{"files          differ from what is in force: ", "instrument AAPL",
		"the engine was started again on the configuration in force, from which the files differ"} {
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("no %q in the status: %v\n%s", want, err, out)
		}
	}
	if log := s.log(); !strings.Contains(log, `"files":"instrument AAPL; `) {
		t.Error(log)
	}
	s.rewrite("gate.yaml", "username: thief", "username: later")
	s.terminate()
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("|141=Y")
	acme.send(fmt.Sprintf(order, "FINE", "10", "187.505"))
	acme.await("35=8|11=FINE|150=0")
	out, err = s.gate("status", "-c", filepath.Join(s.dir, "gate.yaml"))
	if err != nil || strings.Contains(out, "\nfiles ") {
		t.Errorf("%v\n%s", err, out)
	}
	s.terminate()
}

// TestCrashWithBrokenFiles: files that are not valid keep no engine from being started again, and no verb that reads the
// journal from a running gate.
func TestCrashWithBrokenFiles(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, stands(desk(venue.port()), "watchdog: {on_stall: report, restarts: {count: 2, window_ms: 3600000}}"))
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "OPEN", "10", "187.50"))
	acme.await("35=8|11=OPEN|150=0")
	reads := func(note string) {
		t.Helper()
		for verb, want := range map[string]string{"status": "are not valid, so neither a reload nor a start would take them", "orders": "OPEN",
			"exposure firm": "firm", "replay": "", "reload -r test": "nothing was changed"} {
			out, err := s.gate(append(strings.Fields(verb), "-c", filepath.Join(s.dir, "gate.yaml"))...)
			if (err == nil) != (want != "nothing was changed") || !strings.Contains(out, want) || !strings.Contains(out, note) {
				t.Errorf("%s: %v\n%s", verb, err, out)
			}
		}
	}
	s.write("instruments.csv", "symbol,type,curr")
	s.write("participants.cfg", "[SESS")
	reads("")
	s.crashed()
	(<-venue.linked).await("35=1")
	s.write("gate.yaml", "gate: {journal: [")
	reads("note: ")
	s.crashed()
	(<-venue.linked).await("35=1")
	if status := venueStatus(t, s, s.dial("ACME").logon("|141=Y")); !strings.Contains(status, "150=0") {
		t.Error(status)
	}
	if log := s.log(); strings.Count(log, "they are not valid: ") != 2 {
		t.Error(log)
	}
	out, err := s.gate("kill", "--hard", "-r", "test", "-c", filepath.Join(s.dir, "gate.yaml"))
	cancelled := len(open(venue, "1=ACME-1")) == 0 // by the next engine, before the sheet was read
	if err != nil || !strings.Contains(out, "venue,our_id,") || !cancelled && !strings.Contains(out, "OPEN") {
		t.Errorf("%v\n%s", err, out)
	}
}
