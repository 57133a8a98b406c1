package journal

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portcullis/gate/cell"
)

// crashed is the image of a killed writer with 8 records, of which the last 5 are only in the tail; at says where each is.
func crashed(t *testing.T) (o Options, at []Position) {
	t.Helper()
	o = small(t)
	disk := &stalled{}
	o.files = disk
	j := mustOpen(t, o)
	at = make([]Position, 9)
	for n := uint64(1); n <= 8; n++ {
		if n == 4 {
			waitDurable(t, j)
			disk.gate.Lock() // nothing is durable from here on
		}
		at[n] = append1(t, j, n)
	}
	image, tail := filepath.Join(t.TempDir(), "image"), filepath.Join(shm(t), "image")
	for from, to := range map[string]string{o.Dir: image, o.TailDir: tail} {
		if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	// What the writer had on its way to the disk is not there.
	segment := segmentPath(image, 0)
	if err := os.Truncate(segment, int64(at[4])); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(segment, int64(o.SegmentBytes)); err != nil {
		t.Fatal(err)
	}
	disk.gate.Unlock()
	mustClose(t, j)

	c, content, err := cell.Open(metaPath(image), metaBytesMax)
	if err != nil {
		t.Fatal(err)
	}
	m, err := parseMeta(image, content)
	if err != nil {
		t.Fatal(err)
	}
	m.TailDir = tail
	if err := c.Write(m.encode()); err != nil {
		t.Fatal(err)
	}
	o.Dir, o.TailDir, o.files = image, tail, nil
	return o, at
}

// TestShortTail: a tail that does not hold all that its writer had appended has lost records, whatever the cause, and
// Open says so: what they had done is unknown.
func TestShortTail(t *testing.T) {
	slot := func(o Options) string {
		all, err := filepath.Glob(filepath.Join(o.TailDir, "*-00.tail"))
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		return all[0]
	}
	write := func(o Options, position Position, b []byte) {
		f, err := os.OpenFile(slot(o), os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteAt(b, int64(position)); err != nil {
			t.Fatal(err)
		}
		mustClose(t, f)
	}
	for name, c := range map[string]struct {
		harm func(o Options, at []Position)
		next uint64 // number of the first record that is not found
	}{
		"whole":                   {func(Options, []Position) {}, 9},
		"zeros for the last":      {func(o Options, at []Position) { write(o, at[8], make([]byte, HeaderBytes)) }, 8},
		"zeros in the middle":     {func(o Options, at []Position) { write(o, at[6], make([]byte, HeaderBytes)) }, 6},
		"another byte":            {func(o Options, at []Position) { write(o, at[7]+HeaderBytes, []byte{1}) }, 7},
		"cut short":               {func(o Options, at []Position) { _ = os.Truncate(slot(o), int64(at[5])) }, 5},
		"empty":                   {func(o Options, _ []Position) { _ = os.Truncate(slot(o), 0) }, 4},
		"zeros where it is alone": {func(o Options, at []Position) { write(o, at[4], make([]byte, HeaderBytes)) }, 4},
	} {
		o, at := crashed(t)
		c.harm(o, at)
		j := mustOpen(t, o)
		if r := j.Recovery(); r.NextSeq != c.next || r.TailLost != (c.next < 9) {
			t.Errorf("%s: next number %d, want %d; tail lost: %v", name, r.NextSeq, c.next, r.TailLost)
		}
		mustClose(t, j)
		readAll(t, follow(t, o.Dir, 0), c.next-1)
	}
}

// TestDamagedMeta: where the newest copy of the meta is damaged, the one before it says that the journal had a clean end. Open does
// not believe it: it takes what only the tail has, and where that is gone it says so.
func TestDamagedMeta(t *testing.T) {
	for _, lost := range []bool{false, true} {
		o, _ := crashed(t)
		c, content, err := cell.Open(metaPath(o.Dir), metaBytesMax)
		if err != nil {
			t.Fatal(err)
		}
		m, err := parseMeta(o.Dir, content)
		if err != nil {
			t.Fatal(err)
		}
		clean := m
		clean.Clean = true
		for _, next := range []meta{clean, m} {
			if err := c.Write(next.encode()); err != nil {
				t.Fatal(err)
			}
		}
		raw, err := os.ReadFile(c.Path())
		if err != nil {
			t.Fatal(err)
		}
		at := bytes.Index(raw, m.encode())
		raw[at+len(m.ID)] ^= 1
		if err := os.WriteFile(c.Path(), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		want := uint64(9)
		if lost {
			want = 4
			if err := os.RemoveAll(o.TailDir); err != nil {
				t.Fatal(err)
			}
		}
		j := mustOpen(t, o)
		if r := j.Recovery(); r.NextSeq != want || r.TailLost != lost {
			t.Errorf("next number %d, want %d; tail lost: %v, want %v", r.NextSeq, want, r.TailLost, lost)
		}
		mustClose(t, j)
		readAll(t, follow(t, o.Dir, 0), want-1)
	}
}

// TestReaderOfAnEmptyTail: a reader of a killed writer's journal names the file of the tail that was cut.
func TestReaderOfAnEmptyTail(t *testing.T) {
	o, _ := crashed(t)
	all, err := filepath.Glob(filepath.Join(o.TailDir, "*-00.tail"))
	if err != nil || len(all) != 1 || os.Truncate(all[0], 0) != nil {
		t.Fatal(all, err)
	}
	if err := readUntilError(t, o.Dir); err == nil || !strings.Contains(err.Error(), all[0]) {
		t.Errorf("%v, want %s in it", err, all[0])
	}
}
