package ring

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// OpenFile maps the ring in the file at path and attaches to what it holds; a missing or empty file becomes an
// empty ring of slotCount (a power of two) slots of slotBytes bytes. A file of another size or with a damaged
// header is an error, never a fresh ring: the other side may be using it. The file has all its blocks and the
// mapping all its pages, so a push can neither fault nor meet a full disk. Close unmaps it.
func OpenFile(path string, slotBytes, slotCount int) (*Ring, error) {
	if slotBytes < 1 || slotBytes > SlotBytesMax || slotCount < 1 || slotCount&(slotCount-1) != 0 {
		return nil, fmt.Errorf("ring: %s: %d slots of %d bytes; need a power of two, slots of 1 to %d bytes",
			path, slotCount, slotBytes, SlotBytesMax)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("ring: %w", err)
	}
	defer func() { _ = f.Close() }() // the mapping stays
	// Two processes may start together: one creates, the other waits and attaches. The mapping keeps the open
	// file, and with it the lock, so closing alone would not give it back.
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		return nil, fmt.Errorf("ring: lock %s: %w", path, err)
	}
	defer func() { _ = unix.Flock(int(f.Fd()), unix.LOCK_UN) }()
	mem, err := mapRing(f, Bytes(slotBytes, slotCount))
	if err != nil {
		return nil, fmt.Errorf("ring: %s: %w", path, err)
	}
	if index(mem, 0).Load() == 0 { // new, or its maker was killed before it wrote the magic, which comes last
		format(mem, slotBytes, slotCount)
	}
	r, err := Attach(mem)
	if err == nil && (r.SlotBytes() != slotBytes || r.SlotCount() != slotCount) {
		err = fmt.Errorf("%w: it has %d slots of %d bytes, wanted %d of %d: stop both sides and remove the file",
			ErrDamaged, r.SlotCount(), r.SlotBytes(), slotCount, slotBytes)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("ring: %s: %w", path, err), unix.Munmap(mem))
	}
	r.unmap = func() error { return unix.Munmap(mem) }
	return r, nil
}

// mapRing gives f its size when it is empty and maps it with every page present.
func mapRing(f *os.File, size int) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() == 0 {
		if err := unix.Fallocate(int(f.Fd()), 0, 0, int64(size)); err != nil {
			return nil, fmt.Errorf("allocate %d bytes: %w", size, err)
		}
	} else if info.Size() != int64(size) {
		return nil, fmt.Errorf("%w: file has %d bytes, wanted %d: stop both sides and remove it",
			ErrDamaged, info.Size(), size)
	}
	mem, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ|unix.PROT_WRITE,
		unix.MAP_SHARED|unix.MAP_POPULATE)
	if err != nil {
		return nil, fmt.Errorf("map %d bytes: %w", size, err)
	}
	return mem, nil
}

// Close unmaps a ring of OpenFile; the ring and every slice Peek gave are dead afterwards. For a ring on the
// caller's memory it does nothing.
func (r *Ring) Close() error {
	if r.unmap == nil {
		return nil
	}
	unmap := r.unmap
	r.unmap = nil
	return unmap()
}
