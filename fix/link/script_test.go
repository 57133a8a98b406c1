package link

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"portcullis/fix"
	"portcullis/fix/dict"
)

// The scripts in testdata/link are conversations with one link, named by the cases of the FIX
// session-layer tests. testdata/link/README.md explains the lines.

const scriptDir = "../../testdata/link"

var versions = []struct{ name, applVerID string }{{"FIX.4.0", ""}, {"FIX.4.1", ""}, {"FIX.4.2", ""}, {"FIX.4.3", ""},
	{"FIX.4.4", ""}, {"FIXT.1.1", "9"}}

func TestScripts(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(scriptDir, "*.txt"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d scripts, %v", len(files), err)
	}
	for _, file := range files {
		for _, v := range versions {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+v.name, func(t *testing.T) {
				runScript(t, file, v.name, v.applVerID)
			})
		}
	}
}

func runScript(t *testing.T, file, version, applVerID string) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := newPlayer(version, applVerID)
	check := func() {
		if !slices.Equal(p.got, p.want) {
			t.Fatalf("%s:%d: %s\ngot\n  %s\nwant\n  %s", filepath.Base(file), p.line, p.input,
				strings.Join(p.got, "\n  "), strings.Join(p.want, "\n  "))
		}
		p.got, p.want = nil, nil
	}
	lines := bufio.NewScanner(f)
	skip := false // the whole case
	for n := 1; lines.Scan(); n++ {
		line, counts := strings.TrimSpace(lines.Text()), true
		if only, rest, ok := strings.Cut(line, "]"); ok && strings.HasPrefix(only, "[") {
			counts, line = slices.Contains(strings.Fields(only[1:]), version), strings.TrimSpace(rest)
		}
		if strings.HasPrefix(line, "case") {
			skip = !counts
		}
		if line == "" || line[0] == '#' || skip || !counts {
			continue
		}
		if strings.HasPrefix(line, "E<") || strings.HasPrefix(line, "=") {
			p.want = append(p.want, p.expand(line))
			continue
		}
		check()
		p.line, p.input = n, line
		if err := p.play(line); err != nil {
			t.Fatalf("%s:%d: %s: %v", filepath.Base(file), n, line, err)
		}
	}
	check()
}

// player plays one script: it is the owner of one link and the counterparty's wire.
type player struct {
	set   Settings
	st    State
	now   Now
	ob    Outbox
	m     fix.Message
	line  int
	input string
	got   []string
	want  []string
}

func newPlayer(version, applVerID string) *player {
	p := &player{}
	p.reset(version, applVerID)
	return p
}

func (p *player) reset(version, applVerID string) {
	p.set = Settings{BeginString: version, ApplVerID: applVerID, SenderCompID: "GATE", TargetCompID: "ACME",
		HeartBtNs: 30e9, LogonTimeoutNs: 10e9, LogoutTimeoutNs: 2e9, MaxLatencyNs: 120e9, Precision: fix.Millis}.Ready()
	p.st = State{}
	start := time.Date(2026, 11, 23, 13, 30, 0, 0, time.UTC).UnixNano()
	p.now = Now{UTCNs: start, MonoNs: 1_000_000_000}
}

