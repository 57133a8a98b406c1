package quickfixgate

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

var noon = time.Date(2031, 3, 4, 12, 0, 0, 0, time.UTC)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// testBook has one account with narrow limits: reference 50, collar 10 %, 4 orders a second.
func testBook() *Book {
	limits := Limits{
		OrderRateMax: 4, OrderRateWindow: time.Second, MaxQty: dec("5000"), MaxNotional: dec("100000"),
		CollarPercent: dec("10"), ReferenceMaxAge: time.Minute,
		RepeatedMax: 2, RepeatedWindow: 10 * time.Second, OpenOrdersMax: 3,
		MaxLong: dec("2000"), MaxShort: dec("500"),
		Sides: map[string]bool{"1": true, "2": true}, OrdTypes: map[string]bool{"2": true}, TIF: map[string]bool{"0": true},
	}
	return NewBook(
		map[string]Account{
			"A":       {Client: "C", Limits: limits, Credit: CreditLimits{Gross: dec("90000"), Net: dec("60000")}},
			"ZERO":    {Client: "C"},
			"ANOTHER": {Client: "C", Participant: "P2", Limits: limits},
		},
		map[string]CreditLimits{"C": {Gross: dec("90000"), Net: dec("60000")}},
		CreditLimits{Gross: dec("95000"), Net: dec("95000")},
		map[string]Instrument{
			"X": {Lot: dec("10"), Tick: dec("0.05")}, "BAN": {Lot: dec("1"), Tick: dec("0.01"), Restricted: true},
			"HALT": {Lot: dec("1"), Tick: dec("0.01"), Halted: true}, "NOREF": {Lot: dec("1"), Tick: dec("0.01")},
			"OLD": {Lot: dec("1"), Tick: dec("0.01")},
		},
		map[string]Reference{"X": {dec("50"), noon}, "OLD": {dec("50"), noon.Add(-time.Hour)}},
	)
}

