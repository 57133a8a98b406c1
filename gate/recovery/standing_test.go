package recovery

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portcullis/gate/config"
)

// TestStandingDamaged: a file that does not say whether changes take two people is an error, never a gate of one person.
func TestStandingDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gate.yaml.approval")
	if s, err := LoadStanding(path); err != nil || s.FourEyes() {
		t.Errorf("no file: %+v, %v", s, err)
	}
	for _, approval := range approvals {
		cfg := new(config.Config)
		cfg.Gate.Approval = approval
		if err := StandingOf(cfg, time.Now()).Save(path); err != nil {
			t.Fatal(err)
		}
		if s, err := LoadStanding(path); err != nil || s.Approval != approval.String() {
			t.Errorf("%s: %+v, %v", approval, s, err)
		}
	}
	for _, text := range []string{"", "null", "{}", "[]", `{"approval":"fourxeyes"}`, `{"approval":""}`, `{"approval":`, "\x00\x00"} {
		if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		if s, err := LoadStanding(path); err == nil || !strings.Contains(err.Error(), "restore it") {
			t.Errorf("%q: %+v, %v", text, s, err)
		}
	}
}
