package engine

import (
	"strings"
	"testing"

	"portcullis/fix/link"
	"portcullis/gate/core"
)

// TestFaultsAreSaidOnce: a peer may send what the session layer does not take as fast as it can; the log
// says each kind once, and then how often it came.
func TestFaultsAreSaidOnce(t *testing.T) {
	r := newRig(t, 1, nil)
	faults := []link.Fault{link.ResendBeyond, link.RequiredMissing, link.ResendBeyond, link.NoFault, link.SeqTooHigh}
	taken := 0
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind == core.Message {
			d.LinkFault = uint8(faults[taken%len(faults)])
			taken++
		}
	}
	r.run(t)
	in := strings.Repeat(message("2", "bad"), 2*len(faults))
	for n := 1; n <= 2; n++ {
		client := r.connect(t, 1, in)
		until(t, "taken", func() bool { return len(r.core.all(core.Message)) == n*2*len(faults) })
		if err := client.Close(); err != nil {
			t.Error(err)
		}
		until(t, "free again", func() bool { return r.Idle(1) })
	}
	until(t, "all said", func() bool { return len(r.clerk.notices) == 0 && strings.Count(r.log.String(), "connection ended") > 0 })
	r.clerk.log.Flush()
	log := r.log.String()
	for fault, more := range map[link.Fault]string{link.ResendBeyond: `"times":7,`, link.RequiredMissing: `"times":3,`} {
		if strings.Count(log, `"fault":"`+fault.String()) != 1 || !strings.Contains(log, more) {
			t.Errorf("%s: %s", fault, log)
		}
	}
	if strings.Contains(log, link.SeqTooHigh.String()) {
		t.Error(log)
	}
}
