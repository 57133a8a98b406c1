package journal

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"github.com/cespare/xxhash/v2"

	"portcullis/gate/cell"
)

// The sidecar of one complete segment: pairs sorted by key, then position, and a footer.
//
//	key u64 | position u64      count times
//	footer: magic u64 | segment u64 | count u64 | first seq u64 | next seq u64 | checksum of the pairs u64 |
//	        zero u64 | checksum of the footer u64
const (
	indexMagic  = uint64(0x3158444e49434c50) // "PLCINDX1"
	pairBytes   = 16
	footerBytes = 64
)

type pair struct{ key, position uint64 }

type footer struct {
	count             uint64
	firstSeq, nextSeq uint64
	pairsSum          uint64
}

// encodeIndex returns the sidecar for pairs, which it sorts.
func encodeIndex(segment uint64, pairs []pair, f footer) []byte {
	slices.SortFunc(pairs, func(a, b pair) int {
		if c := cmp.Compare(a.key, b.key); c != 0 {
			return c
		}
		return cmp.Compare(a.position, b.position)
	})
	le := binary.LittleEndian
	out := make([]byte, 0, len(pairs)*pairBytes+footerBytes)
	for _, p := range pairs {
		out = le.AppendUint64(le.AppendUint64(out, p.key), p.position)
	}
	sum := xxhash.Sum64(out)
	start := len(out)
	for _, v := range []uint64{indexMagic, segment, uint64(len(pairs)), f.firstSeq, f.nextSeq, sum, 0} {
		out = le.AppendUint64(out, v)
	}
	return le.AppendUint64(out, xxhash.Sum64(out[start:]))
}

// decodeFooter checks the last footerBytes of a sidecar of fileBytes bytes.
func decodeFooter(b []byte, segment uint64, fileBytes int64) (footer, error) {
	le := binary.LittleEndian
	f := footer{
		count: le.Uint64(b[16:]), firstSeq: le.Uint64(b[24:]), nextSeq: le.Uint64(b[32:]), pairsSum: le.Uint64(b[40:]),
	}
	switch {
	case le.Uint64(b) != indexMagic || le.Uint64(b[56:]) != xxhash.Sum64(b[:56]):
		return footer{}, errors.New("its footer is damaged")
	case le.Uint64(b[8:]) != segment:
		return footer{}, fmt.Errorf("it is for segment %d", le.Uint64(b[8:]))
	case f.count > uint64(fileBytes) || int64(f.count*pairBytes+footerBytes) != fileBytes:
		return footer{}, fmt.Errorf("%d bytes, but %d keys", fileBytes, f.count)
	}
	return f, nil
}

// openIndex opens the sidecar at path and checks its footer.
func openIndex(path string, segment uint64) (*os.File, footer, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, footer{}, err
	}
	info, err := file.Stat()
	if err == nil && info.Size() < footerBytes {
		err = errors.New("it is too short")
	}
	var f footer
	if err == nil {
		var b [footerBytes]byte
		if _, err = file.ReadAt(b[:], info.Size()-footerBytes); err == nil {
			f, err = decodeFooter(b[:], segment, info.Size())
		}
	}
	if err != nil {
		return nil, f, errors.Join(fmt.Errorf("journal: index %s: %w", path, err), file.Close())
	}
	return file, f, nil
}

// readFooter is openIndex for the footer alone.
func readFooter(path string, segment uint64) (footer, error) {
	file, f, err := openIndex(path, segment)
	if err == nil {
		err = file.Close()
	}
	return f, err
}

// checkPairs reads all pairs and holds them against their checksum.
func checkPairs(file *os.File, f footer) error {
	d := xxhash.New()
	if _, err := io.Copy(d, io.NewSectionReader(file, 0, int64(f.count*pairBytes))); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if d.Sum64() != f.pairsSum {
		return fmt.Errorf("journal: index %s: its keys are damaged", file.Name())
	}
	return nil
}

// find appends to out the positions of key, by halving in the file.
func find(file *os.File, f footer, key uint64, out []Position) ([]Position, error) {
	var b [pairBytes]byte
	var err error
	at := func(i int) uint64 {
		if _, e := file.ReadAt(b[:], int64(i)*pairBytes); e != nil {
			err = e
		}
		return binary.LittleEndian.Uint64(b[:])
	}
	first := sort.Search(int(f.count), func(i int) bool { return at(i) >= key })
	for i := first; err == nil && i < int(f.count) && at(i) == key; i++ {
		out = appendNew(out, binary.LittleEndian.Uint64(b[8:]))
	}
	if err != nil {
		return nil, fmt.Errorf("journal: index %s: %w", file.Name(), err)
	}
	return out, nil
}

// appendNew appends position unless it is the last in out already: one record may have a key twice.
func appendNew(out []Position, position uint64) []Position {
	if len(out) > 0 && out[len(out)-1] == Position(position) {
		return out
	}
	return append(out, Position(position))
}

// collect reads records of one segment with f from where it is, adding their keys to pairs, up to the segment's
// end (done) or to the newest record.
func collect(f *Follower, segment uint64, keys KeysFunc, pairs []pair) (_ []pair, done bool, err error) {
	var h Header
	var at Position
	add := func(key uint64) { pairs = append(pairs, pair{key, uint64(at)}) }
	end := (segment + 1) * uint64(f.src.meta.SegmentBytes)
	for f.position < end {
		var payload []byte
		if payload, at, err = f.next(&h, end); err != nil {
			if err == io.EOF {
				err = nil
			}
			return pairs, f.position >= end, err
		}
		if keys != nil {
			keys(&h, payload, add)
		}
	}
	return pairs, true, nil
}

// writeIndex makes the sidecar of a complete segment appear whole or not at all.
func writeIndex(path string, content []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
		return nil
	}
	next := path + ".new"
	f, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, filePerm)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(next, path)
	}
	if err != nil {
		return errors.Join(err, removeFile(next))
	}
	return cell.SyncDir(filepath.Dir(path))
}
