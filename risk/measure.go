package risk

// Measure is a figure of a scope that may have a limit beside gross and net (exposure 4, 5). Their order is that of
// their Reasons.
type Measure uint8

const (
	MeasureGross     Measure = iota // EB + ES + RB + RS; of slices only, as the next
	MeasureNet                      // the larger of net long and net short
	MeasureOpen                     // RB + RS
	MeasureExecuted                 // EB + ES
	MeasureNetLong                  // EB + RB - ES
	MeasureNetShort                 // ES + RS - EB
	MeasureCarry                    // net, with what the start-of-day positions are worth at their closes
	MeasureInventory                // Σ of what the worst size of each account in each instrument is worth at its mark
	MeasureLong                     // worst long position in one instrument, all accounts of the scope together
	MeasureShort                    // worst short position likewise
	MeasureLongAll                  // Σ of the worst long positions over instruments
	MeasureShortAll                 // Σ of the worst short positions

	measures
)

// measureReasons are the controls that limit them, in whatever scope: a Check says in which.
var measureReasons = [measures]Reason{SliceGrossExceeded, SliceNetExceeded, OpenCreditExceeded, ExecutedCreditExceeded, NetLongExceeded, NetShortExceeded,
	CarryExceeded, InventoryExceeded, ScopeLongExceeded, ScopeShortExceeded, TotalLongExceeded, TotalShortExceeded}

// Reason is the control that limits a measure.
func (m Measure) Reason() Reason { return measureReasons[m] }

// Measured is the measure that a control limits, whatever the scope; false: none of these.
func (r Reason) Measured() (Measure, bool) {
	for m, reason := range measureReasons {
		if r == reason {
			return Measure(m), true
		}
	}
	return 0, false
}

// holdsClosing reports whether a closing order is asked for it too: it passes net and position limits (exposure 6).
func (m Measure) holdsClosing() bool {
	return m == MeasureGross || m == MeasureOpen || m == MeasureExecuted
}

// ofPositions reports whether a scope has to keep positions of its own for it.
func (m Measure) ofPositions() bool { return m >= MeasureLong }

// Measures are the limits of a scope beside gross and net, by Measure; Unlimited where there is none.
type Measures [measures]int64

// Valued reports whether what marks value is limited; nil is not.
func (m *Measures) Valued() bool {
	return m != nil && (m[MeasureCarry] != Unlimited || m[MeasureInventory] != Unlimited)
}

// Unmeasured limits nothing.
func Unmeasured() *Measures {
	m := new(Measures)
	for i := range m {
		m[i] = Unlimited
	}
	return m
}

// holdsPositions reports whether a row of the table of scopes needs positions of its own for such limits.
func (b *Book) holdsPositions(n uint32, l *Limits) bool {
	if l.Measures != nil {
		for m, v := range l.Measures {
			if Measure(m).ofPositions() && v != Unlimited {
				return true
			}
		}
	}
	return l.valued() && !b.ownsAccounts(n)
}

// beginsPositions reports whether a row that has so much elsewhere begins to keep positions by such limits.
func (b *Book) beginsPositions(n uint32, armed uint8, l *Limits) bool {
	return armed&keepsPositions == 0 && b.holdsPositions(n, l)
}

// valued reports whether marks value the positions of a scope with such limits.
func (l *Limits) valued() bool { return l.Measures.Valued() || l.DailyLoss != 0 }

// measured reports whether a scope with such limits has a row of measures.
func (l *Limits) measured() bool {
	return l.Measures != nil || l.Warn != (WarnLevels{}) || l.DailyLoss != 0
}

// check tells whether they are limits.
func (l *Measures) check() error {
	if l == nil {
		return nil
	}
	for _, v := range l {
		if !limitOK(v) {
			return errLimit
		}
	}
	return nil
}

// What the row of a scope says about rows that it has elsewhere.
const (
	armedMeasures  uint8 = armedInstrument << (iota + 1) // it has a row of measures
	keepsPositions                                       // it keeps positions of its own
	sliced                                               // it has slices
	warns                                                // its limits have levels of warning
)

// measured is the row of a scope that has limits beside gross and net. Two cache lines.
type measured struct {
	limits      Measures
	long, short Qty // Σ of worst positions over instruments, where it keeps positions
	levels      WarnLevels
	warned      [measures]uint8 // by Measure: how many of the levels it has reached, and somebody was told of
}

// measure is the row of measures of a scope that has one.
func (b *Book) measure(n uint32) *measured { return &b.measured[b.measuredOf[n]] }

// setMeasures puts the limits of a scope beside gross and net in place.
func (b *Book) setMeasures(n uint32, l *Limits) error {
	s, levels := &b.scopes[n], l.Warn
	limits := Unmeasured() // gross and net may have levels too
	if l.Measures != nil {
		limits = l.Measures
	}
	if !l.measured() {
		if s.armed&armedMeasures != 0 {
			b.measure(n).limits, b.measure(n).levels = *limits, levels
			b.worths[b.measuredOf[n]].lossMax = 0
		}
		return nil
	}
	t := &b.totals[0]
	if b.beginsPositions(n, s.armed, l) {
		t.keepers++
		s.armed |= keepsPositions
		b.begins(n, lacksPositions)
	}
	if s.armed&armedMeasures == 0 {
		if t.measured >= int64(b.capacity.Measured) {
			return errFull
		}
		b.measuredOf[n] = uint32(t.measured)
		t.measured++
		s.armed |= armedMeasures
	}
	b.measure(n).limits, b.measure(n).levels = *limits, levels
	if l.valued() {
		b.keepWorth(n)
	}
	b.worths[b.measuredOf[n]].lossMax = l.DailyLoss
	if levels != (WarnLevels{}) && s.armed&warns == 0 {
		t.warners++
		s.armed |= warns
	}
	return nil
}

