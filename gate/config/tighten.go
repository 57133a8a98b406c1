package config

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
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

// tightening takes an offered configuration and puts back whatever it would loosen. What cannot be put back, because it
// names what the offer has not any more, is shut.
type tightening struct {
	offered *Config
	held    []Held
	rows    map[reflect.Type][]setting
}

// shut makes an entry permit nothing.
type shutter interface{ shut() }

func (c *Config) shut()     { c.Unapproved = true }
func (g *Group) shut()      { g.Limits = Limits{} }
func (c *Client) shut()     { c.Limits = Limits{} }
func (d *Desk) shut()       { d.Limits = Limits{} }
func (t *Trader) shut()     { t.Limits = Limits{} }
func (a *Algo) shut()       { a.Limits = Limits{} }
func (a *Account) shut()    { a.Unapproved = true }
func (k *Link) shut()       { k.Accounts, k.DefaultAccount, k.OrderRate = nil, None, Throttle{} }
func (v *Venue) shut()      { v.Limits = &Limits{} }
func (i *Instrument) shut() { i.Restricted = true }

// tables finds lists that check something by what they have, and check nothing once they are empty.
func (t *tightening) tables(was, out *Config) {
	for _, list := range []struct {
		name    string
		was, is int
	}{{"traders", len(was.Traders), len(out.Traders)}, {"algos", len(was.Algos), len(out.Algos)}} {
		if list.was > 0 && list.is == 0 {
			t.held = append(t.held, Held{Key: list.name, Offered: "none", Shut: "orders could name anybody, so nothing trades"})
			out.shut()
		}
	}
	for _, c := range was.Copiers {
		if !slices.ContainsFunc(out.Copiers, func(x Copier) bool { return x.Session.Name == c.Session.Name }) {
			t.held = append(t.held, Held{Who: "drop copy " + c.Session.Name, Shut: "is gone: what others execute would not count, so nothing trades"})
			out.shut()
		}
	}
}

// lists of symbols refer to each other, so that all of them stay where one refuses less than before.
func (t *tightening) lists(was, out *Config) {
	loose := loosenedLists(was, out)
	if len(loose) == 0 {
		return
	}
	for _, what := range loose {
		t.held = append(t.held, Held{Key: "lists", Stays: "every list of before", Offered: what})
	}
	out.Lists, out.ListUses = was.Lists, was.ListUses
}

// fields puts back what a struct would loosen; false: something of it cannot be put back.
func (t *tightening) fields(who, under string, was, out reflect.Value) (whole bool) {
	whole = true
	for i, row := range t.rowsOf(out.Type()) {
		if row.rule == free || row.rule == together {
			continue
		}
		row.key = strings.Trim(under+"."+row.key, ".")
		whole = t.field(who, row, was.Field(i), out.Field(i)) && whole
	}
	return whole
}

// rowsOf are the rows of a type's fields, in their order.
func (t *tightening) rowsOf(typ reflect.Type) []setting {
	rows, known := t.rows[typ]
	if known {
		return rows
	}
	for i := range typ.NumField() {
		f := typ.Field(i)
		row, listed := settingsTable[typ.Name()+"."+f.Name]
		switch {
		case !f.IsExported():
			row.rule = free // what a configuration knows of itself
		case !listed:
			row = setting{unlisted, typ.Name() + "." + f.Name, plainUnit}
		}
		rows = append(rows, row)
	}
	t.rows[typ] = rows
	return rows
}

