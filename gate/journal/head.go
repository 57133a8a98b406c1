package journal

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// head is the page the writer's process shares with its readers. The plain fields are written before the file
// gets its name and never again; each atomic has cache lines of its own, so a reader's poll costs the engine
// nothing but the line it reads.
type head struct {
	magic        uint64
	format       uint32
	epoch        uint32
	id           [16]byte // of the journal
	boot         [16]byte // of the machine; another one means that the tail may have holes
	segmentBytes uint64
	tailSegments uint32
	pid          uint32
	state        atomic.Uint32 // headLive until Close or the next Open
	_            uint32
	start        uint64 // the tail has no bytes below; written before the file gets its name, too
	_            [112]byte
	appended     atomic.Uint64 // written by the engine
	_            [120]byte
	durable      atomic.Uint64 // written by the writer goroutine
	_            [120]byte
}

const (
	headMagic   = uint64(0x3144414548434c50) // "PLCHEAD1"
	headLive    = 1
	headRetired = 2 // everything is in the segments; look for a new head

	tailSegmentsMax = 1 << 12
)

func headPath(tailDir string) string { return filepath.Join(tailDir, "head") }

// slotPath names a tail file by its epoch, so that a reader can never mix two tails.
func slotPath(tailDir string, epoch uint32, slot int) string {
	return filepath.Join(tailDir, fmt.Sprintf("%08d-%02d"+tailExt, epoch, slot))
}

// tailExt is how the names of the files of a ring end.
const tailExt = ".tail"

// fill sets the plain fields for a new writer.
func (h *head) fill(m *meta, tailSegments int) error {
	id, err := hex.DecodeString(m.ID)
	if err != nil {
		return err
	}
	copy(h.id[:], id)
	h.boot = bootID()
	h.format, h.epoch, h.pid = metaFormat, m.Epoch, uint32(os.Getpid())
	h.segmentBytes, h.tailSegments = uint64(m.SegmentBytes), uint32(tailSegments)
	h.magic = headMagic
	return nil
}

// bootID identifies this run of the machine; zero when the system does not tell.
func bootID() (id [16]byte) {
	raw, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return id
	}
	b, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(string(raw)), "-", ""))
	if err == nil {
		copy(id[:], b)
	}
	return id
}

// mapHead maps the head in tailDir; write is for its owner. It checks that the page is a head, not whose.
func mapHead(tailDir string, write bool) (*head, []byte, error) {
	flag, prot := os.O_RDONLY, unix.PROT_READ
	if write {
		flag, prot = os.O_RDWR, unix.PROT_READ|unix.PROT_WRITE
	}
	f, err := os.OpenFile(headPath(tailDir), flag, 0)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }() // the mapping stays
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	if info.Size() != pageBytes {
		return nil, nil, fmt.Errorf("journal: %s has %d bytes, want %d", f.Name(), info.Size(), pageBytes)
	}
	mem, err := unix.Mmap(int(f.Fd()), 0, pageBytes, prot, unix.MAP_SHARED|unix.MAP_POPULATE)
	if err != nil {
		return nil, nil, fmt.Errorf("journal: map %s: %w", f.Name(), err)
	}
	h := (*head)(unsafe.Pointer(&mem[0]))
	if h.magic != headMagic || h.format != metaFormat || h.tailSegments-1 >= tailSegmentsMax ||
		h.segmentBytes%pageBytes != 0 {
		_ = unix.Munmap(mem)
		return nil, nil, fmt.Errorf("journal: %s is damaged; if the gate is stopped, remove %s", f.Name(), tailDir)
	}
	return h, mem, nil
}

// belongsTo says whether this is the tail of the journal m describes, as its last writer left it.
func (h *head) belongsTo(m *meta) bool {
	return h.of(m) && h.epoch == m.Epoch && h.segmentBytes == uint64(m.SegmentBytes)
}

// of says whether this is a tail of that journal, of whatever epoch.
func (h *head) of(m *meta) bool { return hex.EncodeToString(h.id[:]) == m.ID }
