package bench

import (
	"strings"
	"testing"
	"time"

	"portcullis/bench/load"
)

// TestKill: a flood in which an account is killed and revived and at last the firm killed: times were measured, what was
// open is cancelled, no order follows.
func TestKill(t *testing.T) {
	var r *KillReport
	for range 5 { // on a busy machine nothing may be open at the moment of a kill
		var err error
		if r, err = Kill(Options{Duration: 400 * time.Millisecond, WarmUp: 50 * time.Millisecond, Participants: 4, Window: 64,
			GateCommand: gateCommand, ChildCommand: selfCommand}); err != nil {
			t.Fatal(err)
		}
		if r.Cancels > 0 {
			break
		}
	}
	if err := r.Fails(); err != nil {
		t.Error(err)
	}
	if r.Took.Count < 2 || r.Last.Count != r.Took.Count || uint64(r.Ack.TotalCount()) != r.Took.Count || r.Took.P999 < r.Last.P999 {
		t.Errorf("%+v", r)
	}
	var out strings.Builder
	if err := r.Write(&out); err != nil || !strings.Contains(out.String(), " cancels reached the venue, 0 orders behind the first of them\n") {
		t.Error(err, out.String())
	}
}

// TestKillFails: an order behind a kill fails the measurement, and so does a kill that found nothing to cancel.
func TestKillFails(t *testing.T) {
	for want, killed := range map[string]load.Killed{"3 orders followed": {Cancels: 2, Followed: 3}, "nothing was shown": {}} {
		r := KillReport{Killed: killed}
		if err := r.Fails(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", killed, err)
		}
	}
}
