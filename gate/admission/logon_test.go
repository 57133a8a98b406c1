package admission

import (
	"io"
	"testing"
)

// TestLogonWithMsgTypes: a Logon may list the types that its sender uses; their tags repeat rightfully.
func TestLogonWithMsgTypes(t *testing.T) {
	r := start(t, nil)
	_, _ = io.WriteString(r.connect(t), whole("FIX.4.4", "35=A|34=1|49=ACME|52=20261122-13:30:00|56=GATE|98=0|108=30|"+
		"384=2|372=D|385=R|372=8|385=S|553=trader|554=right|"))
	until(t, "handed over", func() bool { return len(r.engine.all()) == 1 })
}

// TestOneLinkLocksOnlyItself: a link whose peer has the wrong password is locked out, and others that come
// from the same address are not.
func TestOneLinkLocksOnlyItself(t *testing.T) {
	r := start(t, func(cfg *Config) {
		other := cfg.Participants[0]
		other.Link, other.Name, other.TargetCompID = 3, "OTHER", "OTHER"
		cfg.Participants = append(cfg.Participants, other)
	})
	for range DefaultBounds.Lockout.FailuresMax {
		c := r.connect(t)
		_, _ = io.WriteString(c, logon("a guess"))
		answer(t, c)
	}
	c := r.connect(t)
	_, _ = io.WriteString(c, logon("right"))
	if got := answer(t, c); got != "" {
		t.Errorf("a link that is locked out got %q", got)
	}
	_, _ = io.WriteString(r.connect(t), whole("FIX.4.4", "35=A|34=1|49=OTHER|52=20261122-13:30:00|56=GATE|"+
		"98=0|108=30|553=trader|554=right|"))
	until(t, "the other is handed over", func() bool { return len(r.engine.all()) == 1 })
	if got := r.engine.all()[0].Link; got != 3 {
		t.Errorf("link %d", got)
	}
}
