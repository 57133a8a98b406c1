package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestEverySettingHasARule: a setting without a row in settingsTable would be held back whatever it is changed to. Whoever
// adds one says which of two values is the tighter.
func TestEverySettingHasARule(t *testing.T) {
	found := map[string]bool{}
	var walk func(typ reflect.Type)
	walk = func(typ reflect.Type) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name := typ.Name() + "." + f.Name
			if !f.IsExported() || found[name] {
				continue
			}
			row, listed := settingsTable[name]
			if found[name] = true; !listed {
				t.Errorf("%s has no row in settingsTable: say which of its values is the tighter", name)
				continue
			}
			inner := f.Type
			switch row.rule {
			case tableOf, limitsIfAny:
				inner = inner.Elem()
			case inside:
			default:
				continue
			}
			if inner.Kind() == reflect.Array {
				inner = inner.Elem()
			}
			walk(inner)
		}
	}
	walk(reflect.TypeFor[Config]())
	for name, row := range settingsTable {
		if !found[name] {
			t.Errorf("settingsTable has a row for %s, which no configuration has", name)
		}
		if row.rule == unlisted {
			t.Errorf("%s has no rule", name)
		}
	}
	// What has no row is held back, whatever it is changed to.
	was, offered := reflect.ValueOf(1), reflect.ValueOf(2)
	if got := tighterOf(unlisted, was, offered); got.Int() != 1 {
		t.Errorf("what has no row: %d is in force, want what was", got.Int())
	}
}

// What a column of a file is.
const (
	isName  = "a name" // rows are found by it: one that is new is shut, one that is gone permits nothing
	isDay   = "daily"  // data of the day: see the rule
	isFound = "found"  // mass requests choose open orders by it, and nothing is checked by it
	isSeen  = "seen"   // it is looked at when the file is read, and nowhere else
)

// columns say of each column of each file what changes with it: fields with rows in settingsTable, or one of the above.
var columns = map[string]map[string]string{
	"instruments": {"symbol": isName, "currency": "Instrument.Currency Instrument.Factor", "tick": "Instrument.Ticks", "tick_table": "Instrument.Ticks", "lot": "Instrument.Lot",
		"type": "Instrument.Type", "multiplier": "Instrument.Factor", "price_factor": "Instrument.Factor", "order_qty_max": "Instrument.OrderQtyMax", "adv": "Instrument.Adv",
		"restricted": "Instrument.Restricted", "halted": "Instrument.Halted", "risk_price_buy": "Instrument.RiskPriceBuy", "risk_price_sell": "Instrument.RiskPriceSell",
		"negative_prices": "Instrument.NegativePrices", "ord_types": "Instrument.OrdTypes", "tifs": "Instrument.TimeInForces", "order_fields": "Instrument.OrderFields",
		"test": "Instrument.Test", "phase_rules": "Instrument.PhaseRules", "underlying": isFound},
	"ticks":               {"table": isName, "from": "Instrument.Ticks", "tick": "Instrument.Ticks"},
	"volumes":             {"symbol": isName, "adv": "Instrument.Adv"},
	"prices":              {"symbol": isName, "close": isDay, "as_of": isDay},
	"positions":           {"account": isName, "symbol": isName, "qty": isDay, "as_of": isDay, "close": isDay, "currency": isSeen},
	"marks":               {"symbol": isName, "price": isDay, "as_of": isDay},
	"splits":              {"symbol": isName, "ratio": isDay, "ex_date": isDay},
	"locates":             {"account": isName, "symbol": isName, "qty": isDay, "as_of": isDay, "broker": isDay, "id": isDay},
	"easy_to_borrow":      {"symbol": isName, "as_of": isDay},
	"short_sale_triggers": {"symbol": isName, "triggered": isDay},
	"list":                {"symbol": "Config.Lists", "type": "Config.Lists", "from": "Config.Lists", "until": "Config.Lists"},
}

