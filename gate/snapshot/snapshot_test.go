package snapshot

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// tables are regions of odd sizes with gaps of zeros at their beginning, middle and end.
func tables(rng *rand.Rand) (regions [][]byte) {
	for _, size := range []int{1, blockBytes, 3*blockBytes + 17, 40*blockBytes + 1, pieceBytes + 5*blockBytes + 8} {
		region := make([]byte, size)
		for at := 0; at < size; at += blockBytes {
			if rng.IntN(3) > 0 || size > pieceBytes {
				region[min(at+rng.IntN(blockBytes), size-1)] = byte(1 + rng.IntN(255))
			}
		}
		regions = append(regions, region)
	}
	return append(regions, make([]byte, 10*blockBytes))
}

func used(regions [][]byte) (other [][]byte) {
	for _, region := range regions {
		other = append(other, bytes.Repeat([]byte{7}, len(region)))
	}
	return other
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestWriteAndLoad: tables come back as they were, into tables that hold something else, and the newest two files
// stay.
func TestWriteAndLoad(t *testing.T) {
	dir, rng := filepath.Join(t.TempDir(), "snapshots"), rand.New(rand.NewPCG(1, 2))
	var last [][]byte
	for n := range 5 {
		last = tables(rng)
		check(t, Write(dir, &Head{Record: uint64(8 + n), Tables: "c"}, last))
	}
	entries, err := os.ReadDir(dir)
	check(t, err)
	names, err := Names(dir)
	check(t, err)
	if len(entries) != Kept || len(names) != Kept {
		t.Fatalf("%d files, %d snapshots", len(entries), len(names))
	}
	s, err := Open(names[0])
	check(t, err)
	got := used(last)
	if !s.Fits(got) || s.Head.Record != 12 || s.Head.Tables != "c" {
		t.Fatalf("%+v", s.Head)
	}
	s.Load(got)
	for i := range last {
		if !bytes.Equal(got[i], last[i]) {
			t.Errorf("table %d came back otherwise", i)
		}
	}
	for _, other := range [][][]byte{got[1:], append(got, []byte{0}), append([][]byte{{1, 2}}, got[1:]...)} {
		if s.Fits(other) {
			t.Error("fits tables of other sizes")
		}
	}
	check(t, s.Close())
}

// TestDamage: no byte can be another, and none be missing, without being seen.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	check(t, Write(dir, &Head{Record: 1}, tables(rand.New(rand.NewPCG(3, 4)))))
	names, err := Names(dir)
	check(t, err)
	whole, err := os.ReadFile(names[0])
	check(t, err)
	damaged := func(what string, data []byte) {
		path := filepath.Join(dir, "damaged")
		check(t, os.WriteFile(path, data, 0o600))
		if s, err := Open(path); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %+v, %v", what, s, err)
		}
	}
	damaged("empty", nil)
	damaged("cut short", whole[:len(whole)-9])
	for _, at := range []int{0, 9, 40, len(whole) / 2, len(whole) - 1} {
		data := bytes.Clone(whole)
		data[at] ^= 0x10
		damaged("a byte is another", data)
	}
}

// TestNoRoom: a snapshot that cannot be written leaves those of before and nothing else.
func TestNoRoom(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(dir, nil, 0o600))
	if err := Write(dir, &Head{}, nil); err == nil {
		t.Error("written into a file")
	}
}
