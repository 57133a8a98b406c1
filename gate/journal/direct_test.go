package journal

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Whole pages go past the page cache where the file system can do that; what is not aligned goes through it,
// from then on for good; the bytes are the same.
func TestSegmentIsWrittenDirectly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "segment")
	f, err := osFiles{}.allocate(path, 4*pageBytes)
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, f)
	direct := func() bool {
		flags, err := unix.FcntlInt(f.(osFile).Fd(), unix.F_GETFL, 0)
		if err != nil {
			t.Fatal(err)
		}
		return flags&unix.O_DIRECT != 0
	}
	probe, err := os.OpenFile(path, os.O_RDWR|unix.O_DIRECT, 0)
	if err != nil {
		t.Skipf("NOT TESTED: this file system has no direct I/O (%v)", err)
	}
	mustClose(t, probe)
	want := make([]byte, 4*pageBytes)
	write := func(b []byte, off int) {
		t.Helper()
		copy(want[off:], b)
		if _, err := f.WriteAt(b, int64(off)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("after %d bytes at %d: other bytes, or %v", len(b), off, err)
		}
	}
	pages := alignedBytes(2 * pageBytes)
	for i := range pages {
		pages[i] = byte(i * 7)
	}
	write(pages, pageBytes)
	if !direct() {
		t.Error("whole pages went through the page cache")
	}
	write(pages[:pageBytes], 0)
	write(pages[:100], 3*pageBytes+64)
	write(pages[3:200], 77)
	write(pages, 2*pageBytes)
}

func TestAlignedBytes(t *testing.T) {
	for _, n := range []int{pageBytes, 3 * pageBytes, bounceBytes} {
		b := alignedBytes(n)
		if len(b) != n || cap(b) != n || uintptr(unsafe.Pointer(&b[0]))%pageBytes != 0 {
			t.Errorf("%d bytes: %d at %p", n, len(b), &b[0])
		}
	}
}

// pagesOnly is a disk that takes nothing but whole pages, and keeps them in memory.
type pagesOnly struct {
	bytes  []byte
	writes int
}

func (p *pagesOnly) WriteAt(b []byte, off int64) (int, error) {
	if off%pageBytes != 0 || len(b)%pageBytes != 0 || uintptr(unsafe.Pointer(&b[0]))%pageBytes != 0 {
		return 0, fmt.Errorf("%d bytes at %d from %p", len(b), off, &b[0])
	}
	p.writes++
	return copy(p.bytes[off:], b), nil
}

func (p *pagesOnly) Close() error    { return nil }
func (p *pagesOnly) Datasync() error { return nil }

// Whatever the steps in which a slot fills up, the file has its bytes up to the end and zeros behind it, never
// what the ring held before, with at most two writes a step.
func TestCopyPages(t *testing.T) {
	const size = 64 * pageBytes
	for range 50 {
		slot := alignedBytes(size)
		for i := range slot {
			slot[i] = byte(1 + rand.IntN(255)) // behind the end: of the segment before
		}
		disk := &pagesOnly{bytes: make([]byte, size)}
		w := &writer{bounce: alignedBytes(bounceBytes)}
		for at := 0; at < size; {
			to := min(at+alignment*(1+rand.IntN(1<<rand.IntN(11))), size)
			for i := at; i < to; i++ {
				slot[i] = byte(i >> 6)
			}
			disk.writes = 0
			if err := w.copyPages(disk, slot, uint64(at), uint64(to)); err != nil {
				t.Fatalf("%d to %d: %v", at, to, err)
			}
			if !bytes.Equal(disk.bytes[:to], slot[:to]) || !zero(disk.bytes[to:]) || disk.writes > 2 {
				t.Fatalf("%d to %d: other bytes, or %d writes", at, to, disk.writes)
			}
			at = to
		}
	}
}

// The index made of the keys that the writer collected is the one that reading the segment gives.
func TestCollectedKeysMakeTheSameIndex(t *testing.T) {
	o := small(t)
	var made [2][]byte
	j := mustOpen(t, o)
	for n := uint64(1); n <= 150; n++ {
		append1(t, j, n)
	}
	for i := range made {
		var err error
		waitSealed(t, j, 5)
		if made[i], err = os.ReadFile(indexPath(j.dir, 5)); err != nil {
			t.Fatal(err)
		}
		mustClose(t, j)
		if err := os.Remove(indexPath(j.dir, 5)); err != nil {
			t.Fatal(err)
		}
		j = mustOpen(t, o)
	}
	mustClose(t, j)
	if !bytes.Equal(made[0], made[1]) {
		t.Errorf("collected: %d bytes, read: %d bytes, not the same", len(made[0]), len(made[1]))
	}
}

// What the sealer does not take does not pile up, and what is not there any more is read instead.
func TestKeyQueueIsBounded(t *testing.T) {
	var q keyQueue
	for n := range uint64(3 * keyQueueMax) {
		q.put(segmentKeys{segment: n, pairs: []pair{{n, 0}}})
	}
	if len(q.queue) != keyQueueMax {
		t.Fatalf("%d segments wait", len(q.queue))
	}
	for _, c := range []struct {
		segment uint64
		ok      bool
		left    int
	}{{0, true, keyQueueMax - 1}, {0, false, keyQueueMax - 1}, {9, true, keyQueueMax - 10}, {keyQueueMax, false, 0}} {
		k, ok := q.take(c.segment)
		if ok != c.ok || ok && (k.segment != c.segment || k.pairs[0].key != c.segment) || len(q.queue) != c.left {
			t.Errorf("take(%d) = %+v %v, %d left", c.segment, k, ok, len(q.queue))
		}
	}
}

// A tail that somebody wrote into must not stop the writer.
func TestCollectorPassesOverWhatIsNoRecord(t *testing.T) {
	for _, length := range []uint32{0, 1, 63, 1 << 31} {
		o := small(t)
		o.HeapTail = true
		j := mustOpen(t, o)
		mustClose(t, j)
		j.tail.slots[0] = make([]byte, o.SegmentBytes)
		storeLength(j.tail.slots[0], length)
		j.position = 0
		var c collector
		c.init(j)
		c.advance(uint64(o.SegmentBytes) + 128)
		if c.at != uint64(o.SegmentBytes)+128 || c.on {
			t.Errorf("length %d: at %d, on %v", length, c.at, c.on)
		}
	}
}
