package spec

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

const tiny = `<fix type='FIX' major='4' minor='2'>
<header><field name='A' required='Y'/></header><trailer><field name='B'/></trailer>
<messages><message name='M' msgtype='U1' msgcat='admin'>
<group name='N' required='Y'><field name='B'/></group></message></messages>
<fields><field number='3' name='A' type='DATA'/><field number='2' name='ALen' type='LENGTH'/>
<field number='7' name='B' type='CHAR'><value enum='x'/><value enum='yy'/></field>
<field number='9' name='N' type='INT'/></fields>
</fix>`

func parseTiny(t testing.TB) *Model {
	t.Helper()
	m, err := ParseXML(strings.NewReader(tiny))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestEncodeThenOpenGivesTheModel(t *testing.T) {
	m := parseTiny(t)
	blob, err := Encode([]*Model{m})
	if err != nil {
		t.Fatal(err)
	}
	a, err := Open(string(blob))
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.Model("FIX.4.2")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, m) {
		t.Errorf("got  %+v\nwant %+v", got, m)
	}
	if want := [][2]int{{2, 3}}; !reflect.DeepEqual(a.Pairs, want) {
		t.Errorf("pairs %v, want %v", a.Pairs, want)
	}
	if _, err := a.Model("FIX.4.9"); err == nil || !strings.Contains(err.Error(), "there are FIX.4.2") {
		t.Errorf("unknown model: %v", err)
	}
}

func TestEveryCutOfTheBytesIsAnError(t *testing.T) {
	blob, err := Encode([]*Model{parseTiny(t)})
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(blob) {
		if a, err := Open(string(blob[:n])); err == nil {
			if _, err = a.Model("FIX.4.2"); err == nil {
				t.Errorf("%d of %d bytes pass", n, len(blob))
			}
		}
	}
}

// FuzzOpen: any bytes give models that pass Check, or an error.
func FuzzOpen(f *testing.F) {
	blob, err := Encode([]*Model{parseTiny(f)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(blob))
	if all, err := os.ReadFile("../../dictionaries.bin"); err == nil {
		f.Add(string(all[:8000]))
	}
	f.Fuzz(func(t *testing.T, blob string) {
		a, err := Open(blob)
		if err != nil {
			return
		}
		for _, name := range a.Names {
			m, err := a.Model(name)
			if err != nil {
				continue
			}
			if err := m.Check(); err != nil {
				t.Fatal(err)
			}
			for _, fd := range m.Fields {
				_ = fd.Type.String()
			}
		}
	})
}

func TestCheckRefuses(t *testing.T) {
	for name, damage := range map[string]func(*Model){
		"no trailer":           func(m *Model) { m.Scopes = m.Scopes[:1] },
		"tags out of order":    func(m *Model) { m.Fields[0].Tag = 8 },
		"tag too large":        func(m *Model) { m.Fields[3].Tag = TagMax + 1 },
		"unknown tag in scope": func(m *Model) { m.Scopes[Header][0].Tag = 4 },
		"tag twice in scope":   func(m *Model) { m.Scopes[Header] = append(m.Scopes[Header], m.Scopes[Header][0]) },
		"group loops":          func(m *Model) { m.Scopes[2][0].Group = 2 },
		"group empty":          func(m *Model) { m.Scopes[2] = nil },
		"message in header":    func(m *Model) { m.Messages[0].Scope = Header },
		"message nowhere":      func(m *Model) { m.Messages[0].Scope = 9 },
		"message twice":        func(m *Model) { m.Messages = append(m.Messages, m.Messages[0]) },
		"message without type": func(m *Model) { m.Messages[0].MsgType = "" },
	} {
		m := parseTiny(t)
		damage(m)
		if m.Check() == nil {
			t.Errorf("%s: passes", name)
		}
	}
}