// reading is what a scope measures, by Measure.
type reading [measures]int64

// read measures a scope that has a row of measures, with changes that count in it added. The position in one instrument is that of the last.
func (b *Book) read(n uint32, on []Change, v *reading) {
	s := b.scopes[n]
	s.shift(on)
	v[MeasureGross], v[MeasureNet] = int64(s.sum()), int64(max(s.netLong(), s.netShort()))
	v[MeasureOpen], v[MeasureExecuted] = int64(s.rb+s.rs), int64(s.eb+s.es)
	v[MeasureNetLong], v[MeasureNetShort] = int64(s.netLong()), int64(s.netShort())
	if b.totals[0].valued != 0 {
		b.readWorth(n, on, &s, v)
	}
	if s.armed&keepsPositions == 0 {
		return
	}
	x := b.measure(n)
	longAll, shortAll := x.long, x.short
	for i := range on {
		before, p, first := b.held(n, on, i, false)
		if !first {
			continue
		}
		long, short := before.worst()
		longAfter, shortAfter := p.worst()
		longAll, shortAll = longAll+longAfter-long, shortAll+shortAfter-short
		if on[i].Instrument == on[len(on)-1].Instrument {
			v[MeasureLong], v[MeasureShort] = int64(p.p+p.ob), int64(p.os-p.p)
		}
	}
	v[MeasureLongAll], v[MeasureShortAll] = int64(longAll), int64(shortAll)
}

// worst are the sizes of the worst long and the worst short position.
func (p *position) worst() (long, short Qty) { return max(0, p.p+p.ob), max(0, p.os-p.p) }

// checkMeasures is exposure 6 for what is limited beside gross and net, in every scope on the path, with the order added.
// Of several that fail the first in the order of the Reasons answers.
func (b *Book) checkMeasures(o *Order, j *Judgement, path []uint32) Reason {
	on := [...]Change{{o.Place, Delta{Side: o.Terms.Side, Open: j.Open - o.OpenBooked, Reserved: j.Reserved - o.ReservedBooked}}}
	first, failed := rankMax, Check{}
	for _, n := range path {
		if b.scopes[n].armed&armedMeasures == 0 {
			continue
		}
		var v reading
		b.read(n, on[:], &v)
		for m, limit := range b.measure(n).limits {
			if limit == Unlimited || j.Closing && !Measure(m).holdsClosing() {
				continue
			}
			if j.Closing && Measure(m) == MeasureGross {
				limit = int64(b.scopes[n].grossClosing)
			}
			c := b.checkOf(n, measureReasons[m], v[m], limit)
			if v[m] <= limit {
				j.add(&c)
				continue
			}
			rank := rankOf(Measure(m))
			if v[m] == Unmarked {
				rank, c = rankUnmarked, b.checkOf(n, MarkMissing, 0, 0)
			}
			if rank < first {
				first, failed = rank, c
			}
			break // what comes later in this scope answers later
		}
		if !j.Closing && rankUnmarked < first && b.lossUnknown(n, &v) {
			first, failed = rankUnmarked, b.checkOf(n, MarkMissing, 0, 0)
		}
	}
	if first == rankMax {
		return Accepted
	}
	j.add(&failed)
	return failed.Control
}

// The rank of a measure that fails is twice its number: a mark that is missing answers behind net with carry.
const (
	rankUnmarked = 2*int(MeasureCarry) + 1
	rankMax      = 2 * int(measures)
)

func rankOf(m Measure) int { return 2 * int(m) }

// checkOf is a comparison in a scope whose kind the control does not say.
func (b *Book) checkOf(n uint32, control Reason, value, limit int64) Check {
	from := b.bearer(n)
	return Check{Value: value, Limit: limit, Scope: from.index, Of: from.of, In: from.in, Control: control}
}

// measures finds what a scope has above its limits beside gross and net, once the changes that count in it are booked.
func (f *finder) measures(b *Book, n uint32, on []Change) {
	if b.scopes[n].armed&armedMeasures == 0 {
		return
	}
	var v reading
	b.read(n, on, &v)
	for m, limit := range b.measure(n).limits {
		if v[m] > limit && v[m] != Unmarked {
			from := b.bearer(n)
			f.add(Overshoot{Value: v[m], Limit: limit, Scope: from.index, Of: from.of, In: from.in, Measure: measureReasons[m]})
		}
	}
}

// EachMeasure gives the measures of a scope, or of its slice in a part of its instruments, that have a limit beside the
// gross and net of a scope, with what they are now; those of one instrument's position are of ins. Unmarked: a mark is missing.
func (b *Book) EachMeasure(kind Scope, i uint32, in Part, ins uint32, f func(m Measure, value, limit int64)) {
	n, ok := b.bears(kind, i, in)
	if !ok || b.scopes[n].armed&armedMeasures == 0 {
		return
	}
	var v reading
	b.read(n, []Change{{Place: Place{Account: NoIndex, Instrument: ins}}}, &v)
	for m, limit := range b.measure(n).limits {
		if limit != Unlimited {
			f(Measure(m), v[m], limit)
		}
	}
}