// TestEveryColumnHasAClass: no column of a file is read that nobody has said of whether one person may change it. Whoever adds one says so.
func TestEveryColumnHasAClass(t *testing.T) {
	known := regexp.MustCompile(`write a header row: ([a-z_,]+)`)
	found := map[string]string{}
	for file := range columns {
		files := SampleFiles(sampleDate)
		main := string(files[SampleMain])
		key := regexp.MustCompile(`(?m)^  (# )?` + file + `: \S*`)
		switch {
		case file == "list":
			main = strings.Replace(main, "\nfirm:\n", "\nlists:\n  - {name: A, file: list.csv}\nfirm:\n", 1)
		case key.MatchString(main):
			main = key.ReplaceAllString(main, "  "+file+": "+file+".csv")
		default:
			main = strings.Replace(main, "\ndata:\n", "\ndata:\n  "+file+": "+file+".csv\n", 1)
		}
		files[SampleMain], files[file+".csv"] = []byte(main), []byte("nonsense\n")
		_, err := LoadFiles(files, SampleMain)
		at := regexp.MustCompile(regexp.QuoteMeta(file) + `\.csv:1: .*\n?.*`).FindString(fmt.Sprint(err))
		match := known.FindStringSubmatch(at)
		if match == nil {
			t.Fatalf("%s: %v", file, err)
		}
		found[file] = match[1]
	}
	for file, list := range found {
		names := strings.Split(list, ",")
		for _, column := range names {
			class, said := columns[file][column]
			if !said {
				t.Errorf("column %s of %s: nobody has said whether one person may change it", column, file)
			}
			for _, field := range strings.Fields(class) {
				row, listed := settingsTable[field]
				if strings.Contains(field, ".") && (!listed || row.rule.onePerson()) {
					t.Errorf("column %s of %s is to be governed by %s, which one person changes", column, file, field)
				}
			}
		}
		if len(names) != len(columns[file]) {
			t.Errorf("%s has columns %v, the table says %v", file, names, columns[file])
		}
	}
}

