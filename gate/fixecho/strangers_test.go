package fixecho

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// dynamicFile takes every session, of every version; it lists one that nobody uses.
const dynamicFile = "[DEFAULT]\nSocketAcceptHost=127.0.0.1\nSocketAcceptPort=0\nDynamicSessions=Y\n" +
	"[SESSION]\nBeginString=FIX.4.4\nSenderCompID=LISTED\nTargetCompID=NOBODY\n"

// logOn sends a Logon and returns the connection and the first that comes back; "" where it is closed.
func logOn(t *testing.T, server *Server, begin, them, us, more string, seq int) (net.Conn, string) {
	t.Helper()
	c, err := net.Dial("tcp", server.Addrs()[0].String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	body := fmt.Sprintf("35=A|34=%d|49=%s|52=%s|56=%s|%s98=0|108=30|", seq, us, time.Now().UTC().Format("20060102-15:04:05"), them, more)
	body = strings.ReplaceAll(body, "|", "\x01")
	text := fmt.Sprintf("8=%s\x019=%d\x01%s", begin, len(body), body)
	sum := 0
	for _, b := range []byte(text) {
		sum += int(b)
	}
	fmt.Fprintf(c, "%s10=%03d\x01", text, sum%256)
	buf := make([]byte, 4096)
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	n, _ := c.Read(buf)
	return c, strings.ReplaceAll(string(buf[:n]), "\x01", "|")
}

// TestStrangers: CompIDs that the file does not list make a session of their own, whose numbers go on when they come
// back; what no session can be is closed, and so is the one that finds no row.
func TestStrangers(t *testing.T) {
	server := serve(t, dynamicFile)
	for n, c := range []struct{ begin, them, us, more, answer string }{
		{"FIX.4.2", "ANY", "ONE", "", "|35=A|34=1|49=ANY|"},
		{"FIX.4.4", "ANY", "ONE", "50=DESK|", "|56=ONE|57=DESK|"},
		{"FIXT.1.1", "ANY", "ONE", "1137=9|", "|35=A|34=1|49=ANY|"},
		{"FIXT.1.1", "ANY", "ONE", "", ""},
		{"FIX.9.9", "ANY", "ONE", "", ""},
		{"FIX.4.4", "A->B", "ONE", "", ""},
		{"FIX.4.4", "ANY", strings.Repeat("X", 65), "", ""},
	} {
		before := len(server.echo.all())
		_, got := logOn(t, server, c.begin, c.them, c.us, c.more, 1)
		if !strings.Contains(got, c.answer) || (got == "") != (c.answer == "") || len(server.echo.all())-before != min(len(c.answer), 1) {
			t.Errorf("%d: %q, %d sessions", n, got, len(server.echo.all()))
		}
	}
	c, _ := logOn(t, server, "FIX.4.4", "ANY", "BACK", "", 1)
	sessions := len(server.echo.all())
	c.Close()
	for end := time.Now().Add(10 * time.Second); !server.engine.Idle(uint32(sessions - 1)); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never ends")
		}
	}
	if _, got := logOn(t, server, "FIX.4.4", "ANY", "BACK", "", 2); !strings.Contains(got, "|35=A|34=2|") || len(server.echo.all()) != sessions {
		t.Errorf("%q, %d sessions", got, len(server.echo.all()))
	}
	for n := range strangersMax - sessions + 2 { // one session is listed
		c, got := logOn(t, server, "FIX.4.4", "ANY", fmt.Sprintf("MANY%d", n), "", 1)
		if full := n == strangersMax-sessions+1; (got == "") != full {
			t.Fatalf("%d: %q", n, got)
		}
		c.Close()
	}
}
