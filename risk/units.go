package risk

// Scales of the fixed-point integers. Products are taken in 128 or 192 bits and rounded up once.
const (
	PriceScale  = 100_000_000 // Price, Qty and Factor: units of 1e-8
	MoneyScale  = 10_000      // Money: units of 1e-4 of the limit currency
	Unlimited   = 1<<63 - 1   // what the word "unlimited" compiles to; a missing limit is 0
	NoIndex     = 1<<32 - 1   // an account, instrument or link that is not known
	VersionsMax = 9           // the confirmed terms and up to 8 unanswered replaces of one order
)

// Price is a price per unit at 1e-8; it may be negative where the instrument allows it.
type Price int64

// Qty is a quantity at 1e-8, never negative in an order.
type Qty int64

// Money is an amount at 1e-4 of the limit currency.
type Money int64

// Factor is k = multiplier × price factor × FX at 1e-8, pinned on the order when accepted.
type Factor int64
