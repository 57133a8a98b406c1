package load

import (
	"bytes"
	"strings"
	"testing"

	"github.com/quickfixgo/quickfix"

	"portcullis/bench/poll"
)

func TestChecksumEqualsTheSumOfBytes(t *testing.T) {
	b := make([]byte, messageMax)
	for i := range b {
		b[i] = byte(0xff - i%3)
	}
	for n := range b {
		var want byte
		for _, c := range b[:n] {
			want += c
		}
		if got := checksum(b[:n]); got != want {
			t.Fatalf("checksum of %d bytes is %d, want %d", n, got, want)
		}
	}
}

// newPair is a client and a venue without sockets: what one writes is read from its buffer.
func newPair(t *testing.T) (*client, *venue, *link) {
	t.Helper()
	clk := newClock()
	waiting := new(unsent)
	c := newParticipants(Synthetic(100, 1), identities(1), 1<<10).clients[0]
	c.link = newLink(-1, 1, &clk, waiting)
	c.identify("C1", "G")
	v := &venue{orders: make([]venueOrder, 1<<10)}
	l := v.accept(-1, 2, &clk, waiting)
	l.identify("V", "G")
	c.up, l.up = true, true
	return c, v, l
}

// take returns the next message in a buffer, checked by quickfixgo, an independent reader.
func take(t *testing.T, out *poll.Buffer) string {
	t.Helper()
	n, err := frame(out.Bytes())
	if err != nil || n == 0 {
		t.Fatalf("no whole message in %q: %v", out.Bytes(), err)
	}
	raw := bytes.Clone(out.Bytes()[:n])
	out.Taken(n)
	if err := quickfix.ParseMessage(quickfix.NewMessage(), bytes.NewBuffer(raw)); err != nil {
		t.Errorf("quickfixgo refuses %s: %v", Readable(raw), err)
	}
	var sum byte
	for _, c := range raw[:n-7] {
		sum += c
	}
	want := "10=" + string([]byte{'0' + sum/100, '0' + sum/10%10, '0' + sum%10}) + "\x01"
	if string(raw[n-7:]) != want {
		t.Errorf("checksum of %s, want %s", Readable(raw), want)
	}
	return Readable(raw)
}

func wantFields(t *testing.T, message string, fields ...string) {
	t.Helper()
	for _, f := range fields {
		if !strings.Contains(message, "|"+f+"|") {
			t.Errorf("%s lacks %s", message, f)
		}
	}
}

func mustParse(t *testing.T, readable string) *message {
	t.Helper()
	m := new(message)
	if err := parse([]byte(strings.ReplaceAll(readable, "|", "\x01")), m); err != nil {
		t.Fatal(err)
	}
	return m
}

// One order's life through both ends: entered, replaced, partly filled, cancelled; a second cancel is too late.
func TestRequestsAndReports(t *testing.T) {
	c, v, l := newPair(t)
	step := func(e Event, report ...string) {
		t.Helper()
		if !c.send(&e, 9, 1) {
			t.Fatal("no room")
		}
		request := take(t, &c.out)
		if err := v.handle(l, mustParse(t, request)); err != nil {
			t.Fatal(err)
		}
		answer := take(t, &l.out)
		wantFields(t, answer, report...)
		if err := c.handle(mustParse(t, answer)); err != nil {
			t.Fatal(err)
		}
	}
	step(Event{Kind: NewOrder, Side: '1', Qty: 100, Price: 125_050},
		"35=8", "150=0", "39=0", "11=B1-1", "55=BNCA", "54=1", "38=100", "44=12.5050", "151=100", "14=0")
	v.fill(9, 30)
	wantFields(t, take(t, &l.out), "150=F", "39=1", "32=30", "31=12.5050", "151=70", "14=30")
	step(Event{Kind: Replace, Side: '1', Qty: 200, Price: 125_000},
		"35=8", "150=5", "11=B1-2", "41=B1-1", "38=200", "44=12.50", "151=170", "14=30")
	step(Event{Kind: Cancel, Side: '1', Qty: 200}, "35=8", "150=4", "39=4", "11=B1-3", "41=B1-2", "151=0")
	v.fill(9, 10) // too late: the order is final
	step(Event{Kind: Cancel, Side: '1', Qty: 200}, "35=9", "11=B1-4", "41=B1-3", "434=1", "102=0")
	if l.out.Len() != 0 || c.all.inFlight != 0 || v.count.Fills != 1 {
		t.Errorf("%d bytes left, %d in flight, %d fills", l.out.Len(), c.all.inFlight, v.count.Fills)
	}
}

// A fill planned before its order arrives follows the confirmation at once.
func TestFillWaitsForItsOrder(t *testing.T) {
	c, v, l := newPair(t)
	v.fill(5, 40)
	v.fill(5, 60)
	c.send(&Event{Kind: NewOrder, Side: '2', Qty: 100, Price: 10_000}, 5, 1)
	if err := v.handle(l, mustParse(t, take(t, &c.out))); err != nil {
		t.Fatal(err)
	}
	wantFields(t, take(t, &l.out), "150=0", "151=100")
	wantFields(t, take(t, &l.out), "150=F", "39=2", "32=100", "151=0")
}

