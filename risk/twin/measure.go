package twin

import "github.com/shopspring/decimal"

// measure adds up what the events left behind.
func (b *book) measure(clientOf map[string]string) *State {
	s := &State{Clients: map[string]Scope{}, Accounts: map[string]Scope{}, Orders: map[string]OrderState{},
		places: map[place]Position{}, Unknown: b.unknown}
	for at, qty := range b.start {
		s.places[at] = Position{P: qty}
	}
	for _, t := range b.trades {
		p := s.places[t.at]
		p.P = p.P.Add(t.side.signed(t.qty))
		s.places[t.at] = p
		s.inEachScope(t.at.account, clientOf, func(c *Scope) {
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
		s.addOrder(o, state, clientOf)
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

func (s *State) addOrder(o *order, st OrderState, clientOf map[string]string) {
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
	s.inEachScope(o.at.account, clientOf, func(c *Scope) {
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

// inEachScope changes the account, its client and the firm; an account that is not known is the
// firm's alone.
func (s *State) inEachScope(account string, clientOf map[string]string, change func(*Scope)) {
	change(&s.Firm)
	client, known := clientOf[account]
	if !known {
		return
	}
	c, a := s.Clients[client], s.Accounts[account]
	change(&c)
	change(&a)
	s.Clients[client], s.Accounts[account] = c, a
}

func (side Side) signed(qty decimal.Decimal) decimal.Decimal {
	if side == Buy {
		return qty
	}
	return qty.Neg()
}
