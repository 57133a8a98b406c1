package system

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/demo/peer"
	"portcullis/gate/journal"
	"portcullis/risk"
	"portcullis/risk/twin"
)

var (
	seedFlag  = flag.Uint64("seed", 0, "seed of the random flow and of the moments of the kills; 0: a new one")
	killsFlag = flag.Int("kills", 14, "how often the gate is killed")
)

// TestKillAtAnyMoment is promise 6: the gate is killed by SIGKILL at random moments of a random flow, its engine or the
// watchdog, with which the engine dies, and started again, by the watchdog or by hand; at the end the logs of the venue and of the participants, who live through all
// of it, say whether every order reached the venue at most once, every owner learned exactly one
// outcome, the venue's, and the exposure is what the venue's executions come to.
func TestKillAtAnyMoment(t *testing.T) {
	t.Parallel()
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("again: go test ./gate/system -run TestKillAtAnyMoment -seed=%d -kills=%d", seed, *killsFlag)
	f := startFlow(t, seed)
	defer f.dump()
	rng := rand.New(rand.NewPCG(seed, 1))
	for range *killsFlag {
		if f.site.cmd == nil {
			f.site.begin()
		}
		running, after := moment(rng)
		if running {
			f.site.awaitRun()
		}
		time.Sleep(after)
		if rng.IntN(2) == 0 {
			f.site.kill9()
		} else {
			f.site.kill9Engine()
		}
	}
	if f.site.cmd == nil {
		f.site.begin()
	}
	f.site.awaitRun()
	f.site.until("orders reach the venue", func() bool { // on a busy machine a gate may be killed before they do
		f.venue.mu.Lock()
		defer f.venue.mu.Unlock()
		return len(f.venue.list) >= 10
	})
	f.settle()
	f.site.kill9()
	f.judge()
}

// moment is when a gate is killed: so long after its start, while it recovers, or after it runs, while links log on and
// settle and what was missed is sent again, or in the middle of the flow. How long a start takes is the machine's to say.
func moment(rng *rand.Rand) (running bool, after time.Duration) {
	switch rng.IntN(4) {
	case 0:
		return false, time.Duration(rng.IntN(120)) * time.Millisecond
	case 1:
		return true, time.Duration(rng.IntN(200)) * time.Millisecond
	}
	return true, time.Duration(100+rng.IntN(600)) * time.Millisecond
}

// heartBtSec is short because quickfixgo forgets messages that come while what it missed is sent again
// after its Logon; it notices at the next message, which may be a Heartbeat, and asks again.
const heartBtSec = 1

// randomFlow is a gate with two participants that send at random and a venue that answers at random.
type randomFlow struct {
	t       *testing.T
	site    *site
	venue   *exchange
	traders []*trader
}

func startFlow(t *testing.T, seed uint64) *randomFlow {
	f := &randomFlow{t: t}
	v, err := peer.Open(peer.VenueConfig{BeginString: "FIX.4.4", SenderCompID: "XSIM", TargetCompID: "GATE",
		Port: freePort(t), Manual: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Stop)
	files := desk(v.Port())
	files["venues.cfg"] = strings.ReplaceAll(files["venues.cfg"], "HeartBtInt=30", fmt.Sprintf("HeartBtInt=%d", heartBtSec))
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "max_order_age_ms: 60000", "max_order_age_ms: 2000", 1)
	f.site = newSite(t, files)
	f.venue = newExchange(v, seed)
	t.Cleanup(f.venue.close)
	for i, name := range []string{"ACME", "GLOBEX"} {
		p, err := peer.Dial(peer.ParticipantConfig{BeginString: "FIX.4.4", SenderCompID: name, TargetCompID: "GATE",
			Address: f.site.address(), HeartBtSec: heartBtSec})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Stop)
		f.traders = append(f.traders, newTrader(name, name+"-1", p, seed+uint64(i)))
	}
	return f
}

// dump leaves the peers' logs beside the journal of a test that has failed.
func (f *randomFlow) dump() {
	if !f.t.Failed() {
		return
	}
	logs := map[string][]peer.Entry{"XSIM": f.venue.venue.Log()}
	for _, t := range f.traders {
		logs[t.name] = t.peer.Log()
	}
	for name, log := range logs {
		f.site.keepLog(name, log)
	}
}

// keepLog leaves a peer's log beside the journal.
func (s *site) keepLog(name string, log []peer.Entry) {
	var b strings.Builder
	for _, e := range log {
		direction := "<"
		if e.Outgoing {
			direction = ">"
		}
		fmt.Fprintln(&b, e.At.Format("15:04:05.000000"), direction, e.Message)
	}
	if err := os.WriteFile(filepath.Join(s.dir, name+".log"), []byte(b.String()), 0o600); err != nil {
		s.t.Error(err)
	}
}

