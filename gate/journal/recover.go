package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// Recovery is what Open found, for the log and for the engine's decision how to number on.
type Recovery struct {
	Clean bool // the last writer closed, or there was none; nothing had to be done
	// TailLost: the end was not clean and the tail is not from this run of the machine. Records younger than the
	// last sync may be missing: number above the marks. It stays so until a record says it.
	TailLost    bool
	Epoch       uint32   // this Open's
	End         Position // where the next record goes
	NextSeq     uint64   // its number
	Records     uint64   // records read and checked, without those in segments that have an index
	TailRecords uint64   // of these, taken from the tail of the last process
	TailBytes   uint64   // bytes written to the segments from it
	TornBytes   uint64   // bytes behind End that were never durable and were cut off
	TornWhat    string   // what was wrong with the first of them
	MarksWrong  string   // what was wrong with the durable marks, which numbering goes by where a tail is lost; empty: nothing
	Remade      []string // segments that were missing and never had a record: they were made anew
	OtherTail   bool     // where the last tail should be was one of another journal or epoch; it was not used
	TailDir     string   // where the tail is now
	TailReason  string   // why it is not on tmpfs; empty: it is
}

// recovery finds the end of a journal and makes everything up to there durable in the segments.
type recovery struct {
	o        *Options
	dir      string
	m        *meta
	disk     *source
	old      *source // the last writer's tail; nil: none that is ours
	position uint64  // end so far
	seq      uint64  // of the next record; 0: not known (the oldest segments were taken away)
	known    uint64  // below: was durable for certain
	runs     []run   // what only the tail has
	report   Recovery
}

// run is a range of positions.
type run struct{ from, to uint64 }

func (r *recovery) run() error {
	r.disk = &source{dir: r.dir, meta: *r.m}
	defer func() { _ = r.disk.close() }()
	r.report.Clean, r.known = r.m.Clean, r.m.DurableTo
	if err := r.openOld(); err != nil {
		return err
	}
	if r.old != nil {
		defer func() { _ = r.old.detach() }()
	}
	all, err := r.list()
	if err != nil {
		return err
	}
	if len(all) == 0 && r.known > 0 {
		return fmt.Errorf("journal: %s holds no segments but was durable to position %d: restore them", r.dir, r.known)
	}
	start := r.start(all)
	if err := r.checkSizes(all, start); err != nil {
		return err
	}
	endErr := r.scan()
	if r.seq == 0 {
		r.seq = 1
	}
	r.report.TailLost = r.report.TailLost || r.seq == r.m.LostAt || r.cutShort()
	if err := r.judgeEnd(all, endErr); err != nil {
		return err
	}
	r.report.End, r.report.NextSeq = Position(r.position), r.seq
	if r.m.Clean {
		return nil
	}
	return r.settle(start)
}

// openOld finds the last writer's tail. What it holds above its durable position is all that Open can save.
func (r *recovery) openOld() error {
	r.report.TailLost = !r.m.Clean
	if r.m.TailDir == "" || r.m.Clean {
		return nil
	}
	h, mem, err := mapHead(r.m.TailDir, false)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !h.belongsTo(r.m) {
		r.report.OtherTail = true
		return unix.Munmap(mem)
	}
	r.old = &source{dir: r.dir, meta: *r.m, head: h, mem: mem, slots: make([]*os.File, h.tailSegments)}
	if h.boot == bootID() {
		r.report.TailLost = false
		r.known = max(r.known, h.durable.Load())
	}
	return nil
}

// list is listSegments, once those are made anew that are missing and certainly never had a record: they were room for what comes next.
func (r *recovery) list() ([]uint64, error) {
	for {
		all, err := listSegments(r.dir)
		lost := new(missingError)
		if !errors.As(err, &lost) || lost.segment < r.unused() {
			return all, err
		}
		path := segmentPath(r.dir, lost.segment)
		f, err := r.o.files.allocate(path, int64(r.m.SegmentBytes))
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			return nil, fmt.Errorf("journal: recovery: %w", err)
		}
		r.report.Remade = append(r.report.Remade, path)
	}
}

// unused is the first segment that certainly never had a record: behind a clean end, or behind all that the last writer had appended, as
// its tail says. Where neither is known, who can tell what a missing segment had?
func (r *recovery) unused() uint64 {
	end := uint64(math.MaxUint64)
	switch {
	case r.m.Clean:
		end = r.m.DurableTo
	case r.old != nil && r.old.head.boot == bootID():
		end = r.old.head.appended.Load()
	}
	size := uint64(r.m.SegmentBytes)
	return end/size + min(end%size, 1)
}

// cutShort reports whether the last writer had appended more than was found: its tail, of this boot of the machine, was
// damaged, emptied or cut.
func (r *recovery) cutShort() bool {
	return r.old != nil && r.old.head.boot == bootID() && r.position < r.old.head.appended.Load()
}

// start finds where to begin checking: behind the newest segment that has an index, because only a complete and
// durable segment gets one.
func (r *recovery) start(all []uint64) uint64 {
	size := uint64(r.m.SegmentBytes)
	r.seq = 1
	if len(all) > 0 && all[0] > 0 {
		r.position, r.seq = all[0]*size, 0
	}
	for i := len(all) - 1; i >= 0; i-- {
		if f, err := readFooter(indexPath(r.dir, all[i]), all[i]); err == nil {
			r.position, r.seq = (all[i]+1)*size, f.nextSeq
			break
		}
	}
	r.known = max(r.known, r.position)
	return r.position
}

