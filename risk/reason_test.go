package risk_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"portcullis/risk"
)

// TestReasons walks the source of the enum: each constant has a number of its own, a doc line that
// begins with its name, and one row with a code of its own.
func TestReasons(t *testing.T) {
	numbers, codes := map[risk.Reason]string{}, map[string]string{}
	count := 0
	eachReason(t, func(number risk.Reason, v *ast.ValueSpec) {
		name := v.Names[0].Name
		if other := numbers[number]; other != "" {
			t.Errorf("%s and %s have the same number %d", name, other, number)
		}
		numbers[number] = name
		doc := v.Doc.Text()
		if !strings.HasPrefix(doc, name+":") && !strings.HasPrefix(doc, name+" ") {
			t.Errorf("%s has no doc line of its own: %q", name, doc)
		}
		row := number.Row()
		if other := codes[row.Code]; other != "" {
			t.Errorf("%s and %s have the same code %q, or no row", name, other, row.Code)
		}
		codes[row.Code] = name
		if row.Code != strings.ToUpper(row.Code) || row.Text == "" || row.HTTPStatus < 200 {
			t.Errorf("%s: row is not complete: %+v", name, *row)
		}
		count++
	})
	rows := 0
	for r := range risk.Reason(1 << 12) {
		if r == risk.Unjudged || r.String() != risk.Unjudged.String() {
			rows++
		}
	}
	if rows != count || count < 50 {
		t.Errorf("%d reasons but %d rows", count, rows)
	}
}

// eachReason gives the constants of the enum in source order, which is their precedence.
func eachReason(t *testing.T, f func(number risk.Reason, v *ast.ValueSpec)) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "reason.go", nil, parser.ParseComments)
	must(t, err)
	for _, decl := range file.Decls {
		g, ok := decl.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, spec := range g.Specs {
			v := spec.(*ast.ValueSpec)
			number, err := strconv.Atoi(v.Values[0].(*ast.BasicLit).Value)
			must(t, err)
			f(risk.Reason(number), v)
		}
	}
}

// precedence is the place of each Reason among the checks.
func precedence(t *testing.T) map[risk.Reason]int {
	t.Helper()
	places := map[risk.Reason]int{}
	eachReason(t, func(number risk.Reason, _ *ast.ValueSpec) { places[number] = len(places) })
	return places
}

// TestReasonVersions holds the codes that older peers get against what their dictionaries list.
func TestReasonVersions(t *testing.T) {
	for _, c := range []struct {
		reason        risk.Reason
		version       risk.FIXVersion
		ord, cxl, biz int
	}{
		{risk.AccountGrossExceeded, risk.FIXLatest, 25, 99, 0},
		{risk.AccountGrossExceeded, risk.FIX50SP2, 99, 99, 0},
		{risk.AccountGrossExceeded, risk.FIX44, 99, 99, 0},
		{risk.AccountGrossExceeded, risk.FIX43, 0, 2, 0},
		{risk.AccountGrossExceeded, risk.FIX42, 0, 2, 0},
		{risk.AccountGrossExceeded, risk.FIX40, 0, risk.Omit, risk.Omit},
		{risk.PriceOutsideCollar, risk.FIX50SP2, 16, 8, 0},
		{risk.PriceOutsideCollar, risk.FIX50, 99, 99, 0},
		{risk.OffTick, risk.FIX50, 18, 18, 18},
		{risk.OffTick, risk.FIX44, 99, 99, 0},
		{risk.SymbolUnknown, risk.FIX42, 1, 2, 2},
		{risk.DuplicateClOrdID, risk.FIX42, 6, 2, 0},
		{risk.DuplicateClOrdID, risk.FIX44, 6, 6, 0},
		{risk.DuplicateClOrdID, risk.FIX40, 0, risk.Omit, risk.Omit},
		{risk.UnknownOrder, risk.FIX40, 0, 1, risk.Omit},
		{risk.OrderRateExceeded, risk.FIXLatest, 21, 99, 8},
		{risk.OrderRateExceeded, risk.FIX44, 99, 99, 0},
		{risk.MessageUnsupported, risk.FIX42, 0, 2, 3},
		{risk.AccountUnknown, risk.FIX44, 15, 99, 1},
		{risk.OffLot, risk.FIX43, 0, 2, 0},
		{risk.Reason(9999), risk.FIXVersion(200), 99, 99, 0},
	} {
		ord := risk.OrdRejReasonFor(c.reason, c.version)
		cxl := risk.CxlRejReasonFor(c.reason, c.version)
		biz := risk.BusinessRejectReasonFor(c.reason, c.version)
		if ord != c.ord || cxl != c.cxl || biz != c.biz {
			t.Errorf("%s to version %d: 103=%d 102=%d 380=%d, want %d %d %d", c.reason, c.version, ord, cxl, biz,
				c.ord, c.cxl, c.biz)
		}
	}
}
