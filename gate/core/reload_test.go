package core

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"portcullis/fix/link"
	"portcullis/risk"
)

// reload stages the setup that edit makes of the present one, and gives the command.
func (w *world) reload(version uint64, edit func(*Setup), links ...LinkChange) ReplyCode {
	w.t.Helper()
	w.stage(version, edit, links...)
	w.command(Command{ID: 7, Kind: CmdReload, Target: version, Reason: "test", Actor: "op"})
	if len(w.replies) != 1 || w.replies[0].ID != 7 || w.d.MsgType != 0 {
		w.t.Fatalf("%+v", w.replies)
	}
	return w.replies[0].Code
}

// stage lays it ready in both cores.
func (w *world) stage(version uint64, edit func(*Setup), links ...LinkChange) {
	for _, c := range []*Core{w.core, w.shadow} {
		next := *c.set
		next.Links = slices.Clone(c.set.Links)
		edit(&next)
		c.Stage(&Change{Version: version, Setup: &next, Links: links})
	}
}

// reload gives a participant's link other rights, whatever goes on.
func (x *chaos) reload() {
	x.seen["reload"]++
	change := LinkChange{Link: x.link(), Throttles: orderRate([]int64{1, 3, 1000}[x.r.IntN(3)])}
	own := map[uint32][]uint32{acme: {0, 1}, beta: {beta1}, acme2: {0}}[change.Link]
	if x.r.IntN(3) == 0 {
		change.Revoked = own
	} else {
		change.Granted = own
	}
	version, tell := uint64(x.nowNs), x.r.IntN(2) == 0
	x.stage(version, func(s *Setup) { s.Links[change.Link].TellLimits = tell }, change)
	x.command(Command{ID: 5, Kind: CmdReload, Target: version})
}

const gamma = 4 // the row behind those of the links that a world begins with

// growing is a world with room for one more link.
func growing(t *testing.T) *world {
	c := plain()
	c.size.Links = gamma + 1
	return newWorldOf(t, c).logon()
}

func addGamma(s *Setup) {
	added := s.Links[beta]
	added.TargetCompID, added.Name = "GAMMA", added.BeginString+":GATE->GAMMA"
	s.Links = append(s.Links, added)
}

var gammaChange = LinkChange{Link: gamma, Throttles: orderRate(2), Granted: []uint32{beta1}}

// TestReloadAddsLink: a link that is added while others trade logs on, trades for its accounts within its own rate, and
// the others' numbers and orders are as they were. A second core comes to the same state by the records.
func TestReloadAddsLink(t *testing.T) {
	linkNames = append(linkNames[:gamma:gamma], "GAMMA")
	t.Cleanup(func() { linkNames = linkNames[:gamma] })
	w := growing(t)
	w.seqOut[gamma] = 1
	w.from(acme, "35=D|11=A1|1=ACME-1|55=IBM|54=1|38=10|40=2|44=50|60=20261122-13:30:00|")
	before := [...]link.State{w.core.LinkState(acme), w.core.LinkState(xsim)}
	if code := w.reload(0xabc, addGamma, gammaChange); code != Done || w.d.Reloaded() != 0xabc {
		t.Fatal(code, w.d.Reloaded())
	}
	if after := [...]link.State{w.core.LinkState(acme), w.core.LinkState(xsim)}; after != before {
		t.Errorf("others changed: %+v", after)
	}
	w.connect(gamma)
	if w.core.Phase(gamma) != link.Up {
		t.Fatal(w.core.Phase(gamma))
	}
	for n, want := range []risk.Reason{risk.Accepted, risk.Accepted, risk.OrderRateExceeded} {
		w.from(gamma, "35=D|11=G"+string(rune('1'+n))+"|1=BETA-1|55=IBM|54=1|38=10|40=2|44=5"+string(rune('0'+n))+"|60=20261122-13:30:00|")
		if w.d.Reason != want {
			t.Errorf("order %d: %v", n, w.d.Reason)
		}
	}
	w.from(gamma, "35=D|11=G9|1=ACME-1|55=IBM|54=1|38=10|40=2|44=50|60=20261122-13:30:00|")
	if w.d.Reason != risk.AccountNotEntitled {
		t.Errorf("another client's account: %v", w.d.Reason)
	}
	w.restart()
	if w.core.Conn(gamma) != 0 || w.core.LinkState(gamma).NextOut < 4 {
		t.Errorf("%+v", w.core.LinkState(gamma))
	}
}

