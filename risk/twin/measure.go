package twin

import "github.com/shopspring/decimal"

// measure adds up what the events left behind.
func (b *book) measure(l *Ledger) *State {
	s := &State{Clients: map[string]Scope{}, Accounts: map[string]Scope{}, Aside: map[Bearer]Scope{}, Orders: map[string]OrderState{},
		places: map[place]Position{}, held: map[Bearer]map[string]Position{}, worths: map[Bearer]Worth{}, Unknown: b.unknown, open: b.open}
	for at, qty := range b.start {
		s.places[at] = Position{P: qty, SOD: qty}
		s.hold(l.slices(l.owners(at.account), at.symbol), at.symbol, Position{P: qty, SOD: qty})
	}
	for _, t := range b.earlier {
		s.hold(l.slices(l.authors(t.by), t.at.symbol), t.at.symbol, Position{P: t.side.signed(t.qty), SOD: t.side.signed(t.qty)})
	}
	for who, made := range b.made {
		for symbol, qty := range made {
			s.hold([]Bearer{who}, symbol, Position{P: qty, SOD: qty})
		}
	}
	for _, t := range b.trades {
		moved := Position{P: t.side.signed(t.qty)}
		if t.side == Short || t.side == ShortExempt {
			moved.ShortSold = t.qty
		}
		s.places[t.at] = s.places[t.at].plus(moved)
		s.hold(l.bearers(t.at, t.by), t.at.symbol, moved)
		s.inEach(l.bearers(t.at, t.by), func(c *Scope) {
			if t.side == Buy {
				c.EB = c.EB.Add(t.money)
			} else {
				c.ES = c.ES.Add(t.money)
			}
		})
	}
	for id, o := range b.orders {
		state := o.state(b.executed[id])
		s.Orders[id] = state
		s.addOrder(o, state, l)
	}
	s.value(b, l)
	return s
}

// state is exposure 3: the largest leaves, and the largest product.
func (o *order) state(executed decimal.Decimal) OrderState {
	st := OrderState{C: executed}
	if o.closed {
		return st
	}
	for _, v := range o.versions {
		most := v.qty
		if o.counted != nil {
			most = decimal.Min(most, *o.counted)
		}
		leaves := decimal.Max(decimal.Zero, most.Sub(decimal.Max(decimal.Zero, executed)))
		st.Q = decimal.Max(st.Q, leaves)
		st.R = decimal.Max(st.R, Notional(v.worst, leaves, o.k))
	}
	return st
}

func (s *State) addOrder(o *order, st OrderState, l *Ledger) {
	moved := Position{OS: st.Q}
	switch o.side {
	case Buy:
		moved = Position{OB: st.Q}
	case Sell:
		moved.OSLong = st.Q
	}
	s.places[o.at] = s.places[o.at].plus(moved)
	s.hold(l.bearers(o.at, o.by), o.at.symbol, moved)
	s.inEach(l.bearers(o.at, o.by), func(c *Scope) {
		if o.side == Buy {
			c.RB = c.RB.Add(st.R)
		} else {
			c.RS = c.RS.Add(st.R)
		}
		if !o.closed && len(o.versions) > 0 {
			c.OpenOrders++
		}
	})
}

// bearers are all scopes and slices that something counts in.
func (l *Ledger) bearers(at place, by By) []Bearer {
	return l.slices(append(l.owners(at.account), l.authors(by)...), at.symbol)
}

// slices adds those of a symbol to scopes.
func (l *Ledger) slices(scopes []Bearer, symbol string) []Bearer {
	list := scopes
	for _, in := range []string{l.classOf[symbol], symbol} {
		for _, b := range scopes {
			if l.sliced[in] {
				list = append(list, Bearer{b.Kind, b.Name, in})
			}
		}
	}
	return list
}

// owners are the firm and the scopes below it that an account belongs to; one that is not known has neither client
// nor group.
func (l *Ledger) owners(account string) []Bearer {
	list := []Bearer{{Kind: "firm"}}
	client, known := l.clientOf[account]
	if !known {
		return list
	}
	list = append(list, Bearer{Kind: "client", Name: client}, Bearer{Kind: "account", Name: account})
	if group := l.groupOf[client]; group != "" {
		list = append(list, Bearer{Kind: "group", Name: group})
	}
	return list
}

// authors are the scopes that own no accounts.
func (l *Ledger) authors(by By) (list []Bearer) {
	for _, b := range []Bearer{{Kind: "desk", Name: l.deskOf[by.Trader]}, {Kind: "trader", Name: by.Trader}, {Kind: "algo", Name: by.Algo},
		{Kind: "link", Name: by.Link}, {Kind: "venue", Name: by.Venue}} {
		if b.Name != "" {
			list = append(list, b)
		}
	}
	return list
}

// inEach changes the credit of scopes.
func (s *State) inEach(bearers []Bearer, change func(*Scope)) {
	for _, b := range bearers {
		v := s.Credit(b)
		change(&v)
		switch {
		case b.In != "":
			s.Aside[b] = v
		case b.Kind == "firm":
			s.Firm = v
		case b.Kind == "client":
			s.Clients[b.Name] = v
		case b.Kind == "account":
			s.Accounts[b.Name] = v
		default:
			s.Aside[b] = v
		}
	}
}

// Credit is the credit of any scope or slice.
func (s *State) Credit(b Bearer) Scope {
	switch {
	case b.In != "":
	case b.Kind == "firm":
		return s.Firm
	case b.Kind == "client":
		return s.Clients[b.Name]
	case b.Kind == "account":
		return s.Accounts[b.Name]
	}
	return s.Aside[b]
}

// hold adds to the positions of scopes.
func (s *State) hold(bearers []Bearer, symbol string, moved Position) {
	for _, b := range bearers {
		if s.held[b] == nil {
			s.held[b] = map[string]Position{}
		}
		s.held[b][symbol] = s.held[b][symbol].plus(moved)
	}
}

func (side Side) signed(qty decimal.Decimal) decimal.Decimal {
	if side == Buy {
		return qty
	}
	return qty.Neg()
}
