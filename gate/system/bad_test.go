package system

import (
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// badCase is one kind of bad input. do sends it over a link of its own; r is logged on unless fresh.
// logged is what the log must say, exactly once; "" means that the journal says it, and the log nothing.
type badCase struct {
	name   string
	fresh  bool
	do     func(t *testing.T, s *site, r *raw)
	logged string
	many   bool // it is bad again and again, and the log may say so
}

const order = "35=D|11=%s|1=ACME-1|55=AAPL|54=1|38=%s|40=2|44=%s|60=20261122-00:00:00"

// malformed sends an order with these terms, which must be refused for its form, and one that is sound.
func malformed(qty, price, tag string) func(*testing.T, *site, *raw) {
	return func(t *testing.T, _ *site, r *raw) {
		r.send(fmt.Sprintf(order, r.us+"-bad", qty, price))
		r.await("35=8|11=" + r.us + "-bad|39=8|37=NONE|58=FIELD_MALFORMED: a value is malformed or out of range (tag " + tag + ")*")
		passes(r)
	}
}

// passes sends a sound order: the link works.
func passes(r *raw) {
	r.t.Helper()
	r.send(fmt.Sprintf(order, r.us+"-good", "10", "187.50"))
	r.await("35=8|11=" + r.us + "-good|150=0")
}

var badCases = []badCase{
	{name: "wrong SenderCompID at logon", fresh: true, logged: "unknown link", do: func(t *testing.T, s *site, r *raw) {
		r.us = "STRANGER"
		r.send("35=A|98=0|108=30")
		r.awaitClosed()
	}},
	{name: "wrong CompID later", logged: `"the session layer ends the connection"`, do: func(t *testing.T, s *site, r *raw) {
		r.sendAs("SOMEBODY", "35=0")
		r.await("35=3|373=9")
		r.await("35=5")
		r.awaitClosed()
	}},
	{name: "asks again for what was never sent", logged: "BeginSeqNo(7) was never sent", do: func(t *testing.T, s *site, r *raw) {
		for range 3 {
			r.send("35=2|7=99999|16=0")
			r.await("35=3|371=7|372=2|373=5")
		}
		passes(r)
	}},
	{name: "wrong password", fresh: true, logged: "wrong password", do: func(t *testing.T, s *site, r *raw) {
		r.us = "VAULT"
		r.send("35=A|98=0|108=30|553=vault|554=guess")
		r.await("35=5")
		r.awaitClosed()
	}},
	{name: "no FIX at all", fresh: true, logged: "what came is no FIX message", do: func(t *testing.T, s *site, r *raw) {
		r.sendBytes([]byte("GET / HTTP/1.1\r\n\r\n"))
		r.awaitClosed()
	}},
	{name: "wrong checksum", logged: "bytes that are no FIX message were skipped", do: func(t *testing.T, s *site, r *raw) {
		b := r.message(fmt.Sprintf(order, "garbled", "10", "187.50"), r.number())
		b[len(b)-2] ^= 1
		r.sendBytes(b)
		passes(r) // the number was not taken: the order with it is the next one
	}},
	{name: "1 MB message", logged: "message longer than message_bytes_max", do: func(t *testing.T, s *site, r *raw) {
		go r.sendBytes([]byte("8=FIX.4.4\x019=1000000\x0135=D\x01" + strings.Repeat("x", 1<<20)))
		r.awaitClosed()
	}},
	{name: "half a logon, then silence", fresh: true, logged: "no Logon before the timeout", do: func(t *testing.T, s *site, r *raw) {
		r.sendBytes(r.message("35=A|98=0|108=30", 1)[:40])
		r.awaitClosed()
	}},
	{name: "half an order, then silence", fresh: true, logged: `"the session layer ends the connection"`, do: func(t *testing.T, s *site, r *raw) {
		r.answersTests = false
		r.send("35=A|98=0|108=1")
		b := r.message(fmt.Sprintf(order, "half", "10", "187.50"), 2)
		r.sendBytes(b[:len(b)-20])
		r.await("35=1") // are you there?
		r.awaitClosed()
	}},
	{name: "MsgSeqNum too low", logged: `"the session layer ends the connection"`, do: func(t *testing.T, s *site, r *raw) {
		r.sendBytes(r.message("35=0", 1))
		r.await("35=5|58=MsgSeqNum too low, expecting 2 but received 1")
		r.awaitClosed()
	}},
	{name: "MsgSeqNum too high", do: func(t *testing.T, s *site, r *raw) {
		r.skip(7)
		r.send(fmt.Sprintf(order, "early", "10", "187.50"))
		r.await("35=2|7=2") // answered by a gap fill: the order was not heard
		passes(r)
		if r.count("35=8|11=early") > 0 {
			t.Error("an order out of turn was judged")
		}
	}},
	{name: "second logon of a live link", logged: "duplicate logon of a live link", do: func(t *testing.T, s *site, r *raw) {
		second := s.dial(r.us)
		second.send("35=A|98=0|108=30")
		second.awaitClosed()
		passes(r)
	}},
	{name: "the same tag twice", logged: "answered by Reject(35=3)", do: func(t *testing.T, s *site, r *raw) {
		r.send(fmt.Sprintf(order, "twice", "10", "187.50") + "|38=1000")
		r.await("35=3|373=13|371=38|45=2")
		passes(r)
	}},
	{name: "an unsupported message", do: func(t *testing.T, s *site, r *raw) {
		r.send("35=s|11=cross")
		r.await("35=j|380=3|372=s")
		passes(r)
	}},
	{name: "no ClOrdID", do: func(t *testing.T, s *site, r *raw) {
		r.send(strings.Replace(fmt.Sprintf(order, "x", "10", "187.50"), "|11=x", "", 1))
		r.await("35=j|45=2|372=D")
		passes(r)
	}},
	{name: "negative quantity", do: malformed("-10", "187.50", "38")},
	{name: "zero quantity", do: malformed("0", "187.50", "38")},
	{name: "quantity of 30 digits", do: malformed(strings.Repeat("9", 30), "187.50", "38")},
	{name: "quantity with exponent", do: malformed("1e3", "187.50", "38")},
	{name: "quantity NaN", do: malformed("NaN", "187.50", "38")},
	{name: "quantity with plus", do: malformed("+10", "187.50", "38")},
	{name: "price of 30 digits", do: malformed("10", strings.Repeat("9", 30), "44")},
	{name: "price with exponent", do: malformed("10", "1.875E2", "44")},
	{name: "price NaN", do: malformed("10", "nan", "44")},
	{name: "price Infinity", do: malformed("10", "Inf", "44")},
	{name: "price with two points", do: malformed("10", "187.5.0", "44")},
	{name: "price with a blank", do: malformed("10", "187 .50", "44")},
	{name: "negative price", do: func(t *testing.T, s *site, r *raw) {
		r.send(fmt.Sprintf(order, "minus", "10", "-187.50"))
		r.await("35=8|11=minus|39=8|37=NONE|58=PRICE_TERMS*")
		passes(r)
	}},
	// Last, because wrong passwords lock out their source address: no other link logs on from there for a minute.
	{name: "logon flood", fresh: true, many: true, logged: "logon flood", do: func(t *testing.T, s *site, r *raw) {
		r.us = "VAULT"
		for range 20 {
			if c, err := net.Dial("tcp", s.address()); err == nil {
				_, _ = c.Write(r.message("35=A|98=0|108=30|553=vault|554=guess", 1))
				_, _ = io.Copy(io.Discard, c)
				_ = c.Close()
			}
		}
	}},
}

// TestBadInput: each gets its own answer, one line of log, and disturbs nobody.
func TestBadInput(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	// A machine with other work is no bad input: nothing is said of an engine or a venue that is slow for a moment.
	files := stands(desk(venue.port()), "watchdog: {stall_ms: 60000, on_stall: report, restarts: unlimited}")
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "unanswered_ms: 1000", "unanswered_ms: 60000", 1)
	files["participants.cfg"] = strings.Replace(files["participants.cfg"], "LogonTimeout=30", "LogonTimeout=5", 1)
	for n := range badCases { // each case has a link of its own
		files["participants.cfg"] += fmt.Sprintf("[SESSION]\nTargetCompID=BAD%d\n", n)
		files["gate.yaml"] = strings.Replace(files["gate.yaml"], "\nvenues:\n",
			fmt.Sprintf("\n  - {link: FIX.4.4:GATE->BAD%d, client: ACME, default_account: ACME-1, password: none}\nvenues:\n", n), 1)
	}
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "links: 16", "links: 64", 1)
	s := newSite(t, files)
	s.start()
	(<-venue.linked).await("35=1")
	other := watchOther(t, s)
	for n, c := range badCases {
		t.Run(c.name, func(t *testing.T) {
			before, traded := s.log(), other.traded.Load()
			r := s.dial(fmt.Sprintf("BAD%d", n))
			r.t = t
			if !c.fresh {
				r.logon("")
			}
			c.do(t, s, r)
			s := &site{t: t, dir: s.dir} // waits of this case are its own
			s.until("the other link trades on", func() bool { return other.traded.Load() > traded+2 })
			said := func() int { return strings.Count(strings.TrimPrefix(s.log(), before), c.logged) }
			if c.logged != "" {
				s.until("the log says "+c.logged, func() bool { return said() > 0 })
				if said() != 1 && !c.many {
					t.Errorf("the log says it %d times:\n%s", said(), strings.TrimPrefix(s.log(), before))
				}
			} else if lines := warnings(strings.TrimPrefix(s.log(), before)); lines != "" {
				t.Errorf("the log says\n%s", lines)
			}
			_ = r.conn.Close()
		})
	}
	other.end()
	if got, want := venue.line.count("35=D"), int(other.traded.Load())+venue.line.count("35=D|1=ACME-1"); got != want {
		t.Errorf("%d orders at the venue, %d were acknowledged", got, want)
	}
	if venue.line.count("35=D|38=1000") > 0 {
		t.Error("an order with a tag twice reached the venue")
	}
	s.terminate()
}

