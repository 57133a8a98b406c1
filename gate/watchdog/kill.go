package watchdog

import (
	"errors"
	"fmt"
	"time"
)

const (
	recordFirst  = 20 * time.Millisecond // the record's start before the engine is ended: a disk that hangs delays no kill
	diesWithin   = 5 * time.Second
	recordWithin = 5 * time.Second
)

// kill ends the engine and records who wanted it. It returns when both are done, or says which is not. Any number may
// be at work at once; until the last is done no engine is started.
func (w *Watchdog) kill(k Kill) (Kill, error) {
	w.mu.Lock()
	w.killing++
	p := w.process
	w.mu.Unlock()
	defer w.killDone()
	k = w.record.add(k, time.Now())
	recorded := make(chan error, 1)
	go func() { recorded <- w.record.write() }()
	unrecorded, told := await(recorded, recordFirst)
	alive := false
	if p != nil {
		p.kill()
		alive = !p.awaitEnd(diesWithin)
	}
	if !told {
		if unrecorded, told = await(recorded, recordWithin); !told {
			unrecorded = fmt.Errorf("the disk has not taken the record within %v", recordWithin)
		}
	}
	if alive {
		return k, errors.Join(unrecorded, fmt.Errorf("the engine (process %d) was killed, but the kernel has not ended it within %v: its "+
			"connections may still be open; cut the network of this machine", p.cmd.Process.Pid, diesWithin))
	}
	if unrecorded != nil {
		return k, fmt.Errorf("the engine is dead and nothing leaves, but the kill is not recorded: %w; this process goes on trying "+
			"and starts no engine before. Leave it running, and start no other: that would trade", unrecorded)
	}
	return k, nil
}

func (w *Watchdog) killDone() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.killing--
}

// await waits for the end of a write. False: it has not ended in this time.
func await(done <-chan error, within time.Duration) (error, bool) {
	timeout := time.NewTimer(within)
	defer timeout.Stop()
	select {
	case err := <-done:
		return err, true
	case <-timeout.C:
		return nil, false
	}
}
