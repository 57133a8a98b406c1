package gate

import (
	"fmt"
	"strings"
	"testing"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
)

// fourEyes is a gate whose changes take two people, and that follows its files while it runs.
type fourEyes struct {
	*path
	inForce *config.Config
	numbers *config.Numbers
	orders  int
}

func newFourEyes(t *testing.T) *fourEyes {
	t.Helper()
	cfg, numbers, err := assembled(t, config.SampleFiles(pathDate))
	must(t, err)
	return &fourEyes{path: openPath(t, cfg, numbers), inForce: cfg, numbers: numbers}
}

// give is a command of a user, and its answer.
func (f *fourEyes) give(m core.Command, user uint32) core.ReplyCode {
	m.ID, m.UID, m.Reason, m.Actor = 1, user, "test", "test"
	f.step(core.Event{Kind: core.CommandGiven, Link: core.NoIndex, Data: m.Append(nil)})
	code := f.d.Reply.Code
	f.event(core.Event{Kind: core.Tick, Link: core.NoIndex})
	return code
}

// reload is one by user 1: what of the files loosens no check comes into force, the rest waits under the hash returned.
func (f *fourEyes) reload(change ...string) (hash string) {
	f.t.Helper()
	return f.reloadFiles(config.SampleFiles(pathDate), change...)
}

func (f *fourEyes) reloadFiles(files map[string][]byte, change ...string) (hash string) {
	f.t.Helper()
	offered, _, err := assembled(f.t, files, change...)
	f.must(err)
	next := config.Govern(f.inForce, offered, false)
	f.install(next)
	m := offerOf(next, core.OffersAnew)
	m.Index, m.Target = 1, 1
	if code := f.give(m, 1); code != core.Done {
		f.t.Fatalf("the offer is answered by %d", code)
	}
	return hashOf(next.Offered())
}

func (f *fourEyes) install(next *config.Config) {
	f.t.Helper()
	if code := f.offer(next); code != core.Done {
		f.t.Fatalf("the reload is answered by %d", code)
	}
}

// follow is a reload of the sample's files with a change, and its answer.
func (f *fourEyes) follow(want core.ReplyCode, change ...string) {
	f.t.Helper()
	next, _, err := assembled(f.t, config.SampleFiles(pathDate), change...)
	f.must(err)
	if code := f.offer(next); code != want {
		f.t.Fatalf("the reload is answered by %d, want %d", code, want)
	}
}

// offer has the engine judge a configuration, which is in force then if it takes it.
func (f *fourEyes) offer(next *config.Config) core.ReplyCode {
	f.t.Helper()
	if change := config.Compare(f.inForce, next); len(change.Restart) > 0 {
		f.t.Fatal(change.Restart)
	}
	f.must(assemble.Assign(next, f.numbers))
	change, err := assemble.Change(f.inForce, next, f.numbers, atHundred{f.path}, assemble.Heap)
	f.must(err)
	f.core.Stage(change)
	code := f.give(core.Command{Kind: core.CmdReload, Target: change.Version}, 1)
	if code == core.Done {
		f.inForce = next
	}
	return code
}

// approve is the word of a user for what waits under a hash, and what follows where it counts.
func (f *fourEyes) approve(hash string, user uint32) core.ReplyCode {
	f.t.Helper()
	code := f.give(core.Command{Kind: core.CmdApprove, Name: hash}, user)
	if code == core.Done {
		f.install(f.inForce.Offered())
	}
	return code
}

// order is one in an account; want is what follows.
func (f *fourEyes) order(account, want string) {
	f.t.Helper()
	f.orders++
	f.acme(fmt.Sprintf("35=D|11=N-%d|1=%s|", f.orders, account)+limitOrder, want)
}

const (
	oneAccount  = "  - {name: ACME-1, client: ACME}\n"
	newAccount  = oneAccount + "  - {name: ACME-9, client: ACME}\n"
	lessAccount = oneAccount + "  - {name: ACME-9, client: ACME, order_qty_max: 99}\n"
)

// TestAddedAccountWaits: an account that a reload adds takes no order before another person has approved it, whatever else
// happens meanwhile, and then trades; others trade all the time.
func TestAddedAccountWaits(t *testing.T) {
	f := newFourEyes(t)
	f.order("ACME-9", "ACCOUNT_UNKNOWN")
	hash := f.reload(oneAccount, newAccount)
	f.order("ACME-9", "58=UNAPPROVED")
	f.order("ACME-1", "35=D|")
	if code := f.approve(hash, 1); code != core.OwnOffer {
		t.Errorf("who offers it approves it: %d", code)
	}
	f.order("ACME-9", "58=UNAPPROVED")
	f.roll(pathDate + 1) // it does not become right by waiting
	f.order("ACME-9", "58=UNAPPROVED")
	if again := f.reload(oneAccount, newAccount); again != hash {
		t.Errorf("the same files wait under %s, and did under %s", again, hash)
	}
	f.order("ACME-9", "58=UNAPPROVED")
	if code := f.approve(hash, 2); code != core.Done {
		t.Errorf("another person's word is answered by %d", code)
	}
	f.order("ACME-9", "35=D|")
}

