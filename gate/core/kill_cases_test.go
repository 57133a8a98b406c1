package core

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestKillCases holds the list of the rules of kills and of cancel on disconnect against what it names: each rule has a
// proof, and each case of a script and each test that it names is there.
func TestKillCases(t *testing.T) {
	const folder = "../../testdata/core"
	text, err := os.ReadFile(filepath.Join(folder, "kill_cases.md"))
	must(t, err)
	for _, rule := range strings.Fields("K1 K2 K3 K4 K5 K6 K7 K8 K9 K10 K11 C1 C2 C3 C4 C5 C6 C7") {
		row := regexp.MustCompile(`(?m)^\| ` + rule + ` \|[^|]+\|([^|]+)\|$`).FindStringSubmatch(string(text))
		if row == nil {
			t.Errorf("no proof of %s", rule)
			continue
		}
		proofs := 0
		for _, test := range regexp.MustCompile(`([a-z/]+) (Test\w+)`).FindAllStringSubmatch(row[1], -1) {
			proofs++
			if !hasTest(t, test[1], test[2]) {
				t.Errorf("%s: there is no %s in %s", rule, test[2], test[1])
			}
		}
		for _, script := range regexp.MustCompile(`(\w+\.txt): `).FindAllStringSubmatchIndex(row[1], -1) {
			proofs++
			name, rest := row[1][script[2]:script[3]], row[1][script[1]:]
			cases, err := os.ReadFile(filepath.Join(folder, name))
			must(t, err)
			found := false
			for _, title := range regexp.MustCompile(`(?m)^== (.+)$`).FindAllStringSubmatch(string(cases), -1) {
				found = found || strings.HasPrefix(rest, title[1])
			}
			if !found {
				t.Errorf("%s: %s has no case %.60s", rule, name, rest)
			}
		}
		if proofs == 0 {
			t.Errorf("no proof of %s", rule)
		}
	}
}

// hasTest reports whether a package has a test of that name.
func hasTest(t *testing.T, pkg, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", pkg, "*_test.go"))
	must(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(t, err)
		if strings.Contains(string(text), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}
