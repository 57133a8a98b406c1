package system

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portcullis/gate/demo/peer"
)

// TestPartyAction: a clearing member, who speaks FIX.5.0SP2 with quickfixgo and holds what it gets to a dictionary of an
// extension pack, halts a client's trading by PartyActionRequest and reinstates it. Those who read the journal see who it was.
func TestPartyAction(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	files := desk(venue.port())
	folder := t.TempDir()
	files["FIX50SP2.xml"] = extensionPack(t, folder)
	files["participants.cfg"] += "[SESSION]\nBeginString=FIXT.1.1\nDefaultApplVerID=9\nTargetCompID=CLEARER\nAppDataDictionary=FIX50SP2.xml\n"
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "venues:\n", "  - {link: FIXT.1.1:GATE->CLEARER, client: GLOBEX, password: none, "+
		"party_actions: {clients: [ACME], halt: cancel, reinstate: true}}\nvenues:\n", 1)
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "cod: none", "cod: none, translate: all", 1)
	s := newSite(t, files)
	s.start()
	line := <-venue.linked
	line.await("35=1")
	acme := s.dial("ACME").logon("")
	acme.send("35=D|11=A-1|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	acme.await("35=8|11=A-1|150=0")

	clearer, err := peer.Dial(peer.ParticipantConfig{BeginString: "FIXT.1.1", ApplVerID: "9", Dictionaries: folder, SenderCompID: "CLEARER",
		TargetCompID: "GATE", Address: s.address()})
	if err != nil {
		t.Fatal(err)
	}
	if err := clearer.AwaitLogon(); err != nil {
		t.Fatal(err)
	}
	ask := func(request string, answers ...string) {
		t.Helper()
		if err := clearer.Send(request); err != nil {
			t.Fatal(err)
		}
		for _, answer := range answers {
			if _, err := clearer.Expect(answer); err != nil {
				t.Fatal(err)
			}
		}
	}
	ask("35=DH|2328=P-1|2329=1|453=1|448=ACME|447=D|452=3", "35=DI|2328=P-1|2332=0|448=ACME", "35=DI|2328=P-1|2332=1|58=1 open orders: 0 withdrawn, 1 cancels sent*")
	acme.await("35=8|11=A-1|150=4|39=4")
	acme.send("35=D|11=A-2|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	acme.await("35=8|11=A-2|39=8|58=KILL_CLIENT*")
	ask("35=DH|2328=P-2|2329=1|453=1|448=GLOBEX|447=D|452=3", "35=DI|2328=P-2|2332=2|2333=98|58=PARTY_NOT_ENTITLED*")
	ask("35=DH|2328=P-3|2329=2|453=1|448=ACME|447=D|452=3", "35=DI|2328=P-3|2332=1")
	acme.send("35=D|11=A-3|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	acme.await("35=8|11=A-3|150=0")
	ask("35=DH|2328=P-4|2329=1|453=1|448=ACME-2|447=D|452=24", "35=DI|2332=0", "35=DI|2332=1|448=ACME-2")

	clearer.Stop()
	for verb, words := range map[string][]string{
		"status":  {"account ACME-2  cancel", "link FIXT.1.1:GATE->CLEARER by PartyActionRequest P-4 (halt trading)"},
		"changes": {"link FIXT.1.1:GATE->CLEARER by PartyActionRequest P-1 (halt trading)", "kill 1 of client ACME is on", "P-3 (reinstate)", "kill 1 is lifted"},
	} {
		out, err := s.gate(verb, "-c", filepath.Join(s.dir, "gate.yaml"))
		for _, text := range words {
			if err != nil || !strings.Contains(out, text) {
				t.Errorf("gate %s: %v, no %q in\n%s", verb, err, text, out)
			}
		}
	}
	s.terminate()
}

// extensionPack is the standard dictionary of FIX.5.0SP2 with what an extension pack adds about parties, in a folder for
// quickfixgo.
func extensionPack(t *testing.T, folder string) string {
	t.Helper()
	standard := standardDictionaries(t)
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(standard, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	pack := strings.Replace(read("FIX50SP2.xml"), " </messages>", partyMessages+" </messages>", 1)
	pack = strings.Replace(pack, " </fields>", partyFields+" </fields>", 1)
	const msgType = "<field number='35' name='MsgType' type='STRING'>"
	session := strings.Replace(read("FIXT11.xml"), msgType, msgType+partyTypes, 1)
	for name, text := range map[string]string{"FIX50SP2.xml": pack, "FIXT11.xml": session} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return pack
}

const partyMessages = `  <message name='PartyActionRequest' msgcat='app' msgtype='DH'>
   <field name='PartyActionRequestID' required='Y' />
   <field name='PartyActionType' required='Y' />
   <field name='ApplTestMessageIndicator' required='N' />
   <field name='MarketID' required='N' />
   <component name='Parties' required='Y' />
   <field name='TransactTime' required='N' />
   <field name='Text' required='N' />
  </message>
  <message name='PartyActionReport' msgcat='app' msgtype='DI'>
   <field name='PartyActionRequestID' required='N' />
   <field name='PartyActionReportID' required='Y' />
   <field name='PartyActionType' required='Y' />
   <field name='PartyActionResponse' required='Y' />
   <field name='PartyActionRejectReason' required='N' />
   <field name='ApplTestMessageIndicator' required='N' />
   <field name='MarketID' required='N' />
   <component name='Parties' required='Y' />
   <field name='TransactTime' required='N' />
   <field name='Text' required='N' />
  </message>
`

const partyTypes = `<value enum='DH' description='PARTY_ACTION_REQUEST' /><value enum='DI' description='PARTY_ACTION_REPORT' />`

const partyFields = `  <field number='2328' name='PartyActionRequestID' type='STRING' />
  <field number='2329' name='PartyActionType' type='INT'><value enum='0' description='SUSPEND' /><value enum='1' description='HALT_TRADING' /><value enum='2' description='REINSTATE' /></field>
  <field number='2330' name='ApplTestMessageIndicator' type='BOOLEAN' />
  <field number='2331' name='PartyActionReportID' type='STRING' />
  <field number='2332' name='PartyActionResponse' type='INT'><value enum='0' description='ACCEPTED' /><value enum='1' description='COMPLETED' /><value enum='2' description='REJECTED' /></field>
  <field number='2333' name='PartyActionRejectReason' type='INT'><value enum='0' description='INVALID_PARTY' /><value enum='1' description='UNKNOWN_REQUESTING_PARTY' /><value enum='98' description='NOT_AUTHORIZED' /><value enum='99' description='OTHER' /></field>
`
