package dict

import (
	"fmt"
	"strings"
	"testing"

	"portcullis/fix"
)

// whole makes a message of its body: '|' stands for SOH, BodyLength(9) and CheckSum(10) are computed.
func whole(beginString, body string) []byte {
	body = strings.ReplaceAll(body, "|", "\x01")
	text := fmt.Sprintf("8=%s\x019=%d\x01%s", beginString, len(body), body)
	return fmt.Appendf(nil, "%s10=%03d\x01", text, fix.CheckSum([]byte(text)))
}

const (
	order42 = "35=D|34=2|49=ACME|52=20261126-10:00:00.123|56=GATE|11=A1|1=acc|21=1|38=100|40=2|44=187.50|54=1|55=AAPL|" +
		"59=0|60=20261126-10:00:00.123|"
	order44 = order42
)

func mustValidator(t testing.TB, begin, appl string, s Switches) *Validator {
	t.Helper()
	shelf, err := Standard(begin, appl)
	if err != nil {
		t.Fatal(err)
	}
	v, err := NewValidator(shelf, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNewValidatorRefuses(t *testing.T) {
	load := func(old, new string) *Dict {
		d, err := Load(strings.NewReader(strings.Replace(small, old, new, 1)))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	many, members := "", ""
	for i := range placesMax + 1 {
		many += fmt.Sprintf("<field number='%d' name='f%d' type='INT'/>", 10000+i, i)
		members += fmt.Sprintf("<field name='f%d'/>", i)
	}
	wide := strings.Replace(strings.Replace(small, "<field name='ClOrdID' required='Y'/>", members, 1), "<fields>", "<fields>"+many, 1)
	large, err := Load(strings.NewReader(wide))
	if err != nil {
		t.Fatal(err)
	}
	session := mustFor(t, "FIXT.1.1", "")
	for _, c := range []struct {
		shelf Shelf
		want  string
	}{
		{Shelf{Session: load("<field name='BeginString' required='Y'/>", "")}, "dictionary FIX.4.4 has no header"},
		{Shelf{Session: load("type='CHAR'", "type='DATA'/><field number='5002' name='BrokerFlagLen' type='LENGTH'")},
			"data field BrokerFlag(5001) is not one of FIX"},
		{Shelf{Session: large}, "more than 1024 fields in one message or group"},
		{Shelf{Session: session, App: map[string]*Dict{"FIX.4.4": session}}, `ApplVerID(1128) "FIX.4.4": one digit`},
		{Shelf{Session: session, App: map[string]*Dict{"9": session}, Default: "8"}, `no dictionary for DefaultApplVerID(1137) "8"`},
	} {
		if _, err := NewValidator(c.shelf, DefaultSwitches()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// A broker's own dictionary: messages, fields and values are the file's, not those of the version.
func TestBrokersDictionary(t *testing.T) {
	d, err := Load(strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	v, err := NewValidator(Shelf{Session: d}, DefaultSwitches())
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]fix.Fault{
		"35=D|11=x|453=1|448=A|": {Code: fix.InvalidTag, Tag: 9}, // the file has no BodyLength
		"35=0|":                  {Code: fix.InvalidMsgType},
	} {
		var m fix.Message
		m.Index(whole("FIX.4.4", body))
		if got := v.Judge(&m); got != want {
			t.Errorf("%s: %+v, want %+v", body, got, want)
		}
	}
}

func TestJudgeDoesNotAllocate(t *testing.T) {
	for _, l := range links {
		v := mustValidator(t, l.begin, l.appl, DefaultSwitches())
		for _, body := range []string{
			"35=D|<header>|<order>|",
			"35=D|<header>|<order>|453=2|448=A|447=D|452=1|802=1|523=x|448=B|386=1|336=A|",
			"35=D|<header>|4999=x|11=|11=A|18=1 x|58=text|115=x|453=1|447=D|0=x|",
			"35=0|",
			"35=*|",
		} {
			var m fix.Message
			m.Index(whole(l.begin, written(body, l.name)))
			if n := testing.AllocsPerRun(20, func() { v.Judge(&m) }); n != 0 {
				t.Errorf("%s: %v allocations for %s", l.name, n, body)
			}
		}
	}
}

// FuzzJudge: no bytes make it panic, the switches only ever make it milder, and as long as values are judged what it
// accepts has no fault of the index.
func FuzzJudge(f *testing.F) {
	for _, l := range links {
		f.Add(whole(l.begin, written("35=D|<header>|<order>|453=2|448=A|447=D|452=1|802=1|523=x|448=B|386=1|336=A|", l.name)))
		f.Add(whole(l.begin, written("35=D|<header>|18=1 6|354=3|355=a|b|<order>|5000=x|627=1|628=a|0=1|", l.name)))
	}
	var strict, sound, mild [8]*Validator
	for i, l := range links {
		strict[i] = mustValidator(f, l.begin, l.appl, DefaultSwitches())
		sound[i] = mustValidator(f, l.begin, l.appl, Switches{ValidateFieldsHaveValues: true, RejectInvalidMessage: true,
			AllowUnknownMsgFields: true})
		mild[i] = mustValidator(f, l.begin, l.appl, Switches{AllowUnknownMsgFields: true})
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m fix.Message
		m.Index(raw)
		for i, l := range links {
			fault := strict[i].Judge(&m)
			if sound[i].Judge(&m).Code == fix.NoFault && m.Fault.Code != fix.NoFault {
				t.Errorf("%s: accepted, but the index has fault %+v", l.name, m.Fault)
			}
			milder := mild[i].Judge(&m)
			if fault.Code == fix.NoFault && milder.Code != fix.NoFault {
				t.Errorf("%s: accepted, but %+v with every switch off", l.name, milder)
			}
			if milder.Code == fix.NoFault && m.Fault.Code == fix.IncorrectFormat {
				t.Errorf("%s: data that does not fit its length is accepted", l.name)
			}
		}
	})
}
