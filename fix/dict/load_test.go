package dict

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"portcullis/fix"
)

// small is a complete dictionary in few lines; tests change one line of it.
const small = `<fix type='FIX' major='4' minor='4' servicepack='0'>
<header><field name='BeginString' required='Y'/></header>
<trailer><field name='CheckSum' required='Y'/></trailer>
<messages>
<message name='NewOrderSingle' msgtype='D' msgcat='app'>
<field name='ClOrdID' required='Y'/>
<component name='Parties' required='N'/>
</message>
</messages>
<components>
<component name='Parties'>
<group name='NoPartyIDs' required='N'><field name='PartyID' required='Y'/></group>
</component>
</components>
<fields>
<field number='8' name='BeginString' type='STRING'/>
<field number='10' name='CheckSum' type='STRING'/>
<field number='11' name='ClOrdID' type='STRING'/>
<field number='448' name='PartyID' type='STRING'/>
<field number='453' name='NoPartyIDs' type='NUMINGROUP'/>
<field number='5001' name='BrokerFlag' type='CHAR'><value enum='A' description='x'/></field>
</fields>
</fix>`

func TestLoadBrokerDictionary(t *testing.T) {
	d, err := Load(strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	order := []byte("D")
	got := fmt.Sprintln(d.Name(), d.Defines(order, 448), d.Delimiter(order, 453), d.IsHeader(8), d.IsTrailer(10),
		d.FieldName(5001), d.EnumDefined(5001, []byte("A")), d.EnumDefined(5001, []byte("B")), d.DataPairs())
	if want := "FIX.4.4 true 448 true true BrokerFlag true false []\n"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLoadErrors(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"empty file", small, "", "empty: expected a <fix> element"},
		{"not XML", small, "8=FIX.4.4|9=5|", "empty: expected a <fix> element"},
		{"broken XML", small, "<fix a=>", "line 1: not well-formed XML"},
		{"cut off", "</fields>\n</fix>", "", "line 22: not well-formed XML"},
		{"HTML page", small, "<html></html>", "line 1: root element is <html>, not <fix>"},
		{"two roots", "</fix>", "</fix>\n<fix/>", "line 24: second root element <fix>"},
		{"type", "type='FIX'", "type='FAST'", `line 1: type="FAST" of <fix>: expected FIX or FIXT`},
		{"version", "major='4'", "major='four'", `line 1: major="four" of <fix>: expected one digit`},
		{"service pack", "servicepack='0'", "servicepack='x'", `line 1: servicepack="x" of <fix>: expected one digit`},
		{"unknown part", "<fields>", "<field/><fields>", "line 15: unknown element <field> in <fix>"},
		{"part twice", "<fields>", "<header/>\n<fields>", "line 15: second <header>"},
		{"field without number", "number='11' ", "", `line 18: number="" of field "ClOrdID": expected 1 to 999999`},
		{"field number zero", "number='11'", "number='0'", `line 18: number="0"`},
		{"field number huge", "number='11'", "number='9999999'", `line 18: number="9999999"`},
		{"field number twice", "number='11'", "number='10'", "line 18: field number 10 is already used in line 17"},
		{"field name twice", "number='11' name='ClOrdID'", "number='11' name='CheckSum'",
			"line 18: field name CheckSum is already used for 10 in line 17"},
		{"field without name", "number='11' name='ClOrdID'", "number='11'", "line 18: field 11 has no name"},
		{"unknown type", "type='NUMINGROUP'", "type='LONG'",
			`line 20: type="LONG" of field NoPartyIDs(453) is not a FIX data type`},
		{"empty value", "enum='A'", "enum=''", "line 21: <value> in field BrokerFlag(5001)"},
		{"not a field", "<fields>", "<fields><tag/>", "line 15: unknown element <tag> in <fields>"},
		{"unknown field in message", "<field name='ClOrdID'", "<field name='ClOrdId'",
			`line 6: field "ClOrdId" is not in <fields>`},
		{"unknown component", "<component name='Parties' req", "<component name='Party' req",
			`line 7: component "Party" is not in <components>`},
		{"component twice", "<components>", "<components>\n<component name='Parties'/>",
			"line 12: component Parties is already defined in line 11"},
		{"component in itself", "<component name='Parties'>", "<component name='Parties'><component name='Parties'/>",
			"line 11: component Parties contains itself"},
		{"message without type", "msgtype='D'", "",
			`line 5: msgtype="" of message NewOrderSingle: expected 1 to 7 bytes`},
		{"message type long", "msgtype='D'", "msgtype='DDDDDDDD'", `line 5: msgtype="DDDDDDDD" of message`},
		{"message type twice", "</messages>", "<message name='X' msgtype='D'/></messages>",
			"line 9: msgtype D is already used in line 5"},
		{"required", "name='ClOrdID' required='Y'", "name='ClOrdID' required='yes'",
			`line 6: required="yes" of ClOrdID: expected Y or N`},
		{"unknown element", "<field name='ClOrdID' required='Y'/>", "<fild name='ClOrdID'/>",
			"line 6: unknown element <fild>: expected field, group or component"},
		{"group without fields", "<field name='PartyID' required='Y'/>", "",
			"line 12: group NoPartyIDs has no fields, hence no delimiter"},
		{"one tag, two groups", "<component name='Parties' required='N'/>",
			"<group name='NoPartyIDs'><field name='ClOrdID'/></group>\n<component name='Parties'/>",
			"line 8: Parties brings tag 453 again with another group"},
		{"data without length", "type='CHAR'", "type='DATA'",
			"line 15: data field BrokerFlag(5001) has no length field: add BrokerFlagLen of type LENGTH"},
		{"deep nesting", "<header>", "<header>" + strings.Repeat("<group name='NoPartyIDs'>", 40),
			"nested deeper than 32"},
		{"not UTF-8", "description='x'", "description='\xff'", "line 21: not well-formed XML"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(small, c.old, c.new, 1)
			if text == small {
				t.Fatal("the change changes nothing")
			}
			_, err := Load(strings.NewReader(text))
			var fault *Error
			if !errors.As(err, &fault) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestLoadIsBounded(t *testing.T) {
	chain := func(n int) string { // component 0 holds 1 holds 2 ...
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "<component name='c%d'><component name='c%d'/></component>\n", i, i+1)
		}
		fmt.Fprintf(&b, "<component name='c%d'/>", n)
		return strings.Replace(small, "<components>", "<components>"+b.String(), 1)
	}
	if _, err := Load(strings.NewReader(chain(60))); err != nil {
		t.Errorf("60 components inside each other: %v", err)
	}
	refused := func(name, text, want string) {
		t.Helper()
		if _, err := Load(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	refused("8 MiB", "<fix>"+strings.Repeat(" ", 8<<20), "larger than 8388608 bytes")
	refused("5000 components inside each other", chain(5000), "nested deeper than 64")
	// Few lines that ask for much: one component with n parts, used by m messages; f fields.
	text := func(n int, part string, m int, f int) string {
		var b strings.Builder
		b.WriteString("<fix type='FIX' major='4' minor='4'><components><component name='big'>")
		for i := range n {
			b.WriteString(strings.ReplaceAll(part, "#", fmt.Sprint(i)))
		}
		b.WriteString("</component></components><messages>")
		for i := range m {
			fmt.Fprintf(&b, "<message name='m' msgtype='m%d'><component name='big'/></message>", i)
		}
		b.WriteString("</messages><fields>")
		for i := range f {
			fmt.Fprintf(&b, "<field name='f%d' number='%d' type='INT'/>", i, i+1)
		}
		return b.String() + "</fields></fix>"
	}
	refused("two million fields", text(2000, "<field name='f#'/>", 1000, 2000), "more than 1048576 fields")
	refused("bits", text(1, "<field name='f#'/>", 2000, 40000), "40000 fields in 2002 messages and groups")
	nested := "<group name='f2000'>"
	for i := range 1000 {
		nested += fmt.Sprintf("<group name='f%d'><field name='f2001'/></group>", i)
	}
	refused("groups", text(1, nested+"</group>", 1100, 2002), "more than 1048576 groups")
}

// A field that a message and its component both list is one field, required if either says so.
func TestFieldListedTwice(t *testing.T) {
	optional := "<field name='ClOrdID' required='N'/>"
	// Optional before the required one, then after it.
	for _, before := range []string{"<field name='ClOrdID' required='Y'/>", "</message>"} {
		d, err := Load(strings.NewReader(strings.Replace(small, before, optional+before, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if !d.Required([]byte("D"), 11) {
			t.Errorf("ClOrdID is no longer required with %s before %s", optional, before)
		}
	}
}

// A required field of a component is required where the component is, whichever message comes first.
func TestComponentOptionalThenRequired(t *testing.T) {
	text := strings.Replace(small, "</messages>", `<message name='OrderCancelRequest' msgtype='F' msgcat='app'>
<component name='Parties' required='Y'/></message></messages>`, 1)
	text = strings.Replace(text, "<group name='NoPartyIDs' required='N'>", "<group name='NoPartyIDs' required='Y'>", 1)
	d, err := Load(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if d.Required([]byte("D"), 453) || !d.Required([]byte("F"), 453) {
		t.Errorf("453 required in D %t, in F %t", d.Required([]byte("D"), 453), d.Required([]byte("F"), 453))
	}
}

// The length field of a broker's own data field may have any name if it stands directly before it.
func TestDataPairByPosition(t *testing.T) {
	text := strings.Replace(small, "<field name='ClOrdID' required='Y'/>",
		"<field name='BlobSize'/><field name='Blob'/>", 1)
	text = strings.Replace(text, "<fields>",
		"<fields><field number='5002' name='BlobSize' type='LENGTH'/><field number='5003' name='Blob' type='DATA'/>", 1)
	d, err := Load(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(d.DataPairs()); got != "[[5002 5003]]" {
		t.Errorf("DataPairs %s", got)
	}
}

// One counter with different groups in two places of a message: what either allows is a member.
func TestGroupDefinedTwice(t *testing.T) {
	text := strings.Replace(small, "<component name='Parties' required='N'/>", `<component name='Parties'/>
<group name='NoLegs'><field name='LegID'/><group name='NoPartyIDs'><field name='LegParty'/></group></group>`, 1)
	text = strings.Replace(text, "<fields>", `<fields><field number='555' name='NoLegs' type='NUMINGROUP'/>
<field number='600' name='LegID' type='STRING'/><field number='601' name='LegParty' type='STRING'/>`, 1)
	d, err := Load(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	msg := []byte("D")
	if !d.GroupMember(msg, 453, 448) || !d.GroupMember(msg, 453, 601) || d.GroupMember(msg, 453, 600) {
		t.Error("453 has 448 in Parties and 601 in NoLegs")
	}
	if !d.GroupMember(msg, 555, 453) || !d.GroupMember(msg, 555, 601) || d.GroupMember(msg, 555, 448) {
		t.Error("555 holds 600, 453 and, inside it, 601")
	}
}

// FuzzLoad: any text gives a Dict that answers, and judges messages if it will, or an *Error.
func FuzzLoad(f *testing.F) {
	f.Add(small)
	f.Add(strings.ReplaceAll(small, "CHAR", "DATA"))
	f.Add("<fix type='FIXT' major='1' minor='1'><header/><messages/></fix>")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Load(strings.NewReader(text))
		if err != nil {
			var fault *Error
			if !errors.As(err, &fault) {
				t.Fatalf("error without a line: %v", err)
			}
			return
		}
		if v, err := NewValidator(Shelf{Session: d}, DefaultSwitches()); err == nil {
			for _, m := range d.messages {
				var body strings.Builder
				fmt.Fprintf(&body, "35=%s|", m.msgType)
				for _, f := range d.fields {
					fmt.Fprintf(&body, "%d=1|", f.tag)
				}
				var msg fix.Message
				msg.Index(whole("FIX.4.4", body.String()))
				v.Judge(&msg)
			}
		}
		for _, m := range d.messages {
			mt := []byte(m.msgType)
			if !d.HasMsg(mt) {
				t.Fatalf("message %q is lost", mt)
			}
			for _, fd := range d.fields {
				tag := int(fd.tag)
				if d.Required(mt, tag) && !d.InBody(mt, tag) || d.InBody(mt, tag) && !d.Defines(mt, tag) {
					t.Fatalf("message %q tag %d: required, in body and defined do not agree", mt, tag)
				}
				if del := d.Delimiter(mt, tag); del != 0 && !d.GroupMember(mt, tag, del) {
					t.Fatalf("message %q group %d: delimiter %d is no member", mt, tag, del)
				}
			}
		}
		for _, e := range d.enums {
			if tag := int(d.fields[e.field].tag); !d.EnumDefined(tag, []byte(e.value)) {
				t.Fatalf("tag %d value %q is lost", tag, e.value)
			}
		}
	})
}

func Example() {
	d, err := For("FIXT.1.1", "9")
	if err != nil {
		fmt.Println(err)
		return
	}
	order := []byte("D")
	fmt.Println(d.Name(), d.MsgName(order))
	fmt.Println(d.FieldName(54), d.Defines(order, 54), d.EnumDefined(54, []byte("1")), d.EnumDefined(54, []byte("x")))
	fmt.Println(d.FieldName(448), d.GroupMember(order, 453, 448), d.FieldName(d.Delimiter(order, 453)))
	// Output:
	// FIXT.1.1/FIX.5.0SP2 NewOrderSingle
	// Side true true false
	// PartyID true PartyID
}
