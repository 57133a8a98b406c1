package risk

// ShortRules are what an account's short sales (54=5 and 6) are held to.
type ShortRules uint8

const (
	// ShortMarkChecked: what the position held covers is a long sale, and marked as one (Reg SHO 200(g)).
	ShortMarkChecked ShortRules = 1 << iota
	// LocateDeclared: the order says that its sender has located what it sells, or that is easy to borrow (203(b)).
	LocateDeclared
	// LocateRequired: it is located here, or easy to borrow.
	LocateRequired
)

// shortSales is what holds for short sales of one instrument, on this trade date.
type shortSales struct {
	easy      bool   // to borrow
	priceTest uint8  // trade dates, this one included, on which the price test of Rule 201 is in force
	saidBy    uint16 // venue plus one that alone has said so; 0: an operator has, or a list, or several venues
}

// SetLocated says how much of an instrument is located for an account's short sales of this trade date,
// what they have used of it included.
func (b *Book) SetLocated(acc, ins uint32, located Qty) error {
	if acc >= uint32(len(b.accounts)) || ins >= uint32(len(b.instruments)) {
		return errIndex
	}
	if located < 0 || located > MagnitudeMax {
		return errLimit
	}
	p := b.row(b.accountScope(acc), ins)
	if p == nil {
		return errFull
	}
	p.located = located
	return nil
}

// SetEasy says whether an instrument is easy to borrow on this trade date: its short sales need no locate.
func (b *Book) SetEasy(ins uint32, easy bool) {
	if ins < uint32(len(b.shorts)) {
		b.shorts[ins].easy = easy
	}
}

// Easy reports whether it is.
func (b *Book) Easy(ins uint32) bool { return ins < uint32(len(b.shorts)) && b.shorts[ins].easy }

// PriceTestDates is how long a trigger of the price test holds: the rest of the trade date, and the next one.
const PriceTestDates = 2

// SetPriceTest puts the price test of Rule 201 in force for so many trade dates, this one included; 0 lifts it. venue is the one
// that alone has said so, NoIndex: it is not a venue's to lift.
func (b *Book) SetPriceTest(ins, venue uint32, dates uint8) {
	if ins < uint32(len(b.shorts)) {
		b.shorts[ins].priceTest, b.shorts[ins].saidBy = dates, uint16(venue+1)
	}
}

// PriceTestBy is the venue that alone has said that the price test is in force, NoIndex if it is not, or not a venue's to lift.
func (b *Book) PriceTestBy(ins uint32) uint32 {
	if s := &b.shorts[ins]; s.priceTest > 0 {
		return uint32(s.saidBy) - 1
	}
	return NoIndex
}

// PriceTest is for how many trade dates it is in force.
func (b *Book) PriceTest(ins uint32) uint8 { return b.shorts[ins].priceTest }

// rollShorts ends what was of one trade date.
func (b *Book) rollShorts() {
	for i := range b.shorts {
		s := &b.shorts[i]
		s.easy = false
		if s.priceTest > 0 {
			s.priceTest--
		}
	}
}

// checkShortPrice is the price test of Rule 201: a short sale that is not marked exempt (54=6, where the account has that
// side) has a limit above the best bid. A quote that is crossed shows none.
func (b *Book) checkShortPrice(o *Order, j *Judgement) Reason {
	in, q := &b.instruments[o.Instrument], &o.Quote
	crossed := q.Has&HasAsk != 0 && q.Bid > q.Ask
	ageMax := in.ageMaxNs[RefTouch]
	if q.Has&HasBid == 0 || crossed || !in.plausible(q.Bid) || !fresh(o.UTCNs-q.AtNs, ageMax) {
		return j.fail(ShortSaleBidMissing, o.Instrument, 0, ageMax)
	}
	j.note(ShortSaleNotAboveBid, o.Instrument, int64(o.Terms.Price), int64(q.Bid))
	if !o.Terms.HasPrice || o.Terms.Price <= q.Bid {
		return ShortSaleNotAboveBid
	}
	return Accepted
}

// NoteShort counts what a short sale executed on this trade date, negative for a bust of such an execution.
// False as for Execute.
func (b *Book) NoteShort(at *Place, qty Qty) (exact bool) {
	p := b.row(b.accountScope(at.Account), at.Instrument)
	return p != nil && add(&p.shortSold, qty)
}

// shortUsed is what short sales of the day take of what is located: executed, or open.
func (p *position) shortUsed() Qty { return p.shortSold + p.os - p.osLong }

// checkShort judges a short sale by the rules of its account.
func (b *Book) checkShort(o *Order, j *Judgement, a *account, p *position) Reason {
	if a.short&ShortMarkChecked != 0 && j.Open > 0 {
		held := max(0, p.p-(p.os-o.OpenBooked)) // that no other open sale takes
		j.note(ShortMarkWrong, o.Account, int64(j.Open), int64(held))
		if j.Open <= held {
			return ShortMarkWrong
		}
	}
	if a.short&(LocateDeclared|LocateRequired) == 0 || b.shorts[o.Instrument].easy {
		return Accepted
	}
	if a.short&LocateRequired == 0 {
		if !o.Located {
			return j.fail(LocateNotDeclared, o.Account, 0, 0)
		}
		return Accepted
	}
	used := p.shortUsed() + j.Open - o.OpenBooked
	if p.located == 0 {
		return j.fail(LocateMissing, o.Account, int64(used), 0)
	}
	return j.atMost(LocateExceeded, o.Account, int64(used), int64(p.located))
}

// overLocated finds what short sales have used beyond what is located, where that is asked.
func (b *Book) overLocated(f *finder, a *account, at *Place, p *position) {
	if a.short&LocateRequired == 0 || at.Instrument >= uint32(len(b.shorts)) || b.shorts[at.Instrument].easy {
		return
	}
	if used := p.shortUsed(); used > p.located {
		f.found(LocateExceeded, at.Account, int64(used), int64(p.located))
	}
}
