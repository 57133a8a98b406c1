package system

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryVerb gives each operator's verb to a running gate: each is carried out, or refused for its own reason.
func TestEveryVerb(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "open", "10", "187.50"))
	acme.await("35=8|11=open|150=0")
	const link = "FIX.4.4:GATE->GLOBEX"
	for _, c := range []struct{ line, says string }{
		{"halt AAPL -r drill", "done"},
		{"halt NOPE -r drill", `there is no instrument "NOPE"`},
		{"resume AAPL -r drill", "done"},
		{"resume NOPE -r drill", `there is no instrument "NOPE"`},
		{"halt --venue XSIM -r drill", "done"},
		{"halt --venue NOPE -r drill", `there is no venue "NOPE"`},
		{"halt AAPL --venue XSIM -r drill", "not both"},
		{"resume --venue XSIM -r drill", "done"},
		{"resume --venue XSIM -r drill", "no operator halts it"},
		{"phase closed --venue XSIM -r drill", "done"},
		{"phase continuous --venue XSIM --symbol AAPL -r drill", "done"},
		{"phase lunch --venue XSIM -r drill", "is no phase"},
		{"restrict AAPL --scope client:GLOBEX -r drill", "done"},
		{"restrict AAPL --scope firm --until 2020-01-01T00:00:00Z -r drill", "want a time to come"},
		{"restrict AAPL --scope GLOBEX -r drill", "--scope is firm, or a kind and a name"},
		{"restrict AAPL --scope client:NOPE -r drill", `there is no client "NOPE"`},
		{"restrict AAPL --scope instrument:AAPL -r drill", "unknown scope"},
		{"unrestrict AAPL --scope firm -r drill", "no operator restricts that symbol"},
		{"unrestrict AAPL --scope client:GLOBEX -r drill", "done"},
		{"accept XSIM -r drill", "has not stopped that venue's line"},
		{"accept NOPE -r drill", `there is no venue "NOPE"`},
		{"roll", "at that trade date already"},
		{"resolve open --as open -r drill", "not in doubt"},
		{"resolve NOPE --as open -r drill", "no order of that name"},
		{"adjust ACME-1 AAPL --side buy --qty 1 --price=-1 -r drill", "want a positive number such as 12.5"},
		{"assign NOPE --venue XSIM --account ACME-1 -r drill", "no fill of that ExecID"},
		{"assign NOPE --venue XSIM --account NOPE -r drill", `there is no account "NOPE"`},
		{"recon close NOPE --venue XSIM -r drill", "no execution of that ExecID differs"},
		{"cancel --venue XSIM --orderid V --symbol AAPL --side buy --qty 10 -r drill", "it takes two people"},
		{"cancel --venue XSIM --orderid V --symbol AAPL --side buy --qty x -r drill", "want a positive number"},
		{"link seq FIX.4.4:GATE->ACME --in 5 -r drill", "gate link down ends it"},
		{"link reset FIX.4.4:GATE->ACME -r drill", "gate link down ends it"},
		{"link up " + link, "nobody holds that link down"},
		{"link seq " + link + " --in 0 --out 9 -r drill", "--in 0: numbers begin at 1"},
		{"link seq " + link + " -r drill", "needs --in or --out"},
		{"resolve --venue XSIM --as cancelled -r drill", "--count is missing"},
		{"adjust ACME-1 AAPL --side buy --qty 999999999999999 -r drill", "it is too large"},
		{"adjust ACME-1 AAPL --side buy --qty 0.123456789 -r drill", "more than eight decimal places"},
		{"revive 0 -r drill", "needs a kill's id, as gate status lists it"},
		{"certificates", "note: no link uses a certificate: those of participants.cfg and the venues' file speak in the clear until SocketCertificateFile"},
		{"kill --client ACME", "missing flags: --reason"},
		{"halt", "missing flags: --reason"},
		{"link down " + link + " -r drill", "done"},
		{"link seq " + link + " --in 5 -r drill", "done"},
		{"link reset " + link + " -r drill", "done"},
		{"link up " + link, "done"},
		{"drain --venue XSIM --within 0 -r drill", "done"},
		{"drain --venue NOPE --within 0 -r drill", `there is no venue "NOPE"`},
		{"drain --venue XSIM --lift -r drill", "done"},
		{"drain --venue XSIM --lift -r drill", "nothing of that name is drained"},
		{"kill --client GLOBEX -r drill", "kill 1: 0 open orders in scope"},
		{"kill --account ACME-2 -r drill", "kill 2: 0 open orders in scope"},
		{"kill --link " + link + " -r drill", "kill 3: 0 open orders in scope"},
		{"kill --all -r drill", "kill 4: 1 open orders in scope"},
		{"kill --all -r again", "note: only two different users can lift this kill"},
		{"kill --client NOPE -r drill", `there is no client "NOPE"`},
		{"revive 1 -r drill", "done"},
		{"revive 1 -r drill", "no kill of that number"},
		{"revive 4 -r drill", "the revive is half done"},
		{"stop", "done"},
	} {
		words := strings.Fields(c.line)
		out, err := s.gate(append(words, "-s", filepath.Join(s.dir, "gate.sock"))...)
		carriedOut := c.says == "done" || strings.HasPrefix(c.says, "kill ") || strings.HasPrefix(c.says, "note: ")
		if (err == nil) != carriedOut || !strings.Contains(out, c.says) {
			t.Errorf("%s: %s, %v; want %q", c.line, out, err, c.says)
		}
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() != 1 {
			t.Errorf("%s was not carried out, and exits with %d", c.line, exit.ExitCode())
		}
	}
}

