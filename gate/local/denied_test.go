package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// asOther has this thread count as another user for files where the test is root's, whom nothing is denied.
func asOther(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	runtime.LockOSThread()
	must(t, unix.Setfsuid(65534))
	t.Cleanup(func() {
		must(t, unix.Setfsuid(0))
		runtime.UnlockOSThread()
	})
}

// TestDenied: what is in the way is named, with whose it is and what to do; other errors have no such cure.
func TestDenied(t *testing.T) {
	dir := t.TempDir()
	for d := dir; d != "/"; d = filepath.Dir(d) { // the other may enter all of it
		if info, err := os.Stat(d); err == nil && info.Mode()&0o011 != 0o011 {
			must(t, os.Chmod(d, info.Mode()|0o011))
		}
	}
	path := func(elem ...string) string { return filepath.Join(append([]string{dir}, elem...)...) }
	must(t, os.Mkdir(path("closed"), 0o700))
	must(t, os.Mkdir(path("closed", "within"), 0o700))
	must(t, os.WriteFile(path("read-only"), nil, 0o444))
	must(t, os.Mkdir(path("folder"), 0o555))
	if os.Getuid() != 0 {
		must(t, os.Chmod(path("closed"), 0))
	}
	asOther(t)
	self := userNamed(os.Geteuid())
	for _, c := range []struct {
		try  func() error
		want string
	}{
		{func() error { return os.Mkdir(path("closed", "within", "journal"), 0o700) },
			fmt.Sprintf("user %s may not enter %s, which is of user %s, mode", self, path("closed"), self)},
		{func() error { _, err := os.OpenFile(path("read-only"), os.O_RDWR, 0); return err }, "write " + path("read-only") + ", which"},
		{func() error { _, err := os.OpenFile(path("read-only"), os.O_RDWR, 0); return err }, ": chown " + self + " " + path("read-only") + " and what else the gate has made in that folder; or run this as user " + self},
		{func() error { return os.Mkdir(path("folder", "journal"), 0o700) }, "write in " + path("folder") + ", which"},
		{func() error { return os.Mkdir(path("folder", "journal"), 0o700) }, ": chown " + self + " " + path("folder") + ";"},
		{func() error { return os.Rename(path("read-only"), path("folder", "x")) }, path("folder")},
		{func() error { return &fs.PathError{Op: "open", Path: path("folder"), Err: unix.EACCES} }, ": chown -R " + self + " " + path("folder") + ";"},
	} {
		err := c.try()
		if got := Denied(fmt.Errorf("start: %w", errors.Join(err))); !errors.Is(err, fs.ErrPermission) || !strings.Contains(got, c.want) {
			t.Errorf("%v: %q, want %q", err, got, c.want)
		}
	}
	for _, err := range []error{nil, fs.ErrNotExist, errors.New("no"), fs.ErrPermission,
		&fs.PathError{Op: "open", Path: path("closed"), Err: fs.ErrExist}} {
		if got := Denied(err); got != "" {
			t.Errorf("%v: %q", err, got)
		}
	}
}