func (t *tightening) field(who string, row setting, was, out reflect.Value) (whole bool) {
	whole = true
	switch row.rule {
	case inside:
		if out.Kind() == reflect.Array {
			for i := range out.Len() {
				whole = t.fields(who, fmt.Sprintf("%s %d", row.key, i), was.Index(i), out.Index(i)) && whole
			}
			return whole
		}
		return t.fields(who, row.key, was, out)
	case tableOf:
		t.entries(row.key, was, out)
		return true
	case limitsIfAny:
		if !was.IsNil() && !out.IsNil() {
			copied := reflect.New(out.Type().Elem())
			copied.Elem().Set(out.Elem())
			out.Set(copied)
			return t.fields(who, "", was.Elem(), out.Elem())
		}
	}
	offered := reflect.ValueOf(out.Interface())
	tighter := tighterOf(row.rule, was, offered)
	if reflect.DeepEqual(tighter.Interface(), offered.Interface()) {
		return true
	}
	h := Held{Who: who, Key: row.key, Stays: t.text(row, tighter), Offered: t.text(row, offered)}
	if row.rule.refers() && dangles(was) {
		h.Shut = "what stood there is gone, so it is shut"
		t.held = append(t.held, h)
		return false
	}
	t.held = append(t.held, h)
	out.Set(tighter)
	return true
}

// entries goes through a table whose rows have names. What is gone permits nothing any more.
func (t *tightening) entries(kind string, was, out reflect.Value) {
	before := map[string]reflect.Value{}
	for i := range was.Len() {
		before[entryName(was.Index(i))] = was.Index(i)
	}
	table := reflect.AppendSlice(reflect.Zero(out.Type()), out) // the offer's own stays; an empty one as it is
	for i := range table.Len() {
		row := table.Index(i)
		name := entryName(row)
		old, known := before[name]
		entry, shuts := row.Addr().Interface().(shutter) // what does not, permits nothing by itself
		switch {
		case !known && !shuts:
		case !known:
			t.held = append(t.held, Held{Who: kind + " " + name, Shut: "is new, so it is shut"})
			entry.shut()
		case reflect.DeepEqual(old.Interface(), row.Interface()):
		case !t.fields(kind+" "+name, "", old, row) && shuts:
			entry.shut()
		}
	}
	out.Set(table)
}

func entryName(row reflect.Value) string {
	switch x := row.Interface().(type) {
	case Link:
		return x.Session.Name
	case Copier:
		return x.Session.Name
	case Instrument:
		return x.Symbol
	}
	return row.FieldByName("Name").String()
}

