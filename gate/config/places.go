package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Places is where a gate is found: all that who asks it, or reads its journal, needs of gate.yaml. The other files may be
// unfinished, or not his to read.
type Places struct {
	JournalDir  string
	AdminSocket string
	Note        string // gate.yaml could not say it; how it was found instead; "" = it could
}

// FindPlaces reads the places from gate.yaml at path, whatever else is wrong with it. Where it cannot be read at all, they
// are those of the configuration that was kept last in the journal of the usual name beside it.
func FindPlaces(path string) (Places, error) {
	dir := filepath.Dir(path)
	p, err := readPlaces(path, dir)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return p, err
	}
	kept, failed := lastKept(filepath.Join(dir, "journal"))
	if failed != nil {
		return Places{}, err
	}
	if p, failed = readPlaces(filepath.Join(kept, filepath.Base(path)), dir); failed != nil {
		return Places{}, err
	}
	p.Note = fmt.Sprintf("%s %s: where the gate is was read from %s", path, Unusable(err), kept)
	return p, nil
}

// Unusable says in words what is the matter with a gate.yaml that did not say where its gate is.
func Unusable(err error) string {
	if errors.Is(err, fs.ErrPermission) {
		return "may not be read by this user"
	}
	return "is not valid (see gate check)"
}

// readPlaces reads them from one file; they begin in dir.
func readPlaces(path, dir string) (Places, error) {
	data, err := readWithin(path, lookPatience)
	if err != nil {
		return Places{}, err
	}
	l := &loader{dir: dir}
	l.readPlaces(l.parseYAML(path, data).sub("gate"))
	g := &l.config.Gate
	return Places{JournalDir: g.JournalDir, AdminSocket: g.AdminSocket}, l.problems.Err()
}

// lastKept is the folder of the configuration that came to a journal last.
func lastKept(journal string) (string, error) {
	folder := filepath.Join(journal, "config")
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "", err
	}
	var kept []fs.FileInfo
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && info.IsDir() {
			kept = append(kept, info)
		}
	}
	if len(kept) == 0 {
		return "", fs.ErrNotExist
	}
	last := slices.MaxFunc(kept, func(a, b fs.FileInfo) int { return cmp.Compare(a.ModTime().UnixNano(), b.ModTime().UnixNano()) })
	return filepath.Join(folder, last.Name()), nil
}
