package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"unsafe"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/sys/unix"
)

// tail is the ring of segments in memory: slot = segment modulo len(slots).
type tail struct {
	dir   string // empty: heap
	slots [][]byte
	head  *head
	maps  [][]byte // to unmap at the end, the head's page among them

	ending  atomic.Bool   // the pages need not be met any more
	touched chan struct{} // closed when they have been; nil: nobody meets them before the engine
}

// defaultTailDir is where the tail of the journal in dir (absolute) lives when nobody says otherwise.
func defaultTailDir(shm, dir string) string {
	return filepath.Join(shm, fmt.Sprintf("portcullis-%016x", xxhash.Sum64String(dir)))
}

// placeTail decides where the tail goes, with a reason when it is not tmpfs. dir is absolute.
func placeTail(o *Options, dir string) (tailDir, reason string) {
	if o.TailDir != "" {
		return o.TailDir, notTmpfs(o.TailDir)
	}
	want := defaultTailDir(o.shm, dir)
	if reason = notTmpfs(want); reason != "" {
		return filepath.Join(dir, "tail"), reason
	}
	return want, ""
}

// notTmpfs says why tailDir cannot be made or is not in memory; empty: it is on tmpfs.
func notTmpfs(tailDir string) string {
	if err := os.MkdirAll(tailDir, dirPerm); err != nil {
		return err.Error()
	}
	var s unix.Statfs_t
	if err := unix.Statfs(tailDir, &s); err != nil {
		return fmt.Sprintf("statfs %s: %v", tailDir, err)
	}
	if s.Type != unix.TMPFS_MAGIC {
		return fmt.Sprintf("%s is not on tmpfs: appends may stall with the disk", tailDir)
	}
	return ""
}

// heapTail makes a tail for tests.
func heapTail(m *meta, tailSegments int) (*tail, error) {
	t := &tail{head: new(head), slots: make([][]byte, tailSegments)}
	for i := range t.slots {
		words := make([]uint64, m.SegmentBytes/8)
		t.slots[i] = unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), m.SegmentBytes)
	}
	return t, t.head.fill(m, tailSegments)
}

// makeTail creates the files of a new tail in tailDir, every page present and mapped. Nobody sees it until publish.
func makeTail(m *meta, tailDir string, tailSegments int, share func(dir string) error) (*tail, error) {
	if err := os.MkdirAll(tailDir, dirPerm); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	if err := share(tailDir); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	t := &tail{dir: tailDir}
	for i := range tailSegments {
		mem, err := t.mapNew(slotPath(tailDir, m.Epoch, i), m.SegmentBytes)
		if err != nil {
			return nil, errors.Join(err, t.unmap(), sweepTail(tailDir))
		}
		t.slots = append(t.slots, mem)
	}
	mem, err := t.mapNew(headPath(tailDir)+".new", pageBytes)
	if err == nil {
		t.head = (*head)(unsafe.Pointer(&mem[0]))
		err = t.head.fill(m, tailSegments)
	}
	if err != nil {
		return nil, errors.Join(err, t.unmap(), sweepTail(tailDir))
	}
	return t, nil
}

// mapNew creates the file at path and maps it. Zeros are written, not only allocated: off tmpfs a store into
// a block that was never written could still meet a full disk, as SIGBUS.
func (t *tail) mapNew(path string, bytes int) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, filePerm)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	defer func() { _ = f.Close() }() // the mapping stays
	if err := allocateBlocks(f, int64(bytes)); err != nil {
		return nil, fmt.Errorf("journal: allocate %d bytes for %s: %w", bytes, path, err)
	}
	if notTmpfs(t.dir) != "" {
		for at := 0; at < bytes; at += pageBytes {
			if _, err := f.WriteAt(make([]byte, pageBytes), int64(at)); err != nil {
				return nil, fmt.Errorf("journal: %w", err)
			}
		}
	}
	mem, err := unix.Mmap(int(f.Fd()), 0, bytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_POPULATE)
	if err != nil {
		return nil, fmt.Errorf("journal: map %s: %w", path, err)
	}
	t.maps = append(t.maps, mem)
	return mem, nil
}

// publish gives the tail to readers, empty from position on.
func (t *tail) publish(position uint64) error {
	t.head.start = position
	t.head.durable.Store(position)
	t.head.appended.Store(position)
	t.head.state.Store(headLive)
	if t.dir == "" {
		return nil
	}
	if err := os.Rename(headPath(t.dir)+".new", headPath(t.dir)); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// startTouching lets each page be met once as the engine will, by a store from user mode, beginning with the segment at hand.
// MAP_POPULATE fills the page tables of this kernel. A hypervisor that shadows them fills its own at that first store
// only: it took 8 µs a page, and every second order needs a new one.
func (t *tail) startTouching(segment uint64) {
	t.touched = make(chan struct{})
	go func() {
		defer close(t.touched)
		for i := range uint64(len(t.slots)) {
			slot := t.slots[(segment+i)%uint64(len(t.slots))]
			for at := 0; at < len(slot) && !t.ending.Load(); at += pageBytes {
				atomic.AddUint64((*uint64)(unsafe.Pointer(&slot[at])), 0) // atomic: no store of the engine's is lost
			}
		}
	}()
}

// unmap gives the memory back; the files stay.
func (t *tail) unmap() error {
	if t.touched != nil {
		t.ending.Store(true)
		<-t.touched
	}
	var errs []error
	for _, m := range t.maps {
		errs = append(errs, unix.Munmap(m))
	}
	t.maps, t.slots, t.head = nil, nil, nil
	return errors.Join(errs...)
}

// checkTail says whether tailDir may be used for the journal m: an explicit one must not hold another's tail.
func checkTail(tailDir string, m *meta, explicit bool) error {
	h, mem, err := mapHead(tailDir, false)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if explicit && !h.of(m) {
		err = fmt.Errorf("journal: %s holds the tail of another journal (process %d): give each its own TailDir",
			tailDir, h.pid)
	}
	return errors.Join(err, unix.Munmap(mem))
}

// retireTail sends the readers of the tail in tailDir away and frees its memory. Where m is not nil, another
// journal's tail is left alone.
func retireTail(tailDir string, m *meta) error {
	h, mem, err := mapHead(tailDir, true)
	if errors.Is(err, fs.ErrNotExist) {
		return sweepTail(tailDir)
	}
	if err != nil {
		return err
	}
	if m != nil && !h.of(m) {
		return unix.Munmap(mem)
	}
	h.state.Store(headRetired)
	return errors.Join(unix.Munmap(mem), sweepTail(tailDir))
}

// sweepTail removes every file of a tail in tailDir, and the directory when nothing else is in it.
func sweepTail(tailDir string) error {
	entries, err := os.ReadDir(tailDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	var errs []error
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, tailExt) || name == "head" || name == "head.new" {
			errs = append(errs, removeFile(filepath.Join(tailDir, name)))
		}
	}
	_ = os.Remove(tailDir) // refused when it is not empty, as it should be
	return errors.Join(errs...)
}

func removeFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}
