package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// PathBytesMax is what the kernel holds of a socket's path (sun_path without its zero byte).
const PathBytesMax = 107

const (
	socketMode = 0o600
	groupMode  = 0o660
)

// NoGroup keeps a socket to the gate's own user.
const NoGroup = -1

// Lock is the ownership of one socket path by this process.
type Lock struct{ file *os.File }

// Listen opens a stream socket at path and takes its ownership; the members of group, a gid or NoGroup,
// may connect too. Close the listener first, then release the lock.
func Listen(path string, group int) (*net.UnixListener, *Lock, error) {
	lock, err := own(path)
	if err != nil {
		return nil, nil, err
	}
	l, err := config.Listen(context.Background(), "unix", path)
	if err != nil {
		lock.Release()
		return nil, nil, fmt.Errorf("socket %s: %w", path, err)
	}
	if err := open(path, group); err != nil {
		l.Close()
		lock.Release()
		return nil, nil, err
	}
	return l.(*net.UnixListener), lock, nil
}

// acceptAgain is how long Accept waits behind an error.
const acceptAgain = 100 * time.Millisecond

// Accept hands over each peer that connects until l is closed. An error, such as that no descriptor is free, is told, and who comes later
// may be served again.
func Accept(l *net.UnixListener, admit func(*net.UnixConn), failed func(error)) {
	for {
		c, err := l.AcceptUnix()
		switch {
		case err == nil:
			admit(c)
		case errors.Is(err, net.ErrClosed):
			return
		default:
			failed(err)
			time.Sleep(acceptAgain)
		}
	}
}

// open lets a group connect to a socket that was the owner's alone until now. The kernel takes mode and
// umask, but no group, from the descriptor, so this is done by name: first the group, then its right.
func open(path string, group int) error {
	if group == NoGroup {
		return nil
	}
	if err := os.Lchown(path, -1, group); err != nil {
		return fmt.Errorf("socket %s: the gate's user must be a member of the group: %w", path, err)
	}
	return os.Chmod(path, groupMode)
}

// ListenPacket opens a datagram socket at path and takes its ownership. The caller removes the
// socket with Remove when it has closed it.
func ListenPacket(path string) (*net.UnixConn, *Lock, error) {
	lock, err := own(path)
	if err != nil {
		return nil, nil, err
	}
	c, err := config.ListenPacket(context.Background(), "unixgram", path)
	if err != nil {
		lock.Release()
		return nil, nil, fmt.Errorf("socket %s: %w", path, err)
	}
	return c.(*net.UnixConn), lock, nil
}

// config gives the socket its mode before bind gives it a name.
var config = net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
	var err error
	if failed := c.Control(func(fd uintptr) { err = syscall.Fchmod(int(fd), socketMode) }); failed != nil {
		return failed
	}
	return err
}}

// own takes the lock of a path and clears away a socket that a dead process left there.
func own(path string) (*Lock, error) {
	if path == "" || len(path) > PathBytesMax || strings.ContainsRune(path, 0) || path[0] == '@' {
		return nil, fmt.Errorf("socket %q: a path has 1 to %d bytes and does not begin with @; "+
			"name a shorter one", path, PathBytesMax)
	}
	name := path + ".lock"
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, socketMode)
	if err != nil {
		return nil, fmt.Errorf("socket %s: its lock cannot be opened; create the folder and let this "+
			"user write there: %w", path, err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		owner, _ := io.ReadAll(io.LimitReader(file, 20))
		file.Close()
		return nil, fmt.Errorf("socket %s: process %s owns it and is alive; stop it, or configure another "+
			"socket (%w)", path, strings.TrimSpace(string(owner)), err)
	}
	lock := &Lock{file}
	if err := Remove(path); err != nil {
		lock.Release()
		return nil, err
	}
	// The number is for the message above only; the lock is what counts.
	_ = file.Truncate(0)
	_, _ = fmt.Fprintf(file, "%d\n", os.Getpid())
	return lock, nil
}

// Remove takes a socket's name away. It refuses anything that is not a socket.
func Remove(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("socket %s: %w", path, err)
	case info.Mode().Type() != fs.ModeSocket:
		return fmt.Errorf("socket %s: there is a file that is no socket; move it away, or configure another "+
			"path", path)
	}
	return os.Remove(path)
}

// Release gives the path up.
func (l *Lock) Release() { l.file.Close() }
