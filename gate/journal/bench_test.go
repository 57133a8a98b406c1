package journal

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// benchOptions are the defaults, on a disk and a tmpfs of the test's own.
func benchOptions(b *testing.B) Options {
	o := small(b)
	o.SegmentBytes, o.TailSegments, o.MaxRecordBytes, o.ReserveBytes, o.IntervalNs = 64<<20, 8, 0, 0, 0
	o.Keys = nil
	return o
}

// BenchmarkReserveCommit is what the engine pays for a record of 600 bytes of payload, the copy included, in
// bursts of 256 with a pause whenever the disk is behind. cpu-ns/op is the whole process: engine, writer, sealer.
func BenchmarkReserveCommit(b *testing.B) {
	j := mustOpen(b, benchOptions(b))
	payload := make([]byte, 600)
	h := header(1)
	b.ReportAllocs()
	before := cpuNs()
	for b.Loop() {
		buf, ok := j.Reserve(600)
		if !ok {
			b.StopTimer()
			for j.Space() != Ample {
				time.Sleep(time.Millisecond)
			}
			buf, _ = j.Reserve(600)
			b.StartTimer()
		}
		j.Commit(&h, copy(buf, payload))
	}
	b.ReportMetric(float64(cpuNs()-before)/float64(b.N), "cpu-ns/op")
	mustClose(b, j)
}

// BenchmarkCommit is Reserve, the copy of the payload and Commit alone, without writer, in a ring that fits the
// cache (what the instructions cost) and in one of the default size (what memory adds).
func BenchmarkCommit(b *testing.B) {
	payload := make([]byte, 1200)
	for _, segment := range []int{64 << 10, 64 << 20} {
		for _, size := range []int{300, 600, 1200} {
			b.Run(fmt.Sprintf("segment=%d/payload=%d", segment, size), func(b *testing.B) {
				t, err := heapTail(&meta{SegmentBytes: segment, ID: strings.Repeat("0", 32)}, 8)
				if err != nil {
					b.Fatal(err)
				}
				j := &Journal{
					tail: t, slot: t.slots[0], room: -1, seq: 1, limit: 1<<64 - 1,
					segmentBytes: segment, recordMax: segment / 4,
				}
				h := header(1)
				for b.Loop() {
					buf, _ := j.Reserve(size)
					j.Commit(&h, copy(buf, payload[:size]))
				}
			})
		}
	}
}

func cpuNs() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

// BenchmarkFollow is what a follower pays per record of 600 bytes of payload, from the segments (page cache).
func BenchmarkFollow(b *testing.B) {
	o := benchOptions(b)
	j := mustOpen(b, o)
	h := header(1)
	for range 100_000 {
		_, ok := j.Reserve(600)
		for !ok {
			runtime.Gosched()
			_, ok = j.Reserve(600)
		}
		j.Commit(&h, 600)
	}
	f, err := j.Follow(0)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(alignUp(HeaderBytes + 600)))
	b.ReportAllocs()
	for b.Loop() {
		_, _, err := f.Next(&h)
		if err == io.EOF {
			f.position, f.seq = 0, 1
		} else if err != nil {
			b.Fatal(err)
		}
	}
	mustClose(b, f)
	mustClose(b, j)
}

// BenchmarkDecode is the checksum and decoding alone.
func BenchmarkDecode(b *testing.B) {
	rec := make([]byte, alignUp(HeaderBytes+600))
	h := header(1)
	h.Version = FormatVersion
	encode(rec, &h, HeaderBytes+600, 0)
	storeLength(rec, HeaderBytes+600)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decode(&h, rec, 1<<20, 1<<16); err != nil {
			b.Fatal(err)
		}
	}
}
