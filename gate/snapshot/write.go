package snapshot

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"portcullis/gate/cell"
)

const (
	magic      = "GATESNP1"
	suffix     = ".snapshot"
	blockBytes = 4096
	pieceBytes = 8 << 20 // written and synced at once

	// Kept is how many snapshots stay: the newest, and one to fall back to.
	Kept = 2
)

// Head says what a snapshot is of.
type Head struct {
	// For whom it is: another program may lay out tables otherwise or mean something else by them, and the tables
	// of another configuration mean other names and limits.
	Program string `json:"program"`
	Tables  string `json:"tables"`

	// The last record that is in it, and where the journal goes on.
	Record uint64 `json:"record"`
	Epoch  uint32 `json:"epoch"`
	UTCNs  int64  `json:"utc_ns"`
	MonoNs int64  `json:"mono_ns"`
	At     uint64 `json:"at"`
	End    uint64 `json:"end"`

	Notes json.RawMessage `json:"notes,omitempty"` // what the state has beside the tables
}

// Write makes a snapshot in dir, which is made when missing, and takes away all but the newest ones.
func Write(dir string, h *Head, regions [][]byte) (err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "*.new")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	w := writer{file: f, sum: xxhash.New()}
	if err := w.all(h, regions); err != nil {
		return err
	}
	if err := errors.Join(f.Chmod(0o640), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, fmt.Sprintf("%020d%s", h.Record, suffix))); err != nil {
		return err
	}
	return errors.Join(cell.SyncDir(dir), prune(dir))
}

// writer writes piece by piece and syncs each: a disk that took all of it at once would keep the journal waiting.
type writer struct {
	file *os.File
	sum  *xxhash.Digest
	buf  bytes.Buffer
}

func (w *writer) all(h *Head, regions [][]byte) error {
	head, err := json.Marshal(h)
	if err != nil {
		return err
	}
	w.buf.WriteString(magic)
	w.number(uint64(len(head)))
	w.buf.Write(head)
	for _, region := range regions {
		if err := w.region(region); err != nil {
			return err
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	w.number(w.sum.Sum64())
	return w.flush()
}

func (w *writer) number(n uint64) { w.buf.Write(binary.LittleEndian.AppendUint64(nil, n)) }

// region writes the blocks that are not zero, and one run of those that follow each other.
func (w *writer) region(region []byte) error {
	w.number(uint64(len(region)))
	for from := 0; from < len(region); {
		to := from
		for to < len(region) && to-from < pieceBytes && !zero(block(region, to)) {
			to = min(to+blockBytes, len(region))
		}
		if to == from {
			from += blockBytes
			continue
		}
		w.number(uint64(from / blockBytes))
		w.number(uint64(to - from))
		w.buf.Write(region[from:to])
		if from = to; w.buf.Len() >= pieceBytes {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	w.number(0)
	w.number(0)
	return nil
}

func block(region []byte, at int) []byte { return region[at:min(at+blockBytes, len(region))] }

var zeros [blockBytes]byte

func zero(b []byte) bool { return bytes.Equal(b, zeros[:len(b)]) }

func (w *writer) flush() error {
	_, _ = w.sum.Write(w.buf.Bytes()) // never fails
	if _, err := w.buf.WriteTo(w.file); err != nil {
		return err
	}
	return w.file.Sync()
}

// Names lists the snapshots in dir, the newest first.
func Names(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), suffix) {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	slices.Sort(names)
	slices.Reverse(names)
	return names, err
}

// prune takes away what is older than the newest ones. Another process may be doing the same.
func prune(dir string) error {
	names, err := Names(dir)
	for _, name := range names[min(Kept, len(names)):] {
		if e := os.Remove(name); !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}
