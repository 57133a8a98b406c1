package rehearsal

import (
	"fmt"

	"portcullis/gate/config"
	"portcullis/risk"
)

// instruments tries what each instrument is held to by itself, from the first seat that can trade it; of instruments whose
// rules are the same the first.
func (t *selfTest) instruments() {
	seen, firm := map[string]bool{}, t.scopes[0]
	for i := range t.cfg.Instruments {
		rules := t.cfg.Instruments[i]
		rules.Symbol, rules.Close, rules.Adv = "", 0, 0
		key := fmt.Sprint(rules)
		if seen[key] {
			continue
		}
		seat := t.tried(0, firm, part{symbol: t.cfg.Instruments[i].Symbol}).seat
		if seat == nil {
			continue // restricted, halted or without a price: refused as such
		}
		seen[key] = true
		t.tryAll(seat, t.increments(seat))
		t.tryAll(seat, t.prices(seat))
	}
}

// increments are breaches of lots and ticks.
func (t *selfTest) increments(s *seat) []breach {
	l, in := &list{seat: s, whose: "instrument " + s.in.Symbol}, s.in
	l.order(true, risk.OffLot, func(o *terms) { o.qty = decimal(in.Lot + in.Lot/2) })
	tick := in.Ticks.At(in.Close)
	l.order(tick > 1, risk.OffTick, func(o *terms) { o.price = decimal(in.Close - in.Close%tick + tick/2) })
	l.order(in.WholeCents && tenthOfCent%tick == 0 && in.Close >= 100*cent, risk.SubPennyPrice, func(o *terms) {
		o.price = decimal(in.Close - in.Close%cent + tenthOfCent)
	})
	return l.all
}

// prices are breaches of collars, and of the prices that those rest on.
func (t *selfTest) prices(s *seat) []breach {
	l, in := &list{seat: s, whose: "instrument " + s.in.Symbol}, s.in
	for _, c := range collars(in) {
		far := in.Close + c.width
		step := in.Ticks.At(far)
		if in.WholeCents {
			step = max(step, cent)
		}
		far += 2 * step
		l.order(true, c.control, func(o *terms) { o.price = decimal(far - far%step) })
	}
	referenced := in.CollarBps != config.Unlimited || in.CollarAmount != 0 || in.CollarTicks != 0
	l.add(referenced && in.StaticDate == 0, risk.ReferencePriceMissing, ofOrders, func(b *breach) {
		b.when = []given{t.quoting(func(q *risk.Quote) { q.Has = 0 })}
	})
	l.add(referenced && in.StaticDate == 0, risk.ReferencePriceStale, ofOrders, func(b *breach) {
		b.when = []given{t.quoting(func(q *risk.Quote) { q.CloseAtNs -= (int64(in.CloseAgeMaxDays) + 1) * dayNs })}
	})
	l.add(in.FXAgeMaxNs != config.Unlimited, risk.FXRateStale, ofOrders, func(b *breach) { b.when = []given{t.rateStale(s)} })
	l.add(in.NearTouchBps+in.FarTouchBps != 0, risk.TouchMissing, ofOrders, func(b *breach) {
		b.with, b.when = []given{t.touch(in.Close, in.Close)}, []given{t.quoting(nil)}
	})
	away := func(near, far int64) func(*breach) {
		return func(b *breach) { b.with, b.when = []given{t.touch(in.Close, in.Close)}, []given{t.touch(near, far)} }
	}
	buys := s.sound.side == "1"
	low := func(bps int) int64 { return in.Close - in.Close/10_000*int64(bps+1) - in.Close/100 }
	high := func(bps int) int64 { return in.Close + in.Close/10_000*int64(bps+1) + in.Close/100 }
	switch {
	case in.NearTouchBps != 0 && buys:
		l.add(true, risk.NearTouchExceeded, ofOrders, away(low(in.NearTouchBps), in.Close))
	case in.NearTouchBps != 0:
		l.add(true, risk.NearTouchExceeded, ofOrders, away(in.Close, high(in.NearTouchBps)))
	}
	switch {
	case in.FarTouchBps != 0 && buys:
		l.add(true, risk.FarTouchExceeded, ofOrders, away(in.Close, high(in.FarTouchBps)))
	case in.FarTouchBps != 0:
		l.add(true, risk.FarTouchExceeded, ofOrders, away(low(in.FarTouchBps), in.Close))
	}
	return l.all
}

const dayNs = 24 * 3600 * 1_000_000_000

// quoting has the market be something beside the previous close.
func (t *selfTest) quoting(change func(*risk.Quote)) given {
	return func() func() {
		was := t.stage.quoting
		t.stage.quoting = change
		return func() { t.stage.quoting = was }
	}
}

// rateStale has the rate of exchange of a seat's instrument be older than it may be.
func (t *selfTest) rateStale(s *seat) given {
	return func() func() {
		book, number := t.stage.core.Book(), t.place(s).Instrument
		book.SetRate(number, risk.Rate{AtNs: t.stage.nowNs - s.in.FXAgeMaxNs - 1, AgeMaxNs: s.in.FXAgeMaxNs})
		return func() { book.SetRate(number, risk.Rate{}) }
	}
}

// touch has a fresh quote.
func (t *selfTest) touch(bid, ask int64) given {
	return t.quoting(func(q *risk.Quote) {
		q.Bid, q.Ask, q.AtNs, q.Has = risk.Price(bid), risk.Price(ask), t.stage.nowNs, q.Has|risk.HasBid|risk.HasAsk
	})
}
