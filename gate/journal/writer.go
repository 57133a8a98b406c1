package journal

import (
	"errors"
	"fmt"
	"os"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// writer is the goroutine that carries the tail to the segments. It alone touches segment files, so it alone
// meets a slow or full disk; the engine sees only writableTo, durable and failed.
type writer struct {
	j         *Journal
	files     []segmentFile // of segments first, first+1 ... ; allocated
	first     uint64
	written   uint64 // below: given to the kernel
	bounce    []byte // page-aligned: what is copied before it is written
	keys      collector
	durable   uint64 // below: fdatasync'ed
	pause     time.Duration
	timer     *time.Timer
	woken     time.Time     // when the timer last fired
	unsynced  time.Duration // about how long written > durable
	retry     time.Duration // until the next try to allocate after a failure
	look      time.Duration // until the next look at the folder
	err       error         // why it failed; final
	stop      chan struct{}
	done      chan struct{}
	pauseMax  time.Duration
	syncEvery time.Duration
}

const (
	pauseMin       = time.Millisecond
	pauseIdleMax   = 50 * time.Millisecond
	pauseSync      = 100 * time.Microsecond // Sync: at first, when nothing came
	bounceBytes    = 16 * pageBytes
	allocateRetry  = time.Second
	lookEvery      = 500 * time.Millisecond
	recycleQuarter = 4 // sync early when 1/4 of the tail is not durable

	floodBytesPerNs = 2 // the fastest the engine can append
)

// startWriter opens the current segment and those ahead, and starts the goroutine. A full disk is no error here:
// the gate must be able to come back and serve cancels.
func startWriter(j *Journal) *writer {
	o := &j.options
	w := &writer{
		j: j, first: j.segment, written: j.position, durable: j.position,
		stop: make(chan struct{}), done: make(chan struct{}),
		syncEvery: time.Duration(o.IntervalNs), bounce: alignedBytes(bounceBytes),
	}
	w.keys.init(j)
	// It looks once an interval, but often enough that a flood cannot fill the tail meanwhile: a wake-up costs as
	// much as copying hundreds of records, and large writes cost less than small ones.
	flood := time.Duration(o.SegmentBytes * o.TailSegments / recycleQuarter / floodBytesPerNs)
	w.pauseMax = max(min(w.syncEvery, flood, pauseIdleMax), pauseSync)
	if o.Durability == Sync {
		w.syncEvery, w.pauseMax = 0, pauseMin
	}
	w.pause, w.timer = w.pauseMax, time.NewTimer(time.Hour)
	w.allocateAhead(j.position)
	w.publishLimit()
	j.limit = j.writableTo.Load()
	go w.run()
	return w
}

func (w *writer) run() {
	defer close(w.done)
	for {
		elapsed, stopped := w.wait()
		w.step(elapsed, stopped)
		if stopped {
			return
		}
	}
}

// wait sleeps for the pause or until stop, and returns how long that was. The runtime's timers are good for a
// millisecond; below that the thread sleeps itself.
func (w *writer) wait() (elapsed time.Duration, stopped bool) {
	if w.pause < pauseMin {
		if w.pause > 0 {
			ts := unix.NsecToTimespec(int64(w.pause))
			_ = unix.Nanosleep(&ts, nil) // cut short by a signal: no harm
		}
		select {
		case <-w.stop:
			return w.pause, true
		default:
			return w.pause, false
		}
	}
	w.timer.Reset(w.pause)
	select {
	case <-w.stop:
		return w.pause, true
	case now := <-w.timer.C:
		elapsed = w.pause
		if !w.woken.IsZero() {
			elapsed = min(now.Sub(w.woken), time.Second) // with the time step took: the disk may be slow
		}
		w.woken = now
		return elapsed, false
	}
}

// step is one duty cycle, elapsed after the one before; last makes everything durable.
func (w *writer) step(elapsed time.Duration, last bool) {
	j := w.j
	if err := j.marks.extend(); err != nil {
		j.options.Alert(fmt.Errorf("journal: marks in %s: %w", j.dir, err))
	}
	if w.err != nil {
		return
	}
	w.lookForFolder(elapsed)
	appended := j.tail.head.appended.Load()
	moved := appended - w.written
	if !w.copyTo(appended) {
		return
	}
	if w.written > w.durable {
		w.unsynced += elapsed
		tailBytes := uint64(j.segmentBytes * len(j.tail.slots))
		if last || w.unsynced >= w.syncEvery || w.written-w.durable > tailBytes/recycleQuarter {
			if !w.sync() {
				return
			}
		}
	}
	w.adapt(moved)
	w.keys.advance(w.written) // before publishLimit lets the engine write over what it reads
	w.retry -= elapsed
	if !last {
		w.allocateAhead(appended)
	}
	w.publishLimit()
}

// lookForFolder looks whether the journal's folder is still where it was. What is written to one that was moved, removed or
// replaced no start would find: no new orders until it is back.
func (w *writer) lookForFolder(elapsed time.Duration) {
	if w.look -= elapsed; w.look > 0 {
		return
	}
	w.look = lookEvery
	j := w.j
	ours, err := j.lock.Stat()
	there, gone := os.Stat(j.lock.Name())
	away := err != nil || gone != nil || !os.SameFile(ours, there)
	if away && !j.away.Load() {
		j.options.Alert(fmt.Errorf("journal: %s is not the folder that was opened: it was moved, removed or replaced. "+
			"New orders are refused until it is back", j.dir))
	}
	j.away.Store(away)
}

// adapt makes the pauses of Sync short as long as something comes.
func (w *writer) adapt(moved uint64) {
	switch {
	case w.j.options.Durability != Sync:
	case moved > 0:
		w.pause = 0 // fdatasync was the pause: what came meanwhile goes together
	default:
		w.pause = min(max(2*w.pause, pauseSync), w.pauseMax)
	}
}

// copyTo writes the tail's bytes up to appended to their segments.
func (w *writer) copyTo(appended uint64) bool {
	size := uint64(w.j.segmentBytes)
	for w.written < appended {
		segment := w.written / size
		end := min(appended-segment*size, size)
		slot := w.j.tail.slots[segment%uint64(len(w.j.tail.slots))]
		if err := w.copyPages(w.files[segment-w.first], slot, w.written%size, end); err != nil {
			w.fail(fmt.Errorf("write %s: %w", segmentPath(w.j.dir, segment), err))
			return false
		}
		w.written = segment*size + end
	}
	return true
}

// copyPages writes [from, to) of slot to f in whole pages, as direct I/O wants. Pages that are full go from where
// they are: nobody changes them any more. The last one is copied and ends in zeros, so that the file never holds
// what the ring has behind the end; it is written again when more came, with the same bytes in front, so a torn
// write cannot harm what was durable.
func (w *writer) copyPages(f segmentFile, slot []byte, from, to uint64) error {
	from -= from % pageBytes
	full := to - to%pageBytes
	if to-from <= bounceBytes {
		full = from // little: one write
	}
	if from < full {
		if _, err := f.WriteAt(slot[from:full], int64(from)); err != nil {
			return err
		}
	}
	if full == to {
		return nil
	}
	n := copy(w.bounce, slot[full:to])
	page := w.bounce[:(n+pageBytes-1)/pageBytes*pageBytes]
	clear(page[n:])
	_, err := f.WriteAt(page, int64(full))
	return err
}

// alignedBytes returns n bytes that start at a page.
func alignedBytes(n int) []byte {
	b := make([]byte, n+pageBytes)
	skip := -int(uintptr(unsafe.Pointer(&b[0]))) & (pageBytes - 1)
	return b[skip : skip+n : skip+n]
}

// sync makes what was written durable, publishes it and closes segments that are complete.
func (w *writer) sync() bool {
	size := uint64(w.j.segmentBytes)
	for segment := w.durable / size; segment <= (w.written-1)/size; segment++ {
		if err := w.files[segment-w.first].Datasync(); err != nil {
			w.fail(fmt.Errorf("fdatasync %s: %w", segmentPath(w.j.dir, segment), err))
			return false
		}
	}
	w.durable, w.unsynced = w.written, 0
	w.j.tail.head.durable.Store(w.durable)
	for w.first < w.durable/size {
		if err := w.files[0].Close(); err != nil {
			w.fail(fmt.Errorf("close %s: %w", segmentPath(w.j.dir, w.first), err))
			return false
		}
		w.files = w.files[1:]
		w.first++
	}
	return true
}

// fail stops durability for good. After a failed fdatasync the kernel may have dropped the pages and would call
// them clean, so there is no second try; the next Open writes them again from the tail.
func (w *writer) fail(err error) {
	w.err = fmt.Errorf("journal: %w; nothing is durable above position %d until a restart on a sound disk",
		err, w.durable)
	w.j.failed.Store(true)
	w.j.options.Alert(w.err)
}

// allocateAhead keeps enough segments with real blocks behind the current one.
func (w *writer) allocateAhead(appended uint64) {
	size := uint64(w.j.segmentBytes)
	need := appended/size + 1 + uint64(w.j.options.aheadSegments())
	for w.first+uint64(len(w.files)) < need && w.retry <= 0 {
		f, err := w.j.options.files.allocate(segmentPath(w.j.dir, w.first+uint64(len(w.files))), int64(size))
		if err != nil {
			w.retry = allocateRetry
			room := w.first*size + uint64(len(w.files))*size - appended
			w.j.options.Alert(fmt.Errorf("journal: %w; room for %d bytes is left, new orders are refused below %d: "+
				"free space on the disk", err, room, w.j.ample))
			return
		}
		w.files = append(w.files, f)
	}
}

// publishLimit tells the engine how far it may write: not beyond what is allocated on disk, and not into a tail
// slot before everything in it is durable.
func (w *writer) publishLimit() {
	size := uint64(w.j.segmentBytes)
	allocated := (w.first + uint64(len(w.files))) * size
	recycled := (w.durable/size + uint64(len(w.j.tail.slots))) * size
	if limit := min(allocated, recycled); limit != w.j.writableTo.Load() {
		w.j.writableTo.Store(limit)
	}
}

// close stops the goroutine after a last step and reports why not everything is durable.
func (w *writer) close() error {
	close(w.stop)
	<-w.done
	w.timer.Stop()
	errs := []error{w.err}
	for _, f := range w.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}
