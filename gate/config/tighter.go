package config

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"portcullis/risk"
)

// tighterOf is the tighter of two values, or what is common to both.
func tighterOf(r rule, was, offered reflect.Value) reflect.Value {
	choose := func(looser bool) reflect.Value {
		if looser {
			return was
		}
		return offered
	}
	switch r {
	case free, daily:
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
