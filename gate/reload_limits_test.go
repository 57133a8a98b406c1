package gate

import (
	"strings"
	"testing"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
)

// reloaded is a gate of the sample's files that has followed a change of them.
func reloaded(t *testing.T, change ...string) *path {
	t.Helper()
	return reloadedTo(t, config.SampleFiles(pathDate), change...)
}

// reloadedTo is one that has followed other files.
func reloadedTo(t *testing.T, files map[string][]byte, change ...string) *path {
	t.Helper()
	was, numbers, err := assembled(t, config.SampleFiles(pathDate))
	must(t, err)
	is, _, err := assembled(t, files, change...)
	must(t, err)
	must(t, assemble.Assign(is, numbers))
	p := openPath(t, was, numbers)
	if c := config.Compare(was, is); len(c.Restart) > 0 {
		t.Fatal(c.Restart)
	}
	next, err := assemble.Change(was, is, numbers, atHundred{p}, assemble.Heap)
	must(t, err)
	p.core.Stage(next)
	m := core.Command{ID: 1, Kind: core.CmdReload, Target: next.Version, Reason: "test", Actor: "test"}
	p.event(core.Event{Kind: core.CommandGiven, Link: core.NoIndex, Data: m.Append(nil)})
	return p
}

// TestReloadedLimits: a lower limit of whatever kind, of whatever scope, refuses in a running gate what it would refuse after a
// start with it.
func TestReloadedLimits(t *testing.T) {
	const venue = "    # limits: {gross: 5_000_000, net: 2_000_000} "
	const firm, client, account, link = "limits: {gross: 10_000_000, net: 5_000_000}", "  - name: ACME\n", "{name: ACME-1, client: ACME}", "  - link: FIX.4.4:GATE->ACME\n"
	in := func(entry, more string) []string { return []string{entry, entry + "    " + more + "\n"} }
	of := func(more string) []string { return []string{account, "{name: ACME-1, client: ACME, " + more + "}"} }
	for _, c := range []struct {
		change []string
		want   string
	}{
		{nil, "35=D|"},
		{[]string{firm, "limits: {gross: 9_999, net: 5_000_000}"}, "CREDIT_FIRM_GROSS"},
		{[]string{firm, "limits: {gross: 10_000_000, net: 5_000_000, open: 9_999}"}, "CREDIT_OPEN"},
		{[]string{firm, firm + "\n  order_qty_max: 99"}, "QTY_TOO_LARGE"},
		{[]string{firm, firm + "\n  symbols: {AAPL: {notional_max: 9_999}}"}, "NOTIONAL_TOO_LARGE"},
		{[]string{firm, firm + "\n  throttles: [{of: messages, max: 0}]"}, "MESSAGE_RATE"},
		{in(client, "order_qty_max: 99"), "QTY_TOO_LARGE"},
		{in(client, "throttles: [{of: notional, max: 9_999}, {of: orders, max: 5}]"), "NOTIONAL_RATE"},
		{of("limits: {gross: 9_999, net: 10_000}"), "CREDIT_ACCOUNT_GROSS"},
		{of("long_max: 99"), "LONG_POSITION"},
		{of("order_qty_max: 99"), "QTY_TOO_LARGE"},
		{of("open_orders_max: 0"), "OPEN_ORDER_COUNT"},
		{of("sides: [sell]"), "SIDE_FORBIDDEN"},
		{of("ord_types: [market]"), "ORDTYPE_FORBIDDEN"},
		{in(link, "order_qty_max: 99"), "QTY_TOO_LARGE"},
		{in(link, "order_rate: {count: 0, window_ms: 1000}"), "ORDER_RATE"},
		{[]string{firm, "limits: {gross: 10_000_000, net: 5_000_000, types: {stock: {gross: 9_999}}}"}, "CREDIT_SLICE_GROSS"},
		{of("limits: {gross: 1_000_000, net: 1_000_000, symbols: {AAPL: {open: 9_999}}}"), "CREDIT_OPEN"},
		{[]string{firm, "limits: {gross: 10_000_000, net: 5_000_000, long_max: 99}"}, "SCOPE_LONG_POSITION"},
		{in(link, "limits: {gross: 9_999, net: unlimited}"), "CREDIT_LINK_GROSS"},
		{[]string{venue, "    limits: {gross: 1_000_000, net: 9_999} "}, "CREDIT_VENUE_NET"},
		{[]string{venue, "    limits: {gross: 10_000, net: 10_000, types: {etf: {gross: 0}}} "}, "35=D|"},
	} {
		reloaded(t, c.change...).acme("35=D|11=new|"+limitOrder, c.want)
	}
}

