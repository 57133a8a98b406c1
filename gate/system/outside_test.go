package system

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestKillFromOutside: a file stops what its line names, and a line on the kill socket, which takes nothing else; both say
// who gave the kill. A file that a monitor made while the gate was down counts before anybody may trade.
func TestKillFromOutside(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	files := desk(venue.port())
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "gate:\n", "gate:\n  kill_file: KILL\n  kill_socket: kill.sock\n", 1)
	s := newSite(t, files)
	s.start()
	(<-venue.linked).await("35=1")
	acme, globex := s.dial("ACME").logon(""), s.dial("GLOBEX").logon("")
	acme.send(fmt.Sprintf(order, "one", "10", "187.50"))
	acme.await("35=8|11=one|150=0")
	file := filepath.Join(s.dir, "KILL")
	monitor := func(text string) {
		t.Helper()
		if err := os.WriteFile(file+".new", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(file+".new", file); err != nil {
			t.Fatal(err)
		}
	}
	gone := func() bool { _, err := os.Lstat(file); return os.IsNotExist(err) }
	monitor("KILL client:ACME the model is out of bounds\n")
	s.until("the kill file is taken", gone)
	acme.send(fmt.Sprintf(order, "two", "10", "187.50"))
	acme.await("35=8|11=two|150=8|58=KILL_CLIENT*")
	c, err := net.Dial("unix", filepath.Join(s.dir, "kill.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	answers := bufio.NewScanner(c)
	for _, ask := range [][2]string{{`{"verb":"revive","id":1,"reason":"x"}`, "takes kills and ping only"}, {"KILL account:NOBODY x", "there is no account"},
		{"KILL link:FIX.4.4:GATE->GLOBEX feed is stale", `"ok":true,"kill_id":2`}} {
		line, want := ask[0], ask[1]
		if _, err := c.Write([]byte(line + "\n")); err != nil || !answers.Scan() || !strings.Contains(answers.Text(), want) {
			t.Errorf("%s: %s, %v", line, answers.Text(), err)
		}
	}
	globex.send(strings.Replace(fmt.Sprintf(order, "three", "10", "187.50"), "ACME-1", "GLOBEX-1", 1))
	globex.await("35=8|11=three|150=8|58=KILL_LINK*")
	out, err := s.gate("status", "-c", filepath.Join(s.dir, "gate.yaml"))
	if err != nil || !strings.Contains(out, "the model is out of bounds") || !strings.Contains(out, "feed is stale") {
		t.Error(out, err)
	}
	s.terminate()
	monitor("")
	s.start()
	if s.until("the kill file is taken", gone); kills(t, s) != 3 {
		t.Errorf("%d kills", kills(t, s))
	}
}