func (p *player) play(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	var r Result
	p.ob.Reset()
	switch verb {
	case "case":
		p.reset(p.set.BeginString, p.set.ApplVerID)
		return nil
	case "alone":
		return nil
	case "set":
		return p.setting(rest)
	case "schedule":
		return p.schedule(strings.Fields(rest))
	case "clock":
		at, err := time.Parse(time.DateTime, rest)
		p.now.UTCNs = at.UnixNano()
		return err
	case "until":
		at, err := time.Parse(time.DateTime, rest)
		if err != nil {
			return err
		}
		return p.advance(at.UnixNano() - p.now.UTCNs)
	case "numbers":
		_, err := fmt.Sscanf(rest, "in=%d out=%d", &p.st.NextIn, &p.st.NextOut)
		return err
	case "link":
		if got := p.describe(); got != rest {
			return fmt.Errorf("link %s", got)
		}
		return nil
	case "time":
		d, err := time.ParseDuration(strings.TrimPrefix(rest, "+"))
		if err != nil {
			return err
		}
		return p.advance(int64(d))
	case "connect":
		Connected(&p.set, &p.st, 7, p.now, &p.ob, &r)
	case "logon": // a connection, and a Logon each way
		Connected(&p.set, &p.st, 7, p.now, &p.ob, &r)
		p.st = r.Next
		raw, err := p.message(fmt.Sprintf("35=A|34=%d|49=ACME|52=<time>|56=GATE|98=0|108=30|<appl>", p.st.NextIn))
		if err != nil {
			return err
		}
		p.m.Index(raw)
		Receive(&p.set, &p.st, 7, &p.m, p.now, &p.ob, &r)
		p.st = r.Next
		if !p.st.Phase.LoggedOn() {
			return fmt.Errorf("no logon: %v", r.Fault)
		}
		return nil
	case "disconnect":
		Disconnected(&p.set, &p.st, p.now, &r)
	case "logout":
		Logout(&p.set, &p.st, 7, rest, p.now, &p.ob, &r)
	case "I>", "K>":
		raw, err := p.message(rest)
		if err != nil {
			return err
		}
		if verb == "K>" {
			return p.receive(raw, Kept)
		}
		return p.receive(raw, Receive)
	case "send": // our application sends a message
		r.Next = p.st
		p.ob.Begin(&p.set, rest, p.st.NextOut, p.st.NextIn-1, p.now.UTCNs)
		p.ob.End(7, ReportMessage, p.st.NextOut, 0)
		r.Next.Sent(p.now)
	case "fill": // our owner answers a ResendRequest by a gap fill
		var from, to uint64
		r.Next = p.st
		if _, err := fmt.Sscanf(rest, "%d..%d", &from, &to); err != nil {
			return err
		}
		GapFill(&p.ob, &p.set, 7, from, to+1, p.st.NextIn-1, p.now)
	case "reject": // our owner rejects the message that came last
		var reason fix.FaultCode
		var tag int
		if _, err := fmt.Sscanf(rest, "%d %d", &reason, &tag); err != nil {
			return err
		}
		r.Next = p.st
		Reject(&p.ob, &p.set, 7, &r.Next, &p.m, reason, tag, p.now)
	default:
		return fmt.Errorf("unknown line")
	}
	return p.note(&r)
}

func (p *player) receive(raw []byte, judge func(*Settings, *State, uint32, *fix.Message, Now, *Outbox, *Result)) error {
	p.m.Index(raw)
	var r Result
	before := p.st
	judge(&p.set, &p.st, 7, &p.m, p.now, &p.ob, &r)
	if before != p.st {
		return fmt.Errorf("Receive changed the state it was given")
	}
	if err := checkPlain(&before, &r, p.now); err != nil {
		return err
	}
	return p.note(&r)
}

// checkPlain holds Result.Plain to its word.
func checkPlain(before *State, r *Result, now Now) error {
	if !r.Plain {
		return nil
	}
	want := *before
	want.Taken(now)
	if r.Next != want {
		return fmt.Errorf("plain, but %+v is not %+v", r.Next, want)
	}
	return nil
}

// advance lets time pass and the timers go off when they are due.
func (p *player) advance(d int64) error {
	end := p.now.MonoNs + d
	for n := 0; DueNs(&p.set, &p.st) <= end; n++ {
		if n > 1000 {
			return fmt.Errorf("a timer that stays due")
		}
		step := max(DueNs(&p.set, &p.st)-p.now.MonoNs, 0)
		p.now.MonoNs, p.now.UTCNs = p.now.MonoNs+step, p.now.UTCNs+step
		var r Result
		p.ob.Reset()
		Tick(&p.set, &p.st, 7, p.now, &p.ob, &r)
		if err := p.note(&r); err != nil {
			return err
		}
	}
	rest := end - p.now.MonoNs
	p.now.MonoNs, p.now.UTCNs = end, p.now.UTCNs+rest
	return nil
}

// note writes down what a step came to, in the language of the scripts.
func (p *player) note(r *Result) error {
	if p.ob.Count > StepOutsMax {
		return fmt.Errorf("%d messages in one step", p.ob.Count)
	}
	for i := range p.ob.Count {
		raw := p.ob.Bytes(i)
		if size, f := fix.Frame(raw, 1<<20); f != fix.Whole || size != len(raw) {
			return fmt.Errorf("%q: %v", raw, f)
		}
		out := p.ob.Outs[i]
		secret := string(raw[out.SecretOff : out.SecretOff+uint32(out.SecretSize)])
		if secret != "" && secret != p.set.Password || secret == "" && (strings.Contains(string(raw), "\x01554=") || strings.Contains(string(raw), "\x0196=")) {
			return fmt.Errorf("the secret of %q is marked as %q", raw, secret)
		}
		if out.Kind == SessionMessage {
			if err := p.permitted(raw); err != nil {
				return err
			}
		}
		p.got = append(p.got, "E< "+p.render(raw))
	}
	outcome := func(happened bool, text string) {
		if happened {
			p.got = append(p.got, "= "+text)
		}
	}
	outcome(r.LoggedOn, "logged on")
	outcome(r.Settled, "settled")
	outcome(r.LoggedOut, "logged out")
	outcome(r.Reset, "numbers reset")
	outcome(r.Deliver == InOrder, "in order")
	outcome(r.Refuse, fmt.Sprintf("refuse %d", r.Code))
	outcome(r.Deliver == Repeated, "repeated")
	outcome(r.ResendFrom != 0, fmt.Sprintf("resend %d..%d", r.ResendFrom, r.ResendTo))
	outcome(r.Early != 0, fmt.Sprintf("early %d", r.Early))
	fault := "fault: " + r.Fault.String()
	if r.FaultTag != 0 {
		fault += fmt.Sprintf(": %d", r.FaultTag)
	}
	outcome(r.Fault != NoFault, fault)
	outcome(r.Close, "close")
	p.st = r.Next
	return nil
}

