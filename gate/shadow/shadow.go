package shadow

import (
	"errors"
	"io/fs"

	"portcullis/gate/assemble"
	"portcullis/gate/bind"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/journal"
	"portcullis/gate/recovery"
)

// Shadow is the state of a gate as its journal tells it. Not for concurrent use.
type Shadow struct {
	dir    string
	state  *recovery.State
	follow *journal.Follower
	record assemble.Record
	saved  uint64 // the record of the newest snapshot
	names  *config.Numbers
}

// Open builds the core that a start with the configuration would build, and begins at the newest snapshot that fits.
// passed are the snapshots that do not.
func Open(cfg *config.Config) (s *Shadow, passed []recovery.Passed, err error) {
	s = &Shadow{dir: cfg.Gate.JournalDir}
	c, names, err := build(cfg)
	if err != nil {
		return nil, nil, err
	}
	s.names = names
	reader, err := journal.NewReader(s.dir, nil)
	if err != nil {
		return nil, nil, err
	}
	s.state = recovery.New(c)
	passed = s.state.Load(recovery.Dir(s.dir), reader)
	s.saved = s.state.Last.Seq
	if err := reader.Close(); err != nil {
		return nil, passed, err
	}
	s.follow, err = journal.Follow(s.dir, s.state.End)
	return s, passed, err
}

// Judging is the configuration by which the gate of a journal judges, with the files that are kept beside it; nil: it has named
// none yet. What the gate's own files hold by now is not in force.
func Judging(journalDir string) (cfg *config.Config, err error) {
	reader, err := journal.NewReader(journalDir, bind.KeysOf)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	if cfg, err = recovery.InForce(journalDir, reader); cfg != nil {
		cfg.Gate.JournalDir = journalDir
	}
	return cfg, err
}

// build also returns what names the numbers. Names that only this configuration has get those that a start with it would give
// them.
func build(cfg *config.Config) (c *core.Core, names *config.Numbers, err error) {
	given, err := config.ReadNumbers(cfg.Gate.JournalDir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	n := given.Draft()
	defer func() { err = errors.Join(err, n.Close()) }()
	if err := assemble.Assign(cfg, n); err != nil {
		return nil, nil, err
	}
	c, err = assemble.Core(cfg, n, nil, assemble.Heap)
	return c, n, err
}

// CatchUp applies what the journal has by now.
func (s *Shadow) CatchUp() error { return s.state.Follow(s.follow, &s.record, nil) }

// Save writes a snapshot, unless the newest one is of the same record.
func (s *Shadow) Save() error {
	if s.saved == s.state.Last.Seq {
		return nil
	}
	if err := s.state.Save(recovery.Dir(s.dir)); err != nil {
		return err
	}
	s.saved = s.state.Last.Seq
	return nil
}

// Record is the number of the last record that was applied.
func (s *Shadow) Record() uint64 { return s.state.Last.Seq }

// Close gives the journal's files back.
func (s *Shadow) Close() error { return s.follow.Close() }
