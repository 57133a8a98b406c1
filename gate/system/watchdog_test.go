package system

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"portcullis/gate/admin"
)

// TestEngineStartedAgain: an engine that ends by itself is started again, orders go on; gate status says so. Too many
// ends end the gate, with the reason.
func TestEngineStartedAgain(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, stands(desk(venue.port()), "watchdog: {on_stall: report, restarts: {count: 2, window_ms: 3600000}}"))
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	for n := range 2 {
		s.until("an order passes", func() bool { return strings.Contains(venueStatus(t, s, acme), "150=0") })
		engine := s.engine()
		s.kill9Engine()
		s.until("another engine runs", func() bool { pid := s.watchdog().EnginePID; return pid != 0 && pid != engine })
		s.awaitRun()
		(<-venue.linked).await("35=1")
		acme = s.dial("ACME").logon("|141=Y")
		out, err := s.gate("status", "-c", filepath.Join(s.dir, "gate.yaml"))
		for _, want := range []string{fmt.Sprintf("watchdog       process %d; engine process %d, running, up ", s.cmd.Process.Pid, s.engine()),
			"heartbeat ", fmt.Sprintf("restarts: %d, after signal: killed", n+1)} {
			if err != nil || !strings.Contains(out, want) {
				t.Errorf("no %q in the status: %v, %s", want, err, out)
			}
		}
	}
	s.kill9Engine()
	if code := s.exitCode(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(s.log(), "the engine has ended by itself more than 2 times within 1h0m0s, the last time by signal: killed: the gate ends.") {
		t.Error(s.log())
	}
}

// exitCode waits until the gate ends by itself.
func (s *site) exitCode() int {
	s.t.Helper()
	select {
	case err := <-s.exited:
		s.cmd = nil
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return exit.ExitCode()
		}
		return 0
	case <-time.After(patience):
		s.t.Fatalf("the gate does not end\n%s", s.log())
	}
	return 0
}

// TestEngineDiesWithWatchdog: an engine that nobody can kill does not trade, though it is stopped when its watchdog
// dies; the next gate takes over at once. A second gate on the same files is refused and changes nothing.
func TestEngineDiesWithWatchdog(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	(<-venue.linked).await("35=1")
	out, err := s.gate("run", "--json", "-c", filepath.Join(s.dir, "gate.yaml"))
	if err == nil || !strings.Contains(out, fmt.Sprintf("process %d owns it and is alive", s.cmd.Process.Pid)) {
		t.Errorf("a second gate: %v, %s", err, out)
	}
	engine := s.engine()
	if err := syscall.Kill(engine, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	s.kill9()
	s.until("the engine is dead", func() bool { return !lives(engine) })
	s.start()
	(<-venue.linked).await("35=1")
	s.terminate()
}

// lives reports whether a process runs; one that has ended and that nobody has asked about does not.
func lives(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, state, _ := strings.Cut(string(stat), ") ")
	return err == nil && !strings.HasPrefix(state, "Z") && !strings.HasPrefix(state, "X")
}

// TestNoStart: a gate that cannot start says why once, does not try again, and exits with 1; an engine is started by
// its watchdog alone.
func TestNoStart(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	if err := os.WriteFile(filepath.Join(s.dir, "journal"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.write("gate.yaml", strings.Replace(deskYAML, "journal: journal", "journal: journal/below", 1))
	s.begin()
	if code := s.exitCode(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	taken := newSite(t, desk(venue.port()))
	taken.write("participants.cfg", strings.ReplaceAll(deskParticipants, "@PORT@", fmt.Sprint(venue.port())))
	taken.begin()
	if code := taken.exitCode(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if log := taken.log(); strings.Count(log, "address already in use") != 1 || !strings.Contains(log, "the engine could not start (exit status 1)") {
		t.Error(log)
	}
	if out, err := s.gate("engine", "-c", filepath.Join(s.dir, "gate.yaml")); err == nil || !strings.Contains(out, "started by gate run") {
		t.Errorf("%v, %s", err, out)
	}
}

// TestWatchdogAlerts: what happens to the engine is told to the sinks of alerts, though no engine is there to record it.
func TestWatchdogAlerts(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	files := stands(desk(venue.port()), "watchdog: {on_stall: report, restarts: {count: 1, window_ms: 3600000}}")
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "shadow: {run: false}", "shadow: {run: true}", 1) +
		"alerts:\n  - {to: file, path: alerts.jsonl}\n"
	s := newSite(t, files)
	s.start()
	told := func(want string) {
		t.Helper()
		s.until("people are told: "+want, func() bool {
			lines, _ := os.ReadFile(filepath.Join(s.dir, "alerts.jsonl"))
			return strings.Contains(string(lines), want)
		})
	}
	if err := syscall.Kill(s.engine(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	told(`"severity":"critical","text":"the engine stood still for 500ms: nothing is decided, no cancel leaves; gate kill --hard ends it"`)
	if _, err := s.hard().Do(context.Background(), admin.Request{Verb: admin.KillHard, Reason: "stopped"}); err != nil {
		t.Fatal(err)
	}
	told("the engine was KILLED HARD")
	s.awaitRun()
	s.kill9Engine()
	told("the engine has ended by itself (signal: killed); it is started again")
	s.awaitRun()
	s.kill9Engine()
	if code := s.exitCode(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	told("there is no engine any more: the engine has ended by itself more than 1 times")
}
