package risk

import "testing"

// TestSoftControls: a control that may be soft is one of those that judge an order, and its bit is its own.
func TestSoftControls(t *testing.T) {
	seen := Soft(0)
	for _, r := range SoftControls() {
		known := false
		for _, c := range Controls() {
			known = known || c.Reason == r
		}
		if soft := r.Soft(); !known || soft == 0 || seen&soft != 0 {
			t.Errorf("%s: %b", r, soft)
		}
		seen |= r.Soft()
	}
	for _, r := range []Reason{KillFirm, SymbolRestricted, AccountGrossExceeded, ShortSaleNotAboveBid, OffTick} {
		if r.Soft() != 0 {
			t.Errorf("%s may be passed", r)
		}
	}
}

// TestRefuse: what somebody has passed is not refused, is noted, and nothing else is let through.
func TestRefuse(t *testing.T) {
	for _, r := range SoftControls() {
		for _, pass := range append(SoftControls(), Accepted) {
			j := Judgement{pass: pass.Soft()}
			got := j.refuse(r)
			if passed := pass == r; (got == Accepted) != passed || (j.Passed == r.Soft()) != passed {
				t.Errorf("%s with a pass of %s: %s, %b", r, pass, got, j.Passed)
			}
		}
	}
}
