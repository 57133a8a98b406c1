package recovery

import (
	"portcullis/fix/link"
	"portcullis/gate/core"
)

// VenueLines knows the link over which a venue got its last order: one of another name has other
// numbers, and nothing that it says settles what was sent before.
type VenueLines []uint32

func newVenueLines(venues int) VenueLines {
	lines := make(VenueLines, venues)
	for i := range lines {
		lines[i] = core.NoIndex
	}
	return lines
}

// note takes up a decision of the journal.
func (v VenueLines) note(d *core.Decision) {
	for i := range d.EffectLen {
		e := &d.Effects[i]
		if e.Kind != core.Opened {
			continue
		}
		for n := range d.Out.Count {
			if out := &d.Out.Outs[n]; out.Kind == link.OrderMessage && out.Request == e.Request {
				v[e.Venue] = out.Link
			}
		}
	}
}
