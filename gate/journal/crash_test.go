package journal

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portcullis/gate/cell"
)

const childDir = "PORTCULLIS_JOURNAL_CHILD" // "dir|tail dir": run as the writer that will be killed

func TestMain(m *testing.M) {
	if dirs := os.Getenv(childDir); dirs != "" {
		childWriter(dirs)
		return
	}
	os.Exit(m.Run())
}

func childOptions(dir, tailDir string) Options {
	return Options{
		Dir: dir, TailDir: tailDir, SegmentBytes: 4 * pageBytes, TailSegments: 8, ReserveBytes: 4096,
		MaxRecordBytes: 2048, IntervalNs: 300_000, MarkKeys: 16, MarkBlock: 1000, Keys: wordKeys,
	}
}

// childWriter appends for ever and reports each number on stdout after its Commit.
func childWriter(dirs string) {
	dir, tailDir, _ := strings.Cut(dirs, "|")
	j, err := Open(childOptions(dir, tailDir))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var report [8]byte
	for n := uint64(j.Recovery().NextSeq); ; n++ {
		payload := payloadOf(n)
		b, ok := j.Reserve(len(payload))
		for !ok {
			time.Sleep(50 * time.Microsecond)
			b, ok = j.Reserve(len(payload))
		}
		copy(b, payload)
		h := header(n)
		j.Commit(&h, len(payload))
		binary.LittleEndian.PutUint64(report[:], n)
		if _, err := os.Stdout.Write(report[:]); err != nil {
			os.Exit(1)
		}
	}
}

// runChild lets a writer run in another process for a while, kills it, and returns the last number it reported
// (0: none) and the longest it may have been at.
func runChild(t *testing.T, dir, tailDir string, life time.Duration) (last uint64) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childDir+"="+dir+"|"+tailDir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(life, func() { _ = cmd.Process.Kill() })
	var b [8]byte
	for r := bufio.NewReader(out); ; {
		if _, err := io.ReadFull(r, b[:]); err != nil {
			break
		}
		last = binary.LittleEndian.Uint64(b[:])
	}
	_ = cmd.Wait() // killed
	if stderr.Len() > 0 {
		t.Fatalf("child: %s", stderr.String())
	}
	return last
}

// Whatever the moment of kill -9, also inside Open, every record whose Commit returned is there, and a follower in
// another process, which lives through it all, sees each record once.
func TestKillAnyMoment(t *testing.T) {
	t.Parallel()
	dir, tailDir := filepath.Join(t.TempDir(), "journal"), filepath.Join(shm(t), "tail")
	o := childOptions(dir, tailDir)
	mustClose(t, mustOpen(t, o))
	f := follow(t, dir, 0)
	defer mustClose(t, f)
	seen, last := uint64(0), uint64(0)
	for round := range 14 {
		life := time.Duration(rand.IntN(120)) * time.Millisecond
		result := make(chan error, 1)
		stop := make(chan struct{})
		go func() { result <- followUntil(f, &seen, stop) }()
		told := runChild(t, dir, tailDir, life)
		last = max(last, told)
		readSome, err := countRecords(dir) // as gate why does: on the journal of a dead gate
		if err != nil || readSome < last {
			t.Fatalf("round %d: dead gate's journal: %d records of %d, %v", round, readSome, last, err)
		}
		if round%3 == 2 { // every third time the journal is also opened and closed here
			j := mustOpen(t, o)
			r := j.Recovery()
			opened := told > 0 // on a busy machine a life may be over before that
			if opened && r.Clean || r.TornBytes != 0 || r.NextSeq <= last || r.OtherTail {
				t.Fatalf("round %d (%v): %+v, child reported %d", round, life, r, last)
			}
			last = r.NextSeq - 1
			mustClose(t, j)
		}
		close(stop)
		if err := <-result; err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if seen < last {
			t.Fatalf("round %d: the follower saw %d of %d records", round, seen, last)
		}
	}
	j := mustOpen(t, o)
	last = j.Recovery().NextSeq - 1
	mustClose(t, j)
	readAll(t, follow(t, dir, 0), last)
	t.Logf("%d records over all kills", last)
}

// followUntil reads on until stop is closed and all is read.
func followUntil(f *Follower, seen *uint64, stop chan struct{}) error {
	var h Header
	for stopping := false; ; {
		payload, _, err := f.Next(&h)
		switch {
		case err == io.EOF && stopping:
			return nil
		case err == io.EOF:
			select {
			case <-stop:
				stopping = true
			case <-time.After(200 * time.Microsecond):
			}
		case err != nil:
			return err
		case h.Seq != *seen+1 || !bytes.Equal(payload, payloadOf(h.Seq)):
			return fmt.Errorf("record %d: %+v %.30q", *seen+1, h, payload)
		default:
			*seen = h.Seq
		}
	}
}

