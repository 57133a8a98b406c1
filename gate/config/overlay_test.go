package config

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

// overlaying is the configuration of TestLimitsChange, with throttles.
func overlaying(t *testing.T) *Config {
	t.Helper()
	return loadText(t, strings.Replace(ordered(t), "  - name: GLOBEX\n", "  - name: GLOBEX\n    throttles: [{of: orders, max: 5}, {of: orders, max: 50, window_ms: 60_000}, {of: rejects, max: 3}]\n", 1))
}

// TestOverlay: a limit of whatever kind is set for a time in place of that of the files, and nothing else with it.
func TestOverlay(t *testing.T) {
	c := overlaying(t)
	for _, row := range []struct{ scope, name, key, value, want string }{
		{"firm", "", "limits.gross", "5_000", ""},
		{"firm", "", "limits.open", "5_000.5", ""},
		{"client", "ACME", "limits.net_long", "unlimited", ""},
		{"client", "ACME", "limits.types.etf.gross", "9", ""},
		{"client", "ACME", "limits.symbols.VOD.L.net", "9", ""},
		{"client", "GLOBEX", "order_qty_max", "6", ""},
		{"client", "GLOBEX", "symbols.VOD.L.order_qty_min", "6", ""},
		{"client", "GLOBEX", "types.etf.adv_bps_max", "500", ""},
		{"client", "GLOBEX", "throttles.rejects", "2", ""},
		{"client", "GLOBEX", "throttles.orders.60000", "49", ""},
		{"client", "GLOBEX", "throttles.orders", "4", "there is no such limit"}, // which of the two?
		{"client", "GLOBEX", "throttles.messages", "4", "there is no such limit"},
		{"account", "ACME-1", "order_qty_max", "9", ""},
		{"account", "ACME-1", "notional_max", "9", ""},
		{"account", "ACME-1", "types.etf.order_qty_min", "2", ""},
		{"account", "ACME-1", "open_orders_max", "0", ""},
		{"client", "ACME", "open_orders_max", "0", "there is no such limit"},
		{"desk", "EQUITIES", "notional_max", "79", ""},
		{"link", "FIX.4.4:GATE->ACME", "limits.gross", "9", ""},
		{"link", "FIX.4.4:GATE->GLOBEX", "limits.gross", "9", "it has no limits of credit in the files"},
		{"link", "FIX.4.4:GATE->GLOBEX", "order_rate", "9", ""},
		{"venue", "XSIM", "symbols.AAPL.order_qty_min", "3", ""},
		{"venue", "XSIM", "throttles.orders", "3", "there is no such limit"},
		{"client", "NOBODY", "limits.gross", "9", "client NOBODY: there is none of that name"},
		{"firm", "ACME", "limits.gross", "9", "firm ACME: there is none of that name"},
		{"firm", "", "limits.grass", "9", "there is no such limit\nwant limits.gross"},
		{"firm", "", "symbols.XYZ.order_qty_max", "9", "XYZ is no type of instruments and no symbol"},
		{"firm", "", "limits.gross", "-1", "is negative"},
		{"firm", "", "limits.gross", "lots", "is not a number"},
		{"client", "GLOBEX", "types.etf.adv_bps_max", "1000001", "is too large"},
		{"firm", "", "limits.gross", "1000000000000000", "is too large"},
	} {
		o := Overlay{Scope: row.scope, Name: row.name, Key: row.key, Value: row.value}
		list, err := c.SetFor(o)
		if err != nil || row.want != "" {
			if err == nil || row.want == "" || !strings.Contains(err.Error(), row.want) {
				t.Errorf("%s %s: %v, want %q", &o, row.value, err, row.want)
			}
			continue
		}
		next := c.WithOverlay(list)
		change := Compare(c, next)
		got := append(change.Limits, change.Changed...)
		want := strings.TrimSpace(row.scope + " " + row.name)
		if len(got) == 0 || got[0] != want && got[0] != row.name || len(got) > 1 && !reflect.DeepEqual(got, []string{want, row.name}) {
			t.Errorf("%s changes %q, %q", &o, got, change.Restart)
		}
		if kept, err := LoadFiles(next.Files, SampleMain); err != nil || kept.Hash() != next.Hash() || !reflect.DeepEqual(withoutSecrets(kept), withoutSecrets(next)) {
			t.Errorf("%s is not the same when it was kept: %v", &o, err)
		}
		if back := next.WithoutEnded(1, time.Now()); back.Hash() != c.Hash() {
			t.Errorf("%s does not end", &o)
		}
	}
	if c.Hash() != overlaying(t).Hash() || !reflect.DeepEqual(withoutSecrets(c), withoutSecrets(overlaying(t))) {
		t.Error("the files' own limits were written to")
	}
}

// TestOverlayGoverned: a lower limit counts at once; a higher one waits, as long as one of before holds, and another that waits
// meanwhile waits on. Its end needs nobody.
func TestOverlayGoverned(t *testing.T) {
	files := overlaying(t)
	files.Gate.Approval = FourEyes
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	inForce := files
	set := func(value string, date int, until time.Time) {
		t.Helper()
		list, err := inForce.Offered().SetFor(Overlay{Scope: "firm", Key: "limits.gross", Value: value, Date: date, Until: until})
		if err != nil {
			t.Fatal(err)
		}
		inForce = Govern(inForce, inForce.Offered().WithOverlay(list), false)
	}
	expect := func(gross int64, held string) {
		t.Helper()
		if inForce.Firm.Gross != gross*10_000 || heldText(inForce) != held {
			t.Fatalf("gross %d, held %q", inForce.Firm.Gross/10_000, heldText(inForce))
		}
	}
	set("9_000", 1, time.Time{})
	expect(9_000, "")
	set("9_500", 1, now.Add(time.Hour))
	expect(9_000, "firm.limits.gross: 9500 is offered, 9000 stays")
	looser := *files
	looser.Firm.Net++
	inForce = Govern(inForce, looser.WithOverlay(inForce.Offered().Overlay()), false)
	expect(9_000, "firm.limits.gross: 9500 is offered, 9000 stays\nfirm.limits.net: 5000000.0001 is offered, 5000000 stays")
	if again := inForce.WithoutEnded(1, now); again != inForce {
		t.Error("something has ended early")
	}
	inForce = inForce.WithoutEnded(2, now) // the roll: what held is over, and what waited is less than what the files say
	expect(9_500, "firm.limits.net: 5000000.0001 is offered, 5000000 stays")
	inForce = Govern(inForce, inForce.Offered(), true)
	expect(9_500, "")
	inForce = inForce.WithoutEnded(2, now.Add(time.Hour))
	expect(10_000_000, "")
	if len(inForce.Overlay()) != 0 || inForce.Firm.Net != looser.Firm.Net {
		t.Errorf("%+v", inForce.Firm)
	}
}
