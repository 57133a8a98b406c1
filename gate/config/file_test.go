package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFilesWithoutEnd: what is no regular file holds up nobody, whichever file it stands for.
func TestFilesWithoutEnd(t *testing.T) {
	for _, name := range []string{SampleMain, "instruments.csv", "prices.csv", "positions.csv", "participants.cfg"} {
		for kind, c := range map[string]struct {
			make func(path string) error
			want string
		}{
			"pipe":   {func(path string) error { return syscall.Mkfifo(path, 0o600) }, "it is a pipe, no regular file: put the content into a file"},
			"device": {func(path string) error { return os.Symlink("/dev/zero", path) }, "it is a device, no regular file"},
			"folder": {func(path string) error { return os.Mkdir(path, 0o700) }, "it is a folder, no regular file"},
			"long":   {func(path string) error { return sparse(path, tableBytesMax+1) }, "it has 268435457 bytes and more than 268435456 are not read"},
		} {
			t.Run(name+" "+kind, func(t *testing.T) {
				dir := writeSample(t)
				path := filepath.Join(dir, name)
				if err := errors.Join(os.Remove(path), c.make(path)); err != nil {
					t.Fatal(err)
				}
				_, err := Load(filepath.Join(dir, SampleMain))
				_, kept := LoadAsKept(filepath.Join(dir, SampleMain))
				for _, err := range []error{err, kept} {
					if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), name) {
						t.Errorf("%v; want %q", err, c.want)
					}
				}
			})
		}
	}
}

func sparse(path string, size int64) error {
	return errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, size))
}

// TestFileSystemHangs: it is waited for once, whatever number of files it holds, and an error says so.
func TestFileSystemHangs(t *testing.T) {
	tries := 0
	open := once(func(string) ([]byte, error) {
		tries++
		return wait(1, func() ([]byte, error) { select {} })
	})
	for range 3 {
		if _, err := open("instruments.csv"); !errors.Is(err, errLate) {
			t.Error(err)
		}
	}
	if tries != 1 {
		t.Error(tries, "waits")
	}
}
