package config

// Instrument is one tradable symbol with its reference price rules.
type Instrument struct {
	Symbol      string // Symbol(55)
	Type        string // SecurityType word of the file: stock, etf, bond, option, future
	Currency    string
	Underlying  string // of an option or future, as UnderlyingSymbol(311) has it; "": the file does not say
	Multiplier  int64  // at 1e-8
	PriceFactor int64  // at 1e-8; 0.01 for prices in pence or percent of par
	Factor      int64  // k = multiplier × price factor × FX rate, exact at 1e-8
	FXAsOfNs    int64  // UTC time that the FX rate is of; 0: nobody says
	FXAgeMaxNs  int64  // oldest FX rate that counts, or Unlimited, as of an instrument in the limit currency
	Ticks       TickTable
	Lot         int64 // smallest quantity step, at 1e-8
	OrderQtyMax int64 // at 1e-8; Unlimited where the file leaves it empty: the account's limit holds
	Adv         int64 // average daily volume, at 1e-8; 0 = not known
	Restricted  bool
	Halted      bool
	PhaseRules  int  // index of Config.PhaseRules, or None
	Test        bool // a symbol for tests

	// What the symbol takes, whatever its account may: codes as those of an Account.
	OrdTypes, TimeInForces, OrderFields string

	// RiskPriceBuy and RiskPriceSell stand in for every price where money is counted, at 1e-8: margin,
	// short options. 0 = the order's price. NegativePrices: zero and below are prices too.
	RiskPriceBuy   int64
	RiskPriceSell  int64
	NegativePrices bool

	CollarBps        int    // furthest price from the reference; 0 = no price passes, Unlimited = the others below hold it
	CollarAmount     int64  // the same as an amount of the order's price, at 1e-8; 0 = not asked for, likewise those below
	CollarTicks      int    // as a number of ticks
	NearTouchBps     int    // furthest price from the best one of the order's own side
	FarTouchBps      int    // and of the other side
	BandBps          int    // how far beyond the reference a market order is reserved
	WholeCents       bool   // prices keep US Rule 612
	Sources          string // of reference prices, in the order in which they are asked: mid touch last close static
	QuoteAgeMaxNs    int64  // oldest quote of the price socket that counts; 0 = quotes do not count
	LastAgeMaxNs     int64  // oldest last trade of the price socket that counts
	CloseAgeMaxDays  int    // oldest previous close that counts, in calendar days; 0 = closes do not count
	StaticAgeMaxDays int    // oldest static price that counts, likewise
	StaticPrice      int64  // at 1e-8
	StaticDate       int    // yyyymmdd; 0 = there is none
	Close            int64  // previous close at 1e-8
	CloseDate        int    // yyyymmdd; 0 = there is no close
}

// Position is a start-of-day position.
type Position struct {
	Account    int
	Instrument int
	Qty        int64 // signed, at 1e-8
}
