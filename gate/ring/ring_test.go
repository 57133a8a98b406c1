package ring

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"runtime"
	"testing"

	"pgregory.net/rapid"
)

// The model is a plain slice of messages; every call must answer as the model does.
func TestRingEqualsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		slotBytes := rapid.IntRange(1, 70).Draw(t, "slotBytes")
		slotCount := 1 << rapid.IntRange(0, 4).Draw(t, "slots")
		r, err := Heap(slotBytes, slotCount)
		if err != nil {
			t.Fatal(err)
		}
		var model [][]byte
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				b := rapid.SliceOfN(rapid.Byte(), 0, slotBytes+3).Draw(t, "bytes")
				want := len(model) < slotCount && len(b) <= slotBytes
				if got := r.Push(b); got != want {
					t.Fatalf("Push(%d bytes) = %v with %d waiting of %d", len(b), got, len(model), slotCount)
				}
				if want {
					model = append(model, b)
				}
			},
			"peek": func(t *rapid.T) {
				got, ok := r.Peek()
				if ok != (len(model) > 0) {
					t.Fatalf("Peek = %v with %d waiting", ok, len(model))
				}
				if ok && !bytes.Equal(got, model[0]) {
					t.Fatalf("Peek = %x, want %x", got, model[0])
				}
			},
			"release": func(t *rapid.T) {
				if _, ok := r.Peek(); ok {
					model = model[1:]
				}
				r.Release()
			},
			"": func(t *rapid.T) {
				if r.Len() != len(model) {
					t.Fatalf("Len = %d, want %d", r.Len(), len(model))
				}
			},
		})
	})
}

// A second Release without a Peek must not hand out a slot that was never pushed.
func TestReleaseOfAnEmptyRingDoesNothing(t *testing.T) {
	r, _ := Heap(8, 2)
	r.Release()
	r.Push([]byte("a"))
	r.Peek()
	r.Release()
	r.Release()
	if r.Len() != 0 || !r.Push([]byte("b")) || r.Len() != 1 {
		t.Fatalf("ring is off: %d waiting", r.Len())
	}
}

func TestTwoThreads(t *testing.T) {
	r, _ := Heap(64, 8)
	const count = 200_000
	go func() {
		var b [64]byte
		for i := uint64(0); i < count; {
			binary.LittleEndian.PutUint64(b[:], i)
			if r.Push(b[:8+i%56]) {
				i++
			} else {
				runtime.Gosched()
			}
		}
	}()
	for want := uint64(0); want < count; {
		b, ok := r.Peek()
		if !ok {
			runtime.Gosched()
			continue
		}
		if got := binary.LittleEndian.Uint64(b); got != want || uint64(len(b)) != 8+want%56 {
			t.Fatalf("message %d has number %d and %d bytes", want, got, len(b))
		}
		r.Release()
		want++
	}
}

func TestAttachContinues(t *testing.T) {
	mem := make([]byte, Bytes(100, 4))
	producer, err := New(mem, 100)
	if err != nil {
		t.Fatal(err)
	}
	attach := func() *Ring {
		r, err := Attach(mem)
		if err != nil || r.SlotCount() != 4 || r.SlotBytes() != 100 {
			t.Fatal(r, err)
		}
		return r
	}
	for _, s := range []string{"one", "two", "three"} {
		producer.Push([]byte(s))
	}
	consumer := attach()
	if b, ok := consumer.Peek(); !ok || string(b) != "one" {
		t.Fatalf("Peek = %q %v", b, ok)
	}
	consumer.Release()
	consumer = attach() // another goes on
	for _, want := range []string{"two", "three", "four"} {
		producer.Push([]byte("four"))
		if b, ok := consumer.Peek(); !ok || string(b) != want {
			t.Fatalf("Peek = %q %v, want %q", b, ok, want)
		}
		consumer.Release()
	}
}

func TestRefusals(t *testing.T) {
	mem := make([]byte, Bytes(100, 4))
	if _, err := New(mem, 100); err != nil {
		t.Fatal(err)
	}
	if _, err := Attach(mem[:len(mem)-8]); !errors.Is(err, ErrDamaged) {
		t.Errorf("other size: %v", err)
	}
	mem[3] ^= 1
	if _, err := Attach(mem); !errors.Is(err, ErrDamaged) {
		t.Errorf("flipped magic: %v", err)
	}
	if _, err := New(make([]byte, HeaderBytes+8), 100); err == nil {
		t.Error("a ring without room for one slot was made")
	}
	if _, err := Heap(100, 3); err == nil {
		t.Error("three slots were accepted")
	}
	if _, err := Attach(nil); err == nil {
		t.Error("attached to nothing")
	}
}

// What the other process damages while we run must end in full, empty or a counted skip.
func TestDamageWhileRunning(t *testing.T) {
	r, _ := Heap(16, 4)
	r.Push([]byte("bad"))
	r.Push([]byte("good"))
	binary.LittleEndian.PutUint32(r.slots, 1<<31)
	if b, ok := r.Peek(); !ok || string(b) != "good" || r.Damaged() != 1 {
		t.Fatalf("Peek = %q %v, %d damaged", b, ok, r.Damaged())
	}
	r.Release()
	r.pushed.Store(1 << 60)
	if _, ok := r.Peek(); ok {
		t.Error("read past a damaged index")
	}
	r.producer.seen = r.producer.next - 4
	r.released.Store(1 << 61)
	if r.Push([]byte("x")) {
		t.Error("pushed against a damaged index")
	}
}

func FuzzAttach(f *testing.F) {
	mem := make([]byte, Bytes(16, 4))
	format(mem, 16, 4)
	f.Add(mem)
	f.Add(mem[:HeaderBytes])
	mem[pushedOffset] = 200
	f.Add(mem)
	f.Fuzz(func(t *testing.T, raw []byte) {
		mem := append(make([]byte, 0, len(raw)+64), raw...) // the allocator aligns it
		r, err := Attach(mem)
		if err != nil {
			return
		}
		for range 2 * r.SlotCount() {
			if b, ok := r.Peek(); ok && len(b) > r.SlotBytes() {
				t.Fatalf("a slot of %d bytes", len(b))
			}
			r.Release()
			r.Push([]byte{1})
		}
	})
}

func TestNoAllocation(t *testing.T) {
	r, _ := Heap(256, 16)
	b := make([]byte, 200)
	if n := testing.AllocsPerRun(1000, func() { r.Push(b); r.Peek(); r.Release() }); n != 0 {
		t.Errorf("%v allocations per message", n)
	}
}

func BenchmarkPushPeekRelease(b *testing.B) {
	r, _ := Heap(256, 1024)
	msg := make([]byte, 200)
	b.ReportAllocs()
	for b.Loop() {
		r.Push(msg)
		r.Peek()
		r.Release()
	}
}

func Example() {
	r, _ := Heap(64, 8)
	r.Push([]byte("revive K1"))
	if b, ok := r.Peek(); ok {
		os.Stdout.Write(append(b, '\n'))
		r.Release()
	}
	// Output: revive K1
}
