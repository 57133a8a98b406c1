package engine

import (
	"testing"

	"portcullis/gate/core"
)

// TestReloaded: records name the configuration that judges by the beginning of its hash, also after another has taken
// over; a link that came with it has its name in the log.
func TestReloaded(t *testing.T) {
	r := newRig(t, 1, nil)
	r.core.on = func(ev *core.Event, d *core.Decision) {
		if ev.Kind == core.CommandGiven {
			d.Effects[0], d.EffectLen = core.Effect{Kind: core.Reloaded, Value: 0x1122334455667788}, 1
		}
	}
	r.run(t)
	if _, err := r.Submit(t.Context(), core.Command{Kind: core.CmdReload}); err != nil {
		t.Fatal(err)
	}
	r.Know(1, Link{Name: "ADDED"})
	if err := r.Stop(t.Context(), core.Command{Kind: core.CmdStop}); err != nil {
		t.Fatal(err)
	}
	if r.configVersion != 0x11223344 || r.header.ConfigVersion != r.configVersion || r.names.of(1) != "ADDED" {
		t.Errorf("version %x, record %x, name %q", r.configVersion, r.header.ConfigVersion, r.names.of(1))
	}
}
