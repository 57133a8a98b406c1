package risk

// scope is one bearer of credit: the firm, a client, an account, a trader. One cache line.
type scope struct {
	eb, es       Money // bought and sold since the day roll
	rb, rs       Money // Σ r of open buys and of open sells
	gross        Money // limits
	grossClosing Money // gross plus the reserve that only closing orders may use
	net          Money
	openOrders   int32
	kind         Scope
	armed        uint8  // which rows it has elsewhere: of order limits, see SetOrderLimits, and of measures
	rules        uint16 // row of its lists; 0: it has none
}

const firmScope = 0

func (s *scope) empty() bool     { return s.eb|s.es|s.rb|s.rs == 0 && s.openOrders == 0 }
func (s *scope) sum() Money      { return s.eb + s.es + s.rb + s.rs }
func (s *scope) netLong() Money  { return s.eb + s.rb - s.es }
func (s *scope) netShort() Money { return s.es + s.rs - s.eb }

// indexOf turns a scope's place in the table into the number of its client, account, trader …; 0 for the firm.
func (b *Book) indexOf(n uint32) uint32 { return n - b.base[b.scopes[n].kind] }

// ScopeView is a copy of one scope for reports and tests (exposure 5).
type ScopeView struct {
	EB, ES, RB, RS Money
	OpenOrders     int64
	GrossMax       Money
	NetMax         Money
}

// Gross is the traded gross: it falls only by release, bust or roll.
func (v ScopeView) Gross() Money { return v.EB + v.ES + v.RB + v.RS }

// Net is the larger of net long and net short.
func (v ScopeView) Net() Money { return max(v.EB+v.RB-v.ES, v.ES+v.RS-v.EB) }

// Credit copies a scope out; an unknown number is an empty scope.
func (b *Book) Credit(kind Scope, i uint32) ScopeView {
	n, ok := b.number(kind, i)
	if !ok {
		return ScopeView{}
	}
	s := &b.scopes[n]
	return ScopeView{s.eb, s.es, s.rb, s.rs, int64(s.openOrders), s.gross, s.net}
}

// Sums are what a scope has of both sides, executed and reserved: EB + RB, and ES + RS.
type Sums struct{ Buys, Sells Money }

// SumsAt lists them for every scope that an order at a place counts in, and every slice, link and venue that limits something, and
// returns how many there are. One whose limits a reload has taken away counts on, and a start would not lay it out.
func (b *Book) SumsAt(at *Place, out *[SlicesMax]Sums) (count int) {
	var rows [SlicesMax]uint32
	for _, n := range b.debited(at, &rows) {
		if s := &b.scopes[n]; !b.comes(n) || b.limited(n) {
			out[count] = Sums{s.eb + s.rb, s.es + s.rs}
			count++
		}
	}
	return count
}

// comes reports whether a row of the table of scopes counts only where it has limits of its own.
func (b *Book) comes(n uint32) bool {
	switch b.scopes[n].kind {
	case ScopeSlice, ScopeLink, ScopeVenue:
		return true
	}
	return false
}

// Move books a change of one order: open quantity into the position, reservation and count into
// every scope on its path. It judges nothing. False = a total had to be clamped or no position row
// was free: alert at once, the book no longer equals a recomputation.
func (b *Book) Move(at *Place, side Side, dOpen Qty, dReserved Money, dCount int) (exact bool) {
	exact = true
	var rows [SlicesMax]uint32
	scopes := b.debited(at, &rows)
	for _, n := range scopes {
		s := &b.scopes[n]
		r := &s.rs
		if side.IsBuy() {
			r = &s.rb
		}
		exact = add(r, dReserved) && exact
		s.openOrders += int32(dCount)
	}
	if dOpen == 0 {
		return exact
	}
	return b.bookPosition(at, scopes, &Delta{Side: side, Open: dOpen}) && exact
}

// Execute books an execution: money into EB or ES of every scope on the path, quantity into the
// position. A bust books the same with both signs turned. Executions are booked even over a
// limit. False as for Move.
func (b *Book) Execute(at *Place, side Side, qty Qty, m Money) (exact bool) {
	exact = true
	var rows [SlicesMax]uint32
	scopes := b.debited(at, &rows)
	for _, n := range scopes {
		s := &b.scopes[n]
		if side.IsBuy() {
			exact = add(&s.eb, m) && exact
		} else {
			exact = add(&s.es, m) && exact
		}
	}
	return b.bookPosition(at, scopes, &Delta{Side: side, Qty: qty}) && exact
}

// Amend books what changes of an execution of an earlier trade date, in the position and in its start of day. Money of this
// trade date stays as it is: what is taken back of yesterday makes no room today (exposure 7). False as for Move.
func (b *Book) Amend(at *Place, side Side, qty Qty) (exact bool) {
	d := Delta{Side: side, Qty: qty, Start: qty}
	if !side.IsBuy() {
		d.Start = -qty
	}
	var rows [SlicesMax]uint32
	return b.bookPosition(at, b.debited(at, &rows), &d)
}

func add[T Money | Qty](held *T, change T) bool {
	sum, exact := clamp(int64(*held), int64(change))
	*held = T(sum)
	return exact
}

// Roll begins a trade date (exposure 9): executed money is 0 in every scope, and so is what throttles count
// by days; today's position is the new start of day, until a file says otherwise: no account has one yet. Nothing is
// located or easy to borrow yet, and what is held is worth its last mark until its close is said. Reservations, positions,
// kills and other windows stay.
func (b *Book) Roll() {
	for i := range b.scopes {
		b.scopes[i].eb, b.scopes[i].es = 0, 0
	}
	for i := range b.measured {
		b.measured[i].warned = [measures]uint8{}
	}
	for i := range b.accounts {
		b.accounts[i].dayOpen, b.accounts[i].dated = false, false
	}
	for i := range b.positions {
		p := &b.positions[i]
		p.sod, p.shortSold, p.located = p.p, 0, 0
	}
	b.rollShorts()
	b.RollThrottles()
	b.rollMarks()
	b.dropFlat()
}
