package enrol

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"portcullis/gate/config"
)

// Diff shows what Write adds, and where.
func (p *Plan) Diff() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, after line %d:\n", p.path, bytes.Count(p.before, []byte("\n")))
	for line := range strings.Lines(p.added) {
		b.WriteString("+ " + line)
	}
	return b.String()
}

// Write puts the new file in the place of the old one, whole or not at all. A file that was changed meanwhile is left
// as it is.
func (p *Plan) Write() (err error) {
	path, err := filepath.EvalSymlinks(p.path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.WriteString(string(p.before) + p.added)
	if err = errors.Join(err, f.Chmod(info.Mode().Perm()), own(f, info), f.Sync(), f.Close()); err != nil {
		return err
	}
	if now, err := config.ReadFile(path); err != nil || !bytes.Equal(now, p.before) {
		return errors.Join(err, fmt.Errorf("%s was changed by somebody else meanwhile: nothing was written; try again", p.path))
	}
	return os.Rename(f.Name(), path)
}

// own gives a file the owner of the one that it replaces: the gate may run as another user than who edits.
func own(f *os.File, like os.FileInfo) error {
	s, ok := like.Sys().(*syscall.Stat_t)
	if !ok || int(s.Uid) == os.Geteuid() && int(s.Gid) == os.Getegid() {
		return nil
	}
	return f.Chown(int(s.Uid), int(s.Gid))
}
