package main

import (
	"fmt"
	"time"

	"portcullis/gate/config"
	"portcullis/gate/shadow"
)

type snapshotVerb struct{ configFlag }

// Run writes a snapshot of the journal's state for a start with this configuration and this program, whether or not a
// gate is running with another.
func (v *snapshotVerb) Run() error {
	cfg, err := config.Load(v.Config)
	if err != nil {
		return err
	}
	begun := time.Now()
	s, _, err := shadow.Open(cfg)
	if err != nil {
		return err
	}
	defer s.Close()
	from := s.Record()
	if err := s.CatchUp(); err != nil {
		return err
	}
	if err := s.Save(); err != nil {
		return err
	}
	fmt.Printf("snapshot of record %d, %d of them applied now, in %v\n", s.Record(), s.Record()-from, time.Since(begun).Round(time.Millisecond))
	return nil
}
