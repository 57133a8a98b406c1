package shadow

import (
	"context"
	"io"
	"os/exec"
	"time"

	"github.com/rs/zerolog"
)

// Between two starts of a shadow that ends: at first, and where it goes on to end so soon; and at the end of the gate.
const (
	againAfter  = 5 * time.Second
	againWithin = 5 * time.Minute
	endWithin   = 5 * time.Second
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
	for wait := time.Duration(0); ; {
		well := time.NewTimer(againWithin)
		err := keepOne(ctx, command())
		if ctx.Err() != nil {
			return
		}
		if wait = nextWait(wait, !well.Stop()); err != nil && wait == againAfter { // what ends it again says so itself
			log.Error().Err(err).Msg("the shadow has ended: nothing is compared and no snapshot written until it runs again; it is started again, " +
				"the less often the longer that is of no use")
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// nextWait is how long to wait after a shadow that ran well, for long, or did not; before is the wait before it. One that cannot even start is not
// asked to again and again.
func nextWait(before time.Duration, well bool) time.Duration {
	if before == 0 || well {
		return againAfter
	}
	return min(2*before, againWithin)
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
