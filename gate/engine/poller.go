package engine

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// eventsMax is how many descriptors one Wait reports; the rest come with the next.
const eventsMax = 1024

// Poller is raw epoll, edge-triggered. Each descriptor is registered once for reading and writing: an edge says that
// more has arrived, or that the peer took something after a write found no room. It belongs to one thread and allocates
// nothing after NewPoller.
//
// A wait with a timeout would start and stop a timer of the kernel each time: a tenth of the processor time of an order
// in ping-pong on a virtual machine. Instead one timer descriptor is set for the next moment of interest and left alone
// while messages come and go: it is set again only when it has expired or a nearer moment is wanted.
type Poller struct {
	fd      int
	timer   int
	alone   bool  // the runtime has one processor
	armedNs int64 // when the timer expires, in the caller's time; 0: it is not set
	events  [eventsMax]unix.EpollEvent
	setting unix.ItimerSpec
}

// noToken is what the timer's reports carry.
const noToken = 1<<32 - 1

// Ready is one report of Wait.
type Ready struct {
	Token    uint32 // as given to Add
	Readable bool   // bytes, the end of the stream or an error wait to be read
	Writable bool
	Hangup   bool // the peer has ended its side, or the connection failed; reading tells which
}

// NewPoller opens an epoll instance and its timer.
func NewPoller() (*Poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("engine: epoll_create1: %w", err)
	}
	timer, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("engine: timerfd_create: %w", err), unix.Close(fd))
	}
	p := &Poller{fd: fd, timer: timer, alone: runtime.GOMAXPROCS(0) == 1}
	if err := p.Add(timer, noToken); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// Add registers a non-blocking descriptor; token names it in the reports.
func (p *Poller) Add(fd int, token uint32) error {
	event := unix.EpollEvent{
		Events: unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET,
		Fd:     int32(token),
	}
	if err := unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		return fmt.Errorf("engine: epoll_ctl add: %w", err)
	}
	return nil
}

// Remove forgets a descriptor. Closing the last copy of it does the same.
func (p *Poller) Remove(fd int) {
	_ = unix.EpollCtl(p.fd, unix.EPOLL_CTL_DEL, fd, nil) // not registered: nothing to forget
}

// Wait returns the number of reports, read with Ready. untilNs at or before nowNs polls and never blocks; else it
// blocks until there is a report, at most until then, or a little less long. An interrupted wait is an empty one.
//
// It is a raw system call, also where it blocks: the scheduler is not told, so it never gives the thread's processor to
// somebody else, which may be busy when a message comes. A garbage collection does not wait for it: its signal ends the
// wait. Only where the runtime has a single processor the others could not do without it.
func (p *Poller) Wait(nowNs, untilNs int64) int {
	call, timeout := unix.RawSyscall6, 0
	if untilNs > nowNs {
		timeout = -1
		if !p.arm(nowNs, untilNs) {
			timeout = 1 // ms; the timer cannot be set
		}
		if p.alone {
			call = unix.Syscall6
		}
	}
	n, _, errno := call(unix.SYS_EPOLL_PWAIT, uintptr(p.fd), uintptr(unsafe.Pointer(&p.events[0])), eventsMax,
		uintptr(timeout), 0, 0)
	if errno != 0 {
		return 0
	}
	return int(n)
}

// arm sees to it that the timer expires at untilNs or before. False: it cannot.
func (p *Poller) arm(nowNs, untilNs int64) bool {
	if p.armedNs > nowNs && p.armedNs <= untilNs {
		return true
	}
	p.setting.Value = unix.NsecToTimespec(untilNs - nowNs)
	_, _, errno := unix.RawSyscall6(unix.SYS_TIMERFD_SETTIME, uintptr(p.timer), 0,
		uintptr(unsafe.Pointer(&p.setting)), 0, 0, 0)
	p.armedNs = untilNs
	return errno == 0
}

// Ready is the i-th report of the last Wait.
func (p *Poller) Ready(i int) Ready {
	e := &p.events[i]
	hangup := e.Events&(unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0
	return Ready{
		Token:    uint32(e.Fd),
		Readable: hangup || e.Events&unix.EPOLLIN != 0,
		Writable: e.Events&unix.EPOLLOUT != 0,
		Hangup:   hangup,
	}
}

// Close releases the epoll instance and the timer.
func (p *Poller) Close() error { return errors.Join(unix.Close(p.timer), unix.Close(p.fd)) }
