package settings

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/quickfixgo/quickfix"
)

// Every key of quickfixgo's config package has a row in our table, and the row says why where the
// key is not honoured.
func TestEveryQuickFIXKeyHasARule(t *testing.T) {
	pkg, err := build.Import("github.com/quickfixgo/quickfix/config", ".", build.FindOnly)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(pkg.Dir, "configuration.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	keys := 0
	ast.Inspect(file, func(node ast.Node) bool {
		if spec, ok := node.(*ast.ValueSpec); ok {
			key, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if _, known := ruleOf(key); !known {
				t.Errorf("%s has no rule", key)
			}
			keys++
		}
		return true
	})
	if keys < 79 { // v0.9.10
		t.Errorf("only %d keys found: the test does not read the package", keys)
	}
	seen := map[string]bool{}
	for _, rule := range rules {
		if seen[rule.Key] {
			t.Errorf("%s has two rules", rule.Key)
		}
		seen[rule.Key] = true
		if (rule.Why == "") != (rule.Status == Honoured) || (rule.Value != "") != (rule.Status == Harmless) {
			t.Errorf("%+v: incomplete rule", rule)
		}
	}
}

// parseReference runs quickfixgo, which panics on a key before a section.
func parseReference(data []byte) (parsed *quickfix.Settings, ok bool) {
	defer func() {
		if recover() != nil {
			parsed, ok = nil, false
		}
	}()
	parsed, err := quickfix.ParseSettings(bytes.NewReader(data))
	return parsed, err == nil
}

// compare holds our sections against quickfixgo's on a file that both accept. The two stated
// differences are taken out: blanks around keys are trimmed, and a session before a second
// [DEFAULT] is kept, so then quickfixgo may have fewer sessions.
func compare(t *testing.T, data []byte) {
	sections, err := Scan("f.cfg", data)
	reference, ok := parseReference(data)
	if err != nil || !ok {
		return
	}
	theirs := reference.SessionSettings()
	if len(theirs) > len(sections) || len(theirs) < len(sections) && !secondDefault(data) {
		t.Fatalf("%d sessions, quickfixgo has %d", len(sections), len(theirs))
	}
	names := rawNames(data)
	for id, settings := range theirs {
		want := map[string]string{}
		for name := range names {
			if value, err := settings.Setting(name); err == nil {
				trimmed := strings.Trim(name, " \t")
				if _, twice := want[trimmed]; twice {
					return // "A" and "A " are one key to us and two to quickfixgo
				}
				want[trimmed] = value
			}
		}
		found := false
		for i := range sections {
			found = found || equal(&sections[i], want)
		}
		if !found {
			t.Fatalf("session %v with %q is not among ours: %+v", id, want, sections)
		}
	}
}

// rawNames collects every text before an equals sign: quickfixgo has no way to list its keys.
func rawNames(data []byte) map[string]bool {
	names := map[string]bool{}
	for _, line := range strings.Split(string(data), "\n") {
		if name, _, found := strings.Cut(line, "="); found {
			names[name] = true
		}
	}
	return names
}

func equal(section *Section, want map[string]string) bool {
	for _, key := range section.Keys {
		if value, ok := want[key.Name]; !ok || value != key.Value {
			return false
		}
	}
	return len(section.Keys) == len(want)
}

// secondDefault tells whether a [DEFAULT] follows a [SESSION].
func secondDefault(data []byte) bool {
	text := strings.ToUpper(strings.ReplaceAll(string(data), "ſ", "s"))
	first := strings.Index(text, "[SESSION]")
	return first >= 0 && strings.Contains(text[first:], "[DEFAULT]")
}

var settingsSeeds = []string{
	"[DEFAULT]\nConnectionType=initiator\nSenderCompID=TW\n# x\n\n[SESSION]\nBeginString=FIX.4.1\nTargetCompID=ARCA\n",
	"[DEFAULT]\r\nA=1\r\n[SESSION]\r\nBeginString=FIX.4.4\r\nB = 2 \r\n[SESSION]\r\nBeginString=FIX.4.2\r\nA=2=3\r\n",
	"[SESSION]\nBeginString=FIX.4.4\n[DEFAULT]\nA=1\n[SESSION]\nBeginString=FIX.4.2",
	"[sE\u017fSION]  \nBeginString=FIXT.1.1\n#[SESSION]\n \t\nA=",
	"[SESSION]\nBeginString=FIX.4.4\nA=1\nA=2\n",
	"A=1\n[SESSION]\nBeginString=FIX.4.4\n",
	"\ufeff[SESSION]\nBeginString=FIX.4.4\n",
	"[SESSION]\nBeginString=FIX.4.4\nX=\xff\xfe\n\xff=1\n\r=\r\r\n",
}

func TestEqualToQuickFIXGo(t *testing.T) {
	for _, seed := range settingsSeeds {
		compare(t, []byte(seed))
	}
	// The comparison can fail: it sees a difference in one value.
	sections, _ := Scan("f.cfg", []byte(settingsSeeds[0]))
	if equal(&sections[0], map[string]string{"BeginString": "FIX.4.1"}) {
		t.Error("compare is blind")
	}
}

// A second [DEFAULT] makes quickfixgo forget the session before it; we keep both.
func TestSecondDefaultKeepsSession(t *testing.T) {
	data := []byte(settingsSeeds[2])
	sections, err := Scan("f.cfg", data)
	reference, ok := parseReference(data)
	if err != nil || !ok || len(sections) != 2 || len(reference.SessionSettings()) != 1 {
		t.Fatalf("%+v %v %v", sections, err, reference)
	}
	if key, found := sections[0].Find("A"); !found || key.Value != "1" || key.Line != 4 {
		t.Errorf("the later default does not reach the earlier session: %+v", key)
	}
}

// FuzzSettings: no input panics, and where both accept, the result is quickfixgo's.
func FuzzSettings(f *testing.F) {
	for _, seed := range settingsSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		compare(t, data)
		if result, err := Read("f.cfg", data); (err == nil) != (result != nil && len(result.Sessions) > 0) {
			t.Errorf("result %v beside error %v", result, err)
		}
	})
}

