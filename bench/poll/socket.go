package poll

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Listen opens a non-blocking listening socket on an IPv4 address ("127.0.0.1:0" picks a port) and
// returns the address it got.
func Listen(address string) (fd int, bound string, err error) {
	sa, err := resolve(address)
	if err != nil {
		return -1, "", err
	}
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, "", fmt.Errorf("socket: %w", err)
	}
	if err = listen(fd, sa); err != nil {
		unix.Close(fd)
		return -1, "", fmt.Errorf("listen on %s: %w", address, err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		unix.Close(fd)
		return -1, "", fmt.Errorf("getsockname: %w", err)
	}
	in4 := name.(*unix.SockaddrInet4)
	return fd, netip.AddrPortFrom(netip.AddrFrom4(in4.Addr), uint16(in4.Port)).String(), nil
}

func listen(fd int, sa *unix.SockaddrInet4) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return err
	}
	if err := unix.Bind(fd, sa); err != nil {
		return err
	}
	return unix.Listen(fd, 128)
}

// Accept takes one waiting connection; ok is false when none waits.
func Accept(listener int) (fd int, ok bool, err error) {
	fd, _, err = unix.Accept4(listener, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
	if err == unix.EAGAIN {
		return -1, false, nil
	}
	if err != nil {
		return -1, false, fmt.Errorf("accept: %w", err)
	}
	return fd, true, noDelay(fd)
}

// Dial connects to an IPv4 address, waiting for the connection, and returns it non-blocking.
func Dial(address string) (int, error) {
	sa, err := resolve(address)
	if err != nil {
		return -1, err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("socket: %w", err)
	}
	if err = unix.Connect(fd, sa); err == nil {
		if err = noDelay(fd); err == nil {
			err = unix.SetNonblock(fd, true)
		}
	}
	if err != nil {
		unix.Close(fd)
		return -1, fmt.Errorf("connect to %s: %w", address, err)
	}
	return fd, nil
}

// Close closes a socket; its watch ends with it.
func Close(fd int) { _ = unix.Close(fd) }

func noDelay(fd int) error {
	return unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
}

func resolve(address string) (*unix.SockaddrInet4, error) {
	tcp, err := net.ResolveTCPAddr("tcp4", address)
	if err != nil {
		return nil, fmt.Errorf("address %q: %w", address, err)
	}
	sa := &unix.SockaddrInet4{Port: tcp.Port}
	copy(sa.Addr[:], tcp.IP.To4())
	return sa, nil
}

// Read reads once into b. It returns 0 and no error when nothing waits, io.EOF at the end.
func Read(fd int, b []byte) (int, error) {
	n, _, errno := syscall.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	switch {
	case errno == unix.EAGAIN || errno == unix.EINTR:
		return 0, nil
	case errno != 0:
		return 0, errno
	case n == 0:
		return 0, io.EOF
	}
	return int(n), nil
}

// Write writes once from b and returns how much the kernel took, 0 when it takes nothing now.
func Write(fd int, b []byte) (int, error) {
	n, _, errno := syscall.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)),
		unix.MSG_NOSIGNAL, 0, 0)
	switch {
	case errno == unix.EAGAIN || errno == unix.EINTR:
		return 0, nil
	case errno != 0:
		return 0, errno
	}
	return int(n), nil
}
