package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"portcullis/gate/cell"
)

const (
	filePerm = 0o640
	dirPerm  = 0o750
)

// segmentFile is one segment as the writer sees it.
type segmentFile interface {
	io.WriterAt
	io.Closer
	Datasync() error
}

// fileSystem makes segments. Tests put one in between that fails.
type fileSystem interface {
	// allocate opens the file at path, made when missing, with all its blocks present and its name durable.
	allocate(path string, bytes int64) (segmentFile, error)
}

type osFiles struct{}

// osFile is a segment that is written past the page cache where the file system can do that: half the CPU time,
// and no memory that pushes others out. Readers take what is new from the tail.
type osFile struct{ *os.File }

// Datasync is fdatasync(2).
func (f osFile) Datasync() error { return unix.Fdatasync(int(f.Fd())) }

// WriteAt writes b at off, through the page cache from the first time on that the file system does not take the
// alignment of b or off (EINVAL).
func (f osFile) WriteAt(b []byte, off int64) (int, error) {
	n, err := f.File.WriteAt(b, off)
	if errors.Is(err, unix.EINVAL) && setDirect(f.File, false) == nil {
		return f.File.WriteAt(b, off)
	}
	return n, err
}

// setDirect switches direct I/O on or off; an error where the file system has none.
func setDirect(f *os.File, on bool) error {
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	if err != nil {
		return err
	}
	flags &^= unix.O_DIRECT
	if on {
		flags |= unix.O_DIRECT
	}
	_, err = unix.FcntlInt(f.Fd(), unix.F_SETFL, flags)
	return err
}

// allocate never leaves a file of a smaller size behind: what it could not allocate it removes again.
func (osFiles) allocate(path string, bytes int64) (segmentFile, error) {
	_, statErr := os.Stat(path)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, filePerm)
	if err != nil {
		return nil, err
	}
	if err = allocateBlocks(f, bytes); err == nil {
		err = f.Sync()
	}
	if err == nil && statErr != nil {
		err = cell.SyncDir(filepath.Dir(path))
	}
	_ = setDirect(f, true) // refused: it goes through the page cache
	if err != nil {
		err = fmt.Errorf("allocate %d bytes for %s: %w", bytes, path, err)
		if statErr != nil {
			err = errors.Join(err, os.Remove(path))
		}
		return nil, errors.Join(err, f.Close())
	}
	return osFile{f}, nil
}

// allocateBlocks gives f real blocks up to bytes; a file system without fallocate gets zeros written behind
// what is there.
func allocateBlocks(f *os.File, bytes int64) error {
	err := unix.Fallocate(int(f.Fd()), 0, 0, bytes)
	if !errors.Is(err, unix.EOPNOTSUPP) {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	zeros := make([]byte, 1<<20)
	for at := info.Size(); at < bytes; {
		n, err := f.WriteAt(zeros[:min(int64(len(zeros)), bytes-at)], at)
		if err != nil {
			return err
		}
		at += int64(n)
	}
	return nil
}

func segmentPath(dir string, segment uint64) string {
	return filepath.Join(dir, fmt.Sprintf("%012d.seg", segment))
}

func indexPath(dir string, segment uint64) string {
	return filepath.Join(dir, fmt.Sprintf("%012d.idx", segment))
}

// missingError: there are segments before and behind one that is not there.
type missingError struct {
	dir     string
	segment uint64
}

func (e *missingError) Error() string {
	return fmt.Sprintf("journal: %s is missing: restore it (only the oldest segments may be taken away)", segmentPath(e.dir, e.segment))
}

// listSegments returns the numbers of the segments in dir, ascending; a gap is an error.
func listSegments(dir string) ([]uint64, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	var all []uint64
	for _, e := range entries {
		name, isSegment := strings.CutSuffix(e.Name(), ".seg")
		if n, err := strconv.ParseUint(name, 10, 64); isSegment && err == nil {
			all = append(all, n)
		}
	}
	sort.Slice(all, func(i, k int) bool { return all[i] < all[k] })
	for i := 1; i < len(all); i++ {
		if all[i] != all[i-1]+1 {
			return nil, &missingError{dir, all[i-1] + 1}
		}
	}
	return all, nil
}
