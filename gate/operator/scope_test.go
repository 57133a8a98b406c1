package operator

import (
	"strings"
	"testing"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/risk"
)

// TestKillTarget: every scope of a kill becomes the part of its name, several become one target, and
// what there is not is refused before it reaches the engine.
func TestKillTarget(t *testing.T) {
	n := &Names{Config: &config.Config{Venues: []config.Venue{{Name: "XSIM"}}}}
	n.Config.Venues[0].Session.Name = "FIX.4.4:GATE->XSIM"
	var err error
	if n.Numbers, err = config.OpenNumbers(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = n.Numbers.Close() }()
	for scope, row := range targetKinds {
		if err := n.Numbers.Assign(row.kind, "first "+string(scope), string(scope)+"-1"); err != nil {
			t.Fatal(err)
		}
		of, err := n.killTarget(admin.Request{Scope: scope, Name: string(scope) + "-1"})
		if want, _ := risk.Only(row.scope, 1); err != nil || of != want {
			t.Errorf("%s: %+v, %v", scope, of, err)
		}
		if _, err = n.killTarget(admin.Request{Scope: scope, Name: "nobody"}); err == nil {
			t.Errorf("%s: nobody was found", scope)
		}
	}
	if of, err := n.killTarget(admin.Request{Scope: admin.AllScope}); err != nil || of != risk.WholeFirm {
		t.Errorf("all: %+v, %v", of, err)
	}
	of, err := n.killTarget(admin.Request{Scope: admin.TraderScope, Name: "trader-1", And: "instrument:instrument-1 venue:venue-1"})
	want := risk.WholeFirm
	want.Trader, want.Instrument, want.Venue = 1, 1, 1
	if err != nil || of != want {
		t.Errorf("several: %+v, %v", of, err)
	}
	if err := n.Numbers.Assign(config.LinkNumber, "FIX.4.4:GATE->XSIM"); err != nil {
		t.Fatal(err)
	}
	if _, err := n.killTarget(admin.Request{Scope: admin.LinkScope, Name: "FIX.4.4:GATE->XSIM"}); err == nil || !strings.Contains(err.Error(), "name the venue") {
		t.Errorf("a venue's line: %v", err)
	}
}
