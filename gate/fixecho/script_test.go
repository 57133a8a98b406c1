package fixecho

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Conformance scripts over real TCP, for every version. Those of testdata/link were written for the session layer alone
// and are played as far as a client can play them; those of testdata/fixecho need a real acceptor. Both folders have
// a README.md that explains the lines.

// dialects are the versions, each with a session of its own on the same port.
var dialects = []struct{ name, begin, appl string }{
	{"FIX.4.0:GATE->ACME", "FIX.4.0", ""}, {"FIX.4.1:GATE->ACME", "FIX.4.1", ""}, {"FIX.4.2:GATE->ACME", "FIX.4.2", ""},
	{"FIX.4.3:GATE->ACME", "FIX.4.3", ""}, {"FIX.4.4:GATE->ACME", "FIX.4.4", ""},
	{"FIXT.1.1:GATE->ACME:FIX50", "FIXT.1.1", "7"}, {"FIXT.1.1:GATE->ACME:FIX50SP1", "FIXT.1.1", "8"},
	{"FIXT.1.1:GATE->ACME:FIX50SP2", "FIXT.1.1", "9"},
}

// TestScripts plays the scripts that need a real acceptor.
func TestScripts(t *testing.T) {
	t.Parallel()
	if played := playFolder(t, "../../testdata/fixecho", "", false); played < 100 {
		t.Errorf("%d cases played", played)
	}
}

// TestLinkScripts plays those of the session layer's own scripts that a client can play.
func TestLinkScripts(t *testing.T) {
	t.Parallel()
	if played := playFolder(t, "../../testdata/link", "UseDataDictionary=N\n", true); played < 500 {
		t.Errorf("%d cases played", played)
	}
}

// scriptCase is one case of a script, its lines with their numbers.
type scriptCase struct {
	file, title string
	settings    string // keys that the acceptor's settings file needs
	lines       []scriptLine
}

type scriptLine struct {
	number int
	only   []string // BeginStrings for which the line counts; nil: all
	text   string
}

// playFolder plays all cases of a folder for all versions, and counts them.
func playFolder(t *testing.T, folder, settings string, link bool) (played int) {
	byServer := make(map[string][]scriptCase)
	files, _ := filepath.Glob(filepath.Join(folder, "*.txt"))
	for _, file := range files {
		for _, c := range readCases(t, file) {
			if !link || playable(&c) {
				byServer[c.settings] = append(byServer[c.settings], c)
			}
		}
	}
	for keys, cases := range byServer {
		t.Run(strings.ReplaceAll(strings.TrimSpace(keys), "\n", " "), func(t *testing.T) {
			played += playCases(t, acceptorFile(settings+keys), cases, link)
		})
	}
	t.Logf("%s: %d cases played", folder, played)
	return played
}

// playCases plays cases against one server, all versions at a time.
func playCases(t *testing.T, file string, cases []scriptCase, link bool) (played int) {
	server := serve(t, file)
	var mu sync.Mutex
	var running sync.WaitGroup
	for _, d := range dialects {
		running.Go(func() {
			for _, c := range cases {
				p := &client{server: server, name: d.name, begin: d.begin, appl: d.appl, link: link}
				ran := false
				err := patiently(func() (err error) {
					ran, err = p.play(&c)
					return err
				})
				mu.Lock()
				if err != nil {
					t.Errorf("%s %q: %v", d.name, c.title, err)
				}
				if ran {
					played++
				}
				mu.Unlock()
			}
		})
	}
	running.Wait()
	return played
}

func acceptorFile(keys string) string {
	file := "[DEFAULT]\nSocketAcceptHost=127.0.0.1\nSocketAcceptPort=0\nSenderCompID=GATE\nTargetCompID=ACME\n" + keys
	for _, d := range dialects {
		file += "[SESSION]\nBeginString=" + d.begin + "\n"
		if _, qualifier, ok := strings.Cut(d.name, "ACME:"); ok {
			file += "DefaultApplVerID=" + d.appl + "\nSessionQualifier=" + qualifier + "\n"
		}
	}
	return file
}

// readCases splits a script. Settings become keys of the settings file.
func readCases(t *testing.T, file string) (cases []scriptCase) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		l := scriptLine{number: n, text: strings.TrimSpace(lines.Text())}
		if only, rest, ok := strings.Cut(l.text, "]"); ok && strings.HasPrefix(only, "[") {
			l.only, l.text = strings.Fields(only[1:]), strings.TrimSpace(rest)
		}
		verb, rest, _ := strings.Cut(l.text, " ")
		switch {
		case verb == "" || verb[0] == '#':
			continue
		case verb == "case":
			cases = append(cases, scriptCase{file: filepath.Base(file), title: filepath.Base(file) + ": " + rest})
		case len(cases) == 0:
			t.Fatalf("%s:%d: a line before the first case", file, n)
		case verb == "set":
			if !strings.Contains(rest, "=") {
				rest += "=Y"
			}
			cases[len(cases)-1].settings += rest + "\n"
			continue
		}
		c := &cases[len(cases)-1]
		c.lines = append(c.lines, l)
	}
	return cases
}

// playable reports whether a case of the session layer's own scripts can be played by a client.
func playable(c *scriptCase) bool {
	for _, key := range []string{"Initiator", "Settle", "DeliverFaulty", "HeartBtInt", "LogoutTimeout", "MaxLatency", "Password", "Username",
		"SubIDs"} {
		if strings.Contains(c.settings, key) {
			return false
		}
	}
	connects := 0
	for _, l := range c.lines {
		switch verb, rest, _ := strings.Cut(l.text, " "); verb {
		case "connect", "logon":
			connects++
		case "alone", "schedule", "time", "send", "fill", "reject", "disconnect", "logout":
			return false
		case "=":
			if strings.HasPrefix(rest, "resend") {
				return false
			}
		}
	}
	return connects == 1
}
