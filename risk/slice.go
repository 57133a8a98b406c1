package risk

import "math/bits"

// A slice is what a scope does in one class of instruments, or in one: it has numbers and limits of its own, and an
// order debits it with its scope or not at all. Slices have rows in the table of scopes, behind those of all scopes.

// SlicesMax is how many scopes and slices one order may debit: each scope, and two slices of each.
const SlicesMax = 3 * PathMax

// sliceRow finds the slice of a scope and a part.
type sliceRow struct {
	key uint64 // pair(scope, part); 0 = free
	n   uint32 // its row in the table of scopes
	_   uint32
}

// sliceOf says whose a slice is.
type sliceOf struct {
	scope      uint32 // by its place in the table of scopes
	instrument uint32 // where in says so
	in         Class
	_          [3]byte
}

// SetSlice puts the limits of a scope in a part of its instruments in place. Unlike those of a scope they may all be
// Unlimited but one. One that begins with something booked already is backfilled.
func (b *Book) SetSlice(kind Scope, i uint32, in Part, l Limits) error {
	parent, ok := b.number(kind, i)
	switch {
	case !ok || kind == ScopeSlice || in.Class == AnyClass || in.Class >= classes && in.Class != OneInstrument,
		in.Class == OneInstrument && in.Instrument >= uint32(len(b.instruments)):
		return errIndex
	case b.capacity.Slices == 0:
		return errFull
	}
	row := b.slice(parent, in)
	if row.key == 0 {
		t := &b.totals[0]
		if t.slices >= int64(b.capacity.Slices) {
			return errFull
		}
		*row = sliceRow{key: pair(parent, in.key()), n: b.base[ScopeSlice] + uint32(t.slices)}
		b.sliceOf[t.slices] = sliceOf{scope: parent, instrument: in.Instrument, in: in.Class}
		t.slices++
		b.scopes[parent].armed |= sliced
		b.begins(row.n, lacksSums)
	}
	limits := Unmeasured()
	if l.Measures != nil {
		*limits = *l.Measures
	}
	limits[MeasureGross], limits[MeasureNet] = int64(l.Gross), int64(l.Net)
	l.Measures = limits
	return b.setScope(row.n, l)
}

// limited reports whether a row of the table of scopes limits something.
func (b *Book) limited(n uint32) bool {
	s := &b.scopes[n]
	if s.gross != Unlimited || s.net != Unlimited {
		return true
	}
	if s.armed&armedMeasures == 0 {
		return false
	}
	for _, limit := range b.measure(n).limits {
		if limit != Unlimited {
			return true
		}
	}
	return false
}

// slice is the row of a scope and a part, or the free row where it would go. Never full: see slot.
func (b *Book) slice(n uint32, in Part) *sliceRow {
	key, last := pair(n, in.key()), uint64(len(b.slices)-1)
	i := mix(key) >> bits.LeadingZeros64(last)
	for b.slices[i].key != key && b.slices[i].key != 0 {
		i = (i + 1) & last
	}
	return &b.slices[i]
}

// bears is the row of a scope in the table of scopes, or of its slice in a part of its instruments; false: there is none.
func (b *Book) bears(kind Scope, i uint32, in Part) (n uint32, ok bool) {
	if n, ok = b.number(kind, i); !ok || in.Class == AnyClass {
		return n, ok
	}
	return b.sliceRow(n, in)
}

// sliceRow is the row of the table of scopes of a slice; false: there is none.
func (b *Book) sliceRow(scope uint32, in Part) (n uint32, ok bool) {
	if b.capacity.Slices == 0 {
		return scope, false
	}
	row := b.slice(scope, in)
	return row.n, row.key != 0
}

// debited lists all that an order at a place counts in: the scopes of its path, and then their slices.
func (b *Book) debited(at *Place, out *[SlicesMax]uint32) []uint32 {
	scopes := b.path(at, (*[PathMax]uint32)(out[:PathMax]))
	if b.totals[0].slices == 0 || at.Instrument >= uint32(len(b.instruments)) {
		return scopes
	}
	n := len(scopes)
	class := b.instruments[at.Instrument].class
	for _, scope := range scopes {
		if b.scopes[scope].armed&sliced == 0 {
			continue
		}
		if class != AnyClass {
			n += b.addSlice(scope, Part{Class: class}, out[n:])
		}
		n += b.addSlice(scope, Part{Class: OneInstrument, Instrument: at.Instrument}, out[n:])
	}
	return out[:n]
}

func (b *Book) addSlice(scope uint32, in Part, out []uint32) int {
	row := b.slice(scope, in)
	if row.key == 0 {
		return 0
	}
	out[0] = row.n
	return 1
}

// bearer says whose the numbers of a row in the table of scopes are: of a scope by its kind and number, in all of its
// instruments or in a part.
func (b *Book) bearer(n uint32) origin {
	in := AnyClass
	if b.scopes[n].kind == ScopeSlice {
		of := &b.sliceOf[n-b.base[ScopeSlice]]
		n, in = of.scope, of.in
	}
	return origin{index: b.indexOf(n), of: b.scopes[n].kind, in: in}
}

// EachSlice gives the parts of its instruments in which a scope is limited by itself.
func (b *Book) EachSlice(kind Scope, i uint32, f func(in Part)) {
	n, ok := b.number(kind, i)
	for at := range b.totals[0].slices {
		if of := &b.sliceOf[at]; ok && of.scope == n {
			f(Part{Class: of.in, Instrument: of.instrument})
		}
	}
}