// warnings are the lines of a log that are more than information; that the case before has closed its
// connection is none.
func warnings(log string) (list string) {
	for line := range strings.Lines(log) {
		if !strings.Contains(line, `"level":"info"`) && !strings.Contains(line, "the peer closed the connection") {
			list += line
		}
	}
	return list
}

// bystander trades on a link that does nothing bad, all the time.
type bystander struct {
	r             *raw
	traded        atomic.Int64
	stop, stopped chan struct{}
}

func watchOther(t *testing.T, s *site) *bystander {
	b := &bystander{r: s.dial("GLOBEX").logon(""), stop: make(chan struct{}), stopped: make(chan struct{})}
	go func() {
		defer close(b.stopped)
		for n := 1; ; n++ {
			select {
			case <-b.stop:
				return
			case <-b.r.closed:
				t.Error("the other link was cut")
				return
			case <-time.After(10 * time.Millisecond):
			}
			b.r.send(fmt.Sprintf("35=D|11=G%d|1=GLOBEX-1|55=MSFT|54=1|38=5|40=2|44=412.30|60=20261122-00:00:00", n))
			b.r.await(fmt.Sprintf("35=8|11=G%d|150=0", n))
			b.traded.Add(1)
		}
	}()
	return b
}

func (b *bystander) end() {
	close(b.stop)
	<-b.stopped
}

