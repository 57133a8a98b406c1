package admission

import (
	"io"
	"testing"
)

// TestComesBackAtOnce: a peer that logs on again before the engine has seen the end of its last connection is let in
// when it has.
func TestComesBackAtOnce(t *testing.T) {
	r := start(t, nil)
	io.WriteString(r.connect(t), logon("right"))
	until(t, "admitted", func() bool { return len(r.engine.all()) == 1 })
	r.engine.leave(2)
	io.WriteString(r.connect(t), logon("right"))
	until(t, "admitted again", func() bool { return len(r.engine.all()) == 2 })
}

// TestApplVerIDTellsLinksApart: links that differ in nothing else are told apart by DefaultApplVerID(1137); one that
// none has goes to the first, which says that it does not serve it.
func TestApplVerIDTellsLinksApart(t *testing.T) {
	r := start(t, func(c *Config) {
		one := c.Participants[0]
		one.BeginString, one.Verify, one.ApplVerID = "FIXT.1.1", nil, "7"
		two := one
		two.Link, two.ApplVerID = 2, "9"
		c.Participants = []Participant{one, two}
	})
	for _, c := range []struct {
		version string
		link    uint32
	}{{"1137=9|", 2}, {"1137=7|", 1}, {"1137=8|", 1}, {"", 1}} {
		before := len(r.engine.all())
		io.WriteString(r.connect(t), whole("FIXT.1.1", "35=A|34=1|49=ACME|52=20261122-13:30:00|56=GATE|98=0|108=30|"+c.version))
		until(t, "admitted", func() bool { return len(r.engine.all()) > before })
		if got := r.engine.all()[before].Link; got != c.link {
			t.Errorf("%q came to link %d", c.version, got)
		}
		r.engine.end(c.link)
	}
}
