package system

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quickfixgo/quickfix"
)

// application is what quickfixgo calls; it counts logons.
type application struct{ up chan quickfix.SessionID }

func (a application) OnLogon(id quickfix.SessionID)                   { a.up <- id }
func (application) OnCreate(quickfix.SessionID)                       {}
func (application) OnLogout(quickfix.SessionID)                       {}
func (application) ToAdmin(*quickfix.Message, quickfix.SessionID)     {}
func (application) ToApp(*quickfix.Message, quickfix.SessionID) error { return nil }
func (application) FromAdmin(*quickfix.Message, quickfix.SessionID) (err quickfix.MessageRejectError) {
	return nil
}
func (application) FromApp(*quickfix.Message, quickfix.SessionID) (err quickfix.MessageRejectError) {
	return nil
}

// TestClientAdd: a client sends the file of its quickfixgo initiator; the gate's files get the session that answers to it,
// and what was said to lack; the running gate follows, and quickfixgo logs on with the client's file as it is.
func TestClientAdd(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	s := newSite(t, desk(venue.port()))
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	s.write("their.cfg", "[DEFAULT]\nConnectionType=initiator\nSocketConnectHost=127.0.0.1\nSocketConnectPort=@PORT@\nHeartBtInt=30\n"+
		"ReconnectInterval=1\n[SESSION]\nBeginString=FIX.4.4\nSenderCompID=THEIRS\nSenderSubID=DESK\nTargetCompID=GATE\nResetOnLogon=Y\n")
	their, yaml := filepath.Join(s.dir, "their.cfg"), filepath.Join(s.dir, "gate.yaml")
	add := []string{"client", "add", "ACME", "--from", their, "-c", yaml}
	if out, err := s.gate(append(add, "--dry-run")...); err != nil || !strings.Contains(out, "+ TargetSubID=DESK\n") || !strings.Contains(out, "nothing was written") {
		t.Fatal(out, err)
	}
	out, err := s.gate(add...)
	if err != nil || !strings.Contains(out, "link FIX.4.4:GATE->THEIRS/DESK still lacks") || !strings.Contains(out, "gate reload") {
		t.Fatal(out, err)
	}
	s.notReloaded("session FIX.4.4:GATE->THEIRS/DESK has no entry under links")
	text, err := os.ReadFile(yaml)
	if err != nil {
		t.Fatal(err)
	}
	s.write("gate.yaml", strings.Replace(string(text), "\nvenues:\n", "\n  - {link: FIX.4.4:GATE->THEIRS/DESK, client: ACME, default_account: ACME-2, password: none}\nvenues:\n", 1))
	s.reloaded("added FIX.4.4:GATE->THEIRS/DESK")

	file, err := os.Open(their)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	parsed, err := quickfix.ParseSettings(file)
	if err != nil {
		t.Fatal(err)
	}
	app := application{make(chan quickfix.SessionID, 16)}
	initiator, err := quickfix.NewInitiator(app, quickfix.NewMemoryStoreFactory(), parsed, quickfix.NewNullLogFactory())
	if err != nil {
		t.Fatal(err)
	}
	if err := initiator.Start(); err != nil {
		t.Fatal(err)
	}
	defer initiator.Stop()
	s.until("quickfixgo is logged on", func() bool { return len(app.up) > 0 })
	acme.send(fmt.Sprintf(order, "on", "10", "187.50"))
	acme.await("35=8|11=on|150=0")
}
