package core

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// eachCase calls f with every case of every script, in a test of its own.
func eachCase(t *testing.T, f func(t *testing.T, s *script, body string)) {
	files, err := filepath.Glob("../../testdata/core/*.txt")
	must(t, err)
	if len(files) == 0 {
		t.Fatal("no scripts")
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		must(t, err)
		for _, part := range strings.Split("\n"+string(text), "\n== ")[1:] {
			title, body, _ := strings.Cut(part, "\n")
			line := strings.Count(string(text)[:strings.Index(string(text), "== "+title)], "\n") + 1
			t.Run(filepath.Base(name)+"/"+title, func(t *testing.T) {
				f(t, &script{t: t, file: filepath.Base(name), line: line, vars: map[string]string{}, reasons: map[string]bool{}}, body)
			})
		}
	}
}

// play runs a case.
func (s *script) play(body string) {
	s.t.Helper()
	defer keepNames()()
	for _, l := range strings.Split(body, "\n") {
		s.line++
		s.do(strings.TrimSpace(l))
	}
	s.settled()
}
