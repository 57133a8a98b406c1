package peer

import (
	"fmt"
	"strconv"
	"testing"
)

// trading opens a venue and a participant that are connected directly, without a gate.
func trading(t *testing.T, begin string, manual bool) (*Venue, *Participant) {
	t.Helper()
	v, err := Open(VenueConfig{BeginString: begin, SenderCompID: "XSIM", TargetCompID: "ACME", Manual: manual})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Stop)
	p, err := Dial(ParticipantConfig{BeginString: begin, SenderCompID: "ACME", TargetCompID: "XSIM",
		Address: fmt.Sprintf("127.0.0.1:%d", v.Port())})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	if err := p.AwaitLogon(); err != nil {
		t.Fatal(err)
	}
	return v, p
}

// TestInstructions: each row is one message of the participant and what comes back, in order.
func TestInstructions(t *testing.T) {
	v, p := trading(t, "FIX.4.4", false)
	for _, row := range []struct {
		send   string
		expect []string
	}{
		{"35=D|11=A1|55=X|54=1|38=100|40=2|44=10", []string{"35=8|11=A1|150=0|39=0|151=100|14=0"}},
		{"35=D|11=A2|55=X|54=1|38=100|40=2|44=10|58=ack; fill 40@9.99; fill",
			[]string{"150=0", "150=F|39=1|32=40|31=9.99|14=40|151=60|6=9.99",
				"150=F|39=2|32=60|31=10|14=100|151=0|6=9.996"}},
		{"35=G|11=A3|41=A1|55=X|54=1|38=120|40=2|44=11", []string{"150=5|11=A3|41=A1|38=120|44=11|39=0"}},
		{"35=G|11=A4|41=A3|55=X|54=1|38=120|40=2|44=12|58=reject", []string{"35=9|11=A4|41=A3|434=2|39=0"}},
		{"35=F|11=A5|41=A3|55=X|54=1|38=120|58=fill 20; cancel",
			[]string{"150=F|11=A3|32=20|31=11", "150=4|39=4|11=A5|41=A3|14=20|151=0"}},
		{"35=F|11=A6|41=NONE|55=X|54=1", []string{"35=9|11=A6|39=8|102=1"}},
		{"35=D|11=A7|55=X|54=2|38=5|40=1|58=reject", []string{"150=8|39=8|11=A7|151=0"}},
		{"35=D|11=A8|55=X|54=2|38=5|40=1|58=business", []string{"35=j|379=A8|372=D"}},
		{"35=D|11=A9|55=X|54=2|38=5|40=1|58=session", []string{"35=3|372=D"}},
		{"35=D|11=B1|55=X|54=2|38=5|40=1|58=ack; fill 5@7; bust 1",
			[]string{"150=0", "150=F|39=2", "150=H|19=E*|32=5|31=7|14=0|151=0|39=2"}},
		{"35=D|11=B4|55=X|54=2|38=5|40=1|58=ack; fill 5@7; correct 1 3@6; cancel",
			[]string{"150=0", "150=F|39=2", "150=G|19=E*|32=3|31=6|14=3|39=1|151=2", "150=4|14=3"}},
		{"35=D|11=B2|55=X|54=1|38=10|40=2|44=1|58=ack; fill 4; cancel",
			[]string{"150=0", "150=F", "150=4|39=4|11=B2|14=4"}},
		{"35=H|11=B2|55=X|54=1", []string{"150=I|39=4|14=4"}},
		{"35=H|11=ZZ|55=X|54=1", []string{"150=I|39=8|37=NONE"}},
		{"35=D|11=C1|55=X|54=1|38=100|40=2|44=10", []string{"35=8|11=C1|150=0"}},
		{"35=q|11=C2|530=7", []string{"35=r|11=C2|530=7|531=7|533=1", "150=4|11=C1|39=4|151=0"}},
		{"35=D|11=B3|55=X|54=1|38=10|40=2|44=1|58=expire", []string{"150=C|39=C|151=0"}},
	} {
		if err := p.Send(row.send); err != nil {
			t.Fatal(err)
		}
		for _, want := range row.expect {
			if _, err := p.Expect(want); err != nil {
				t.Fatalf("%s: %v", row.send, err)
			}
		}
	}
	if err := v.Failures(); err != nil {
		t.Error(err)
	}
}

