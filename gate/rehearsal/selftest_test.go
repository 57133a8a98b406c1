package rehearsal

import (
	"bytes"
	"maps"
	"regexp"
	"strings"
	"testing"

	"portcullis/gate/config"
)

// TestSelfTest: every control that is armed refuses its breach; one that another refuses before is named.
func TestSelfTest(t *testing.T) {
	files := config.SampleFiles(20261122)
	run := func(change ...string) (string, error) {
		files := maps.Clone(files)
		files[config.SampleMain] = []byte(strings.NewReplacer(change...).Replace(string(files[config.SampleMain])))
		cfg, err := config.LoadFiles(files, config.SampleMain)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err = SelfTest(&out, cfg, 1_795_354_200_000_000_000)
		return out.String(), err
	}
	out, err := run()
	if err != nil || !strings.Contains(out, ", 0 by another first, 0 passed") {
		t.Errorf("%v\n%s", err, out)
	}
	for _, control := range []string{"SYMBOL_UNKNOWN", "ACCOUNT_NOT_ENTITLED", "SYMBOL_RESTRICTED", "SYMBOL_HALTED", "SIDE_FORBIDDEN", "OFF_LOT", "OFF_TICK",
		"QTY_TOO_LARGE", "NOTIONAL_TOO_LARGE", "COLLAR", "REPEATED_ORDER", "ORDER_RATE",
		"SHORT_SALE_NO_BID", "SHORT_SALE_PRICE"} {
		if !strings.Contains(out, control) {
			t.Errorf("%s was not tried:\n%s", control, out)
		}
	}
	if out, err := run("{name: ACME-1, client: ACME}", "{name: ACME-1, client: ACME, throttles: [{of: day_qty, max: 50}, {of: order_trade_ratio, max: 5, min_messages: 2}]}"); err != nil ||
		!regexp.MustCompile(`ACME-1 +DAY_QTY +refused`).MatchString(out) || !regexp.MustCompile(`ACME-1 +ORDER_TRADE_RATIO +refused`).MatchString(out) {
		t.Errorf("what counts by trade dates: %v\n%s", err, out)
	}
	if out, err := run("self_match: none ", "self_match: OWN ", "tifs: [day, gtc, ioc, fok]", "tifs: [day, closing]", "# close_cutoff: {", "close_cutoff: {"); err != nil ||
		strings.Contains(out, "PASSED") || strings.Count(out, "CLOSE_CUTOFF          refused") != 3 || strings.Count(out, "SELF_MATCH            refused") != 3 {
		t.Errorf("what was before, or how late it is: %v\n%s", err, out)
	}
	for action, control := range map[string]string{"cancel_resting": "SELF_MATCH_STANDS     refused", "cancel_both": "SELF_MATCH            refused"} {
		if out, err := run("self_match: none ", "self_match: OWN ", "self_match_action: cancel_new ", "self_match_action: "+action); err != nil ||
			strings.Contains(out, "PASSED") || strings.Count(out, control) != 3 {
			t.Errorf("%s: %v\n%s", action, err, out)
		}
	}
	if out, err := run("{name: ACME-1, client: ACME}", "{name: ACME-1, client: ACME, repeat_action: disable, throttles: [{of: executions, max: 4}, {of: symbol_orders, max: 3}]}"); err != nil ||
		strings.Contains(out, "CONTROL_DISABLED") || !regexp.MustCompile(`ACME-1 +REPEATED_EXECUTIONS +refused`).MatchString(out) {
		t.Errorf("controls that disable: %v\n%s", err, out)
	}
	if out, err := run("locate: none ", "locate: required "); err != nil || strings.Count(out, "LOCATE_EXCEEDED       refused") != 1 {
		t.Errorf("more than what is located: %v\n%s", err, out)
	}
	if out, err := run("short_checked: false", "short_checked: true"); err != nil || !strings.Contains(out, "SHORT_MARK") ||
		!strings.Contains(out, ", 0 by another first, 0 passed") {
		t.Errorf("short sales that are long ones: %v\n%s", err, out)
	}
	fields := []string{"order_fields: []", "order_fields: [iceberg, min_qty]", "tifs: [day, gtc, ioc, fok]", "tifs: [day, gtc, ioc, fok, gtd]",
		"# capacities: [agency] ", "capacities: [principal] "}
	if out, err := run(fields...); err != nil || !strings.Contains(out, ", 0 by another first, 0 passed") {
		t.Errorf("fields of orders: %v\n%s", err, out)
	} else {
		for _, control := range []string{"PART_QTY", "DISCRETION_FORBIDDEN", "FIELD_CONTRADICTS", "EXECINST_FORBIDDEN", "ISO_FORBIDDEN", "EXPIRY_MISSING",
			"ORDER_EXPIRED", "CAPACITY_MISSING", "CAPACITY_FORBIDDEN"} {
			if !strings.Contains(out, control) {
				t.Errorf("%s was not tried:\n%s", control, out)
			}
		}
	}
	out, err = run("order_qty_max: 10_000\n", "order_qty_max: unlimited\n", "order_qty_min: 0 ", "order_qty_min: 2 ", "  # types: {option: {order_qty_max: 100, notional_max: 50_000}}", "  types: {stock: {order_qty_max: 300}}")
	if err != nil || strings.Count(out, "QTY_TOO_LARGE         refused") != 3 || strings.Count(out, "QTY_TOO_SMALL         refused") != 3 {
		t.Errorf("limits of the firm, and a least quantity: %v\n%s", err, out)
	}
	for rule, control := range map[string]string{"required": "LOCATE_MISSING", "declared": "LOCATE_DECLARATION"} {
		out, err := run("locate: none ", "locate: "+rule+" ")
		if err != nil || !strings.Contains(out, control) || !strings.Contains(out, ", 0 by another first, 0 passed") {
			t.Errorf("short sales without a locate: %v\n%s", err, out)
		}
	}
	out, err = run("  limits: {gross: 1_000_000, net: 500_000}\n  order_qty_max", "  limits: {gross: unlimited, net: unlimited, open: 10_000, net_long: 9_000, long_max: 900, long_total_max: 800}\n  order_qty_max")
	for _, control := range []string{"CREDIT_OPEN", "CREDIT_NET_LONG", "SCOPE_LONG_POSITION", "TOTAL_LONG_POSITION"} {
		if err != nil || !strings.Contains(out, control) || strings.Contains(out, "PASSED") {
			t.Errorf("%s: %v\n%s", control, err, out)
		}
	}
	out, err = run("  limits: {gross: 1_000_000, net: 500_000}\n  order_qty_max", "  limits: {gross: unlimited, net: unlimited, net_carry: 20_000, inventory: 9_000}\n  order_qty_max")
	if err != nil || !strings.Contains(out, ", 0 by another first, 0 passed") || strings.Count(out, "CREDIT_NET_CARRY") != 2 || strings.Count(out, "INVENTORY ") != 2 ||
		!strings.Contains(out, "MARK_MISSING") {
		t.Errorf("what marks value: %v\n%s", err, out)
	}
	sliced := "{name: ACME-1, client: ACME, limits: {gross: 250_000, net: 100_000, types: {stock: {gross: 20_000, net: 10_000}}, symbols: {AAPL: {open: 5_000}}}}"
	out, err = run("{name: ACME-1, client: ACME}", sliced)
	for _, control := range []string{"CREDIT_SLICE_GROSS", "CREDIT_SLICE_NET", "CREDIT_OPEN"} {
		if err != nil || !regexp.MustCompile(`ACME-1 +`+control+` +refused\b`).MatchString(out) || strings.Contains(out, "PASSED") {
			t.Errorf("what a type and a symbol are limited to, %s: %v\n%s", control, err, out)
		}
	}
	throttled := "{name: ACME-1, client: ACME, throttles: [{of: messages, max: 9}, {of: symbol_orders, max: 2}, {of: symbol_qty, max: 30}, " +
		"{of: notional, max: 9_000}, {of: orders, max: 20}]}"
	out, err = run("{name: ACME-1, client: ACME}", throttled)
	if err != nil || !strings.Contains(out, ", 0 passed") {
		t.Errorf("%v\n%s", err, out)
	}
	for _, control := range []string{"MESSAGE_RATE", "SYMBOL_RATE", "NOTIONAL_RATE", "QTY_RATE"} {
		if !regexp.MustCompile(`ACME-1\s+` + control + `\s+refused`).MatchString(out) {
			t.Errorf("%s was not tried:\n%s", control, out)
		}
	}
	files["instruments.csv"] = []byte("symbol,type,currency,tick,lot,adv\nAAPL,stock,USD,0.01,1,1000\nVOD.L,stock,GBP,0.02,1,\nMSFT,stock,USD,0.01,1,")
	if out, err := run("# adv_bps_max: 500 ", "adv_bps_max: 500 "); err != nil || strings.Count(out, "ADV_SHARE             refused") != 3 {
		t.Errorf("a share of the volume: %v\n%s", err, out)
	}
	if out, err := run("    # amount: 2.50 ", "    amount: 2.50 ", "    # ticks: 100 ", "    ticks: 100 "); err != nil || strings.Count(out, "COLLAR_AMOUNT         refused")+strings.Count(out, "COLLAR_TICKS          refused") != 6 {
		t.Errorf("collars: %v\n%s", err, out)
	}
	files["instruments.csv"] = []byte("symbol,type,currency,tick,lot\nAAPL,stock,USD,0.001,1\nVOD.L,stock,GBP,0.02,1\nMSFT,stock,USD,0.01,1")
	if out, err := run("# sub_penny: refuse ", "sub_penny: refuse "); err != nil || strings.Count(out, "SUB_PENNY             refused") != 3 {
		t.Errorf("parts of a cent: %v\n%s", err, out)
	}
	if out, err := run("order_rate: {count: 100, window_ms: 1000}", "order_rate: {count: 3, window_ms: 1000}"); err != nil ||
		!strings.Contains(out, "ORDER_RATE refuses first") {
		t.Errorf("a rate below the repeats: %v\n%s", err, out)
	}
	if out, err := run("\nfirm:\n", "\nlists: [{name: A, symbols: [AAPL]}, {name: B, symbols: [AAPL, MSFT]}]\nfirm:\n  restricted: [A]\n  permitted: [B]\n"); err != nil ||
		!regexp.MustCompile(`RESTRICTED_LIST +refused\b`).MatchString(out) || !regexp.MustCompile(`NOT_PERMITTED +refused\b`).MatchString(out) {
		t.Errorf("with lists: %v\n%s", err, out)
	}
	if out, err := run("\nfirm:\n", "\nphase_rules:\n  - {name: A, continuous: all, opening_auction: {ord_types: market, tifs: all}, closing_auction: {ord_types: all, tifs: opening}}\nfirm:\n",
		"account_defaults:\n", "account_defaults:\n  phase_rules: A\n"); err != nil ||
		!regexp.MustCompile(`(?s)VENUE_HALTED +refused.*PHASE_UNKNOWN +refused.*PHASE_FORBIDDEN +refused.*ORDTYPE_IN_PHASE +refused.*TIF_IN_PHASE +refused`).MatchString(out) {
		t.Errorf("with phase rules: %v\n%s", err, out)
	}
}
