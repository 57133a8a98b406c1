package config

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
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

// TestUnusable: a file that another user may not read is not called wrong.
func TestUnusable(t *testing.T) {
	denied := &fs.PathError{Op: "open", Path: "gate.yaml", Err: syscall.EACCES}
	if got := Unusable(denied); got != "may not be read by this user" {
		t.Error(got)
	}
	if got := Unusable(io.ErrUnexpectedEOF); !strings.Contains(got, "is not valid") {
		t.Error(got)
	}
}