// TestReadingADeadGate: the verbs that read say what the journal of a gate says that was killed, and of which record; where that
// cannot be written they fail.
func TestReadingADeadGate(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "open", "10", "187.50"))
	acme.await("35=8|11=open|150=0")
	upgrade := "upgrade --check --old " + s.program
	for _, line := range []string{"status", "orders --open", "exposure client:ACME --explain", "why open", upgrade} {
		if out, err := s.gate(append(strings.Fields(line), "-c", filepath.Join(s.dir, "gate.yaml"))...); err != nil || strings.Contains(out, "as of record") {
			t.Errorf("%s, while it runs: %s, %v", line, out, err)
		}
	}
	if out, err := s.gate("upgrade", "--check", "--old", "/bin/false", "-c", filepath.Join(s.dir, "gate.yaml")); err == nil || !strings.Contains(out, "it said nothing; name with --old the gate that wrote the journal") {
		t.Error(out, err)
	}
	s.kill9()
	if out, err := s.gate(append(strings.Fields(upgrade), "-c", filepath.Join(s.dir, "gate.yaml"))...); err != nil || strings.Count(out, "all equal") < 2 {
		t.Errorf("%s: %s, %v", upgrade, out, err)
	}
	for line, says := range map[string]string{"status": "1 open orders", "orders --open": "open", "exposure client:ACME --explain": "1875.00", "why open": "ACCEPTED"} {
		out, err := s.gate(append(strings.Fields(line), "-c", filepath.Join(s.dir, "gate.yaml"))...)
		if err != nil || !strings.Contains(out, says) || !strings.Contains(out, "the gate is not running; as of record ") {
			t.Errorf("%s: %s, %v", line, out, err)
		}
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	for _, line := range []string{"status", "orders --open", "exposure client:ACME", "why open", "controls", "limit list", "changes", "recon", "replay", "audit tail"} {
		cmd := exec.Command(s.program, append(strings.Fields(line), "-c", filepath.Join(s.dir, "gate.yaml"))...)
		cmd.Stdout = full
		if err := cmd.Run(); err == nil {
			t.Errorf("%s on a full disk passes for the whole", line)
		}
	}
}

// TestKillWhileEngineStarts: a kill that is given while a crashed engine is being started again is carried out by that one.
func TestKillWhileEngineStarts(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	engine := s.engine()
	s.kill9Engine()
	s.until("it is dead", func() bool { return s.watchdog().EnginePID != engine }) // its socket takes connections until then
	out, err := s.gate("kill", "--client", "ACME", "-r", "now", "-c", filepath.Join(s.dir, "gate.yaml"))
	if err != nil || !strings.Contains(out, "kill 1: ") {
		t.Errorf("%s, %v", out, err)
	}
	s.terminate()
	if out, err := s.gate("kill", "--all", "-r", "late", "-c", filepath.Join(s.dir, "gate.yaml")); err == nil || !strings.Contains(out, "no gate runs") {
		t.Errorf("%s, %v", out, err)
	}
}

// TestDrain: gate drain waits until what is open has ended, over a crash of the engine too, and lists what has not.
func TestDrain(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "open", "10", "187.50"))
	acme.await("35=8|11=open|150=0")
	conf := filepath.Join(s.dir, "gate.yaml")
	drain := func(flag, name, within string) (string, error) {
		return s.gate("drain", flag, name, "--within", within, "-r", "drill", "-c", conf)
	}
	if out, err := drain("--link", "FIX.4.4:GATE->ACME", "100ms"); err == nil || !strings.Contains(out, "orders are open still: 1") || !strings.Contains(out, "AAPL") {
		t.Errorf("%s, %v", out, err)
	}
	acme.send(fmt.Sprintf(order, "late", "10", "187.50"))
	acme.await("35=8|11=late|150=8")
	ended := make(chan string, 1)
	go func() {
		out, err := drain("--venue", "XSIM", "5m")
		ended <- fmt.Sprint(out, err)
	}()
	s.until("the venue is drained", func() bool {
		out, err := s.gate("changes", "-c", conf)
		return err == nil && strings.Contains(out, "FIX.4.4:GATE->XSIM is drained")
	})
	s.crashed()
	(<-venue.linked).await("35=1")
	acme = s.dial("ACME").logon("|141=Y")
	acme.send("35=F|11=c|41=open|1=ACME-1|55=AAPL|54=1|60=20261122-00:00:00")
	acme.await("35=8|11=c|150=4")
	if got := <-ended; !strings.Contains(got, "nothing is open any more") {
		t.Error(got)
	}
}
