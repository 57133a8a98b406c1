package audit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/watchdog"
)

// pingWithin is how long a gate may take to say that it is there.
const pingWithin = 2 * time.Second

// Presence is whether a gate is at work on a journal.
type Presence struct {
	Words   string // how it stands
	WhyNot  string // it takes no orders; "": nothing of this speaks against it
	Unasked bool   // no socket is known, so that this says what the journal's lock does
}

// Alive says whether a gate is at work on a journal. socket is its admin socket, "" where
// that is not known. No lock is taken to find out: a gate that is just starting would be refused it.
func Alive(ctx context.Context, dir, socket string) Presence {
	holder := lockHolder(filepath.Join(dir, "LOCK"))
	if holder == "" {
		return absent(socket)
	}
	state := "process " + holder + " holds the journal"
	if socket == "" {
		return Presence{Words: state, Unasked: true}
	}
	_, err := admin.Client{Path: socket, AnswerWithin: pingWithin}.Do(ctx, admin.Request{Verb: admin.Ping})
	switch {
	case err == nil:
		return Presence{Words: state + ", and answers on " + socket}
	case errors.Is(err, admin.ErrNoGate):
		step := betweenRuns(ctx, socket)
		return Presence{Words: state + " and " + step + " it: it does not listen on " + socket + " meanwhile", WhyNot: "it " + step + " the journal"}
	case errors.Is(err, os.ErrDeadlineExceeded):
		if s, err := askWatchdog(ctx, socket); err == nil && s.Phase == watchdog.Running.String() && s.BeatNs < int64(pingWithin) {
			return Presence{Words: state + fmt.Sprintf(", but has not answered on %s within %v, though its engine is at work (heartbeat %s ago): orders "+
				"are decided, and commands do not get in; gate kill --hard does", socket, pingWithin, span(s.BeatNs))}
		}
		return Presence{Words: state + fmt.Sprintf(", but has not answered on %s within %v: it is stopped or stuck, and NOTHING is decided now; what "+
			"follows is how its journal stands", socket, pingWithin), WhyNot: "it is stopped or stuck"}
	}
	return Presence{Words: state + ", but does not answer: " + err.Error()}
}

// absent is of a journal that no process holds.
func absent(socket string) Presence {
	p := Presence{Words: "no process holds the journal", WhyNot: "it is not running"}
	if socket != "" {
		p.Words += ": the gate is not running"
	}
	return p
}

// betweenRuns says what a process does that holds the journal and does not listen on its socket.
func betweenRuns(ctx context.Context, socket string) string {
	s, err := askWatchdog(ctx, socket)
	switch {
	case err == nil && s.Phase == watchdog.Opening.String():
		return "is opening"
	case err == nil && s.Phase == watchdog.Closing.String():
		return "is closing"
	}
	return "opens or closes"
}

// lockHolder is the process that holds the writer's lock, "" where none does. The kernel lists the
// locks by inode; the process is what the lock file names.
func lockHolder(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	pid := strings.TrimSpace(string(content))
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	inode := info.Sys().(*syscall.Stat_t).Ino
	locks, err := os.Open("/proc/locks")
	if err != nil {
		return holderByFiles(path, pid)
	}
	defer locks.Close()
	for lines := bufio.NewScanner(locks); lines.Scan(); {
		// 1: FLOCK  ADVISORY  WRITE 3868 fe:00:9989402 0 EOF
		f := strings.Fields(lines.Text())
		if len(f) > 5 && f[1] == "FLOCK" && f[3] == "WRITE" && strings.HasSuffix(f[5], ":"+strconv.FormatUint(inode, 10)) &&
			(f[4] == pid || f[4] == "0") {
			return pid
		}
	}
	return ""
}

// holderByFiles looks whether the process that the lock file names has it open.
func holderByFiles(path, pid string) string {
	folder := fmt.Sprintf("/proc/%s/fd", pid)
	files, err := os.ReadDir(folder)
	if err != nil {
		return ""
	}
	want, err := filepath.EvalSymlinks(path)
	if err != nil {
		return ""
	}
	if want, err = filepath.Abs(want); err != nil {
		return ""
	}
	for _, file := range files {
		if target, err := os.Readlink(filepath.Join(folder, file.Name())); err == nil && target == want {
			return pid
		}
	}
	return ""
}
