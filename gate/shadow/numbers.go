package shadow

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"portcullis/gate/config"
)

// numbers are those of a journal, in a copy: a gate may be writing the file just now. Names that only this
// configuration has get the numbers here that a start with it would give them.
type numbers struct {
	*config.Numbers
	dir string
}

func openNumbers(journalDir string) (*numbers, error) {
	data, err := os.ReadFile(filepath.Join(journalDir, "numbers"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "gate-shadow-")
	if err != nil {
		return nil, err
	}
	n := &numbers{dir: dir}
	if err = os.WriteFile(filepath.Join(dir, "numbers"), data, 0o600); err == nil {
		n.Numbers, err = config.OpenNumbers(dir)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return n, nil
}

func (n *numbers) close() error { return errors.Join(n.Close(), os.RemoveAll(n.dir)) }