func countRecords(dir string) (n uint64, err error) {
	f, err := Follow(dir, 0)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for {
		var h Header
		if _, _, err := f.Next(&h); err == io.EOF {
			return n, nil
		} else if err != nil {
			return n, err
		}
		n++
	}
}

// A killed process and then a dead machine: the tail is gone, the segments are what a power cut left. What was
// durable is there, marks are at or above every number used, and what was torn is cut off and reported.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	torn := false
	for round := range 12 {
		o := small(t)
		o.IntervalNs, o.sealEvery = 5_000_000, time.Hour // no index appears while the image is taken
		j := mustOpen(t, o)
		for n := uint64(1); n <= uint64(60+round*9); n++ {
			append1(t, j, n)
			j.RaiseMark(2, n)
		}
		time.Sleep(time.Duration(rand.IntN(6)) * time.Millisecond)
		durable := j.Durable()
		image := copyDir(t, o.Dir)
		tearUp(t, image, durable, o.SegmentBytes)
		last := j.seq - 1
		mustClose(t, j)

		o.Dir, o.TailDir = image, o.TailDir+"-after"
		j = mustOpen(t, o)
		r := j.Recovery()
		if r.Clean || !r.TailLost || r.End < durable || r.NextSeq > last+1 {
			t.Fatalf("durable %d of %d records: %+v", durable, last, r)
		}
		torn = torn || r.TornBytes > 0
		if mark := j.Mark(2); mark != 0 && mark < r.NextSeq-1 {
			t.Fatalf("mark %d, but number %d was used", mark, r.NextSeq-1)
		}
		mustClose(t, j)
		readAll(t, follow(t, image, 0), r.NextSeq-1) // nothing torn is left behind the end
		j = mustOpen(t, o)
		for n := r.NextSeq; n < r.NextSeq+40; n++ { // over the torn bytes, into the next segments
			append1(t, j, n)
		}
		mustClose(t, j)
		readAll(t, follow(t, image, 0), r.NextSeq+39)
	}
	if !torn {
		t.Error("no round tore a record: the test does not test")
	}
}

// copyDir copies a journal as it is and makes it forget its tail.
func copyDir(t *testing.T, dir string) string {
	t.Helper()
	image := filepath.Join(t.TempDir(), "image")
	if err := os.CopyFS(image, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	c, content, err := cell.Open(metaPath(image), metaBytesMax)
	if err != nil {
		t.Fatal(err)
	}
	m, err := parseMeta(image, content)
	if err != nil {
		t.Fatal(err)
	}
	m.TailDir = ""
	if err := c.Write(m.encode()); err != nil {
		t.Fatal(err)
	}
	return image
}

// tearUp does to bytes above durable what a power cut does: blocks that never reached the disk are zero.
func tearUp(t *testing.T, dir string, durable Position, segmentBytes int) {
	t.Helper()
	all, err := listSegments(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, segment := range all {
		raw, err := os.ReadFile(segmentPath(dir, segment))
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at < len(raw); at += 512 {
			if Position(segment*uint64(segmentBytes)+uint64(at)) >= durable && rand.IntN(3) == 0 {
				clear(raw[at : at+512])
			}
		}
		if err := os.WriteFile(segmentPath(dir, segment), raw, filePerm); err != nil {
			t.Fatal(err)
		}
	}
}

// An old tail that is not the last writer's must not be believed.
func TestForeignTailIsIgnored(t *testing.T) {
	t.Parallel()
	dir, tailDir := filepath.Join(t.TempDir(), "journal"), filepath.Join(shm(t), "tail")
	for life := 300 * time.Millisecond; runChild(t, dir, tailDir, life) == 0; life *= 2 { // the machine has other work
	}
	if err := os.RemoveAll(dir); err != nil { // the operator starts afresh, the tail of the killed gate stays
		t.Fatal(err)
	}
	o := childOptions(dir, tailDir)
	if _, err := Open(o); err == nil || !strings.Contains(err.Error(), "another journal") {
		t.Fatalf("an explicit tail directory with another's tail: %v", err)
	}
	o.TailDir, o.shm = "", filepath.Dir(tailDir)
	abs, err := makeDir(dir)
	if err == nil {
		err = os.Rename(tailDir, defaultTailDir(o.shm, abs))
	}
	if err != nil {
		t.Fatal(err)
	}
	j := mustOpen(t, o)
	if r := j.Recovery(); r.NextSeq != 1 || r.TailRecords != 0 {
		t.Fatalf("%+v", r)
	}
	append1(t, j, 1)
	readAll(t, follow(t, dir, 0), 1)
	mustClose(t, j)
}
