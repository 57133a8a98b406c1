package gate

import (
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/config"
	"portcullis/gate/recovery"
)

const (
	restartRecords = 1_000_000
	restartBehind  = 200_000 // records behind the newest snapshot, at worst with the sample's shadow.records
)

// BenchmarkRestart is how long a gate with the sample's tables takes from nothing to the end of a journal of a
// million records: with a snapshot, which is what a shadow leaves, and without one.
func BenchmarkRestart(b *testing.B) {
	dir := b.TempDir()
	roomy := append([]string{config.SampleMain, "segment_bytes: 1_048_576\n  tail_segments: 4", "segment_bytes: 67_108_864\n  tail_segments: 4",
		config.SampleMain, "open_orders: 64\n    executions: 1024", "open_orders: 65536",
		config.SampleMain, "clordids: 1024", "clordids: 1_048_576"}, busy...)
	if tail, err := os.MkdirTemp("/dev/shm", "gate-restart-"); err == nil {
		b.Cleanup(func() { _ = os.RemoveAll(tail) })
		roomy = append(roomy, config.SampleMain, "tail: tail", "tail: "+tail)
	}
	g := openSample(b, dir, roomy...)
	f, begun := newTraffic(b, g), time.Now()
	kept := recovery.Dir(g.JournalDir())
	to := func(records uint64) {
		for seq := uint64(0); seq < records; seq = f.seq {
			f.order()
		}
	}
	to(restartRecords - restartBehind)
	s, _ := followed(b, g, kept)
	saving := time.Now()
	must(b, s.Save(kept))
	saved := time.Since(saving)
	to(restartRecords)
	cfg := g.cfg
	must(b, g.close())
	b.Logf("%d records made in %v, a snapshot written in %v", f.seq, time.Since(begun).Round(time.Second), saved.Round(time.Millisecond))
	restart := func(b *testing.B) {
		spent := time.Duration(0) // of processors: steadier than the clock on a machine with other work
		for b.Loop() {
			before := processors(b)
			g, err := Open(cfg, Options{Log: zerolog.Nop()})
			must(b, err)
			spent += processors(b) - before
			b.StopTimer()
			must(b, g.close())
			b.StartTimer()
		}
		b.ReportMetric(float64(spent.Milliseconds())/float64(b.N), "cpu-ms/op")
	}
	b.Run("snapshot", restart)
	must(b, os.RemoveAll(kept))
	b.Run("journal", restart)
}

// processors is the time that this process has had on them.
func processors(b *testing.B) time.Duration {
	var u syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
