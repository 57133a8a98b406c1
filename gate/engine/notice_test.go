package engine

import (
	"strings"
	"testing"

	"portcullis/gate/core"
)

// TestAlertsAreSaid: what a human must look at is in the log with its link and record, and so is what the session layer
// refuses; the same of the same link is said once and counted.
func TestAlertsAreSaid(t *testing.T) {
	r := newRig(t, 2, nil)
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind != core.Message {
			return
		}
		d.Rejected, d.RefTag = true, 38
		d.Alerts, d.EffectLen = true, 2
		d.Effects[0] = core.Effect{Kind: core.Alerted, Alert: core.OverFill, Order: 3, Link: core.NoIndex}
		d.Effects[1] = core.Effect{Kind: core.Alerted, Alert: core.EgressStopped, Order: core.NoIndex, Link: core.NoIndex}
	}
	r.run(t)
	r.connect(t, 0, "")
	for l := range uint32(2) {
		client := r.connect(t, l+1, "")
		for range 3 {
			write(t, client, message("D", "text"))
		}
	}
	until(t, "all said", func() bool {
		return r.Snapshot().Counts[MessagesIn] == 6 && len(r.clerk.notices) == 0 && strings.Count(r.log.String(), core.OverFill.String()) == 2
	})
	r.clerk.log.Flush()
	log := r.log.String()
	for _, want := range []string{
		`{"level":"error","link":"CLIENT1","connection":2,"record":`,
		`"message":"` + core.OverFill.String() + `"}`,
		`{"level":"error","source":"CLIENT2","times":2,"message":"again, in the last 10s: ` + core.OverFill.String(),
		`"tag":38,"message":"a message was answered by Reject(35=3)"}`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("no %s in %s", want, log)
		}
	}
	if n := strings.Count(log, `"message":"`+core.OverFill.String()); n != 2 || strings.Contains(log, core.EgressStopped.String()) {
		t.Errorf("said %d times: %s", n, log)
	}
}
