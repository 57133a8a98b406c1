package settings

import (
	"os"
	"strings"
	"testing"

	"portcullis/fix"
)

// broker is a dictionary of its own: an order with one field of the broker's.
const broker = `<fix type='FIX' major='4' minor='4'><header><field name='BeginString' required='Y'/>
<field name='BodyLength' required='Y'/><field name='MsgType' required='Y'/></header>
<trailer><field name='CheckSum' required='Y'/></trailer>
<messages><message name='NewOrderSingle' msgtype='D' msgcat='app'><field name='Desk' required='Y'/></message></messages>
<fields><field number='8' name='BeginString' type='STRING'/><field number='9' name='BodyLength' type='LENGTH'/>
<field number='35' name='MsgType' type='STRING'/><field number='10' name='CheckSum' type='STRING'/>
<field number='9001' name='Desk' type='INT'/></fields></fix>`

func open(name string) ([]byte, error) {
	switch name {
	case "broker.xml":
		return []byte(broker), nil
	case "broken.xml":
		return []byte("<fix>"), nil
	case "other.xml":
		return []byte(strings.Replace(broker, "minor='4'", "minor='2'", 1)), nil
	}
	return nil, os.ErrNotExist
}

// session reads a file of one session with the given keys.
func session(t *testing.T, keys string) *Session {
	t.Helper()
	result, err := Read("f.cfg", []byte("[SESSION]\nConnectionType=acceptor\nSenderCompID=GATE\nTargetCompID=ACME\n"+
		"SocketAcceptHost=127.0.0.1\nSocketAcceptPort=9876\n"+strings.ReplaceAll(keys, " ", "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return &result.Sessions[0]
}

func TestValidators(t *testing.T) {
	validators := Validators{Open: open}
	const order = "8=FIX.4.4|9=10|35=D|9001=x|10=000|"
	for _, c := range []struct {
		keys string
		want fix.FaultCode
		tag  uint32
	}{
		{"BeginString=FIX.4.4 DataDictionary=broker.xml", fix.IncorrectFormat, 9001},
		{"BeginString=FIX.4.4 DataDictionary=broker.xml ValidateUserDefinedFields=N", fix.IncorrectFormat, 9001},
		{"BeginString=FIX.4.4 UseDataDictionary=Y ValidateUserDefinedFields=N", fix.RequiredMissing, 34},
		{"BeginString=FIX.4.4 UseDataDictionary=Y", fix.RequiredMissing, 34},
		{"BeginString=FIXT.1.1 DefaultApplVerID=9 AppDataDictionary=broker.xml", fix.RequiredMissing, 34},
		{"BeginString=FIXT.1.1 DefaultApplVerID=9 AppDataDictionary.FIX.5.0SP2=broker.xml", fix.RequiredMissing, 34},
	} {
		v, err := validators.Of(session(t, c.keys))
		if err != nil {
			t.Fatal(err)
		}
		var m fix.Message
		m.Index([]byte(strings.ReplaceAll(order, "|", "\x01")))
		if got := v.Judge(&m); got != (fix.Fault{Code: c.want, Tag: c.tag}) {
			t.Errorf("%s: %+v", c.keys, got)
		}
		if again, _ := validators.Of(session(t, c.keys+" ResetOnLogon=Y")); again != v {
			t.Errorf("%s: compiled twice", c.keys)
		}
	}
	for _, keys := range []string{"BeginString=FIX.4.4", "BeginString=FIX.4.4 DataDictionary=broker.xml UseDataDictionary=N",
		"BeginString=FIXT.1.1 DefaultApplVerID=9 DataDictionary=broker.xml"} {
		if v, err := validators.Of(session(t, keys)); v != nil || err != nil {
			t.Errorf("%s: %v, %v; no dictionary is used", keys, v, err)
		}
	}
}

func TestValidatorsErrors(t *testing.T) {
	for keys, want := range map[string]string{
		"BeginString=FIX.4.4 DataDictionary=none.xml":                                "f.cfg:1: session FIX.4.4:GATE->ACME: dictionary none.xml: file does not exist",
		"BeginString=FIX.4.4 DataDictionary=broken.xml":                              "dictionary broken.xml: line 1: not well-formed XML",
		"BeginString=FIX.4.4 DataDictionary=other.xml":                               "dictionary other.xml is of FIX.4.2, the session speaks FIX.4.4",
		"BeginString=FIXT.1.1 DefaultApplVerID=9 AppDataDictionary.FIX.4.4=none.xml": "dictionary none.xml: file does not exist",
	} {
		validators := Validators{Open: open}
		if _, err := validators.Of(session(t, keys)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", keys, err, want)
		}
	}
}
