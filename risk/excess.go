package risk

// Overshoot is one measure above its limit. After an event that nobody can refuse (a fill above
// the reservation, a bust, a lowered limit) it is recorded with the event as its cause (exposure 8).
type Overshoot struct {
	Value, Limit int64  // in the unit of the measure's row in the reason table
	Scope        uint32 // number of the account or client; 0 for the firm
	Measure      Reason // the control that would refuse now
	_            [2]byte
}

// Amount is how far the measure is above its limit.
func (o Overshoot) Amount() int64 { return o.Value - o.Limit }

// OvershootsMax is the most that one Excess can find.
const OvershootsMax = 4 + 2*PathMax

// Excess lists what is above its limit on the path of one account and in one instrument
// (NoIndex = scopes only), and returns how many there are; out should hold OvershootsMax, what
// does not fit is counted only. A gross inside its closing reserve is above its limit too.
func (b *Book) Excess(acc, ins uint32, out []Overshoot) int {
	f := finder{out: out}
	path := b.path(acc)
	for i, n := range path {
		s, c := &b.scopes[n], &levels[i]
		if n == firmScope {
			c = &levels[firmLevel]
		}
		if gross := s.sum(); gross > s.gross {
			f.found(c.gross, b.indexOf(n), int64(gross), int64(s.gross))
		}
		if net := max(s.netLong(), s.netShort()); net > s.net {
			f.found(c.net, b.indexOf(n), int64(net), int64(s.net))
		}
	}
	if acc >= uint32(len(b.accounts)) {
		return f.count
	}
	a := &b.accounts[acc]
	if open := b.scopes[path[0]].openOrders; open > a.openOrdersMax {
		f.found(OpenOrderCountExceeded, acc, open, a.openOrdersMax)
	}
	p := b.peek(acc, ins)
	if long := p.p + p.ob; long > a.longMax {
		f.found(LongPositionExceeded, acc, int64(long), int64(a.longMax))
	}
	if short := p.os - p.p; short > a.shortMax {
		f.found(ShortPositionExceeded, acc, int64(short), int64(a.shortMax))
	}
	if held := max(0, p.p); a.sellLong && p.osLong > held {
		f.found(SellLongExceedsPosition, acc, int64(p.osLong), int64(held))
	}
	return f.count
}

type finder struct {
	out   []Overshoot
	count int
}

func (f *finder) found(measure Reason, index uint32, value, limit int64) {
	if f.count < len(f.out) {
		f.out[f.count] = Overshoot{Value: value, Limit: limit, Scope: index, Measure: measure}
	}
	f.count++
}
