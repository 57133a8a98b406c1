package verbs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"portcullis/gate/rehearsal"
	"portcullis/gate/shadow"
)

// selfTestInForce is the self-test of what is in force.
func (v *checkVerb) selfTestInForce() error {
	if !v.SelfTest || !v.InForce {
		return errors.New("--in-force goes with --self-test, and --json with both: gate check --self-test --in-force")
	}
	p, err := places(v.Config)
	if err != nil {
		return err
	}
	cfg, err := shadow.Judging(p.JournalDir)
	if err != nil {
		return err
	}
	if cfg == nil {
		return fmt.Errorf("journal %s names no configuration: no gate has run on it yet; leave out --in-force", p.JournalDir)
	}
	w, hash := io.Writer(out), cfg.Hash()
	if v.JSON {
		w = io.Discard
	}
	fmt.Fprintf(w, "configuration %x, in force by journal %s\n", first8(hash), p.JournalDir)
	told, err := rehearsal.SelfTest(w, cfg, time.Now().UnixNano())
	if v.JSON && (err == nil || errors.Is(err, rehearsal.ErrNotRefused)) {
		return json.NewEncoder(out).Encode(shadow.SelfTested{Tested: told, Hash: fmt.Sprintf("%x", hash)})
	}
	return err
}

// leastNice is the nice value of a self-test: it runs where nothing else wants to.
const leastNice = 19

// selfTestBeside is a self-test of the configuration in force in a process of its own, which gives its memory back and, where it
// fails, harms nothing. That has one processor at most, and the priority of the thread that starts it.
func selfTestBeside(ctx context.Context, path string) (t shadow.SelfTested, err error) {
	runtime.LockOSThread() // for good: the thread ends with this goroutine
	if err := unix.Setpriority(unix.PRIO_PROCESS, 0, leastNice); err != nil {
		return t, err
	}
	cmd := selfUntil(ctx, "check", "--self-test", "--in-force", "--json", "-c", path)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	text, err := cmd.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return t, fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	if err != nil {
		return t, err
	}
	return t, json.Unmarshal(text, &t)
}
