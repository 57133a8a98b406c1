package core

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"portcullis/fix/link"
	"portcullis/risk"
)

// TestPure: the core imports nothing that knows a clock, a file or another thread, and starts, locks
// and defers nothing; no map is gone through.
func TestPure(t *testing.T) {
	allowed := map[string]bool{"bytes": true, "encoding/binary": true, "errors": true, "math": true, "math/bits": true, "unsafe": true,
		"github.com/cespare/xxhash/v2": true, "portcullis/fix": true, "portcullis/fix/link": true, "portcullis/gate/ahead": true,
		"portcullis/risk": true}
	set := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	must(t, err)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		must(t, err)
		for _, spec := range file.Imports {
			if path, _ := strconv.Unquote(spec.Path.Value); !allowed[path] {
				t.Errorf("%s imports %s", set.Position(spec.Pos()), path)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			what := ""
			switch n := n.(type) {
			case *ast.GoStmt:
				what = "starts a goroutine"
			case *ast.DeferStmt:
				what = "defers"
			case *ast.SelectStmt, *ast.SendStmt, *ast.ChanType:
				what = "uses a channel"
			case *ast.MapType:
				what = "uses a map"
			case *ast.BasicLit:
				if n.Kind == token.FLOAT {
					what = "uses a float"
				}
			case *ast.CallExpr:
				if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "panic" || id.Name == "recover") {
					what = "panics"
				}
			}
			if what != "" {
				t.Errorf("%s %s", set.Position(n.Pos()), what)
			}
			return true
		})
	}
}

// TestTablesHoldNoPointer: the state can live outside the heap, and its bytes are its value.
func TestTablesHoldNoPointer(t *testing.T) {
	for _, row := range []any{registers{}, linkState{}, Order{}, Request{}, clOrdID{}, execution{}, job{}, venueMass{}, massQueue{}, massRequest{}, Effect{}, recordHead{},
		judged{}, link.Out{}, Range{}, Reply{}, risk.Check{}, risk.Quote{}} {
		if path := pointerIn(reflect.TypeOf(row)); path != "" {
			t.Errorf("%T holds a pointer: %s", row, path)
		}
	}
	if n := unsafe.Sizeof(Order{}) + unsafe.Sizeof(Request{}); n > 256 {
		t.Errorf("an order with its request takes %d bytes", n)
	}
}

func pointerIn(typ reflect.Type) string {
	switch typ.Kind() {
	case reflect.Struct:
		for i := range typ.NumField() {
			if path := pointerIn(typ.Field(i).Type); path != "" {
				return typ.Field(i).Name + "." + path
			}
		}
		return ""
	case reflect.Array:
		return pointerIn(typ.Elem())
	case reflect.Pointer, reflect.Slice, reflect.String, reflect.Map, reflect.Interface, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return typ.String()
	}
	return ""
}

// TestRecordLayout holds the sizes of what the journal keeps: a change of one is a new RecordVersion.
func TestRecordLayout(t *testing.T) {
	for _, s := range []struct {
		name      string
		got, want uintptr
	}{
		{"order", unsafe.Sizeof(Order{}), 184}, {"request", unsafe.Sizeof(Request{}), 72},
		{"head", unsafe.Sizeof(recordHead{}), 64}, {"judged", unsafe.Sizeof(judged{}), 56},
		{"effect", unsafe.Sizeof(Effect{}), 136}, {"quote", unsafe.Sizeof(risk.Quote{}), 64},
		{"check", unsafe.Sizeof(risk.Check{}), 24}, {"out", unsafe.Sizeof(link.Out{}), 32},
		{"link state", unsafe.Sizeof(link.State{}), 120}, {"range", unsafe.Sizeof(Range{}), 16}, {"reply", unsafe.Sizeof(Reply{}), 48},
	} {
		if s.got != s.want {
			t.Errorf("%s is %d bytes, was %d", s.name, s.got, s.want)
		}
	}
}

