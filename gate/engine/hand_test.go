package engine

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"portcullis/gate/core"
)

// memorySockets are connections in memory: what the peers have sent, and what they were sent.
type memorySockets struct {
	in, out [64]string
	ready   []Ready
	dropped []int
	slept   bool // the last wait could block
}

func (s *memorySockets) Prepare(int, int, bool) error { return nil }
func (s *memorySockets) Add(int, uint32) error        { return nil }
func (s *memorySockets) Remove(int)                   {}
func (s *memorySockets) Ready(i int) Ready            { return s.ready[i] }
func (s *memorySockets) Linger(fd int)                { s.Drop(fd) }
func (s *memorySockets) Drop(fd int)                  { s.dropped = append(s.dropped, fd) }
func (s *memorySockets) Room(int) bool                { return true }
func (s *memorySockets) Close() error                 { return nil }

func (s *memorySockets) Wait(nowNs, untilNs int64) int {
	s.slept = untilNs > nowNs
	return len(s.ready)
}

func (s *memorySockets) Read(fd int, b []byte) (int, unix.Errno) {
	if s.in[fd] == "" {
		return 0, unix.EAGAIN
	}
	n := copy(b, s.in[fd])
	s.in[fd] = s.in[fd][n:]
	return n, 0
}

func (s *memorySockets) Write(fd int, b []byte) (int, unix.Errno) {
	s.out[fd] += string(b)
	return len(b), 0
}

// TestByHand: with sockets in memory, cycles by hand pass an order on, answer a command, read back for a resend and
// end, without any thread.
func TestByHand(t *testing.T) {
	s := &memorySockets{}
	r := newRigWith(t, 1, s, nil)
	h := ByHand(r.Engine)
	if err := h.Begin(Start{}); err != nil {
		t.Fatal(err)
	}
	for l := range 2 {
		if !r.Claim(uint32(l)) {
			t.Fatal("taken")
		}
		if _, err := r.Handover(Conn{FD: l, Link: uint32(l)}); err != nil {
			t.Fatal(err)
		}
	}
	h.Cycle()
	s.in[1] = message("D", "order")
	s.ready = []Ready{{Token: 1, Readable: true}}
	h.Cycle()
	h.Cycle()
	if !strings.Contains(s.out[0], "58=order") {
		t.Errorf("the venue got %q", s.out[0])
	}
	reply, err := h.Give(core.Command{Kind: core.CmdRoll})
	if err != nil {
		t.Fatal(err)
	}
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind == core.Message {
			d.Resend = core.Range{From: 3, To: 3}
		}
	}
	s.in[1] = message("D", "again")
	for range 3 {
		h.Cycle()
	}
	select {
	case <-reply:
	default:
		t.Error("no reply")
	}
	if !strings.Contains(s.out[1], "again 3 3 stored 3") {
		t.Errorf("the participant got %q", s.out[1])
	}
	h.End()
	if len(s.dropped) != 2 {
		t.Errorf("dropped %v", s.dropped)
	}
}

// TestAwake: after input the thread looks for more without a sleep, for as long as it is told and no longer.
func TestAwake(t *testing.T) {
	s := &memorySockets{}
	r := newRigWith(t, 1, s, func(c *Config) { c.AwakeNs = int64(time.Hour) })
	h := ByHand(r.Engine)
	if err := h.Begin(Start{}); err != nil {
		t.Fatal(err)
	}
	h.Cycle()
	if !r.Claim(1) {
		t.Fatal("taken")
	}
	if _, err := r.Handover(Conn{FD: 1, Link: 1}); err != nil {
		t.Fatal(err)
	}
	if h.Cycle(); !s.slept {
		t.Error("no sleep before any input")
	}
	s.in[1], s.ready = message("D", "order"), []Ready{{Token: 1, Readable: true}}
	h.Cycle()
	s.ready = nil
	h.Cycle()
	if h.Cycle(); s.slept {
		t.Error("a sleep right after input")
	}
	r.inputNs -= int64(time.Hour)
	if h.Cycle(); !s.slept {
		t.Error("no sleep an hour after the input")
	}
	h.End()
}

// TestQuietLink: who sends little has its turn before a crowd of floods, once in each of their rounds.
func TestQuietLink(t *testing.T) {
	const crowd, each = 40, 20
	s := &memorySockets{}
	r := newRigWith(t, crowd+1, s, nil)
	h := ByHand(r.Engine)
	if err := h.Begin(Start{}); err != nil {
		t.Fatal(err)
	}
	for l := 1; l <= crowd+1; l++ {
		if !r.Claim(uint32(l)) {
			t.Fatal("taken")
		}
		if _, err := r.Handover(Conn{FD: l, Link: uint32(l)}); err != nil {
			t.Fatal(err)
		}
	}
	h.Cycle()
	for l := 1; l <= crowd; l++ {
		s.in[l] = strings.Repeat(message("F", "flood"), each)
		s.ready = append(s.ready, Ready{Token: uint32(l), Readable: true})
	}
	h.Cycle()
	for range 2 * crowd / cycleMessagesMax {
		h.Cycle()
	}
	taken := func() int { return len(r.core.all(core.Message)) }
	before := func() (floods int) { // what is taken from now on, before a message of the quiet link
		begun := taken()
		s.in[crowd+1], s.ready = message("F", "quiet"), []Ready{{Token: crowd + 1, Readable: true}}
		for range 2 * crowd {
			h.Cycle()
			s.ready = nil
			for i, e := range r.core.all(core.Message)[begun:] {
				if e.link == crowd+1 {
					return i
				}
			}
		}
		t.Fatal("the quiet link had no turn")
		return 0
	}
	if n := before(); n > cycleMessagesMax { // those of the cycle at whose end it was seen
		t.Errorf("a quiet link waited for %d messages of others, want %d", n, cycleMessagesMax)
	}
	if n := before(); n < crowd-cycleMessagesMax || n > crowd+cycleMessagesMax {
		t.Errorf("at once again it waited for %d messages of others, want about those of a round, %d", n, crowd)
	}
	h.End()
}
