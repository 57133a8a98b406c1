package journal

import (
	"fmt"
	"os"
	"testing"
	"time"
)

// BenchmarkLoad is what the whole journal costs the machine: one goroutine appends records of 2200 bytes of
// payload, each with two keys, at a given rate or as fast as the disk takes them, until all is durable. cpu-ns/rec
// is all of the process (engine's part, writer, sealer) without what the loop costs when it appends nothing,
// engine-ns/rec the engine's share of it. Run it with -benchtime 1x.
func BenchmarkLoad(b *testing.B) {
	for _, rate := range []int{15_000, 20_000, 0} {
		b.Run(fmt.Sprintf("rate=%d", rate), func(b *testing.B) {
			o := benchOptions(b)
			if dir := os.Getenv("JOURNAL_BENCH_DIR"); dir != "" { // to measure on a certain disk
				o.Dir = dir + "/" + b.Name()
				b.Cleanup(func() { _ = os.RemoveAll(dir + "/" + b.Name()) })
			}
			o.IntervalNs = 50_000_000
			o.Keys = func(h *Header, _ []byte, add func(uint64)) { add(h.Seq * 3); add(h.Seq*5 + 1) }
			j := mustOpen(b, o)
			before := cpuNs()
			idleLoop(time.Second)
			idle := float64(cpuNs()-before) / 1e9
			before, wall := cpuNs(), time.Now()
			records, busy := load(j, rate, 3*time.Second)
			for j.Durable() != j.Appended() {
				time.Sleep(time.Millisecond)
			}
			cpu := float64(cpuNs() - before)
			if rate > 0 {
				cpu -= idle * float64(time.Since(wall).Nanoseconds())
			}
			b.ReportMetric(cpu/float64(records), "cpu-ns/rec")
			b.ReportMetric(float64(busy.Nanoseconds())/float64(records), "engine-ns/rec")
			b.ReportMetric(float64(records)/time.Since(wall).Seconds(), "rec/s")
			b.ReportMetric(cpu/float64(time.Since(wall).Nanoseconds()), "cores")
			b.ReportMetric(0, "ns/op")
			mustClose(b, j)
		})
	}
}

// load appends at rate (0: as fast as there is room) for d, in bursts of a millisecond.
func load(j *Journal, rate int, d time.Duration) (records int, busy time.Duration) {
	payload := make([]byte, 2200)
	h := header(1)
	start := time.Now()
	for now := start; now.Sub(start) < d; now = time.Now() {
		want := records + 256
		if rate > 0 {
			want = int(now.Sub(start).Seconds() * float64(rate))
		}
		for records < want && j.Space() == Ample {
			buf, ok := j.Reserve(len(payload))
			if !ok {
				break
			}
			j.Commit(&h, copy(buf, payload))
			records++
		}
		busy += time.Since(now)
		if rate > 0 || j.Space() != Ample {
			time.Sleep(time.Millisecond)
		}
	}
	return records, busy
}

// idleLoop is load without appending.
func idleLoop(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
		time.Sleep(time.Millisecond)
	}
}
