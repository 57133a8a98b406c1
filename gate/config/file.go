package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"portcullis/gate/transport"
)

// How long a file is waited for: a file system that hangs, as one on a network can, never answers at all.
const (
	loadPatience = 8 * time.Second // by a start, a check, and a reload, whose asker is still there to hear of it
	lookPatience = 3 * time.Second // by who asks for something else, as gate status does
)

var errLate = errors.New("it did not come back in time")

// in opens files whose names begin in a folder, and waits so long for each.
func in(dir string, patience time.Duration) opener {
	return func(name string) ([]byte, error) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		return readWithin(name, patience)
	}
}

// once gives up on all files as soon as one did not come back: a file system that hangs is waited for once.
func once(open opener) opener {
	late := false
	return func(name string) ([]byte, error) {
		if late {
			return nil, fmt.Errorf("not tried: an earlier file did not come back: %w", errLate)
		}
		data, err := open(name)
		late = errors.Is(err, errLate)
		return data, err
	}
}

// readWithin reads a file, and leaves the read to itself when it takes longer: no system call that hangs can be ended.
func readWithin(path string, patience time.Duration) ([]byte, error) {
	return wait(patience, func() ([]byte, error) { return readRegular(path) })
}

func wait[T any](patience time.Duration, ask func() (T, error)) (T, error) {
	type answer struct {
		what T
		err  error
	}
	came := make(chan answer, 1)
	go func() {
		what, err := ask()
		came <- answer{what, err}
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case a := <-came:
		return a.what, a.err
	case <-timer.C:
		var none T
		return none, fmt.Errorf("%w (%v): does its file system hang?", errLate, patience)
	}
}

// ReadFile reads a file that somebody names on the command line, or that a configuration does, as Load reads its own.
func ReadFile(path string) ([]byte, error) {
	data, err := readWithin(path, lookPatience)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %s", path, transport.Cause(err))
	}
	return data, nil
}

// Stat looks at a file, and waits for no file system that hangs.
func Stat(path string) (fs.FileInfo, error) {
	return wait(lookPatience, func() (fs.FileInfo, error) { return os.Stat(path) })
}

// readRegular reads a file that has an end: a pipe without a writer would hold who opens it, and a device has none.
func readRegular(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("it is %s, no regular file: put the content into a file", kindOfFile(info.Mode()))
	case info.Size() > tableBytesMax:
		return nil, tooLong(info.Size())
	}
	data, err := io.ReadAll(io.LimitReader(f, tableBytesMax+1)) // it may grow meanwhile
	if len(data) > tableBytesMax {
		return nil, tooLong(int64(len(data)))
	}
	return data, err
}

func tooLong(size int64) error {
	return fmt.Errorf("it has %d bytes and more than %d are not read: is it the right file?", size, tableBytesMax)
}

func kindOfFile(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "a file of another kind"
}
