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
		{"  # types: {option: {order", "  types: {option: {order"},
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
	of := func(qty, least, notional, market int64) OrderLimits {
		return OrderLimits{qty, least, notional, market, 0}
	}
	for what, row := range map[string][2][]OrderRule{
		"firm": {c.FirmOrders, {{OrderLimits: of(50_000*qty, 0, none, none)}, {Type: "option", OrderLimits: of(100*qty, 0, 50_000*money, 50_000*money)},
			{Symbol: "VOD.L", OrderLimits: of(5_000*qty, 0, none, none)}}},
		"group":       {c.Groups[0].Orders, {{OrderLimits: of(none, 0, 900*money, 900*money)}}},
		"client":      {c.Clients[1].Orders, {{OrderLimits: of(7*qty, 0, none, none)}}},
		"client none": {c.Clients[0].Orders, nil},
		"account":     {c.Accounts[0].Orders, {{Type: "etf", OrderLimits: of(none, 3*qty, none, none)}}},
		"desk":        {c.Desks[0].Orders, {{OrderLimits: of(none, 0, none, 80*money)}}},
		"trader":      {c.Traders[0].Orders, {{OrderLimits: of(0, 0, none, none)}}},
		"algo":        {c.Algos[0].Orders, {{OrderLimits: of(none, 0, 70*money, 70*money)}}},
		"link":        {c.Links[1].Orders, {{OrderLimits: of(60*qty, 0, none, none)}}},
		"venue":       {c.Venues[0].Orders, {{Symbol: "AAPL", OrderLimits: of(none, 2*qty, none, none)}}},
	} {
		if !reflect.DeepEqual(row[0], row[1]) {
			t.Errorf("%s: %+v, want %+v", what, row[0], row[1])
		}
	}
}

// TestLimitsChange: a running gate follows other limits of whatever kind; what only the journal has is a start's.
func TestLimitsChange(t *testing.T) {
	text := ordered(t)
	is := loadText(t, text)
	const desk, venue = "limits: {gross: 900_000, net: 400_000}}", "    limits: {gross: 5_000_000, net: 2_000_000} "
	const firm, client = "limits: {gross: 10_000_000, net: 5_000_000}", "  - name: GLOBEX\n"
	for _, c := range []struct{ old, with, limits, restart string }{
		{"order_qty_max: 50_000\n", "order_qty_max: 40_000\n", "firm", ""},
		{"order_qty_max: 7\n", "order_qty_max: 8\n", "client GLOBEX", ""},
		{"order_qty_min: 3", "order_qty_min: 4", "account ACME-1", ""},
		{"order_qty_max: 60\n", "order_qty_max: 61\n", "link FIX.4.4:GATE->ACME, link FIX.4.4:GATE->GLOBEX", ""},
		{"order_qty_min: 2}", "order_qty_min: 1}", "venue XSIM", ""},
		{firm, "limits: {gross: 10_000_000, net: 5_000_000, open: 1_000_000, warn: [75]}", "firm", ""},
		{firm, firm + "\n  closing_reserve_bps: 5", "firm", ""},
		{client, client + "    throttles: [{of: messages, max: 5}]\n", "client GLOBEX", ""},
		{firm, "limits: {gross: 10_000_000, net: 5_000_000, long_max: 5}", "firm", ""},
		{firm, "limits: {gross: 10_000_000, net: 5_000_000, types: {etf: {gross: 5, long_max: 5}}}", "firm", ""},
		{desk, "limits: {gross: 900_000, net: 400_000, types: {etf: {gross: 5}}}}", "desk EQUITIES", ""},
		{desk, "limits: {gross: 900_000, net: 400_000, long_max: 5}}", "desk EQUITIES", "desk EQUITIES: limits of positions, of which it has kept none"},
		{desk, "limits: {gross: 900_000, net: 400_000, symbols: {AAPL: {short_max: 5}}}}", "desk EQUITIES", "desk EQUITIES: limits of positions in AAPL, of which it has kept none"},
		{venue, "    limits: {gross: 5, net: unlimited, types: {etf: {gross: 5}}} ", "venue XSIM", ""},
		{venue, "    limits: {gross: 5, net: 5, long_max: 5} ", "venue XSIM", "venue XSIM: limits of positions, of which it has kept none"},
		{venue, "    ", "venue XSIM", ""},
	} {
		if strings.Count(text, c.old) != 1 {
			t.Fatalf("%q occurs %d times", c.old, strings.Count(text, c.old))
		}
		change := Compare(is, loadText(t, strings.Replace(text, c.old, c.with, 1)))
		if limits, restart := strings.Join(change.Limits, ", "), strings.Join(change.Restart, ", "); limits != c.limits || restart != c.restart {
			t.Errorf("%q: limits of %q, restart %q", c.with, limits, restart)
		}
	}
	begun := Compare(loadText(t, strings.Replace(text, venue, "    ", 1)), is)
	if len(begun.Restart) > 0 || len(begun.Limits) != 1 {
		t.Errorf("a venue that had no limits: %+v", begun)
	}
	back := Compare(loadText(t, strings.Replace(text, firm, "limits: {gross: 10_000_000, net: 5_000_000, types: {etf: {gross: 5}}}", 1)), is)
	if len(back.Restart) > 0 || len(back.Limits) != 1 {
		t.Errorf("a part that is not limited any more: %+v", back)
	}
}

// TestVolumes: the file goes before the column, and a symbol without a volume is told of where a limit asks for it.
func TestVolumes(t *testing.T) {
	files := authored(t)
	text := string(files[SampleMain])
	files["instruments.csv"] = []byte("symbol,currency,tick,lot,adv\nAAPL,USD,0.01,1,1000\nVOD.L,GBP,0.02,1,2000.5\nMSFT,USD,0.01,1,")
	files["volumes.csv"] = []byte("symbol,adv\nAAPL,900\nXYZ,1\n")
	files[SampleMain] = []byte(strings.Replace(text, "  # volumes: volumes.csv ", "  volumes: volumes.csv ", 1))
	c, err := loadMap(files)
	if err != nil {
		t.Fatal(err)
	}
	if in := c.Instruments; in[0].Adv != 900_0000_0000 || in[1].Adv != 2000_5000_0000 || in[2].Adv != 0 {
		t.Errorf("%+v", in)
	}
	if len(c.Warnings) != 2 || c.Warnings[1] != "volumes.csv: 1 symbols are not in the instruments file; their volumes are not used" {
		t.Errorf("%q", c.Warnings)
	}
	files[SampleMain] = []byte(strings.Replace(string(files[SampleMain]), "  # adv_bps_max: 500 ", "  adv_bps_max: 500 ", 1))
	asked, err := loadMap(files)
	if err != nil {
		t.Fatal(err)
	}
	if asked.Accounts[0].AdvBpsMax != 500 || len(asked.Warnings) != 3 ||
		!strings.Contains(strings.Join(asked.Warnings, "\n"), "1 of 3 symbols have no average daily volume: where adv_bps_max holds, their orders are refused (MSFT)") {
		t.Errorf("%d %q", asked.Accounts[0].AdvBpsMax, asked.Warnings)
	}
	files["volumes.csv"] = []byte("symbol,adv\nAAPL,800\n")
	other, err := loadMap(files)
	if err != nil {
		t.Fatal(err)
	}
	if change := Compare(asked, other); change.String() != "limits of instrument AAPL: adv" {
		t.Errorf("%+v", change)
	}
}