// TestReloadAddsVenue: a venue that is added while others trade is connected, and gets what is routed to it under its own names and limits; the
// journal's records lead a second core to the same state, over a restart too.
func TestReloadAddsVenue(t *testing.T) {
	linkNames = append(linkNames[:gamma:gamma], "GAMMA")
	t.Cleanup(func() { linkNames = linkNames[:gamma] })
	c := plain()
	c.size.Links, c.size.Venues = gamma+1, 2
	w := newWorldOf(t, c).logon()
	w.seqOut[gamma] = 1
	add := func(s *Setup) {
		line := s.Links[xsim]
		line.TargetCompID, line.Name, line.Venue = "GAMMA", line.BeginString+":GATE->GAMMA", 1
		s.Links = append(s.Links, line)
		added := s.Venues[0]
		added.Name, added.Link, added.IDPrefix, added.Budget = "GAMMA", gamma, "Q", Budget{CountMax: 5, WindowNs: 1e9}
		s.Venues = append(slices.Clone(s.Venues), added)
		s.Routes.BySymbol = []uint32{NoIndex, 1}
	}
	for _, refused := range []struct {
		edit func(*Setup)
		want ReplyCode
	}{
		{func(s *Setup) { add(s); s.Venues[1].Link = acme2 }, StartsOnly}, // numbers of before: what is left of them a start knows
		{func(s *Setup) { add(s); s.Venues[1].Budget.CountMax = budgetSpare + 1 }, BudgetTooLong},
		{func(s *Setup) { add(s); s.Venues = append(s.Venues, s.Venues[1]) }, TableFullCode},
	} {
		if code := w.reload(9, refused.edit); code != refused.want {
			t.Errorf("code %d, want %d", code, refused.want)
		}
	}
	order := func(id, symbol string, price int) string {
		return fmt.Sprintf("35=D|11=%s|1=ACME-1|55=%s|54=1|38=10|40=2|44=%d|60=20261122-13:30:00|", id, symbol, price)
	}
	w.from(acme, order("A1", "MSFT", 400))
	first := w.core.OrderAt(0)
	for _, core := range []*Core{w.core, w.shadow} {
		next := *core.set
		next.Links = slices.Clone(next.Links)
		add(&next)
		positions := risk.Unmeasured()
		positions[risk.MeasureLong] = 30 * int64(risk.PriceScale)
		core.Stage(&Change{Version: 0xabc, Setup: &next, Links: []LinkChange{{Link: gamma}}, Limits: []risk.Setting{
			&risk.CreditSetting{Kind: risk.ScopeVenue, Index: 1, Limits: risk.Limits{Gross: 20_000 * risk.MoneyScale, Net: risk.Unlimited, Measures: positions}}}})
	}
	w.command(Command{ID: 7, Kind: CmdReload, Target: 0xabc, Reason: "test", Actor: "op"})
	if code := w.replies[0].Code; code != Done {
		t.Fatal(code)
	}
	w.from(acme, order("A2", "MSFT", 400))
	if w.d.Reason != risk.VenueDown || first.Venue != 0 || first.State != Live {
		t.Errorf("%v; the order of before: venue %d, state %d", w.d.Reason, first.Venue, first.State)
	}
	settle := func() {
		t.Helper()
		w.connect(gamma)
		for _, s := range w.sent {
			if id := field(s.text, "112"); s.link == gamma && id != "" {
				w.from(gamma, "35=0|112="+id+"|")
			}
		}
		if w.core.Phase(gamma) != link.Up {
			t.Fatal(w.core.Phase(gamma))
		}
	}
	settle()
	w.from(acme, order("A3", "MSFT", 400))
	if w.d.Reason != risk.Accepted || len(w.sent) != 1 || w.sent[0].link != gamma || !strings.HasPrefix(field(w.sent[0].text, "11"), "Q") {
		t.Fatalf("%v: %v", w.d.Reason, w.sent)
	}
	id := field(w.sent[0].text, "11")
	w.from(acme, order("A4", "MSFT", 401))
	w.from(acme, order("A5", "MSFT", 402))
	if w.d.Reason != risk.VenueRateExceeded {
		t.Errorf("beyond its budget: %v", w.d.Reason)
	}
	w.from(gamma, "35=8|11="+id+"|37=N1|17=E1|150=F|39=2|55=MSFT|54=1|38=10|32=10|31=400|14=10|151=0|6=400|")
	w.nowNs += 2e9
	w.event(&Event{Kind: Tick, Link: NoIndex})
	w.from(acme, order("A6", "MSFT", 403))
	w.from(acme, order("A7", "MSFT", 404))
	if w.d.Reason != risk.ScopeLongExceeded {
		t.Errorf("above its limit of positions: %v", w.d.Reason)
	}
	w.from(acme, order("A8", "IBM", 50))
	if w.d.Reason != risk.Accepted || w.sent[0].link != xsim {
		t.Errorf("%v: %v", w.d.Reason, w.sent)
	}
	w.from(acme, "35=F|11=A9|41=A1|1=ACME-1|55=MSFT|54=1|60=20261122-13:30:00|")
	if len(w.sent) != 1 || w.sent[0].link != xsim {
		t.Errorf("the cancel of the order of before: %v", w.sent)
	}
	w.restart()
	w.seqOut[gamma] = w.core.NextIn(gamma)
	settle()
	w.from(gamma, "35=8|11="+id+"|37=N1|17=E2|150=F|39=2|55=MSFT|54=1|38=10|32=1|31=400|14=11|151=0|6=400|")
	if !slices.Contains(w.alerts, "OverFill") && !slices.Contains(w.alerts, "FillOnClosedOrder") {
		t.Errorf("after a restart its report names its order no more: %v", w.alerts)
	}
}

