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

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
