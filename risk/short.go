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
	easy bool // to borrow
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
