package twin_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"portcullis/risk/twin"
)

func Example() {
	d := decimal.RequireFromString
	one := d("1")
	l := twin.New()
	l.Account("HOUSE", "ACME")
	l.Record(twin.Order{ID: "O1", Account: "HOUSE", Symbol: "XYZ", Side: twin.Buy,
		Qty: d("1000"), Worst: d("50.10"), K: one})
	l.Record(twin.Fill{ID: "O1", ExecID: "E1", Qty: d("400"), Px: d("50")})

	m := l.Measure()
	a := m.Accounts["HOUSE"]
	fmt.Println("bought", a.EB, "reserved", a.RB, "gross", a.Gross(), "position", m.Position("HOUSE", "XYZ").P)

	m = l.Measure(twin.Bust{ExecID: "E1"}) // what if
	fmt.Println("firm gross without E1:", m.Firm.Gross())
	// Output:
	// bought 20000 reserved 30060 gross 50060 position 400
	// firm gross without E1: 50100
}

// TestUnknownNamesAreListed: an audit must see what it cannot place, and go on.
func TestUnknownNamesAreListed(t *testing.T) {
	l := twin.New()
	one := decimal.NewFromInt(1)
	for _, e := range []twin.Event{
		twin.Replace{ID: "a"}, twin.Replaced{ID: "b"}, twin.Restated{ID: "c"}, twin.Refused{ID: "d"},
		twin.Closed{ID: "e"}, twin.Fill{ID: "f", Qty: one, Px: one}, twin.Bust{ExecID: "g"},
	} {
		l.Record(e)
	}
	l.Record(twin.Foreign{ExecID: "x", Account: "NOBODY", Symbol: "S", Side: twin.Sell, Qty: one, Px: one, K: one})
	m := l.Measure()
	if got := fmt.Sprint(m.Unknown); got != "[a b c d e f g]" {
		t.Errorf("unknown: %s", got)
	}
	if !m.Firm.ES.Equal(one) || len(m.Accounts) != 0 || !m.Position("NOBODY", "S").P.Equal(one.Neg()) {
		t.Errorf("an account that is not known is the firm's alone: %+v", m)
	}
}
