package core

import "testing"

// TestNothingCancelsAnyMore: a list is awaited, and then a configuration comes that cancels nothing: the gate waits for
// that list no more, nor asks itself for ever whether it should.
func TestNothingCancelsAnyMore(t *testing.T) {
	s := &script{t: t, vars: map[string]string{}, reasons: map[string]bool{}}
	for _, line := range []string{"world cancel-open=RESTRICTED_LIST", "lists EMBARGO=IBM@13:30:10-13:30:20 client:ACME!EMBARGO", "reply done"} {
		s.do(line)
	}
	set := *s.w.core.set
	set.CancelOpen = nil
	for _, c := range []*Core{s.w.core, s.w.shadow} {
		c.Stage(&Change{Version: 8, Setup: &set})
	}
	s.w.command(Command{ID: 7, Kind: CmdReload, Target: 8})
	s.do("reply done")
	s.do("+10s")
	if s.w.core.reg.sweepDueNs != 0 {
		t.Error("it waits still")
	}
}
