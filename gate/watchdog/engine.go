package watchdog

import (
	"fmt"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"time"
)

// process is one engine.
type process struct {
	cmd     *exec.Cmd
	begun   time.Time
	gone    chan struct{} // closed once it has ended, and with it all that the kernel kept for it
	err     error         // how it ended; read it when gone
	killed  atomic.Bool   // hard
	stalled bool          // the watchdog's loop: it was killed because it stood still
}

// start starts an engine on the shared page. It dies with the calling thread: the caller is locked to one that lasts as
// long as the watchdog.
func start(cmd *exec.Cmd, page *os.File) (*process, error) {
	cmd.ExtraFiles = []*os.File{page}
	// A group of its own: a Ctrl-C in the terminal is the watchdog's to pass on.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the engine: %w", err)
	}
	p := &process{cmd: cmd, begun: time.Now(), gone: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.gone)
	}()
	return p, nil
}

// ended reports whether the engine is gone.
func (p *process) ended() bool {
	select {
	case <-p.gone:
		return true
	default:
		return false
	}
}

// kill ends the engine without its help; a process that is stopped or loops ends as well. It does not wait.
func (p *process) kill() {
	p.killed.Store(true)
	_ = p.cmd.Process.Kill()
}

// stop asks the engine to end properly.
func (p *process) stop() { _ = p.cmd.Process.Signal(syscall.SIGTERM) }

// awaitEnd waits until the engine has ended. False: it has not in this time.
func (p *process) awaitEnd(within time.Duration) bool {
	timeout := time.NewTimer(within)
	defer timeout.Stop()
	select {
	case <-p.gone:
		return true
	case <-timeout.C:
		return false
	}
}

// unbegun reports whether the process died of SIGTERM: the first thing that an engine does is to take that signal for a stop.
func (p *process) unbegun() bool {
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGTERM
}

// crashed reports whether a signal or a panic ended it; it did not end by itself, with or without an error.
func (p *process) crashed() bool {
	const panicked = 2 // exit code of a Go program that ends by one
	state := p.cmd.ProcessState
	return state.ExitCode() == panicked || !state.Exited()
}
