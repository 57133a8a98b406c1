package config

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"portcullis/clocksync"
	"portcullis/risk"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata")

// sampleDate dates the sample in all tests.
const sampleDate = 20261123

// TestBroken runs the scripts in testdata/broken; gate.txt explains their format.
func TestBroken(t *testing.T) {
	files, _ := filepath.Glob("testdata/broken/*.txt")
	if len(files) < 4 {
		t.Fatalf("only %d scripts", len(files))
	}
	for _, file := range files {
		script, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, cases, _ := strings.Cut(string(script), "\n== ")
		out := head
		for _, text := range strings.Split(cases, "\n== ") {
			title, body, _ := strings.Cut(text, "\n")
			t.Run(filepath.Base(file)+"/"+title, func(t *testing.T) {
				kept, want, got := runCase(t, body)
				if !*update && !reflect.DeepEqual(got, want) {
					t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
				out += "\n== " + title + "\n" + kept + strings.Join(append(got, ""), "\n")
			})
		}
		if *update && !t.Failed() {
			if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// runCase changes the sample as a case says, loads it, and returns the case without its answers,
// the answers it expects and the answers given.
func runCase(t *testing.T, body string) (kept string, want, got []string) {
	files := Alone(SampleFiles(sampleDate))
	unescape := strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\r`, "\r", `\u0001`, "\x01", `\ufeff`, "\ufeff")
	var file, old string
	for _, line := range strings.Split(body, "\n") {
		mark, text, _ := strings.Cut(line, " ")
		if mark == "!" || mark == "~" {
			want = append(want, line)
			continue
		}
		if line != "" {
			kept += line + "\n"
		}
		text = unescape.Replace(text)
		switch mark {
		case "<":
			file, old, _ = strings.Cut(text, ": ")
			if strings.Count(string(files[file]), old) != 1 {
				t.Fatalf("%q occurs %d times in %s", old, strings.Count(string(files[file]), old), file)
			}
		case ">":
			files[file] = []byte(strings.Replace(string(files[file]), old, text, 1))
		case "+":
			name, content, _ := strings.Cut(text, ": ")
			files[name] = []byte(content)
		case "-":
			delete(files, text)
		case "":
		default:
			t.Fatalf("line %q has no mark", line)
		}
	}
	return kept, want, answers(files)
}

// answers is what loading says, in the form of the scripts.
func answers(files map[string][]byte) []string {
	var lines []string
	c, err := loadMap(files)
	if err != nil {
		for _, line := range strings.Split(err.Error(), "\n") {
			lines = append(lines, "! "+line)
		}
		return lines
	}
	for _, warning := range c.Warnings {
		lines = append(lines, "~ "+warning)
	}
	return lines
}

// loadMap is Load with the files, secrets included, in memory.
func loadMap(files map[string][]byte) (*Config, error) {
	open := func(name string) ([]byte, error) {
		if data, ok := files[name]; ok {
			return data, nil
		}
		return nil, os.ErrNotExist
	}
	return load(SampleMain, "", open, open)
}

// Every refusal in the scripts names its file and ends with a cure, and no secret of the sample is
// ever repeated.
func TestAnswersHaveTheForm(t *testing.T) {
	form := regexp.MustCompile(`^! [a-zA-Z.]+(:\d+)?: .+; .+$`)
	files, _ := filepath.Glob("testdata/broken/*.txt")
	answers := 0
	for _, file := range files {
		script, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(script), "\n") {
			if !strings.HasPrefix(line, "!") {
				continue
			}
			answers++
			if !form.MatchString(line) || strings.Contains(line, "globex-secret") {
				t.Errorf("%s: %s", file, line)
			}
		}
	}
	if answers < 150 {
		t.Errorf("only %d answers", answers)
	}
}

// writeSample puts the sample on disk.
func writeSample(t *testing.T) string {
	dir := t.TempDir()
	if err := Sample(dir, SampleFiles(sampleDate)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestSampleLoadsUnchanged(t *testing.T) {
	dir := writeSample(t)
	c, err := Load(filepath.Join(dir, SampleMain))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Warnings) != 1 || !strings.HasSuffix(c.Warnings[0], "admin_group is empty: nobody could approve anything") {
		t.Errorf("warnings: %q", c.Warnings)
	}
	alone, err := loadMap(Alone(SampleFiles(sampleDate)))
	if err != nil || len(alone.Warnings) != 0 || c.Gate.Approval != FourEyes || alone.Gate.Approval != NoApproval {
		t.Errorf("of one person's machine: %v, %+v", err, alone.Gate)
	}
	if c.Gate.JournalDir != filepath.Join(dir, "journal") || c.Gate.AdminSocket != filepath.Join(dir, "gate.sock") {
		t.Errorf("paths are not beside gate.yaml: %+v", c.Gate)
	}
	hedge := Account{
		Name: "ACME-HEDGE", Client: 0,
		Limits:      Limits{Gross: 1_000_000_0000, Net: 500_000_0000, ClosingReserveBps: 1000},
		OrderLimits: OrderLimits{OrderQtyMax: 10_000_0000_0000, NotionalMax: 250_000_0000, MarketNotionalMax: 250_000_0000},
		LongMax:     50_000_0000_0000, ShortMax: 5_000_0000_0000, OpenOrdersMax: 200,
		Repeat: Throttle{CountMax: 5, WindowNs: 1e9},
		Sides:  "125", OrdTypes: "12", TimeInForces: "0134", Capacities: Capacities{Any, Any},
		SellLongChecked: true, PhaseRules: None,
	}
	if !reflect.DeepEqual(c.Accounts[1], hedge) {
		t.Errorf("got  %+v\nwant %+v", c.Accounts[1], hedge)
	}
	vodafone := Instrument{
		Symbol: "VOD.L", PhaseRules: None, Type: "stock", Currency: "GBP",
		Multiplier: 1_0000_0000, PriceFactor: 100_0000, Factor: 125_0000, // 1 × 0.01 × 1.25
		FXAsOfNs: DayNs(sampleDate), FXAgeMaxNs: 366 * 24 * 3600 * 1e9,
		Ticks: TickTable{{Tick: 200_0000}}, Lot: 1_0000_0000, OrderQtyMax: Unlimited,
		OrdTypes: "123457BKP", TimeInForces: "01234567", OrderFields: "imd",
		CollarBps: 300, BandBps: 1000, Sources: "mid last close", QuoteAgeMaxNs: 5e9, LastAgeMaxNs: 5e9, CloseAgeMaxDays: 366,
		Close: 68_4200_0000, CloseDate: sampleDate,
	}
	if !reflect.DeepEqual(c.Instruments[3], vodafone) {
		t.Errorf("got  %+v\nwant %+v", c.Instruments[3], vodafone)
	}
	if c.Links[0].DefaultAccount != 0 || !reflect.DeepEqual(c.Links[0].Accounts, []int{0, 1}) ||
		c.Links[1].DefaultAccount != None || !reflect.DeepEqual(c.Links[1].Accounts, []int{2}) {
		t.Errorf("accounts of links: %+v", c.Links)
	}
}

// The passwords that the sample's comment names are the ones that its hashes hold.
func TestSamplePasswords(t *testing.T) {
	c, err := loadMap(SampleFiles(sampleDate))
	if err != nil {
		t.Fatal(err)
	}
	for i, password := range []string{"acme-secret", "globex-secret"} {
		verify, err := c.Links[i].Verifier()
		if err != nil || !verify([]byte(c.Links[i].Username), []byte(password)) {
			t.Errorf("%s does not open %s (%v)", password, c.Links[i].Session.Name, err)
		}
	}
}

func TestSampleNeverOverwrites(t *testing.T) {
	dir := writeSample(t)
	file := filepath.Join(dir, "venues.cfg")
	if err := os.WriteFile(file, []byte("mine"), 0o640); err != nil {
		t.Fatal(err)
	}
	err := Sample(dir, SampleFiles(sampleDate))
	if err == nil || !strings.Contains(err.Error(), file+" is there already") {
		t.Errorf("got %v", err)
	}
	if data, _ := os.ReadFile(file); string(data) != "mine" {
		t.Errorf("venues.cfg is now %q", data)
	}
}

// What is kept beside the journal loads again, has the same hash, and holds no secret.
func TestKeptFilesLoadAgain(t *testing.T) {
	files := SampleFiles(sampleDate)
	change := func(file, old, text string) {
		files[file] = []byte(strings.Replace(string(files[file]), old, text, 1))
	}
	change(SampleMain, "# logon: {username: GATE, password_file: secrets/xsim}",
		"logon: {username: GATE, password_file: secrets/xsim}")
	change(SampleMain, "username: globex\n    password_hash: pbkdf2",
		"username: globex\n    password_file: globex.hash # pbkdf2")
	files["secrets/xsim"] = []byte("venue-secret\n")
	files["globex.hash"] = []byte("pbkdf2-sha256$1000$c2FsdHNhbHRzYWx0$0ye/GAPXQ06R05+BRQIGo7alZe5fodu3B2fc5pA4s8s\n")
	first, err := loadMap(files)
	if err != nil {
		t.Fatal(err)
	}
	if string(first.Venues[0].Password) != "venue-secret" ||
		!strings.HasPrefix(first.Links[1].PasswordHash, "pbkdf2-sha256$1000$") {
		t.Errorf("secrets were not read: %q %q", first.Venues[0].Password, first.Links[1].PasswordHash)
	}
	for name, data := range first.Files {
		if bytes.Contains(data, []byte("venue-secret")) || bytes.Contains(data, []byte("c2FsdHNhbHRzYWx0")) ||
			bytes.Contains(data, []byte("E4Hi8PlH5riwJtjaUSvELw")) {
			t.Errorf("%s keeps a secret", name)
		}
	}
	second, err := LoadFiles(first.Files, SampleMain)
	if err != nil {
		t.Fatal(err)
	}
	if first.Hash() != second.Hash() {
		t.Error("the hash changed")
	}
	if second.Links[0].PasswordHash != "" || second.Venues[0].Password != nil {
		t.Error("a secret came out of the kept files")
	}
	for i := range first.Links {
		first.Links[i].PasswordHash = ""
	}
	first.Venues[0].Password, first.secret = nil, nil
	if !reflect.DeepEqual(first, second) {
		t.Errorf("first  %+v\nsecond %+v", first, second)
	}
}

// The hash tells apart any change of any file, also of its name, and nothing else.
func TestHash(t *testing.T) {
	base := &Config{Files: map[string][]byte{"a": []byte("1"), "b": []byte("23")}}
	same := &Config{Files: map[string][]byte{"b": []byte("23"), "a": []byte("1")}, Currency: "USD"}
	if base.Hash() != same.Hash() {
		t.Error("the hash depends on more than the files")
	}
	for _, files := range []map[string][]byte{
		{"a": []byte("1")}, {"a": []byte("1"), "c": []byte("23")}, {"a": []byte("12"), "b": []byte("3")},
		{"a": []byte("1"), "b": []byte("24")}, {"ab": []byte("123")}, {},
	} {
		if other := (&Config{Files: files}); base.Hash() == other.Hash() {
			t.Errorf("%q has the same hash", files)
		}
	}
}

// TestRoutesAndProfile reads one configuration that uses what the sample leaves empty.
func TestRoutesAndProfile(t *testing.T) {
	files := SampleFiles(sampleDate)
	text := string(files[SampleMain])
	for _, change := range [][2]string{
		{"set: {} ", "set: {50: DESK1}"}, {"drop: [] ", "drop: [58, 354-355]"}, {"pass: [] ", "pass: [5001]"},
		{"account_map: {} ", "account_map: {ACME-1: 7700123}"},
		{"symbol_map: {} ", "symbol_map: {MSFT: MSF}"},
		{"symbols: {}\n  accounts: {}", "symbols: {SPY: BOTH}\n  accounts: {ACME-1: XSIM}\n  lines: [{name: BOTH, venues: [XSIM], sticky: symbol}]"},
		{"# message_budget", "message_budget"}, {"cpu: any", "cpu: 0  "}, {"realtime: false", "realtime: true "},
		{"forbid: []", "forbid: [unknown, holdover]"},
		{"durability: interval", "durability: sync    "}, {"answers: execution", "answers: business "},
		{"tell_limits: false", "tell_limits: true "}, {"egress_difference: block", "egress_difference: kill_firm"},
		{"cancel_scope: link ", "cancel_scope: client"}, {"after_reset: resend", "after_reset: none"},
		{"# ORDER_RATE:", "ORDER_RATE:"}, {"# kill_when_down:", "kill_when_down:"}, {"journal_loss: refuse", "journal_loss: kill_firm"},
		{"breach: refuse", "breach: block_firm"},
		{"cancel_on_disconnect: off ", "cancel_on_disconnect: {grace_ms: 0, gtc: true, logout: true}"},
	} {
		if !strings.Contains(text, change[0]) {
			t.Fatalf("the sample has no %q", change[0])
		}
		text = strings.Replace(text, change[0], change[1], 1)
	}
	files[SampleMain] = []byte(text)
	c, err := loadMap(files)
	if err != nil {
		t.Fatal(err)
	}
	v, k := c.Venues[0], c.Links[0]
	if !reflect.DeepEqual(v.TagSet, []TagValue{{50, "DESK1"}}) ||
		!reflect.DeepEqual(v.TagDrop, []TagRange{{58, 58}, {354, 355}}) ||
		!reflect.DeepEqual(v.TagPass, []TagRange{{5001, 5001}}) ||
		!reflect.DeepEqual(v.AccountMap, []AccountAlias{{0, "7700123"}}) || len(v.SymbolMap) != 1 || v.SymbolMap[0].Alias != "MSF" ||
		c.Gate.CPU != 0 || !c.Gate.Realtime || c.Gate.ClockForbidden != 1<<clocksync.Unknown|1<<clocksync.Holdover ||
		v.MessageBudget != (Throttle{500, 1e9}) {
		t.Errorf("venue %+v", v)
	}
	if k.Answers != Business || !k.TellLimits || !k.CancelAny || !k.ResendNone || k.OrderAgeMaxNs != 5e9 ||
		k.OrderRate != (Throttle{100, 1e9}) || k.CancelOnDisconnect != (CancelOnDisconnect{On: true, GTC: true, Logout: true}) {
		t.Errorf("link %+v", k)
	}
	if !reflect.DeepEqual(c.Breaches, []Breach{{risk.OrderRateExceeded, risk.ScopeLink, risk.KillDisconnect, 3, 60e9}}) ||
		v.DownNs != 30e9 || v.DownMode != risk.KillBlock || c.Gate.JournalKill != risk.KillBlockAndCancel || c.Gate.ClockKill != risk.KillBlock {
		t.Errorf("kills %+v, %d %d, %d %d", c.Breaches, v.DownNs, v.DownMode, c.Gate.JournalKill, c.Gate.ClockKill)
	}
	want := Routes{
		Lines: []Lines{{"BOTH", []int{0}, true}}, Symbols: []Route{{2, LinesBase}}, Accounts: []Route{{0, 0}}, ExDestinations: []DestinationRoute{{"XSIM", 0}},
	}
	if !reflect.DeepEqual(c.Routes, want) || c.Gate.Durability != Sync || !c.Gate.EgressKills {
		t.Errorf("routes %+v", c.Routes)
	}
}

// Nesting is bounded, and brackets in comments are no nesting.
func TestNesting(t *testing.T) {
	for text, want := range map[string]bool{
		strings.Repeat("[", nestingMax) + strings.Repeat("]", nestingMax): false,
		strings.Repeat("[\n", nestingMax+1):                               true,
		strings.Repeat("- ", nestingMax+1) + "x":                          true,
		strings.Repeat("a: 1 # e.g. [5\n# {\n", nestingMax+1):             false,
		strings.Repeat("- {a: [1]}\n", nestingMax+1):                      false,
	} {
		if nestedTooDeep([]byte(text)) != want {
			t.Errorf("%.20q...: too deep is %v", text, !want)
		}
	}
}

// FuzzGateYAML: no bytes in gate.yaml panic, and an error never comes with a Config.
func FuzzGateYAML(f *testing.F) {
	f.Add(SampleFiles(sampleDate)[SampleMain])
	for _, seed := range []string{
		"", "gate: [", "a: &a [*a]\n", "- - - -", "gate: {name: !!binary x}", "? a\n: b", "<<: {gate: 1}",
		"gate:\n  name: |\n    x\n", "---\n...\n---\n", "\x00", "\ufeffgate: {}", "accounts:\n  - \n",
		strings.Repeat("[", 100000), strings.Repeat("{a: ", 10000), strings.Repeat("- ", 100000),
		"collars: {symbols: {AAPL: 1}}", "routes: {symbols: {1: 2, 1.0: x}}",
	} {
		f.Add([]byte(seed))
	}
	files := SampleFiles(sampleDate)
	f.Fuzz(func(t *testing.T, data []byte) {
		changed := maps.Clone(files)
		changed[SampleMain] = data
		if c, err := loadMap(changed); (c == nil) == (err == nil) {
			t.Errorf("config %v beside error %v", c != nil, err)
		}
	})
}

// FuzzTables: no bytes in a table panic, and what is accepted is within its ranges.
func FuzzTables(f *testing.F) {
	files := SampleFiles(sampleDate)
	files[SampleMain] = bytes.Replace(files[SampleMain], []byte("# splits: splits.csv "), []byte("splits: splits.csv "), 1)
	files["splits.csv"] = []byte("symbol,ratio,ex_date\nAAPL,4:1,2026-11-24\nTOTAL,4:1,1\n")
	for _, name := range []string{"instruments.csv", "prices.csv", "positions.csv", "splits.csv"} {
		f.Add(name, files[name])
	}
	for _, row := range []string{"AAPL,1:10,20261124\nTOTAL,1:10,1", "AAPL,:,\nTOTAL,0:0,0", "AAPL,4294967296:1,20261124\nTOTAL,0:1,1", "TOTAL,,"} {
		f.Add("splits.csv", []byte("symbol,ratio,ex_date\n"+row))
	}
	f.Add("prices.csv", []byte("symbol,close,as_of\n\"AAPL\",\"1\"\"2\",20261123"))
	f.Add("positions.csv", []byte("account,symbol,qty,as_of\nTOTAL,0,-0,2026-11-23\n"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		changed := maps.Clone(files)
		changed[name] = data
		c, err := loadMap(changed)
		if err != nil {
			return
		}
		for _, i := range c.Instruments {
			if len(i.Ticks) == 0 || i.Lot <= 0 || i.Factor <= 0 || i.Close < 0 || i.OrderQtyMax <= 0 || i.Symbol == "" {
				t.Errorf("accepted %+v", i)
			}
		}
		for _, s := range c.Splits {
			if !s.Ratio.Valid() || s.Date == 0 || s.Instrument < 0 {
				t.Errorf("accepted %+v", s)
			}
		}
	})
}

// Two links may have one password; neither place of its hash is kept beside the journal.
func TestOnePasswordForTwoLinks(t *testing.T) {
	files := SampleFiles(sampleDate)
	first := regexp.MustCompile(`pbkdf2-sha256\$600000\$E4\S+`).Find(files[SampleMain])
	files[SampleMain] = regexp.MustCompile(`pbkdf2-sha256\$600000\$VF\S+`).ReplaceAllLiteral(files[SampleMain], first)
	c, err := loadMap(files)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(c.Files[SampleMain], first) || c.Links[0].PasswordHash != c.Links[1].PasswordHash {
		t.Error("the hash is kept, or differs")
	}
}