// TestReloadedNames: an account, a symbol and a restriction that a running gate is given, and an account that it is not to have any
// more, judge as after a start.
func TestReloadedNames(t *testing.T) {
	const account = "  - {name: ACME-1, client: ACME}\n"
	for _, c := range []struct {
		change      []string
		order, want string
	}{
		{[]string{account, account + "  - {name: ACME-9, client: ACME}\n"}, "1=ACME-9|" + limitOrder, "35=D|"},
		{[]string{account, account + "  - {name: ACME-9, client: ACME, order_qty_max: 99}\n"}, "1=ACME-9|" + limitOrder, "QTY_TOO_LARGE"},
		{[]string{account, account + "  - {name: ACME-9, client: ACME, limits: {gross: 1_000_000, net: 1_000_000, types: {stock: {gross: 9_999}}}}\n"}, "1=ACME-9|" + limitOrder, "CREDIT_SLICE_GROSS"},
		{[]string{account, account + "  - {name: ACME-9, client: GLOBEX}\n"}, "1=ACME-9|" + limitOrder, "ACCOUNT_NOT_ENTITLED"},
		{[]string{account, "  - {name: ACME-9, client: ACME}\n", "default_account: ACME-1 ", "default_account: ACME-9 "}, "1=ACME-9|" + limitOrder, "35=D|"}, // in its place
		{[]string{account, "", "default_account: ACME-1 ", "default_account: ACME-HEDGE "}, "1=ACME-1|" + limitOrder, "ACCOUNT_UNKNOWN"},
	} {
		reloaded(t, c.change...).acme("35=D|11=new|"+c.order, c.want)
	}
	for _, c := range []struct{ old, new, symbol, want string }{
		{"AAPL,stock,USD,1,1,0.01,1,,N,N", "AAPL,stock,USD,1,1,0.01,1,,Y,N", "AAPL", "SYMBOL_RESTRICTED"},
		{"AAPL,stock,USD,1,1,0.01,1,,N,N", "AAPL,stock,USD,1,1,0.01,7,,N,N", "AAPL", "OFF_LOT"},
		{"AAPL,stock,USD,1,1,0.01,1,,N,N", "AAPL,stock,USD,1,1,0.03,1,,N,N", "AAPL", "OFF_TICK"},
		{"HALTED,", "NEW,stock,USD,1,1,0.01,1,,N,N\nHALTED,", "NEW", "35=D|"},
		{"SPY,etf,USD,1,1,0.01,1,,N,N\n", "", "SPY", "SYMBOL_UNKNOWN"},
	} {
		files := config.SampleFiles(pathDate)
		files["instruments.csv"] = []byte(strings.Replace(string(files["instruments.csv"]), c.old, c.new, 1))
		files["prices.csv"] = []byte(strings.Replace(string(files["prices.csv"]), "SPY,", "# SPY,", 1))
		reloadedTo(t, files).acme("35=D|11=new|"+strings.Replace(limitOrder, "AAPL", c.symbol, 1), c.want)
	}
}

// toGlobex gives the accounts and the link of ACME to GLOBEX, which may have less than an order of limitOrder.
var toGlobex = []string{"  - link: FIX.4.4:GATE->ACME\n    client: ACME\n", "  - link: FIX.4.4:GATE->ACME\n    client: GLOBEX\n", "{name: ACME-1, client: ACME}", "{name: ACME-1, client: GLOBEX}",
	"  - name: ACME-HEDGE\n    client: ACME\n", "  - name: ACME-HEDGE\n    client: GLOBEX\n", "limits: {gross: 500_000, net: 250_000}", "limits: {gross: 9_999, net: 9_999}"}

