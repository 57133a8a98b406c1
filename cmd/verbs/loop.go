//go:build engineloop

package verbs

import (
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"portcullis/clocksync"
)

// A build for tests only: SIGUSR1 makes the engine thread loop for ever the next time it reads the clock.
func init() {
	clock, err := clocksync.New()
	if err != nil {
		panic(err)
	}
	c := &loopingClock{Source: clock}
	engineClock = c
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	go func() {
		<-signals
		c.loop.Store(true)
	}()
}

type loopingClock struct {
	clocksync.Source
	loop atomic.Bool
}

// Now reads the clock, or never returns.
func (c *loopingClock) Now() clocksync.Stamp {
	for c.loop.Load() {
	}
	return c.Source.Now()
}
