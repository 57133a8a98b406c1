package fixecho

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"portcullis/fix"
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
	var mu sync.Mutex
	var running sync.WaitGroup
	for keys, cases := range byServer {
		server := serve(t, acceptorFile(settings+keys))
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
	}
	running.Wait()
	t.Logf("%s: %d cases played", folder, played)
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
	for _, key := range []string{"Initiator", "Settle", "HeartBtInt", "LogoutTimeout", "MaxLatency", "Password", "Username",
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
		case "alone", "time", "send", "fill", "reject", "disconnect", "logout":
			return false
		case "=":
			if strings.HasPrefix(rest, "resend") {
				return false
			}
		}
	}
	return connects == 1
}

// client plays one case of one version.
type client struct {
	server            *Server
	name, begin, appl string
	link              bool // a case of testdata/link: what fixecho does beyond the session layer is not written down

	conns map[string]*line
	in    uint64            // our next MsgSeqNum in a logon line
	shift int               // messages of the application so far, which testdata/link does not count
	seen  map[string]bool   // ClOrdIDs sent
	last  map[string]string // fields of the last message that we sent
}

func (p *client) counts(l *scriptLine) bool { return l.only == nil || slices.Contains(l.only, p.begin) }

func (p *client) play(c *scriptCase) (ran bool, err error) {
	if !p.counts(&c.lines[0]) {
		return false, nil
	}
	p.conns, p.in, p.seen, p.shift = make(map[string]*line), 1, make(map[string]bool), 0
	if err := p.numbers(1, 1); err != nil {
		return true, err
	}
	defer func() {
		for _, l := range p.conns {
			l.Close()
		}
	}()
	for i := range c.lines[1:] {
		l := &c.lines[1+i]
		if !p.counts(l) {
			continue
		}
		if err := p.do(l.text); err != nil {
			return true, fmt.Errorf("line %d: %s: %w", l.number, l.text, err)
		}
	}
	for id, l := range p.conns {
		l.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		if more, err := l.read(); err == nil {
			return true, fmt.Errorf("connection %q: nothing more expected, got %s", id, readable(more))
		}
	}
	return true, nil
}

// numbers sets the session's numbers when its last connection has ended.
func (p *client) numbers(in, out uint64) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for i := range p.server.echo.sessions {
		for p.server.echo.sessions[i].set.Name == p.name && !p.server.engine.Idle(uint32(i)) {
			if ctx.Err() != nil {
				return errors.New("the last connection does not end")
			}
			time.Sleep(time.Millisecond)
		}
	}
	return p.server.SetNumbers(ctx, p.name, in, out)
}

func (p *client) do(text string) error {
	verb, rest, _ := strings.Cut(text, " ")
	id := ""
	if strings.HasPrefix(verb, "I2") || strings.HasPrefix(verb, "E2") || rest == "2" {
		id = "2"
	}
	switch verb {
	case "numbers":
		var out uint64
		if _, err := fmt.Sscanf(rest, "in=%d out=%d", &p.in, &out); err != nil {
			return err
		}
		return p.numbers(p.in, out)
	case "connect":
		return p.connect(id)
	case "logon":
		return p.logon()
	case "disconnect":
		err := p.conns[id].Close()
		delete(p.conns, id)
		return err
	case "closed":
		return p.conns[id].closed()
	case "wait":
		d, err := time.ParseDuration(rest)
		time.Sleep(d)
		return err
	case "raw":
		_, err := p.conns[id].Write([]byte(strings.ReplaceAll(p.expand(rest), "|", "\x01")))
		return err
	case "I>", "I2>":
		return p.send(p.conns[id], p.expand(rest))
	case "E<", "E2<":
		return p.receive(p.conns[id], p.expand(text[len(verb)+1:]))
	case "K>", "link": // given by the engine itself; not seen from outside
		p.note(p.expand(rest))
		return nil
	case "=":
		return p.outcome(rest)
	}
	return errors.New("unknown line")
}

func (p *client) connect(id string) error {
	conn, err := net.Dial("tcp", p.server.Addrs()[0].String())
	if err == nil {
		p.conns[id] = &line{conn, bufio.NewReader(conn)}
	}
	return err
}

func (p *client) logon() error {
	if err := p.connect(""); err != nil {
		return err
	}
	message := fmt.Sprintf("35=A|34=%d|49=ACME|52=<time>|56=GATE|98=0|108=30|<appl>", p.in)
	if err := p.send(p.conns[""], p.expand(message)); err != nil {
		return err
	}
	_, err := p.conns[""].next()
	return err
}

// note remembers what we sent.
func (p *client) note(body string) {
	p.last = make(map[string]string)
	for _, f := range strings.Split(body, "|") {
		tag, value, _ := strings.Cut(f, "=")
		p.last[tag] = value
	}
}

func (p *client) send(l *line, body string) error {
	p.note(body)
	begin := p.begin
	if rest, ok := strings.CutPrefix(body, "8="); ok {
		begin, body, _ = strings.Cut(rest, "|")
	}
	body = strings.ReplaceAll(body, "|", "\x01")
	_, err := l.Write([]byte(complete("8=" + begin + "\x01" + body)))
	return err
}

