package watchdog

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"portcullis/gate/engine"
)

// pageFD is where the engine finds its page: the first descriptor after the standard ones.
const pageFD = 3

const (
	pageBytes = 4096
	pageMagic = uint64(0x3147444857434c50) // "PLCWHDG1"
)

// Phase is where an engine stands, as its heartbeat says.
type Phase uint8

const (
	Opening Phase = iota // it recovers the journal; it has not cycled yet
	Running              // its thread cycles
	Closing              // its thread has ended; the journal is being closed
)

var phaseWords = [...]string{Opening: "opening", Running: "running", Closing: "closing"}

// String is the phase as status shows it.
func (p Phase) String() string { return phaseWords[p] }

func phaseOf(beats uint64) Phase {
	switch beats {
	case 0:
		return Opening
	case engine.HeartbeatEnded:
		return Closing
	}
	return Running
}

// Page is the memory that an engine shares with its watchdog. It has no name and dies with the two.
type Page struct {
	magic uint64
	ready atomic.Uint32 // not 0: the engine has taken connections
	_     [116]byte
	beats atomic.Uint64 // the engine's cycles; lines of its own, so that a look costs the engine only that line
	_     [120]byte
	held  atomic.Uint64 // where the file has what the next engine goes on with, see Held; 0: nowhere
}

// newPage makes a page and the file to hand to engines, one after the other.
func newPage() (*Page, *os.File, error) {
	fd, err := unix.MemfdCreate("portcullis-watchdog", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, nil, fmt.Errorf("watchdog: shared page: %w", err)
	}
	file := os.NewFile(uintptr(fd), "shared page")
	if err := file.Truncate(pageBytes); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("watchdog: shared page: %w", err), file.Close())
	}
	p, err := mapPage(fd)
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	p.magic = pageMagic
	return p, file, nil
}

// Inherited is the page that the watchdog gave to this process.
func Inherited() (*Page, *Held, error) {
	var stat unix.Stat_t
	if err := unix.Fstat(pageFD, &stat); err != nil || stat.Size < pageBytes {
		return nil, nil, errors.New("there is no watchdog: the engine is started by gate run")
	}
	p, err := mapPage(pageFD)
	if err == nil && p.magic != pageMagic {
		err = errors.New("there is no watchdog: the engine is started by gate run")
	}
	if err != nil {
		return nil, nil, err
	}
	unix.CloseOnExec(pageFD)
	return p, &Held{os.NewFile(pageFD, "shared page"), &p.held}, nil
}

func mapPage(fd int) (*Page, error) {
	mem, err := unix.Mmap(fd, 0, pageBytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_POPULATE)
	if err != nil {
		return nil, fmt.Errorf("watchdog: map the shared page: %w", err)
	}
	return (*Page)(unsafe.Pointer(&mem[0])), nil
}

// Ready says that the engine takes connections.
func (p *Page) Ready() { p.ready.Store(1) }

// reset begins anew with another engine. What is held stays: it is for that one.
func (p *Page) reset() {
	p.ready.Store(0)
	p.beats.Store(0)
}

// Beats is what the engine counts its cycles in.
func (p *Page) Beats() *atomic.Uint64 { return &p.beats }
