package risk

// scope is one level of credit: the firm, a client or an account. One cache line.
type scope struct {
	eb, es       Money // bought and sold since the day roll
	rb, rs       Money // Σ r of open buys and of open sells
	openOrders   int64
	gross        Money // limits
	grossClosing Money // gross plus the reserve that only closing orders may use
	net          Money
}

const firmScope = 0

func (b *Book) clientScope(i uint32) uint32  { return 1 + i }
func (b *Book) accountScope(i uint32) uint32 { return 1 + uint32(b.capacity.Clients) + i }

func (s *scope) empty() bool     { return s.eb|s.es|s.rb|s.rs == 0 && s.openOrders == 0 }
func (s *scope) sum() Money      { return s.eb + s.es + s.rb + s.rs }
func (s *scope) netLong() Money  { return s.eb + s.rb - s.es }
func (s *scope) netShort() Money { return s.es + s.rs - s.eb }

// indexOf turns a scope into the number of its firm (0), client or account.
func (b *Book) indexOf(n uint32) uint32 {
	switch {
	case n == firmScope:
		return 0
	case n <= uint32(b.capacity.Clients):
		return n - 1
	}
	return n - 1 - uint32(b.capacity.Clients)
}

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

// FirmScope, ClientScope and AccountScope copy a scope out; an unknown number is an empty scope.
func (b *Book) FirmScope() ScopeView           { return b.view(firmScope) }
func (b *Book) ClientScope(i uint32) ScopeView { return b.view(1 + uint64(i)) }
func (b *Book) AccountScope(i uint32) ScopeView {
	return b.view(1 + uint64(b.capacity.Clients) + uint64(i))
}

func (b *Book) view(n uint64) ScopeView {
	if n >= uint64(len(b.scopes)) {
		return ScopeView{}
	}
	s := &b.scopes[n]
	return ScopeView{s.eb, s.es, s.rb, s.rs, s.openOrders, s.gross, s.net}
}

// wholeFirm is the path of what belongs to no known account: it still counts in the firm.
var wholeFirm = [PathMax]uint32{firmScope}

// path is the list of scopes that every order of the account debits.
func (b *Book) path(acc uint32) []uint32 {
	if acc < uint32(len(b.accounts)) && b.accounts[acc].depth != 0 {
		a := &b.accounts[acc]
		return a.path[:a.depth]
	}
	return wholeFirm[:1]
}

// Move books a change of one order: open quantity into the position, reservation and count into
// every scope on the account's path. It judges nothing. False = a total had to be clamped or no
// position row was free: alert at once, the book no longer equals a recomputation.
func (b *Book) Move(acc, ins uint32, side Side, dOpen Qty, dReserved Money, dCount int) (exact bool) {
	exact = true
	for _, n := range b.path(acc) {
		s := &b.scopes[n]
		r := &s.rs
		if side.IsBuy() {
			r = &s.rb
		}
		exact = add(r, dReserved) && exact
		s.openOrders += int64(dCount)
	}
	if dOpen == 0 {
		return exact
	}
	p := b.row(acc, ins)
	if p == nil {
		return false
	}
	if side.IsBuy() {
		return add(&p.ob, dOpen) && exact
	}
	if side == Sell {
		exact = add(&p.osLong, dOpen) && exact
	}
	return add(&p.os, dOpen) && exact
}

// Execute books an execution: money into EB or ES of every scope on the path, quantity into the
// position. A bust books the same with both signs turned. Executions are booked even over a
// limit. False as for Move.
func (b *Book) Execute(acc, ins uint32, side Side, qty Qty, m Money) (exact bool) {
	exact = true
	for _, n := range b.path(acc) {
		s := &b.scopes[n]
		if side.IsBuy() {
			exact = add(&s.eb, m) && exact
		} else {
			exact = add(&s.es, m) && exact
		}
	}
	if !side.IsBuy() {
		qty = -qty
	}
	p := b.row(acc, ins)
	return p != nil && add(&p.p, qty) && exact
}

func add[T Money | Qty](held *T, change T) bool {
	sum, exact := clamp(int64(*held), int64(change))
	*held = T(sum)
	return exact
}

// Roll begins a trade date (exposure 9): executed money is 0 in every scope and today's position
// is the new start of day, until a file says otherwise: no account has one yet. Reservations,
// positions, kills and windows stay.
func (b *Book) Roll() {
	for i := range b.scopes {
		b.scopes[i].eb, b.scopes[i].es = 0, 0
	}
	for i := range b.accounts {
		b.accounts[i].dayOpen = false
	}
	for i := range b.positions {
		b.positions[i].sod = b.positions[i].p
	}
	b.dropFlat()
}
