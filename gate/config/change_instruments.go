package config

import (
	"reflect"
	"slices"
	"strings"
)

// InstrumentChange is an instrument that stays, by its place in a configuration, of which a running gate is to follow other data.
type InstrumentChange struct {
	At   int
	Keys []string
}

// InstrumentChanges are those of two configurations: all that an order is judged by but its type, currency and halt.
func InstrumentChanges(was, is *Config) (list []InstrumentChange) {
	before := map[string]Instrument{}
	for i := range was.Instruments {
		before[was.Instruments[i].Symbol] = was.Instruments[i].judged()
	}
	for i := range is.Instruments {
		old, known := before[is.Instruments[i].Symbol]
		if !known {
			continue
		}
		keys := otherKeys("", reflect.ValueOf(old), reflect.ValueOf(is.Instruments[i].judged()))
		if slices.Sort(keys); len(keys) > 0 {
			list = append(list, InstrumentChange{i, slices.Compact(keys)})
		}
	}
	return list
}

// judged is an instrument without what only a start takes up.
func (in *Instrument) judged() Instrument {
	x := *in
	x.Type, x.Currency, x.Halted = "", "", false
	x.Close, x.CloseDate = 0, 0
	return x
}

// taken is what only a start takes up of instruments, and their closes, which a gate reads at its start.
func taken(in []Instrument) (table []Instrument, closes [][2]int64) {
	for i := range in {
		table = append(table, Instrument{Symbol: in[i].Symbol, Type: in[i].Type, Currency: in[i].Currency, Halted: in[i].Halted})
		closes = append(closes, [2]int64{in[i].Close, int64(in[i].CloseDate)})
	}
	return table, closes
}

// text says what of an instrument differs.
func (c InstrumentChange) text(is *Config) string {
	return "instrument " + is.Instruments[c.At].Symbol + ": " + strings.Join(c.Keys, ", ")
}
