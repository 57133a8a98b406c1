package system

import (
	"fmt"
	"strings"
	"testing"

	"portcullis/gate/demo/peer"
)

// TestHaltsPhasesAndLists: what a quickfixgo venue says of its symbols and of itself holds the orders of a running gate, and
// of the one that is started after it; lists are followed by a reload, and everything is judged alike in a replay.
func TestHaltsPhasesAndLists(t *testing.T) {
	t.Parallel()
	v, err := peer.Open(peer.VenueConfig{BeginString: "FIX.4.4", SenderCompID: "XSIM", TargetCompID: "GATE", Port: freePort(t)})
	if err != nil {
		t.Fatal(err)
	}
	files := desk(v.Port())
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "\naccount_defaults:\n",
		"\nphase_rules:\n  - {name: A, continuous: all, pre_open: all, opening_auction: {ord_types: limit, tifs: day}}\naccount_defaults:\n  phase_rules: A\n", 1)
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "cod: none,", `cod: none, phases: {days: [sun, mon, tue, wed, thu, fri, sat], times: {"00:00": pre_open}},`, 1)
	s := newSite(t, files)
	s.start()
	if err := v.AwaitLogon(); err != nil {
		t.Fatal(err)
	}
	says := func(text string) {
		if err := v.Send(text); err != nil {
			t.Fatal(err)
		}
	}
	acme := s.dial("ACME").logon("")
	number := 0
	answered := func(order, answer string) { // once the venue's word, or the reload, has arrived
		s.until(order+" is answered by "+answer, func() bool {
			number++
			acme.send(fmt.Sprintf("35=D|11=O-%d|54=1|38=10|60=20261122-00:00:00|%s", number, order))
			return strings.Contains(acme.await(fmt.Sprintf("35=8|11=O-%d", number)).String(), answer)
		})
	}
	const aapl, msft = "55=AAPL|40=2|44=187.50", "55=MSFT|40=2|44=412"
	answered(aapl, "150=0") // by the timetable
	says("35=f|55=AAPL|326=2")
	answered(aapl, "58=SYMBOL_HALTED")
	answered(msft, "150=0")
	says("35=h|336=DAY|625=2|340=2")
	answered("55=MSFT|40=1", "58=ORDTYPE_IN_PHASE")

	s.kill9Engine()
	s.until("the next engine has a line", func() bool { return v.Logons() > 1 })
	acme = s.dial("ACME").logon("|141=Y")
	answered(aapl, "58=SYMBOL_HALTED")
	answered("55=MSFT|40=1", "58=ORDTYPE_IN_PHASE")
	status, err := s.gate("status", "-c", s.dir+"/gate.yaml")
	if err != nil || !strings.Contains(status, "AAPL at XSIM  halted") || !strings.Contains(status, "opening_auction") {
		t.Errorf("%v\n%s", err, status)
	}
	says("35=f|55=AAPL|326=3")
	says("35=h|336=DAY|625=3|340=2")
	answered(aapl, "150=0")
	answered("55=MSFT|40=1", "150=0")

	// A timetable that is corrected says of this moment otherwise than the one before: it holds at once, by a reload and by a start.
	correct := func(phase string) {
		files["gate.yaml"] = strings.NewReplacer("{\"00:00\": pre_open}", phase, "{\"00:00\": opening_auction}", phase).Replace(files["gate.yaml"])
		s.write("gate.yaml", files["gate.yaml"])
	}
	correct(`{"00:00": opening_auction}`)
	if out, err := s.gate("reload", "-r", "an auction", "-c", s.dir+"/gate.yaml"); err != nil || !strings.Contains(out, "profile of venue XSIM: phases") {
		t.Errorf("%v: %s", err, out)
	}
	answered("55=MSFT|40=1", "58=ORDTYPE_IN_PHASE")
	s.terminate()
	correct(`{"00:00": pre_open}`)
	logons := v.Logons()
	s.start()
	s.until("the line is back", func() bool { return v.Logons() > logons })
	acme = s.dial("ACME").logon("|141=Y")
	answered("55=MSFT|40=1", "150=0")

	s.write("gate.yaml", strings.Replace(files["gate.yaml"], "\nfirm:\n", "\nlists: [{name: NEWS, symbols: [AAPL]}]\nfirm:\n  restricted: NEWS\n", 1))
	if out, err := s.gate("reload", "-r", "news", "-c", s.dir+"/gate.yaml"); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	answered(aapl, "58=RESTRICTED_LIST")
	answered(msft, "150=0")
	why, err := s.gate("why", fmt.Sprintf("O-%d", number-1), "-c", s.dir+"/gate.yaml")
	if err != nil || !strings.Contains(why, "list NEWS") {
		t.Errorf("%v\n%s", err, why)
	}
	s.terminate()
	v.Stop()
	if out, err := s.gate("replay", "-c", s.dir+"/gate.yaml"); err != nil || !strings.Contains(out, " 0 differ") {
		t.Errorf("%v\n%s", err, out)
	}
}