// TestManual: a test says what the venue does, also in the dialect of FIX.4.2.
func TestManual(t *testing.T) {
	v, p := trading(t, "FIX.4.2", true)
	if err := p.Send("35=D|11=A1|55=X|54=1|38=100|40=2|44=10"); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Expect("35=D|11=A1|38=100"); err != nil {
		t.Fatal(err)
	}
	for _, step := range [][2]string{
		{"ack", "20=0|150=0|39=0"}, {"fill 40", "20=0|150=1|39=1|32=40"}, {"bust 1", "20=1|150=0|39=0|19=E*"},
	} {
		if err := v.Do("A1", step[0]); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Expect(step[1]); err != nil {
			t.Fatalf("%s: %v", step[0], err)
		}
	}
	for _, nonsense := range []string{"dance", "bust 7", "fill x"} {
		if v.Do("A1", nonsense) == nil {
			t.Errorf("the venue did %q", nonsense)
		}
	}
}

// TestStall: a venue that stalls reads nothing more until it resumes, and loses nothing.
func TestStall(t *testing.T) {
	v, p := trading(t, "FIX.4.4", false)
	if err := p.Send("35=D|11=A1|55=X|54=1|38=1|40=1|58=stall"); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Expect("11=A1"); err != nil {
		t.Fatal(err)
	}
	if err := p.Send("35=D|11=A2|55=X|54=1|38=1|40=1"); err != nil {
		t.Fatal(err)
	}
	if n := v.Unread(); n != 0 {
		t.Errorf("%d messages were read during the stall", n)
	}
	v.Resume()
	if _, err := p.Expect("11=A2|150=0"); err != nil {
		t.Error(err)
	}
}

// TestKeptStore: a venue that is opened again with its store goes on with its numbers, and asks for
// what it missed; the log has everything that was sent.
func TestKeptStore(t *testing.T) {
	store := new(Store)
	config := VenueConfig{BeginString: "FIX.4.4", SenderCompID: "XSIM", TargetCompID: "ACME", Store: store}
	v, err := Open(config)
	if err != nil {
		t.Fatal(err)
	}
	config.Port = v.Port()
	p, err := Dial(ParticipantConfig{BeginString: "FIX.4.4", SenderCompID: "ACME", TargetCompID: "XSIM",
		Address: fmt.Sprintf("127.0.0.1:%d", v.Port())})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	if err := p.AwaitLogon(); err != nil {
		t.Fatal(err)
	}
	v.Stop()
	if err := p.AwaitLogout(); err != nil {
		t.Fatal(err)
	}
	if err := p.Send("35=D|11=A1|55=X|54=1|38=1|40=1"); err != nil { // queued: the venue asks for it
		t.Fatal(err)
	}
	if v, err = Open(config); err != nil {
		t.Fatal(err)
	}
	defer v.Stop()
	if _, err := p.Expect("11=A1|150=0"); err != nil {
		t.Fatal(err)
	}
	sent := 0
	for _, e := range p.Log() {
		if e.Outgoing && e.Message.Get(11) == "A1" {
			sent++
		}
	}
	if sent == 0 {
		t.Error("the log lacks what was sent")
	}
	if p.Logons() != 2 {
		t.Errorf("%d logons instead of 2", p.Logons())
	}
}

// TestRejectLost: a Reject(35=3) that was lost with its connection is said anew when it is asked for: quickfixgo fills its place.
func TestRejectLost(t *testing.T) {
	v, err := Open(VenueConfig{BeginString: "FIX.4.4", SenderCompID: "XSIM", TargetCompID: "ACME"})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Stop()
	store := new(Store)
	dial := func() *Participant {
		p, err := Dial(ParticipantConfig{BeginString: "FIX.4.4", SenderCompID: "ACME", TargetCompID: "XSIM", Store: store,
			Address: fmt.Sprintf("127.0.0.1:%d", v.Port())})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.AwaitLogon(); err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := dial()
	if err := p.Send("35=D|11=A1|55=X|54=1|38=1|40=1|58=session"); err != nil {
		t.Fatal(err)
	}
	reject, err := p.Expect("35=3|45=2|371=38|372=D|373=5")
	if err != nil {
		t.Fatal(err)
	}
	p.Stop()
	lost, err := strconv.Atoi(reject.Get(34))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.kept.SetNextTargetMsgSeqNum(lost); err != nil { // as if it had not come
		t.Fatal(err)
	}
	p = dial()
	defer p.Stop()
	again, err := p.Expect("35=3|45=2|371=38|372=D|373=5|58=" + reject.Get(58))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := strconv.Atoi(again.Get(34)); err != nil || n <= lost {
		t.Errorf("it has number %d, the one that was lost %d", n, lost)
	}
}
