package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"portcullis/risk"
)

// Held is a setting that is offered and would loosen a check: what was in force stays.
type Held struct {
	Who     string // such as "account ACME-1"; "": the gate
	Key     string
	Stays   string
	Offered string
	Shut    string // why the value of before cannot stay, or that there was none: what it is of is shut; "": it stays
}

// String says what is held back.
func (h Held) String() string {
	at := strings.TrimSpace(h.Who + " " + h.Key)
	switch {
	case h.Key == "":
		return at + ": " + h.Shut
	case h.Shut != "":
		return fmt.Sprintf("%s: %s is offered; %s", at, h.Offered, h.Shut)
	}
	return fmt.Sprintf("%s: %s is offered, %s stays", at, h.Offered, h.Stays)
}

func measuresText(m *risk.Measures) string {
	if m == nil {
		return "no measure"
	}
	count := 0
	for _, limit := range m {
		if limit != risk.Unlimited {
			count++
		}
	}
	return fmt.Sprintf("%d measures", count)
}

// placesText are the names of entries that are not gone, by their places.
func placesText(places reflect.Value, name func(i int) string) string {
	var names []string
	for _, i := range places.Interface().([]int) {
		if i >= 0 {
			names = append(names, name(i))
		}
	}
	return strings.Join(names, " ")
}

// entryText is the name of an entry of another table, by the key that refers to it.
func (t *tightening) entryText(key string, at int) string {
	kind, known := map[string]Kind{"group": GroupNumber, "client": ClientNumber, "desk": DeskNumber, "trader": TraderNumber, "algo": AlgoNumber,
		"default_account": AccountNumber, "venue": VenueNumber}[key]
	switch {
	case at == None:
		return "none"
	case at < None:
		return "what is gone"
	case !known:
		return "another"
	}
	return t.offered.Names()[kind][at]
}

// textBytesShown bounds a value that is a list.
const textBytesShown = 80

// text is a value as people read it.
func (t *tightening) text(s setting, v reflect.Value) string {
	if v.Kind() == reflect.Int64 && v.Int() == Unlimited {
		return "unlimited"
	}
	switch {
	case s.rule == refers, s.rule == refersIfAny:
		return t.entryText(s.key, int(v.Int()))
	case s.rule == lowerOfEach:
		return measuresText(v.Interface().(*risk.Measures))
	case s.rule == throttled:
		return fmt.Sprintf("%d throttles", v.Len())
	case s.rule == lowestParts:
		return fmt.Sprintf("%d parts", v.Len())
	case s.rule == lowest:
		return fmt.Sprintf("%d rules", v.Len())
	case s.rule == routesAsBefore:
		return fmt.Sprintf("a table of %d", v.FieldByName("Symbols").Len()+v.FieldByName("Accounts").Len()+v.FieldByName("ExDestinations").Len()+v.FieldByName("Lines").Len())
	case s.unit == accountsUnit:
		return placesText(v, func(i int) string { return t.offered.Accounts[i].Name })
	case s.unit == clientsUnit:
		return placesText(v, func(i int) string { return t.offered.Clients[i].Name })
	case s.unit == qtyUnit:
		return decimal.New(v.Int(), -QtyDecimals).String()
	case s.unit == moneyUnit:
		return decimal.New(v.Int(), -MoneyDecimals).String()
	case s.unit == msUnit:
		return decimal.New(v.Int(), -6).String() + " ms"
	case v.Kind() == reflect.Pointer && v.IsNil():
		return "none"
	case v.Kind() == reflect.String:
		return strconv.Quote(v.String())
	}
	text := fmt.Sprint(reflect.Indirect(v).Interface())
	return text[:min(len(text), textBytesShown)]
}