// TestReloadChangesRights: an account that a link may not trade for any more, another rate; a cancel is not hindered.
func TestReloadChangesRights(t *testing.T) {
	w := growing(t)
	w.from(beta, "35=D|11=B1|1=BETA-1|55=IBM|54=1|38=10|40=2|44=50|60=20261122-13:30:00|")
	if code := w.reload(1, func(*Setup) {}, LinkChange{Link: beta, Revoked: []uint32{beta1}}); code != Done {
		t.Fatal(code)
	}
	w.from(beta, "35=D|11=B2|1=BETA-1|55=IBM|54=1|38=10|40=2|44=50|60=20261122-13:30:00|")
	if w.d.Reason != risk.AccountNotEntitled {
		t.Error(w.d.Reason)
	}
	w.from(beta, "35=F|11=B3|41=B1|1=BETA-1|55=IBM|54=1|60=20261122-13:30:00|")
	if w.d.Reason != risk.Accepted {
		t.Error(w.d.Reason)
	}
}

// TestReloadRefused: what was not staged, what there is no room for, and a link that goes though it is in use; nothing
// of the configuration takes hold then.
func TestReloadRefused(t *testing.T) {
	w := growing(t)
	gone := func(s *Setup) { s.Links[beta] = LinkSetup{Venue: NoIndex, Client: NoIndex, DefaultAccount: NoIndex} }
	betaGoes := LinkChange{Link: beta, Gone: true, Revoked: []uint32{beta1}}
	refused := func(want ReplyCode, version uint64, edit func(*Setup), change LinkChange) {
		t.Helper()
		set := w.core.set
		if code := w.reload(version, edit, change); code != want || w.core.set != set || w.d.EffectLen > 0 {
			t.Errorf("code %d, want %d; %d effects", code, want, w.d.EffectLen)
		}
	}
	big := gammaChange
	big.Throttles = orderRate(1 << 20)
	refused(TableFullCode, 1, addGamma, big)
	many := gammaChange
	many.Granted = []uint32{0, 1, 2, 3, 4, 5, 6, 7, 8}
	refused(TableFullCode, 2, addGamma, many)
	refused(NotStaged, 3, func(s *Setup) { addGamma(s); addGamma(s) }, gammaChange)
	refused(LinkInUse, 4, gone, betaGoes)
	w.from(beta, "35=D|11=B1|1=BETA-1|55=IBM|54=1|38=10|40=2|44=50|60=20261122-13:30:00|")
	id := field(w.to(xsim, "D"), "11")
	w.command(Command{ID: 1, Kind: CmdLinkDown, Index: beta})
	refused(LinkHasOrders, 5, gone, betaGoes)
	w.from(xsim, "35=8|11="+id+"|37=V|17=E1|150=4|39=4|55=IBM|54=1|38=10|14=0|151=0|6=0|")
	refused(LinkInUse, 6, gone, betaGoes) // its Logout is on its way
	w.drop(beta)
	w.command(Command{ID: 7, Kind: CmdReload, Target: 5})
	if w.replies[0].Code != NotStaged {
		t.Error("another version than was staged: ", w.replies)
	}
	if code := w.reload(7, gone, betaGoes); code != Done {
		t.Fatal(code)
	}
	w.command(Command{ID: 7, Kind: CmdReload, Target: 7})
	if w.replies[0].Code != NotStaged {
		t.Error("once more: ", w.replies)
	}
	w.step(&Event{Kind: Admitted, Link: beta, Conn: 99})
	if !w.d.Close {
		t.Error("a link that went was admitted")
	}
}

