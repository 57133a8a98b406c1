package config

import (
	"reflect"
	"strings"
	"testing"
)

// ordered is the sample with limits of single orders in every scope.
func ordered(t *testing.T) string {
	t.Helper()
	text := string(authored(t)[SampleMain])
	for _, change := range [][2]string{
		{"  # order_qty_max: 50_000\n", "  order_qty_max: 50_000\n"},
		{"  # types: {option", "  types: {option"},
		{"  # symbols: {VOD.L", "  symbols: {VOD.L"},
		{"{name: FUNDS, ", "{name: FUNDS, notional_max: 900, "},
		{"  - name: GLOBEX\n", "  - name: GLOBEX\n    order_qty_max: 7\n"},
		{"{name: ACME-1, client: ACME}", "{name: ACME-1, client: ACME, types: {etf: {order_qty_min: 3}}}"},
		{"{name: EQUITIES, ", "{name: EQUITIES, market_notional_max: 80, "},
		{"{name: ANN, ", "{name: ANN, order_qty_max: 0, "},
		{"{name: TWAP, ", "{name: TWAP, notional_max: 70, market_notional_max: 90, "},
		{"link_defaults:\n", "link_defaults:\n  order_qty_max: 60\n"},
		{"    cod: none ", "    symbols: {AAPL: {order_qty_max: unlimited, order_qty_min: 2}}\n    cod: none "},
	} {
		if strings.Count(text, change[0]) != 1 {
			t.Fatalf("the sample has %d of %q", strings.Count(text, change[0]), change[0])
		}
		text = strings.Replace(text, change[0], change[1], 1)
	}
	return text
}

// TestOrderRules: where nothing is written there is no limit, and a market order has no wider one than all.
func TestOrderRules(t *testing.T) {
	c := loadText(t, ordered(t))
	const qty, money, none = 1_0000_0000, 1_0000, Unlimited
	for what, row := range map[string][2][]OrderRule{
		"firm": {c.FirmOrders, {{OrderLimits: OrderLimits{50_000 * qty, 0, none, none}}, {Type: "option", OrderLimits: OrderLimits{100 * qty, 0, 50_000 * money, 50_000 * money}},
			{Symbol: "VOD.L", OrderLimits: OrderLimits{5_000 * qty, 0, none, none}}}},
		"group":       {c.Groups[0].Orders, {{OrderLimits: OrderLimits{none, 0, 900 * money, 900 * money}}}},
		"client":      {c.Clients[1].Orders, {{OrderLimits: OrderLimits{7 * qty, 0, none, none}}}},
		"client none": {c.Clients[0].Orders, nil},
		"account":     {c.Accounts[0].Orders, {{Type: "etf", OrderLimits: OrderLimits{none, 3 * qty, none, none}}}},
		"desk":        {c.Desks[0].Orders, {{OrderLimits: OrderLimits{none, 0, none, 80 * money}}}},
		"trader":      {c.Traders[0].Orders, {{OrderLimits: OrderLimits{0, 0, none, none}}}},
		"algo":        {c.Algos[0].Orders, {{OrderLimits: OrderLimits{none, 0, 70 * money, 70 * money}}}},
		"link":        {c.Links[1].Orders, {{OrderLimits: OrderLimits{60 * qty, 0, none, none}}}},
		"venue":       {c.Venues[0].Orders, {{Symbol: "AAPL", OrderLimits: OrderLimits{none, 2 * qty, none, none}}}},
	} {
		if !reflect.DeepEqual(row[0], row[1]) {
			t.Errorf("%s: %+v, want %+v", what, row[0], row[1])
		}
	}
}

// TestOrderRulesChange: a running gate does not follow them.
func TestOrderRulesChange(t *testing.T) {
	text := ordered(t)
	is := loadText(t, text)
	for change, want := range map[[2]string]string{
		{"order_qty_max: 50_000\n", "order_qty_max: 40_000\n"}: "firm: limits of single orders",
		{"order_qty_max: 7\n", "order_qty_max: 8\n"}:           "client GLOBEX",
		{"order_qty_min: 3", "order_qty_min: 4"}:               "account ACME-1",
		{"order_qty_max: 60\n", "order_qty_max: 61\n"}:         "link FIX.4.4:GATE->ACME: settings that it takes up at a start",
		{"order_qty_min: 2}", "order_qty_min: 1}"}:             "venue XSIM",
	} {
		if got := Compare(is, loadText(t, strings.Replace(text, change[0], change[1], 1))).Restart; len(got) == 0 || got[0] != want {
			t.Errorf("%q: %q, want %q", change, got, want)
		}
	}
}
