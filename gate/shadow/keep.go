package shadow

import (
	"context"
	"io"
	"os/exec"
	"time"

	"github.com/rs/zerolog"
)

// Between two starts of a shadow that ends, and at the end of the gate.
const (
	againAfter = 5 * time.Second
	endWithin  = 5 * time.Second
)

// Keep runs a shadow beside a gate, in a process that command makes, from ready until ctx ends, and starts it again
// when it ends by itself. The process ends when its standard input does, so none outlives the gate for long; a last
// snapshot is waited for a moment.
func Keep(ctx context.Context, ready <-chan struct{}, command func() *exec.Cmd, log zerolog.Logger) {
	select {
	case <-ready:
	case <-ctx.Done():
		return
	}
	for {
		if err := keepOne(ctx, command()); err != nil && ctx.Err() == nil {
			log.Error().Err(err).Msg("the shadow has ended: nothing is compared and no snapshot written until it runs again")
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(againAfter):
		}
	}
}

func keepOne(ctx context.Context, cmd *exec.Cmd) error {
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() {
		_ = in.Close()
		time.AfterFunc(endWithin, func() { _ = cmd.Process.Kill() })
	})()
	return cmd.Wait()
}

// UntilEOF ends the context when the input does.
func UntilEOF(ctx context.Context, in io.Reader) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, in)
		cancel()
	}()
	return ctx, cancel
}