// edited is the sample under four eyes, with edits: a file, what stands there, what stands there instead.
func edited(t *testing.T, edits ...string) *Config {
	t.Helper()
	files := SampleFiles(sampleDate)
	files["surv.cfg"] = []byte("[DEFAULT]\nConnectionType=acceptor\nBeginString=FIX.4.4\nSenderCompID=GATE\nSocketAcceptPort=9900\n[SESSION]\nTargetCompID=SURV\n")
	files["volumes.csv"] = []byte("symbol,adv\nAAPL,1\n")
	for ; len(edits) > 0; edits = edits[3:] {
		text := string(files[edits[0]])
		if !strings.Contains(text, edits[1]) {
			t.Fatalf("no %q in %s", edits[1], edits[0])
		}
		files[edits[0]] = []byte(strings.Replace(text, edits[1], edits[2], 1))
	}
	cfg, err := LoadFiles(files, SampleMain)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// withoutSecrets is what a configuration judges by, as it can be kept.
func withoutSecrets(c *Config) Config {
	x := judging(c)
	x.Links = slices.Clone(x.Links)
	for i := range x.Links {
		x.Links[i].PasswordHash = ""
	}
	return x
}

func heldText(c *Config) string {
	var list []string
	for _, h := range c.Held() {
		list = append(list, h.String())
	}
	return strings.Join(list, "\n")
}

const (
	y      = "gate.yaml"
	globex = "- {name: GLOBEX-1, client: GLOBEX, order_qty_max: 1_000, limits: {gross: 250_000, net: 100_000}}"
)

// withCopy gives XSIM a drop copy.
var withCopy = []string{"venues.cfg", "SocketConnectPort=9877", "SocketConnectPort=9877\n[SESSION]\nTargetCompID=COPY\nSocketConnectHost=127.0.0.1\nSocketConnectPort=9878",
	"gate.yaml", "\nroutes:\n", "\nrecon:\n  drop_copies: [{link: FIX.4.4:GATE->COPY, venue: XSIM}]\nroutes:\n"}

// surveillance gives gate dropcopy a session that gets what is said.
func surveillance(gets string) []string {
	return []string{"gate.yaml", "# drop_copy:\n", "drop_copy:\n  sessions: surv.cfg\n  links:\n    - {link: FIX.4.4:GATE->SURV, " + gets +
		", password: none, source_addresses: [127.0.0.1]}\n# drop_copy:\n"}
}

// volumes says how much of AAPL is traded in a day.
func volumes(adv string) []string {
	return []string{"gate.yaml", "  # volumes: volumes.csv ", "  volumes: volumes.csv ", "volumes.csv", "1", adv}
}

// TestWhatLoosensIsHeldBack: by setting, what one person may change and what stays until a second approves it.
func TestWhatLoosensIsHeldBack(t *testing.T) {
	listed := []string{"gate.yaml", "\nfirm:\n", "\nlists:\n  - {name: A, symbols: [AAPL, MSFT]}\n  - {name: B, symbols: [AAPL], from: 2026-12-01, until: 2026-12-05}\n" +
		"firm:\n  restricted: [A]\n  permitted: [B]\n"}
	list := func(from, to string) []string { return append(listed[:3:3], y, from, to) }
	measured := func(text string) []string {
		return []string{y, "net: 5_000_000}   #", "net: 5_000_000, " + text + "}   #"}
	}
	for _, c := range []struct {
		name    string
		was, is []string
		want    string // what is held back
	}{
		{"nothing", nil, nil, ""},
		{"lower limits", nil, []string{y, "gross: 10_000_000", "gross: 9_000_000", y, "order_qty_max: 1_000,", "order_qty_max: 999,"}, ""},
		{"a higher limit of the firm", nil, []string{y, "gross: 10_000_000", "gross: 10_000_001"},
			"firm.limits.gross: 10000001 is offered, 10000000 stays"},
		{"no limit of the firm", nil, []string{y, "gross: 10_000_000", "gross: unlimited"}, "firm.limits.gross: unlimited is offered, 10000000 stays"},
		{"one up, one down", nil, []string{y, globex, "- {name: GLOBEX-1, client: GLOBEX, order_qty_max: 1_001, limits: {gross: 249_999, net: 100_000}}"},
			"account GLOBEX-1 order_qty_max: 1001 is offered, 1000 stays"},
		{"executions of fewer trade dates", []string{y, "execution_days: 1 ", "execution_days: 3 "}, []string{y, "execution_days: 1 ", "execution_days: 2 "},
			"gate.execution_days: 2 is offered, 3 stays"},
		{"a smallest quantity", nil, []string{y, "order_qty_min: 0 ", "order_qty_min: 5 "}, ""},
		{"no smallest quantity", []string{y, "order_qty_min: 0 ", "order_qty_min: 5 "}, nil, "account ACME-1 order_qty_min: 0 is offered, 5 stays\n" +
			"account ACME-HEDGE order_qty_min: 0 is offered, 5 stays\naccount GLOBEX-1 order_qty_min: 0 is offered, 5 stays"},
		{"another side", nil, []string{y, globex, strings.Replace(globex, "client: GLOBEX", "client: GLOBEX, sides: [buy, short]", 1)},
			`account GLOBEX-1 sides: "15" is offered, "1" stays`},
		{"a check off", nil, []string{y, globex, strings.Replace(globex, "client: GLOBEX", "client: GLOBEX, sell_long_checked: false", 1)},
			"account GLOBEX-1 sell_long_checked: false is offered, true stays"},
		{"a wider collar", nil, []string{y, "VOD.L: {bps: 300}", "VOD.L: {bps: 301}"}, "instrument VOD.L collars: bps: 301 is offered, 300 stays"},
		{"a narrower collar", nil, []string{y, "VOD.L: {bps: 300}", "VOD.L: {bps: 299}"}, ""},
		{"less reserved", nil, []string{y, "VOD.L: {bps: 300}", "VOD.L: {band_bps: 900, bps: 300}"}, "instrument VOD.L collars: band_bps: 900 is offered, 1000 stays"},
		{"older prices", nil, []string{y, "VOD.L: {bps: 300}", "VOD.L: {bps: 300, quote_age_ms: 6000}"},
			"instrument VOD.L collars: last_age_ms: 6000 ms is offered, 5000 ms stays\ninstrument VOD.L collars: quote_age_ms: 6000 ms is offered, 5000 ms stays"},
		{"a faster rate", nil, []string{y, "  - link: FIX.4.4:GATE->GLOBEX\n", "  - link: FIX.4.4:GATE->GLOBEX\n    order_rate: unlimited\n"},
			"link FIX.4.4:GATE->GLOBEX order_rate: unlimited is offered, 100 in 1000 ms stays"},
		{"a slower rate", nil, []string{y, "{count: 100,", "{count: 99,"}, ""},
		{"a new account", nil, []string{y, "\naccounts:\n", "\naccounts:\n  - {name: ACME-9, client: ACME}\n"},
			"account ACME-9: is new, so it is shut\nlink FIX.4.4:GATE->ACME accounts: ACME-9 ACME-1 ACME-HEDGE is offered, ACME-1 ACME-HEDGE stays"},
		{"an account less", nil, []string{y, globex, ""}, ""},
		{"a symbol is not restricted any more", []string{"instruments.csv", "AAPL,stock,USD,1,1,0.01,1,,N", "AAPL,stock,USD,1,1,0.01,1,,Y"}, nil,
			"instrument AAPL restricted: false is offered, true stays"},
		{"a wider network", []string{y, "[127.0.0.1, \"::1\"]", "[10.0.0.0/8]"}, []string{y, "[127.0.0.1, \"::1\"]", "[10.1.0.0/16, 11.0.0.0/8]"},
			"link FIX.4.4:GATE->ACME source_addresses: [10.1.0.0/16 11.0.0.0/8] is offered, [10.1.0.0/16] stays\n" +
				"link FIX.4.4:GATE->GLOBEX source_addresses: [10.1.0.0/16 11.0.0.0/8] is offered, [10.1.0.0/16] stays"},
		{"one person is enough", nil, []string{y, "approval: four_eyes", "approval: none"}, "gate.approval: none is offered, four_eyes stays"},
		{"another group gives commands", nil, []string{y, `admin_group: "" `, "admin_group: all"}, `gate.admin_group: "all" is offered, "" stays`},
		{"routes", []string{y, "symbols: {}\n", "symbols: {AAPL: XSIM}\n"}, nil, "routes: a table of 1 is offered, a table of 2 stays"},
		{"lists where there were none", nil, listed, ""},
		{"no lists any more", listed, nil, "lists: firm: its permitted lists have more on them is offered, every list of before stays\n" +
			"lists: firm: its restricted lists have less on them is offered, every list of before stays"},
		{"a symbol less is restricted", listed, list("[AAPL, MSFT]", "[AAPL]"),
			"lists: firm: its restricted lists have less on them is offered, every list of before stays"},
		{"a symbol more is restricted", listed, list("MSFT]", "MSFT, VOD.L]"), ""},
		{"another measure", nil, measured("open: 1_000_000"), ""},
		{"a measure more, and a higher one", measured("open: 1_000_000"), measured("open: 1_000_001, executed: 5"),
			"firm.limits: 2 measures is offered, 2 measures stays"},
		{"the trader's desk is gone", []string{y, "# desks:\n#   - {name: EQUITIES, limits: {gross: 900_000, net: 400_000}}\n# traders:\n#   - {name: ANN, desk: EQUITIES,",
			"desks:\n  - {name: EQUITIES, limits: {gross: 900_000, net: 400_000}}\ntraders:\n  - {name: ANN, desk: EQUITIES,"},
			[]string{y, "# traders:\n#   - {name: ANN, desk: EQUITIES,", "traders:\n  - {name: ANN, "},
			"trader ANN desk: none is offered; what stood there is gone, so it is shut"},
		{"a drop copy more", nil, withCopy, "drop copy FIX.4.4:GATE->COPY: is new, so it is left out"},
		{"a drop copy of another venue's", append(withCopy[:5:5], "\nrecon:\n  drop_copies: [{link: FIX.4.4:GATE->COPY, venue: XSIM, trade_acks: true}]\nroutes:\n"), withCopy,
			"drop copy FIX.4.4:GATE->COPY trade_acks: false is offered, true stays"},
		{"a drop copy less", withCopy, nil, "drop copy FIX.4.4:GATE->COPY: is gone: what others execute would not count, so nothing trades"},
		{"a drop copy of another place", withCopy, append(withCopy[:3:3], "venues.cfg", "9878", "9879", y, "\nroutes:\n", "\nrecon:\n  drop_copies: [{link: FIX.4.4:GATE->COPY, venue: XSIM}]\nroutes:\n"),
			"drop copy FIX.4.4:GATE->COPY SocketConnectPort: 9879 is offered, 9878 stays"},
		{"a stall is only reported", nil, []string{y, "on_stall: kill ", "on_stall: report "}, "gate.watchdog.on_stall: kill: false is offered, true stays"},
		{"a greater daily volume", volumes("1000"), volumes("1001"), "instrument AAPL adv: 1001 is offered, 1000 stays"},
		{"a smaller daily volume", volumes("1000"), volumes("999"), ""},
		{"a daily volume where none was known", nil, volumes("1000"), "instrument AAPL adv: 1000 is offered, 0 stays"},
		{"no daily volume any more", volumes("1000"), nil, ""},
		{"the day's closes", nil, []string{"prices.csv", "187.50", "188.50"}, ""},
		{"a longer stall", nil, []string{y, "stall_ms: 500 ", "stall_ms: 501 "}, "gate.watchdog.stall_ms: 501 ms is offered, 500 ms stays"},
		{"a shorter stall", nil, []string{y, "stall_ms: 500 ", "stall_ms: 499 "}, ""},
		{"no shadow", nil, []string{y, "    run: true ", "    run: false "}, "gate.shadow.run: false: true is offered, false stays"},
		{"prices from another socket", nil, []string{y, "price_socket: prices.sock", "price_socket: other.sock"}, `gate.price_socket: "other.sock" is offered, "prices.sock" stays`},
		{"others may kill", []string{y, `kill_socket: "" `, "kill_socket: kill.sock", y, `kill_group: ""`, "kill_group: desk"},
			[]string{y, `kill_socket: "" `, "kill_socket: kill.sock", y, `kill_group: ""`, "kill_group: other"}, `gate.kill_group: "other" is offered, "desk" stays`},
		{"alerts go elsewhere", nil, []string{y, "# alerts:\n", "alerts:\n  - {to: command, run: [/bin/mail, me]}\n# alerts:\n"},
			"alerts: [{command  [/bin/mail me]}] is offered, [] stays"},
		{"a mass cancel in a kill", nil, []string{y, "mass_cancel: false", "mass_cancel: true "}, "venue XSIM mass_cancel: true is offered, false stays"},
		{"a loss is seen later", nil, []string{"venues.cfg", "HeartBtInt=30", "HeartBtInt=60"}, "venue XSIM HeartBtInt: 60 is offered, 30 stays"},
		{"other networks reach the gate", nil, []string{"participants.cfg", "SocketAcceptHost=127.0.0.1", "SocketAcceptHost=0.0.0.0"},
			"link FIX.4.4:GATE->ACME SocketAcceptHost: \"0.0.0.0\" is offered, \"127.0.0.1\" stays\nlink FIX.4.4:GATE->GLOBEX SocketAcceptHost: \"0.0.0.0\" is offered, \"127.0.0.1\" stays"},
		{"another trades at the venue", nil, []string{y, "    # logon: {username: GATE,", "    logon: {username: OTHER, tags: {1603: X}}\n    # logon: {username: GATE,"},
			"venue XSIM logon.tags: [{1603 X}] is offered, [] stays\nvenue XSIM logon.username: \"OTHER\" is offered, \"\" stays"},
		{"surveillance", nil, surveillance("clients: [ACME]"), "drop copy FIX.4.4:GATE->SURV: is new, so it is left out"},
		{"surveillance of more", surveillance("clients: [ACME]"), surveillance("clients: [ACME, GLOBEX]"), "drop copy FIX.4.4:GATE->SURV clients: ACME GLOBEX is offered, ACME stays"},
		{"surveillance of less", surveillance("clients: [ACME, GLOBEX]"), surveillance("clients: [GLOBEX]"), ""},
		{"a cut-off at the close", nil, []string{y, "# close_cutoff:", "close_cutoff:"}, ""},
		{"no cut-off any more", []string{y, "# close_cutoff:", "close_cutoff:"}, nil, "venue XSIM close_cutoff: none is offered, {57000 59400 America/New_York false true []} stays"},
		{"no replace behind the cut-off any more", []string{y, "# close_cutoff:", "close_cutoff:", y, "replace: refuse, cancel: pass}", "replace: pass, cancel: pass}"}, []string{y, "# close_cutoff:", "close_cutoff:"}, ""},
		{"a side may wait longer", nil, []string{y, "\nroutes:\n", "\nrecon: {break_after_ms: 3001}\nroutes:\n"}, "recon.break_after_ms: 3001 ms is offered, 3000 ms stays"},
		{"no trader any more", []string{y, "# traders:\n#   - {name: ANN, desk: EQUITIES,", "traders:\n  - {name: ANN, "}, nil,
			"traders: none is offered; orders could name anybody, so nothing trades"},
	} {
		t.Run(c.name, func(t *testing.T) {
			was, offered := edited(t, c.was...), edited(t, c.is...)
			got := Govern(was, offered, false)
			if text := heldText(got); text != c.want {
				t.Errorf("held back:\n%s\nwant:\n%s", text, c.want)
			}
			if whole := Govern(was, offered, true); whole != offered {
				t.Error("what was approved does not come into force as it is")
			}
			if c.want == "" && got != offered {
				t.Error("nothing is held back, and yet it is not what was offered")
			}
			again, err := LoadFiles(got.Files, SampleMain)
			if err != nil {
				t.Fatal(err)
			}
			if c.want != "" && was.Governed() == offered.Governed() {
				t.Error("an approval of what was would be one of what is offered")
			}
			if again.Hash() != got.Hash() || again.Offered().Governed() != offered.Governed() || !reflect.DeepEqual(withoutSecrets(again), withoutSecrets(got)) || heldText(again) != c.want {
				t.Errorf("as it is kept it holds back:\n%s", heldText(again))
			}
			if again := Compare(was, Govern(was, was, false)); !again.None() {
				t.Errorf("what nobody has changed: %+v", again)
			}
			// A start from the same files changes nothing more.
			if same := Govern(got, offered, false); same.Hash() != got.Hash() {
				t.Errorf("the same offer again: %s", heldText(same))
			}
		})
	}
}

// TestOfferIsReadApart: when an offer's keys are read the tables of what is in force meanwhile, which others read, stay as they are.
func TestOfferIsReadApart(t *testing.T) {
	first := Begin(edited(t), false)
	offered, links, venues := first.Offered(), &first.Links[0], &first.Venues[0]
	if err := offered.ReadKeys(time.Now()); err != nil {
		t.Fatal(err)
	}
	if &offered.Links[0] == links || &offered.Venues[0] == venues || &first.Links[0] != links || &first.Venues[0] != venues {
		t.Error("the offer was read into the tables that are in force")
	}
}

// TestFirstStart: nothing trades under four eyes until somebody has approved it; one person's machine just starts.
func TestFirstStart(t *testing.T) {
	offered := edited(t)
	first := Begin(offered, false)
	if !first.Unapproved || heldText(first) != "first configuration: everything is offered; nothing trades until it is approved" {
		t.Error(heldText(first))
	}
	again, err := LoadFiles(first.Files, SampleMain)
	if err != nil || !again.Unapproved || again.Hash() != first.Hash() {
		t.Errorf("as it is kept: %v, %+v", err, again.Held())
	}
	// Whatever is offered after it, nothing trades: nothing is there to compare with.
	other := Govern(first, edited(t, y, "gross: 10_000_000", "gross: 1"), false)
	if !other.Unapproved || len(other.Held()) != 1 {
		t.Error(heldText(other))
	}
	if Govern(first, offered, true) != offered || offered.Unapproved {
		t.Error("an approved first configuration does not trade")
	}
	alone := edited(t, y, "approval: four_eyes", "approval: none")
	if Begin(alone, false) != alone {
		t.Error("a machine of one person waits")
	}
	// Where two have approved before, one does not begin anew; nor does a second start under what the first was offered.
	anew := Begin(alone, true)
	if again, err := LoadFiles(anew.Files, SampleMain); err != nil || !again.Unapproved || again.Gate.Approval != FourEyes || again.Governed() != anew.Governed() {
		t.Errorf("as it is kept: %v", err)
	}
	if again := Govern(anew, alone, false); !anew.Unapproved || !again.Unapproved {
		t.Error("one person has begun anew")
	}
	if Govern(anew, alone, true) != alone {
		t.Error("what two people have approved does not come into force")
	}
}

// TestDayLeavesApproval: what two people approve are the settings that could loosen a check. The day's files come without
// them, so an approval is not void because one did; it is void once anything else is other.
func TestDayLeavesApproval(t *testing.T) {
	before := edited(t).Governed()
	for _, c := range []struct {
		what string
		same bool
		edit []string
	}{
		{"a close", true, []string{"prices.csv", "187.5", "188"}},
		{"a date of positions", true, []string{"positions.csv", "2026-11-23", "2026-11-24"}},
		{"who owns a control", true, []string{y, `owner: ""`, "owner: Ann"}},
		{"a limit", false, []string{y, "gross: 10_000_000", "gross: 10_000_001"}},
		{"the name of an account", false, []string{y, "name: GLOBEX-1", "name: GLOBEX-2", y, "accounts: [GLOBEX-1]", "accounts: [GLOBEX-2]"}},
		{"a list", false, []string{y, "\nfirm:\n", "\nlists: [{name: A, symbols: [AAPL]}]\nfirm:\n  restricted: [A]\n"}},
	} {
		if got := edited(t, c.edit...).Governed(); (got == before) != c.same {
			t.Errorf("%s: an approval holds on: %t, want %t", c.what, got == before, c.same)
		}
	}
	offered := edited(t)
	longer := offered.WithOverlay([]Overlay{{Scope: "firm", Key: "limits.gross", Value: "9000000", Until: time.Unix(2, 0)}})
	if shorter := offered.WithOverlay([]Overlay{{Scope: "firm", Key: "limits.gross", Value: "9000000", Until: time.Unix(1, 0)}}); shorter.Governed() == longer.Governed() {
		t.Error("a limit for another time is approved with it")
	}
}

// TestPlaceOfConfiguration: where the files lie says nothing of what they loosen.
func TestPlaceOfConfiguration(t *testing.T) {
	path := filepath.Join(writeSample(t), SampleMain)
	text := strings.NewReplacer(`kill_file: "" `, "kill_file: KILL ", `kill_socket: "" `, "kill_socket: kill.sock ").
		Replace(string(SampleFiles(sampleDate)[SampleMain]))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := LoadFiles(c.Files, SampleMain)
	if err != nil {
		t.Fatal(err)
	}
	if got := Govern(kept, c, false); got != c || kept.Governed() != c.Governed() {
		t.Errorf("a start from the same files holds back: %s", heldText(got))
	}
	if got := c.Beside(c.Gate.KillFile); got != filepath.Join(filepath.Dir(path), "KILL") {
		t.Error(got)
	}
}

// TestTighteningStays: what one person has tightened, one person does not loosen again by the files of before; and an
// offer that is withdrawn leaves nothing behind.
func TestTighteningStays(t *testing.T) {
	before := edited(t)
	low := Govern(before, edited(t, y, "gross: 10_000_000", "gross: 9_000_000"), false)
	back := Govern(low, before, false)
	if back.Firm.Gross != 9_000_000_0000 || heldText(back) != "firm.limits.gross: 10000000 is offered, 9000000 stays" {
		t.Errorf("%d: %s", back.Firm.Gross, heldText(back))
	}
	// Half tighter, half looser; then looser still in the first half.
	mixed := Govern(before, edited(t, y, "gross: 10_000_000, net: 5_000_000", "gross: 9_000_000, net: 6_000_000"), false)
	after := Govern(mixed, edited(t, y, "gross: 10_000_000, net: 5_000_000", "gross: 11_000_000, net: 6_000_000"), false)
	if after.Firm.Gross != 9_000_000_0000 || after.Firm.Net != 5_000_000_0000 || len(after.Held()) != 2 {
		t.Errorf("%+v: %s", after.Firm, heldText(after))
	}
	kept, err := LoadFiles(after.Files, SampleMain)
	if err != nil || kept.Hash() != after.Hash() || !reflect.DeepEqual(kept.Firm, after.Firm) {
		t.Errorf("as it is kept: %v", err)
	}
	high := Govern(before, edited(t, y, "gross: 10_000_000", "gross: 11_000_000"), false)
	if withdrawn := Govern(high, before, false); withdrawn != before {
		t.Errorf("a withdrawn offer is held: %s", heldText(withdrawn))
	}
}

// TestResumeHoldsBack: an engine that is started again goes on with what was in force, not with what was offered.
func TestResumeHoldsBack(t *testing.T) {
	dir := writeSample(t)
	path := filepath.Join(dir, SampleMain)
	write := func(gross string) *Config {
		text := strings.NewReplacer("gross: 10_000_000", gross).Replace(string(SampleFiles(sampleDate)[SampleMain]))
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	was, offered := write("gross: 10_000_000"), write("gross: 11_000_000")
	got := Govern(was, offered, false)
	resumed, err := Resume(path, got.Contents())
	if err != nil {
		t.Fatal(err)
	}
	if resumed.Hash() != got.Hash() || !reflect.DeepEqual(resumed.Firm, got.Firm) || heldText(resumed) != heldText(got) || !resumed.Resumed() || !resumed.Offered().Resumed() {
		t.Errorf("%+v: %s", resumed.Firm, heldText(resumed))
	}
}

// TestCopiesTakeTwo: what gate dropcopy would give out beyond what two people stand behind.
func TestCopiesTakeTwo(t *testing.T) {
	acme, both := edited(t, surveillance("clients: [ACME]")...), edited(t, surveillance("clients: [ACME, GLOBEX]")...)
	alone := edited(t, append(surveillance("clients: [ACME, GLOBEX]"), y, "approval: four_eyes", "approval: none")...)
	for _, c := range []struct {
		what           string
		inForce, files *Config
		want           string
	}{
		{"the same", acme, acme, ""},
		{"less", both, acme, ""},
		{"one more client", acme, both, "drop copy FIX.4.4:GATE->SURV clients: ACME GLOBEX is offered, ACME stays"},
		{"a new session", edited(t), acme, "drop copy FIX.4.4:GATE->SURV: is new, so it is left out"},
		{"it waits", Govern(acme, both, false), both, "drop copy FIX.4.4:GATE->SURV clients: ACME GLOBEX is offered, ACME stays"},
		{"nothing in force", nil, acme, "drop_copy: something is offered; nothing is given out before the first configuration is approved"},
		{"nothing approved", Begin(acme, false), acme, "drop_copy: something is offered; nothing is given out before the first configuration is approved"},
		{"one person, nothing in force", nil, alone, ""},
		{"one person says so of himself", acme, alone, "drop copy FIX.4.4:GATE->SURV clients: ACME GLOBEX is offered, ACME stays"},
	} {
		got := ""
		for _, h := range UnapprovedCopies(c.inForce, c.files) {
			got += h.String()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