// TestReloadWaitsForMassRequests: a link does not go while the answer to its mass cancel is being made.
func TestReloadWaitsForMassRequests(t *testing.T) {
	w := newWorld(t).logon()
	give := func(m Command) { w.step(&Event{Kind: CommandGiven, Link: NoIndex, Data: m.Append(nil)}) }
	w.stepFrom(beta, "35=q|11=M|530=7|60=20261122-13:30:00|")
	give(Command{ID: 1, Kind: CmdLinkDown, Index: beta})
	w.step(&Event{Kind: Closed, Link: beta, Conn: w.core.Conn(beta)})
	for _, want := range []ReplyCode{LinkInUse, Done} {
		w.stage(1, func(s *Setup) { s.Links[beta] = LinkSetup{Venue: NoIndex, Client: NoIndex, DefaultAccount: NoIndex} },
			LinkChange{Link: beta, Gone: true, Revoked: []uint32{beta1}})
		give(Command{ID: 2, Kind: CmdReload, Target: 1})
		if w.d.Reply.Code != want {
			t.Errorf("code %d, want %d", w.d.Reply.Code, want)
		}
		w.ticks(99)
	}
}

// TestReloadWaitsForTheRoll: while all accounts are gone over no account may be added, so that none is passed over.
func TestReloadWaitsForTheRoll(t *testing.T) {
	w := growing(t)
	give := func(m Command) { w.step(&Event{Kind: CommandGiven, Link: NoIndex, Data: m.Append(nil)}) }
	give(Command{ID: 1, Kind: CmdRoll, Target: 20261123})
	if !w.core.Rolling() {
		t.Fatal("it does not roll")
	}
	w.stage(3, addGamma, gammaChange)
	give(Command{ID: 2, Kind: CmdReload, Target: 3})
	if code := w.d.Reply.Code; code != GoesOverAll {
		t.Error(code)
	}
	w.event(&Event{Kind: Tick, Link: NoIndex})
	if code := w.reload(3, addGamma, gammaChange); code != Done {
		t.Error(code)
	}
}
