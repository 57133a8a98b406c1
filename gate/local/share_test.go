package local

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestShare: what is in a shared folder, and what will be made there, is the group's to read, and nobody's more to write.
func TestShare(t *testing.T) {
	group := otherGroup(t)
	outside := filepath.Join(t.TempDir(), "outside")
	write(t, outside, 0o600)
	dir := filepath.Join(t.TempDir(), "journal")
	sub := filepath.Join(dir, "config")
	must(t, os.MkdirAll(sub, 0o700))
	write(t, filepath.Join(dir, "numbers"), 0o600)
	write(t, filepath.Join(sub, "gate.yaml"), 0o660)
	must(t, os.Symlink(outside, filepath.Join(dir, "link")))
	for range 2 { // another start changes nothing
		must(t, Share(dir, group))
		write(t, filepath.Join(sub, "later"), 0o640)
		must(t, os.MkdirAll(filepath.Join(sub, "below"), 0o750))
		for path, mode := range map[string]fs.FileMode{
			dir: fs.ModeDir | fs.ModeSetgid | 0o750, sub: fs.ModeDir | fs.ModeSetgid | 0o750,
			filepath.Join(dir, "numbers"): 0o640, filepath.Join(sub, "gate.yaml"): 0o640, filepath.Join(sub, "later"): 0o640,
			filepath.Join(sub, "below"): fs.ModeDir | fs.ModeSetgid | 0o750,
		} {
			info, err := os.Lstat(path)
			must(t, err)
			if got := int(info.Sys().(*syscall.Stat_t).Gid); info.Mode() != mode || got != group {
				t.Errorf("%s: %v of group %d, want %v of %d", path, info.Mode(), got, mode, group)
			}
		}
	}
	if info, err := os.Stat(outside); err != nil || info.Mode() != 0o600 || int(info.Sys().(*syscall.Stat_t).Gid) == group && group != os.Getgid() {
		t.Errorf("outside the folder: %v, %v", info.Mode(), err)
	}
}

// TestUnshare: what was shared is its user's alone again; what nobody has shared stays as it is.
func TestUnshare(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	sub := filepath.Join(dir, "config")
	must(t, os.MkdirAll(sub, 0o755))
	file := filepath.Join(sub, "gate.yaml")
	write(t, file, 0o640)
	holds := func(folder, of fs.FileMode) {
		t.Helper()
		for path, mode := range map[string]fs.FileMode{dir: fs.ModeDir | folder, sub: fs.ModeDir | folder, file: of} {
			info, err := os.Stat(path)
			must(t, err)
			if got := int(info.Sys().(*syscall.Stat_t).Gid); info.Mode() != mode || got != os.Getgid() {
				t.Errorf("%s: %v of group %d, want %v of %d", path, info.Mode(), got, mode, os.Getgid())
			}
		}
	}
	must(t, Unshare(dir))
	holds(0o755, 0o640)
	must(t, Share(dir, otherGroup(t)))
	must(t, Unshare(dir))
	holds(0o700, 0o600)
}

// TestShareOfAll: a folder in which everybody has something is not given away.
func TestShareOfAll(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Chmod(dir, fs.ModeSticky|0o777))
	if err := Share(dir, os.Getgid()); err == nil {
		t.Error("it was")
	}
}

// otherGroup is a group into which this process may put its files, another than its own where there is one.
func otherGroup(t *testing.T) int {
	if os.Getuid() == 0 {
		return 4242
	}
	groups, err := os.Getgroups()
	must(t, err)
	for _, group := range groups {
		if group != os.Getgid() {
			return group
		}
	}
	return os.Getgid()
}

func write(t *testing.T, path string, mode fs.FileMode) {
	t.Helper()
	must(t, os.WriteFile(path, nil, 0o600))
	must(t, os.Chmod(path, mode))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
