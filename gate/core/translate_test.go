package core

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/datadictionary"
)

// TestVersions plays the scripts of testdata/versions for each version of the participant with each version of the
// venue. Whatever the gate sends must be what the standard dictionary of its receiver's version permits: by our
// validator, which judges each message as it is sent, and by quickfixgo's, which shares no code with it.
func TestVersions(t *testing.T) {
	files, err := filepath.Glob("../../testdata/versions/*.txt")
	must(t, err)
	if len(files) == 0 {
		t.Fatal("no scripts")
	}
	judges := map[string]func([]byte) error{}
	for _, v := range fixVersions() {
		judges[v.name] = quickfixgo(t, v)
	}
	for _, p := range fixVersions() {
		for _, v := range fixVersions() {
			t.Run(p.name+" to "+v.name, func(t *testing.T) {
				for _, name := range files {
					playVersions(t, name, p, v, judges)
				}
			})
		}
	}
}

func playVersions(t *testing.T, name string, p, v version, judges map[string]func([]byte) error) {
	text, err := os.ReadFile(name)
	must(t, err)
	var s *script
	for n, line := range append(strings.Split(string(text), "\n"), "== ") {
		if !strings.HasPrefix(line, "== ") {
			if s != nil {
				s.line = n + 1
				s.do(strings.TrimSpace(line))
			}
			continue
		}
		if s != nil {
			s.settled()
		}
		c := plain()
		c.version, c.venueVersion, c.held = p.name, v.name, true
		c.judge = func(l uint32, raw []byte) error { return judges[c.versionOf(linkNames[l]).name](raw) }
		s = &script{t: t, conf: &c, file: filepath.Base(name), vars: map[string]string{}, reasons: map[string]bool{}}
	}
}

// spoken are the words of a line that are for the version of a link: those behind [4.1-4.2] are for these alone.
func (s *script) spoken(l uint32, words []string) (own []string) {
	on := true
	for _, word := range words {
		if span, ok := strings.CutPrefix(word, "["); ok {
			on = s.speaks(l, strings.TrimSuffix(span, "]"))
		} else if on {
			own = append(own, word)
		}
	}
	return own
}

// speaks reports whether a link's version is 4.2, among 4.1-4.2, or 5.0 or later: 5.0-.
func (s *script) speaks(l uint32, span string) bool {
	number := func(name string) int {
		return slices.IndexFunc(fixVersions(), func(v version) bool { return v.name == "FIX."+name })
	}
	first, last, open := strings.Cut(span, "-")
	from, to := number(first), number(last)
	if !open {
		to = from
	} else if last == "" {
		to = len(fixVersions()) - 1
	}
	if from < 0 || to < from {
		s.fatal("no versions: %q", span)
	}
	is := number(strings.TrimPrefix(s.conf.versionOf(linkNames[l]).name, "FIX."))
	return from <= is && is <= to
}

// quickfixgo is the judge of a version's messages.
func quickfixgo(t *testing.T, v version) func([]byte) error {
	parse := func(name string) *datadictionary.DataDictionary {
		d, err := datadictionary.Parse(filepath.Join(specDir(), name+".xml"))
		must(t, err)
		return d
	}
	var transport *datadictionary.DataDictionary
	if v.appl != "" {
		transport = parse("FIXT11")
	}
	app := parse(strings.ReplaceAll(v.name, ".", ""))
	judge := quickfix.NewValidator(quickfix.ValidatorSettings{CheckFieldsOutOfOrder: true, RejectInvalidMessage: true,
		CheckUserDefinedFields: true}, app, transport)
	return func(raw []byte) error {
		msg := quickfix.NewMessage()
		if err := quickfix.ParseMessageWithDataDictionary(msg, bytes.NewBuffer(bytes.Clone(raw)), transport, app); err != nil {
			return err
		}
		if reject := judge.Validate(msg); reject != nil {
			return fmt.Errorf("%w, tag %v", reject, reject.RefTagID())
		}
		return nil
	}
}

var specDir = sync.OnceValue(func() string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/quickfixgo/quickfix").Output()
	if err != nil {
		panic(fmt.Sprintf("looking for the quickfix module: %v", err))
	}
	return filepath.Join(strings.TrimSpace(string(out)), "spec")
})
