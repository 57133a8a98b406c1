package gate

import (
	"slices"
	"strings"
	"testing"
	"time"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
)

// TestSessionSettings: what a settings file says of a session is what its link does.
func TestSessionSettings(t *testing.T) {
	files := config.SampleFiles(pathDate)
	files["participants.cfg"] = []byte(strings.Replace(string(files["participants.cfg"]), "TargetCompID=ACME\n",
		"TargetCompID=ACME\nHeartBtIntOverride=Y\nHeartBtInt=7\nResendRequestChunkSize=100\nEnableLastMsgSeqNumProcessed=Y\n", 1))
	p, err := newPathOf(t, files)
	if err != nil {
		t.Fatal(err)
	}
	acme, globex := p.links["ACME"], p.links["GLOBEX"]
	if got := p.core.LinkState(acme).HeartBtNs; got != 7e9 {
		t.Errorf("HeartBtIntOverride: an interval of %d ns", got)
	}
	p.message(acme, "35=1|112=x|")
	if !strings.Contains(p.toClient, "|369=2|") {
		t.Errorf("EnableLastMsgSeqNumProcessed: %s", p.toClient)
	}
	p.seq[acme] += 500
	p.message(acme, "35=1|112=y|")
	if !strings.Contains(p.toClient, "|7=3|16=102|") {
		t.Errorf("ResendRequestChunkSize: %s", p.toClient)
	}
	if s := p.core.Setup().Links[globex].Settings; s.HeartBtOverride || s.ResendChunk != 0 || s.LastProcessed {
		t.Errorf("GLOBEX has none of it: %+v", s)
	}
}

// TestDataDictionary: a link whose session uses a dictionary is held to it, the built-in one or one of a file; the
// others are not.
func TestDataDictionary(t *testing.T) {
	const broker = `<fix type='FIX' major='4' minor='4'><header><field name='BeginString' required='Y'/>
<field name='BodyLength'/><field name='MsgType'/><field name='SenderCompID'/><field name='TargetCompID'/>
<field name='MsgSeqNum'/><field name='SendingTime'/></header><trailer><field name='CheckSum'/></trailer>
<messages><message name='Logon' msgtype='A' msgcat='admin'><field name='EncryptMethod'/><field name='HeartBtInt'/>
<field name='Username'/><field name='Password'/></message>
</messages><fields><field number='8' name='BeginString' type='STRING'/><field number='9' name='BodyLength' type='LENGTH'/>
<field number='35' name='MsgType' type='STRING'/><field number='49' name='SenderCompID' type='STRING'/>
<field number='56' name='TargetCompID' type='STRING'/><field number='34' name='MsgSeqNum' type='SEQNUM'/>
<field number='52' name='SendingTime' type='UTCTIMESTAMP'/><field number='10' name='CheckSum' type='STRING'/>
<field number='98' name='EncryptMethod' type='INT'/><field number='108' name='HeartBtInt' type='INT'/>
<field number='553' name='Username' type='STRING'/><field number='554' name='Password' type='STRING'/></fields></fix>`
	for _, c := range []struct{ key, body, want string }{
		{"UseDataDictionary=N", "35=D|11=A-1|" + limitOrder + "120=Dollars|", "|11=P"},
		{"UseDataDictionary=Y", "35=D|11=A-1|" + limitOrder, "|11=P"},
		{"UseDataDictionary=Y", "35=D|11=A-1|" + limitOrder + "120=Dollars|", "|371=120|372=D|373=6|"},
		{"UseDataDictionary=Y", "35=D|11=A-1|" + limitOrder + "4999=x|", "|371=4999|372=D|373=0|"},
		{"DataDictionary=acme.xml", "35=D|11=A-1|" + limitOrder, "|372=D|373=11|"},
	} {
		files := config.SampleFiles(pathDate)
		files["acme.xml"] = []byte(broker)
		files["participants.cfg"] = []byte(strings.Replace(string(files["participants.cfg"]), "TargetCompID=ACME\n",
			"TargetCompID=ACME\n"+c.key+"\n", 1))
		p, err := newPathOf(t, files)
		if err != nil {
			t.Fatal(err)
		}
		p.acme(c.body, c.want)
		if setup := p.core.Setup(); setup.Links[p.links["GLOBEX"]].Content != nil {
			t.Error("GLOBEX has a dictionary")
		}
	}
}

