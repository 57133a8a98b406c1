package engine

import (
	"io"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"portcullis/gate/core"
)

// byHand makes an engine whose cycles the test turns itself, with a venue and a participant connected.
func byHand(t testing.TB) (r *rig, venue, client io.ReadWriter) {
	r = newRig(t, 1, func(c *Config) { c.Spin = true })
	r.core.quiet = true
	if !r.begin(Start{}) {
		t.Fatal("no start")
	}
	ends := make([]io.ReadWriter, 2)
	for l := range ends {
		near, fd := pair(t)
		if !r.Claim(uint32(l)) {
			t.Fatal("taken")
		}
		if _, err := r.Handover(Conn{FD: fd, Link: uint32(l)}); err != nil {
			t.Fatal(err)
		}
		ends[l] = near
	}
	r.cycle()
	t.Cleanup(r.release)
	return r, ends[0], ends[1]
}

// turn cycles until the counter has reached n.
func (r *rig) turn(c Counter, n uint64) {
	for r.counters.now[c] < n {
		r.cycle()
	}
}

// TestSteadyStateAllocatesNothing turns cycles by hand: orders, cancels and reports, one by one and in batches, timers
// and blocked flushes.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	r, venue, client := byHand(t)
	order, cancel := []byte(message("D", "order")), []byte(message("F", "cancel"))
	report, batch := []byte(message("8", "report")), []byte(strings.Repeat(message("D", "batch"), 64))
	scratch := make([]byte, 1<<16)
	allocs := testing.AllocsPerRun(200, func() {
		for _, m := range [][]byte{order, cancel, batch} {
			n := r.counters.now[MessagesOut] + uint64(1+63*(len(m)/len(batch)))
			client.Write(m)
			r.turn(MessagesOut, n)
			venue.Read(scratch)
		}
		venue.Write(report)
		r.turn(MessagesOut, r.counters.now[MessagesOut]+1)
		client.Read(scratch)
		r.core.dueNs.Store(0)
		r.cycle()
		r.core.dueNs.Store(never)
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
	if n := r.counters.now[Ticks]; n == 0 {
		t.Error("no timer ran")
	}
}

// TestStampsAreShared: a message costs one reading of the clock, and one more for each read and each write.
func TestStampsAreShared(t *testing.T) {
	r, _, client := byHand(t)
	clock := &countingClock{Source: r.clock}
	r.clock = clock
	batch := strings.Repeat(message("D", "x"), 100)
	io.WriteString(client, batch)
	before := r.counters.now
	r.turn(MessagesOut, 100)
	limit := uint64(100)
	for _, c := range []Counter{Reads, Writes, Cycles} {
		limit += r.counters.now[c] - before[c]
	}
	if clock.count > limit {
		t.Errorf("%d readings for 100 messages, %d allowed", clock.count, limit)
	}
}

// BenchmarkLoop is the whole way of an order through the loop with a core that only relays: read, frame, decide,
// append, copy, write, over loopback sockets, in batches of 64 or one by one. The peers' own system calls are in it.
func BenchmarkLoop(b *testing.B) {
	for _, c := range []struct {
		name  string
		count int
	}{{"batch=64", 64}, {"one", 1}} {
		b.Run(c.name, func(b *testing.B) {
			r, venue, client := byHand(b)
			batch := []byte(strings.Repeat(message("D", strings.Repeat("x", 100)), c.count))
			scratch := make([]byte, 1<<16)
			b.ReportAllocs()
			for sent := uint64(0); b.Loop(); {
				client.Write(batch)
				sent += uint64(c.count)
				r.turn(MessagesOut, sent)
				for n := 0; n < len(batch); {
					m, _ := venue.Read(scratch)
					n += m
				}
			}
			perMessage := float64(b.Elapsed().Nanoseconds()) / float64(b.N*c.count)
			b.ReportMetric(perMessage, "ns/message")
			s := r.Snapshot()
			b.ReportMetric(float64(s.Decision.Quantile(0.5)), "ns/decision-p50")
			b.ReportMetric(float64(s.Gate.Quantile(0.5)), "ns/gate-p50")
		})
	}
}

// BenchmarkStep is the gate's frame around a decision: stamp, Decide, append, Apply and copy of a core that relays.
func BenchmarkStep(b *testing.B) {
	r, _, _ := byHand(b)
	data := []byte(message("D", strings.Repeat("x", 100)))
	b.ReportAllocs()
	for b.Loop() {
		r.event(core.Message, 1)
		r.ev.Data = data
		r.handle()
		r.conns[0].out.reset()
	}
	runtime.KeepAlive(data)
}

// BenchmarkPingPong has one order in flight: client, engine thread and venue take turns and sleep in between.
func BenchmarkPingPong(b *testing.B) {
	for _, spin := range []bool{false, true} {
		b.Run(map[bool]string{false: "wait", true: "spin"}[spin], func(b *testing.B) {
			r := newRig(b, 1, func(c *Config) { c.Spin = spin })
			r.core.quiet = true
			r.run(b)
			venue, client := r.connect(b, 0, ""), r.connect(b, 1, "")
			order := []byte(message("D", strings.Repeat("x", 100)))
			scratch := make([]byte, 1<<16)
			for b.Loop() {
				client.Write(order)
				venue.Read(scratch)
			}
			s := r.Snapshot()
			b.ReportMetric(float64(s.Decision.Quantile(0.5)), "ns/decision-p50")
			b.ReportMetric(float64(s.Gate.Quantile(0.5)), "ns/gate-p50")
			b.ReportMetric(float64(s.Gate.Quantile(0.99)), "ns/gate-p99")
		})
	}
}

// BenchmarkWait finds something at once, by a raw system call and by one that the scheduler is told of.
func BenchmarkWait(b *testing.B) {
	for _, c := range []struct {
		name      string
		timeoutNs int64
	}{{"poll", 0}, {"wait", sleepNsMax}} {
		b.Run(c.name, func(b *testing.B) {
			p, err := NewPoller()
			if err != nil {
				b.Fatal(err)
			}
			defer p.Close()
			fd, err := unix.Eventfd(0, unix.EFD_NONBLOCK)
			if err != nil {
				b.Fatal(err)
			}
			defer unix.Close(fd)
			if err := p.Add(fd, 1); err != nil {
				b.Fatal(err)
			}
			one := []byte{1, 0, 0, 0, 0, 0, 0, 0}
			for b.Loop() {
				unix.Write(fd, one)
				if p.Wait(1, 1+c.timeoutNs) == 0 {
					b.Fatal("not ready")
				}
			}
		})
	}
}
