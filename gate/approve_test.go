package gate

import (
	"fmt"
	"strings"
	"testing"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/recovery"
	"portcullis/gate/shadow"
)

// TestApproveRefuses: who may not approve is told so whatever he asks for, and everybody else what is wrong with the hash.
func TestApproveRefuses(t *testing.T) {
	group, gid := someGroup(t)
	edits := []string{config.SampleMain, "approval: none ", "approval: four_eyes ", config.SampleMain, "admin_group: \"\" ", "admin_group: " + group + " "}
	g := openSample(t, t.TempDir(), edits...)
	defer func() { must(t, g.close()) }()
	stranger, member := admin.Peer{UID: 4242, GID: 4242, User: "stranger"}, admin.Peer{UID: 4243, GID: uint32(gid), User: "member"}
	hash := hashOf(g.files().Offered())
	for _, c := range []struct {
		by         admin.Peer
		hash, want string
	}{
		{stranger, hash, "stranger is no member of gate.admin_group"},
		{stranger, "0123456789abcdef", "stranger is no member of gate.admin_group"},
		{member, hash[:hashShown-1], "give the 16 digits or more"},
		{member, "0123456789abcdef", "another does"},
	} {
		if a := g.approve(c.by, admin.Request{Name: c.hash, Reason: "test"}); a.OK || !strings.Contains(a.Error, "nothing was changed: ") || !strings.Contains(a.Error, c.want) {
			t.Errorf("%s gives %s: %+v, want %q", c.by.User, c.hash, a, c.want)
		}
	}
	alone := openSample(t, t.TempDir())
	defer func() { must(t, alone.close()) }()
	if a := alone.approve(member, admin.Request{Name: hash}); !strings.Contains(a.Error, "gate.admin_group is empty") {
		t.Errorf("%+v", a)
	}
}

// TestStartHoldsBack: by the journal alone a start knows what is in force and what was approved since, and so does who
// prepares a snapshot for it. An approval counts until another configuration has come into force.
func TestStartHoldsBack(t *testing.T) {
	dir := t.TempDir()
	day := 0 // every start has other prices
	gross := func(limit string) []string {
		return []string{config.SampleMain, "approval: none ", "approval: four_eyes ", config.SampleMain, "gross: 10_000_000", "gross: " + limit,
			"prices.csv", "187.50", fmt.Sprint(187 + day)}
	}
	// start opens the gate, has it say what is in force as its engine would, and what the test wants said.
	start := func(limit string, give ...core.Command) (held int, firm int64) {
		t.Helper()
		day++
		g := openSample(t, dir, gross(limit)...)
		hash := g.cfg.Hash()
		must(t, g.boot.Record(&core.Event{Kind: core.Configured, Link: core.NoIndex, Data: hash[:]}))
		for _, m := range give {
			m.Name = g.core.Offer()
			must(t, g.boot.Command(m))
		}
		inForce, _, err := recovery.AtStart(loadSample(t, dir, gross(limit)...), recovery.Standing{}, g.now())
		must(t, err)
		if len(give) == 0 && inForce.Hash() != hash {
			t.Errorf("a snapshot would be of %x, the start is of %x", inForce.Hash(), hash)
		}
		judging, err := shadow.Judging(g.JournalDir())
		must(t, err)
		if judging.Hash() != hash {
			t.Errorf("a shadow would judge by %x, in force is %x", judging.Hash(), hash)
		}
		must(t, g.close())
		if g.cfg.Unapproved {
			return len(g.cfg.Held()), 0
		}
		return len(g.cfg.Held()), g.cfg.Firm.Gross / 10_000
	}
	approve := core.Command{Kind: core.CmdApprove, UID: 4242, Reason: "test"}
	for _, step := range []struct {
		what  string
		limit string
		give  []core.Command
		held  int
		firm  int64
	}{
		{"the first start", "10000000", nil, 1, 0},
		{"again, and it is approved", "10000000", []core.Command{approve}, 1, 0},
		{"approved", "10000000", nil, 0, 10_000_000},
		{"a higher limit", "11_000_000", nil, 1, 10_000_000},
		{"again, and it is approved", "11_000_000", []core.Command{approve}, 1, 10_000_000},
		{"approved", "11_000_000", nil, 0, 11_000_000},
		{"a lower limit", "9_000_000", nil, 0, 9_000_000},
		{"what was approved before", "11_000_000", nil, 1, 9_000_000},
	} {
		if held, firm := start(step.limit, step.give...); held != step.held || firm != step.firm {
			t.Errorf("%s: %d held back, limit %d; want %d and %d", step.what, held, firm, step.held, step.firm)
		}
	}
}
