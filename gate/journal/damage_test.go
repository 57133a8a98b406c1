package journal

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// written is a cleanly closed journal of last records and where each of them is.
func written(t *testing.T, last uint64) (o Options, at []Position) {
	t.Helper()
	o = small(t)
	j := mustOpen(t, o)
	at = make([]Position, last+2)
	for n := uint64(1); n <= last; n++ {
		at[n] = append1(t, j, n)
	}
	at[last+1] = j.Appended()
	mustClose(t, j)
	return o, at
}

// flip changes one bit of the byte at position.
func flip(t *testing.T, o Options, position Position, bit int) {
	t.Helper()
	path := segmentPath(o.Dir, uint64(position)/uint64(o.SegmentBytes))
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, f)
	var b [1]byte
	off := int64(position) % int64(o.SegmentBytes)
	if _, err := f.ReadAt(b[:], off); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 1 << bit
	if _, err := f.WriteAt(b[:], off); err != nil {
		t.Fatal(err)
	}
}

// Any single bit flipped in any record (its header, payload, or the zeros behind it) is found by a follower, which
// names that record.
func TestFollowerNamesTheDamagedRecord(t *testing.T) {
	o, at := written(t, 60)
	for range 400 {
		n := 1 + rand.Uint64N(60)
		size := alignUp(HeaderBytes + len(payloadOf(n)))
		where := at[n] + Position(rand.IntN(size))
		bit := rand.IntN(8)
		flip(t, o, where, bit)
		err := readUntilError(t, o.Dir)
		var damage *DamageError
		if !errors.As(err, &damage) || damage.Position != at[n] || damage.Seq != n ||
			!strings.Contains(err.Error(), fmt.Sprintf("record %d at position %d", n, at[n])) {
			t.Fatalf("record %d at %d, byte %d bit %d: %v", n, at[n], where-at[n], bit, err)
		}
		flip(t, o, where, bit)
	}
	readAll(t, follow(t, o.Dir, 0), 60)
}

func readUntilError(t *testing.T, dir string) error {
	t.Helper()
	f := follow(t, dir, 0)
	defer mustClose(t, f)
	for {
		var h Header
		if _, _, err := f.Next(&h); err != nil {
			return err
		}
	}
}

// Open refuses a journal in which something that was durable is damaged, names it, and leaves it as it is.
func TestOpenRefusesDamageToWhatWasDurable(t *testing.T) {
	o, at := written(t, 60)
	first := Position(o.SegmentBytes) * (at[61] / Position(o.SegmentBytes)) // older segments have an index or are read
	for n := uint64(1); n <= 60; n++ {
		if at[n] < first {
			continue
		}
		flip(t, o, at[n]+8, 3)
		_, err := Open(o)
		var damage *DamageError
		if !errors.As(err, &damage) || damage.Position != at[n] || damage.Seq != n {
			t.Fatalf("record %d at %d: %v", n, at[n], err)
		}
		flip(t, o, at[n]+8, 3)
	}
	j := mustOpen(t, o)
	if r := j.Recovery(); r.NextSeq != 61 || !r.Clean {
		t.Fatalf("%+v", r)
	}
	mustClose(t, j)
}

// After a power cut nobody says how far the journal was durable but the younger records themselves.
func TestYoungerRecordsProveDamage(t *testing.T) {
	o := small(t)
	o.sealEvery = time.Hour
	j := mustOpen(t, o)
	var at []Position
	for n := uint64(1); n <= 6; n++ {
		at = append(at, append1(t, j, n))
		waitDurable(t, j)
	}
	image := copyDir(t, o.Dir)
	mustClose(t, j)
	o.Dir, o.TailDir = image, o.TailDir+"-after"

	flip(t, o, at[2]+70, 0)
	_, err := Open(o)
	var damage *DamageError
	if !errors.As(err, &damage) || damage.Seq != 3 || damage.Position != at[2] {
		t.Fatalf("damage in the middle: %v", err)
	}
	flip(t, o, at[2]+70, 0)

	flip(t, o, at[5]+70, 0) // the newest: nothing proves that it was ever durable
	j = mustOpen(t, o)
	if r := j.Recovery(); r.NextSeq != 6 || r.TornBytes == 0 || r.TornWhat == "" {
		t.Fatalf("%+v", r)
	}
	mustClose(t, j)
}

