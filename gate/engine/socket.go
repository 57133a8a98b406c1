package engine

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Read reads from a non-blocking descriptor into b, which is not empty. n 0 without an error is the end of the stream;
// EAGAIN is "nothing yet". The call never blocks, so the scheduler is not told of it.
func Read(fd int, b []byte) (n int, errno unix.Errno) {
	r, _, errno := unix.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	if errno != 0 {
		return 0, errno
	}
	return int(r), 0
}

// Write hands b, which is not empty, to a non-blocking socket and returns how much was taken. A peer that has gone is
// EPIPE, never a signal.
func Write(fd int, b []byte) (n int, errno unix.Errno) {
	r, _, errno := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)),
		unix.MSG_NOSIGNAL|unix.MSG_DONTWAIT, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(r), 0
}

// Room reports whether a socket takes bytes now, so many at least that a few KiB go in whole. Where it does not, an edge
// of a Poller tells when it does again.
func Room(fd int) bool {
	poll := unix.PollFd{Fd: int32(fd), Events: unix.POLLOUT}
	var atOnce unix.Timespec
	n, _, errno := unix.RawSyscall6(unix.SYS_PPOLL, uintptr(unsafe.Pointer(&poll)), 1,
		uintptr(unsafe.Pointer(&atOnce)), 0, 0, 0)
	return errno == 0 && n == 1
}

// prepare makes fd a socket the engine can own: non-blocking, without delay, and with a bound on the bytes the kernel
// takes that it has not sent.
func prepare(fd, unsentBytesMax int) error {
	if err := unix.SetNonblock(fd, true); err != nil {
		return fmt.Errorf("engine: set non-blocking: %w", err)
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return fmt.Errorf("engine: TCP_NODELAY: %w", err)
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, unsentBytesMax); err != nil {
		return fmt.Errorf("engine: TCP_NOTSENT_LOWAT: %w", err)
	}
	return nil
}

// closeAbruptly makes the end of a venue's socket, and so the death of this process, throw away what the kernel has not
// sent: a kernel that goes on sending for a dead process would send orders behind a kill.
func closeAbruptly(fd int) error {
	if err := unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}); err != nil {
		return fmt.Errorf("engine: SO_LINGER: %w", err)
	}
	return nil
}

// closeGently closes a descriptor that was shut down. Where the peer has taken all that was sent, it sees a proper end.
// What a venue has not taken must not leave later: it is settled when the line comes back, as all that did not arrive.
func closeGently(fd int) {
	const fin = 1 // the end itself counts as a byte until the peer has it
	if n, err := unix.IoctlGetInt(fd, unix.SIOCOUTQ); err == nil && n <= fin {
		_ = unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{})
	}
	_ = unix.Close(fd)
}
