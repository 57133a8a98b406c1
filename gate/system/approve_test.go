package system

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"portcullis/gate/config"
)

// TestFourEyes: under approval: four_eyes nothing trades before a second person has approved the first configuration; a
// restart brings what tightens and not what loosens; and it is no way round that.
func TestFourEyes(t *testing.T) {
	t.Parallel()
	second, group := nobody(t)
	venue := openRawVenue(t)
	files := desk(venue.port())
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "approval: none\n", "approval: four_eyes\n  admin_group: "+group+"\n", 1)
	s := newSite(t, files)
	conf, socket := filepath.Join(s.dir, "gate.yaml"), filepath.Join(s.dir, "gate.sock")
	pending := func(want ...string) (hash string) {
		t.Helper()
		out, err := s.gate("changes", "--pending", "-c", conf)
		for _, text := range want {
			if err != nil || !strings.Contains(out, text) {
				t.Fatalf("%v\n%s\nlacks %s", err, out, text)
			}
		}
		_, rest, _ := strings.Cut(out, "configuration ")
		hash, _, _ = strings.Cut(rest, ",")
		return hash
	}
	order := func(c *raw, id, qty, want string) {
		t.Helper()
		c.send("35=D|11=" + id + "|1=ACME-1|55=AAPL|54=1|38=" + qty + "|40=2|44=187.50|60=20261122-00:00:00")
		c.await("35=8|11=" + id + "|" + want)
	}
	takesOrders := func(want string) {
		t.Helper()
		if out, err := s.gate("status", "-c", conf); err != nil || !strings.Contains(out, "takes orders   "+want) {
			t.Fatalf("%v: want %q of:\n%s", err, want, out)
		}
	}
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("|141=Y")
	order(acme, "A", "10", "58=UNAPPROVED*")
	hash := pending("first configuration", "nothing trades until it is approved")
	takesOrders("no: nothing is approved yet")
	if out, err := s.gate("approve", hash, "-s", socket, "-r", "my own"); err == nil || !strings.Contains(out, "another person approves it") &&
		!strings.Contains(out, "is no member of gate.admin_group") {
		t.Fatal(out, err)
	}
	if out, err := s.gateAs(second, "approve", "0123456789abcdef", "-s", socket, "-r", "guess"); err == nil || !strings.Contains(out, "no configuration of that hash") {
		t.Fatal(out, err)
	}
	if out, err := s.gateAs(second, "approve", hash, "-s", socket, "-r", "read it"); err != nil || !strings.Contains(out, "in force") {
		t.Fatal(out, err)
	}
	order(acme, "B", "10", "150=0")
	pending("nothing waits for approval")
	takesOrders("yes, where")

	// A lower limit of credit counts at once, and says what stands above it; a higher one waits.
	s.rewrite("gate.yaml", "firm:\n  limits: {gross: 1_000", "firm:\n  limits: {gross: 1_001")
	s.rewrite("gate.yaml", "{name: ACME-2, client: ACME}", "{name: ACME-2, client: ACME, limits: {gross: 0, net: 0}}")
	if out, err := s.reload(); err != nil || !strings.Contains(out, "limits of account ACME-2") || !strings.Contains(out, "PENDING APPROVAL firm.limits.gross") {
		t.Fatal(out, err)
	}
	acme.send("35=D|11=B2|1=ACME-2|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	acme.await("35=8|11=B2|58=CREDIT_ACCOUNT_GROSS*")
	hash = pending("firm.limits.gross")
	if out, err := s.gateAs(second, "approve", hash, "-s", socket, "-r", "more credit"); err != nil || !strings.Contains(out, "limits of firm") {
		t.Fatal(out, err)
	}
	pending("nothing waits for approval")

	// A limit that is set for a time: a lower one counts at once and comes back by itself, a higher one waits.
	limit := func(want string, words ...string) {
		t.Helper()
		if out, err := s.gate(append([]string{"limit"}, words...)...); err != nil || !strings.Contains(out, want) {
			t.Fatalf("%v: %v\n%s\nlacks %s", words, err, out, want)
		}
	}
	for within := 2 * time.Second; ; within *= 2 { // on a machine with other work it may be over before the order comes
		id := "L1-" + within.String()
		limit("account ACME-1 order_qty_max is 9 until", "set", "account", "ACME-1", "order_qty_max", "9", "--for", within.String(), "-s", socket, "-r", "slow down")
		acme.send("35=D|11=" + id + "|1=ACME-1|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
		if m := acme.await("35=8|11=" + id); strings.HasPrefix(m.Get(58), "QTY_TOO_LARGE") {
			break
		} else if within > patience {
			t.Fatal(m)
		}
	}
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if out, err := s.gate("limit", "list", "-c", conf); err == nil && strings.Contains(out, "no limit is set for a time") {
			break
		} else if time.Now().After(end) {
			t.Fatal(out, err)
		}
	}
	order(acme, "L2", "10", "150=0")
	limit("is 8 until the next roll", "set", "account", "ACME-1", "order_qty_max", "8", "-s", socket, "-r", "less")
	if out, err := s.reload(); err != nil {
		t.Fatal(out, err)
	}
	limit("stays as it is until another person approves", "set", "account", "ACME-1", "order_qty_max", "10", "-s", socket, "-r", "a bit more")
	order(acme, "L3", "9", "58=QTY_TOO_LARGE*")
	hash = pending("account ACME-1 order_qty_max: 10 is offered, 8 stays", "10 until the next roll is asked for by", ": a bit more")
	if out, err := s.gateAs(second, "approve", hash, "-s", socket, "-r", "a quiet day"); err != nil || !strings.Contains(out, "in force") {
		t.Fatal(out, err)
	}
	order(acme, "L4", "10", "150=0")
	order(acme, "L5", "11", "58=QTY_TOO_LARGE*")
	limit("a bit more", "list", "-c", conf)
	s.terminate()
	s.start()
	(<-venue.linked).await("35=1")
	acme = s.dial("ACME").logon("|141=Y")
	order(acme, "L6", "11", "58=QTY_TOO_LARGE*")
	limit("stays as it is until another person approves", "clear", "account", "ACME-1", "order_qty_max", "-s", socket, "-r", "as before") // more passes then
	hash = pending("account ACME-1 order_qty_max: 1000000 is offered, 10 stays")
	if out, err := s.gateAs(second, "approve", hash, "-s", socket, "-r", "as before"); err != nil || !strings.Contains(out, "in force") {
		t.Fatal(out, err)
	}

	// What a reload offers waits as well, and comes into force without a restart.
	s.rewrite("gate.yaml", "max_order_age_ms: 60000", "max_order_age_ms: 61000")
	if out, err := s.reload(); err != nil || !strings.Contains(out, "PENDING APPROVAL link FIX.4.4:GATE->ACME max_order_age_ms: 61000 ms is offered, 60000 ms stays") {
		t.Fatal(out, err)
	}
	hash = pending("max_order_age_ms: 61000 ms is offered, 60000 ms stays")
	if out, err := s.gateAs(second, "approve", hash, "-s", socket, "-r", "slow line"); err != nil || !strings.Contains(out, "in force") {
		t.Fatal(out, err)
	}
	pending("nothing waits for approval")

	// Two who have both offered what waits approve it neither of them, and are told of each other and of the way out of it.
	limit("stays as it is until another person approves", "set", "account", "ACME-1", "order_qty_max", "1000001", "-s", socket, "-r", "one more")
	many := func(until string) {
		t.Helper()
		if out, err := s.gateAs(second, "limit", "set", "account", "ACME-1", "open_orders_max", "100001", "--for", until, "-s", socket, "-r", "many"); err != nil {
			t.Fatal(out, err)
		}
	}
	locked := func() {
		t.Helper()
		hash = pending("offered by root", ": one more; and by nobody", ": many")
		out, err := s.gateAs(second, "approve", hash, "-s", socket, "-r", "mine")
		if err == nil || !strings.Contains(out, "root (user 0), nobody (user ") || !strings.Contains(out, "gate reload, which takes the offer back") {
			t.Fatal(out, err)
		}
	}
	many("1h")
	locked()
	many("1s")
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		out, err := s.gate("changes", "--pending", "-c", conf)
		if err == nil && !strings.Contains(out, "open_orders_max") { // the time of one is over, and the gate offers the rest
			break
		} else if time.Now().After(end) {
			t.Fatal(out, err)
		}
	}
	locked()
	limit("is that of the files again", "clear", "account", "ACME-1", "order_qty_max", "-s", socket, "-r", "anew")
	pending("nothing waits for approval")

	// One limit up, one down: by a restart, a crash of the engine and another restart.
	s.rewrite("gate.yaml", "order_qty_max: 1_000_000", "order_qty_max: 2_000_000")
	s.rewrite("gate.yaml", "unanswered_ms: 1000", "unanswered_ms: 2000")
	s.rewrite("gate.yaml", "open_orders_max: 100_000", "open_orders_max: 99_999")
	s.rewrite("gate.yaml", "admin_group: "+group, "admin_group: root") // which only a start takes up; the watchdog listens to those of before as well
	for range 2 {
		s.terminate()
		s.start()
		(<-venue.linked).await("35=1")
		if info, err := os.Stat(socket + config.WatchdogSuffix); err != nil || info.Sys().(*syscall.Stat_t).Gid != second.Gid {
			t.Errorf("%v: a group that nobody has approved can kill hard", err)
		}
		hash = pending("order_qty_max: 2000000 is offered, 1000000 stays")
		if out, err := s.gate("status", "-c", conf); err != nil || !strings.Contains(out, "APPROVAL of "+hash) {
			t.Fatal(out, err)
		}
	}
	acme = s.dial("ACME").logon("|141=Y")
	order(acme, "C", "1000001", "58=QTY_TOO_LARGE*")
	if out, err := s.gate("changes", "-c", conf, "--since", "1h"); err != nil || !strings.Contains(out, "waits for approval, offered by user") {
		t.Error(out, err)
	}
	if out, err := s.gateAs(second, "approve", hash, "-s", socket, "-r", "more of them"); err != nil || !strings.Contains(out, "comes into force at the next start") {
		t.Fatal(out, err)
	}
	pending("is approved; this comes into force at the next start", "order_qty_max: 2000000 is offered")
	s.terminate()
	s.start()
	(<-venue.linked).await("35=1")
	pending("nothing waits for approval")
	acme = s.dial("ACME").logon("|141=Y")
	order(acme, "D", "1000001", "150=0")
	s.terminate()
	if out, err := s.gate("replay", "-c", conf); err != nil {
		t.Error(out, err)
	}
}
