package engine

import (
	"context"
	"io"
	"testing"

	"portcullis/fix/link"
	"portcullis/gate/core"
)

// TestHeld: that the core holds a link down, or lets it up, is known to those who connect, from the
// start on; a connection that the core closes as it comes is closed unheard, and the link is free after.
func TestHeld(t *testing.T) {
	r := newRig(t, 1, func(c *Config) { c.Links[1].Name = heldName })
	if !r.Held(1) || r.Held(0) {
		t.Error("what an earlier process left is not known")
	}
	r.core.on = func(ev *core.Event, d *core.Decision) {
		switch {
		case ev.Kind == core.CommandGiven:
			d.Effects[0] = core.Effect{Kind: core.LinkHeld, Link: 1}
			if d.EffectLen = 1; r.core.held.CompareAndSwap(false, true) {
				d.Effects[0].Value = 1
			} else {
				r.core.held.Store(false)
			}
		case ev.Kind == core.Admitted && r.core.held.Load():
			d.Close, d.LinkFault = true, uint8(link.HeldDown)
		}
	}
	r.run(t)
	client := r.connect(t, 1, message("D", "unheard"))
	if b, err := io.ReadAll(client); len(b) > 0 || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	until(t, "free again", func() bool { return r.Idle(1) })
	if n := len(r.core.all(core.Message)); n > 0 {
		t.Errorf("%d messages were heard", n)
	}
	for _, want := range []bool{false, true} {
		if _, err := r.Submit(context.Background(), core.Command{Kind: core.CmdLinkUp}); err != nil || r.Held(1) != want {
			t.Errorf("held %t, want %t: %v", r.Held(1), want, err)
		}
	}
}
