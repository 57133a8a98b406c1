package journal

import (
	"errors"
	"io"
	"os"
)

// Reader reads records at known positions and finds positions by key, from this or any other process. Not for
// concurrent use.
type Reader struct {
	dir     string
	src     *source
	scan    scan
	keys    KeysFunc
	checked map[uint64]bool     // segments whose index had a right checksum
	loose   map[uint64]*unsaved // segments without a usable index
	more    func(Position) (*Follower, error)
}

// unsaved are the keys of a segment that has no index (the newest always), as far as it was read.
type unsaved struct {
	pairs []pair
	at    Position
	done  bool
}

// NewReader opens the journal in dir for random reading. keys must be what the writer uses; nil: no Find.
func NewReader(dir string, keys KeysFunc) (*Reader, error) {
	src, err := openSource(dir)
	if err != nil {
		return nil, err
	}
	return newReader(dir, src, keys, func(from Position) (*Follower, error) { return Follow(dir, from) }), nil
}

// NewReader is the package's NewReader on this journal, with its Keys.
func (j *Journal) NewReader() (*Reader, error) {
	src, err := j.source()
	if err != nil {
		return nil, err
	}
	return newReader(j.dir, src, j.options.Keys, j.Follow), nil
}

func newReader(dir string, src *source, keys KeysFunc, more func(Position) (*Follower, error)) *Reader {
	return &Reader{
		dir: dir, src: src, scan: newScan(src, randomBytes), keys: keys, more: more,
		checked: make(map[uint64]bool), loose: make(map[uint64]*unsaved),
	}
}

// ReadAt gives the record at position, which Commit, Next or Find gave: its header in h, and its payload, valid
// until the next call. io.EOF: nothing is there yet. A *DamageError names what is not a whole record.
func (r *Reader) ReadAt(position Position, h *Header) ([]byte, error) {
	if position%alignment != 0 {
		return nil, r.src.damage(uint64(position), 0, bad("no record starts there: positions are multiples of %d", alignment))
	}
	r.scan.recordMax = r.src.meta.MaxRecordBytes
	rec, err := r.scan.record(h, uint64(position))
	if err == nil && rec.pad {
		err = bad("it is the pad at the end of a segment")
	}
	if err == errEmpty && r.src.head == nil {
		err = io.EOF
	}
	if err != nil {
		return nil, r.src.damage(uint64(position), 0, err)
	}
	return rec.payload, nil
}

// Find returns the positions of all records that have key, ascending. Keys are hashes: the caller reads each
// record and looks whether it is the one. Segments whose index is missing or damaged are read instead, slowly.
func (r *Reader) Find(key uint64) ([]Position, error) {
	if r.keys == nil {
		return nil, errors.New("journal: Find without Keys")
	}
	all, err := listSegments(r.dir)
	if err != nil {
		return nil, err
	}
	var out []Position
	for _, segment := range all {
		var last bool
		if out, last, err = r.findIn(segment, key, out); err != nil {
			return nil, err
		}
		if last {
			break
		}
	}
	return out, nil
}

// findIn appends the positions of key in one segment to out; last: the journal ends in it, what follows is empty.
func (r *Reader) findIn(segment, key uint64, out []Position) (_ []Position, last bool, err error) {
	if file, f, ok := r.index(segment); ok {
		delete(r.loose, segment)
		out, err := find(file, f, key, out)
		return out, false, errors.Join(err, file.Close())
	}
	u := r.loose[segment]
	if u == nil {
		u = &unsaved{at: Position(segment * uint64(r.src.meta.SegmentBytes))}
		r.loose[segment] = u
	}
	if !u.done {
		if err := r.catchUp(u, segment); err != nil {
			return nil, false, err
		}
	}
	for _, p := range u.pairs {
		if p.key == key {
			out = appendNew(out, p.position)
		}
	}
	return out, !u.done, nil
}

// index opens the segment's index if it is whole; its keys are checked once.
func (r *Reader) index(segment uint64) (*os.File, footer, bool) {
	file, f, err := openIndex(indexPath(r.dir, segment), segment)
	if err != nil {
		return nil, f, false
	}
	if !r.checked[segment] && checkPairs(file, f) != nil {
		_ = file.Close() // read only
		return nil, f, false
	}
	r.checked[segment] = true
	return file, f, true
}

// catchUp reads the records that came to a segment since the last Find.
func (r *Reader) catchUp(u *unsaved, segment uint64) error {
	f, err := r.more(u.at)
	if err != nil {
		return err
	}
	u.pairs, u.done, err = collect(f, segment, r.keys, u.pairs)
	u.at = f.Position()
	return errors.Join(err, f.Close())
}

// Close gives files and mappings back.
func (r *Reader) Close() error { return r.src.close() }
