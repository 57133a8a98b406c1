package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/shadow"
)

type shadowVerb struct {
	configFlag
	JSON     bool `help:"Log JSON lines instead of text."`
	UntilEOF bool `name:"until-eof" help:"End when standard input does: how gate run starts it."`
}

// Run follows the journal of the gate until it is told to end.
func (v *shadowVerb) Run() error {
	cfg, err := config.Load(v.Config)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if v.UntilEOF {
		ctx, stop = shadow.UntilEOF(ctx, os.Stdin)
		defer stop()
	}
	client := admin.Client{Path: cfg.Gate.AdminSocket}
	return shadow.Run(ctx, cfg, shadow.Options{Log: newLog(v.JSON).With().Str("process", "shadow").Logger(),
		Differs: func(record uint64, why string) error {
			_, err := client.Do(ctx, admin.Request{Verb: admin.Differs, ID: record, Reason: why})
			return err
		}})
}

// besideGate starts the shadow of a gate once that is ready.
func besideGate(ctx context.Context, cfg *config.Config, path string, json bool, ready <-chan struct{}) (wait func()) {
	if cfg.Gate.Shadow.Off {
		return func() {}
	}
	var running sync.WaitGroup
	running.Go(func() {
		shadow.Keep(ctx, ready, func() *exec.Cmd {
			cmd := self("shadow", "--until-eof", "-c", path)
			if json {
				cmd.Args = append(cmd.Args, "--json")
			}
			cmd.Stderr = os.Stderr
			return cmd
		}, newLog(json))
	})
	return running.Wait
}

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
