package audit

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"portcullis/gate/core"
	"portcullis/risk"
)

// TestSelfTest: what came of it is on the status, with its age, its configuration and who said so, and stands in the changes as
// evidence: a pass, controls that did not refuse, one that could not run, one that nobody may say, and none for too long.
func TestSelfTest(t *testing.T) {
	w := openDesk(t, t.TempDir(), morning, sampleFiles())
	hash := fmt.Sprintf("%x", w.cfg.Hash())
	other := strings.Repeat("ab", 32)
	look := func(after time.Duration) string {
		var out bytes.Buffer
		must(must(Open(w.dir))(t).Load(false))(t).Status(&out, Presence{}, "", "", time.Unix(0, w.nowNs).Add(after))
		_, line, _ := strings.Cut(out.String(), "\nself-test      ")
		line, _, _ = strings.Cut(line, "\n")
		return line
	}
	give := func(m core.Command) {
		m.Kind, m.Actor, m.UID, m.PID = core.CmdSelfTest, "gate", 501, 4711
		w.command(m)
	}
	if got := look(0); !strings.HasPrefix(got, "none has been told of") {
		t.Error(got)
	}
	give(core.Command{Name: hash, Index: 159, Qty: risk.Qty(1500 * time.Millisecond), Reason: "2 more are armed and were not breached"})
	const passed = "passed: 159 controls tried, every one refused its breach, in 1.5s"
	const by = ", by gate (user 501, process 4711): "
	if got := look(3 * time.Hour); got != passed+"; 3h0m0s ago"+by+"2 more are armed and were not breached" {
		t.Error(got)
	}
	if got := look(26*time.Hour + time.Second); !strings.HasSuffix(got, "; OVERDUE: one a day is due") {
		t.Error(got)
	}
	give(core.Command{Name: hash, Flag: true, Index: 159, Qty: 1, Reason: "all is well"})
	w.command(core.Command{Kind: core.CmdSelfTestOverdue, Actor: "gate", Reason: "none has been told of in this journal"})
	if got := look(time.Minute); !strings.HasPrefix(got, passed+"; 1m0s ago") {
		t.Error(got)
	}
	give(core.Command{Name: hash, Index: 159, Target: 1, Qty: risk.Qty(time.Second), Reason: "did not refuse: COLLAR of AAPL"})
	if got := look(time.Minute); got != "FAILED: 1 of 159 controls did not refuse its breach, in 1s; 1m0s ago"+by+"did not refuse: COLLAR of AAPL" {
		t.Error(got)
	}
	give(core.Command{Name: other, Qty: 1, Reason: "it could not run: no room"})
	if got := look(0); !strings.HasPrefix(got, "COULD NOT RUN; ") || !strings.HasSuffix(got, "; of configuration abababababababab, which is NOT IN FORCE any more") {
		t.Error(got)
	}
	w.close()
	j := must(Open(w.dir))(t)
	var out bytes.Buffer
	check(t, j.Changes(&out, 0))
	for _, want := range []string{
		"command self-test of configuration " + hash + " by gate (user 501, process 4711): 2 more are armed and were not breached\n    answer to command",
		"    self-test " + passed + "\n",
		"command self-test of configuration " + hash + ", by who is not the gate's own user, by gate (user 501, process 4711): all is well\n",
		": only the gate's own user says what came of a self-test\n",
		"command self-test overdue by gate: none has been told of in this journal\n    answer to command 1: noted\n    ALERT the daily SELF-TEST",
		"    self-test FAILED: 1 of 159 controls did not refuse its breach, in 1s\n    ALERT the daily SELF-TEST",
		"    self-test COULD NOT RUN\n    ALERT the daily SELF-TEST",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("without %q:\n%s", want, out.String())
		}
	}
	var said bytes.Buffer
	if r, err := j.Replay(&said, DifferencesShown); err != nil || r.Agree != r.Records {
		t.Errorf("%+v, %v\n%s", r, err, said.String())
	}
}