// TestVenueAway: down at start, lost in the flow, reading nothing. Orders are refused and never queued;
// a cancel is owed and comes first.
func TestVenueAway(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	s := newSite(t, desk(port))
	s.start()
	acme := s.dial("ACME").logon("")
	acme.send(fmt.Sprintf(order, "early", "10", "187.50"))
	acme.await("35=8|11=early|39=8|58=VENUE_DOWN*")

	venue := openRawVenueAt(t, port)
	line := <-venue.linked
	line.await("35=1")
	s.until("an order passes", func() bool { return strings.Contains(venueStatus(t, s, acme), "150=0") })
	acme.send(fmt.Sprintf(order, "open", "10", "187.50"))
	acme.await("35=8|11=open|150=0")

	_ = line.conn.Close()
	// Whether it was closed or failed depends on what the venue had not read yet.
	ended := regexp.MustCompile(`"link":"FIX.4.4:GATE->XSIM"[^\n]*"message":"connection ended"`)
	s.until("the line is down", func() bool { return ended.MatchString(s.log()) })
	acme.send(fmt.Sprintf(order, "midflow", "10", "187.55"))
	acme.await("35=8|11=midflow|39=8|58=VENUE_DOWN*")
	acme.send("35=F|11=cancel|41=open|1=ACME-1|55=AAPL|54=1|60=20261122-00:00:00")
	acme.await("35=8|11=cancel|150=6|39=6")
	line = <-venue.linked
	acme.await("35=8|11=cancel|150=4")
	s.until("an order passes", func() bool { return strings.Contains(venueStatus(t, s, acme), "150=0") })

	resume := line.pause()
	f := startFlood(acme, "ACME-1", endless)
	acme.await("35=8|58=VENUE_BUSY*")
	sent := f.end()
	resume()
	s.until("every order is answered", func() bool {
		return acme.count("35=8|150=0|11=ACME-*")+acme.count("35=8|150=8|11=ACME-*") == sent
	})
	if got, want := line.count("35=D|38=10"), acme.count("35=8|150=0|11=ACME-*"); got != want {
		t.Errorf("%d orders at the venue, %d acknowledged", got, want)
	}
	if n := strings.Count(s.log(), "venue cannot be reached"); n != 1 {
		t.Errorf("%d lines about a venue that was down once at start", n)
	}
	s.terminate()
}
