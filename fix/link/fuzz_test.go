package link

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portcullis/fix"
)

// FuzzLink plays any conversation with any link: each line of the program is an event, its first
// letter says which. The scripts are the seeds. Whatever comes, nothing panics and the invariants
// of doc.go hold after each step.
func FuzzLink(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join(scriptDir, "*.txt"))
	for _, file := range files {
		for i, program := range programs(f, file) {
			f.Add(uint8(i), program)
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, program string) {
		v := versions[int(kind)%len(versions)]
		p := newPlayer(v.name, v.applVerID)
		p.set.Initiator, p.set.Settle = kind&4 != 0, kind&8 != 0
		p.set.ResetOnLogon, p.set.ResetOnLogout, p.set.ResetOnDisconnect = kind&16 != 0, kind&32 != 0, kind&64 != 0
		p.set.ResendChunk, p.set.NextExpected, p.set.LastProcessed = uint64(kind%3), kind%5 == 0, kind%7 == 0
		if kind&128 != 0 {
			p.set.LogoutTimeoutNs, p.set.MaxLatencyNs = 0, 0
		}
		for line := range strings.Lines(program) {
			fuzzStep(t, p, strings.TrimSuffix(line, "\n"))
		}
	})
}

// programs turns the cases of a script into fuzz programs.
func programs(f *testing.F, file string) (all []string) {
	text, err := os.Open(file)
	if err != nil {
		f.Fatal(err)
	}
	defer text.Close()
	p := newPlayer("FIX.4.4", "")
	var program strings.Builder
	for lines := bufio.NewScanner(text); lines.Scan(); {
		verb, rest, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		switch verb {
		case "case":
			all = append(all, program.String())
			program.Reset()
		case "I>", "K>":
			raw, err := p.message(rest)
			if err != nil {
				f.Fatal(err)
			}
			body := raw[strings.Index(string(raw), "35="):]
			body = body[:len(body)-len("10=000|")]
			program.WriteString(verb[:1] + strings.ReplaceAll(string(body), "\x01", "|") + "\n")
		case "connect", "disconnect", "logout":
			program.WriteString(strings.ToUpper(verb[:1]) + "\n")
		case "logon":
			program.WriteString("C\nI35=A|34=1|49=ACME|52=20261123-13:30:00|56=GATE|98=0|108=30|1137=9|\n")
		case "time":
			program.WriteString("T" + strings.TrimPrefix(rest, "+") + "\n")
		}
	}
	return append(all, program.String())
}

func fuzzStep(t *testing.T, p *player, line string) {
	if line == "" {
		return
	}
	before := p.st
	p.ob.Reset()
	var r Result
	switch line[0] {
	case 'C':
		Connected(&p.set, &p.st, 7, p.now, &p.ob, &r)
	case 'D':
		Disconnected(&p.set, &p.st, p.now, &r)
	case 'L':
		Logout(&p.set, &p.st, 7, line[1:], p.now, &p.ob, &r)
	case 'T':
		d, _ := time.ParseDuration(line[1:])
		d = min(max(d, 0), time.Hour)
		p.now.MonoNs, p.now.UTCNs = p.now.MonoNs+int64(d), p.now.UTCNs+int64(d)
		Tick(&p.set, &p.st, 7, p.now, &p.ob, &r)
	case 'I', 'K':
		raw, err := p.message(line[1:])
		if err != nil {
			return
		}
		if _, framing := fix.Frame(raw, 1<<20); framing != fix.Whole {
			return
		}
		p.m.Index(raw)
		if line[0] == 'K' {
			Kept(&p.set, &p.st, 7, &p.m, p.now, &p.ob, &r)
			if err := checkPlain(&p.st, &r, p.now); err != nil {
				t.Fatal(err)
			}
		} else {
			Receive(&p.set, &p.st, 7, &p.m, p.now, &p.ob, &r)
			checkReceived(t, p, &r)
		}
	default:
		return
	}
	if p.st != before {
		t.Fatalf("%q changed the state it was given", line)
	}
	checkStep(t, p, &r)
	p.st = r.Next
}

// checkReceived holds Receive to what its Result says.
func checkReceived(t *testing.T, p *player, r *Result) {
	if err := checkPlain(&p.st, r, p.now); err != nil {
		t.Fatal(err)
	}
	seq, _ := p.m.Uint(fix.TagMsgSeqNum)
	if r.Deliver == InOrder && (seq != p.st.NextIn || r.Next.NextIn != seq+1 || p.st.Phase < Settling) {
		t.Fatalf("%d delivered in order: %+v, then %+v", seq, p.st, r.Next)
	}
	if r.Deliver == Repeated && (seq >= p.st.NextIn || r.Next.NextIn != p.st.NextIn) {
		t.Fatalf("%d delivered as repeated: %+v, then %+v", seq, p.st, r.Next)
	}
	if r.ResendFrom > r.ResendTo || r.ResendTo >= p.st.NextOut && r.ResendTo != 0 {
		t.Fatalf("resend %d..%d of %d", r.ResendFrom, r.ResendTo, p.st.NextOut-1)
	}
	if plain(&p.set, &p.st, &p.m, p.now) {
		long := Result{Next: p.st}
		long.Next.LastInNs = p.now.MonoNs
		s := step{set: &p.set, link: 7, m: &p.m, now: p.now, ob: &p.ob, r: &long}
		s.session()
		if long != *r {
			t.Fatalf("the short way says %+v, the long way %+v", *r, long)
		}
	}
}

// checkStep holds the invariants of every step.
func checkStep(t *testing.T, p *player, r *Result) {
	st, n := &p.st, &r.Next
	if p.ob.Count > StepOutsMax {
		t.Fatalf("%d messages in one step", p.ob.Count)
	}
	if !r.Reset {
		sent := uint64(p.ob.Count)
		answer := st.Resetting != NotResetting && n.Resetting == NotResetting && n.NextIn == 2 // the peer begins anew as we did
		if n.NextIn < st.NextIn && !answer || n.NextOut != max(st.NextOut, 1)+sent && n.NextOut != st.NextOut+sent {
			t.Fatalf("%+v, then %d messages and %+v", *st, sent, *n)
		}
	}
	if r.Close && n.Phase != Down {
		t.Fatalf("cut, but %v", n.Phase)
	}
	if n.GapTo != 0 && n.GapTo <= n.NextIn || n.Phase > Refused || n.Phase == Down && n.TestSentNs != 0 {
		t.Fatalf("impossible state %+v", *n)
	}
	if (r.LoggedOn || r.Settled) && !n.Phase.LoggedOn() {
		t.Fatalf("logged on, but %v", n.Phase)
	}
	if DueNs(&p.set, n) <= p.now.MonoNs && n.Phase == Down {
		t.Fatal("a link that is down waits for something")
	}
	for i := range p.ob.Count {
		raw := p.ob.Bytes(i)
		if size, f := fix.Frame(raw, 1<<20); f != fix.Whole || size != len(raw) {
			t.Fatalf("%q: %v", raw, f)
		}
	}
}
