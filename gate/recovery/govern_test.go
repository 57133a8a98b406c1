package recovery

import (
	"slices"
	"strings"
	"testing"

	"portcullis/gate/core"
)

// TestApprovalsOfWhatIsInForce: read from its end a journal says the same of configurations and approvals as from its beginning. An
// approval is of what was in force when it was given: once another configuration has come into force it is void, and one
// person cannot begin with what it was about.
func TestApprovalsOfWhatIsInForce(t *testing.T) {
	for _, c := range []struct{ journal, hash, approved string }{
		{"", "", ""},
		{"start A", "A", ""},
		{"start A, approve B", "A", "B"},
		{"start A, approve B, start A", "A", "B"},
		{"start A, approve B, reload A, approve C", "A", "B C"},
		{"start A, approve B, reload B", "B", ""},
		{"start A, approve B, reload C", "C", ""},
		{"start A, approve B, reload C, start C, approve D", "C", "D"},
		{"start A, approve B, start C, reload A", "A", ""},
	} {
		var records []record
		for step := range strings.SplitSeq(c.journal, ", ") {
			if step != "" {
				records = append(records, recordOf(step))
			}
		}
		var forward governing
		for i := range records {
			forward.take(&records[i].ev, &records[i].d)
		}
		var older backwards
		for i := range slices.Backward(records) {
			if !older.take(&records[i].ev, &records[i].d) {
				break
			}
		}
		for _, g := range []governing{forward, older.governing} {
			slices.Sort(g.Approved)
			if hash := strings.Trim(string(g.Hash), "."); hash != c.hash || strings.Join(g.Approved, " ") != c.approved {
				t.Errorf("%s: in force %q, approved %q; want %q and %q", c.journal, hash, g.Approved, c.hash, c.approved)
			}
		}
	}
}

type record struct {
	ev core.Event
	d  core.Decision
}

// recordOf is a record that names a configuration by a letter.
func recordOf(step string) (r record) {
	what, name, _ := strings.Cut(step, " ")
	r.d.EffectLen = 1
	switch what {
	case "start":
		r.ev, r.d.EffectLen = core.Event{Kind: core.Configured, Data: []byte(name + strings.Repeat(".", 31))}, 0
	case "reload":
		for _, b := range []byte(name + ".......") {
			r.d.Effects[0].Value = r.d.Effects[0].Value<<8 | uint64(b)
		}
		r.d.Effects[0].Kind = core.Reloaded
	case "approve":
		m := core.Command{Kind: core.CmdApprove, Name: name}
		r.ev = core.Event{Kind: core.CommandGiven, Data: m.Append(nil)}
		r.d.Effects[0].Kind = core.Approved
	}
	return r
}