// TestRecordsHaveNoPadding: what lies between fields is nobody's, differs from build to build, and would be journaled.
func TestRecordsHaveNoPadding(t *testing.T) {
	for _, v := range []any{recordHead{}, judged{}, Effect{}, risk.Quote{}, risk.Check{}, link.Out{}, link.State{}, Range{}, Reply{}} {
		if typ := reflect.TypeOf(v); typ.Size() != filled(typ) {
			t.Errorf("%v: %d bytes of %d are in no field", typ, typ.Size()-filled(typ), typ.Size())
		}
	}
}

// filled is how many bytes of a type are in its fields.
func filled(t reflect.Type) (n uintptr) {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			n += filled(t.Field(i).Type)
		}
		return n
	case reflect.Array:
		return uintptr(t.Len()) * filled(t.Elem())
	}
	return t.Size()
}

// TestEffectNumbers: what is journaled keeps its number.
func TestEffectNumbers(t *testing.T) {
	if Opened != 1 || Raised != 26 || Positioned != 27 || Renumbered != 28 || Reopened != 29 || Repriced != 30 || ToldInexact != 31 || Settled != 32 || DayOpened != 33 ||
		LiftAsked != 34 || CutOff != 35 || CutResent != 36 || AssignAsked != 37 || StrayAsked != 38 || StraySent != 39 || LinkHeld != 40 ||
		MassAsked != 43 || MassMoved != 44 || MassEnded != 45 || MassSent != 46 || MassTold != 47 || DayBegun != 49 || ResolveAsked != 50 || StateSeen != 51 || Drained != 52 || Offered != 92 || Approved != 93 || PartyActed != 114 || SweepAwaits != 115 || OwedAwaits != 118 || Recounted != 119 || WordGiven != 126 || WordTaken != 127 || MassOfUnderlying != 128 {
		t.Error("an effect has another number")
	}
}

// TestRecordVersion: a record of a newer build is refused by its version, whatever else is in it.
func TestRecordVersion(t *testing.T) {
	w := newWorld(t).logon()
	w.from(acme, "35=1|112=x|")
	record := append([]byte(nil), w.buf[:w.core.EncodeRecord(w.buf, &Event{Kind: Garbled, Link: acme}, w.d)]...)
	var ev Event
	must(t, DecodeRecord(record, &ev, w.d))
	for version, want := range map[byte]string{
		RecordVersion + 1: "its version is 4, this program reads up to 3: use the program that wrote it",
		0:                 "its version is 0, this program reads up to 3: use the program that wrote it",
	} {
		record[0] = version
		if err := DecodeRecord(record, &ev, w.d); err == nil || err.Error() != want {
			t.Errorf("version %d: %v", version, err)
		}
		OutKeys(record, func(uint64) { t.Errorf("version %d gives keys", version) })
	}
	if DecodeRecord(nil, &ev, w.d) == nil {
		t.Error("an empty record is one")
	}
}

// TestRecordVersion1: a record of the first version has less of a link's state; the rest is not known.
func TestRecordVersion1(t *testing.T) {
	h := recordHead{Kind: Tick, Flags: flagSessionStep}
	want := link.State{NextIn: 7, NextOut: 9, SinceNs: 5, Phase: link.Up, ChunkLeft: 3}
	n := words[recordHead](1) + linkBytes1/wordBytes
	record := make([]byte, versionBytes+packedSizeMax(n))
	record[0] = 1
	p := newPacker(record[versionBytes:], n)
	pack(&p, &h)
	p.block(bytesOf(&want)[:linkBytes1])
	var ev Event
	d := &Decision{Link: link.State{BegunNs: 1, LookNs: 1, ResetAtNs: 1}}
	must(t, DecodeRecord(record[:versionBytes+p.at], &ev, d))
	if d.Link != want {
		t.Errorf("got %+v", d.Link)
	}
}

