package link

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestCases holds the list of cases against the scripts: each that it names is there, and each that there is it names.
// What is skipped has a reason, and no script.
func TestCases(t *testing.T) {
	const testdata = "../../testdata"
	text, err := os.ReadFile(filepath.Join(scriptDir, "cases.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, name := range regexp.MustCompile(`[\w/]+\.txt`).FindAllString(string(text), -1) {
		if !strings.Contains(name, "/") {
			name = "link/" + name
		}
		named[name] = true
		if _, err := os.Stat(filepath.Join(testdata, name)); err != nil {
			t.Errorf("the list names %s: %v", name, err)
		}
	}
	for _, pattern := range []string{"link/*.txt", "fixecho/*.txt", "dict/14*.txt", "dict/2*.txt"} {
		files, err := filepath.Glob(filepath.Join(testdata, pattern))
		if err != nil || len(files) == 0 {
			t.Errorf("%s: %v", pattern, err)
		}
		for _, file := range files {
			name, err := filepath.Rel(testdata, file)
			if err != nil {
				t.Fatal(err)
			}
			if !named[name] {
				t.Errorf("the list does not name %s", name)
			}
		}
	}
	for _, number := range strings.Fields("1B 1S 2a 2b 2c 2d 2e 2f 2g 2i 2k 2m 2o 2q 2r 2s 2t 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20") {
		if !regexp.MustCompile(`(?m)^\| [^|]*\b` + number + `\b[^|]*\|`).Match(text) {
			t.Errorf("the list has no case %s", number)
		}
	}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !strings.Contains(line, "skipped") {
			continue
		}
		name := strings.TrimSpace(cells[1])
		if _, reason, _ := strings.Cut(cells[3], "skipped:"); len(strings.TrimSpace(reason)) < 20 {
			t.Errorf("%s: no reason", name)
		}
		if files, _ := filepath.Glob(filepath.Join(testdata, "*", name+"_*.txt")); len(files) > 0 {
			t.Errorf("%s is skipped, and there is %v", name, files)
		}
	}
}
