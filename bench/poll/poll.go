package poll

import (
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Event is one ready descriptor. Tag is what Add was given.
type Event struct {
	Tag                int32
	Readable, Writable bool
}

// Poller owns one epoll descriptor. Not safe for use from two goroutines.
type Poller struct {
	fd      int
	raw     []unix.EpollEvent
	ready   []Event
	timeout unix.Timespec // of the present wait, here so that it is not allocated
}

// New returns a poller that reports at most eventsMax descriptors per Wait.
func New(eventsMax int) (*Poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll_create1: %w", err)
	}
	return &Poller{fd: fd, raw: make([]unix.EpollEvent, eventsMax), ready: make([]Event, 0, eventsMax)}, nil
}

// Close releases the epoll descriptor; the sockets stay open.
func (p *Poller) Close() error { return unix.Close(p.fd) }

// Add begins to watch fd for reading and reports it under tag.
func (p *Poller) Add(fd int, tag int32) error {
	return p.control(unix.EPOLL_CTL_ADD, fd, tag, unix.EPOLLIN)
}

// Remove ends the watch.
func (p *Poller) Remove(fd int) error { return p.control(unix.EPOLL_CTL_DEL, fd, 0, 0) }

// Watch changes what is watched: a relay stops reading a side whose peer is blocked, and asks for
// writability only while bytes wait, because a writable socket would otherwise be reported for ever.
func (p *Poller) Watch(fd int, tag int32, read, write bool) error {
	var events uint32
	if read {
		events |= unix.EPOLLIN
	}
	if write {
		events |= unix.EPOLLOUT
	}
	return p.control(unix.EPOLL_CTL_MOD, fd, tag, events)
}

func (p *Poller) control(op, fd int, tag int32, events uint32) error {
	// Pad carries the tag: the union of epoll_data is split into Fd and Pad in Go.
	ev := unix.EpollEvent{Events: events, Fd: int32(fd), Pad: tag}
	if err := unix.EpollCtl(p.fd, op, fd, &ev); err != nil {
		return fmt.Errorf("epoll_ctl: %w", err)
	}
	return nil
}

// Wait returns what is ready, waiting at most timeoutNs (0 = do not wait, negative = for ever). The slice
// is valid until the next call. An interrupted wait is an empty answer, not an error.
func (p *Poller) Wait(timeoutNs int64) ([]Event, error) {
	p.ready = p.ready[:0]
	n, errno := p.wait(timeoutNs)
	if errno == unix.EINTR {
		return p.ready, nil
	}
	if errno != 0 {
		return nil, fmt.Errorf("epoll_pwait2: %w", errno)
	}
	for i := range p.raw[:n] {
		ev := p.raw[i]
		p.ready = append(p.ready, Event{
			Tag: ev.Pad,
			// A hang-up is reported as readable: the read then returns the end or the error.
			Readable: ev.Events&(unix.EPOLLIN|unix.EPOLLHUP|unix.EPOLLERR) != 0,
			Writable: ev.Events&unix.EPOLLOUT != 0,
		})
	}
	return p.ready, nil
}

// GiveWay lets another thread that wants this processor have it, where a loop polls instead of waiting.
func GiveWay() { syscall.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0) }

// wait needs Linux 5.11: epoll_pwait2 takes a timeout finer than a millisecond.
func (p *Poller) wait(timeoutNs int64) (int, syscall.Errno) {
	fd, at, size := uintptr(p.fd), uintptr(unsafe.Pointer(&p.raw[0])), uintptr(len(p.raw))
	if timeoutNs == 0 {
		n, _, errno := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT, fd, at, size, 0, 0, 0)
		return int(n), errno
	}
	var timeout *unix.Timespec
	if timeoutNs > 0 {
		p.timeout = unix.NsecToTimespec(timeoutNs)
		timeout = &p.timeout
	}
	n, _, errno := syscall.Syscall6(unix.SYS_EPOLL_PWAIT2, fd, at, size, uintptr(unsafe.Pointer(timeout)), 0, 0)
	return int(n), errno
}