// TestOutKeys finds the reports of a record by link and number, and nothing in nonsense.
func TestOutKeys(t *testing.T) {
	w := newWorld(t).logon()
	id := field(w.order("A-1", "55=IBM|54=1|38=100|40=2|44=50"), "11")
	w.from(xsim, "35=8|11="+id+"|37=V|17=E1|150=0|39=0|14=0|151=100|")
	ev := &Event{Kind: Message, Link: xsim, Data: w.d.msg.Raw}
	b := make([]byte, w.core.RecordSize(ev, w.d))
	b = b[:w.core.EncodeRecord(b, ev, w.d)]
	var keys []uint64
	OutKeys(b, func(key uint64) { keys = append(keys, key) })
	if len(keys) != 1 || keys[0] != OutKey(acme, 2) {
		t.Errorf("keys %x", keys)
	}
	for n := range b {
		OutKeys(b[:n], func(uint64) {})
	}
}

// TestLogonSecret: the password leaves, and does not reach the record.
func TestLogonSecret(t *testing.T) {
	c := plain()
	w := newWorldOf(t, c)
	for _, core := range []*Core{w.core, w.shadow} {
		core.set.Links[xsim].Username, core.set.Links[xsim].Password = "gate", "s3cret"
	}
	ev := &Event{Kind: Admitted, Link: xsim, Conn: 1}
	w.core.Decide(ev, w.d)
	b := make([]byte, w.core.RecordSize(ev, w.d))
	b = b[:w.core.EncodeRecord(b, ev, w.d)]
	if !strings.Contains(string(w.d.Out.Bytes(0)), "554=s3cret") || strings.Contains(string(b), "s3cret") ||
		!strings.Contains(string(b), "554=******") {
		t.Error("the password is not where it belongs")
	}
}

// TestSecretsAreOverwritten: whatever message carries a secret, and wherever in it, neither the journal
// nor an answer nor the venue gets to see it, and the record replays to the same bytes.
func TestSecretsAreOverwritten(t *testing.T) {
	w := newWorld(t).logon()
	w.order("A-0", "55=IBM|54=1|38=100|40=2|44=50")
	head := "11=A-1|55=IBM|54=1|38=100|40=2|44=50|60=20261122-13:30:00|"
	for _, row := range []struct {
		link uint32
		body string
	}{
		{acme, "35=D|554=s3cret|" + head}, {acme, "35=D|" + head + "925=s3cret|"}, {acme, "35=D|" + head + "95=9|96=s3cret^xx|"},
		{acme, "35=D|" + head + "1401=6|1402=s3cret|"}, {acme, "35=D|" + head + "1403=6|1404=s3cret|"},
		{acme, "35=G|41=A-0|554=s3cret|" + head}, {acme, "35=F|41=A-0|554=s3cret|" + head},
		{acme, "35=H|554=s3cret|" + head}, {acme, "35=BE|923=1|924=1|553=me|554=s3cret|"}, {acme, "35=0|554=s3cret|"},
		{acme, "35=D|554=s3cret|554=s3cret|" + head}, {acme, "35=D|0554=s3cret|" + head}, {acme, "35=D|95=x|96=s3cret|" + head},
		{acme, "554=s3cret|35=D|" + head}, {xsim, "35=8|11=P00100000001|37=V1|17=E1|150=0|39=0|14=0|151=100|554=s3cret|"},
	} {
		ev := &Event{Kind: Message, Link: row.link, Conn: w.core.links[row.link].Conn, Data: w.message(row.link, row.body)}
		w.step(ev)
		record := w.buf[:w.core.EncodeRecord(w.buf, ev, w.d)]
		if w.d.Empty() || strings.Contains(string(record), "s3cret") {
			t.Errorf("%s: the record is %q", row.body, record)
		}
		for i := range w.d.Out.Count {
			if strings.Contains(string(w.d.Out.Bytes(i)), "s3cret") {
				t.Errorf("%s: sent %q", row.body, w.d.Out.Bytes(i))
			}
		}
	}
}
