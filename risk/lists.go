package risk

import (
	"errors"
	"math"
	"math/bits"
	"slices"
)

// ListsMax is how many named lists of instruments a book tells apart: an instrument has a bit for each.
const ListsMax = 64

// Forever is the end of what ends by a human's word alone.
const Forever = math.MaxInt64

// ListSet is a set of named lists, by number.
type ListSet uint64

// Rules are the lists of one scope. What is on a restricted one is refused. Where a scope has permitted ones, what
// is on none of them is refused too.
type Rules struct{ Restricted, Permitted ListSet }

// Listing puts an instrument on a named list, from FromNs until before UntilNs, both UTC.
type Listing struct {
	Instrument      uint32
	List            uint8
	FromNs, UntilNs int64
}

// ScopeRules are the rules of the scope Kind with the number Index.
type ScopeRules struct {
	Kind  Scope
	Index uint32
	Rules
}

// Lists are all lists of a configuration and who uses them.
type Lists struct {
	Listings []Listing
	Rules    []ScopeRules
}

// always reports whether a listing has no time.
func (l *Listing) always() bool { return l.FromNs <= 0 && l.UntilNs == Forever }

// listing is a row of what concerns one instrument for a time: it is on a named list, or an operator has restricted
// it in one scope. The rows of an instrument are a chain.
type listing struct {
	fromNs, untilNs int64
	instrument      uint32
	scope           uint32 // in which it is restricted, by its place in the table of scopes; NoIndex: it is on list
	next            uint32 // number plus one
	list            uint8
	used            bool
	_               [2]byte
}

func (r *listing) byOperator() bool { return r.used && r.scope != NoIndex }

// Errors of the setters of lists.
var (
	errListings = errors.New("more listings with a time than there is room for: a restart makes room anew")
	errRules    = errors.New("more different combinations of lists than there is room for: a restart makes room anew")
)

// NeedOfLists is how many rows lists take: for instruments that are listed for a time, and for different rules.
func NeedOfLists(l *Lists) (listings, rules int) {
	var seen []Rules
	for i := range l.Rules {
		if !slices.Contains(seen, l.Rules[i].Rules) {
			seen = append(seen, l.Rules[i].Rules)
		}
	}
	for i := range l.Listings {
		if !l.Listings[i].always() {
			listings++
		}
	}
	return listings, len(seen)
}

// CheckLists says what SetLists would refuse.
func (b *Book) CheckLists(l *Lists) error {
	listings, rules := NeedOfLists(l)
	for i := range b.listings {
		if b.listings[i].byOperator() {
			listings++
		}
	}
	switch {
	case listings > len(b.listings):
		return errListings
	case rules >= len(b.rules): // the first is of scopes without any
		return errRules
	}
	for i := range l.Listings {
		if e := &l.Listings[i]; e.Instrument >= uint32(len(b.instruments)) || e.List >= ListsMax {
			return errIndex
		}
	}
	for i := range l.Rules {
		if _, ok := b.number(l.Rules[i].Kind, l.Rules[i].Index); !ok {
			return errIndex
		}
	}
	return nil
}

// SetLists puts the lists of a configuration in place of those before. What operators have restricted stays.
func (b *Book) SetLists(l *Lists) error {
	if err := b.CheckLists(l); err != nil {
		return err
	}
	b.dropLists()
	for i := range l.Rules {
		n, _ := b.number(l.Rules[i].Kind, l.Rules[i].Index)
		b.scopes[n].rules = b.ruleRow(l.Rules[i].Rules)
		b.totals[0].listed++
	}
	for i := range l.Listings {
		e := &l.Listings[i]
		if e.always() {
			b.instruments[e.Instrument].lists |= 1 << e.List
			continue
		}
		b.chain(listing{fromNs: e.FromNs, untilNs: e.UntilNs, instrument: e.Instrument, scope: NoIndex, list: e.List})
	}
	return nil
}

// NextListing is when the first listing after a time begins or ends, Forever if none does. Both in UTC.
func (b *Book) NextListing(utcNs int64) int64 {
	next := int64(Forever)
	for i := range b.listings {
		r := &b.listings[i]
		for _, at := range [...]int64{r.fromNs, r.untilNs} {
			if r.used && at > utcNs {
				next = min(next, at)
			}
		}
	}
	return next
}

// dropLists leaves only what operators have restricted.
func (b *Book) dropLists() {
	for i := range b.instruments {
		b.instruments[i].lists, b.instruments[i].listings = 0, 0
	}
	for i := range b.scopes {
		b.scopes[i].rules = 0
	}
	clear(b.rules)
	b.totals[0].listed = 0
	for i := range b.listings {
		if r := &b.listings[i]; r.byOperator() {
			b.hook(uint32(i))
			b.totals[0].listed++
		} else {
			*r = listing{}
		}
	}
}

// ruleRow is the row of rules, which all scopes with the same ones share. CheckLists has found room.
func (b *Book) ruleRow(r Rules) uint16 {
	n := 1
	for b.rules[n] != r && b.rules[n] != (Rules{}) {
		n++
	}
	b.rules[n] = r
	return uint16(n)
}

// chain takes a free row for an instrument; false = there is none.
func (b *Book) chain(row listing) bool {
	for i := range b.listings {
		if !b.listings[i].used {
			b.listings[i] = row
			b.listings[i].used = true
			b.hook(uint32(i))
			return true
		}
	}
	return false
}

