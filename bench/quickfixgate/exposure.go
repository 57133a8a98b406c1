package quickfixgate

import "github.com/shopspring/decimal"

// scope is the money of one account, client or the firm.
type scope struct{ bought, sold, reservedBuy, reservedSell decimal.Decimal }

func (s *scope) gross() decimal.Decimal {
	return decimal.Sum(s.bought, s.sold, s.reservedBuy, s.reservedSell)
}

func (s *scope) net() decimal.Decimal {
	long := s.bought.Add(s.reservedBuy).Sub(s.sold)
	short := s.sold.Add(s.reservedSell).Sub(s.bought)
	return decimal.Max(long, short)
}

// with is the scope after reserving amount more on one side.
func (s scope) with(side string, amount decimal.Decimal) *scope {
	if side == sideBuy {
		s.reservedBuy = s.reservedBuy.Add(amount)
	} else {
		s.reservedSell = s.reservedSell.Add(amount)
	}
	return &s
}

// position is signed; open quantities are those of open orders.
type position struct{ held, openBuy, openSell decimal.Decimal }

func (b *Book) position(account, symbol string) *position {
	key := positionKey{account, symbol}
	p := b.positions[key]
	if p == nil {
		p = &position{}
		b.positions[key] = p
	}
	return p
}

func (b *Book) scope(name string) *scope {
	s := b.scopes[name]
	if s == nil {
		s = &scope{}
		b.scopes[name] = s
	}
	return s
}

// scopeNames are the scopes of an account from the smallest up.
func (b *Book) scopeNames(account string) [3]string {
	return [3]string{"account " + account, "client " + b.accounts[account].Client, "firm"}
}

func (b *Book) creditLimits(account string) [3]CreditLimits {
	a := b.accounts[account]
	return [3]CreditLimits{a.Credit, b.clients[a.Client], b.firm}
}

// worstPrice is what a version reserves per share: a sell below the reference may trade at it.
func (b *Book) worstPrice(symbol, side string, price decimal.Decimal) decimal.Decimal {
	if side == sideBuy {
		return price
	}
	return decimal.Max(price, b.references[symbol].Price)
}

// needs are the money and the quantity that an order must have reserved, with the versions in more added.
func (o *Order) needs(more ...terms) (money, qty decimal.Decimal) {
	if !o.open {
		return decimal.Zero, decimal.Zero
	}
	versions := append([]terms{o.current}, o.pending...)
	for _, t := range append(versions, more...) {
		leaves := decimal.Max(decimal.Zero, t.qty.Sub(o.cum))
		money = decimal.Max(money, leaves.Mul(t.worst))
		qty = decimal.Max(qty, leaves)
	}
	return money, qty
}

// settle moves all scopes from what the order has reserved to what it needs now.
func (b *Book) settle(o *Order) {
	money, qty := o.needs()
	more, moreQty := money.Sub(o.reserved), qty.Sub(o.reservedQty)
	for _, name := range b.scopeNames(o.Account) {
		*b.scope(name) = *b.scope(name).with(o.Side, more)
	}
	p := b.position(o.Account, o.Symbol)
	if o.Side == sideBuy {
		p.openBuy = p.openBuy.Add(moreQty)
	} else {
		p.openSell = p.openSell.Add(moreQty)
	}
	o.reserved, o.reservedQty = money, qty
}

// book enters an execution.
func (b *Book) book(o *Order, qty, price decimal.Decimal) {
	money := qty.Mul(price)
	o.cum = o.cum.Add(qty)
	p := b.position(o.Account, o.Symbol)
	if o.Side == sideBuy {
		p.held = p.held.Add(qty)
	} else {
		p.held = p.held.Sub(qty)
	}
	for _, name := range b.scopeNames(o.Account) {
		s := b.scope(name)
		if o.Side == sideBuy {
			s.bought = s.bought.Add(money)
		} else {
			s.sold = s.sold.Add(money)
		}
	}
}
