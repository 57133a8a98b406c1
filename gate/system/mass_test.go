package system

import (
	"fmt"
	"strings"
	"testing"

	"portcullis/gate/admin"
	"portcullis/gate/demo/peer"
)

// TestMassRequestsOverMany: a client asks about 10,000 open orders and does not read the answer for a while. It is neither
// cut, nor does it hold up another; then it gets a report for each order, and cancels them all by one message.
func TestMassRequestsOverMany(t *testing.T) {
	t.Parallel()
	const orders = 10_000
	venue := openRawVenue(t)
	files := roomy(desk(venue.port()))
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "open_orders: 4096, clordids: 32768", "open_orders: 16384, clordids: 131072", 1)
	s := newSite(t, files)
	s.start()
	line := <-venue.linked
	line.await("35=1")
	acme := s.dial("ACME").logon("")
	for n := 0; acme.count("35=8|150=0") < orders; n += 100 { // some are refused: neither side of this test is fast
		if n == 10*orders {
			t.Fatalf("%d of %d orders were accepted, the last was told: %s", acme.count("35=8|150=0"), n, acme.all()[len(acme.all())-1].Get(58))
		}
		for i := range 100 {
			acme.send(fmt.Sprintf("35=D|11=A-%d|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00", n+i))
		}
		s.until("each is answered", func() bool { return acme.count("35=8|150=0")+acme.count("35=8|150=8") == n+100 })
	}
	open := acme.count("35=8|150=0")

	resume := acme.pause()
	acme.send("35=AF|584=S-1|585=7")
	globex := s.dial("GLOBEX").logon("")
	globex.send("35=D|11=G-1|55=MSFT|54=1|38=10|40=2|44=412|60=20261122-00:00:00")
	globex.await("35=8|11=G-1|150=0")
	globex.send("35=AF|584=S-1|585=7")
	globex.await("35=8|11=G-1|150=I|911=1|912=Y")
	resume()
	acme.await(fmt.Sprintf("35=8|584=S-1|911=%d|912=Y", open))
	told := map[string]bool{}
	for _, m := range acme.all() {
		if m.Get(584) == "S-1" && m.Get(150) == "I" && m.Get(39) == "0" {
			told[m.Get(11)] = true
		}
	}
	if len(told) != open || acme.count("35=8|584=S-1") != open {
		t.Errorf("%d reports about %d orders", acme.count("35=8|584=S-1"), len(told))
	}

	acme.send("35=q|11=M-1|530=7|60=20261122-00:00:00")
	if r := acme.await("35=r|11=M-1"); r.Get(531) != "7" || r.Get(533) != fmt.Sprint(open) {
		t.Error(r)
	}
	s.until("the orders are cancelled", func() bool { return acme.count("35=8|150=4|39=4") == open })
	globex.send("35=AF|584=S-2|585=7")
	globex.await("35=8|11=G-1|150=I|911=1|912=Y")
	s.terminate()
}

// TestKillByMassCancel: at a quickfixgo venue that carries it out, a kill of the firm sends one request for all orders,
// and their owners hear of each. Where the venue does not, its orders are cancelled one by one.
func TestKillByMassCancel(t *testing.T) {
	t.Parallel()
	for _, manual := range []bool{false, true} {
		v, err := peer.Open(peer.VenueConfig{BeginString: "FIX.4.4", SenderCompID: "XSIM", TargetCompID: "GATE", Port: freePort(t),
			Manual: manual})
		if err != nil {
			t.Fatal(err)
		}
		files := desk(v.Port())
		files["gate.yaml"] = strings.Replace(files["gate.yaml"], "status_request: true", "status_request: true, mass_cancel: true", 1)
		s := newSite(t, files)
		s.start()
		if err := v.AwaitLogon(); err != nil {
			t.Fatal(err)
		}
		acme, globex := s.dial("ACME").logon(""), s.dial("GLOBEX").logon("")
		for _, p := range []*raw{acme, globex} {
			s.until("the venue takes orders", func() bool {
				p.send(fmt.Sprintf("35=D|11=O-%d|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00", p.number()))
				_, err := v.Expect("35=D")
				return err == nil
			})
		}
		answer, err := s.admin().Do(t.Context(), admin.Request{Verb: admin.Kill, Scope: admin.AllScope, Reason: "all out"})
		if err != nil || answer.InScope < 2 || answer.Cancels != answer.InScope {
			t.Fatalf("%+v, %v", answer, err)
		}
		q, err := v.Expect("35=q|530=7")
		if err != nil {
			t.Fatal(err)
		}
		if manual {
			for n := uint32(0); n < answer.InScope; { // it said nothing for a second
				m, err := v.Next()
				if err != nil {
					t.Fatal(err)
				}
				if m.Type() != "F" {
					continue // it is asked about what it has not answered
				}
				n++
				if err := v.Do(m.Get(11), "cancel"); err != nil {
					t.Fatal(err)
				}
			}
		}
		acme.await("35=8|150=4|39=4")
		globex.await("35=8|150=4|39=4")
		s.terminate()
		v.Stop()
		if err := v.Failures(); err != nil || q.Get(11) == "" {
			t.Error(err, q)
		}
	}
}
