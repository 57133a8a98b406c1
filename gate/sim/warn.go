package sim

import (
	"math/big"

	"portcullis/gate/core"
	"portcullis/risk"
)

// The twin of the levels of warning adds the firm's credit up anew after every record: what was told of it must be so, and what
// is so must have been told.

// warnedLevels are the levels of the firm's limits, and calm is how far a figure must fall below one before it is told again.
var warnedLevels = risk.WarnLevels{75, 90}

const calm = 5

// slowWarnings is what the twin knows of the levels.
type slowWarnings struct {
	traded big.Int // executed since the roll, bought and sold
	rolled bool    // by the record at hand
	told   map[risk.Reason]uint8
	was    map[risk.Reason]uint8 // before the record at hand
	last   map[risk.Reason]*big.Int
}

func newWarnings() slowWarnings {
	return slowWarnings{told: map[risk.Reason]uint8{}, was: map[risk.Reason]uint8{}, last: map[risk.Reason]*big.Int{}}
}

// note follows what a record says of executions and levels.
func (s *slowWarnings) note(d *core.Decision) {
	s.rolled = false
	for control, level := range s.told {
		s.was[control] = level
	}
	for i := range d.EffectLen {
		switch e := &d.Effects[i]; {
		case (e.Kind == core.Executed || e.Kind == core.Busted) && e.Status == core.Earlier: // nothing of this trade date
		case e.Kind == core.Executed:
			s.traded.Add(&s.traded, big.NewInt(int64(e.Money)))
		case e.Kind == core.Busted:
			s.traded.Sub(&s.traded, big.NewInt(int64(e.Money)))
		case e.Kind == core.Rolled:
			s.traded.SetInt64(0)
			clear(s.told)
			clear(s.was)
			s.rolled = true
		case (e.Kind == core.Calmed || e.Kind == core.Alerted && e.Alert == core.LimitNear) && risk.Scope(e.Status) == risk.ScopeFirm:
			s.told[risk.Reason(e.Seq)] = uint8(e.Value)
		}
	}
}

// hold compares the levels with the credit that the record left. c is in the state after.
func (s *slowWarnings) hold(w *World, c *core.Core, d *core.Decision) {
	open, gross := new(big.Int), new(big.Int)
	c.EachLive(func(_ uint32, o *core.Order) bool {
		open.Add(open, big.NewInt(int64(o.Reserved)))
		return true
	})
	gross.Add(open, &s.traded)
	limits := variants[w.follower.variant]
	s.measure(w, d, risk.FirmGrossExceeded, gross, limits.firmGross)
	s.measure(w, d, risk.OpenCreditExceeded, open, limits.firmOpen)
}

func (s *slowWarnings) measure(w *World, d *core.Decision, control risk.Reason, v *big.Int, limit risk.Money) {
	whole := big.NewInt(int64(limit) * risk.MoneyScale)
	told, was, last := s.told[control], s.was[control], s.last[control]
	if told > was && !reaches(v, whole, told) {
		w.fail("%s is %s of %s, and is told at %d %%", control, v, whole, told)
	}
	moved := last != nil && last.Cmp(v) != 0
	if full := d.EffectLen >= core.EffectsMax-1; moved && !full && !s.rolled && told != levelOf(warnedLevels, v, whole, was) {
		w.fail("%s was told at %d %%, is %s of %s and now told at %d", control, was, v, whole, told)
	}
	s.last[control] = v
}

// levelOf is the one that a figure has reached, or has not left yet.
func levelOf(levels risk.WarnLevels, v, limit *big.Int, was uint8) (at uint8) {
	for _, percent := range levels {
		if percent != 0 && (reaches(v, limit, percent) || percent <= was && reaches(v, limit, percent-calm)) {
			at = percent
		}
	}
	return at
}

func reaches(v, limit *big.Int, percent uint8) bool {
	part := new(big.Int).Mul(limit, big.NewInt(int64(percent)))
	return v.Sign() > 0 && new(big.Int).Mul(v, big.NewInt(100)).Cmp(part) >= 0
}