// Each line is: seconds after noon, then D id account symbol side qty price [type tif], G id orig qty price,
// F id orig, a venue report (new id, replaced id qty price, cancelled id, fill id qty price, rejected id) by our id
// G1, G2 ..., or kill. After "=>" stands the reason expected, ok, or the exposure.
func TestChecks(t *testing.T) {
	for name, script := range map[string]string{
		"passes": `
			0 D a A X 1 100 50.00 => ok
			0 show => gross 5000 net 5000 held 0`,
		"a limit that is not configured forbids": `
			0 D a ZERO X 1 10 50 => OrderRateExceeded`,
		"order of checks: the first that fails answers": `
			0 kill => ok
			0 D a NOBODY NONE 9 7 1 => KillFirm`,
		"identity": `
			0 D a A X 1 10 50 => ok
			0 D a A X 1 10 50 => DuplicateClOrdID
			0 D b NOBODY X 1 10 50 => AccountUnknown
			0 D c ANOTHER X 1 10 50 => AccountNotEntitled
			0 D b A X 1 10 50 => DuplicateClOrdID`,
		"order rate, per second": `
			0 D a A X 1 10 50.00 => ok
			0 D b A X 1 10 50.05 => ok
			0 D c A X 1 10 50.10 => ok
			0 D d A NONE 1 10 50 => SymbolUnknown
			0 D e A X 1 10 50.15 => OrderRateExceeded
			2 D f A X 2 10 50.15 => OpenOrderCountExceeded`,
		"instrument": `
			0 D a A NONE 1 10 50 => SymbolUnknown
			0 D b A BAN 1 10 50 => SymbolRestricted
			0 D c A HALT 1 10 50 => SymbolHalted
			2 D d A X 5 10 50 => SideForbidden
			2 D e A X 1 10 50 1 0 => OrdTypeForbidden
			2 D f A X 1 10 50 2 3 => TimeInForceForbidden
			4 D g A X 1 15 50 => OffLot
			4 D h A X 1 0 50 => OffLot
			4 D i A X 1 10 50.01 => OffTick
			6 D j A X 1 10 -50 => OffTick`,
		"size and price": `
			0 D a A X 1 5010 50 => OrderQtyTooLarge
			0 D b A X 1 2010 50 => NotionalTooLarge
			0 D c A NOREF 1 10 50 => ReferencePriceMissing
			2 D d A OLD 1 10 50 => ReferencePriceStale
			2 D e A X 1 10 55.05 => PriceOutsideCollar
			2 D f A X 1 10 44.95 => PriceOutsideCollar
			4 D g A X 1 10 55.00 => ok`,
		"repeated orders": `
			0 D a A X 1 10 50 => ok
			0 D b A X 1 10 50 => ok
			2 D c A X 1 10 50 => RepeatedOrder
			20 D d A X 1 10 50 => ok`,
		"position": `
			0 D a A X 2 510 50 => ShortPositionExceeded
			0 D b A X 2 500 50 => ok
			0 fill G1 500 50 => ok
			2 D c A X 2 10 50 => ShortPositionExceeded
			2 show => gross 25000 net 25000 held -500`,
		"credit, and what cancels and fills give back": `
			0 D a A X 1 1000 50 => ok
			0 new G1 => ok
			0 D b A X 1 210 50 => NetExceeded
			0 fill G1 400 49 => ok
			0 show => gross 49600 net 49600 held 400
			2 F c a => ok
			2 cancelled G2 => ok
			2 show => gross 19600 net 19600 held 400
			2 D d A X 2 500 45 => ok
			2 show => gross 44600 net 19600 held 400`,
		"a sell below the reference reserves the reference": `
			0 D a A X 2 100 45 => ok
			0 show => gross 5000 net 5000 held 0`,
		"replace holds both versions": `
			0 D a A X 1 1000 50 => ok
			0 new G1 => ok
			0 G b a 1100 50 => ok
			0 show => gross 55000 net 55000 held 0
			0 cancelreject G2 => ok
			0 show => gross 50000 net 50000 held 0
			2 G c a 1300 50 => NetExceeded
			2 G d a 900 49 => ok
			2 G e d 800 48 => ok
			2 show => gross 50000 net 50000 held 0
			4 replaced G3 900 49 => ok
			4 replaced G4 800 48 => ok
			4 show => gross 38400 net 38400 held 0
			4 fill G4 300 48 => ok
			4 G f e 200 48 => OrderQtyBelowCumQty
			6 G g e 800 48.01 => OffTick`,
		"cancel": `
			0 F a none => UnknownOrder
			0 D b A X 1 100 50 => ok
			0 kill => ok
			0 F c b => ok
			0 F d b => CancelPending
			0 F b b => DuplicateClOrdID
			0 cancelled G2 => ok
			0 F e b => TooLateToCancel
			0 show => gross 0 net 0 held 0`,
		"replace of the unknown and the final": `
			0 G a none 10 50 => AccountUnknown
			0 D b A X 1 100 50 => ok
			0 rejected G1 => ok
			2 G c b 200 50 => TooLateToCancel
			2 show => gross 0 net 0 held 0`,
	} {
		t.Run(name, func(t *testing.T) {
			b := testBook()
			for _, line := range strings.Split(strings.TrimSpace(script), "\n") {
				step, want, _ := strings.Cut(strings.TrimSpace(line), " => ")
				if got := play(t, b, strings.Fields(step)); got != want {
					t.Errorf("%s => %s, want %s", step, got, want)
				}
			}
		})
	}
}

func play(t *testing.T, b *Book, f []string) string {
	t.Helper()
	seconds, err := time.ParseDuration(f[0] + "s")
	if err != nil {
		t.Fatal(err)
	}
	now := noon.Add(seconds)
	switch f[1] {
	case "kill":
		b.Kill()
	case "show":
		s := b.scope("account A")
		return "gross " + s.gross().String() + " net " + s.net().String() + " held " + b.position("A", "X").held.String()
	case "D":
		r := Request{ClOrdID: f[2], Account: f[3], Symbol: f[4], Side: f[5], Qty: dec(f[6]), Price: dec(f[7]),
			OrdType: "2", TimeInForce: "0"}
		if len(f) > 8 {
			r.OrdType, r.TimeInForce = f[8], f[9]
		}
		_, err = b.New(r, now)
	case "G":
		_, err = b.Replace(Request{ClOrdID: f[2], OrigClOrdID: f[3], Symbol: "X", Side: "1", Qty: dec(f[4]),
			Price: dec(f[5]), OrdType: "2", TimeInForce: "0"}, now)
	case "F":
		_, err = b.Cancel("", f[2], f[3])
	default:
		if _, ok := b.Apply(report(b, f)); !ok {
			return "unknown order"
		}
	}
	var verdict *Rejection
	if errors.As(err, &verdict) {
		return verdict.Reason
	}
	return "ok"
}

