package system

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestFourEyes: under approval: four_eyes nothing trades before a second person has approved the first configuration; a
// restart brings what tightens and not what loosens; and it is no way round that.
func TestFourEyes(t *testing.T) {
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
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("|141=Y")
	order(acme, "A", "10", "58=UNAPPROVED*")
	hash := pending("first configuration", "nothing trades until it is approved")
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

	// What a reload offers waits as well, and comes into force without a restart.
	s.rewrite("gate.yaml", "max_order_age_ms: 2000", "max_order_age_ms: 3000")
	if out, err := s.reload(); err != nil || !strings.Contains(out, "PENDING APPROVAL link FIX.4.4:GATE->ACME max_order_age_ms: 3000 ms is offered, 2000 ms stays") {
		t.Fatal(out, err)
	}
	hash = pending("max_order_age_ms: 3000 ms is offered, 2000 ms stays")
	if out, err := s.gateAs(second, "approve", hash, "-s", socket, "-r", "slow line"); err != nil || !strings.Contains(out, "in force") {
		t.Fatal(out, err)
	}
	pending("nothing waits for approval")

	// One limit up, one down: by a restart, a crash of the engine and another restart.
	s.rewrite("gate.yaml", "order_qty_max: 1_000_000", "order_qty_max: 2_000_000")
	s.rewrite("gate.yaml", "open_orders_max: 100_000", "open_orders_max: 99_999")
	for range 2 {
		s.terminate()
		s.start()
		(<-venue.linked).await("35=1")
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
