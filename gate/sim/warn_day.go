package sim

import (
	"math"
	"math/big"

	"portcullis/gate/core"
	"portcullis/risk"
)

// The twin of the levels of throttles that count by trade dates: what was told of a figure must be so, and what is so must have
// been told.

// slowLevel is what the twin knows of one figure.
type slowLevel struct {
	told, was uint8 // now, and before the record at hand
	last      *big.Int
}

// levelled is the level of a figure of a throttle.
func (t *slowThrottle) levelled(key uint32) *slowLevel {
	if t.levels[key] == nil {
		t.levels[key] = &slowLevel{}
	}
	return t.levels[key]
}

// warned follows what a record says of the levels of a throttle.
func (t *slowThrottle) warned(d *core.Decision) {
	for _, l := range t.levels {
		l.was = l.told
	}
	for i := range d.EffectLen {
		e := &d.Effects[i]
		about := (e.Kind == core.Calmed || e.Kind == core.Alerted && e.Alert == core.LimitNear) &&
			risk.Reason(e.Seq) == t.Of.Control() && risk.Scope(e.Status) == t.kind && e.Account == t.index
		switch {
		case about && t.bySymbol():
			t.levelled(e.Instrument).told = uint8(e.Value)
		case about:
			t.levelled(0).told = uint8(e.Value)
		case e.Kind == core.Rolled && t.Of.Daily():
			clear(t.levels)
		}
	}
}

// bySymbol reports whether each symbol has a figure of its own.
func (t *slowThrottle) bySymbol() bool {
	switch t.Of {
	case risk.SymbolOrders, risk.SymbolQty, risk.SymbolDayQty, risk.SymbolOrderTrades, risk.SymbolQtyTrades:
		return true
	}
	return false
}

// figure is what a throttle that counts by trade dates has counted; false: it binds nobody yet.
func (t *slowThrottle) figure(key uint32) (*big.Int, bool) {
	if !t.Of.Ratio() {
		if w := t.windows[key]; w != nil {
			return big.NewInt(w.Sum(math.MaxInt64)), true
		}
		return new(big.Int), true
	}
	r := t.ratios[key]
	switch {
	case r == nil || r.messages < t.Least:
		return nil, false
	case r.done == 0 && r.asked > 0:
		return big.NewInt(risk.Unlimited), true
	case r.asked <= r.done:
		return new(big.Int), true
	}
	v := big.NewInt(r.asked - r.done)
	v, rest := v.QuoRem(v.Mul(v, big.NewInt(risk.RatioScale)), big.NewInt(r.done), new(big.Int))
	if rest.Sign() != 0 {
		v.Add(v, big.NewInt(1))
	}
	return v, true
}

// levels holds what was told of all throttles against what they have counted.
func (l *ledger) levels(d *core.Decision) {
	for _, t := range l.throttles {
		if t.Warn == (risk.WarnLevels{}) {
			continue
		}
		for key := range uint32(len(symbolNames)) {
			if key == 0 || t.bySymbol() {
				t.hold(l.w, d, key)
			}
		}
	}
}

func (t *slowThrottle) hold(w *World, d *core.Decision, key uint32) {
	v, binds := t.figure(key)
	level, limit := t.levelled(key), big.NewInt(t.Max)
	if !binds {
		if level.told != 0 {
			w.fail("%s of %d in %d binds nobody, and is told at %d %%", t.Of.Control(), t.index, key, level.told)
		}
		level.last = nil
		return
	}
	if level.told > level.was && !reaches(v, limit, level.told) {
		w.fail("%s of %d in %d is %s of %s, and is told at %d %%", t.Of.Control(), t.index, key, v, limit, level.told)
	}
	moved := level.last != nil && level.last.Cmp(v) != 0
	if full := d.EffectLen >= core.EffectsMax-1; moved && !full && level.told != levelOf(t.Warn, v, limit, level.was) {
		w.fail("%s of %d in %d was told at %d %%, is %s of %s and now told at %d", t.Of.Control(), t.index, key, level.was, v, limit, level.told)
	}
	level.last = v
}