// TestPasswordOfAnOldVersion: a Logon that the session's dictionary refuses for its password can never be: that is
// said before a start.
func TestPasswordOfAnOldVersion(t *testing.T) {
	for _, c := range []struct {
		keys string
		ok   bool
	}{
		{"BeginString=FIX.4.2\n", true}, // no dictionary
		{"BeginString=FIX.4.2\nUseDataDictionary=Y\n", false},
		{"BeginString=FIX.4.2\nUseDataDictionary=Y\nAllowUnknownMsgFields=Y\n", true},
		{"BeginString=FIX.4.3\nUseDataDictionary=Y\n", true},
		{"BeginString=FIXT.1.1\nDefaultApplVerID=FIX.5.0\nUseDataDictionary=Y\n", true},
	} {
		files := config.SampleFiles(pathDate)
		replace := func(name, from, to string) { files[name] = []byte(strings.ReplaceAll(string(files[name]), from, to)) }
		replace("participants.cfg", "BeginString=FIX.4.4\n", c.keys)
		begin, _, _ := strings.Cut(strings.TrimPrefix(c.keys, "BeginString="), "\n")
		replace("gate.yaml", "link: FIX.4.4:GATE->ACME", "link: "+begin+":GATE->ACME")
		replace("gate.yaml", "link: FIX.4.4:GATE->GLOBEX", "link: "+begin+":GATE->GLOBEX")
		replace("gate.yaml", "translate: []", "translate: all")
		cfg, err := config.LoadFiles(files, "gate.yaml")
		if err != nil {
			t.Fatal(err)
		}
		err = assemble.Check(cfg)
		const want = "participants.cfg:25: session FIX.4.2:GATE->ACME: its Logon must carry Username(553)"
		if c.ok && err != nil || !c.ok && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v", c.keys, err)
		}
	}
}

// TestVenueLogon: our Logon says what the venue's profile wants in it, its fields in ascending order.
func TestVenueLogon(t *testing.T) {
	p := mustPath(t, "# logon: {username: GATE, password_file: secrets/xsim}", "logon: {username: GATE, tags: {1603: Portcullis, 58: hello}}")
	p.event(core.Event{Kind: core.Closed, Link: p.links["XSIM"], Conn: p.links["XSIM"] + 1})
	p.event(core.Event{Kind: core.Admitted, Link: p.links["XSIM"], Conn: 9})
	if said := p.toVenue; !strings.Contains(said, "|35=A|") || !strings.HasSuffix(said[:strings.Index(said, "10=")], "|58=hello|98=0|108=30|553=GATE|1603=Portcullis|") {
		t.Error(said)
	}
}

// TestCutOffOf: a symbol's own cut-off wins, then that of its type, then the venue's.
func TestCutOffOf(t *testing.T) {
	p := mustPath(t, `# close_cutoff: {at: "15:50:00", zone: America/New_York, until: "16:30:00", replace: refuse, cancel: pass}`,
		`close_cutoff: {at: "15:50:00", zone: UTC, until: "17:00:00", types: {etf: {at: "15:40:00"}, stock: {at: "15:45:00", until: "16:00:00"}}, symbols: {AAPL: {at: "15:55:00"}}}`)
	set := p.core.Setup()
	for symbol, want := range map[string]string{"AAPL": "15:55:00 17:00:00", "MSFT": "15:45:00 16:00:00", "SPY": "15:40:00 17:00:00"} {
		n := slices.IndexFunc(set.Instruments, func(in core.InstrumentSetup) bool { return in.Symbol == symbol })
		from, until, past := set.Venues[0].CloseCutOff.Of(uint32(n)).At(time.Date(2026, 1, 5, 15, 59, 0, 0, time.UTC).UnixNano())
		if got := time.Unix(0, from).UTC().Format(time.TimeOnly) + " " + time.Unix(0, until).UTC().Format(time.TimeOnly); !past || got != want {
			t.Errorf("%s: %s, %v, want %s", symbol, got, past, want)
		}
	}
}
