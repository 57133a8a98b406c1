package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"portcullis/gate/cell"
)

// Open becomes the one writer of the journal in o.Dir, made when missing, and recovers what is there: the segments,
// then what only the tail of a killed process holds. Recovery tells what was found. A second writer, damage to
// something that was durable, and a tail that belongs elsewhere are errors; nothing was changed then.
func Open(o Options) (*Journal, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	dir, err := makeDir(o.Dir)
	if err != nil {
		return nil, err
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	j := &Journal{
		options: o, dir: dir, lock: lock, room: -1,
		segmentBytes: o.SegmentBytes, recordMax: o.MaxRecordBytes, ample: uint64(o.ampleBytes()),
	}
	if err := j.open(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return j, nil
}

// open does Open's steps in the order that makes a crash between any two of them harmless: first everything in
// the old tail becomes durable, then the epoch moves, then the old tail goes and a new one comes.
func (j *Journal) open() error {
	if err := j.options.Share(j.dir); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if err := j.openMeta(); err != nil {
		return err
	}
	r := recovery{o: &j.options, dir: j.dir, m: &j.meta}
	if err := r.run(); err != nil {
		return err
	}
	marks, err := openMarks(j.dir, &j.options, r.report.Clean || r.report.TailLost)
	if err != nil {
		return err
	}
	oldTailDir := j.meta.TailDir
	j.recovery, j.marks = r.report, marks
	if j.meta.Epoch > 0 { // else the journal is new
		j.recovery.MarksWrong = marks.wrong
	}
	j.position, j.seq = r.position, r.seq
	j.segment, j.off = j.position/uint64(j.segmentBytes), int(j.position%uint64(j.segmentBytes))

	m := &j.meta
	if j.recovery.TailLost {
		m.LostAt = j.seq
	}
	m.Epoch++
	j.epoch = m.Epoch
	// Until the new tail is there nothing can be lost with it: who is killed before that left a clean end.
	m.Clean, m.DurableTo, m.MaxRecordBytes = true, j.position, max(m.MaxRecordBytes, j.recordMax)
	if j.options.HeapTail {
		m.TailDir, m.TailReason = "", "HeapTail was asked for"
	} else {
		m.TailDir, m.TailReason = placeTail(&j.options, j.dir)
	}
	if m.TailDir != "" {
		if err := checkTail(m.TailDir, m, j.options.TailDir != ""); err != nil {
			return err
		}
	}
	if err := j.metaCell.Write(m.encode()); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if oldTailDir != "" {
		if err := retireTail(oldTailDir, m); err != nil {
			return err
		}
	}
	if err := j.openTail(oldTailDir != ""); err != nil {
		return err
	}
	j.recovery.Epoch, j.recovery.TailDir, j.recovery.TailReason = m.Epoch, m.TailDir, m.TailReason
	j.slot = j.tail.slots[j.segment%uint64(len(j.tail.slots))]
	if err := j.seedPage(); err != nil {
		return err
	}
	if err := j.tail.publish(j.position); err != nil {
		return err
	}
	m.Clean = false
	if err := j.metaCell.Write(m.encode()); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	j.keyed = new(keyQueue)
	j.writer = startWriter(j)
	j.sealer = startSealer(j)
	if j.tail.dir != "" {
		j.tail.startTouching(j.segment)
	}
	return nil
}

// openMeta reads who the journal is, or makes it.
func (j *Journal) openMeta() error {
	c, content, err := cell.Open(metaPath(j.dir), metaBytesMax)
	j.metaCell = c
	switch {
	case errors.Is(err, fs.ErrNotExist):
		all, err := listSegments(j.dir)
		if err != nil {
			return err
		}
		if len(all) > 0 {
			return fmt.Errorf("journal: %s has segments but no file meta: restore it", j.dir)
		}
		j.meta = newMeta(&j.options)
		return c.Create(j.meta.encode())
	case err != nil:
		return fmt.Errorf("journal: %w", err)
	}
	if j.meta, err = parseMeta(j.dir, content); err != nil {
		return err
	}
	if j.meta.SegmentBytes != j.segmentBytes {
		return fmt.Errorf("journal: %s has segments of %d bytes, SegmentBytes says %d: it is fixed for the journal's life",
			j.dir, j.meta.SegmentBytes, j.segmentBytes)
	}
	// Its newest content may have said that a writer began: a clean end that another had before is not believed.
	j.meta.Clean = j.meta.Clean && !c.Damaged()
	return nil
}

// A tail that is gone takes its room until who reads it lets go, which those who follow do at their next look.
const (
	tailRoomWithin = 2 * time.Second
	tailRoomLook   = 20 * time.Millisecond
)

// openTail makes the new tail; where the default place has no room it goes below Dir, with the reason on record. Room that one before
// it had is waited for.
func (j *Journal) openTail(before bool) (err error) {
	m, n := &j.meta, j.options.TailSegments
	if j.options.HeapTail {
		j.tail, err = heapTail(m, n)
		return err
	}
	if err := retireTail(m.TailDir, nil); err != nil {
		return err
	}
	j.tail, err = makeTail(m, m.TailDir, n, j.options.Share)
	for end := time.Now().Add(tailRoomWithin); before && errors.Is(err, unix.ENOSPC) && time.Now().Before(end); {
		time.Sleep(tailRoomLook)
		j.tail, err = makeTail(m, m.TailDir, n, j.options.Share)
	}
	if err == nil || j.options.TailDir != "" {
		return err
	}
	m.TailDir, m.TailReason = filepath.Join(j.dir, "tail"), err.Error()
	if err := j.metaCell.Write(m.encode()); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	j.tail, err = makeTail(m, m.TailDir, n, j.options.Share)
	return err
}

// seedPage gives the new tail what the segment has in the page where the journal goes on: the writer writes whole
// pages.
func (j *Journal) seedPage() error {
	page := j.off - j.off%pageBytes
	if page == j.off {
		return nil
	}
	f, err := os.Open(segmentPath(j.dir, j.segment))
	if err == nil {
		_, err = f.ReadAt(j.slot[page:j.off], int64(page))
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// makeDir creates dir and returns its one true name, on which the default tail's name depends.
func makeDir(dir string) (string, error) {
	if err := os.MkdirAll(dir, dirPerm); err != nil {
		return "", fmt.Errorf("journal: %w", err)
	}
	abs, err := filepath.Abs(dir)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err != nil {
		return "", fmt.Errorf("journal: %w", err)
	}
	return abs, nil
}

// AwaitFree waits until no process has the journal in dir, at most for within. One that was killed may have it for a
// moment longer than its death takes to be seen.
func AwaitFree(dir string, within time.Duration) {
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		f, err := os.Open(filepath.Join(dir, "LOCK"))
		if err != nil {
			return // nobody ever had it, or Open says what is wrong
		}
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		_ = f.Close()
		if err == nil {
			return
		}
	}
}

// Exists reports whether dir is the folder of a journal. One that cannot be looked at may be: Open says what is wrong.
func Exists(dir string) bool {
	_, err := os.Stat(metaPath(dir))
	return !errors.Is(err, fs.ErrNotExist)
}

// Identity names the journal in a folder, from its birth on: a copy is the same one, another gate's is not.
func Identity(dir string) (string, error) {
	m, err := readMeta(dir)
	return m.ID, err
}

// lockDir takes the writer's lock; it falls with the process, however that ends.
func lockDir(dir string) (*os.File, error) {
	path := filepath.Join(dir, "LOCK")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, filePerm)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		owner, _ := os.ReadFile(path)
		return nil, errors.Join(fmt.Errorf("journal: %s is in use by process %s: stop it first (%w)",
			dir, strings.TrimSpace(string(owner)), err), f.Close())
	}
	// The number is only for the message above; a full disk must not keep the gate down.
	_ = f.Truncate(0)
	_, _ = fmt.Fprintf(f, "%d\n", os.Getpid())
	return f, nil
}
