package twin

import "github.com/shopspring/decimal"

// Notional is n(p, q) = |p|·q·k, rounded up once to 1e-4 (exposure 1).
func Notional(p, q, k decimal.Decimal) decimal.Decimal {
	return p.Abs().Mul(q).Mul(k).RoundCeil(4)
}

// Prices are the prices that an order names; those it does not name are nil. Offset is that of a peg.
type Prices struct{ Limit, Stop, Offset *decimal.Decimal }

// Worst is the worst price of exposure 2, band as a fraction (0.1 = 10 %), rounded up to 1e-8.
func Worst(side Side, p Prices, discretion, ref, band decimal.Decimal) decimal.Decimal {
	one := decimal.NewFromInt(1)
	switch {
	case side != Buy && p.Limit != nil:
		return decimal.Max(*p.Limit, ref)
	case side != Buy:
		return ref.Add(p.dearer())
	case p.Limit != nil:
		return p.Limit.Add(discretion)
	case p.Stop != nil:
		return decimal.Max(*p.Stop, ref).Mul(one.Add(band)).RoundCeil(8)
	}
	return ref.Mul(one.Add(band)).RoundCeil(8).Add(p.dearer())
}

// dearer is by how much the offset of a peg makes an order cost more.
func (p Prices) dearer() decimal.Decimal {
	if p.Offset == nil || p.Offset.IsNegative() {
		return decimal.Zero
	}
	return *p.Offset
}
