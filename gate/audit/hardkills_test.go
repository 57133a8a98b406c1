package audit

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portcullis/gate/cell"
	"portcullis/gate/core"
	"portcullis/gate/watchdog"
	"portcullis/risk"
)

// record writes hard kills as the watchdog of a journal does.
func record(t *testing.T, dir string, kills ...watchdog.Kill) {
	t.Helper()
	c, _, _ := cell.Open(filepath.Join(dir, "hardkills"), 32<<10)
	if _, err := os.Stat(c.Path()); err != nil {
		check(t, c.Create(nil))
	}
	check(t, c.Write(must(json.Marshal(kills))(t)))
}

// TestHardKillsAwaited: a hard kill is shown as in force from its acknowledgement on, whether or not an engine has
// taken it into the journal since, and then once.
func TestHardKillsAwaited(t *testing.T) {
	w := day(t)
	taken := watchdog.Kill{Number: uint64(w.nowNs), UID: 501, PID: 9, Actor: "anna", Reason: "first"}
	w.command(core.Command{Kind: core.CmdKill, Scope: risk.ScopeFirm, Target: taken.Number, UID: 501, PID: 9, Actor: "anna", Reason: "first"})
	w.close()
	number := func(k uint64) uint64 { return must(must(Open(w.dir))(t).Load(false))(t).HardKill(k) }
	shown := func() (status, changes string) {
		t.Helper()
		j := must(Open(w.dir))(t)
		var a, b bytes.Buffer
		must(j.Load(false))(t).Status(&a, Presence{}, "", "", time.Unix(0, w.nowNs))
		if err := j.Changes(&b, w.nowNs-1e9); err != nil {
			b.WriteString(err.Error())
		}
		_, status, _ = strings.Cut(a.String(), "\nkills: ")
		return status, b.String()
	}
	record(t, w.dir, taken)
	status, changes := shown()
	before := strings.Count(status, "\n")
	if strings.Contains(status, notTaken) || strings.Contains(changes, notTaken) {
		t.Errorf("a kill that the journal has is awaited:\n%s\n%s", status, changes)
	}
	id := number(taken.Number)
	if want := utc(int64(taken.Number)); id == 0 || !strings.Contains(status, want) {
		t.Errorf("kill %d, not in force since %s:\n%s", id, want, status)
	}
	record(t, w.dir, taken, watchdog.Kill{Number: uint64(w.nowNs) + 5e8, UID: 502, PID: 10, Actor: "ben", Reason: "it hangs"})
	status, changes = shown()
	if n := number(uint64(w.nowNs) + 5e8); n != id+1 || number(taken.Number) != id || number(7) != 0 {
		t.Errorf("the kill after kill %d has number %d", id, n)
	}
	const by = "ben (user 502, process 10): it hangs"
	if !strings.Contains(status, by+"; "+notTaken) || strings.Count(status, "\n") != before+1 {
		t.Errorf("status:\n%s", status)
	}
	if !strings.Contains(changes, "not in the journal yet  hard kill of the firm by "+by) {
		t.Errorf("changes:\n%s", changes)
	}
	check(t, os.WriteFile(filepath.Join(w.dir, "hardkills"), make([]byte, 8<<10), 0o600))
	for _, text := range []string{"there may be more", "whether the gate was killed hard cannot be read"} {
		if status, changes = shown(); !strings.Contains(status+changes, text) {
			t.Errorf("of a damaged record:\n%s\n%s", status, changes)
		}
	}
}
