package local

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestListen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gate.sock")
	l, lock, err := Listen(path, NoGroup)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	_, _, err = Listen(path, NoGroup)
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("process %d owns it", os.Getpid())) {
		t.Errorf("second owner: %v", err)
	}
	_, _, err = ListenPacket(path)
	if err == nil {
		t.Error("a datagram socket took the path of a stream socket")
	}
	c, err := net.Dial("unix", path)
	if err != nil {
		t.Fatalf("the refused owners disturbed the socket: %v", err)
	}
	defer c.Close()
	served, err := l.AcceptUnix()
	if err != nil {
		t.Fatal(err)
	}
	defer served.Close()
	p, err := PeerOf(served)
	if err != nil || p.UID != uint32(os.Getuid()) || p.PID != int32(os.Getpid()) || p.User == "" {
		t.Errorf("peer %+v, %v", p, err)
	}
	l.Close()
	lock.Release()
	if l, lock, err = Listen(path, NoGroup); err != nil {
		t.Fatalf("a closed socket: %v", err)
	}
	l.Close()
	lock.Release()
}

// TestGroup: the members of a group may connect where one is named, and only then.
func TestGroup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gate.sock")
	l, lock, err := Listen(path, os.Getgid())
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	defer l.Close()
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o660 || int(info.Sys().(*syscall.Stat_t).Gid) != os.Getgid() {
		t.Errorf("%v, %v; want 0660 of group %d", info, err, os.Getgid())
	}
	if os.Getuid() == 0 {
		return // root may give a file to any group
	}
	other := filepath.Join(t.TempDir(), "other.sock")
	if _, _, err := Listen(other, 0); err == nil || !strings.Contains(err.Error(), "member of the group") {
		t.Errorf("a group that this user is no member of: %v", err)
	}
}

// TestKilledOwner starts this test again as a process that owns the socket, and kills it.
func TestKilledOwner(t *testing.T) {
	path := os.Getenv("LOCAL_TEST_SOCKET")
	if path != "" {
		if _, _, err := ListenPacket(path); err != nil {
			t.Fatal(err)
		}
		fmt.Println("ready")
		select {}
	}
	path = filepath.Join(t.TempDir(), "gate.sock")
	owner := exec.Command(os.Args[0], "-test.run=^TestKilledOwner$")
	owner.Env = append(os.Environ(), "LOCAL_TEST_SOCKET="+path)
	out, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make([]byte, len("ready"))
	_, err = out.Read(ready)
	if _, _, refused := Listen(path, NoGroup); refused == nil {
		t.Error("a live owner lost its socket")
	}
	_ = owner.Process.Kill()
	_ = owner.Wait()
	if err != nil || string(ready) != "ready" {
		t.Fatalf("owner: %q, %v", ready, err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("no stale socket to take over: %v", err)
	}
	l, lock, err := Listen(path, NoGroup)
	if err != nil {
		t.Fatalf("stale socket: %v", err)
	}
	l.Close()
	lock.Release()
}

func TestBadPaths(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "orders.csv")
	if err := os.WriteFile(file, []byte("keep me"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"":                                   "1 to 107 bytes",
		"@abstract":                          "does not begin with @",
		"/tmp/" + strings.Repeat("x", 108):   "shorter",
		"/tmp/a\x00b":                        "1 to 107 bytes",
		file:                                 "no socket",
		dir:                                  "no socket",
		filepath.Join(dir, "none", "a.sock"): "create the folder",
	} {
		if _, _, err := Listen(path, NoGroup); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", path, err, want)
		}
		if _, _, err := ListenPacket(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("datagram %q: %v, want %q", path, err, want)
		}
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "keep me" {
		t.Error("a file that is no socket was touched")
	}
}

// TestAccept: peers are handed over until the listener is closed; an error is told, and does not end it.
func TestAccept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gate.sock")
	l, lock, err := Listen(path, NoGroup)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	if err := l.SetDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	admitted, failures, ended := make(chan *net.UnixConn), make(chan error, 100), make(chan struct{})
	go func() {
		defer close(ended)
		Accept(l, func(c *net.UnixConn) { admitted <- c }, func(err error) { failures <- err })
	}()
	if err := <-failures; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error(err)
	}
	if err := l.SetDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		c, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		(<-admitted).Close()
		c.Close()
	}
	l.Close()
	<-ended
}
