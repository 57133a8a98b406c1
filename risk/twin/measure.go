package twin

import "github.com/shopspring/decimal"

// measure adds up what the events left behind.
func (b *book) measure(l *Ledger) *State {
	s := &State{Clients: map[string]Scope{}, Accounts: map[string]Scope{}, Aside: map[Bearer]Scope{}, Orders: map[string]OrderState{},
		places: map[place]Position{}, Unknown: b.unknown}
	for at, qty := range b.start {
		s.places[at] = Position{P: qty}
	}
	for _, t := range b.trades {
		p := s.places[t.at]
		p.P = p.P.Add(t.side.signed(t.qty))
		s.places[t.at] = p
		s.inEachScope(t.at.account, t.by, l, func(c *Scope) {
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
	return s
}

// state is exposure 3: the largest leaves, and the largest product.
func (o *order) state(executed decimal.Decimal) OrderState {
	st := OrderState{C: executed}
	if o.closed {
		return st
	}
	for _, v := range o.versions {
		leaves := decimal.Max(decimal.Zero, v.qty.Sub(executed))
		st.Q = decimal.Max(st.Q, leaves)
		st.R = decimal.Max(st.R, Notional(v.worst, leaves, o.k))
	}
	return st
}

func (s *State) addOrder(o *order, st OrderState, l *Ledger) {
	p := s.places[o.at]
	switch o.side {
	case Buy:
		p.OB = p.OB.Add(st.Q)
	case Sell:
		p.OSLong = p.OSLong.Add(st.Q)
		p.OS = p.OS.Add(st.Q)
	default:
		p.OS = p.OS.Add(st.Q)
	}
	s.places[o.at] = p
	s.inEachScope(o.at.account, o.by, l, func(c *Scope) {
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

// inEachScope changes the firm and everything below it that an order counts for; an account that is
// not known has neither client nor group.
func (s *State) inEachScope(account string, by By, l *Ledger, change func(*Scope)) {
	change(&s.Firm)
	aside := []Bearer{{"desk", l.deskOf[by.Trader]}, {"trader", by.Trader}, {"algo", by.Algo}, {"link", by.Link}, {"venue", by.Venue}}
	if client, known := l.clientOf[account]; known {
		c, a := s.Clients[client], s.Accounts[account]
		change(&c)
		change(&a)
		s.Clients[client], s.Accounts[account] = c, a
		aside = append(aside, Bearer{"group", l.groupOf[client]})
	}
	for _, bearer := range aside {
		if bearer.Name != "" {
			v := s.Aside[bearer]
			change(&v)
			s.Aside[bearer] = v
		}
	}
}

func (side Side) signed(qty decimal.Decimal) decimal.Decimal {
	if side == Buy {
		return qty
	}
	return qty.Neg()
}
