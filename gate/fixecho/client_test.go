package fixecho

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"
	"time"

	"portcullis/fix"
)

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
