package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// faults is a file system whose calls fail when told to.
type faults struct {
	allocateErr, writeErr, syncErr atomic.Pointer[error]
}

type faultyFile struct {
	segmentFile
	f *faults
}

func fault(p *atomic.Pointer[error]) error {
	if err := p.Load(); err != nil {
		return *err
	}
	return nil
}

func (f *faults) allocate(path string, bytes int64) (segmentFile, error) {
	if err := fault(&f.allocateErr); err != nil {
		return nil, err
	}
	file, err := osFiles{}.allocate(path, bytes)
	return faultyFile{file, f}, err
}

func (f faultyFile) WriteAt(b []byte, off int64) (int, error) {
	if err := fault(&f.f.writeErr); err != nil {
		return 0, err
	}
	return f.segmentFile.WriteAt(b, off)
}

func (f faultyFile) Datasync() error {
	if err := fault(&f.f.syncErr); err != nil {
		return err
	}
	return f.segmentFile.Datasync()
}

// alerts collects what a journal alerts.
type alerts struct {
	mu  sync.Mutex
	all []error
}

func (a *alerts) add(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all = append(a.all, err)
}

func (a *alerts) text() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []string
	for _, err := range a.all {
		out = append(out, err.Error())
	}
	return out
}

func waitDurable(t *testing.T, j *Journal) {
	t.Helper()
	waitFor(t, "durable", func() bool { return j.Durable() == j.Appended() })
}

func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 10_000 {
		if ok() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("never: %s", what)
}

// A failed write or fdatasync stops durability for good and is told once; cancels still have room in the tail;
// and the next Open on a sound disk has every record.
func TestDiskFailure(t *testing.T) {
	for name, which := range map[string]func(*faults) *atomic.Pointer[error]{
		"fdatasync": func(f *faults) *atomic.Pointer[error] { return &f.syncErr },
		"write":     func(f *faults) *atomic.Pointer[error] { return &f.writeErr },
	} {
		t.Run(name, func(t *testing.T) {
			o := small(t)
			var told alerts
			disk := &faults{}
			o.files, o.Alert = disk, told.add
			j := mustOpen(t, o)
			n := uint64(0)
			for range 20 {
				n++
				append1(t, j, n)
			}
			waitDurable(t, j)
			durable := j.Durable()
			err := error(unix.EIO)
			which(disk).Store(&err)
			n++
			append1(t, j, n)
			waitFor(t, "Failed", func() bool { return j.Space() == Failed })
			which(disk).Store(nil) // the disk says it is well again: too late
			for range 10 {
				n++
				append1(t, j, n)
			}
			time.Sleep(20 * time.Millisecond)
			if j.Space() != Failed || j.Durable() != durable {
				t.Fatalf("%v, durable %d, was %d: failure is not sticky", j.Space(), j.Durable(), durable)
			}
			if all := told.text(); len(all) != 1 || !strings.Contains(all[0], name) {
				t.Fatalf("alerts: %q", all)
			}
			if err := j.Close(); !errors.Is(err, unix.EIO) {
				t.Fatalf("Close = %v", err)
			}
			j = mustOpen(t, o)
			if r := j.Recovery(); r.Clean || r.TailLost || r.NextSeq != n+1 || r.TailRecords < 11 {
				t.Fatalf("%+v, %d records were written", r, n)
			}
			mustClose(t, j)
			readAll(t, follow(t, o.Dir, 0), n)
		})
	}
}

// fillUp appends until Space says want or worse, and returns the last number written.
func fillUp(t *testing.T, j *Journal, n uint64, want Space) uint64 {
	t.Helper()
	for j.Space() > want {
		waitDurable(t, j) // so that only the disk is short, not the tail
		if j.Space() > want {
			n++
			append1(t, j, n)
		}
		if n > 5000 {
			t.Fatalf("still %v after %d records", j.Space(), n)
		}
	}
	if j.Space() != want {
		t.Fatalf("%v after %d records, want %v", j.Space(), n, want)
	}
	return n
}

// runFull drives a journal whose disk is full through ReserveOnly to Full and back.
func runFull(t *testing.T, o Options, told *alerts, free func()) {
	t.Helper()
	j := mustOpen(t, o)
	n := fillUp(t, j, 0, ReserveOnly)
	atReserve := j.Appended()
	n = fillUp(t, j, n, Full)
	if got := j.Appended() - atReserve; got < Position(o.ReserveBytes) {
		t.Errorf("the reserve gave %d bytes, promised were %d", got, o.ReserveBytes)
	}
	if _, ok := j.Reserve(o.MaxRecordBytes - HeaderBytes); ok {
		t.Error("Full, but the largest record still has room")
	}
	if all := told.text(); !strings.Contains(strings.Join(all, " "), "free space") {
		t.Errorf("alerts: %q", all)
	}
	waitFor(t, "the mark moves on a full disk", func() bool { return j.RaiseMark(1, 5000) })
	mustClose(t, j)
	readAll(t, follow(t, o.Dir, 0), n)

	j = mustOpen(t, o) // a gate must come back on a full disk
	if s := j.Space(); s == Ample {
		t.Errorf("%v on a full disk", s)
	}
	free()
	waitFor(t, "Ample again", func() bool { return j.Space() == Ample })
	for range 20 {
		n++
		append1(t, j, n)
	}
	mustClose(t, j)
	readAll(t, follow(t, o.Dir, 0), n)
}

func TestFullDiskInjected(t *testing.T) {
	t.Parallel()
	o := small(t)
	var told alerts
	disk := &limited{left: 8}
	o.files, o.Alert, o.Keys = disk, told.add, nil
	runFull(t, o, &told, func() { disk.mu.Lock(); disk.left = 100; disk.mu.Unlock() })
}

