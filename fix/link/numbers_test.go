package link

import "testing"

// TestNumbersByHand: an operator sets one number, both, or begins both anew; only that says Reset.
func TestNumbersByHand(t *testing.T) {
	st := State{NextIn: 5, NextOut: 7, SinceNs: 3}
	for _, row := range []struct{ in, out, wantIn, wantOut uint64 }{
		{9, 0, 9, 7}, {0, 9, 5, 9}, {2, 8, 2, 8}, {0, 0, 5, 7},
	} {
		var r Result
		Renumber(&st, row.in, row.out, &r)
		if r.Next != (State{NextIn: row.wantIn, NextOut: row.wantOut, SinceNs: 3}) || r.Reset {
			t.Errorf("%+v: %+v", row, r)
		}
	}
	var r Result
	Restart(&st, Now{UTCNs: 9}, &r)
	if r.Next != (State{NextIn: 1, NextOut: 1, SinceNs: 3, BegunNs: 9}) || !r.Reset {
		t.Errorf("%+v", r)
	}
}
