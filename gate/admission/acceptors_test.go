package admission

import (
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// toward is a dialer of a venue.
func toward(v Venue) *dialer {
	d := &dialer{}
	d.venue.Store(&v)
	return d
}

// TestDoorsReplaced: another list is in force from its commit on, whatever connections there are: a link more, a
// password that changed, a link that is gone, an address more and one less. What was not committed changes nothing.
func TestDoorsReplaced(t *testing.T) {
	const anyOther = "localhost:0"
	r := start(t, nil)
	before := r.Addr(anyPort)
	admitted := r.connect(t)
	io.WriteString(admitted, logon("right"))
	until(t, "handed over", func() bool { return len(r.engine.all()) == 1 })

	acme := r.cfg.Participants[0]
	acme.Verify = func(_, password []byte) bool { return string(password) == "new" }
	added := Participant{Link: 3, Name: "ADDED", Listen: anyOther, BeginString: "FIX.4.4", SenderCompID: "GATE", TargetCompID: "ADDED",
		Allowed: func(netip.Addr) bool { return true }}
	if _, err := r.Prepare([]Participant{acme, added, {Name: "BAD", Listen: before.String()}}, nil); err == nil ||
		!strings.Contains(err.Error(), "link BAD") || r.Addr(anyOther) != nil {
		t.Fatal(err)
	}
	for _, commit := range []bool{false, true} {
		next, err := r.Prepare([]Participant{acme, added}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if commit {
			next.Commit()
		} else {
			next.Abandon()
		}
		if r.Addr(anyPort) != before || (r.Addr(anyOther) != nil) != commit {
			t.Fatal("commit ", commit, ": listens on ", r.Addr(anyPort), r.Addr(anyOther))
		}
	}
	c, err := net.Dial("tcp", r.Addr(anyOther).String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, whole("FIX.4.4", "35=A|34=1|49=ADDED|56=GATE|98=0|108=30|"))
	until(t, "the added link is handed over", func() bool { return len(r.engine.all()) == 2 })
	for _, compID := range []string{"ELSEWHERE", "ADDED"} { // the one was taken out, the other listens elsewhere
		stranger := r.connect(t)
		io.WriteString(stranger, whole("FIX.4.4", "35=A|34=1|49="+compID+"|56=GATE|"))
		if got := answer(t, stranger); got != "" || len(r.engine.all()) != 2 {
			t.Errorf("%s: %q, %+v", compID, got, r.engine.all())
		}
	}
	if log := r.log.String(); !strings.Contains(log, "unknown link") || strings.Contains(log, "not permitted") {
		t.Error(log)
	}
	if r.engine.Idle(1) {
		t.Error("the connection of before was ended")
	}
	r.engine.Release(1)
	again := r.connect(t)
	io.WriteString(again, logon("right"))
	if got := answer(t, again); !strings.Contains(got, "35=5") {
		t.Errorf("the password of before: %q", got)
	}

	next, err := r.Prepare([]Participant{added}, nil)
	if err != nil {
		t.Fatal(err)
	}
	next.Commit()
	if _, err := net.Dial("tcp", before.String()); err == nil {
		t.Error("it listens on where no link is any more")
	}
}

// TestVenueMoves: a dialer calls where its venue is by the newest list.
func TestVenueMoves(t *testing.T) {
	var listeners [2]net.Listener
	for i := range listeners {
		l, err := net.Listen("tcp", anyPort)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		listeners[i] = l
	}
	venue := func(i int) []Venue {
		return []Venue{{Link: 9, Name: "VENUE", Address: listeners[i].Addr().String(), Reconnect: time.Millisecond}}
	}
	r := start(t, func(c *Config) { c.Venues = venue(0) })
	for i, l := range listeners {
		if i > 0 {
			next, err := r.Prepare(r.cfg.Participants, venue(i))
			if err != nil {
				t.Fatal(err)
			}
			next.Commit()
			r.engine.end(9)
		}
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		until(t, "handed over", func() bool { return len(r.engine.all()) == i+1 })
	}
}
