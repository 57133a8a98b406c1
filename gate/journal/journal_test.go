package journal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portcullis/gate/cell"
)

// small are options for tests: many segments, quickly filled, synced all the time.
func small(t testing.TB) Options {
	t.Helper()
	dir := t.TempDir()
	return Options{
		Dir: filepath.Join(dir, "journal"), TailDir: filepath.Join(shm(t), "tail"),
		SegmentBytes: 4 * pageBytes, TailSegments: 8, ReserveBytes: 4096, MaxRecordBytes: 2048,
		IntervalNs: 200_000, MarkKeys: 16, MarkBlock: 100,
		Keys: wordKeys, sealEvery: 5 * time.Millisecond,
		Alert: func(err error) { t.Errorf("alert: %v", err) },
	}
}

// shm is a directory on tmpfs where there is one.
func shm(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "portcullis-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// wordKeys gives a record the sums of its words as keys.
func wordKeys(_ *Header, payload []byte, add func(uint64)) {
	for _, w := range bytes.Fields(payload) {
		add(wordKey(string(w)))
	}
}

func wordKey(w string) uint64 {
	key := uint64(14695981039346656037)
	for i := range len(w) {
		key = (key ^ uint64(w[i])) * 1099511628211
	}
	return key
}

func mustOpen(t testing.TB, o Options) *Journal {
	t.Helper()
	j, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func mustClose(t testing.TB, c io.Closer) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// header makes a header whose every field follows from n, so that a mix-up shows.
func header(n uint64) Header {
	return Header{
		Type: uint16(n % 100), Flags: uint16(n * 7), UTCNs: int64(n * 1000), MonoNs: int64(n * 10),
		ClockState: uint8(n % 5), BoundNs: uint32(n % 77), Link: uint32(n % 9), ConfigVersion: uint32(n / 50),
	}
}

// payloadOf makes record n's payload, of a length that varies from 0 to about 1900 bytes.
func payloadOf(n uint64) []byte {
	b := fmt.Appendf(nil, "record %d common k%d ", n, n%10)
	if n%11 == 0 {
		return nil
	}
	return append(b, bytes.Repeat([]byte{byte('a' + n%26)}, int(n*n%1900))...)
}

// append1 appends record n == the journal's next number, waiting for room; it gives up after some seconds.
func append1(t testing.TB, j *Journal, n uint64) Position {
	t.Helper()
	payload := payloadOf(n)
	for range 50_000 {
		b, ok := j.Reserve(len(payload) + 5)
		if !ok {
			time.Sleep(100 * time.Microsecond)
			continue
		}
		copy(b, payload)
		h := header(n)
		at := j.Commit(&h, len(payload))
		if h.Seq != n {
			t.Fatalf("record %d got number %d", n, h.Seq)
		}
		return at
	}
	t.Fatalf("no room for record %d: %v", n, j.Space())
	return 0
}

// check holds one record against what append1 wrote as number n.
func check(t testing.TB, n uint64, h Header, payload []byte) {
	t.Helper()
	want := header(n)
	want.Seq, want.Version, want.Epoch = n, FormatVersion, h.Epoch
	if h != want {
		t.Fatalf("record %d: header %+v, want %+v", n, h, want)
	}
	if !bytes.Equal(payload, payloadOf(n)) {
		t.Fatalf("record %d: payload %.40q, want %.40q", n, payload, payloadOf(n))
	}
}

// readAll follows from the start to the end and checks that there are exactly records 1 to last.
func readAll(t testing.TB, f *Follower, last uint64) {
	t.Helper()
	defer mustClose(t, f)
	var h Header
	for n := uint64(1); ; n++ {
		payload, _, err := f.Next(&h)
		if err == io.EOF {
			if n != last+1 {
				t.Fatalf("%d records, want %d", n-1, last)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		check(t, n, h, payload)
	}
}

func follow(t testing.TB, dir string, from Position) *Follower {
	t.Helper()
	f, err := Follow(dir, from)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAppendFollowCloseReopen(t *testing.T) {
	for _, heap := range []bool{false, true} {
		t.Run(fmt.Sprintf("heap=%v", heap), func(t *testing.T) {
			o := small(t)
			o.HeapTail = heap
			n := uint64(0)
			for epoch := uint32(1); epoch <= 3; epoch++ {
				j := mustOpen(t, o)
				r := j.Recovery()
				if !r.Clean || r.TailLost || r.NextSeq != n+1 || j.Epoch() != epoch || r.TornBytes != 0 {
					t.Fatalf("epoch %d of %d records: %+v", epoch, n, r)
				}
				for range 150 { // about 8 segments: the tail wraps
					n++
					append1(t, j, n)
				}
				f, err := j.Follow(0)
				if err != nil {
					t.Fatal(err)
				}
				readAll(t, f, n)
				mustClose(t, j)
				readAll(t, follow(t, o.Dir, 0), n)
				if _, err := os.Stat(headPath(o.TailDir)); err == nil {
					t.Fatal("a clean close left its tail")
				}
			}
		})
	}
}

// A follower in another goroutine sees every record once and in order, whatever the timing, while the engine
// laps it. (Under the race detector the tail is mapped memory, which it does not see.)
func TestConcurrentFollower(t *testing.T) {
	o := small(t)
	j := mustOpen(t, o)
	followConcurrently(t, j, 3000)
	mustClose(t, j)
}

// The same on the heap and without a lap: what the race detector sees must be clean.
func TestConcurrentFollowerOnHeap(t *testing.T) {
	o := small(t)
	o.HeapTail, o.SegmentBytes, o.MaxRecordBytes = true, 64*pageBytes, 2048
	j := mustOpen(t, o)
	followConcurrently(t, j, 1500)
	mustClose(t, j)
}

func followConcurrently(t *testing.T, j *Journal, last uint64) {
	t.Helper()
	f, err := j.Follow(0)
	if err != nil {
		t.Fatal(err)
	}
	result := make(chan error, 1)
	go func() {
		var h Header
		for n := uint64(1); n <= last; {
			payload, _, err := f.Next(&h)
			if err == io.EOF {
				time.Sleep(10 * time.Microsecond)
				continue
			}
			if err == nil && (h.Seq != n || !bytes.Equal(payload, payloadOf(n))) {
				err = fmt.Errorf("record %d is %+v %.30q", n, h, payload)
			}
			if err != nil {
				result <- err
				return
			}
			n++
		}
		result <- f.Close()
	}()
	for n := uint64(1); n <= last; n++ {
		append1(t, j, n)
	}
	if err := <-result; err != nil {
		t.Fatal(err)
	}
}

// A reader must notice that the engine has come round to the slot it read from.
func TestReaderNoticesBeingOvertaken(t *testing.T) {
	o := small(t)
	j := mustOpen(t, o)
	src, err := openSource(o.Dir)
	if err != nil {
		t.Fatal(err)
	}
	size := uint64(o.SegmentBytes)
	n := uint64(0)
	for _, segment := range []uint64{1, 8, 9, 20} {
		for uint64(j.Appended()) < segment*size+1 {
			n++
			append1(t, j, n)
		}
		for k := range segment + 1 {
			if got, want := src.intact(k*size+64), k+uint64(o.TailSegments) > segment+1; got != want {
				t.Errorf("engine in segment %d: segment %d intact = %v", segment, k, got)
			}
		}
	}
	mustClose(t, closer(src.close))
	mustClose(t, j)
}

type closer func() error

func (c closer) Close() error { return c() }

// The engine may write neither beyond what is allocated nor into a slot that is not durable.
func TestWritableLimit(t *testing.T) {
	const size = 4 * pageBytes
	for _, c := range []struct{ durable, first, files, want uint64 }{
		{0, 0, 3, 3 * size},
		{0, 0, 20, 8 * size},
		{5*size - 64, 4, 20, 12 * size},
		{5 * size, 5, 20, 13 * size},
		{5 * size, 5, 0, 5 * size},
	} {
		j := &Journal{segmentBytes: size, tail: &tail{slots: make([][]byte, 8)}}
		w := &writer{j: j, durable: c.durable, first: c.first, files: make([]segmentFile, c.files)}
		w.publishLimit()
		if got := j.writableTo.Load(); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

func TestSecondWriterIsRefused(t *testing.T) {
	o := small(t)
	j := mustOpen(t, o)
	if _, err := Open(o); err == nil || !strings.Contains(err.Error(), fmt.Sprint("process ", os.Getpid())) {
		t.Fatalf("second writer: %v", err)
	}
	other := small(t)
	other.TailDir = o.TailDir
	if _, err := Open(other); err == nil || !strings.Contains(err.Error(), "tail of another journal") {
		t.Fatalf("shared tail directory: %v", err)
	}
	append1(t, j, 1)
	readAll(t, follow(t, o.Dir, 0), 1)
	mustClose(t, j)
}

func TestOptionsAreChecked(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"no directory":           func(o *Options) { o.Dir = "" },
		"odd segment":            func(o *Options) { o.SegmentBytes = 5*pageBytes + 1 },
		"record beyond segment":  func(o *Options) { o.MaxRecordBytes = o.SegmentBytes },
		"reserve beyond tail":    func(o *Options) { o.ReserveBytes = 8 * o.SegmentBytes },
		"one tail segment":       func(o *Options) { o.TailSegments = 1 },
		"other size than before": func(o *Options) { o.SegmentBytes *= 2 },
	} {
		o := small(t)
		mustClose(t, mustOpen(t, o))
		change(&o)
		if j, err := Open(o); err == nil {
			t.Errorf("%s: accepted", name)
			mustClose(t, j)
		}
	}
}

func TestReserveRefusesWhatNeverFits(t *testing.T) {
	j := mustOpen(t, small(t))
	for _, n := range []int{-1, 2048 - HeaderBytes + 1, 1 << 40} {
		if _, ok := j.Reserve(n); ok {
			t.Errorf("Reserve(%d) gave room", n)
		}
	}
	if b, ok := j.Reserve(2048 - HeaderBytes); !ok || len(b) != 2048-HeaderBytes {
		t.Error("the largest record has no room")
	}
	mustClose(t, j)
}

// The engine's side alone: the writer and the sealer, which may allocate, have nothing to do meanwhile.
func TestReserveAndCommitDoNotAllocate(t *testing.T) {
	o := small(t)
	o.SegmentBytes, o.MaxRecordBytes = 4<<20, 64<<10
	o.IntervalNs, o.sealEvery = int64(time.Hour), time.Hour
	o.Keys = func(*Header, []byte, func(uint64)) {}
	j := mustOpen(t, o)
	payload := make([]byte, 600)
	h := header(1)
	got := testing.AllocsPerRun(2000, func() {
		if b, ok := j.Reserve(600); ok {
			j.Commit(&h, copy(b, payload))
		}
		j.RaiseMark(1, h.Seq)
		_ = j.Space()
	})
	if got != 0 {
		t.Errorf("%v allocations per record", got)
	}
	mustClose(t, j)
}

func TestReadAtRefusesWrongPositions(t *testing.T) {
	o := small(t)
	j := mustOpen(t, o)
	for n := uint64(1); n <= 5; n++ {
		append1(t, j, n)
	}
	r, err := j.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	var h Header
	for _, at := range []Position{1, 64, 1 << 40, j.Appended() + 64} {
		if _, err := r.ReadAt(at, &h); err == nil {
			t.Errorf("ReadAt(%d) gave a record", at)
		}
	}
	if _, err := r.ReadAt(j.Appended(), &h); err != io.EOF {
		t.Errorf("ReadAt(end) = %v", err)
	}
	mustClose(t, r)
	mustClose(t, j)
}

func TestMarks(t *testing.T) {
	o := small(t)
	o.MarkBlock = 100
	j := mustOpen(t, o)
	if j.RaiseMark(99, 1) || j.Mark(99) != 0 {
		t.Error("a key out of range is covered")
	}
	covered := false
	for range 5000 {
		if covered = j.RaiseMark(3, 10); covered {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if !covered {
		t.Fatal("the writer never extended the mark")
	}
	// Every number said to be covered must be at or below what the file says at that moment.
	for v := uint64(11); v < 2000; v++ {
		if j.RaiseMark(3, v) && markInFile(t, o.Dir, 3) < v {
			t.Fatalf("%d is called covered, the file says %d", v, markInFile(t, o.Dir, 3))
		}
	}
	mustClose(t, j)
	j = mustOpen(t, o)
	if got := j.Mark(3); got != 1999 {
		t.Errorf("after a clean close the mark is %d, want 1999", got)
	}
	if !j.RaiseMark(3, 2000) {
		t.Error("a known mark is not covered right after Open")
	}
	mustClose(t, j)
}

func markInFile(t *testing.T, dir string, key uint32) uint64 {
	t.Helper()
	content, err := cell.Read(filepath.Join(dir, "marks"))
	if err != nil {
		t.Fatal(err)
	}
	for ; len(content) >= markBytes; content = content[markBytes:] {
		if binary.LittleEndian.Uint32(content) == key {
			return binary.LittleEndian.Uint64(content[4:])
		}
	}
	return 0
}

// TestReserveBytesMax: it is accepted, and one byte more is not.
func TestReserveBytesMax(t *testing.T) {
	for _, o := range []Options{
		{SegmentBytes: 64 << 20, TailSegments: 8, MaxRecordBytes: 256 << 10},
		{SegmentBytes: 1 << 20, TailSegments: 4, MaxRecordBytes: 256 << 10},
		{SegmentBytes: 1 << 20, TailSegments: 64, MaxRecordBytes: 256 << 10},
		{SegmentBytes: 1 << 20, TailSegments: 5, MaxRecordBytes: 4096},
		{SegmentBytes: 16384, TailSegments: 7, MaxRecordBytes: 4096},
	} {
		o.Dir = "somewhere"
		o.ReserveBytes = o.ReserveBytesMax()
		if o.ReserveBytes <= 0 {
			t.Fatalf("%+v: no reserve", o)
		}
		if _, err := o.withDefaults(); err != nil {
			t.Error(err)
		}
		o.ReserveBytes++
		if _, err := o.withDefaults(); err == nil {
			t.Errorf("%d segments of %d: more than %d fits", o.TailSegments, o.SegmentBytes, o.ReserveBytes-1)
		}
	}
}
