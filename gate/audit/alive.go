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
)

// pingWithin is how long a gate may take to say that it is there.
const pingWithin = 2 * time.Second

// Alive says whether a gate is at work on a journal, in words. socket is its admin socket, "" where
// that is not known. No lock is taken to find out: a gate that is just starting would be refused it.
func Alive(ctx context.Context, dir, socket string) string {
	holder := lockHolder(filepath.Join(dir, "LOCK"))
	state := "no process holds the journal"
	if holder != "" {
		state = "process " + holder + " holds the journal"
	}
	if socket == "" {
		return state
	}
	_, err := admin.Client{Path: socket, AnswerWithin: pingWithin}.Do(ctx, admin.Request{Verb: admin.Ping})
	switch {
	case err == nil:
		return state + ", and answers on " + socket
	case holder == "":
		return state + ": the gate is not running"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return state + fmt.Sprintf(", but has not answered on %s within %v: it is stopped or stuck, and NOTHING is decided now; what "+
			"follows is how its journal stands", socket, pingWithin)
	}
	return state + ", but does not answer: " + err.Error()
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
