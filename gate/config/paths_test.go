package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestJournalIsAFile: a start could not make a folder there.
func TestJournalIsAFile(t *testing.T) {
	dir := writeSample(t)
	if err := os.WriteFile(filepath.Join(dir, "journal"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load(filepath.Join(dir, SampleMain))
	if err == nil || !strings.Contains(err.Error(), "gate.yaml:9: journal: ") || !strings.Contains(err.Error(), "is a file; name a folder") {
		t.Error(err)
	}
}
