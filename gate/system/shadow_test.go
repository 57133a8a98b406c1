package system

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"portcullis/gate/admin"
)

// TestShadowBesideGate: gate run keeps a shadow, which leaves a snapshot that the next start takes up, ends with the
// gate however that ends, and whose word raises an alert.
func TestShadowBesideGate(t *testing.T) {
	t.Parallel()
	files := desk(freePort(t))
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "shadow: {run: false}", "shadow: {difference: kill_firm}", 1)
	files["gate.yaml"] += "alerts:\n  - {to: socket, path: nobody.sock}\n  - {to: file, path: alerts.jsonl}\n"
	s := newSite(t, files)
	s.start()
	s.until("a shadow runs", func() bool { return s.shadows() == 1 })
	s.terminate()
	s.until("it has ended", func() bool { return s.shadows() == 0 })
	if out, err := s.gate("status", "-c", filepath.Join(s.dir, "gate.yaml")); err != nil || !strings.Contains(out, "snapshot       of record ") {
		t.Errorf("status: %s, %v", out, err)
	}
	s.start()
	if !regexp.MustCompile(`"of_snapshot":[1-9]`).MatchString(s.log()) {
		t.Fatalf("the start took up no snapshot:\n%s", s.log())
	}
	s.until("a shadow runs", func() bool { return s.shadows() == 1 })
	a, err := s.admin().Do(context.Background(), admin.Request{Verb: admin.Differs, ID: 3, Reason: "test"})
	if err != nil || a.KillID != 1 {
		t.Errorf("%+v, %v", a, err)
	}
	s.until("the alert is said", func() bool { return strings.Contains(s.log(), "holds another state than the gate") })
	s.until("the second sink has it", func() bool {
		told, err := os.ReadFile(filepath.Join(s.dir, "alerts.jsonl"))
		return err == nil && bytes.Contains(told, []byte(`"severity":"critical"`)) && bytes.Contains(told, []byte("kill 1 of the firm is on"))
	})
	if out, err := s.gate("alert", "-c", filepath.Join(s.dir, "gate.yaml")); err == nil || !strings.Contains(out, "alerts.jsonl: taken") {
		t.Errorf("a test line: %s, %v", out, err)
	}
	s.kill9()
	s.until("no shadow outlives the gate", func() bool { return s.shadows() == 0 })
}

// shadows counts the shadow processes of this site.
func (s *site) shadows() (n int) {
	processes, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		s.t.Fatal(err)
	}
	for _, path := range processes {
		if line, err := os.ReadFile(path); err == nil && bytes.Contains(line, []byte("\x00shadow\x00")) && bytes.Contains(line, []byte(s.dir)) {
			n++
		}
	}
	return n
}
