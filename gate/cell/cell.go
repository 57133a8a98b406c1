package cell

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

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
	generation, content, fileBytes, err := read(path)
	if err != nil {
		return c, nil, err
	}
	c.generation = generation
	if fileBytes == 2*c.slotBytes {
		return c, content, nil
	}
	// Another size was asked for: make it anew around the same content.
	return c, content, c.Create(content)
}

// Read returns the newest content of the cell at path. It works while another process writes.
func Read(path string) ([]byte, error) {
	_, content, _, err := read(path)
	return content, err
}

// Path is where the cell lies.
func (c *Cell) Path() string { return c.path }

// read returns the newest content of the cell at path, its generation and the file's size.
func read(path string) (generation uint64, content []byte, fileBytes int, err error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0, nil, 0, err
	}
	for _, slot := range [][]byte{raw[:len(raw)/2], raw[len(raw)/2:]} {
		if g, body, ok := decodeSlot(slot); ok && g > generation {
			generation, content = g, body
		}
	}
	if generation == 0 {
		return 0, nil, 0, fmt.Errorf("%s is damaged: neither copy has a right checksum; restore it", path)
	}
	return generation, content, len(raw), nil
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

// Create makes the file, or replaces it by one of another size, with content as its first generation.
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
	c.path = real
	if err != nil {
		return err
	}
	if err := os.Rename(next, c.path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(c.path))
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

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