// permitted holds a session message of ours to the standard dictionary of the version.
func (p *player) permitted(raw []byte) error {
	var m fix.Message
	m.Index(raw)
	f := validators()[p.set.BeginString].Judge(&m)
	if f.Code != fix.NoFault && !slices.Contains(askedFor, int(f.Tag)) {
		return fmt.Errorf("the dictionary does not permit %s: reason %d, tag %d", p.render(raw), f.Code, f.Tag)
	}
	return nil
}

// askedFor are tags that a setting or the peer itself asks for although older versions do not have them.
var askedFor = []int{fix.TagResetSeqNumFlag, fix.TagLastMsgSeqNumProc, fix.TagUsername, fix.TagPassword, fix.TagNextExpectedSeqNum, fix.TagText, 1603, 5001}

// validators are those of the standard dictionaries, by BeginString.
var validators = sync.OnceValue(func() map[string]*dict.Validator {
	all := map[string]*dict.Validator{}
	for _, v := range versions {
		shelf, err := dict.Standard(v.name, v.applVerID)
		if err == nil {
			all[v.name], err = dict.NewValidator(shelf, dict.DefaultSwitches())
		}
		if err != nil {
			panic(err)
		}
	}
	return all
})

func (p *player) describe() string {
	gap := ""
	if p.st.GapTo != 0 {
		gap = fmt.Sprintf(" gap to %d", p.st.GapTo-1)
	}
	return fmt.Sprintf("%v in=%d out=%d%s", p.st.Phase, p.st.NextIn, p.st.NextOut, gap)
}

// render shows a message as scripts write it: without what is computed, with '|' for SOH.
func (p *player) render(raw []byte) string {
	var m fix.Message
	m.Index(raw)
	if m.Fault.Code != fix.NoFault || string(m.FieldValue(0)) != p.set.BeginString {
		return fmt.Sprintf("unreadable: %q", raw)
	}
	var text strings.Builder
	now := string(new(fix.Stamper).Append(nil, p.now.UTCNs, p.set.precision()))
	for i := 2; i < m.Len()-1; i++ {
		value := string(m.FieldValue(i))
		if value == now {
			value = "<time>"
		}
		fmt.Fprintf(&text, "%d=%s|", m.Field(i).Tag, value)
	}
	return text.String()
}

func (p *player) setting(text string) error {
	name, value, _ := strings.Cut(text, "=")
	d, _ := time.ParseDuration(value)
	switch name {
	case "Initiator":
		p.set.Initiator = true
	case "Settle":
		p.set.Settle = true
	case "DeliverFaulty":
		p.set.DeliverFaulty = true
	case "ResetOnLogon":
		p.set.ResetOnLogon = true
	case "ResetOnLogout":
		p.set.ResetOnLogout = true
	case "ResetOnDisconnect":
		p.set.ResetOnDisconnect = true
	case "HeartBtInt":
		p.set.HeartBtNs = int64(d)
	case "LogoutTimeout":
		p.set.LogoutTimeoutNs = int64(d)
	case "ResendRequestChunkSize":
		n, err := strconv.Atoi(value)
		p.set.ResendChunk = uint64(n)
		return err
	case "EnableLastMsgSeqNumProcessed":
		p.set.LastProcessed = true
	case "EnableNextExpectedMsgSeqNum":
		p.set.NextExpected = true
	case "HeartBtIntOverride":
		p.set.HeartBtOverride = true
	case "MaxLatency":
		p.set.MaxLatencyNs = int64(d)
	case "SubIDs":
		p.set.SenderSubID, p.set.TargetSubID = "DESK", "FLOOR"
		p.set = p.set.Ready()
	case "Username":
		p.set.Username = value
	case "Password":
		p.set.Password = value
	case "RawPassword":
		p.set.RawPassword = true
	case "LogonTag": // ascending
		tag, text, _ := strings.Cut(value, ":")
		number, err := strconv.Atoi(tag)
		if err != nil {
			return err
		}
		p.set.LogonTags = append(p.set.LogonTags, LogonTag{number, text})
	default:
		return fmt.Errorf("unknown setting")
	}
	return nil
}
