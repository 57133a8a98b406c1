package verbs

import (
	"strings"
	"testing"
)

// TestKillScopes: a kill names the whole firm or parts of it, never both and never nothing.
func TestKillScopes(t *testing.T) {
	for _, c := range []struct {
		v    killVerb
		want string
	}{
		{killVerb{}, "say what to kill"},
		{killVerb{All: true, killScopes: killScopes{Trader: "ANN"}}, "no part of it"},
		{killVerb{Hard: true, killScopes: killScopes{Instrument: "IBM"}}, "no part of it"},
	} {
		if err := c.v.Run(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c.v, err)
		}
	}
	v := killScopes{Instrument: "IBM", Trader: "ANN"}
	if p := v.parts(); len(p) != 2 || p[0].Name != "ANN" || p[1].Name != "IBM" {
		t.Errorf("%+v", p)
	}
}
