package rehearsal

import (
	"fmt"
	"slices"
	"strings"

	"portcullis/fix"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// afterwards are breaches by orders that are sound by themselves: what was before, or how late it is, has them refused.
func (t *selfTest) afterwards(a *config.Account, in *config.Instrument, sound terms) (list []breach) {
	short := strings.Contains(a.Sides, "5")
	if a.Locate == config.LocateRequired && short {
		b := breach{control: risk.LocateExceeded, terms: sound, times: 1, phase: risk.Continuous, located: decimal(in.Lot)}
		b.terms.side, b.terms.qty = "5", decimal(2*in.Lot)
		list = append(list, b)
	}
	if v := t.venueOf(a, in); v != nil && v.CloseCutOff != nil {
		b := breach{control: risk.CloseCutOff, terms: sound, times: 1, phase: risk.Continuous, cutOff: v.Name}
		switch {
		case strings.Contains(a.TimeInForces, "7") && strings.Contains(in.TimeInForces, "7"):
			b.terms.tif = "7"
			list = append(list, b)
		case strings.Contains(a.OrdTypes, "5") && strings.Contains(in.OrdTypes, "5"):
			b.terms.ordType, b.terms.price = "5", ""
			list = append(list, b)
		}
	}
	if i := strings.IndexAny(a.Sides, "25"); a.SelfMatch != "" && i >= 0 && strings.Contains(a.Sides, "1") {
		b := breach{control: risk.SelfMatch, terms: sound, times: 1, phase: risk.Continuous, before: []terms{sound}}
		b.before[0].side, b.terms.side = "1", a.Sides[i:i+1]
		if a.SelfMatchAction == risk.CancelResting {
			b.control, b.held = risk.SelfMatchStands, true // the venue has not confirmed the one that it meets
		}
		list = append(list, b)
	}
	return list
}

// venueOf is where the orders of an account in an instrument go that name no destination; nil: nowhere.
func (t *selfTest) venueOf(a *config.Account, in *config.Instrument) *config.Venue {
	set := t.stage.core.Setup()
	v := set.Routes.VenueOf(uint32(t.stage.accountOf(a.Name)), uint32(t.stage.instrumentOf(in.Symbol)))
	if v == core.NoIndex {
		return nil
	}
	return &t.cfg.Venues[slices.IndexFunc(t.cfg.Venues, func(x config.Venue) bool { return x.Name == set.Venues[v].Name })]
}

// prepare sends what comes before a breach, apart in time, and has it filled where that is wanted. What does not pass is
// the answer.
func (t *selfTest) prepare(l uint32, b *breach) risk.Reason {
	for i := range b.before {
		t.send(l, &b.before[i])
		if got := t.stage.d.Reason; got != risk.Accepted {
			return got
		}
		if b.filled {
			t.ids++
			t.stage.fill(&b.before[i], t.ids)
		}
		t.stage.nowNs += betweenNs
	}
	return risk.Accepted
}

// betweenNs is more than the window of equal orders usually is.
const betweenNs = 2_000_000_000

// fill has the venue that got the last order fill it.
func (s *stage) fill(o *terms, id int) {
	set := s.core.Setup()
	for i := range set.Venues {
		l := set.Venues[i].Link
		sent := s.sent(l, "11")
		if sent == "" {
			continue
		}
		body := fmt.Sprintf("37=V%d|11=%s|17=E%d|39=2|55=%s|54=%s|38=%s|32=%s|31=%s|14=%s|6=%s|", id, sent, id, o.symbol, o.side, o.qty, o.qty, o.price, o.qty, o.price)
		switch version := set.Links[l].BeginString; {
		case version == "FIX.4.0":
			body += "20=0|"
		case version < "FIX.4.3":
			body += "20=0|150=2|151=0|"
		default:
			body += "150=F|151=0|"
		}
		s.message(l, "8", strings.ReplaceAll(body, "|", "\x01"))
		return
	}
}

// enable lifts what controls that disable have left: it was for one breach.
func (s *stage) enable() {
	for _, k := range slices.Clone(s.core.Book().Kills()) {
		if k.Mode == risk.KillTripped {
			s.core.Book().ClearKill(k.ID)
		}
	}
}

// locate is what may be sold short of a symbol today.
func (s *stage) locate(account, symbol, qty string) {
	v, _ := fix.ParseDecimal([]byte(qty))
	s.command(core.Command{Kind: core.CmdLocate, Qty: risk.Qty(v), Target: core.DatedInstrument(s.core.TradeDate(), uint32(s.instrumentOf(symbol))),
		Index: uint32(slices.IndexFunc(s.core.Setup().Accounts, func(a core.AccountSetup) bool { return a.Name == account }))})
}

// passCutOff moves time on until a venue takes no orders in a symbol at the close any more.
func (s *stage) passCutOff(venue, symbol string) {
	for i := range s.core.Setup().Venues {
		v := &s.core.Setup().Venues[i]
		if v.Name != venue || len(v.CloseCutOff.Past) == 0 {
			continue
		}
		if _, toNs, past := v.CloseCutOff.Of(uint32(s.instrumentOf(symbol))).At(s.nowNs); !past {
			s.nowNs = toNs
		}
	}
}
