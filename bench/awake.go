package bench

import (
	"fmt"
	"os/exec"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// awakeName is the child that keeps a core from sleeping.
const awakeName = "awake"

// stayAwake spins for ever in the scheduler's idle class: it runs only where nothing else wants to, and gives
// way at once. A core that it runs on never halts, so nothing has to wait for the core to wake.
func stayAwake() error {
	runtime.LockOSThread()
	attr := unix.SchedAttr{Size: uint32(unsafe.Sizeof(unix.SchedAttr{})), Policy: unix.SCHED_IDLE}
	if err := unix.SchedSetAttr(0, &attr, 0); err != nil {
		return fmt.Errorf("idle scheduling class: %w", err)
	}
	//lint:ignore SA5002 spinning is what this process is for
	for {
	}
}

// keepAwake starts one such process per core and returns what ends them.
func keepAwake(o *Options) (end func(), err error) {
	var running []*process
	end = func() {
		for _, p := range running {
			p.stop()
		}
	}
	for range runtime.NumCPU() {
		p := &process{cmd: o.childCommand(awakeName)}
		if err := p.start(false); err != nil {
			end()
			return nil, err
		}
		running = append(running, p)
	}
	return end, nil
}

// childCommand is the command that ends in ChildMain.
func (o *Options) childCommand(name string, args ...string) *exec.Cmd {
	if o.ChildCommand != nil {
		return o.ChildCommand(name, args...)
	}
	return selfCommand(name, args...)
}