// next reads a message and gives it in the form of the scripts.
func (l *line) next() (string, error) {
	l.SetReadDeadline(time.Now().Add(messageWait))
	raw, err := l.read()
	if err != nil {
		return "", err
	}
	if size, framing := fix.Frame([]byte(raw), len(raw)); framing != fix.Whole || size != len(raw) {
		return "", fmt.Errorf("%q: %v", raw, framing)
	}
	_, body, _ := strings.Cut(raw, "\x019=")
	_, body, _ = strings.Cut(body, "\x01")
	return readable(body[:strings.LastIndex(body, "10=")]), nil
}

func (p *client) receive(l *line, want string) error {
	got, err := l.next()
	if err != nil {
		return err
	}
	w, g := strings.Split(want, "|"), strings.Split(got, "|")
	for i := range min(len(w), len(g)) {
		tag, value, _ := strings.Cut(w[i], "=")
		switch {
		case value == "<time>" && p.now(g[i][len(tag)+1:]):
			w[i] = g[i]
		case tag == "34" && i == 1 && !strings.Contains(want, "|43=Y|"):
			var n int
			fmt.Sscanf(value, "%d", &n)
			w[i] = fmt.Sprintf("34=%d", n+p.shift)
		}
	}
	if !slices.Equal(w, g) {
		return fmt.Errorf("got %s", got)
	}
	return nil
}

// now reports whether a time is that of this moment, in the precision of the version.
func (p *client) now(text string) bool {
	layout := "20060102-15:04:05.000"
	if p.begin < "FIX.4.2" {
		layout = "20060102-15:04:05"
	}
	at, err := time.Parse(layout, text)
	return err == nil && len(text) == len(layout) && time.Since(at).Abs() < 5*time.Second
}

// outcome plays what the session layer tells its owner, as far as one sees it from outside.
func (p *client) outcome(what string) error {
	switch {
	case what == "close":
		return p.conns[""].closed()
	case what != "in order":
		return nil
	}
	kind, want := p.last["35"], ""
	switch {
	case kind == "D":
		repeated := p.last["97"] == "Y" && p.seen[p.last["11"]]
		if p.seen[p.last["11"]] = true; repeated {
			return nil
		}
		want = "D"
	case kind == "3" || kind == "j":
		return nil
	case p.begin < "FIX.4.2":
		want = "3"
	default:
		want = "j"
	}
	p.shift++
	got, err := p.conns[""].next()
	if err == nil && !strings.HasPrefix(got, "35="+want+"|") {
		err = fmt.Errorf("got %s; want 35=%s", got, want)
	}
	return err
}

var (
	stampPlace = regexp.MustCompile(`<time([+-][0-9.]+s)>`)
	rejectTag  = regexp.MustCompile(`\|371=(-?\d+)\|`)
	rejectRef  = regexp.MustCompile(`37[23]=[^|]*\|`)
	highReason = regexp.MustCompile(`373=1[2-9]\|`)
)

// expand replaces the placeholders of a message, and what is different before FIX.4.2.
func (p *client) expand(message string) string {
	appl := ""
	if p.appl != "" {
		appl = "1137=" + p.appl + "|"
	}
	message = strings.ReplaceAll(message, "<appl>", appl)
	message = strings.ReplaceAll(message, "<begin>", p.begin)
	at := "60=<time>|"
	if p.begin < "FIX.4.2" {
		at = ""
	}
	message = strings.ReplaceAll(message, "<at>", at)
	expected := strings.Contains(message, "|49=GATE|")
	if !expected {
		message = strings.ReplaceAll(message, "<time>", p.stamp(0))
		message = stampPlace.ReplaceAllStringFunc(message, func(place string) string {
			d, _ := time.ParseDuration(stampPlace.FindStringSubmatch(place)[1])
			return p.stamp(d)
		})
	}
	switch {
	case expected && p.begin == "FIX.4.2" && strings.HasPrefix(message, "35=3|"):
		message = highReason.ReplaceAllString(message, "")
	case expected && p.begin < "FIX.4.2" && strings.HasPrefix(message, "35=2|"):
		message = strings.Replace(message, "|16=0|", "|16=999999|", 1)
	case expected && p.begin < "FIX.4.2" && strings.HasPrefix(message, "35=3|"):
		message = rejectRef.ReplaceAllString(rejectTag.ReplaceAllString(message, " ($1)|"), "")
	}
	return message
}

func (p *client) stamp(d time.Duration) string {
	at := time.Now().UTC().Add(d)
	if p.begin < "FIX.4.2" {
		return at.Format("20060102-15:04:05")
	}
	return at.Format("20060102-15:04:05.000")
}

// TestStore: what was sent can be read again until the numbers begin anew, and nothing is left behind.
func TestStore(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s, err := newStore(2)
	if err != nil {
		t.Fatal(err)
	}
	s.put(0, 3, []byte("three"))
	s.put(1, 3, []byte("other"))
	read := func(session uint32, seq uint64) string {
		b, err := s.Read(session, seq, false, []byte("<"))
		if err != nil {
			t.Error(err)
		}
		return string(bytes.TrimPrefix(b, []byte("<")))
	}
	if got := read(0, 3) + read(1, 3) + read(0, 4); got != "threeother" {
		t.Errorf("read %q", got)
	}
	s.forget(0)
	if got := read(0, 3) + read(1, 3); got != "other" {
		t.Errorf("read %q", got)
	}
	left, _ := os.ReadDir(os.TempDir())
	if err := s.close(); err != nil || len(left) != 0 {
		t.Errorf("left behind %v, %v", left, err)
	}
	s.put(0, 5, []byte("lost"))
	if _, err := s.Read(0, 5, false, nil); err == nil {
		t.Error("a message that could not be written can be passed over")
	}
}