// TestAddedAccountIsDenied: what is taken back, or offered otherwise, cannot be approved any more as it was; the account
// stays refused.
func TestAddedAccountIsDenied(t *testing.T) {
	f := newFourEyes(t)
	first := f.reload(oneAccount, newAccount)
	second := f.reload(oneAccount, lessAccount)
	if code := f.approve(first, 2); code != core.NotOffered {
		t.Errorf("an offer in whose place another has come is answered by %d", code)
	}
	f.order("ACME-9", "58=UNAPPROVED")
	f.reload() // the second person says no: it is taken out of the files
	if code := f.approve(second, 2); code != core.NotOffered {
		t.Errorf("an offer that was taken back is answered by %d", code)
	}
	f.order("ACME-9", "58=ACCOUNT_UNKNOWN")
	third := f.reload(oneAccount, lessAccount)
	f.order("ACME-9", "58=UNAPPROVED")
	if code := f.approve(third, 3); code != core.Done {
		t.Errorf("another person's word is answered by %d", code)
	}
	f.order("ACME-9", "58=QTY_TOO_LARGE")
}

// TestRoutesWait: other routes could send orders where nobody has agreed to, so the table of before stays until another person has
// approved them; a route that is wrong changes nothing.
func TestRoutesWait(t *testing.T) {
	f := newFourEyes(t)
	hash := f.reload("  default: XSIM\n", "  accounts: {GLOBEX-1: XSIM}\n", "  accounts: {}\n", "")
	f.order("ACME-1", "35=D|")
	if code := f.approve(hash, 1); code != core.OwnOffer {
		t.Errorf("who offers it approves it: %d", code)
	}
	f.order("ACME-1", "35=D|")
	if code := f.approve(hash, 2); code != core.Done {
		t.Errorf("another person's word is answered by %d", code)
	}
	f.order("ACME-1", "58=ROUTE_MISSING")
	if _, _, err := assembled(t, config.SampleFiles(pathDate), "  default: XSIM\n", "  default: NOWHERE\n"); err == nil {
		t.Error("a route to a venue that is not there was taken")
	}
	f.order("ACME-1", "58=ROUTE_MISSING")
}

// TestVenueWaits: a venue that a reload adds, and the route that leads to it, take no order before another person has approved them.
func TestVenueWaits(t *testing.T) {
	f := newFourEyes(t)
	files := config.SampleFiles(pathDate)
	files["venues.cfg"] = append(files["venues.cfg"], "\n[SESSION]\nTargetCompID=XNEW\nSocketConnectHost=127.0.0.1\nSocketConnectPort=9999\n"...)
	hash := f.reloadFiles(files, "\nvenues:\n", "\nvenues:\n  - {name: XNEW, link: FIX.4.4:GATE->XNEW, clordid: translate, id_prefix: N, id_length_max: 20, id_alphabet: base36, cod: none}\n",
		"  default: XSIM\n", "  default: XNEW\n")
	f.order("ACME-1", "35=D|")
	if v := f.inForce.Venues[0]; v.Name != "XNEW" || v.Limits == nil || v.Limits.Gross != 0 || len(f.core.Setup().Venues) != 2 {
		t.Errorf("it is not there, or may take orders: %+v", v)
	}
	if code := f.approve(hash, 1); code != core.OwnOffer {
		t.Errorf("who offers it approves it: %d", code)
	}
	f.order("ACME-1", "35=D|")
	if code := f.approve(hash, 2); code != core.Done {
		t.Errorf("another person's word is answered by %d", code)
	}
	f.order("ACME-1", "58=VENUE_DOWN")
}

// TestOwnersWait: an account counts with its client of before until another person has approved the new one.
func TestOwnersWait(t *testing.T) {
	f := newFourEyes(t)
	hash := f.reload(toGlobex...)
	f.order("ACME-1", "35=D|")
	if code := f.approve(hash, 2); code != core.Done {
		t.Errorf("another person's word is answered by %d", code)
	}
	f.order("ACME-1", "CREDIT_CLIENT_GROSS")
}

// TestLinkOfAnother: a link gets another client while no order of it is open that would be of the client before, which nobody else of
// that client could cancel; the accounts may come along. Until then nothing of the reload is in force.
func TestLinkOfAnother(t *testing.T) {
	link := []string{"  - link: FIX.4.4:GATE->ACME\n    client: ACME\n    default_account: ACME-1 ", "  - link: FIX.4.4:GATE->ACME\n    client: GLOBEX\n    default_account: GLOBEX-1 "}
	idle := newFourEyes(t)
	idle.follow(core.Done, link...)
	idle.order("ACME-1", "ACCOUNT_NOT_ENTITLED")
	idle.order("GLOBEX-1", "35=D|")

	f := newFourEyes(t)
	f.order("ACME-1", "35=D|")
	f.follow(core.LinkOfAnother, link...)
	f.order("ACME-1", "35=D|")
	f.order("GLOBEX-1", "ACCOUNT_NOT_ENTITLED")
	f.follow(core.Done, toGlobex...)
	f.order("ACME-1", "CREDIT_CLIENT_GROSS")
	a := (&Gate{numbers: f.numbers}).reloadRefused(core.LinkOfAnother, f.links["ACME"], nil)
	if want := "link FIX.4.4:GATE->ACME would belong to another client, and has orders open of accounts that would not: cancel them (gate kill --link), or give the accounts that client too"; a.OK || !strings.Contains(a.Error, want) {
		t.Error(a.Error)
	}
}
