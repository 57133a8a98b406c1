package fixecho

import (
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quickfixgo/quickfix"
)

// TestQuickfixgoHours: quickfixgo's initiator is logged out when the session ends and is not let in again; begins its
// numbers anew when we ask for it, and we do when it asks; and gets its orders back throughout.
func TestQuickfixgoHours(t *testing.T) {
	t.Parallel()
	in := func(d time.Duration) string { return time.Now().UTC().Add(d).Format("15:04:05") }
	at := in(10 * time.Second) // until then all have logged on and traded, on a machine with other work too
	server := serve(t, "[DEFAULT]\nSocketAcceptHost=127.0.0.1\nSocketAcceptPort=0\nSenderCompID=GATE\nBeginString=FIX.4.4\n"+
		"[SESSION]\nTargetCompID=ENDS\nStartTime="+in(time.Hour)+"\nEndTime="+at+"\n"+
		"[SESSION]\nTargetCompID=CLOSED\nStartTime="+in(time.Hour)+"\nEndTime="+in(2*time.Hour)+"\n"+
		"[SESSION]\nTargetCompID=RESETS\nResetSeqTime="+at+"\n"+
		"[SESSION]\nTargetCompID=ASKS\n")
	host, port, err := net.SplitHostPort(server.Addrs()[0].String())
	if err != nil {
		t.Fatal(err)
	}
	settings, err := quickfix.ParseSettings(strings.NewReader("[DEFAULT]\nConnectionType=initiator\nTargetCompID=GATE\n" +
		"BeginString=FIX.4.4\nHeartBtInt=30\nReconnectInterval=1\nSocketConnectHost=" + host + "\nSocketConnectPort=" + port + "\n" +
		"[SESSION]\nSenderCompID=ENDS\n[SESSION]\nSenderCompID=CLOSED\n[SESSION]\nSenderCompID=RESETS\n" +
		"[SESSION]\nSenderCompID=ASKS\nResetSeqTime=" + at + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	app := &hourly{}
	app.loggedOn, app.echoes = make(map[quickfix.SessionID]bool), make(map[quickfix.SessionID][]string)
	peer, err := quickfix.NewInitiator(app, quickfix.NewMemoryStoreFactory(), settings, quickfix.NewNullLogFactory())
	if err != nil {
		t.Fatal(err)
	}
	if err := peer.Start(); err != nil {
		t.Fatal(err)
	}
	app.until(t, "all that may are logged on", func() bool { return len(app.loggedOn) == 3 })
	orders := 0
	order := func(ids ...quickfix.SessionID) {
		for _, id := range ids {
			orders++
			want := fmt.Sprintf("B-%d", orders)
			app.order(t, id, want)
			app.until(t, want+" comes back", func() bool { return len(app.echoes[id]) > 0 && app.echoes[id][len(app.echoes[id])-1] == want })
		}
	}
	id := func(sender string) quickfix.SessionID {
		return quickfix.SessionID{BeginString: "FIX.4.4", SenderCompID: sender, TargetCompID: "GATE"}
	}
	order(id("ENDS"), id("RESETS"), id("ASKS"))
	app.until(t, "the session that ends is logged out", func() bool { return app.ends.Load() == 1 })
	app.until(t, "the numbers begin anew", func() bool { return app.resets.Load() == 2 })
	order(id("RESETS"), id("ASKS"), id("RESETS"), id("ASKS"))
	time.Sleep(1500 * time.Millisecond)                                     // it tries to come back
	if n, ends := app.logons.Load(), app.ends.Load(); n != 5 || ends != 1 { // it counts a reset as a Logon
		t.Errorf("%d Logons, %d Logouts", n, ends)
	}
	peer.Stop()
}

// hourly also counts Logons, resets and ends of sessions.
type hourly struct {
	initiator
	logons, resets, ends atomic.Int32
}

func (a *hourly) OnLogon(id quickfix.SessionID) {
	a.logons.Add(1)
	a.initiator.OnLogon(id)
}

func (a *hourly) FromAdmin(m *quickfix.Message, _ quickfix.SessionID) quickfix.MessageRejectError {
	if anew, err := m.Body.GetBool(141); err == nil && anew {
		a.resets.Add(1)
	}
	if text, err := m.Body.GetString(58); err == nil && text == "outside of the session's time" {
		a.ends.Add(1)
	}
	return nil
}
