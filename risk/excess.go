package risk

// Overshoot is one measure above its limit. After an event that nobody can refuse (a fill above
// the reservation, a bust, a lowered limit) it is recorded with the event as its cause (exposure 8).
type Overshoot struct {
	Value, Limit int64  // in the unit of the measure's row in the reason table
	Scope        uint32 // number of the account, client, trader …; 0 for the firm
	Measure      Reason // the control that would refuse now
	Of           Scope  // of what Scope is the number; 0 where the control says it
	In           Class  // of its instruments; OneInstrument = the one at hand
}

// Same reports whether two are of the same measure of the same scope.
func (o *Overshoot) Same(p *Overshoot) bool {
	return o.Scope == p.Scope && o.Measure == p.Measure && o.Of == p.Of && o.In == p.In
}

// Firm reports whether it is the firm's.
func (o *Overshoot) Firm() bool { return o.Of == ScopeFirm || o.Measure.Scope() == ScopeFirm }

// Amount is how far the measure is above its limit.
func (o Overshoot) Amount() int64 { return o.Value - o.Limit }

// OvershootsMax is the most that one Excess lists: gross and net of every scope, and a few more.
const OvershootsMax = 32

// Excess lists what is above its limit on the path of a place and in its instrument
// (NoIndex = scopes only), and returns how many there are; out should hold OvershootsMax, what
// does not fit is counted only. A gross inside its closing reserve is above its limit too.
func (b *Book) Excess(at *Place, out []Overshoot) int {
	return b.ExcessAfter([]Change{{Place: *at}}, out)
}

// AccountExcess lists what an account by itself has above its limits, and returns how much it is.
func (b *Book) AccountExcess(acc uint32, out []Overshoot) int {
	f := finder{out: out}
	if n := b.accountScope(acc); n != NoIndex && b.configured(acc) {
		b.scopeExcess(&f, n)
		if open, limit := int64(b.scopes[n].openOrders), b.accounts[acc].openOrdersMax; open > limit {
			f.found(OpenOrderCountExceeded, acc, open, limit)
		}
	}
	return f.count
}

// SharedScopes is how many scopes there are beside accounts: in each, orders of several count, or may.
func (b *Book) SharedScopes() uint32 { return uint32(len(b.scopes)) - b.scopesOf[ScopeAccount] }

// SharedExcess lists what the n-th of them has above its limits, and returns how much it is, and of which instrument where it is limited
// in that alone.
func (b *Book) SharedExcess(n uint32, out []Overshoot) (instrument uint32, count int) {
	if n >= b.base[ScopeAccount] {
		n += b.scopesOf[ScopeAccount]
	}
	f := finder{out: out}
	if n >= uint32(len(b.scopes)) || !b.bearsCredit(n) {
		return NoIndex, 0
	}
	b.scopeExcess(&f, n)
	if b.scopes[n].kind == ScopeSlice {
		if of := &b.sliceOf[n-b.base[ScopeSlice]]; of.in == OneInstrument {
			return of.instrument, f.count
		}
	}
	return NoIndex, f.count
}

func (b *Book) scopeExcess(f *finder, n uint32) {
	f.credit(&b.scopes[n], b.indexOf(n))
	f.measures(b, n, []Change{{Place: Place{Account: NoIndex, Instrument: NoIndex}}})
}

// PositionSlots is how many rows of positions there may be; PositionExcess lists what of one of them is above a limit, in
// which instrument, and returns how much it is.
func (b *Book) PositionSlots() uint32 { return uint32(len(b.positions)) }

func (b *Book) PositionExcess(slot uint32, out []Overshoot) (instrument uint32, count int) {
	p := &b.positions[slot]
	if p.key == 0 {
		return NoIndex, 0
	}
	n, ins := p.at()
	f := finder{out: out}
	if b.scopes[n].kind == ScopeAccount {
		f.position(p, &b.accounts[b.indexOf(n)], b.indexOf(n))
	}
	if b.scopes[n].armed&keepsPositions != 0 {
		x, from := b.measure(n), b.bearer(n)
		for m, v := range [...]Qty{MeasureLong: p.p + p.ob, MeasureShort: p.os - p.p} {
			if limit := x.limits[m]; Measure(m) >= MeasureLong && int64(v) > limit {
				f.add(Overshoot{Value: int64(v), Limit: limit, Scope: from.index, Of: from.of, In: from.in, Measure: measureReasons[m]})
			}
		}
	}
	return ins, f.count
}

type finder struct {
	out   []Overshoot
	count int
}

// credit finds what a scope has above its limits.
func (f *finder) credit(s *scope, index uint32) {
	if s.kind == ScopeSlice {
		return // see measures
	}
	c := &creditControls[s.kind]
	if gross := s.sum(); gross > s.gross {
		f.found(c.gross, index, int64(gross), int64(s.gross))
	}
	if net := max(s.netLong(), s.netShort()); net > s.net {
		f.found(c.net, index, int64(net), int64(s.net))
	}
}

func (f *finder) found(measure Reason, index uint32, value, limit int64) {
	f.add(Overshoot{Value: value, Limit: limit, Scope: index, Measure: measure})
}

func (f *finder) add(o Overshoot) {
	if f.count < len(f.out) {
		f.out[f.count] = o
	}
	f.count++
}

// position finds what an account has above its limits in one instrument.
func (f *finder) position(p *position, a *account, acc uint32) {
	if long := p.p + p.ob; long > a.longMax {
		f.found(LongPositionExceeded, acc, int64(long), int64(a.longMax))
	}
	if short := p.os - p.p; short > a.shortMax {
		f.found(ShortPositionExceeded, acc, int64(short), int64(a.shortMax))
	}
	if held := max(0, p.p); a.sellLong && p.osLong > held {
		f.found(SellLongExceedsPosition, acc, int64(p.osLong), int64(held))
	}
}