// tighterOf is the tighter of two values, or what is common to both.
func tighterOf(r rule, was, offered reflect.Value) reflect.Value {
	choose := func(looser bool) reflect.Value {
		if looser {
			return was
		}
		return offered
	}
	switch r {
	case free:
		return offered
	case atMost:
		return choose(number(offered) > number(was))
	case atLeast:
		return choose(number(offered) < number(was))
	case atMostUnless0:
		return choose(number(was) != 0 && (number(offered) == 0 || number(offered) > number(was)))
	case restriction:
		return choose(!was.IsZero())
	case refersIfAny:
		return choose(was.Int() != None)
	case bits:
		return reflect.ValueOf(was.Uint() | offered.Uint()).Convert(offered.Type())
	case mustBe:
		return choose(was.Bool())
	case mustNotBe:
		return choose(!was.Bool())
	case fewer:
		return filtered(offered, func(x reflect.Value) bool { return contains(was, x) })
	case more:
		missing := filtered(was, func(x reflect.Value) bool { return !contains(offered, x) })
		if missing.Len() == 0 {
			return offered
		}
		return reflect.AppendSlice(offered.Slice3(0, offered.Len(), offered.Len()), missing)
	case networks:
		return filtered(offered, func(x reflect.Value) bool {
			return within(x.Interface().(netip.Prefix), was.Interface().([]netip.Prefix))
		})
	case rate:
		return choose(offered.Interface().(Throttle).looserThan(was.Interface().(Throttle)))
	case throttled:
		return choose(!asTight(offered.Interface().([]risk.Throttle), was.Interface().([]risk.Throttle)))
	case lowest:
		return reflect.ValueOf(lowestOf(was.Interface().([]OrderRule), offered.Interface().([]OrderRule)))
	case lowestParts:
		return reflect.ValueOf(lowestSlices(was.Interface().([]Slice), offered.Interface().([]Slice)))
	case lowerOfEach:
		return reflect.ValueOf(lowerMeasures(was.Interface().(*risk.Measures), offered.Interface().(*risk.Measures)))
	case limitsIfAny:
		return choose(!was.IsNil() && offered.IsNil())
	}
	return was // fixed, refers, and what has no row
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

// lowerMeasures allow what both allow; nil allows all.
func lowerMeasures(was, offered *risk.Measures) *risk.Measures {
	if was == nil {
		return offered
	}
	lower := *was
	if offered != nil {
		for i := range lower {
			lower[i] = min(lower[i], offered[i])
		}
	}
	return &lower
}

// lowestSlices allow what both lists allow.
func lowestSlices(was, offered []Slice) []Slice {
	list := slices.Clone(offered)
	for _, w := range was {
		at := slices.IndexFunc(list, func(o Slice) bool { return o.Type == w.Type && o.Symbol == w.Symbol })
		if at < 0 {
			list = append(list, w)
			continue
		}
		l := &list[at]
		l.Gross, l.Net, l.ClosingReserveBps = min(l.Gross, w.Gross), min(l.Net, w.Net), min(l.ClosingReserveBps, w.ClosingReserveBps)
		l.Measures = lowerMeasures(w.Measures, l.Measures)
		l.Warn = w.Warn
	}
	return list
}

// lowestOf are rules that allow what both lists allow.
func lowestOf(was, offered []OrderRule) []OrderRule {
	list := slices.Clone(offered)
	for _, w := range was {
		at := slices.IndexFunc(list, func(o OrderRule) bool { return o.Type == w.Type && o.Symbol == w.Symbol })
		if at < 0 {
			list = append(list, w)
			continue
		}
		list[at].Lower([]OrderRule{w}, &Instrument{Type: w.Type, Symbol: w.Symbol})
	}
	return list
}

func number(v reflect.Value) int64 {
	if v.CanUint() {
		return int64(v.Uint())
	}
	return v.Int()
}

// filtered is a list, or a text of codes, with those that pass; the list itself where all do.
func filtered(list reflect.Value, pass func(reflect.Value) bool) reflect.Value {
	if list.Kind() == reflect.String {
		var codes []byte
		for _, c := range []byte(list.String()) {
			if pass(reflect.ValueOf(c)) {
				codes = append(codes, c)
			}
		}
		return reflect.ValueOf(string(codes))
	}
	kept := reflect.MakeSlice(list.Type(), 0, list.Len())
	for i := range list.Len() {
		if pass(list.Index(i)) {
			kept = reflect.Append(kept, list.Index(i))
		}
	}
	if kept.Len() == list.Len() {
		return list
	}
	return kept
}

func contains(list, x reflect.Value) bool {
	if list.Kind() == reflect.String {
		return strings.IndexByte(list.String(), byte(x.Uint())) >= 0
	}
	for i := range list.Len() {
		if reflect.DeepEqual(list.Index(i).Interface(), x.Interface()) {
			return true
		}
	}
	return false
}

// within reports whether a network lies in one of others.
func within(p netip.Prefix, others []netip.Prefix) bool {
	return slices.ContainsFunc(others, func(o netip.Prefix) bool { return o.Bits() <= p.Bits() && o.Contains(p.Addr()) })
}

// dangles reports whether a value names an entry that is gone; see numbered.
func dangles(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Int:
		return v.Int() < None
	case reflect.Struct:
		for i := range v.NumField() {
			if dangles(v.Field(i)) {
				return true
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if dangles(v.Index(i)) {
				return true
			}
		}
	}
	return false
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
		return "another"
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
		var names []string
		for _, i := range v.Interface().([]int) {
			if i >= 0 {
				names = append(names, t.offered.Accounts[i].Name)
			}
		}
		return strings.Join(names, " ")
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
