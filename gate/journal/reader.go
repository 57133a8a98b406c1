package journal

import (
	"errors"
	"io"
)

// Reader reads records at known positions and finds positions by key, from this or any other process. Not for
// concurrent use.
type Reader struct {
	dir     string
	src     *source
	scan    scan
	keys    KeysFunc
	all     []uint64            // segments, as listed
	listed  bool                // false: look again
	indexes map[uint64]indexed  // whole indexes, open
	checked map[uint64]bool     // segments whose index had a right checksum
	loose   map[uint64]*unsaved // segments without a usable index
	more    func(Position) (*Follower, error)
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
		indexes: make(map[uint64]indexed), checked: make(map[uint64]bool), loose: make(map[uint64]*unsaved),
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

// Close gives files and mappings back.
func (r *Reader) Close() error {
	errs := []error{r.src.close(), r.closeIndexes()}
	for _, u := range r.loose {
		errs = append(errs, u.close())
	}
	return errors.Join(errs...)
}
