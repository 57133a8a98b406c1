package core

import (
	"strings"

	"portcullis/fix"
	"portcullis/risk"
)

// lists puts lists in force by a reload of the configuration, as these words have them: "EMBARGO=IBM,MSFT@14:00:00-15:00:00" what is on
// a list, and "client:ACME!EMBARGO" who may not trade it, "firm+EQUITIES" who may trade nothing else.
func (s *script) lists(words []string) {
	s.t.Helper()
	l, numbers := &risk.Lists{}, map[string]uint8{}
	number := func(name string) uint8 {
		n, known := numbers[name]
		if !known {
			n = uint8(len(numbers))
			numbers[name] = n
		}
		return n
	}
	for _, word := range words {
		if name, symbols, ok := strings.Cut(word, "="); ok {
			for _, symbol := range strings.Split(symbols, ",") {
				symbol, times, timed := strings.Cut(symbol, "@")
				e := risk.Listing{Instrument: index(symbolNames, symbol), List: number(name), UntilNs: risk.Forever}
				if from, until, _ := strings.Cut(times, "-"); timed {
					e.FromNs, e.UntilNs = s.clock(from), s.clock(until)
				}
				l.Listings = append(l.Listings, e)
			}
			continue
		}
		at := strings.IndexAny(word, "!+")
		r := risk.ScopeRules{}
		r.Kind, r.Index = s.scopeOf(word[:at])
		if set := risk.ListSet(1) << number(word[at+1:]); word[at] == '!' {
			r.Restricted = set
		} else {
			r.Permitted = set
		}
		l.Rules = append(l.Rules, r)
	}
	set := *s.w.core.set
	for _, c := range []*Core{s.w.core, s.w.shadow} {
		c.Stage(&Change{Version: 7, Setup: &set, Lists: l})
	}
	s.w.command(Command{ID: 7, Kind: CmdReload, Target: 7})
}

// clock is a time of the day of the scripts, in UTC.
func (s *script) clock(text string) int64 {
	s.t.Helper()
	at, ok := fix.ParseTimestamp([]byte("20261122-" + text))
	if !ok {
		s.fatal("no time: %q", text)
	}
	return at
}

// scopeOf is firm, or a kind of scope with a name, such as trader:ANN.
func (s *script) scopeOf(word string) (risk.Scope, uint32) {
	if word == "firm" {
		return risk.ScopeFirm, 0
	}
	var m Command
	s.killParts(&m, []string{word})
	return m.Scope, m.Index
}

// restrict is an operator's word: "restrict IBM client:ACME until=14:00:00".
func (s *script) restrict(kind CommandKind, w []string) {
	m := Command{ID: 7, Kind: kind, Target: uint64(index(symbolNames, w[0]))}
	m.Scope, m.Index = s.scopeOf(w[1])
	for _, word := range w[2:] {
		m.Qty = risk.Qty(s.clock(strings.TrimPrefix(word, "until=")))
	}
	s.w.command(m)
}
