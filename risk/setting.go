package risk

// Setting is something of one scope that a gate that runs may be given otherwise.
type Setting interface {
	// Need adds what it would take of the tables, or says why it would be refused whatever room there is.
	Need(b *Book, r *Room) error
	// Lowers reports whether it is a lower limit of what stands, credit, positions and open orders, or brings more of that to a limit.
	Lowers(b *Book) bool
	// Put puts it in place.
	Put(b *Book) error
}

// The settings: limits of credit of a scope, or of its slice in a part of its instruments; limits of single orders; throttles; and
// all that is judged per account.
type (
	CreditSetting struct {
		Kind   Scope
		Index  uint32
		In     Part
		Limits Limits
	}
	OrderSetting struct {
		Kind   Scope
		Index  uint32
		In     Part
		Limits OrderLimits
	}
	ThrottleSetting struct {
		Kind      Scope
		Index     uint32
		Throttles []Throttle
	}
	AccountSetting struct {
		Index   uint32
		Account Account
	}
)

func (s *CreditSetting) Need(b *Book, r *Room) error {
	n, ok := b.number(s.Kind, s.Index)
	if !ok {
		return errIndex
	}
	return b.needCredit(r, n, s.In, &s.Limits)
}

func (s *CreditSetting) Lowers(b *Book) bool {
	n, ok := b.bears(s.Kind, s.Index, s.In)
	if !ok || !b.bearsCredit(n) {
		return s.Limits.bounded()
	}
	return b.lowersCredit(n, &s.Limits)
}

func (s *CreditSetting) Put(b *Book) error {
	if s.In.Class != AnyClass {
		return b.SetSlice(s.Kind, s.Index, s.In, s.Limits)
	}
	return b.SetLimits(s.Kind, s.Index, s.Limits)
}

func (s *OrderSetting) Need(b *Book, r *Room) error {
	n, ok := b.number(s.Kind, s.Index)
	if !ok {
		return errIndex
	}
	if b.orderRow(n, s.In).key == 0 {
		r.OrderRows++
	}
	_, err := s.Limits.pack()
	return err
}

func (s *OrderSetting) Lowers(*Book) bool { return false }

func (s *OrderSetting) Put(b *Book) error { return b.SetOrderLimits(s.Kind, s.Index, s.In, s.Limits) }

func (s *ThrottleSetting) Need(b *Book, r *Room) error {
	b.NeedThrottles(r, s.Kind, s.Index, s.Throttles)
	return CheckThrottles(s.Throttles)
}

func (s *ThrottleSetting) Lowers(*Book) bool { return false }

func (s *ThrottleSetting) Put(b *Book) error { return b.SetThrottles(s.Kind, s.Index, s.Throttles) }

func (s *AccountSetting) Need(b *Book, r *Room) error {
	if _, err := b.checkAccountSet(s.Index, &s.Account); err != nil {
		return err
	}
	if s.moves(b) {
		m := b.accountMove(s.Index, s.Account.Client)
		if err := b.needMove(r, &m); err != nil {
			return err
		}
	}
	return b.needCredit(r, b.accountScope(s.Index), Part{}, &s.Account.Limits)
}

func (s *AccountSetting) moves(b *Book) bool {
	a := &b.accounts[s.Index]
	return a.depth != 0 && a.client != s.Account.Client
}

func (s *AccountSetting) Lowers(b *Book) bool {
	a, in := &b.accounts[s.Index], &s.Account
	return s.moves(b) || in.LongMax < a.longMax || in.ShortMax < a.shortMax || in.OpenOrdersMax < a.openOrdersMax || in.SellLongChecked && !a.sellLong ||
		b.lowersCredit(b.accountScope(s.Index), &in.Limits)
}

func (s *AccountSetting) Put(b *Book) error { return b.SetAccount(s.Index, s.Account) }

// needCredit is what limits of credit take, of a scope by its place in the table of scopes or of its slice in a part of its instruments.
func (b *Book) needCredit(r *Room, scope uint32, in Part, l *Limits) error {
	armed, begins := b.scopes[scope].armed, !b.bearsCredit(scope)
	if in.Class != AnyClass {
		n, there := b.sliceRow(scope, in)
		if begins, armed = !there, 0; there {
			armed = b.scopes[n].armed
		} else {
			r.Slices++
		}
	}
	if armed&armedMeasures == 0 && (l.measured() || in.Class != AnyClass) {
		r.Measured++
	}
	if b.beginsPositions(scope, armed, l) && !b.blank() {
		if !b.ownsAccounts(scope) && !b.isNew(r, scope) {
			return ErrPositionsUnknown
		}
		r.keepers = append(r.keepers, keeper{scope, in.key()})
		begins = true
	}
	r.Backfills = r.Backfills || begins && !b.isNew(r, scope)
	return l.check()
}

// bounded reports whether any of them limits something.
func (l *Limits) bounded() bool {
	if l.Measures != nil {
		for _, v := range l.Measures {
			if v != Unlimited {
				return true
			}
		}
	}
	return l.Gross != Unlimited || l.Net != Unlimited
}

// lowersCredit reports whether one of them is lower than what a row of the table of scopes has.
func (b *Book) lowersCredit(n uint32, l *Limits) bool {
	s := &b.scopes[n]
	if s.kind != ScopeSlice && (l.Gross < s.gross || l.Net < s.net) {
		return true
	}
	was := Unmeasured()
	if s.armed&armedMeasures != 0 {
		*was = b.measure(n).limits
	}
	is := Unmeasured()
	if l.Measures != nil {
		*is = *l.Measures
	}
	if s.kind == ScopeSlice {
		is[MeasureGross], is[MeasureNet] = int64(l.Gross), int64(l.Net)
	}
	for m := range is {
		if is[m] < was[m] {
			return true
		}
	}
	return false
}
