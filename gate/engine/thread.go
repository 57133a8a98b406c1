package engine

import (
	"fmt"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"
)

// claimProcessor pins the calling thread and asks for real-time scheduling, or for priority among others, where
// configured. What the host does not permit is logged and done without. True: the thread is not like others any more and
// must end with its goroutine.
//
// Without priority who is woken by a write of the engine may take the processor from it within that write, while a kill
// waits.
func (e *Engine) claimProcessor() bool {
	changed := false
	if e.cfg.Pin {
		var set unix.CPUSet
		set.Set(e.cfg.CPU)
		err := unix.SchedSetaffinity(0, &set)
		changed = err == nil
		e.refused(zerolog.WarnLevel, fmt.Sprintf("pin to processor %d", e.cfg.CPU), err)
	}
	if e.cfg.Nice != 0 {
		err := unix.Setpriority(unix.PRIO_PROCESS, 0, e.cfg.Nice) // 0: on Linux this thread alone
		changed = changed || err == nil
		e.refused(zerolog.InfoLevel, fmt.Sprintf("nice value %d", e.cfg.Nice), err) // an ordinary user's gate: nothing is wrong
	}
	if e.cfg.Realtime {
		attr := unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_FIFO, Priority: 1}
		err := unix.SchedSetAttr(0, &attr, 0)
		changed = changed || err == nil
		e.refused(zerolog.WarnLevel, "run with SCHED_FIFO", err)
	}
	return changed
}

// giveWay lets another thread that wants this processor have it: a peer on the same host, which the kernel likes to put
// beside whoever wakes it, would else wait until the engine sleeps.
func giveWay() { unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0) }

func (e *Engine) refused(level zerolog.Level, what string, err error) {
	if err != nil {
		e.cfg.Log.WithLevel(level).Err(err).Str("wanted", what).
			Msg("the host refused the engine thread a privilege; it runs without")
	}
}