// checkSizes finds segments that were cut short among those that are not read; the rest shows in the reading.
func (r *recovery) checkSizes(all []uint64, start uint64) error {
	size := uint64(r.m.SegmentBytes)
	for _, segment := range all {
		if segment*size >= start {
			break
		}
		info, err := os.Stat(segmentPath(r.dir, segment))
		if err != nil {
			return fmt.Errorf("journal: %w", err)
		}
		if info.Size() != int64(size) {
			return r.disk.damage(segment*size, 0, bad("its segment has %d bytes, not %d", info.Size(), size))
		}
	}
	return nil
}

// scan walks record by record to the end and returns what ended it. Below the old tail's durable position the
// disk decides. Above, the tail goes first: after a failed fdatasync the disk's pages cannot be trusted.
func (r *recovery) scan() error {
	size := uint64(r.m.SegmentBytes)
	disk, old := newScan(r.disk, sequentialBytes), scan{}
	disk.read = func(p []byte, position uint64) (int, error) {
		return r.disk.readSegment(p, position, (position/size+1)*size)
	}
	var durable uint64
	if r.old != nil {
		old = newScan(r.old, sequentialBytes)
		old.read = r.readOld
		durable = r.old.head.durable.Load()
	}
	for {
		rec, fromTail, err := record{}, false, error(nil)
		if r.old != nil && r.position >= durable {
			rec, err = r.next(&old)
			fromTail = err == nil
		}
		if !fromTail {
			if rec, err = r.next(&disk); err != nil {
				return err
			}
		}
		r.count(rec, fromTail)
	}
}

// readOld reads the old tail where it holds position's segment.
func (r *recovery) readOld(p []byte, position uint64) (int, error) {
	h, size := r.old.head, uint64(r.m.SegmentBytes)
	newest := h.appended.Load() / size
	if segment := position / size; segment > newest || segment+uint64(h.tailSegments) <= newest {
		return 0, io.EOF
	}
	return r.old.readTail(p, position, (position/size+1)*size)
}

// next decodes the record at the current end and holds it against the number it must have.
func (r *recovery) next(s *scan) (record, error) {
	var h Header
	rec, err := s.record(&h, r.position)
	if err != nil {
		return rec, err
	}
	if r.seq != 0 && h.Seq != r.seq {
		return rec, bad("its number is %d", h.Seq)
	}
	r.seq = h.Seq
	if !rec.pad {
		r.seq++
	}
	return rec, nil
}

func (r *recovery) count(rec record, fromTail bool) {
	from := r.position
	r.position += uint64(rec.size)
	if !rec.pad {
		r.report.Records++
	}
	if !fromTail {
		return
	}
	if !rec.pad {
		r.report.TailRecords++
	}
	r.report.TailBytes += uint64(rec.size)
	if last := len(r.runs) - 1; last >= 0 && r.runs[last].to == from {
		r.runs[last].to = r.position
	} else {
		r.runs = append(r.runs, run{from, r.position})
	}
}

// judgeEnd decides whether what ended the scan is simply the end, the torn last moments before a power cut, or
// damage to something that was durable. Only the last is an error, and cutting it off would be the crime.
func (r *recovery) judgeEnd(all []uint64, endErr error) error {
	var what badRecord
	if !errors.As(endErr, &what) && endErr != errEmpty && endErr != errShort && endErr != io.EOF {
		return endErr
	}
	if r.position >= r.known && r.m.Clean {
		return nil
	}
	scrub := scrubber{r: r}
	if err := scrub.look(all); err != nil {
		return err
	}
	if known := max(r.known, scrub.proven); r.position < known {
		if endErr == io.EOF {
			endErr = bad("its bytes are missing")
		}
		err := r.disk.damage(r.position, r.seq, endErr)
		return fmt.Errorf("%w (it was durable: the journal reached %d)", err, known)
	}
	if scrub.end > r.position {
		r.report.TornBytes = scrub.end - r.position
		r.report.TornWhat = endErr.Error()
	}
	return scrub.clean()
}

// settle writes what only the tail has to the segments and makes all that was scanned durable.
func (r *recovery) settle(start uint64) error {
	buf := make([]byte, sequentialBytes)
	size := uint64(r.m.SegmentBytes)
	for segment := start / size; segment*size < r.position; segment++ {
		f, err := r.o.files.allocate(segmentPath(r.dir, segment), int64(size))
		if err != nil {
			return fmt.Errorf("journal: recovery: %w", err)
		}
		for _, part := range r.runs {
			from, to := max(part.from, segment*size), min(part.to, (segment+1)*size)
			if err == nil && from < to {
				err = r.copyRun(f, buf, from, to)
			}
		}
		if err == nil {
			err = f.Datasync()
		}
		if err = errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("journal: recovery: %w", err)
		}
	}
	return nil
}

// copyRun copies [from, to) of one segment from the old tail.
func (r *recovery) copyRun(f segmentFile, buf []byte, from, to uint64) error {
	for from < to {
		n, err := r.old.readTail(buf, from, to)
		if err != nil {
			return err
		}
		if _, err := f.WriteAt(buf[:n], int64(from%uint64(r.m.SegmentBytes))); err != nil {
			return err
		}
		from += uint64(n)
	}
	return nil
}