// report builds what the venue says from its line.
func report(b *Book, f []string) Report {
	r := Report{VenueID: f[2]}
	switch f[1] {
	case "new":
		r.ExecType, r.OrdStatus = "0", "0"
	case "cancelled":
		r.ExecType, r.OrdStatus = "4", "4"
	case "rejected":
		r.ExecType, r.OrdStatus = "8", "8"
	case "cancelreject":
		r.CancelReject, r.OrdStatus = true, "0"
	case "replaced":
		r.ExecType, r.OrdStatus, r.OrderQty, r.Price = "5", "5", dec(f[3]), dec(f[4])
	case "fill":
		r.ExecType, r.OrdStatus, r.LastQty, r.LastPx = "F", "1", dec(f[3]), dec(f[4])
		if o := b.byVenueID[f[2]]; o.cum.Add(r.LastQty).Equal(o.current.qty) {
			r.OrdStatus = "2"
		}
	}
	return r
}

// Two sessions may use the same ClOrdIDs, and neither reaches the other's orders.
func TestSessionsHaveTheirOwnIDs(t *testing.T) {
	b := testBook()
	another := b.accounts["A"]
	another.Participant = "P2"
	b.accounts["ANOTHER"] = another
	order := Request{ClOrdID: "a", Account: "A", Symbol: "X", Side: "1", OrdType: "2", TimeInForce: "0",
		Qty: dec("100"), Price: dec("50")}
	if _, err := b.New(order, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Cancel("P2", "b", "a"); err == nil {
		t.Error("one session cancelled another's order")
	}
	order.Participant, order.Account = "P2", "ANOTHER"
	if _, err := b.New(order, noon); err != nil {
		t.Errorf("the same ClOrdID of another session: %v", err)
	}
	for id, want := range map[string]string{"G1": "", "G2": "P2"} {
		a, ok := b.Apply(Report{VenueID: id, ExecType: "0", OrdStatus: "0"})
		if !ok || a.Order.Participant != want || a.ClOrdID != "a" {
			t.Errorf("the answer to %s goes to %q as %s", id, a.Order.Participant, a.ClOrdID)
		}
	}
}

// The client hears of its own ids, whatever the venue calls them.
func TestAnswersNameTheClientsIDs(t *testing.T) {
	b := testBook()
	for _, line := range []string{"0 D a A X 1 1000 50", "0 new G1", "0 G b a 900 50"} {
		if got := play(t, b, strings.Fields(line)); got != "ok" {
			t.Fatalf("%s: %s", line, got)
		}
	}
	a, _ := b.Apply(Report{VenueID: "G1", ExecType: "F", OrdStatus: "1", LastQty: dec("100"), LastPx: dec("50")})
	if a.ClOrdID != "a" || !a.CumQty.Equal(dec("100")) || !a.LeavesQty.Equal(dec("900")) {
		t.Errorf("a fill before the replace: %+v", a)
	}
	a, _ = b.Apply(Report{VenueID: "G2", ExecType: "5", OrdStatus: "5", OrderQty: dec("900"), Price: dec("50")})
	if a.ClOrdID != "b" || a.OrigID != "a" || !a.LeavesQty.Equal(dec("800")) {
		t.Errorf("the replace: %+v", a)
	}
	if got := play(t, b, strings.Fields("0 F c b")); got != "ok" {
		t.Fatal(got)
	}
	a, _ = b.Apply(Report{VenueID: "G3", ExecType: "4", OrdStatus: "4"})
	if a.ClOrdID != "c" || a.OrigID != "b" || !a.LeavesQty.IsZero() {
		t.Errorf("the cancel: %+v", a)
	}
	if _, ok := b.Apply(Report{VenueID: "G99"}); ok {
		t.Error("an order that is not ours was booked")
	}
}
