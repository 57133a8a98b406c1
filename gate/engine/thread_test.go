package engine

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// TestNice: the engine's thread alone gets the priority, and does not go back among the others.
func TestNice(t *testing.T) {
	const wanted = 19 // what any user may have
	before := threadNice(t)
	e := &Engine{cfg: Config{Nice: wanted}}
	type seen struct {
		nice    int
		claimed bool
	}
	got := make(chan seen)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with this goroutine
		claimed := e.claimProcessor()
		got <- seen{nice: threadNice(t), claimed: claimed}
	}()
	if s := <-got; s.nice != wanted || !s.claimed {
		t.Errorf("nice value %d, to end with its goroutine: %v", s.nice, s.claimed)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if n := threadNice(t); n != before {
		t.Errorf("another thread has nice value %d, before %d", n, before)
	}
}

// threadNice is that of the calling thread.
func threadNice(t *testing.T) int {
	raw, err := unix.Getpriority(unix.PRIO_PROCESS, 0) // the system call counts from 20 downwards
	if err != nil {
		t.Error(err)
	}
	return 20 - raw
}
