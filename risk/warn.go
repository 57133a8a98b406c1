package risk

import "math/bits"

// WarnLevelsMax is how many levels of warning a scope may have.
const WarnLevelsMax = 4

// WarnLevels are percentages of every limit of a scope at which somebody is told before it refuses, ascending; 0 ends them.
type WarnLevels [WarnLevelsMax]uint8

// calmPercent is how far a measure must fall below a level before that is warned of again.
const calmPercent = 5

// Warning is a measure that has come up to a level of its limit, or has fallen below one again.
type Warning struct {
	Value, Limit int64
	Scope        uint32
	Of           Scope
	In           Class
	Measure      Reason // the control that would refuse
	Level        uint8  // percent of the limit; 0: below all levels
	Up           bool
}

// Warns reports whether any scope has levels of warning.
func (b *Book) Warns() bool { return b.totals[0].warners != 0 }

func (l *WarnLevels) check() error {
	for i, p := range l {
		if p > 99 || i > 0 && p != 0 && p <= l[i-1] || i > 0 && p != 0 && l[i-1] == 0 {
			return errWarn
		}
	}
	return nil
}

// Warnings lists what crosses a level of warning once changes are booked, and returns how many there are; what does
// not fit into out is found again by the next. A position in one instrument has no levels: its limit is hit or not.
func (b *Book) Warnings(changes []Change, out []Warning) (count int) {
	var x debits
	x.find(b, changes)
	for i := range changes {
		for _, n := range x.rows[i][:x.count[i]] {
			if b.scopes[n].armed&warns == 0 {
				continue
			}
			if on := x.of(changes, i, n); on != nil {
				count += b.warnings(n, on, out[count:])
			}
		}
	}
	return count
}

// warnings does so for one row of the table of scopes.
func (b *Book) warnings(n uint32, on []Change, out []Warning) (count int) {
	x := b.measure(n)
	var v reading
	b.read(n, on, &v)
	for m := range measures {
		limit := b.warnedLimit(n, m)
		if v[m] == Unmarked {
			continue
		}
		level, up := x.levels.crossed(x.warned[m], v[m], limit)
		if level == x.warned[m] || count == len(out) {
			continue
		}
		from, percent := b.bearer(n), uint8(0)
		if level > 0 {
			percent = x.levels[level-1]
		}
		out[count] = Warning{Value: v[m], Limit: limit, Scope: from.index, Of: from.of, In: from.in, Measure: b.reasonOf(n, m), Level: percent, Up: up}
		count++
	}
	return count
}

// warnedLimit is the limit of a measure that has levels; 0 where it has none.
func (b *Book) warnedLimit(n uint32, m Measure) int64 {
	s, limit := &b.scopes[n], b.measure(n).limits[m]
	switch {
	case m == MeasureLong || m == MeasureShort:
		return 0
	case m == MeasureGross && s.kind != ScopeSlice:
		limit = int64(s.gross)
	case m == MeasureNet && s.kind != ScopeSlice:
		limit = int64(s.net)
	}
	if limit == Unlimited {
		return 0
	}
	return limit
}

// reasonOf is the control that limits a measure in a row of the table of scopes.
func (b *Book) reasonOf(n uint32, m Measure) Reason {
	switch c := &creditControls[b.scopes[n].kind]; {
	case b.scopes[n].kind == ScopeSlice:
	case m == MeasureGross:
		return c.gross
	case m == MeasureNet:
		return c.net
	}
	return measureReasons[m]
}

// crossed is how many levels a figure has reached that had reached was. It has left one only when it is well below.
func (l *WarnLevels) crossed(was uint8, v, limit int64) (level uint8, up bool) {
	if limit <= 0 {
		return was, false
	}
	for level < WarnLevelsMax && l[level] != 0 && reaches(v, limit, l[level]) {
		level++
	}
	if level > was {
		return level, true
	}
	for level < was && l[level] != 0 && reaches(v, limit, l[level]-min(l[level], calmPercent)) {
		level++
	}
	return level, false
}

// reached is how many levels lie at a percentage or below.
func (l *WarnLevels) reached(percent uint8) (level uint8) {
	for percent != 0 && level < WarnLevelsMax && l[level] != 0 && l[level] <= percent {
		level++
	}
	return level
}

// reaches tells whether v is at least so many percent of a limit, exactly.
func reaches(v, limit int64, percent uint8) bool {
	if v <= 0 {
		return false
	}
	vHi, vLo := bits.Mul64(uint64(v), 100)
	lHi, lLo := bits.Mul64(uint64(limit), uint64(percent))
	return vHi > lHi || vHi == lHi && vLo >= lLo
}

// SetWarned notes which level a measure has reached, by its percentage; of a scope or level that is not there, nothing.
func (b *Book) SetWarned(of Scope, scope uint32, in Part, measure Reason, percent uint8) {
	if what, daily := dailyOf(measure); daily {
		if n, ok := b.number(of, scope); ok && of != ScopeVenue {
			b.setDayWarned(n, in.Instrument, what, percent)
		}
		return
	}
	n, ok := b.bears(of, scope, in)
	if !ok || b.scopes[n].armed&warns == 0 {
		return
	}
	x := b.measure(n)
	for m := range measures {
		if b.reasonOf(n, m) == measure {
			x.warned[m] = x.levels.reached(percent)
		}
	}
}
