package system

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// staleProgram is the gate with one control that does not bite: it takes resent orders of any age.
var staleProgram = sync.OnceValues(func() (string, error) {
	const name, bites = "../core/neworder.go", "risk.StaleResend)"
	text, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	if !strings.Contains(string(text), bites) {
		return "", fmt.Errorf("%s has no %s any more: name where the control is judged now", name, bites)
	}
	dir, err := os.MkdirTemp("", "gate-system-")
	if err != nil {
		return "", err
	}
	building.Lock()
	built = append(built, dir)
	building.Unlock()
	changed, plan := filepath.Join(dir, "neworder.go"), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(changed, []byte(strings.ReplaceAll(string(text), bites, "risk.Accepted)")), 0o600); err != nil {
		return "", err
	}
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{path: changed}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(plan, overlay, 0o600); err != nil {
		return "", err
	}
	return build("-overlay", plan)
})

// shadowed is the desk's gate with its shadow.
func shadowed(t *testing.T) map[string]string {
	files := desk(freePort(t))
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "  shadow: {run: false}\n", "", 1)
	return files
}

// asked is what a verb that reads prints.
func (s *site) asked(verb string, args ...string) string {
	s.t.Helper()
	out, err := s.gate(append([]string{verb, "-c", filepath.Join(s.dir, "gate.yaml")}, args...)...)
	if err != nil {
		s.t.Fatalf("%s: %v\n%s", verb, err, out)
	}
	return out
}

var selfTestPassed = regexp.MustCompile(`self-test      passed: [1-9][0-9]* controls tried, every one refused its breach, in [0-9.]+[mµ]?s; .*armed and were not breached: .*\n`)

// TestSelfTestBesideGate: a gate tests its controls by itself after each start, one that follows a crash included, and where another
// configuration comes into force; what came of it stands in the journal, with its configuration, and replays equal.
func TestSelfTestBesideGate(t *testing.T) {
	t.Parallel()
	files := shadowed(t)
	s := newSite(t, files)
	s.start()
	s.until("a shadow runs", func() bool { return s.shadows() == 1 })
	s.kill9Engine() // in the middle, or before it
	s.awaitRun()
	passes := func() int { return strings.Count(s.asked("changes", "--since", "1h"), "self-test passed: ") }
	s.until("the self-test stands in the journal", func() bool { return selfTestPassed.MatchString(s.asked("status")) })
	before := s.asked("status")
	if strings.Contains(before, "NOT IN FORCE") || strings.Contains(before, "SELF-TEST") {
		t.Error(before)
	}
	was := passes()
	s.write("gate.yaml", strings.Replace(files["gate.yaml"], "order_qty_max: 1_000_000", "order_qty_max: 900_000", 1))
	s.reloaded("")
	s.until("the other configuration is tested", func() bool {
		now := s.asked("status")
		return passes() > was && selfTestPassed.MatchString(now) && !strings.Contains(now, "NOT IN FORCE")
	})
	inForce := regexp.MustCompile(`(?m)^configuration  ([0-9a-f]{16})$`).FindStringSubmatch(s.asked("status"))
	changes := s.asked("changes", "--since", "1h")
	if len(inForce) != 2 || !regexp.MustCompile(`command self-test of configuration `+inForce[1]+`[0-9a-f]{48} by .*\(user `+fmt.Sprint(os.Getuid())+`, process [0-9]+\)`).MatchString(changes) {
		t.Errorf("%q\n%s", inForce, changes)
	}
	s.terminate()
	if out := s.asked("replay"); !strings.Contains(out, " agree, 0 differ") {
		t.Error(out)
	}
	if again := s.asked("check", "--self-test", "--in-force"); !strings.HasPrefix(again, "configuration "+inForce[1]) || !strings.Contains(again, ", 0 passed\n") {
		t.Error(again)
	}
}

// TestSelfTestFindsWhatDoesNotBite: a program with a control that refuses nothing is found out: the status and an alert say which.
func TestSelfTestFindsWhatDoesNotBite(t *testing.T) {
	t.Parallel()
	broken, err := staleProgram()
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, shadowed(t))
	s.program = broken
	s.start()
	s.until("it is found out", func() bool {
		status := s.asked("status")
		return strings.Contains(status, "self-test      FAILED: 4 of ") && strings.Contains(status, ": did not refuse: STALE_RESEND of ")
	})
	s.until("the log says so", func() bool { return strings.Contains(s.log(), "the daily SELF-TEST of the controls failed") })
	if out, err := s.gate("check", "--self-test", "-c", filepath.Join(s.dir, "gate.yaml")); err == nil || !strings.Contains(out, "STALE_RESEND of ") {
		t.Error(out, err)
	}
	s.terminate()
}
