package core

import (
	"os"
	"strings"
	"testing"

	"portcullis/risk"
)

// exposureRows are the rows of the event table of exposure 7, in its words and its order.
var exposureRows = []string{
	"150=A, E, 6; our cancel sent; 150=I / 4.2 20=3; ExecID seen: none on money",
	"New 150=0, Replaced 150=5, Restated 150=D: confirmed terms := 38, 44, 14 of the report; versions sent later stay",
	"fill 150=F (4.2: 150=1/2 with 20=0), new (venue, trade date, ExecID): C += 32; EB or ES += n(31, 32); P ± 32; r again",
	"14 ≠ C after it: order suspect: alert, C := max, status request, r kept for the larger leaves",
	"35=9 to a replace; 35=3 or 35=j naming the request's MsgSeqNum or ClOrdID: that version leaves V; for a new order V = ∅ and the owner gets 39=8",
	"39=4, 8, C; 39=3 of a DAY order: V = ∅",
	"39=3 of a GTC order: V stays",
	"bust 150=H / 20=1, by ExecRefID: EB or ES −= the money stored with that execution; P back; C −= qty; V returns only if the report says 151 > 0",
	"correction 150=G / 20=2: bust of the old, fill of the new; unknown ExecRefID = alert, no guess",
	"fill on a closed order; over-fill; unknown order: booked (unknown: to the venue's suspense account, counted in firm), alert at once",
	"adjustment, external fill: booked by command, two people",
	"Executions, busts and adjustments are always booked, even over a limit",
}

// exposureFormulas are what else that page computes, by its section.
var exposureFormulas = []string{
	"1 k = multiplier × price factor × FX, pinned on the order when accepted; a new FX table or multiplier touches later orders only",
	"1 n(p,q) = ceil(|p|·q·k), exact product, rounded up once; overflow = reject",
	"1 riskPrice per side in place of p for reservations and executions",
	"2 w of limit, iceberg, stop-limit, peg with cap: buy limit + discretion; sell, short max(limit, ref)",
	"2 w of market, MOC/MOO, peg without cap: buy ref × (1 + band); sell, short ref",
	"2 w of stop: buy max(stop, ref) × (1 + band); sell, short ref",
	"2 quantity is OrderQty(38), never 111/1138/210/110; in a replace the total including what is filled",
	"3 leaves_v = max(0, Q_v − C), q = max_v leaves_v, r = max_v n(w_v, leaves_v)",
	"4 worst long P + OB; worst short OS − P",
	"4 sell long: q_new + Σ q(open 54=2) ≤ max(0, P); open buys do not help",
	"4 closing capacity: sell max(0, P − OS), buy max(0, −P − OB); closing only if all of it fits",
	"5 gross EB + ES + RB + RS; open only RB + RS; executed only EB + ES",
	"5 net long EB + RB − ES, net short ES + RS − EB, net the larger",
	"5 net with carry: Σ P_sod·close·k to net long, from net short",
	"5 inventory: Σ over account × instrument of worst size × mark × k, no netting between accounts",
	"6 X = limit passes, limit + 1 unit fails; a refused replace leaves V as before",
	"6 a closing order passes net, inventory, position, loss, cash and min-notional; over gross by closing_reserve; no other check",
	"8 overshoot: sell filled above w",
	"8 overshoot: fill beyond band",
	"8 overshoot: bust/correction",
	"8 overshoot: late/over/unknown fill",
	"8 overshoot: lowered limit",
	"8 overshoot: adjustment",
	"8 overshoot: day roll",
	"9 EB = ES = 0; P carries; GTC orders are re-reserved at today's ref and k",
	"9 a DAY order still open is suspect: reserved and alerted",
	"9 loading again in the day applies the difference, never erases today's trades",
}

// TestExposureRows: exposure_rows.txt has a case for each row of the event table and for each formula, each with the figures
// before and after it. TestScripts plays them.
func TestExposureRows(t *testing.T) {
	text, err := os.ReadFile("../../testdata/core/exposure_rows.txt")
	must(t, err)
	shown := map[string]int{}
	for _, part := range strings.Split("\n"+string(text), "\n== ")[1:] {
		title, body, _ := strings.Cut(part, "\n")
		title, _, _ = strings.Cut(title, " // ")
		shown[title] += strings.Count("\n"+body, "\n| ")
	}
	for n, rows := range [][]string{exposureRows, exposureFormulas} {
		for _, row := range rows {
			if n == 0 {
				row = "7 " + row
			}
			if shown[row] < 3 { // the names of the columns, before, after
				t.Errorf("figures before and after are missing: %s", row)
			}
			delete(shown, row)
		}
	}
	for title := range shown {
		t.Errorf("no row of the page: %s", title)
	}
}

// figures holds a row of a table against what the gate has of account ACME-1, and of it in IBM: the first row of a case names
// the columns. A measure beside gross and net needs a limit.
func (s *script) figures(line string) {
	s.t.Helper()
	cells := strings.Split(strings.Trim(line, "| "), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	if s.columns == nil {
		s.columns = cells
		return
	}
	if len(cells) != len(s.columns) {
		s.fatal("%d columns, not %d", len(cells), len(s.columns))
	}
	for i := 1; i < len(cells); i++ {
		if got := s.figure(s.columns[i]); got != cells[i] {
			s.fatal("%s: %s is %s, not %s", cells[0], s.columns[i], got, cells[i])
		}
	}
}

func (s *script) figure(column string) string {
	s.t.Helper()
	book := s.w.core.book
	v, p := book.Credit(risk.ScopeAccount, acme1), book.Position(acme1, ibm)
	moneys := map[string]risk.Money{"EB": v.EB, "ES": v.ES, "RB": v.RB, "RS": v.RS, "gross": v.Gross(), "net": v.Net(),
		"firm gross": book.Credit(risk.ScopeFirm, 0).Gross()}
	qtys := map[string]risk.Qty{"P": p.P, "OB": p.OB, "OS": p.OS}
	if m, is := moneys[column]; is {
		return money(m).String()
	}
	if q, is := qtys[column]; is {
		return qty(q).String()
	}
	got := "not limited"
	book.EachMeasure(risk.ScopeAccount, acme1, risk.Part{}, ibm, func(m risk.Measure, v, _ int64) {
		if is, known := measureWords[column]; known && is == m {
			if got = inUnit(m, v).String(); v == risk.Unmarked {
				got = "unmarked"
			}
		}
	})
	return got
}
