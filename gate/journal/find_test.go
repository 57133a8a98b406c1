package journal

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFindAcrossSegmentsAndRestarts(t *testing.T) {
	t.Parallel()
	o := small(t)
	want := map[string][]Position{}
	n := uint64(0)
	look := func(r *Reader, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer mustClose(t, r)
		for word, positions := range want {
			for _, low := range []Position{0, positions[len(positions)/2]} {
				from, _ := slices.BinarySearch(positions, low)
				got, err := found(r, wordKey(word), low)
				if err != nil || !slices.Equal(got, positions[from:]) {
					t.Fatalf("after %d records Find(%s, %d) = %v %v, want %v", n, word, low, got, err, positions[from:])
				}
			}
			got := positions
			for _, at := range got[:1] {
				var h Header
				payload, err := r.ReadAt(at, &h)
				if err != nil {
					t.Fatal(err)
				}
				check(t, h.Seq, h, payload)
			}
		}
		if got, err := found(r, wordKey("nowhere"), 0); err != nil || len(got) != 0 {
			t.Fatalf("Find(nowhere) = %v %v", got, err)
		}
	}
	for range 2 {
		j := mustOpen(t, o)
		for range 120 {
			n++
			at := append1(t, j, n)
			for _, w := range strings.Fields(string(payloadOf(n))) {
				if list := want[w]; len(list) == 0 || list[len(list)-1] != at {
					want[w] = append(list, at)
				}
			}
		}
		look(j.NewReader())
		look(NewReader(o.Dir, wordKeys))
		waitSealed(t, j, uint64(j.Appended())/uint64(j.segmentBytes)-1)
		look(NewReader(o.Dir, wordKeys))
		mustClose(t, j)
		look(NewReader(o.Dir, wordKeys))
	}
	damageIndexes(t, o.Dir)
	look(NewReader(o.Dir, wordKeys))
	j := mustOpen(t, o)
	for _, segment := range []uint64{2, 3, 4} {
		waitSealed(t, j, segment)
	}
	mustClose(t, j)
	look(NewReader(o.Dir, wordKeys))
}

// TestFindWhileGrowing: one Reader sees what came since its last Find, and takes the index of a segment
// where there is one by now; what is below low is not looked at, be it damaged.
func TestFindWhileGrowing(t *testing.T) {
	t.Parallel()
	o := small(t)
	j := mustOpen(t, o)
	r, err := j.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]Position{}
	for n := uint64(1); n <= 200; n++ {
		at := append1(t, j, n)
		for _, w := range strings.Fields(string(payloadOf(n))) {
			if list := want[w]; len(list) == 0 || list[len(list)-1] != at {
				want[w] = append(list, at)
			}
			if got, err := found(r, wordKey(w), 0); err != nil || !slices.Equal(got, want[w]) {
				t.Fatalf("after %d records Find(%s) = %v %v, want %v", n, w, got, err, want[w])
			}
		}
	}
	last := uint64(j.Appended())/uint64(j.segmentBytes) - 1
	waitSealed(t, j, last)
	for w, positions := range want {
		if got, err := found(r, wordKey(w), 0); err != nil || !slices.Equal(got, positions) {
			t.Fatalf("with indexes Find(%s) = %v %v, want %v", w, got, err, positions)
		}
	}
	if len(r.loose) != 1 || len(r.indexes) != int(last)+1 {
		t.Errorf("%d segments read, %d indexes open; %d are whole", len(r.loose), len(r.indexes), last+1)
	}
	mustClose(t, r)
	mustClose(t, j)
	damageIndexes(t, o.Dir)
	if err := os.Truncate(segmentPath(o.Dir, 2), 100); err != nil {
		t.Fatal(err)
	}
	r, err = NewReader(o.Dir, wordKeys)
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, r)
	word := strings.Fields(string(payloadOf(200)))[0]
	if _, err := found(r, wordKey(word), 0); err == nil {
		t.Error("a segment that cannot be read was passed over")
	}
	low := Position(last) * Position(o.SegmentBytes)
	from, _ := slices.BinarySearch(want[word], low)
	if got, err := found(r, wordKey(word), low); err != nil || !slices.Equal(got, want[word][from:]) {
		t.Errorf("Find(%s, %d) = %v %v, want %v", word, low, got, err, want[word][from:])
	}
}

// found is all that Find gives, oldest first.
func found(r *Reader, key uint64, low Position) (all []Position, err error) {
	for at, err := range r.Find(key, low) {
		if err != nil {
			return nil, err
		}
		all = append(all, at)
	}
	slices.Reverse(all)
	return all, nil
}

// waitSealed waits until the index of segment is whole.
func waitSealed(t *testing.T, j *Journal, segment uint64) {
	t.Helper()
	for range 1000 {
		if file, f, err := openIndex(indexPath(j.dir, segment), segment); err == nil {
			good := checkPairs(file, f) == nil
			mustClose(t, file)
			if good {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("segment %d is not sealed", segment)
}

// damageIndexes flips a key, cuts a footer and removes a file, one index each.
func damageIndexes(t *testing.T, dir string) {
	t.Helper()
	raw, err := os.ReadFile(indexPath(dir, 2))
	if err != nil {
		t.Fatal(err)
	}
	raw[9] ^= 4
	err = errors.Join(os.WriteFile(indexPath(dir, 2), raw, filePerm),
		os.Truncate(indexPath(dir, 3), int64(len(raw)-1)), os.Remove(indexPath(dir, 4)))
	if err != nil {
		t.Fatal(err)
	}
}
