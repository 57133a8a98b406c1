package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

var lineNumber = regexp.MustCompile(`(yaml):\d+`)

// TestCompare: what a running gate follows, what it leaves for a start, and what is no difference.
func TestCompare(t *testing.T) {
	load := func(edits ...string) *Config {
		t.Helper()
		files := SampleFiles(sampleDate)
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
	preserving := func(account string) []string {
		return []string{"gate.yaml", "  default: XSIM\n", "", "gate.yaml", "  accounts: {}\n", "  accounts: {" + account + ": XSIM}\n", "gate.yaml", "ex_destinations: {XSIM: XSIM}", "ex_destinations: {}",
			"gate.yaml", "    clordid: translate ", "    clordid: preserve "}
	}
	const acme = "- link: FIX.4.4:GATE->ACME\n    client: ACME\n"
	added := []string{"participants.cfg", "[SESSION]\nTargetCompID=GLOBEX", "[SESSION]\nTargetCompID=NEW\n\n[SESSION]\nTargetCompID=GLOBEX",
		"gate.yaml", "links:\n  - link", "links:\n  - {link: FIX.4.4:GATE->NEW, client: GLOBEX, password: none}\n  - link"}
	filed := []string{"gate.yaml", "{name: ACME-1, client: ACME}", "{name: ACME-1, client: ACME, sod: file}"}
	listed := []string{"gate.yaml", "\nfirm:\n", "\nlists:\n  - {name: A, symbols: [AAPL, MSFT]}\n  - {name: B, symbols: [AAPL], from: 2026-12-01, until: 2026-12-05}\n" +
		"firm:\n  restricted: [A]\n  permitted: [B]\n"}
	list := func(from, to string) []string { return append(listed[:3:3], "gate.yaml", from, to) }
	owners := []string{"gate.yaml", "\nclients:\n", "\ngroups: [{name: G, limits: {gross: 1, net: 1}}]\ndesks: [{name: D, limits: {gross: 1, net: 1}}, {name: E, limits: {gross: 1, net: 1}}]\n" +
		"traders: [{name: T, desk: D, limits: {gross: 1, net: 1}}]\nalgos: [{name: A, limits: {gross: 1, net: 1}}]\nclients:\n"}
	const xnew = "  - {name: XNEW, link: FIX.4.4:GATE->XNEW, clordid: translate, id_prefix: Q, id_length_max: 20, id_alphabet: base36, cod: none}\n"
	venueMore := []string{"venues.cfg", "[SESSION]", "[SESSION]\nTargetCompID=XNEW\nSocketConnectHost=127.0.0.1\nSocketConnectPort=9878\n[SESSION]",
		"gate.yaml", "\nvenues:\n", "\nvenues:\n" + xnew, "gate.yaml", "  default: XSIM\n", "  default: XNEW\n"}
	secure := []string{"participants.cfg", "SenderCompID=GATE\n", "SenderCompID=GATE\n" + mutualLines}
	fewer := []string{"gate.yaml", acme, acme + "    accounts: [ACME-1]\n"}
	for _, c := range []struct {
		name    string
		was, is []string
		want    string
	}{
		{"nothing", nil, nil, ""},
		{"a comment moves every line", nil, []string{"gate.yaml", "\ngate:\n", "\n# more\ngate:\n", "participants.cfg", "[DEFAULT]", "# more\n\n[DEFAULT]"}, ""},
		{"a link more", nil, added, "added FIX.4.4:GATE->NEW; note warning: gate.yaml:N: link FIX.4.4:GATE->NEW logs on without a password"},
		{"a link less", added, nil, "removed FIX.4.4:GATE->NEW"},
		{"an address", nil, []string{"gate.yaml", "  - link: FIX.4.4:GATE->GLOBEX\n", "  - link: FIX.4.4:GATE->GLOBEX\n    source_addresses: [192.0.2.1]\n"}, "changed FIX.4.4:GATE->GLOBEX"},
		{"a key of a session", nil, []string{"participants.cfg", "TargetCompID=ACME", "TargetCompID=ACME\nMaxLatency=60"}, "changed FIX.4.4:GATE->ACME"},
		{"a client before the others", nil, []string{"gate.yaml", "\nclients:\n", "\nclients:\n  - name: FIRST\n    limits: {gross: 1_000, net: 1_000}\n",
			"gate.yaml", "\naccounts:\n", "\naccounts:\n  - {name: FIRST-1, client: FIRST}\n"}, "new client FIRST account FIRST-1"},
		{"an account less", []string{"gate.yaml", "\naccounts:\n", "\naccounts:\n  - {name: ACME-3, client: ACME}\n"}, nil, "changed FIX.4.4:GATE->ACME; gone account ACME-3"},
		{"a symbol more, and less", []string{"instruments.csv", "HALTED,", "PAUSED,"}, nil, "new instrument HALTED; gone instrument PAUSED"},
		{"a trader and what he may use, with limits of positions that he had none of", nil, []string{"gate.yaml", "\naccounts:\n",
			"\ndesks: [{name: D, limits: {gross: 1, net: 1}}]\ntraders: [{name: T, desk: D, limits: {gross: 1, net: 1}}]\nalgos: [{name: A, limits: {gross: 1, net: 1, long_max: 5}}]\naccounts:\n"},
			"new desk D trader T algo A"},
		{"a venue's place", nil, []string{"venues.cfg", "9877", "9878"}, "changed FIX.4.4:GATE->XSIM"},
		{"a venue's credentials", nil, []string{"gate.yaml", "# logon: {username: GATE, password_file: secrets/xsim}", "logon: {username: GATE, password_file: secrets/xsim}"}, "changed FIX.4.4:GATE->XSIM"},
		{"fewer accounts", nil, fewer, "changed FIX.4.4:GATE->ACME"},
		{"more accounts", fewer, nil, "changed FIX.4.4:GATE->ACME"},
		{"a lower rate", nil, []string{"gate.yaml", "{count: 100,", "{count: 99,"}, "changed FIX.4.4:GATE->ACME FIX.4.4:GATE->GLOBEX"},
		{"a higher rate", nil, []string{"gate.yaml", "  - link: FIX.4.4:GATE->GLOBEX\n", "  - link: FIX.4.4:GATE->GLOBEX\n    order_rate: unlimited\n"},
			"changed FIX.4.4:GATE->GLOBEX"},
		{"a shorter window", nil, []string{"gate.yaml", "  - link: FIX.4.4:GATE->GLOBEX\n", "  - link: FIX.4.4:GATE->GLOBEX\n    order_rate: {count: 100, window_ms: 999}\n"},
			"changed FIX.4.4:GATE->GLOBEX"},
		{"TLS", nil, secure, "changed FIX.4.4:GATE->ACME FIX.4.4:GATE->GLOBEX"},
		{"TLS, some lines further down", secure, []string{"participants.cfg", "SenderCompID=GATE\n", "SenderCompID=GATE\n\n" + mutualLines}, ""},
		{"no TLS any more", secure, nil, "changed FIX.4.4:GATE->ACME FIX.4.4:GATE->GLOBEX"},
		{"no certificate any more", secure, []string{"participants.cfg", "SenderCompID=GATE\n", "SenderCompID=GATE\nSocketUseSSL=Y\n" +
			strings.Replace(mutualLines, "SocketCAFile=ca.pem\n", "", 1)}, "changed FIX.4.4:GATE->ACME FIX.4.4:GATE->GLOBEX"},
		{"whose certificate", secure, append(secure[:3:3], "gate.yaml", "    default_account: ACME-1 ", "    certificate_names: [X]\n    default_account: ACME-1 "),
			"changed FIX.4.4:GATE->ACME"},
		{"what is not a link's", nil, []string{"gate.yaml", "durability: interval", "durability: sync", "gate.yaml", "links: 64", "links: 65",
			"gate.yaml", "long_max: 50_000", "long_max: 50_001", "gate.yaml", "unanswered_ms: 5000", "unanswered_ms: 5001"},
			"restart gate.durability (gate.yaml:N), gate.capacity.links (gate.yaml:N); limits account ACME-1 account ACME-HEDGE account GLOBEX-1; profiles venue XSIM: unanswered_ms"},
		{"keys of gate below others, and one whose rule names a value", nil, []string{"gate.yaml", "stall_ms: 500", "stall_ms: 501",
			"gate.yaml", "breach: refuse", "breach: kill_firm", "gate.yaml", "\n  kill_socket: \"\"", "\n  kill_socket: \"kill\"",
			"gate.yaml", "egress_difference: block", "egress_difference: kill_firm"},
			"restart gate.kill_socket (gate.yaml:N), gate.egress_difference (gate.yaml:N), gate.clock.breach (gate.yaml:N), gate.watchdog.stall_ms (gate.yaml:N)"},
		{"limits of an account alone", nil, []string{"gate.yaml", "long_max: 50_000", "long_max: 50_001"}, "limits account ACME-1 account ACME-HEDGE account GLOBEX-1"},
		{"another cut-off at the close", nil, []string{"gate.yaml", "# close_cutoff:", "close_cutoff:"}, "hours venue XSIM"},
		{"no cancels for a minute", []string{"gate.yaml", "# no_cancel:", "no_cancel:"}, []string{"gate.yaml", "# no_cancel:", "no_cancel:", "gate.yaml", `{"15:58:00"`, `{"15:59:00"`}, "hours venue XSIM"},
		{"the same hours", []string{"gate.yaml", "# no_cancel:", "no_cancel:"}, []string{"gate.yaml", "# no_cancel:", "no_cancel:"}, ""},
		{"a drop copy", nil, withCopy, "restart recon.drop_copies"},
		{"a drop copy, some lines further down", withCopy, append(withCopy[:3:3], "venues.cfg", "[DEFAULT]", "\n\n[DEFAULT]", "gate.yaml", "\nroutes:\n",
			"\n# more\nrecon:\n  drop_copies: [{link: FIX.4.4:GATE->COPY, venue: XSIM}]\nroutes:\n"), ""},
		{"a side may wait longer", nil, []string{"gate.yaml", "\nroutes:\n", "\nrecon: {break_after_ms: 3001}\nroutes:\n"}, "restart recon"},
		{"routes", nil, []string{"gate.yaml", "  symbols: {}\n", "  symbols: {AAPL: XSIM}\n", "gate.yaml", "ex_destinations: {XSIM: XSIM}", "ex_destinations: {XLON: XSIM}"},
			"routes ExDestination XLON: XSIM, was none of its own; ExDestination XSIM: none of its own, was XSIM; instrument AAPL: XSIM, was none of its own"},
		{"two lines in place of one", nil, []string{"gate.yaml", "  default: XSIM\n", "  lines: [{name: XLON, venues: [XSIM], sticky: symbol}]\n  default: XLON\n"}, "routes default: XLON, was XSIM; lines XLON: XSIM by symbol, was none of its own"},
		{"routes of names that are new", nil, []string{"gate.yaml", "\naccounts:\n", "\naccounts:\n  - {name: ACME-3, client: ACME}\n", "gate.yaml", "  accounts: {}\n", "  accounts: {ACME-3: XSIM}\n"},
			"changed FIX.4.4:GATE->ACME; new account ACME-3"},
		{"no route for all others", nil, []string{"gate.yaml", "  default: XSIM\n", ""}, "routes default: none of its own, was XSIM; note warning: gate.yaml:N: no default route: an order that no other route matches is refused"},
		{"ids of another link at a venue that reads them", preserving("ACME-1"), preserving("GLOBEX-1"), "restart venue XSIM preserves ClOrdIDs, and would get those of link FIX.4.4:GATE->GLOBEX beside those that FIX.4.4:GATE->ACME has sent; " +
			"routes account ACME-1: none of its own, was XSIM; account GLOBEX-1: XSIM, was none of its own"},
		{"an account of another client", nil, []string{"gate.yaml", "  - name: ACME-HEDGE\n    client: ACME\n", "  - name: ACME-HEDGE\n    client: GLOBEX\n"},
			"changed FIX.4.4:GATE->ACME FIX.4.4:GATE->GLOBEX; moved account ACME-HEDGE: of client GLOBEX, was of ACME"},
		{"another group, desk and client of authors", owners, append(owners[:len(owners):len(owners)], "gate.yaml", "- name: ACME\n", "- name: ACME\n    group: G\n",
			"gate.yaml", "{name: T, desk: D,", "{name: T, desk: E, client: ACME,", "gate.yaml", "algos: [{name: A,", "algos: [{name: A, client: GLOBEX,"),
			"moved client ACME: of group G, was of none; trader T: of desk E, was of D; trader T: of client ACME, was of none; algo A: of client GLOBEX, was of none"},
		{"what a venue is sent and calls a symbol", nil, []string{"gate.yaml", "    clordid: translate ", "    logon: {tags: {1: x}}\n    clordid: translate ",
			"gate.yaml", "      reject: [] ", "      reject: [58] ", "gate.yaml", "    symbol_map: {} ", "    symbol_map: {AAPL: AAPLx} "},
			"changed FIX.4.4:GATE->XSIM; profiles venue XSIM: tags.reject, symbol_map"},
		{"a venue more, before the other", nil, venueMore, "routes default: XNEW, was XSIM; new venue XNEW"},
		{"a venue less", venueMore, nil, "restart venue XNEW is gone; routes default: XSIM, was XNEW"},
		{"another order of venues", venueMore, append(venueMore[:3:3], "gate.yaml", "\nroutes:\n", "\n"+xnew+"routes:\n", "gate.yaml", "  default: XSIM\n", "  default: XNEW\n"), ""},
		{"another line of a venue, and one more", nil, append(venueMore[:3:3], "venues.cfg", "9877", "9879", "gate.yaml", "\nroutes:\n", "\n"+xnew+"routes:\n"),
			"changed FIX.4.4:GATE->XSIM; new venue XNEW"},
		{"how requests are named toward a venue", nil, []string{"gate.yaml", "id_prefix: P", "id_prefix: Q"}, "restart venue XSIM"},
		{"lists where there were none", nil, listed, "lists"},
		{"no lists any more", listed, nil, "lists"},
		{"a symbol more is restricted", listed, list("MSFT]", "MSFT, VOD.L]"), "lists"},
		{"a symbol less is restricted", listed, list("[AAPL, MSFT]", "[AAPL]"), "lists"},
		{"a symbol is permitted for longer", listed, list("12-05", "12-06"), "lists"},
		{"a symbol is permitted for less long", listed, list("12-05", "12-04"), "lists"},
		{"a client has lists of its own", listed, list("  - name: GLOBEX\n", "  - name: GLOBEX\n    permitted: [A]\n"), "lists"},
		{"closes and positions", filed, append(filed[:3:3], "prices.csv", "187.50", "188.50", "positions.csv", "TOTAL,0,0,", "ACME-1,AAPL,500,2026-11-23\nTOTAL,1,500,"),
			"note previous closes differ; a gate reads them at its start; note start-of-day positions differ; gate roll and gate sod read them"},
	} {
		change := Compare(load(c.was...), load(c.is...))
		var got []string
		for _, part := range []struct {
			what  string
			names []string
			sep   string
		}{{"added ", change.Added, " "}, {"changed ", change.Changed, " "}, {"removed ", change.Removed, " "}, {"restart ", change.Restart, ", "}, {"limits ", change.Limits, " "}, {"hours ", change.Hours, " "}, {"routes ", change.Routes, "; "}, {"moved ", movesText(change.Moved), "; "}, {"profiles ", change.Profiles, "; "},
			{"new ", namesText(change.New), " "}, {"gone ", namesText(change.Gone), " "}, {"note ", change.Notes, "; note "}} {
			if len(part.names) > 0 {
				got = append(got, part.what+strings.Join(part.names, part.sep))
			}
		}
		if change.Lists {
			got = append(got, "lists")
		}
		if text := lineNumber.ReplaceAllString(strings.Join(got, "; "), "$1:N"); text != c.want || change.None() != (c.want == "" || strings.HasPrefix(c.want, "note")) {
			t.Errorf("%s: %s\nwant %s", c.name, text, c.want)
		}
	}
}

// TestPlaceOfAKey: a key of gate is found where it is written, and where it is not, at what it would be in.
func TestPlaceOfAKey(t *testing.T) {
	files := SampleFiles(sampleDate)
	cfg, err := LoadFiles(files, SampleMain)
	if err != nil {
		t.Fatal(err)
	}
	for key, at := range map[string]string{"admin_group": "admin_group:", "watchdog.stall_ms": "stall_ms:", "shadow.losses.price": "losses:",
		"capacity.accounts": "links: 64", "tail_segments": "name: GATE1"} {
		before, _, _ := strings.Cut(string(files[SampleMain]), at)
		if got, want := cfg.gatePlace(key), (place{SampleMain, 1 + strings.Count(before, "\n")}); got != want {
			t.Errorf("%s: %v, want %v", key, got, want)
		}
	}
}

// TestDifferencesAreBounded: a table that was replaced is not listed row by row.
func TestDifferencesAreBounded(t *testing.T) {
	var was, is []int
	for n := range 100 {
		was, is = append(was, n), append(is, n+100)
	}
	text := func(n int) string { return fmt.Sprint(n) }
	if got := differences("row", was, is, text); len(got) != differencesShown+1 || got[differencesShown] != "195 more rows" {
		t.Error(got)
	}
	if got := differences("row", []int{1, 2}, []int{2, 1}, text); len(got) != 1 || got[0] != "the order of the rows" {
		t.Error(got)
	}
}

// TestCompareRead: that keys were read is no change.
func TestCompareRead(t *testing.T) {
	dir := t.TempDir()
	for name, data := range secured(t, time.Now().Add(1000*time.Hour)) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	was, err := Load(filepath.Join(dir, SampleMain))
	if err != nil {
		t.Fatal(err)
	}
	if err := was.ReadKeys(time.Now()); err != nil {
		t.Fatal(err)
	}
	is, err := Load(filepath.Join(dir, SampleMain))
	if err != nil {
		t.Fatal(err)
	}
	if change := Compare(was, is); !change.None() {
		t.Errorf("%+v", change)
	}
}

// TestCompareSeesEveryField: no setting changes unnoticed, whoever adds it: a running gate follows it, or says that it
// does not.
func TestCompareSeesEveryField(t *testing.T) {
	cfg := func() *Config {
		files := SampleFiles(sampleDate)
		files[SampleMain] = []byte(strings.Replace(string(files[SampleMain]), "\nclients:\n", "\ngroups: [{name: G, limits: {gross: 1, net: 1}}]\ndesks: [{name: D, limits: {gross: 1, net: 1}}]\nclients:\n", 1))
		cfg, err := LoadFiles(files, SampleMain)
		if err != nil {
			t.Fatal(err)
		}
		return cfg
	}
	notOfTheGate := map[string]bool{"Files": true, "Warnings": true, "DropCopy": true, "Participants": true, "Positions": true, "PositionsDate": true, "Closes": true, "Marks": true, "Splits": true, "Borrow": true,
		"Keys": true, "TLS": true, "Unapproved": true} // the last three are no settings: ReadKeys and Govern make them
	notes := map[string]bool{"Close": true, "CloseDate": true, "Adv": true, "Controls": true}
	each := func(of string, v reflect.Value, is *Config) {
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if !v.Field(i).CanSet() || notOfTheGate[name] || notes[name] {
				continue
			}
			before := reflect.New(v.Field(i).Type()).Elem()
			before.Set(v.Field(i))
			disturb(v.Field(i))
			if change := Compare(cfg(), is); change.None() {
				t.Errorf("%s.%s changes unnoticed", of, name)
			}
			v.Field(i).Set(before)
		}
	}
	is := cfg()
	each("Config", reflect.ValueOf(is).Elem(), is)
	each("Gate", reflect.ValueOf(&is.Gate).Elem(), is)
	each("Link", reflect.ValueOf(&is.Links[0]).Elem(), is)
	each("Account", reflect.ValueOf(&is.Accounts[0]).Elem(), is)
	each("Client", reflect.ValueOf(&is.Clients[0]).Elem(), is)
	each("Venue", reflect.ValueOf(&is.Venues[0]).Elem(), is)
	each("Instrument", reflect.ValueOf(&is.Instruments[0]).Elem(), is)
	if change := Compare(cfg(), is); !change.None() {
		t.Errorf("%+v", change)
	}
}

// disturb gives a value another one.
func disturb(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(v.Uint() + 1)
	case reflect.Slice:
		v.Set(reflect.Append(v, reflect.New(v.Type().Elem()).Elem()))
	case reflect.Struct:
		disturb(v.Field(0))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	default:
		panic(v.Kind())
	}
}

func movesText(moves []Moved) (texts []string) {
	for _, m := range moves {
		texts = append(texts, m.String())
	}
	return texts
}

func namesText(names []Named) (texts []string) {
	for _, n := range names {
		texts = append(texts, n.String())
	}
	return texts
}
