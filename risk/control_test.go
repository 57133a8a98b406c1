package risk_test

import (
	"strings"
	"testing"

	"portcullis/risk"
)

// aboutOrders are the Reasons among the controls that say how an order stands: nothing configures them.
var aboutOrders = map[risk.Reason]bool{risk.UnknownOrder: true, risk.TooLateToCancel: true, risk.CancelPending: true,
	risk.TooManyPendingRequests: true, risk.OrderTermsChanged: true}

// TestControls: the matrix has each control once, in the order in which they judge.
func TestControls(t *testing.T) {
	places := precedence(t)
	rows := map[risk.Reason]bool{}
	last := -1
	for _, c := range risk.Controls() {
		if place, known := places[c.Reason]; !known || place <= last || rows[c.Reason] {
			t.Errorf("%s is not in its place", c.Reason)
		} else {
			last = place
		}
		rows[c.Reason] = true
		if c.Messages == "" || strings.Trim(c.Messages, "DGF") != "" || c.Scope == "" || c.Setting == "" {
			t.Errorf("%+v", c)
		}
		if c.Reason.Rule() == "" {
			t.Errorf("%s serves no rule: name the paragraph in rule.go", c.Reason)
		}
	}
	for reason, place := range places {
		controls := place >= places[risk.KillFirm] && place <= places[risk.ArithmeticOverflow]
		if controls && !rows[reason] && !aboutOrders[reason] {
			t.Errorf("%s has no row", reason)
		}
	}
}

// TestControlsOfReplaces: a replace is held by what the matrix says of G, each control in its place;
// the list and the order are those of TestPrecedence.
func TestControlsOfReplaces(t *testing.T) {
	rows, plain := readTable(t, "precedence.txt")
	ofReplace := map[string]bool{"ACCEPTED": true}
	for _, c := range risk.Controls() {
		ofReplace[c.Reason.String()] = strings.Contains(c.Messages, "G")
	}
	for i := range rows {
		s, want := open(), ""
		for _, rest := range rows[i:] {
			s.set(t, rest.cells[0])
			if want == "" && ofReplace[rest.cells[1]] {
				want = rest.cells[1]
			}
		}
		d := newDesk(t, s)
		words := strings.Fields(plain["order"])[2:] // without its time
		o := risk.Order{Place: d.home().full(), Terms: parseTerms(t, words), Form: parseForm(t, words), LinkTests: s.linkTests, Quote: d.s.quote, Replace: true,
			Prior: []risk.Version{{Qty: 1, Worst: 1}}, K: risk.PriceScale}
		var j risk.Judgement
		if d.book.Check(&o, &j); j.Reason.String() != want {
			t.Errorf("precedence.txt:%d %s: a replace is held by %s, want %s", rows[i].line, rows[i].cells[0], j.Reason, want)
		}
	}
}
