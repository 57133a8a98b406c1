package assemble

import (
	"strings"
	"testing"

	"portcullis/gate/config"
)

// TestOwnersOfWhatIsInForce: what an account that has gone did today counts with the client that it was of when it was in force,
// whatever has been offered since: a reload that puts it back with another client is refused, and leaves no trace.
func TestOwnersOfWhatIsInForce(t *testing.T) {
	n, err := config.OpenNumbers(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = n.Close() }()
	with := func(client string) *config.Config {
		files := config.SampleFiles(20261124)
		if client != "" {
			files[config.SampleMain] = []byte(strings.Replace(string(files[config.SampleMain]), "\naccounts:\n",
				"\naccounts:\n  - {name: TEMP-1, client: "+client+"}\n", 1))
		}
		cfg, err := config.LoadFiles(files, config.SampleMain)
		if err != nil {
			t.Fatal(err)
		}
		return cfg
	}
	ownerOf := func() string {
		account, _ := n.Of(config.AccountNumber, "TEMP-1")
		client, _ := n.Owner(config.AccountNumber, account)
		return n.Name(config.ClientNumber, client)
	}
	for _, step := range []struct {
		what      string
		cfg       *config.Config
		in        bool // it comes into force
		belongsTo string
	}{
		{"added", with("ACME"), true, "ACME"},
		{"removed", with(""), true, "ACME"},
		{"put back with another client, and refused", with("GLOBEX"), false, "ACME"},
		{"put back with another client the day after", with("GLOBEX"), true, "GLOBEX"},
	} {
		err := Assign(step.cfg, n)
		if err == nil && step.in {
			err = Own(step.cfg, n)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := ownerOf(); got != step.belongsTo {
			t.Errorf("%s: it is of %s, want %s", step.what, got, step.belongsTo)
		}
	}
}