// limited has blocks for so many more new segments.
type limited struct {
	mu   sync.Mutex
	left int
}

func (l *limited) allocate(path string, bytes int64) (segmentFile, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := os.Stat(path); err != nil {
		if l.left == 0 {
			return nil, fmt.Errorf("%s: %w", path, unix.ENOSPC)
		}
		l.left--
	}
	return osFiles{}.allocate(path, bytes)
}

func TestFullDiskReal(t *testing.T) {
	t.Parallel()
	o := small(t)
	disk := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(disk, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=512k"); err != nil {
		t.Skipf("NOT TESTED on a real full disk: mounting a small tmpfs needs root (%v); the injected test ran", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(disk, 0) })
	var told alerts
	o.Dir, o.Alert = filepath.Join(disk, "journal"), told.add
	filler := filepath.Join(disk, "filler")
	if err := os.WriteFile(filler, make([]byte, 200<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	runFull(t, o, &told, func() { _ = os.Remove(filler) })
}

// The disk stands still: the engine goes on in the tail, into the reserve, and never over what is not durable.
func TestStalledDisk(t *testing.T) {
	o := small(t)
	disk := &stalled{}
	disk.gate.Lock()
	o.files = disk
	disk.gate.Unlock()
	j := mustOpen(t, o)
	disk.gate.Lock() // every fdatasync waits from here on
	n := uint64(0)
	for j.Space() != Full {
		n++
		append1(t, j, n)
	}
	if used := int(j.Appended() - j.Durable()); used > o.SegmentBytes*o.TailSegments {
		t.Errorf("%d bytes are only in a tail of %d", used, o.SegmentBytes*o.TailSegments)
	}
	f, err := j.Follow(0)
	if err != nil {
		t.Fatal(err)
	}
	readAll(t, f, n)
	disk.gate.Unlock()
	waitFor(t, "Ample again", func() bool { return j.Space() == Ample })
	mustClose(t, j)
	readAll(t, follow(t, o.Dir, 0), n)
}

type stalled struct{ gate sync.Mutex }

type stalledFile struct {
	segmentFile
	s *stalled
}

func (s *stalled) allocate(path string, bytes int64) (segmentFile, error) {
	f, err := osFiles{}.allocate(path, bytes)
	return stalledFile{f, s}, err
}

func (f stalledFile) Datasync() error {
	f.s.gate.Lock()
	defer f.s.gate.Unlock()
	return f.segmentFile.Datasync()
}

// Without tmpfs, or without room on it, the tail goes below the journal and says why.
func TestTailFallsBack(t *testing.T) {
	for name, shm := range map[string]string{
		"no such place":    filepath.Join(t.TempDir(), "file", "below"),
		"not a tmpfs":      t.TempDir(),
		"a place of tmpfs": shm(t),
	} {
		o := small(t)
		o.TailDir, o.shm = "", shm
		if name == "no such place" {
			if err := os.WriteFile(filepath.Dir(shm), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		j := mustOpen(t, o)
		r := j.Recovery()
		inMemory := strings.HasPrefix(r.TailDir, shm)
		if inMemory != (r.TailReason == "") || !inMemory && r.TailDir != filepath.Join(j.dir, "tail") {
			t.Errorf("%s: tail in %s, reason %q", name, r.TailDir, r.TailReason)
		}
		for n := uint64(1); n <= 100; n++ {
			append1(t, j, n)
		}
		mustClose(t, j)
		readAll(t, follow(t, o.Dir, 0), 100)
	}
}

// Who still reads the tail of before has its room: a start waits until he looks again, and does not end, or go to a slower place.
func TestTailWaitsForItsReaders(t *testing.T) {
	t.Parallel()
	o := small(t)
	o.TailDir = filepath.Join(t.TempDir(), "tail")
	if err := os.Mkdir(o.TailDir, 0o700); err != nil {
		t.Fatal(err)
	}
	size := fmt.Sprintf("size=%dk", (o.SegmentBytes*o.TailSegments*3/2)>>10)
	if err := unix.Mount("tmpfs", o.TailDir, "tmpfs", 0, size); err != nil {
		t.Skipf("NOT TESTED that a start waits for readers of the tail before: mounting a small tmpfs needs root (%v)", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(o.TailDir, unix.MNT_DETACH) })
	j := mustOpen(t, o)
	append1(t, j, 1)
	var held []*os.File // as a reader has them
	entries, err := os.ReadDir(o.TailDir)
	for _, e := range entries {
		f, openErr := os.Open(filepath.Join(o.TailDir, e.Name()))
		err = errors.Join(err, openErr)
		held = append(held, f)
	}
	if err != nil || len(held) != o.TailSegments+1 {
		t.Fatal(len(held), err)
	}
	mustClose(t, j)
	time.AfterFunc(200*time.Millisecond, func() {
		for _, f := range held {
			_ = f.Close()
		}
	})
	j = mustOpen(t, o)
	append1(t, j, 2)
	mustClose(t, j)
	readAll(t, follow(t, o.Dir, 0), 2)
}

// With Durability Sync the durable position follows without waiting for an interval.
func TestSyncMode(t *testing.T) {
	o := small(t)
	o.Durability, o.IntervalNs = Sync, int64(time.Hour)
	j := mustOpen(t, o)
	for n := uint64(1); n <= 50; n++ {
		at := append1(t, j, n)
		waitFor(t, "durable", func() bool { return j.Durable() > at })
	}
	mustClose(t, j)
}
