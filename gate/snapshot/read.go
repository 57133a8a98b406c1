package snapshot

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/sys/unix"
)

const (
	numberBytes = 8
	frontBytes  = len(magic) + numberBytes
)

// ErrDamaged is of a file that is not what was written.
var ErrDamaged = errors.New("the snapshot is damaged")

// File is a snapshot that has been checked.
type File struct {
	Head Head
	mem  []byte
	body []byte // the regions
}

// Open maps a snapshot and checks it from the first byte to the last.
func Open(path string) (*File, error) {
	mem, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	s := &File{mem: mem}
	if err := s.check(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), s.Close())
	}
	return s, nil
}

func mapFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() < int64(frontBytes+numberBytes) {
		return nil, fmt.Errorf("%s: %w: it has %d bytes", path, ErrDamaged, info.Size())
	}
	return unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_PRIVATE|unix.MAP_POPULATE)
}

func (s *File) check() error {
	if string(s.mem[:len(magic)]) != magic {
		return fmt.Errorf("%w, or of another format: it begins with %q", ErrDamaged, s.mem[:len(magic)])
	}
	end := len(s.mem) - numberBytes
	if xxhash.Sum64(s.mem[:end]) != binary.LittleEndian.Uint64(s.mem[end:]) {
		return fmt.Errorf("%w: its checksum is not that of its bytes", ErrDamaged)
	}
	size := binary.LittleEndian.Uint64(s.mem[len(magic):])
	if size > uint64(end-frontBytes) {
		return ErrDamaged
	}
	s.body = s.mem[frontBytes+int(size) : end]
	return json.Unmarshal(s.mem[frontBytes:frontBytes+int(size)], &s.Head)
}

// Fits reports whether tables of these sizes are those of the snapshot.
func (s *File) Fits(regions [][]byte) bool { return s.each(regions, func([]byte, int, []byte) {}) }

// Load puts the snapshot into tables, of which Fits said that they are of the right sizes.
func (s *File) Load(regions [][]byte) {
	s.each(regions, func(gap []byte, at int, data []byte) {
		clear(gap)
		copy(gap[at:], data)
	})
}

// each calls put with the part of a table from the end of the last run to the end of this one, where this one
// begins in it, and its bytes; false: the tables are of other sizes.
func (s *File) each(regions [][]byte, put func(gap []byte, at int, data []byte)) bool {
	rest := s.body
	number := func() int {
		if len(rest) < numberBytes {
			return -1
		}
		n := binary.LittleEndian.Uint64(rest)
		rest = rest[numberBytes:]
		return int(n)
	}
	for _, region := range regions {
		if number() != len(region) {
			return false
		}
		for done := 0; ; {
			at, size := number()*blockBytes, number()
			if size == 0 {
				put(region[done:], 0, nil)
				break
			}
			if size < 0 || size > len(rest) || at < done || at+size > len(region) {
				return false
			}
			put(region[done:at+size], at-done, rest[:size])
			rest, done = rest[size:], at+size
		}
	}
	return len(rest) == 0
}

// Close gives the mapping back.
func (s *File) Close() error { return unix.Munmap(s.mem) }
