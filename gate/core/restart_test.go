package core

import (
	"regexp"
	"testing"

	"portcullis/fix/link"
)

// TestScriptsOverRestarts plays the scripts again in a gate that ends before each message of a peer and starts anew from
// its journal. What it says and books must be the same: no promise may rest on what a process remembers.
func TestScriptsOverRestarts(t *testing.T) {
	played, all := 0, 0
	eachCase(t, func(t *testing.T, s *script, body string) {
		all++
		if ownLife.MatchString(body) {
			return
		}
		played++
		s.before = func() { s.w.restartUnseen() }
		s.play(body)
	})
	if t.Logf("%d of %d cases", played, all); played < all/2 {
		t.Errorf("only %d of %d cases were played", played, all)
	}
}

// ownLife finds cases that a restart would change: they are about numbers, connections, clocks and what a line carries,
// or about states that end with a process, which is itself a loss of every link.
var ownLife = regexp.MustCompile(`(?m)^(next|phase|repeat|link-|admit|block|journal|clock|restart|tail-lost|stop|again|missed-and-down|reset|world .*(hours=|reset=|budget=|cod=\w+,0)|.*=P001)`)

// restartUnseen begins another process and brings up again what was up. A venue may be asked again how an order in
// doubt stands; nothing else may be said.
func (w *world) restartUnseen() {
	w.t.Helper()
	var up []uint32
	for l := range w.core.set.Links {
		if w.core.Phase(uint32(l)) == link.Up {
			up = append(up, uint32(l))
		}
	}
	w.restart()
	said := w.said()
	for _, l := range up {
		w.connect(l)
		said = append(said, w.said()...)
	}
	if len(said) > 0 {
		w.t.Fatal("a restart made the gate say ", said)
	}
	w.sent, w.alerts, w.over, w.replies = nil, nil, nil, nil
}

// said is what the last event made the gate send, session messages and questions excepted, and alert.
func (w *world) said() (list []string) {
	for _, m := range w.sent {
		switch field(m.text, "35") {
		case "0", "1", "2", "4", "5", "A", "H":
		default:
			list = append(list, m.text)
		}
	}
	return append(list, w.alerts...)
}
