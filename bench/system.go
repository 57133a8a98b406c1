package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"portcullis/bench/load"
	"portcullis/gate/admin"
	"portcullis/gate/engine"
)

const (
	startMax = time.Minute     // until a system has let the first order through; free memory that a host took back comes slowly
	stopMax  = 5 * time.Second // between SIGTERM and SIGKILL
)

// process is one running system under test.
type process struct {
	cmd     *exec.Cmd
	address string
	tail    string        // directory to remove when it has ended; "" = none
	said    bytes.Buffer  // what it wrote to standard error; read it when ended
	ended   chan struct{} // closed when it has ended
}

// launch starts the system called name between n participants and the venue at venueAddr. dir is its own.
func launch(o *Options, name, venueAddr, dir string, flow *load.Flow, n int) (*process, error) {
	if err := writeInstruments(dir, flow.Instruments); err != nil {
		return nil, err
	}
	if name == Gate {
		return launchGate(o, venueAddr, dir, flow, n)
	}
	p := &process{cmd: o.childCommand(name, venueAddr, dir, strconv.Itoa(n))}
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer out.Close()
	p.cmd.Stdout = in
	err = p.start(o.Pin)
	in.Close() // the child's end alone is left, so that its exit ends the read
	if err != nil {
		return nil, err
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), readyPrefix)
	if !ok {
		p.stop()
		return nil, p.failure(errors.New("it did not start"))
	}
	p.address = address
	return p, nil
}

func launchGate(o *Options, venueAddr, dir string, flow *load.Flow, n int) (*process, error) {
	tail, err := tailDir(dir)
	if err != nil {
		return nil, err
	}
	p := &process{tail: tail}
	p.address, err = writeGate(dir, tail, venueAddr, flow, n, o.WarmUp+o.Duration)
	if err == nil {
		p.cmd = o.GateCommand(dir)
		err = p.start(o.Pin)
	}
	if err != nil {
		os.RemoveAll(tail)
		return nil, err
	}
	return p, nil
}

func selfCommand(name string, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	return exec.Command(self, append([]string{ChildVerb, name}, args...)...)
}

// start runs the command so that it dies with this process, on the CPUs it is given.
func (p *process) start(pin bool) error {
	p.cmd.Stderr = &p.said
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if pin {
		runtime.LockOSThread() // a child inherits the CPUs of the thread that starts it
		defer runtime.UnlockOSThread()
		if err := bindTo(1, runtime.NumCPU()); err != nil {
			return err
		}
		defer func() { _ = bindTo(0, 1) }()
	}
	if err := p.cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.cmd.Path, err)
	}
	p.ended = make(chan struct{})
	go func() {
		_ = p.cmd.Wait() // how it ended shows in what it said
		close(p.ended)
	}()
	return nil
}

// bindTo lets the calling thread run on the CPUs from first up to, not including, end.
func bindTo(first, end int) error {
	var set unix.CPUSet
	for cpu := first; cpu < end; cpu++ {
		set.Set(cpu)
	}
	if set.Count() == 0 {
		return fmt.Errorf("bench: pinning needs at least two CPUs")
	}
	return unix.SchedSetaffinity(0, &set)
}

// stop ends the process, gently first.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(stopMax):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
	if p.tail != "" {
		os.RemoveAll(p.tail)
	}
}

// failure adds what the process said: its first words, because a panic begins with its cause, and its last, where
// a program says why it ends. Call it after stop.
func (p *process) failure(err error) error {
	const part = 400
	said := strings.TrimSpace(p.said.String())
	if len(said) > 2*part {
		said = said[:part] + " ... " + said[len(said)-part:]
	}
	if said == "" {
		return err
	}
	return fmt.Errorf("%w; it said: %s", err, said)
}

// measure runs one phase against a fresh process of the system called name.
func measure(o *Options, name string, flow *load.Flow, phase load.Phase) (*load.Result, error) {
	dir, err := os.MkdirTemp("", "gate-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	n := o.participants(phase.Mode)
	h, err := load.New(flow, identities(n))
	if err != nil {
		return nil, err
	}
	defer h.Close()
	ctx, cancel := context.WithTimeout(context.Background(), startMax)
	defer cancel()
	if name == Direct {
		if err := h.Connect(ctx, h.VenueAddr()); err != nil {
			return nil, err
		}
		return h.Run(phase)
	}
	p, err := launch(o, name, h.VenueAddr(), dir, flow, n)
	if err != nil {
		return nil, err
	}
	go func() { // a system that has ended will not log anybody on
		<-p.ended
		cancel()
	}()
	result, err := p.run(ctx, h, phase)
	if name == Gate && err == nil {
		result.Inside, err = inside(dir)
	}
	h.Close() // before the stop: a system that takes leave of its peers would wait for answers nobody writes
	p.stop()
	if err != nil {
		return nil, p.failure(err)
	}
	return result, nil
}

func (p *process) run(ctx context.Context, h *load.Harness, phase load.Phase) (*load.Result, error) {
	if err := h.Connect(ctx, p.address); err != nil {
		return nil, err
	}
	pids := family(p.cmd.Process.Pid)
	phase.CPUNs = func() int64 { return cpuNs(pids) }
	return h.Run(phase)
}

// inside asks the gate for its own times, of all messages since it began, warm-up included.
func inside(dir string) (load.Inside, error) {
	status, err := statusOf(admin.Client{Path: filepath.Join(dir, "gate.sock")})
	if err != nil {
		return load.Inside{}, err
	}
	return load.Inside{
		Messages: status.Gate.Count, P50Ns: status.Gate.P50, P99Ns: status.Gate.P99, P999Ns: status.Gate.P999,
		DecisionP50Ns: status.Decision.P50, DecisionP99Ns: status.Decision.P99,
	}, nil
}

// statusOf asks a gate for its counters and times.
func statusOf(gate admin.Client) (status engine.Status, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	answer, err := gate.Do(ctx, admin.Request{Verb: admin.Status})
	if err != nil {
		return status, err
	}
	if err := json.Unmarshal(answer.Detail, &status); err != nil {
		return status, fmt.Errorf("status of the gate: %w", err)
	}
	return status, nil
}
