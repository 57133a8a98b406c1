package journal

import (
	"errors"
	"iter"
	"os"
	"slices"
)

// indexesMax bounds the index files that a Reader keeps open.
const indexesMax = 64

// indexed is a whole index.
type indexed struct {
	file   *os.File
	footer footer
}

// unsaved are the keys of a segment that has no index (the newest always), as far as it was read.
type unsaved struct {
	follower *Follower // nil: all of it was read
	fresh    []pair    // scratch
	byKey    map[uint64][]Position
}

func (u *unsaved) close() error {
	if u.follower == nil {
		return nil
	}
	err := u.follower.Close()
	u.follower = nil
	return err
}

// Find gives the positions of all records at or above low that have key, newest first. Keys are hashes: the caller
// reads each record and looks whether it is the one. Segments whose index is missing or damaged are read instead,
// slowly, once. After an error nothing older is looked at.
func (r *Reader) Find(key uint64, low Position) iter.Seq2[Position, error] {
	return func(yield func(Position, error) bool) {
		first, end, err := r.segments(low)
		for segment := end; err == nil && segment > first; {
			segment--
			var found []Position
			found, err = r.findIn(segment, key)
			for _, at := range slices.Backward(found) {
				if at < low || !yield(at, nil) {
					return
				}
			}
		}
		if err != nil {
			r.listed = false // segments may have been taken away
			yield(0, err)
		}
	}
}

// segments says which segments have records at or above low: first to end-1.
func (r *Reader) segments(low Position) (first, end uint64, err error) {
	if r.keys == nil {
		return 0, 0, errors.New("journal: Find without Keys")
	}
	if !r.listed {
		if r.all, err = listSegments(r.dir); err != nil {
			return 0, 0, err
		}
		r.listed = true
	}
	if len(r.all) == 0 {
		return 0, 0, nil
	}
	size := uint64(r.src.meta.SegmentBytes)
	first = max(r.all[0], uint64(low)/size)
	if h := r.src.head; h != nil && h.state.Load() == headLive {
		return first, h.appended.Load()/size + 1, nil
	}
	r.listed = false // the next gate makes more
	for end = first; end <= r.all[len(r.all)-1]; end++ {
		if whole, err := r.whole(end); !whole || err != nil {
			return first, end + 1, err // the journal ends here; what follows is empty
		}
	}
	return first, end, nil
}

// whole reports whether a segment is full, and its keys are at hand.
func (r *Reader) whole(segment uint64) (bool, error) {
	if _, ok := r.index(segment); ok {
		return true, nil
	}
	u, err := r.read(segment)
	return err == nil && u.follower == nil, err
}

// findIn gives the positions of key in one segment, ascending.
func (r *Reader) findIn(segment, key uint64) ([]Position, error) {
	if x, ok := r.index(segment); ok {
		return find(x.file, x.footer, key, nil)
	}
	u, err := r.read(segment)
	if err != nil {
		return nil, err
	}
	return u.byKey[key], nil
}

// index opens the segment's index if it is whole; its keys are checked once.
func (r *Reader) index(segment uint64) (indexed, bool) {
	if x, ok := r.indexes[segment]; ok {
		return x, true
	}
	if u := r.loose[segment]; u != nil && u.follower != nil {
		return indexed{}, false // it is still being written
	}
	file, f, err := openIndex(indexPath(r.dir, segment), segment)
	if err != nil {
		return indexed{}, false
	}
	if !r.checked[segment] && checkPairs(file, f) != nil {
		_ = file.Close() // read only
		return indexed{}, false
	}
	if len(r.indexes) == indexesMax {
		_ = r.closeIndexes() // read only
	}
	r.checked[segment] = true
	r.indexes[segment] = indexed{file, f}
	delete(r.loose, segment)
	return r.indexes[segment], true
}

func (r *Reader) closeIndexes() error {
	var errs []error
	for segment, x := range r.indexes {
		errs = append(errs, x.file.Close())
		delete(r.indexes, segment)
	}
	return errors.Join(errs...)
}

// read takes up the records that came to a segment without an index since the last Find.
func (r *Reader) read(segment uint64) (*unsaved, error) {
	u := r.loose[segment]
	if u == nil {
		r.dropLoose()
		f, err := r.more(Position(segment * uint64(r.src.meta.SegmentBytes)))
		if err != nil {
			return nil, err
		}
		u = &unsaved{follower: f, byKey: make(map[uint64][]Position)}
		r.loose[segment] = u
	}
	if u.follower == nil {
		return u, nil
	}
	fresh, done, err := collect(u.follower, segment, r.keys, u.fresh[:0])
	u.fresh = fresh
	for _, p := range fresh {
		u.byKey[p.key] = appendNew(u.byKey[p.key], p.position)
	}
	if done && err == nil {
		u.fresh, err = nil, u.close()
	}
	return u, err
}

// dropLoose forgets what was read of segments that have an index by now.
func (r *Reader) dropLoose() {
	for segment, u := range r.loose {
		if u.follower == nil {
			r.index(segment)
		}
	}
}