// settle ends the flow and waits until nothing is open but orders that rest.
func (f *randomFlow) settle() {
	f.t.Helper()
	for _, t := range f.traders {
		t.end()
	}
	f.venue.end()
	end := time.Now().Add(patience)
	for {
		list := f.differences()
		if len(list) == 0 {
			return
		}
		if time.Now().After(end) {
			f.venue.mu.Lock()
			for _, w := range f.venue.wrong {
				f.t.Error(w)
			}
			f.venue.mu.Unlock()
			f.t.Fatalf("it does not settle; %d differences:\n%s\n%s", len(list),
				strings.Join(list[:min(len(list), 30)], "\n"), lastLines(f.site.log(), 20))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// differences compares what the owners know with the venue's book, and lists requests without answer.
func (f *randomFlow) differences() (list []string) {
	claimed := map[string]string{}
	f.venue.mu.Lock()
	defer f.venue.mu.Unlock()
	for _, t := range f.traders {
		list = append(list, t.open()...)
		t.mu.Lock()
		for _, a := range t.list {
			if a.kind == "D" {
				list = append(list, f.compare(a.order, claimed)...)
			}
		}
		t.mu.Unlock()
	}
	for _, o := range f.venue.list {
		if claimed[o.id] == "" {
			list = append(list, fmt.Sprintf("the venue has order %s, of which no owner knows", o.id))
		}
	}
	return list
}

// compare holds one order as its owner knows it against the venue's book.
func (f *randomFlow) compare(o *ordered, claimed map[string]string) (list []string) {
	at := f.venue.orders[o.gateID]
	if o.gateID == "" || strings.HasPrefix(o.text, "NOT_SENT") {
		if at != nil {
			list = append(list, fmt.Sprintf("%s: its owner knows %q, the venue has it", o.id, o.text))
		}
		return list
	}
	if other := claimed[o.gateID]; other != "" {
		list = append(list, fmt.Sprintf("%s and %s are both order %s", o.id, other, o.gateID))
	}
	claimed[o.gateID] = o.id
	switch {
	case at == nil:
		list = append(list, fmt.Sprintf("%s: its owner knows status %q %q, the venue has no %s", o.id, o.status, o.text, o.gateID))
	case o.status != at.status || o.cum != at.cum || o.executed != at.cum:
		list = append(list, fmt.Sprintf("%s (%s): its owner knows status %s, CumQty %d, executions of %d; the venue %s and %d",
			o.id, o.gateID, o.status, o.cum, o.executed, at.status, at.cum))
	case at.status != "8" && (o.qty != strconv.Itoa(at.qty) || !decimal.RequireFromString(o.price).Equal(decimal.RequireFromString(at.price))):
		list = append(list, fmt.Sprintf("%s (%s): its owner knows %s at %s, the venue %d at %s",
			o.id, o.gateID, o.qty, o.price, at.qty, at.price))
	}
	return list
}

// judge looks at everything that must hold once all is settled and the gate is gone.
func (f *randomFlow) judge() {
	t := f.t
	t.Helper()
	f.venue.mu.Lock()
	defer f.venue.mu.Unlock()
	wrong := append([]string{}, f.venue.wrong...)
	counts := map[string]int{}
	logs := map[string][]peer.Entry{"the venue": f.venue.venue.Log()}
	for _, trader := range f.traders {
		trader.mu.Lock()
		wrong = append(wrong, trader.wrong...)
		for _, a := range trader.list {
			code, _, _ := strings.Cut(a.order.text, ":")
			counts[a.kind+" "+a.order.status+" "+code]++
		}
		trader.mu.Unlock()
		logs[trader.name] = trader.peer.Log()
	}
	for who, log := range logs {
		wrong = append(wrong, numbers(who, log)...)
	}
	wrong = append(wrong, f.exposure()...)
	t.Logf("%d orders at the venue; the participants' requests by type, status and reason: %v", len(f.venue.list), counts)
	for _, w := range wrong[:min(len(wrong), 30)] {
		t.Error(w)
	}
}

// numbers holds the bytes that a peer received against the rules of sequence numbers: one number, one
// message; no order twice, nothing possibly resent among orders; no reset, no complaint.
func numbers(who string, log []peer.Entry) (list []string) {
	bodies, ids := map[string]string{}, map[string]string{}
	for _, e := range log {
		m := e.Message
		if m.Type() == "5" && strings.Contains(m.Get(58), "too low") || m.Get(141) == "Y" {
			list = append(list, who+": numbers are lost: "+m.String())
		}
		if e.Outgoing {
			continue
		}
		switch m.Type() {
		case "D", "F", "G":
			if earlier := ids[m.Get(11)]; earlier != "" && earlier != m.String() && m.Type() != "F" || m.Get(43) == "Y" {
				list = append(list, who+": sent twice: "+earlier+" and "+m.String())
			}
			ids[m.Get(11)] = m.String()
		case "8", "9":
		default:
			continue
		}
		body := text(m)
		if earlier, used := bodies[m.Get(34)]; used && earlier != body {
			list = append(list, fmt.Sprintf("%s: MsgSeqNum %s stands for %s and for %s", who, m.Get(34), earlier, body))
		}
		bodies[m.Get(34)] = body
	}
	return list
}

// text is a message without what changes when it is sent again.
func text(m peer.Message) string {
	var kept peer.Message
	for _, f := range m {
		switch f.Tag {
		case 9, 10, 43, 52, 97, 122:
		default:
			kept = append(kept, f)
		}
	}
	return kept.String()
}

// exposure recovers the state that the journal describes and holds it against the venue's book, added
// up by risk/twin.
func (f *randomFlow) exposure() (list []string) {
	t := f.t
	c, cfg, numbers := recovered(t, f.site)
	ledger := twin.New()
	for i := range cfg.Accounts {
		ledger.Account(cfg.Accounts[i].Name, cfg.Clients[cfg.Accounts[i].Client].Name)
	}
	open := 0
	for _, o := range f.venue.list {
		price, side := decimal.RequireFromString(o.price), twinSides[o.side]
		ref := decimal.New(int64(quotes[o.symbol]), -2)
		ledger.Record(twin.Order{ID: o.id, Account: o.account, Symbol: o.symbol, Side: side, Qty: decimal.NewFromInt(int64(o.qty)),
			Worst: twin.Worst(side, twin.Prices{Limit: &price}, decimal.Zero, ref, decimal.Zero), K: decimal.NewFromInt(1)})
		for n, x := range o.fills {
			ledger.Record(twin.Fill{ID: o.id, ExecID: fmt.Sprintf("%s/%d", o.id, n), Qty: decimal.NewFromInt(int64(x.qty)),
				Px: decimal.RequireFromString(x.price)})
		}
		if o.live() {
			open++
		} else {
			ledger.Record(twin.Closed{ID: o.id})
		}
	}
	s := ledger.Measure()
	list = append(list, scopes(c, cfg, numbers, s)...)
	live := 0
	c.EachLive(func(slot uint32, o *core.Order) bool {
		live++
		if o.Flags&(core.FlagUnknown|core.FlagCancelPending) != 0 {
			list = append(list, fmt.Sprintf("order in slot %d is open with flags %b though all is settled", slot, o.Flags))
		}
		return true
	})
	if live != open {
		list = append(list, fmt.Sprintf("%d orders are open in the journal, %d at the venue", live, open))
	}
	return list
}

var twinSides = map[string]twin.Side{"1": twin.Buy, "2": twin.Sell, "5": twin.Short}

// recovered applies the journal of a gate that has ended to an empty core.
func recovered(t *testing.T, s *site) (*core.Core, *config.Config, *config.Numbers) {
	t.Helper()
	cfg := s.config()
	dir := filepath.Join(s.dir, "journal")
	n, err := config.OpenNumbers(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	c, err := assemble.Core(cfg, n, nil, assemble.Heap)
	if err != nil {
		t.Fatal(err)
	}
	follower, err := journal.Follow(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer follower.Close()
	if err := assemble.Walk(follower, func(r *assemble.Record) error {
		c.Apply(&r.Event, &r.Decision)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return c, cfg, n
}

// scopes compares every scope and position with the twin's.
func scopes(c *core.Core, cfg *config.Config, n *config.Numbers, s *twin.State) (list []string) {
	equal := func(what string, have, want decimal.Decimal) {
		if !have.Equal(want) {
			list = append(list, fmt.Sprintf("%s is %s, recomputed %s", what, have, want))
		}
	}
	money := func(v risk.Money) decimal.Decimal { return decimal.New(int64(v), -config.MoneyDecimals) }
	qty := func(v risk.Qty) decimal.Decimal { return decimal.New(int64(v), -config.QtyDecimals) }
	scope := func(name string, have risk.ScopeView, want twin.Scope) {
		equal(name+" bought", money(have.EB), want.EB)
		equal(name+" sold", money(have.ES), want.ES)
		equal(name+" reserved by buys", money(have.RB), want.RB)
		equal(name+" reserved by sells", money(have.RS), want.RS)
		equal(name+" open orders", decimal.NewFromInt(have.OpenOrders), decimal.NewFromInt(int64(want.OpenOrders)))
	}
	scope("firm", c.Book().Credit(risk.ScopeFirm, 0), s.Firm)
	for i := range cfg.Clients {
		number, _ := n.Of(config.ClientNumber, cfg.Clients[i].Name)
		scope(cfg.Clients[i].Name, c.Book().Credit(risk.ScopeClient, number), s.Clients[cfg.Clients[i].Name])
	}
	for i := range cfg.Accounts {
		name := cfg.Accounts[i].Name
		number, _ := n.Of(config.AccountNumber, name)
		scope(name, c.Book().Credit(risk.ScopeAccount, number), s.Accounts[name])
		for symbol := range quotes {
			instrument, _ := n.Of(config.InstrumentNumber, symbol)
			have, want := c.Book().Position(number, instrument), s.Position(name, symbol)
			equal(name+" "+symbol+" position", qty(have.P), want.P)
			equal(name+" "+symbol+" open buys", qty(have.OB), want.OB)
			equal(name+" "+symbol+" open sells", qty(have.OS), want.OS)
			equal(name+" "+symbol+" open long sales", qty(have.OSLong), want.OSLong)
		}
	}
	return list
}
