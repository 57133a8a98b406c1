package link

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"portcullis/fix"
)

const orderBody = "35=D|34=2|49=ACME|52=<time>|56=GATE|11=A-1|1=ACME-1|21=1|55=IBM|54=1|60=<time>|" +
	"38=100|40=2|44=50.10|59=0|"

// upLink is a link that is up, and an order that comes in order.
func upLink(tb testing.TB) (*player, []byte) {
	p := newPlayer("FIX.4.4", "")
	p.ob.Writer = *fix.NewWriter(1 << 16)
	if err := p.play("logon"); err != nil {
		tb.Fatal(err)
	}
	raw, err := p.message(orderBody)
	if err != nil {
		tb.Fatal(err)
	}
	return p, raw
}

// TestNoAllocs: no step allocates, on the order path or beside it.
func TestNoAllocs(t *testing.T) {
	p, order := upLink(t)
	var raws [][]byte
	for _, line := range []string{
		orderBody,
		"35=1|34=2|49=ACME|52=<time>|56=GATE|112=HELLO|",
		"35=2|34=2|49=ACME|52=<time>|56=GATE|7=1|16=0|",
		"35=0|34=9|49=ACME|52=<time>|56=GATE|",
		"35=0|34=1|49=ACME|52=<time>|56=GATE|",
		"35=0|34=2|49=X|52=<time>|56=GATE|",
		"35=4|34=2|49=ACME|52=<time>|56=GATE|36=x|123=Y|",
		"35=A|34=1|49=ACME|52=<time>|56=GATE|98=0|108=30|141=Y|",
		"35=5|34=2|49=ACME|52=<time>|56=GATE|",
		"35=D|34=2|43=Y|49=ACME|52=<time>|56=GATE|122=<time>|115=X|",
	} {
		raw, err := p.message(line)
		if err != nil {
			t.Fatal(err)
		}
		raws = append(raws, raw)
	}
	var r Result
	late := Now{UTCNs: p.now.UTCNs + 40e9, MonoNs: p.now.MonoNs + 40e9}
	if n := testing.AllocsPerRun(100, func() {
		p.m.Index(order)
		Receive(&p.set, &p.st, 7, &p.m, p.now, &p.ob, &r)
		for _, raw := range raws {
			p.ob.Reset()
			p.m.Index(raw)
			Receive(&p.set, &p.st, 7, &p.m, p.now, &p.ob, &r)
			Reject(&p.ob, &p.set, 7, &r.Next, &p.m, fix.RepeatedTag, 38, p.now)
			Tick(&p.set, &p.st, 7, late, &p.ob, &r)
		}
		p.ob.Reset()
		Logout(&p.set, &p.st, 7, "end of day", p.now, &p.ob, &r)
		GapFill(&p.ob, &p.set, 7, 1, 5, 0, p.now)
		Disconnected(&p.set, &p.st, p.now, &r)
		Connected(&p.set, &r.Next, 7, p.now, &p.ob, &r)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestFaultNames: every fault has a name, and every phase.
func TestFaultNames(t *testing.T) {
	names := map[string]Fault{}
	for f := range faultCount {
		if other, taken := names[f.String()]; taken || f.String() == "" {
			t.Errorf("fault %d is called %q, as is %d", f, f, other)
		}
		names[f.String()] = f
	}
	if faultCount.String() != "unknown fault" || Phase(99).String() != "unknown phase" || Refused.String() != "refused" {
		t.Error("names beyond the end")
	}
}

// TestStatePlain: a State is copied into the journal and back, so it holds no pointer, and every
// byte of it is a field.
func TestStatePlain(t *testing.T) {
	typ := reflect.TypeFor[State]()
	var size uintptr
	for i := range typ.NumField() {
		f := typ.Field(i)
		size += f.Type.Size()
		switch f.Type.Kind() {
		case reflect.Uint64, reflect.Int64, reflect.Uint32, reflect.Uint8, reflect.Bool, reflect.Array:
		default:
			t.Errorf("%s is a %s", f.Name, f.Type)
		}
	}
	if size != typ.Size() {
		t.Errorf("%d bytes of fields in %d", size, typ.Size())
	}
}

// TestPure: the machine imports package fix and nothing else, and starts, defers and maps nothing.
func TestPure(t *testing.T) {
	files, _ := filepath.Glob("*.go")
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range f.Imports {
			if spec.Path.Value != `"portcullis/fix"` {
				t.Errorf("%s imports %s", file, spec.Path.Value)
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.GoStmt, *ast.DeferStmt, *ast.MapType, *ast.ChanType, *ast.SelectStmt:
				t.Errorf("%s: %T", file, n)
			}
			return true
		})
	}
}

// TestVersions: what differs before FIX.4.2 (their scripts come with a later step).
func TestVersions(t *testing.T) {
	for _, c := range []struct{ version, in, want string }{
		{"FIX.4.0", "35=0|34=5|49=ACME|52=<time>|56=GATE|", "35=2|34=2|49=GATE|52=<time>|56=ACME|7=2|16=999999|"},
		{"FIX.4.1", "35=0|34=5|49=ACME|52=<time>|56=GATE|", "35=2|34=2|49=GATE|52=<time>|56=ACME|7=2|16=999999|"},
		{"FIX.4.3", "35=0|34=5|49=ACME|52=<time>|56=GATE|", "35=2|34=2|49=GATE|52=<time>|56=ACME|7=2|16=0|"},
		{"FIX.4.1", "35=1|34=2|49=ACME|52=<time>|56=GATE|",
			"35=3|34=2|49=GATE|52=<time>|56=ACME|45=2|58=Required tag missing (112)|"},
		{"FIX.4.3", "35=1|34=2|49=ACME|52=<time>|56=GATE|112=1|112=2|",
			"35=3|34=2|49=GATE|52=<time>|56=ACME|45=2|58=Tag appears more than once|371=112|372=1|373=13|"},
	} {
		p := newPlayer(c.version, "")
		if c.version < "FIX.4.2" {
			p.set.Precision = fix.Seconds
		}
		if err := p.play("logon"); err != nil {
			t.Fatal(err)
		}
		if err := p.play("I> " + c.in); err != nil || len(p.got) == 0 || p.got[0] != "E< "+c.want {
			t.Errorf("%s %s: %v, %q", c.version, c.in, err, p.got)
		}
	}
	p := newPlayer("FIX.4.0", "") // which has no ResetSeqNumFlag
	p.set.Initiator, p.set.ResetOnLogon = true, true
	if err := p.play("connect"); err != nil || strings.Contains(p.got[0], "141=") || p.st.Resetting != NotResetting {
		t.Errorf("%v, %q", err, p.got)
	}
}

// TestFullOutbox: a step that finds no place sends nothing and takes no number.
func TestFullOutbox(t *testing.T) {
	p, _ := upLink(t)
	for p.ob.Reset(); p.ob.Count < OutsMax; {
		GapFill(&p.ob, &p.set, 7, 1, 2, 0, p.now)
	}
	before := p.st
	var r Result
	Logout(&p.set, &p.st, 7, "", p.now, &p.ob, &r)
	if r.Next.NextOut != before.NextOut || p.ob.Count != OutsMax || GapFill(&p.ob, &p.set, 7, 1, 2, 0, p.now) ||
		Reject(&p.ob, &p.set, 7, &r.Next, &p.m, fix.RepeatedTag, 38, p.now) || r.Next.NextOut != before.NextOut {
		t.Errorf("%+v, %d messages", r.Next, p.ob.Count)
	}
}

// TestLongPassword: a password that the journal could not overwrite is not sent.
func TestLongPassword(t *testing.T) {
	p := newPlayer("FIX.4.4", "")
	p.set.Initiator, p.set.Password = true, strings.Repeat("x", secretBytesMax+1)
	if err := p.play("connect"); err != nil || strings.Contains(p.got[0], "554=") {
		t.Errorf("%v, %.100q", err, p.got)
	}
}

// BenchmarkReceive is the order path: an application message in order on a link that is up.
func BenchmarkReceive(b *testing.B) {
	for name, latencyNs := range map[string]int64{"plain": 0, "SendingTime": 120e9} {
		b.Run(name, func(b *testing.B) {
			p, raw := upLink(b)
			p.set.MaxLatencyNs = latencyNs
			p.m.Index(raw)
			var r Result
			b.ReportAllocs()
			for b.Loop() {
				Receive(&p.set, &p.st, 7, &p.m, p.now, &p.ob, &r)
			}
			if !r.Plain || r.Deliver != InOrder {
				b.Fatal(r)
			}
		})
	}
}

func BenchmarkDueNs(b *testing.B) {
	p, _ := upLink(b)
	for b.Loop() {
		DueNs(&p.set, &p.st)
	}
}