func (b *Book) hook(row uint32) {
	r := &b.listings[row]
	in := &b.instruments[r.instrument]
	r.next, in.listings = in.listings, row+1
}

// Restrict refuses an instrument in one scope until a time: Forever until Unrestrict. Said again, the new time holds.
// False = there is no such scope or instrument, or no row free.
func (b *Book) Restrict(kind Scope, i, instrument uint32, untilNs int64) bool {
	n, ok := b.number(kind, i)
	if !ok || instrument >= uint32(len(b.instruments)) {
		return false
	}
	if r := b.restriction(n, instrument); r != nil {
		r.untilNs = untilNs
		return true
	}
	if !b.chain(listing{untilNs: untilNs, instrument: instrument, scope: n}) {
		return false
	}
	b.totals[0].listed++
	return true
}

// Unrestrict ends what Restrict did; what a list of the configuration refuses stays refused.
func (b *Book) Unrestrict(kind Scope, i, instrument uint32) {
	n, ok := b.number(kind, i)
	if !ok || instrument >= uint32(len(b.instruments)) {
		return
	}
	for at := &b.instruments[instrument].listings; *at != 0; at = &b.listings[*at-1].next {
		if r := &b.listings[*at-1]; r.scope == n {
			*at = r.next
			*r = listing{}
			b.totals[0].listed--
			return
		}
	}
}

// Restricted reports whether an operator has restricted an instrument in a scope.
func (b *Book) Restricted(kind Scope, i, instrument uint32) bool {
	n, ok := b.number(kind, i)
	return ok && instrument < uint32(len(b.instruments)) && b.restriction(n, instrument) != nil
}

// RestrictRoom reports whether Restrict has a row for one more.
func (b *Book) RestrictRoom() bool {
	for i := range b.listings {
		if !b.listings[i].used {
			return true
		}
	}
	return false
}

func (b *Book) restriction(scope, instrument uint32) *listing {
	for n := b.instruments[instrument].listings; n != 0; n = b.listings[n-1].next {
		if r := &b.listings[n-1]; r.scope == scope {
			return r
		}
	}
	return nil
}

// EachRestriction gives what operators have restricted: the instrument, in which scope, until when.
func (b *Book) EachRestriction(each func(instrument uint32, kind Scope, i uint32, untilNs int64)) {
	for i := range b.listings {
		if r := &b.listings[i]; r.byOperator() {
			each(r.instrument, b.scopes[r.scope].kind, b.indexOf(r.scope), r.untilNs)
		}
	}
}

// checkLists asks every scope of the order, its link and venue with them, whether it may trade the instrument at the
// time of the order; for a replace that comes over another link than its order both. The Check that refuses names the scope.
func (b *Book) checkLists(o *Order, j *Judgement) Reason {
	if b.totals[0].listed == 0 {
		return Accepted
	}
	var path [PathMax + 3]uint32
	scopes := b.listScopes(&o.Place, o.Link, &path)
	on := b.instruments[o.Instrument].lists
	for n := b.instruments[o.Instrument].listings; n != 0; n = b.listings[n-1].next {
		r := &b.listings[n-1]
		if o.UTCNs < r.fromNs || o.UTCNs >= r.untilNs {
			continue
		}
		if r.scope == NoIndex {
			on |= 1 << r.list
			continue
		}
		for _, scope := range scopes {
			if scope == r.scope {
				return b.listed(j, InstrumentRestricted, scope, 0)
			}
		}
	}
	for _, scope := range scopes {
		rules := &b.rules[b.scopes[scope].rules]
		if hit := on & rules.Restricted; hit != 0 {
			return b.listed(j, InstrumentRestricted, scope, int64(bits.TrailingZeros64(uint64(hit)))+1)
		}
		if rules.Permitted != 0 && on&rules.Permitted == 0 {
			return b.listed(j, InstrumentNotPermitted, scope, 0)
		}
	}
	j.note(InstrumentRestricted, o.Instrument, 0, 0)
	return Accepted
}

// listScopes are the scopes of a place, its link and venue with them whether or not they have credit limits, and the link
// that sends for it.
func (b *Book) listScopes(at *Place, lnk uint32, out *[PathMax + 3]uint32) []uint32 {
	var path [PathMax]uint32
	n := copy(out[:], b.path(at, &path))
	if lnk != at.Owner && lnk < uint32(len(b.links)) {
		out[n] = b.base[ScopeLink] + lnk
		n++
	}
	if at.Owner < uint32(len(b.links)) && !b.links[at.Owner].credit {
		out[n] = b.base[ScopeLink] + at.Owner
		n++
	}
	if at.Venue < uint32(len(b.venues)) && !b.venues[at.Venue].credit {
		out[n] = b.base[ScopeVenue] + at.Venue
		n++
	}
	return out[:n]
}

// listed traces a control that refuses in a scope. Its value is the number of the restricted list plus one; 0: an operator's
// word, or none of the permitted lists.
func (b *Book) listed(j *Judgement, control Reason, scope uint32, list int64) Reason {
	j.noteOf(control, origin{of: b.scopes[scope].kind, index: b.indexOf(scope)}, list, 0)
	return control
}
