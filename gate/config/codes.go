package config

import (
	"slices"
	"strings"

	"portcullis/risk"
)

// code is the word an operator writes for a FIX code, or for some fields of FIX.
type code struct {
	word string
	fix  byte
}

// Codes of OrderFields.
const (
	IcebergField    = 'i' // MaxFloor(111), MaxShow(210), DisplayQty(1138) and what goes with them
	MinQtyField     = 'm' // MinQty(110)
	DiscretionField = 'd' // DiscretionOffsetValue(389)
)

// The codes of Side(54), OrdType(40), TimeInForce(59) and of fields that an account or an instrument can be permitted.
var (
	sideCodes    = []code{{"buy", '1'}, {"sell", '2'}, {"short", '5'}, {"short_exempt", '6'}}
	ordTypeCodes = []code{{"market", '1'}, {"limit", '2'}, {"stop", '3'}, {"stop_limit", '4'},
		{"market_on_close", '5'}, {"limit_or_better", '7'}, {"limit_on_close", 'B'}, {"market_to_limit", 'K'}, {"pegged", 'P'}}
	timeInForceCodes = []code{{"day", '0'}, {"gtc", '1'}, {"opening", '2'}, {"ioc", '3'}, {"fok", '4'},
		{"gtx", '5'}, {"gtd", '6'}, {"closing", '7'}}
	orderFieldCodes = []code{{"iceberg", IcebergField}, {"min_qty", MinQtyField}, {"discretion", DiscretionField}}
)

// Any is what Capacities and CustomerCapacities are where nobody limits them: any value, also of those without a word.
const Any = "*"

// Unstated is their code for an order that does not tell.
const Unstated = '-'

// The codes of OrderCapacity(528), before FIX.4.3 Rule80A(47), and of CustOrderCapacity(582).
var (
	capacityCodes = []code{{"agency", 'A'}, {"proprietary", 'G'}, {"individual", 'I'}, {"principal", 'P'}, {"riskless", 'R'},
		{"other_member", 'W'}, {"unstated", Unstated}}
	customerCodes = []code{{"member", '1'}, {"firm", '2'}, {"other_member", '3'}, {"other", '4'}, {"retail", '5'}, {"unstated", Unstated}}
)

// capacities reads in which capacities orders may be given.
func (m *mapping) capacities() (of Capacities) {
	of = Capacities{Order: Any, Customer: Any}
	if _, given := m.take("capacities"); given {
		of.Order = m.codes("capacities", capacityCodes)
	}
	if _, given := m.take("customer_capacities"); given {
		of.Customer = m.codes("customer_capacities", customerCodes)
	}
	return of
}

// testRule reads what test symbols are to an account or a link.
func (m *mapping) testRule() TestRule {
	switch m.word("test_symbols", "none", "none", "also", "only") {
	case "also":
		return WithTests
	case "only":
		return OnlyTests
	}
	return NoTests
}

// codes returns the FIX codes of a list of words, in the order of the table; "all" is every one.
func (m *mapping) codes(key string, table []code) string { return m.l.codes(key, m.list(key), table) }

// codes does the same for a cell of words with blanks between them; an empty one leaves all to the account.
func (t *table) codes(column string, table []code) string {
	var words []scalar
	cell := t.text(column, "all")
	for word := range strings.FieldsSeq(cell.text) {
		words = append(words, scalar{word, cell.at})
	}
	return t.l.codes(column, words, table)
}

// execInsts returns a list of values of ExecInst(18) as the field itself has them.
func (m *mapping) execInsts(key string) string {
	var values []string
	for _, value := range m.list(key) {
		set, ok := risk.ParseExecInsts([]byte(value.text))
		switch {
		case !ok || len(value.text) != 1:
			m.l.add(value.at, key+": "+show(value.text)+" is no value of ExecInst(18)", "write digits and letters, as in [1, 5, G]")
		case set&^risk.GrantedExecInsts != 0:
			m.l.add(value.at, key+": "+show(value.text)+" is of pegs",
				"remove it; L, M, O, P, R, T and W go with ord_types: pegged, and a and d cannot be priced beforehand")
		default:
			values = append(values, value.text)
		}
	}
	return strings.Join(values, " ")
}

func (l *loader) codes(key string, words []scalar, table []code) string {
	permitted := make([]bool, len(table))
	for _, value := range words {
		i := slices.IndexFunc(table, func(c code) bool { return c.word == value.text })
		switch {
		case value.text == "all":
			for j := range permitted {
				permitted[j] = true
			}
		case i < 0:
			words := []string{"all"}
			for _, c := range table {
				words = append(words, c.word)
			}
			l.add(value.at, key+": "+show(value.text)+" is not known", "write "+strings.Join(words, ", "))
		default:
			permitted[i] = true
		}
	}
	var codes []byte
	for i, c := range table {
		if permitted[i] {
			codes = append(codes, c.fix)
		}
	}
	return string(codes)
}
