package fixecho

import (
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quickfixgo/quickfix"

	"portcullis/gate/internal/testca"
)

// TestQuickfixgo: quickfixgo's initiator logs on in every version, gets its orders back, asks again for what it is made
// to miss, and logs out.
func TestQuickfixgo(t *testing.T) {
	for name, file := range map[string]string{"listed": acceptorFile(""), "not listed": dynamicFile} {
		t.Run(name, func(t *testing.T) { quickfixgo(t, serve(t, file), "") })
	}
}

// TestQuickfixgoTLS: and over mutual TLS, its certificate bearing its CompID.
func TestQuickfixgoTLS(t *testing.T) {
	ca, dir := testca.New(t), t.TempDir()
	testca.WriteFile(t, filepath.Join(dir, "ca.pem"), ca.PEM)
	keys := func(name string) string {
		ca.Issue(t, name, time.Now().Add(time.Hour)).Write(t, dir, name)
		return strings.ReplaceAll("SocketCertificateFile=DIR/"+name+".pem\nSocketPrivateKeyFile=DIR/"+name+".key\nSocketCAFile=DIR/ca.pem\n",
			"DIR", dir)
	}
	ours := keys("GATE")
	for name, file := range map[string]string{"listed": acceptorFile(ours), "not listed": strings.Replace(dynamicFile, "[DEFAULT]\n", "[DEFAULT]\n"+ours, 1)} {
		t.Run(name, func(t *testing.T) { quickfixgo(t, serve(t, file), keys("ACME")) })
	}
}

func quickfixgo(t *testing.T, server *Server, theirs string) {
	host, port, err := net.SplitHostPort(server.Addrs()[0].String())
	if err != nil {
		t.Fatal(err)
	}
	file := "[DEFAULT]\nConnectionType=initiator\nSenderCompID=ACME\nTargetCompID=GATE\nHeartBtInt=30\nReconnectInterval=1\n" +
		"SocketConnectHost=" + host + "\nSocketConnectPort=" + port + "\n" + theirs
	for i, d := range dialects {
		file += fmt.Sprintf("[SESSION]\nBeginString=%s\nSessionQualifier=S%d\n", d.begin, i)
		if d.appl != "" {
			file += "DefaultApplVerID=" + d.appl + "\n"
		}
	}
	settings, err := quickfix.ParseSettings(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	app := &initiator{loggedOn: make(map[quickfix.SessionID]bool), echoes: make(map[quickfix.SessionID][]string)}
	peer, err := quickfix.NewInitiator(app, quickfix.NewMemoryStoreFactory(), settings, quickfix.NewNullLogFactory())
	if err != nil {
		t.Fatal(err)
	}
	if err := peer.Start(); err != nil {
		t.Fatal(err)
	}
	app.until(t, "every session is logged on", func() bool { return len(app.loggedOn) == len(dialects) })
	var running sync.WaitGroup
	for id := range app.loggedOn {
		running.Go(func() { app.converse(t, id) })
	}
	running.Wait()
	peer.Stop()
	app.until(t, "every session is logged out", func() bool { return app.logouts == len(dialects) })
}

// initiator is quickfixgo's application.
type initiator struct {
	mu       sync.Mutex
	loggedOn map[quickfix.SessionID]bool
	logouts  int
	echoes   map[quickfix.SessionID][]string // ClOrdIDs that came back, with a "+" where PossDupFlag was set
}

func (a *initiator) converse(t *testing.T, id quickfix.SessionID) {
	came := func(want string) {
		a.until(t, id.String()+" has "+want, func() bool { return strings.Join(a.echoes[id], " ") == want })
	}
	a.order(t, id, "A-1")
	a.order(t, id, "A-2")
	came("A-1 A-2")
	a.order(t, id, "A-3")
	came("A-1 A-2 A-1+ A-2+ A-3") // it keeps what showed the gap, as we do
}

func (a *initiator) order(t *testing.T, id quickfix.SessionID, clOrdID string) {
	m := quickfix.NewMessage()
	m.Header.SetString(35, "D")
	for tag, value := range map[quickfix.Tag]string{11: clOrdID, 21: "1", 38: "100", 40: "1", 54: "1", 55: "IBM"} {
		m.Body.SetString(tag, value)
	}
	if id.BeginString >= "FIX.4.2" {
		m.Body.SetString(60, time.Now().UTC().Format("20060102-15:04:05.000"))
	}
	if err := quickfix.SendToTarget(m, id); err != nil {
		t.Errorf("%s: %v", id, err)
	}
}

func (a *initiator) until(t *testing.T, what string, ok func() bool) {
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		a.mu.Lock()
		done := ok()
		a.mu.Unlock()
		if done {
			return
		}
		if time.Now().After(end) {
			a.mu.Lock()
			defer a.mu.Unlock()
			t.Errorf("never: %s; %v", what, a.echoes)
			return
		}
	}
}

func (a *initiator) OnCreate(quickfix.SessionID) {}

func (a *initiator) OnLogon(id quickfix.SessionID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.loggedOn[id] = true
}

func (a *initiator) OnLogout(quickfix.SessionID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.logouts++
}

func (a *initiator) ToAdmin(*quickfix.Message, quickfix.SessionID)     {}
func (a *initiator) ToApp(*quickfix.Message, quickfix.SessionID) error { return nil }

func (a *initiator) FromAdmin(*quickfix.Message, quickfix.SessionID) quickfix.MessageRejectError {
	return nil
}

func (a *initiator) FromApp(m *quickfix.Message, id quickfix.SessionID) quickfix.MessageRejectError {
	clOrdID, err := m.Body.GetString(11)
	if err != nil {
		return err
	}
	if m.Header.Has(43) {
		clOrdID += "+"
	}
	if clOrdID == "A-2" { // forget what came: the next message shows a gap. This one is counted after it was handled here.
		if err := quickfix.SetNextTargetMsgSeqNum(id, 1); err != nil {
			return quickfix.NewMessageRejectError(err.Error(), 0, nil)
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.echoes[id] = append(a.echoes[id], clOrdID)
	return nil
}