// TestReloadedOwners: another client, group or desk that a running gate is given judges as after a start.
func TestReloadedOwners(t *testing.T) {
	const client, traders = "  - name: ACME\n", "\ndesks: [{name: D, limits: {gross: 9_999, net: 9_999}}]\ntraders: [{name: ANN, limits: {gross: unlimited, net: unlimited}}]\nclients:\n"
	for _, c := range []struct {
		change []string
		want   string
	}{
		{[]string{"\nclients:\n", "\ngroups: [{name: G, limits: {gross: 9_999, net: 9_999}}]\nclients:\n", client, client + "    group: G\n"}, "CREDIT_GROUP_GROSS"},
		{toGlobex, "CREDIT_CLIENT_GROSS"},
	} {
		reloaded(t, c.change...).acme("35=D|11=new|"+limitOrder, c.want)
	}
	was, numbers, err := assembled(t, config.SampleFiles(pathDate), "\nclients:\n", traders)
	must(t, err)
	is, _, err := assembled(t, config.SampleFiles(pathDate), "\nclients:\n", strings.Replace(traders, "ANN,", "ANN, desk: D,", 1))
	must(t, err)
	f := &fourEyes{path: openPath(t, was, numbers), inForce: was, numbers: numbers}
	const order = "|1=ACME-1|453=1|448=ANN|447=D|452=12|" + limitOrder
	f.acme("35=D|11=A1"+order, "35=D|")
	f.install(is)
	f.acme("35=D|11=A2"+order, "CREDIT_DESK_GROSS")
}

// TestReloadedProfile: another profile of a venue that a running gate is given judges as after a start.
func TestReloadedProfile(t *testing.T) {
	for _, c := range []struct {
		change []string
		want   string
	}{
		{[]string{"      reject: [] ", "      reject: [21] "}, "FIELD_FORBIDDEN"},
		{[]string{"      set: {} ", "      set: {50: DESK1} "}, "|50=DESK1|"},
		{[]string{"    account_map: {} ", "    account_map: {ACME-1: 77} "}, "|1=77|"},
		{[]string{"    symbol_map: {} ", "    symbol_map: {AAPL: AAPLx} "}, "|55=AAPLx|"},
	} {
		reloaded(t, c.change...).acme("35=D|11=new|1=ACME-1|21=1|"+limitOrder, c.want)
	}
}

// TestNewNamesKeepPositions: a desk, trader or algo that a running gate is given may have its positions limited at once, for it has made
// none; who has traded comes to no such desk, and gets no such limit, before a start has counted what he made.
func TestNewNamesKeepPositions(t *testing.T) {
	const free, held = "limits: {gross: unlimited, net: unlimited}", "limits: {gross: unlimited, net: unlimited, long_max: 150}"
	desks := func(entries string) []string {
		return []string{"\nclients:\n", "\ndesks: [{name: D, " + held + "}" + entries + "\nclients:\n"}
	}
	one := desks("]\ntraders: [{name: ANN, " + free + "}]")
	was, numbers, err := assembled(t, config.SampleFiles(pathDate), one...)
	must(t, err)
	f := &fourEyes{path: openPath(t, was, numbers), inForce: was, numbers: numbers}
	order := func(id, trader string) string {
		return "35=D|11=" + id + "|1=ACME-1|453=1|448=" + trader + "|447=D|452=12|" + limitOrder
	}
	f.acme(order("A1", "ANN"), "35=D|")
	f.follow(core.Done, desks(", {name: E, "+held+"}]\ntraders: [{name: ANN, "+free+"}, {name: BOB, desk: D, "+held+"}, {name: CY, desk: E, "+free+"}]")...)
	f.acme(order("A2", "BOB"), "35=D|")
	f.acme(order("A3", "BOB"), "SCOPE_LONG_POSITION")
	f.acme(order("A4", "CY"), "35=D|")
	f.acme(order("A5", "CY"), "SCOPE_LONG_POSITION")
	f.acme(order("A6", "ANN"), "35=D|")
	f.follow(core.Done, desks(", {name: E, "+held+"}]\ntraders: [{name: ANN, "+free+"}, {name: BOB, desk: D, "+held+"}, {name: CY, desk: E, "+free+"}, {name: DEE, desk: D, "+free+"}]")...)
	f.acme(order("A7", "DEE"), "SCOPE_LONG_POSITION") // her desk has what BOB has made
	f.follow(core.PositionsUnknown, desks(", {name: E, "+held+"}]\ntraders: [{name: ANN, desk: E, "+free+"}, {name: BOB, desk: D, "+held+"}, {name: CY, desk: E, "+free+"}, {name: DEE, desk: D, "+free+"}]")...)
	f.follow(core.PositionsUnknown, desks(", {name: E, "+held+"}, {name: F, "+held+"}]\ntraders: [{name: ANN, desk: F, "+free+"}, {name: BOB, desk: D, "+held+"}, {name: CY, desk: E, "+free+"}, {name: DEE, desk: D, "+free+"}]")...)
}
