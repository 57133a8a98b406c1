package clocksync

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func newClock(t testing.TB) *Clock {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func kernelMonoNs(t testing.TB) int64 {
	t.Helper()
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		t.Fatal(err)
	}
	return ts.Nano()
}

func TestClockIsHonest(t *testing.T) {
	s := newClock(t).Now()
	if s.State != Unsynchronised || s.BoundNs != BoundUnknown {
		t.Errorf("plain system clock claims %v, bound %d ns", s.State, s.BoundNs)
	}
}

// The stamp lies between two readings of the kernel's own clocks, whatever the load of the host.
func TestClockReadsTheKernelsClocks(t *testing.T) {
	c := newClock(t)
	for range 1000 {
		before := kernelMonoNs(t)
		s := c.Now()
		after := kernelMonoNs(t)
		if s.MonoNs < before-c.skewNs || s.MonoNs > after+c.skewNs {
			t.Fatalf("MonoNs %d not in %d..%d ± %d", s.MonoNs, before, after, c.skewNs)
		}
	}
	if utc := c.Now().Time(); utc.Year() < 2020 || utc.Location() != time.UTC {
		t.Errorf("UTC %v", utc)
	}
}

func TestMonotonicNeverGoesBack(t *testing.T) {
	c := newClock(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			last := c.Now().MonoNs
			for range 20_000 {
				now := c.Now().MonoNs
				if now < last {
					t.Errorf("%d after %d", now, last)
					return
				}
				last = now
			}
		})
	}
	wg.Wait()
}

// Another process of this boot has the same boot id and a MonoNs that lies between two of ours.
func TestMonotonicIsComparableAcrossProcesses(t *testing.T) {
	const env = "CLOCKSYNC_TEST_CHILD"
	c := newClock(t)
	if os.Getenv(env) != "" {
		fmt.Printf("child %x %d %d\n", c.BootID(), c.Now().MonoNs, c.skewNs)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestMonotonicIsComparableAcrossProcesses$")
	cmd.Env = append(os.Environ(), env+"=1")
	before := c.Now().MonoNs
	out, err := cmd.Output()
	after := c.Now().MonoNs
	if err != nil {
		t.Fatal(err)
	}
	var boot string
	var mono, skew int64
	if _, err := fmt.Sscanf(string(out), "child %s %d %d", &boot, &mono, &skew); err != nil {
		t.Fatalf("child said %q: %v", out, err)
	}
	if boot != fmt.Sprintf("%x", c.BootID()) {
		t.Errorf("boot id %s, ours is %x", boot, c.BootID())
	}
	skew += c.skewNs
	if mono < before-skew || mono > after+skew {
		t.Errorf("child's MonoNs %d not in %d..%d ± %d", mono, before, after, skew)
	}
}

func TestNowDoesNotAllocate(t *testing.T) {
	c := newClock(t)
	var sum int64
	if n := testing.AllocsPerRun(100, func() { sum += c.Now().MonoNs }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestParseBootID(t *testing.T) {
	good := "01234567-89ab-cdef-0123-456789abcdef\n"
	id, err := parseBootID(good)
	if err != nil || fmt.Sprintf("%x", id) != "0123456789abcdef0123456789abcdef" {
		t.Errorf("%x, %v", id, err)
	}
	for _, bad := range []string{"", "\n", good[:35], good[:35] + "g", "00000000-0000-0000-0000-000000000000",
		strings.Repeat("a", 1000)} {
		if _, err := parseBootID(bad); err == nil {
			t.Errorf("%.40q passes", bad)
		}
	}
}

func FuzzParseBootID(f *testing.F) {
	f.Add("01234567-89ab-cdef-0123-456789abcdef\n")
	f.Fuzz(func(t *testing.T, text string) {
		if id, err := parseBootID(text); (err == nil) == (id == [16]byte{}) {
			t.Errorf("%x, %v", id, err)
		}
	})
}

func TestInterval(t *testing.T) {
	const all = math.MaxInt64
	for _, c := range []struct {
		name             string
		stamp            Stamp
		earliest, latest int64
	}{
		{"zero stamp", Stamp{}, math.MinInt64, all},
		{"unknown with a bound", Stamp{UTCNs: 100, BoundNs: 5}, math.MinInt64, all},
		{"unsynchronised with a bound", Stamp{UTCNs: 100, BoundNs: 5, State: Unsynchronised}, math.MinInt64, all},
		{"locked without a bound", Stamp{UTCNs: 100, BoundNs: BoundUnknown, State: Locked}, math.MinInt64, all},
		{"locked", Stamp{UTCNs: 100, BoundNs: 5, State: Locked}, 95, 105},
		{"holdover", Stamp{UTCNs: 100, BoundNs: 70, State: Holdover}, 30, 170},
		{"end of time", Stamp{UTCNs: all - 2, BoundNs: 5, State: Locked}, all - 7, all},
		{"start of time", Stamp{UTCNs: math.MinInt64 + 2, BoundNs: 5, State: Locked}, math.MinInt64, math.MinInt64 + 7},
	} {
		if e, l := c.stamp.Interval(); e != c.earliest || l != c.latest {
			t.Errorf("%s: %d..%d, want %d..%d", c.name, e, l, c.earliest, c.latest)
		}
	}
}

func TestStatesAreOrderedByTrust(t *testing.T) {
	var zero Stamp
	if zero.State != Unknown || !(Unknown < Unsynchronised && Unsynchronised < Holdover && Holdover < Locked) {
		t.Error("the zero value must be the least trusted")
	}
	got := fmt.Sprint(Unknown, Unsynchronised, Holdover, Locked, State(200))
	if want := "unknown unsynchronised holdover locked unknown"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestManual(t *testing.T) {
	var source Source = NewManual(1_000)
	m := source.(*Manual)
	start := m.Now()
	if m.Now() != start {
		t.Error("it moved by itself")
	}
	m.Advance(7)
	m.Advance(-3)
	if s := m.Now(); s.UTCNs != 1_007 || s.MonoNs != start.MonoNs+7 {
		t.Errorf("after Advance: %+v", s)
	}
	m.StepUTC(-500) // a wall step: durations must not see it
	if s := m.Now(); s.UTCNs != 507 || s.MonoNs != start.MonoNs+7 {
		t.Errorf("after StepUTC: %+v", s)
	}
	m.Discipline(Locked, 40*time.Microsecond)
	if e, l := m.Now().Interval(); e != 507-40_000 || l != 507+40_000 {
		t.Errorf("after Discipline: %d..%d", e, l)
	}
	for _, bound := range []time.Duration{-1, time.Hour, math.MaxUint32} {
		if m.Discipline(Locked, bound); m.Now().BoundNs != BoundUnknown {
			t.Errorf("bound %v passes as %d", bound, m.Now().BoundNs)
		}
	}
	boot := m.BootID()
	m.Reboot()
	if s := m.Now(); m.BootID() == boot || s.MonoNs != start.MonoNs || s.UTCNs != 507 {
		t.Errorf("after Reboot: %+v", s)
	}
}

func BenchmarkNow(b *testing.B) {
	c := newClock(b)
	b.ReportAllocs()
	for b.Loop() {
		_ = c.Now()
	}
}

func ExampleManual() {
	clock := NewManual(0)
	deadlineNs := clock.Now().MonoNs + int64(30*time.Second)
	clock.StepUTC(-time.Hour) // someone sets the clock back
	clock.Advance(31 * time.Second)
	fmt.Println(clock.Now().MonoNs >= deadlineNs)
	// Output: true
}