// The venue takes any CompIDs, answers with them swapped, and resets numbers only when asked.
func TestLogon(t *testing.T) {
	for in, want := range map[string]string{
		"35=A|49=GATE|56=XSIM|34=1|98=0|108=30|":       "35=A|49=XSIM|56=GATE|34=1|",
		"35=A|49=GATE|56=XSIM|34=1|98=0|108=30|141=Y|": "35=A|49=XSIM|56=GATE|34=1|",
	} {
		_, v, l := newPair(t)
		l.up = false
		if err := v.handle(l, mustParse(t, in)); err != nil || !l.up {
			t.Fatalf("%s: up %v, %v", in, l.up, err)
		}
		answer := take(t, &l.out)
		if reset := strings.Contains(answer, "|141=Y|"); reset != strings.Contains(in, "141=Y") {
			t.Errorf("%s was answered by %s", in, answer)
		}
		if !strings.Contains(answer, want) {
			t.Errorf("%s lacks %s", answer, want)
		}
	}
}

func TestSessionMessages(t *testing.T) {
	c, _, _ := newPair(t)
	for _, s := range []struct{ in, want string }{
		{"35=1|34=1|112=PING|", "35=0 112=PING"},
		{"35=2|34=2|7=1|16=0|", "35=4 43=Y 123=Y 36=2"},
		{"35=5|34=3|", "35=5"},
	} {
		app, err := c.session(mustParse(t, s.in))
		if app || err != nil {
			t.Errorf("%s: app %v, error %v", s.in, app, err)
		}
		wantFields(t, take(t, &c.out), strings.Fields(s.want)...)
	}
	if c.up {
		t.Error("the session is up after Logout")
	}
	if _, err := c.session(mustParse(t, "35=3|34=4|58=no|")); err == nil {
		t.Error("a session-level Reject passed as if nothing had happened")
	}
}

// What a broken system under test may do must end the phase.
func TestClientRefusesWrongAnswers(t *testing.T) {
	for name, answers := range map[string][]string{
		"answered twice":  {"35=8|34=1|11=B1-1|150=0|", "35=8|34=2|11=B1-1|150=0|"},
		"never asked":     {"35=8|34=1|11=B1-7|150=0|"},
		"another's":       {"35=8|34=1|11=B11-1|150=0|"},
		"id not ours":     {"35=8|34=1|11=X1|150=0|"},
		"unknown message": {"35=B|34=1|"},
	} {
		t.Run(name, func(t *testing.T) {
			c, _, _ := newPair(t)
			c.send(&Event{Kind: NewOrder, Side: '1', Qty: 1, Price: 1}, 1, 1)
			var err error
			for _, a := range answers {
				err = c.handle(mustParse(t, a))
			}
			if err == nil {
				t.Error("no error")
			}
		})
	}
	l := newLink(-1, 0, nil, nil)
	if l.number(&message{seq: 1}) != nil || l.number(&message{seq: 3}) == nil {
		t.Error("a lost message passes unseen")
	}
}

func TestVenueRefusesWhatItCannotMatch(t *testing.T) {
	for name, text := range map[string]string{
		"no Text":        "35=D|34=2|11=A|38=1|44=1|54=1|55=X|",
		"long ClOrdID":   "35=D|34=2|11=" + strings.Repeat("A", 40) + "|58=1|",
		"not a request":  "35=8|34=2|58=1|",
		"a second Logon": "35=A|34=2|",
		"a second time":  "35=D|34=2|11=A|38=1|44=1|54=1|55=X|58=7|",
	} {
		_, v, l := newPair(t)
		v.enter(l, v.slot(7), 7, mustParse(t, "35=D|34=1|11=A|38=1|44=1|54=1|55=X|58=7|"), l.room())
		if v.handle(l, mustParse(t, text)) == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestScaled(t *testing.T) {
	for text, want := range map[string]int64{
		"585.33": 5853300, "585.3300": 5853300, "7": 70000, "0.0001": 1, "1.23456": 12345, "x": 0,
	} {
		if got := scaled([]byte(text), 4); got != want {
			t.Errorf("%s is %d, want %d", text, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("8=FIX.4.4\x019=5\x0135=0\x0110=161\x01"))
	f.Add([]byte("8=FIX.4.4\x019=99999999999\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := frame(b)
		if n < 0 || n > len(b) || (err != nil && n != 0) {
			t.Fatalf("frame of %d bytes is %d, %v", len(b), n, err)
		}
		var m message
		_ = parse(b[:n], &m)
		_ = parse(b, &m)
	})
}

func TestEncodingAllocatesNothing(t *testing.T) {
	c, v, l := newPair(t)
	e := Event{Kind: NewOrder, Side: '1', Qty: 100, Price: 125_050}
	m := mustParse(t, "35=D|34=2|11=A|38=1|44=1|54=1|55=X|58=1|")
	n := testing.AllocsPerRun(100, func() {
		c.send(&e, 3, 1)
		c.out.Taken(c.out.Len())
		v.enter(l, v.slot(1), 1, m, l.room())
		l.out.Taken(l.out.Len())
	})
	if n != 0 {
		t.Errorf("%v allocations per request", n)
	}
}