func TestMissingPieces(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(o Options) error
		want string
	}{
		"a middle segment":   {func(o Options) error { return os.Remove(segmentPath(o.Dir, 1)) }, "is missing"},
		"meta":               {func(o Options) error { return os.Remove(metaPath(o.Dir)) }, "restore it"},
		"all segments":       {removeSegments, "restore them"},
		"meta, both copies":  {overwriteWithZeros("meta"), "damaged"},
		"marks, both copies": {overwriteWithZeros("marks"), "damaged"},
		"end of a segment":   {func(o Options) error { return os.Truncate(segmentPath(o.Dir, 2), 100) }, "damaged"},
	} {
		o, _ := written(t, 60)
		if err := c.harm(o); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestMissingRoom: a missing segment that certainly never had a record is made anew; one that had, or of which nobody knows, is refused.
func TestMissingRoom(t *testing.T) {
	clean := func(t *testing.T) (Options, uint64) {
		o, at := written(t, 60)
		return o, uint64(at[61])
	}
	killed := func(t *testing.T) (Options, uint64) {
		o, at := crashed(t)
		return o, uint64(at[8]) + 1
	}
	lost := func(t *testing.T) (Options, uint64) {
		o, end := killed(t)
		if err := os.RemoveAll(o.TailDir); err != nil {
			t.Fatal(err)
		}
		return o, end
	}
	for _, c := range []struct {
		what  string
		make  func(*testing.T) (Options, uint64)
		ahead int // of the segment in which the journal ends
		want  bool
	}{
		{"ahead of a clean end", clean, 1, true},
		{"further ahead", clean, 2, true},
		{"where the end is", clean, 0, false},
		{"ahead of all that a tail knows", killed, 1, true},
		{"ahead of who knows what", lost, 1, false},
	} {
		o, end := c.make(t)
		segment := end/uint64(o.SegmentBytes) + uint64(c.ahead)
		for n := end/uint64(o.SegmentBytes) + 1; n <= segment+1; n++ { // but it they are all there, and one behind it
			f, err := osFiles{}.allocate(segmentPath(o.Dir, n), int64(o.SegmentBytes))
			if err != nil {
				t.Fatal(err)
			}
			mustClose(t, f)
		}
		path := segmentPath(o.Dir, segment)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		j, err := Open(o)
		if !c.want {
			if err == nil || !strings.Contains(err.Error(), path+" is missing") {
				t.Errorf("%s: %v", c.what, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		r := j.Recovery()
		if info, err := os.Stat(path); err != nil || info.Size() != int64(o.SegmentBytes) || len(r.Remade) != 1 || r.Remade[0] != path || r.TailLost {
			t.Errorf("%s: %+v, %v", c.what, r, err)
		}
		next := r.NextSeq
		for range 30 { // over into what was made anew
			append1(t, j, next)
			next++
		}
		mustClose(t, j)
		readAll(t, follow(t, o.Dir, 0), next-1)
	}
}

func overwriteWithZeros(name string) func(Options) error {
	return func(o Options) error { return os.WriteFile(filepath.Join(o.Dir, name), make([]byte, 9000), 0o600) }
}

func removeSegments(o Options) error {
	all, err := listSegments(o.Dir)
	for _, n := range all {
		err = errors.Join(err, os.Remove(segmentPath(o.Dir, n)))
	}
	return err
}

// The oldest segments may go to an archive.
func TestOldestSegmentsMayBeTakenAway(t *testing.T) {
	o, at := written(t, 60)
	if err := os.Remove(segmentPath(o.Dir, 0)); err != nil {
		t.Fatal(err)
	}
	if err := readUntilError(t, o.Dir); err == nil || !strings.Contains(err.Error(), "begins at position 16384") {
		t.Fatalf("following from the start: %v", err)
	}
	j := mustOpen(t, o)
	if r := j.Recovery(); r.NextSeq != 61 || r.End != at[61] {
		t.Fatalf("%+v", r)
	}
	f := follow(t, o.Dir, Position(o.SegmentBytes))
	var h Header
	payload, _, err := f.Next(&h)
	if err != nil {
		t.Fatal(err)
	}
	check(t, h.Seq, h, payload)
	mustClose(t, f)
	mustClose(t, j)
}

// FuzzDecode: no bytes make the decoder panic or read outside them, and what it accepts encodes to the same bytes.
func FuzzDecode(f *testing.F) {
	for _, n := range []uint64{1, 2, 11} {
		payload := payloadOf(n)
		rec := make([]byte, alignUp(HeaderBytes+len(payload)))
		copy(rec[HeaderBytes:], payload)
		h := header(n)
		h.Version = FormatVersion
		encode(rec, &h, HeaderBytes+len(payload), 640)
		storeLength(rec, uint32(HeaderBytes+len(payload)))
		f.Add(rec, 4096)
		f.Add(rec[:HeaderBytes], 4096)
	}
	pad := make([]byte, HeaderBytes)
	h := Header{Type: typePad, Version: FormatVersion}
	encode(pad, &h, 256, 0)
	storeLength(pad, 256)
	f.Add(pad, 256)
	f.Fuzz(func(t *testing.T, b []byte, room int) {
		room = room & 0xFFFF &^ 63
		var h Header
		r, err := decode(&h, b, room, 4096)
		if err != nil {
			return
		}
		if r.size > room || !r.pad && r.size > len(b) || r.size%alignment != 0 {
			t.Fatalf("accepted %+v of %d bytes with room %d", r, len(b), room)
		}
		if r.pad {
			return
		}
		again := make([]byte, r.size)
		copy(again[HeaderBytes:], r.payload)
		encode(again, &h, HeaderBytes+len(r.payload), r.lag)
		storeLength(again, uint32(HeaderBytes+len(r.payload)))
		if string(again) != string(b[:r.size]) {
			t.Fatalf("encodes to %x, was %x", again, b[:r.size])
		}
	})
}

// FuzzIndex: no sidecar makes Find panic or loop.
func FuzzIndex(f *testing.F) {
	f.Add(encodeIndex(3, []pair{{7, 64}, {7, 128}, {9, 0}}, footer{firstSeq: 1, nextSeq: 4}))
	f.Add(make([]byte, footerBytes))
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(os.TempDir(), fmt.Sprintf("portcullis-fuzz-%d.idx", os.Getpid()))
		defer func() { _ = os.Remove(path) }()
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		file, foot, err := openIndex(path, 3)
		if err != nil {
			return
		}
		defer mustClose(t, file)
		_ = checkPairs(file, foot)
		if _, err := find(file, foot, 7, nil); err != nil {
			t.Fatal(err)
		}
	})
}
