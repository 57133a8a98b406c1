package config

import (
	"fmt"
	"strings"

	"portcullis/risk"
)

// TickTable are the smallest steps of an instrument's prices by bands of price, at 1e-8. The first band starts at 0.
type TickTable []risk.TickBand

// At is the step at a price; below zero that of the same price above.
func (t TickTable) At(price int64) int64 {
	tick := t[0].Tick
	price = max(price, -price)
	for _, band := range t[1:] {
		if int64(band.From) <= price {
			tick = band.Tick
		}
	}
	return int64(tick)
}

// String is the table as people read it.
func (t TickTable) String() string {
	var bands []string
	for i, band := range t {
		text := units(int64(band.Tick))
		if i > 0 {
			text += " from " + units(int64(band.From))
		}
		bands = append(bands, text)
	}
	return strings.Join(bands, ", ")
}

// tickTables are the tables that instruments name.
type tickTables struct {
	names
	tables []TickTable
}

// readTicks reads named tables, the bands of each ascending. Venues publish tables that nothing traded here needs, so
// one that no instrument names is no defect.
func (l *loader) readTicks(name scalar) *tickTables {
	all := &tickTables{names: newNames("tick table")}
	if name.text != "" {
		all.partial = !l.readTable(name, []string{"table", "from", "tick"}, nil, func(t *table) { all.band(l, t) })
	}
	return all
}

// band reads one row.
func (all *tickTables) band(l *loader, t *table) {
	name := t.need("table")
	band := risk.TickBand{From: risk.Price(t.amount("from", "")), Tick: risk.Price(t.positive("tick", ""))}
	at, known := all.index[name.text]
	if !known {
		at = len(all.tables)
		all.define(l, name)
		all.tables = append(all.tables, nil)
	}
	bands := all.tables[at]
	switch from := show(t.text("from", "").text); {
	case len(bands) == 0 && band.From != 0:
		l.add(t.at, "from: tick table "+show(name.text)+" begins at "+from, "its first row is from 0")
	case len(bands) > 0 && band.From <= bands[len(bands)-1].From:
		l.add(t.at, fmt.Sprintf("from: %s is not above %s, where the band before it begins", from, units(int64(bands[len(bands)-1].From))),
			"write the bands of a table in ascending order")
	case len(bands) == risk.TickBandsMax:
		l.add(t.at, fmt.Sprintf("tick table %s has more than %d bands", show(name.text), risk.TickBandsMax), "put neighbours together, with the greater tick")
	}
	all.tables[at] = append(bands, band)
}

// of reads the ticks of an instrument's row: one of its own, or a table's.
func (all *tickTables) of(l *loader, t *table) TickTable {
	name, own := t.text("tick_table", ""), t.text("tick", "")
	switch {
	case name.text != "" && own.text != "":
		l.add(t.at, "both tick and tick_table are filled in", "keep one of the two")
	case name.text != "":
		if i := all.find(l, name); i != None {
			return all.tables[i]
		}
	case own.text == "":
		l.add(t.at, "tick is empty", "fill it in, or name a table of data.ticks in tick_table")
	default:
		return TickTable{{Tick: risk.Price(t.positive("tick", ""))}}
	}
	return nil
}
