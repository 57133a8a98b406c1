package engine

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"portcullis/gate/journal"
)

// TestHistogram: every duration lies in a bucket that is at most 1/32 wide, and quantiles round up.
func TestHistogram(t *testing.T) {
	for _, ns := range []int64{-5, 0, 1, 31, 32, 63, 64, 65, 1000, 20_000, 1_000_000, 1 << 38, 1<<63 - 1} {
		i := bucketOf(ns)
		end := bucketEnd(i)
		inRange := ns >= 0 && ns < 1<<38
		if inRange && (end < ns || end > ns+ns/32) || inRange && i > 0 && bucketEnd(i-1) >= ns {
			t.Errorf("%d ns in bucket %d, which ends at %d", ns, i, end)
		}
	}
	var l latency
	for ns := int64(1); ns <= 1000; ns++ {
		l.record(ns)
	}
	h := l.snapshot()
	for q, want := range map[float64]int64{0: 1, 0.5: 500, 0.99: 990, 1: 1000} {
		if got := h.Quantile(q); got < want || got > want+want/32 {
			t.Errorf("quantile %v is %d, want %d", q, got, want)
		}
	}
	l.record(1 << 20)
	later := l.snapshot()
	if d := later.Minus(&h); d.Count() != 1 || d.Quantile(0.5) < 1<<20 {
		t.Errorf("%d recorded since, %d ns", d.Count(), d.Quantile(0.5))
	}
	if (&Histogram{}).Quantile(0.5) != 0 {
		t.Error("an empty histogram has a median")
	}
}

// TestCounterNames: each counter has a name, none the same.
func TestCounterNames(t *testing.T) {
	names := map[string]bool{}
	for c := Counter(0); c < counterCount; c++ {
		if names[c.String()] || c.String() == "" {
			t.Errorf("counter %d is called %q", c, c)
		}
		names[c.String()] = true
	}
}

// TestSendBufferEqualsModel: whatever is pushed, taken and popped, the buffer is the same as a slice of messages.
func TestSendBufferEqualsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const size = 1 << 10
		s := newSendBuffer(size)
		type entry struct {
			bytes    []byte
			position uint64
		}
		var model []entry
		taken := 0 // bytes of model[0] that are gone
		unsent := func() (n int) {
			for _, m := range model {
				n += len(m.bytes)
			}
			return n - taken
		}
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				m := entry{rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(t, "m"), rapid.Uint64Range(0, 9).Draw(t, "at")}
				want := unsent()+len(m.bytes) <= size && len(model) < len(s.messages)
				tail := outgoing{seq: uint64(len(m.bytes)), position: journal.Position(m.position)}
				if got := s.push(m.bytes, tail); got != want {
					t.Fatalf("push of %d with %d unsent: %v", len(m.bytes), unsent(), got)
				}
				if want {
					model = append(model, m)
				}
			},
			"take": func(t *rapid.T) {
				n := rapid.IntRange(0, unsent()).Draw(t, "n")
				s.took(n)
				taken += n
				for {
					_, popped := s.pop()
					if want := len(model) > 0 && taken >= len(model[0].bytes); popped != want {
						t.Fatalf("pop is %v", popped)
					}
					if !popped {
						break
					}
					taken -= len(model[0].bytes)
					model = model[1:]
				}
			},
			"": func(t *rapid.T) {
				if s.unsent() != unsent() || s.count != len(model) || s.begun() != min(taken, 1) {
					t.Fatalf("unsent %d, count %d, begun %d; want %d, %d, %d", s.unsent(), s.count, s.begun(),
						unsent(), len(model), taken)
				}
				durable, sendable := uint64(5), -taken
				for i, m := range model {
					rest := m.bytes
					if i == 0 {
						rest = rest[taken:]
					}
					if !bytes.Equal(s.message(i), rest) || s.at(i).seq != uint64(len(m.bytes)) {
						t.Fatalf("message %d is %x, want %x", i, s.message(i), rest)
					}
					if durable > 0 && m.position <= durable {
						sendable += len(m.bytes)
					} else {
						durable = 0
					}
				}
				if got := s.sendable(5); got != max(sendable, 0) {
					t.Fatalf("%d sendable, want %d", got, sendable)
				}
			},
		})
	})
}
