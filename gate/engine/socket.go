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
