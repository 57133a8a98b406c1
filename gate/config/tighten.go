package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

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

// peer is an entry that is somebody who is told what others do, or believed: one that cannot stay as it was is left out.
type peer interface{ isPeer() }

func (Copier) isPeer()      {}
func (DropSession) isPeer() {}

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
		if row.rule.onePerson() || row.rule == together {
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
	left := map[int]bool{}
	for i := range table.Len() {
		row := table.Index(i)
		name := entryName(row)
		old, known := before[name]
		entry, shuts := row.Addr().Interface().(shutter) // what does not, and is no peer, permits nothing by itself
		_, peers := row.Interface().(peer)
		switch {
		case !known && !shuts && !peers:
		case !known && peers:
			t.held = append(t.held, Held{Who: kind + " " + name, Shut: "is new, so it is left out"})
			left[i] = true
		case !known:
			t.held = append(t.held, Held{Who: kind + " " + name, Shut: "is new, so it is shut"})
			entry.shut()
		case reflect.DeepEqual(old.Interface(), row.Interface()):
		case t.fields(kind+" "+name, "", old, row):
		case shuts:
			entry.shut()
		case peers:
			left[i] = true
		}
	}
	out.Set(rowsWithout(table, left))
}

// rowsWithout is a table without some of its rows; the table itself where there are none such.
func rowsWithout(table reflect.Value, left map[int]bool) reflect.Value {
	kept := reflect.Zero(table.Type())
	for i := range table.Len() {
		if !left[i] {
			kept = reflect.Append(kept, table.Index(i))
		}
	}
	if kept.Len() == table.Len() {
		return table
	}
	return kept
}

func entryName(row reflect.Value) string {
	switch x := row.Interface().(type) {
	case Link:
		return x.Session.Name
	case Copier:
		return x.Session.Name
	case DropSession:
		return x.Session.Name
	case Instrument:
		return x.Symbol
	}
	return row.FieldByName("Name").String()
}

// dangles reports whether a value names an entry that is gone; see Numbered.
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