// TestEveryKeyDoesWhatItsRuleSays: a key that is honoured is read, by a gate or by the echo, on one of its sides; any
// other is named with its line and the reason, in an error or in a note.
func TestEveryKeyDoesWhatItsRuleSays(t *testing.T) {
	const file = "[SESSION]\nBeginString=%s\nSenderCompID=A\nTargetCompID=B\nConnectionType=%s\nSocketAcceptPort=1\nSocketConnectHost=h\n" +
		"SocketConnectPort=1\nHeartBtInt=30\nHeartBtIntOverride=Y\nDefaultApplVerID=%s\n"
	// said is what a file with one more key, or another value of it, is told about its line.
	said := func(key, value string, status Status) (told []string) {
		readers := []func(string, []byte) (*Settings, error){ReadParticipants, ReadVenues}
		if status == Honoured {
			readers = append(readers, ReadEcho)
		}
		for n, read := range readers {
			for _, version := range [][2]string{{"FIX.4.4", ""}, {"FIXT.1.1", "9"}} {
				text := strings.Replace(fmt.Sprintf(file, version[0], []string{"acceptor", "initiator", "acceptor"}[n], version[1]), "DefaultApplVerID=\n", "", 1)
				lines := strings.Split(text, "\n")
				lines = slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, key+"=") })
				text = strings.Join(append(lines[:len(lines)-1], key+"="+value, ""), "\n")
				result, err := read("f.cfg", []byte(text))
				all := []string{fmt.Sprint(err)}
				if err == nil {
					all = result.Notes
				}
				for _, s := range all {
					if strings.Contains(s, fmt.Sprintf("f.cfg:%d: %s", len(lines), key)) {
						told = append(told, s)
					}
				}
			}
		}
		return told
	}
	for _, rule := range rules {
		switch told := said(rule.Key, "x ", rule.Status); rule.Status {
		case Honoured:
			if len(told) == 0 {
				t.Errorf("%s is honoured, but nobody reads it", rule.Key)
			}
		default:
			if len(told) == 0 || !slices.ContainsFunc(told, func(s string) bool { return strings.Contains(s, rule.Why) }) {
				t.Errorf("%s is %s: %q", rule.Key, rule.Status, told)
			}
		}
		if rule.Status == Harmless {
			if told := said(rule.Key, rule.Value, rule.Status); len(told) > 0 {
				t.Errorf("%s=%s: %q", rule.Key, rule.Value, told)
			}
		}
	}
}
