package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// hashBytes of a configuration's hash name it.
const hashBytes = 8

// KeptDir is where the files of a configuration are kept beside a journal. A hash of eight bytes is enough.
func KeptDir(journalDir string, hash []byte) string {
	return filepath.Join(journalDir, "config", fmt.Sprintf("%x", hash[:min(hashBytes, len(hash))]))
}

// Keep stores the configuration's files beside the journal, by hash, so that every decision
// can be judged again by what judged it.
func (c *Config) Keep(journalDir string) error {
	hash := c.Hash()
	folder := KeptDir(journalDir, hash[:])
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	temporary := folder + ".new"
	if err := os.RemoveAll(temporary); err != nil {
		return err
	}
	for name, data := range c.Files {
		path := filepath.Join(temporary, filepath.Clean("/"+name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o640); err != nil {
			return err
		}
	}
	return os.Rename(temporary, folder)
}

// LoadKept loads the configuration of a hash, or of its beginning, from the files beside a journal. They have no secrets.
func LoadKept(journalDir string, hash []byte) (*Config, error) {
	if len(hash) < hashBytes {
		return nil, fmt.Errorf("journal %s names a configuration by %d bytes of hash", journalDir, len(hash))
	}
	dir := KeptDir(journalDir, hash)
	files, mains, err := KeptFiles(dir)
	if err != nil {
		return nil, fmt.Errorf("the configuration that judged is not beside the journal: %w", err)
	}
	var problem error
	for _, name := range mains {
		cfg, err := LoadFiles(files, name)
		if err != nil {
			problem = errors.Join(problem, err)
			continue
		}
		if sum := cfg.Hash(); bytes.HasPrefix(sum[:], hash) {
			return cfg, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("%s is not the configuration of its hash: restore it from a copy", dir), problem)
}

// KeptFiles reads a kept configuration. gate.yaml may have named a file by an absolute or upward
// path; the file is offered under each of the names that are kept in its place.
func KeptFiles(dir string) (files map[string][]byte, mains []string, err error) {
	files = map[string][]byte{}
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := readRegular(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		for _, prefix := range []string{"", "/", "./", "../", "../../"} {
			files[prefix+name] = data
		}
		if strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml") {
			mains = append(mains, name)
		}
		return err
	})
	// The usual name first: most folders have one YAML file anyhow.
	if i := slices.Index(mains, SampleMain); i > 0 {
		mains[0], mains[i] = mains[i], mains[0]
	}
	return files, mains, err
}
