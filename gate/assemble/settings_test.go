package assemble

import (
	"strings"
	"testing"

	"portcullis/gate/config"
	"portcullis/risk"
)

// TestSettingsOfAnAccount: limits of credit and what else an account is judged by, changed at once, take the room of a running gate once.
func TestSettingsOfAnAccount(t *testing.T) {
	n, err := config.OpenNumbers(t.TempDir())
	must(t, err)
	defer func() { _ = n.Close() }()
	load := func(account string) *config.Config {
		files := config.SampleFiles(20261124)
		files[config.SampleMain] = []byte(strings.Replace(string(files[config.SampleMain]), "\naccounts:\n",
			"\naccounts:\n  - {name: TEMP-1, client: ACME"+account+"}\n", 1))
		cfg, err := config.LoadFiles(files, config.SampleMain)
		must(t, err)
		return cfg
	}
	was, is := load(""), load(", open_orders_max: 7, limits: {gross: 1000, net: 1000, inventory: 1000}")
	must(t, Assign(was, n))
	book := risk.NewBook(risk.Capacity{Accounts: 8, Clients: 4, Instruments: 8, Links: 4, Positions: 64}, func(n int) []byte { return make([]byte, n) })
	changes := config.LimitChanges(was, is)
	if len(changes) != 1 || !changes[0].Account() || !changes[0].Credit() {
		t.Fatalf("%+v", changes)
	}
	var need risk.Room
	for _, s := range (lookup{is, n}).settings(&changes[0]) {
		must(t, s.Need(book, &need))
	}
	if need.Measured != 1 {
		t.Errorf("%d rows of measures, want 1", need.Measured)
	}
}

// TestUnderlyings: what the instruments file says of underlyings comes to the core, and a running gate follows another.
func TestUnderlyings(t *testing.T) {
	n, err := config.OpenNumbers(t.TempDir())
	must(t, err)
	defer func() { _ = n.Close() }()
	load := func(underlying string) *config.Config {
		files := config.SampleFiles(20261124)
		files["instruments.csv"] = []byte("symbol,currency,tick,lot,underlying\nAAPL,USD,0.01,1," + underlying + "\nVOD.L,GBP,0.02,1,\n")
		cfg, err := config.LoadFiles(files, config.SampleMain)
		must(t, err)
		return cfg
	}
	was, is := load("SPX"), load("NDX")
	must(t, Assign(was, n))
	number, _ := n.Of(config.InstrumentNumber, was.Instruments[0].Symbol)
	for want, cfg := range map[string]*config.Config{"SPX": was, "NDX": is} {
		set, err := Setup(cfg, n, nil, Heap)
		must(t, err)
		for i := range set.Instruments {
			if got := set.Instruments[i].Underlying; (got == want) != (uint32(i) == number) || got != "" && got != want {
				t.Errorf("%s: underlying %q", set.Instruments[i].Symbol, got)
			}
		}
	}
	if change := config.Compare(was, is); len(change.Restart) > 0 || change.None() {
		t.Errorf("another underlying: %+v", change)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
