package cell

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/sys/unix"
)

// Cell is a small file that always holds either its old or its new content, whatever moment the machine dies.
// It has two slots of equal size; a write goes to the older one. Unlike writing beside and renaming it needs no
// new block, so marks move on when the disk is full.
//
// Slot: generation u64 | length u64 | checksum u64 over generation, length and content | content
type Cell struct {
	path       string
	slotBytes  int
	generation uint64
	damaged    bool
	buf        []byte
}

const (
	headerBytes = 24
	pageBytes   = 4096
	filePerm    = 0o640
)

// slotSize rounds the slot for contentBytes up to whole pages, so that the two never share a disk block.
func slotSize(contentBytes int) int {
	return (contentBytes + headerBytes + pageBytes - 1) / pageBytes * pageBytes
}

// Open returns the cell at path and its newest content; fs.ErrNotExist when there is none. contentMax is the
// largest content it shall hold.
func Open(path string, contentMax int) (*Cell, []byte, error) {
	c := &Cell{path: path, slotBytes: slotSize(contentMax)}
	generation, damaged, content, fileBytes, err := read(path)
	if err != nil {
		return c, nil, err
	}
	c.generation, c.damaged = generation, damaged
	if fileBytes == 2*c.slotBytes {
		return c, content, nil
	}
	// Another size was asked for: make it anew around the same content.
	return c, content, c.Create(content)
}

// Damaged reports whether one of the two copies was unreadable when the cell was opened: a write had been torn, or the file was
// damaged since. What was read may then be the content before.
func (c *Cell) Damaged() bool { return c.damaged }

// Read returns the newest content of the cell at path. It works while another process writes.
func Read(path string) ([]byte, error) {
	_, _, content, _, err := read(path)
	return content, err
}

// Another process may be writing a copy: that is over by the next look.
const (
	looks     = 5
	lookAgain = 20 * time.Millisecond
)

// ReadNewest is Read for those to whom the content before is worse than none: it fails where one of the two copies is damaged.
func ReadNewest(path string) ([]byte, error) {
	for look := 1; ; look++ {
		_, damaged, content, _, err := read(path)
		if err != nil || !damaged {
			return content, err
		}
		if look == looks {
			return nil, DamagedError(path)
		}
		time.Sleep(lookAgain)
	}
}

// DamagedError says that one copy of the cell at path is damaged.
func DamagedError(path string) error {
	return fmt.Errorf("%s is damaged: one of its two copies has a wrong checksum, and it may have been the newer; restore it", path)
}

// Path is where the cell lies.
func (c *Cell) Path() string { return c.path }

// read returns the newest content of the cell at path, its generation, whether the other copy is not the one before it,
// and the file's size.
func read(path string) (generation uint64, damaged bool, content []byte, fileBytes int, err error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0, false, nil, 0, err
	}
	var before uint64
	for _, slot := range [][]byte{raw[:len(raw)/2], raw[len(raw)/2:]} {
		g, body, ok := decodeSlot(slot)
		switch {
		case ok && g > generation:
			generation, before, content = g, generation, body
		case ok:
			before = g
		default:
			damaged = damaged || slices.ContainsFunc(slot, func(b byte) bool { return b != 0 })
		}
	}
	if generation == 0 {
		return 0, true, nil, 0, fmt.Errorf("%s is damaged: neither copy has a right checksum; restore it", path)
	}
	return generation, damaged || before != generation-1, content, len(raw), nil
}

func decodeSlot(slot []byte) (generation uint64, content []byte, ok bool) {
	if len(slot) < headerBytes {
		return 0, nil, false
	}
	le := binary.LittleEndian
	generation = le.Uint64(slot)
	length := le.Uint64(slot[8:])
	if generation == 0 || length > uint64(len(slot)-headerBytes) {
		return 0, nil, false
	}
	content = slot[headerBytes : headerBytes+length]
	return generation, content, le.Uint64(slot[16:]) == slotSum(slot[:16], content)
}

func slotSum(head, content []byte) uint64 {
	return xxhash.Sum64(content) ^ xxhash.Sum64(head)*0x9E3779B97F4A7C15
}

// Create makes the file, or replaces it by one of another size, with content as its first two generations.
func (c *Cell) Create(content []byte) error {
	next := c.path + ".new"
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	zeros := make([]byte, 2*c.slotBytes) // written, not only allocated: no later write may need a block
	if err := os.WriteFile(next, zeros, filePerm); err != nil {
		return err
	}
	real := c.path
	c.path = next
	err := c.Write(content)
	if err == nil {
		err = c.Write(content) // both copies: one that is empty is damaged
	}
	c.path = real
	if err != nil {
		return err
	}
	if err := os.Rename(next, c.path); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(c.path))
}

// Write makes content the cell's content, durable when it returns nil. The caller keeps it within contentMax.
func (c *Cell) Write(content []byte) error {
	if len(content) > c.slotBytes-headerBytes {
		return fmt.Errorf("%s: content of %d bytes, room for %d", c.path, len(content),
			c.slotBytes-headerBytes)
	}
	le := binary.LittleEndian
	c.buf = append(c.buf[:0], make([]byte, headerBytes)...)
	le.PutUint64(c.buf, c.generation+1)
	le.PutUint64(c.buf[8:], uint64(len(content)))
	le.PutUint64(c.buf[16:], slotSum(c.buf[:16], content))
	c.buf = append(c.buf, content...)
	f, err := os.OpenFile(c.path, os.O_RDWR, filePerm)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(c.buf, int64(c.generation+1)%2*int64(c.slotBytes))
	if err == nil {
		err = unix.Fdatasync(int(f.Fd()))
	}
	if err = errors.Join(err, f.Close()); err == nil {
		c.generation++
	}
	return err
}

// SyncDir makes the names in a folder durable: that of a file that was made there, or took another's place.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
