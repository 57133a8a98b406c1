package risk

import "strings"

// Side is Side(54) as its digit. The zero value is no side and is permitted nowhere.
type Side uint8

const (
	Buy             Side = 1 // 54=1
	Sell            Side = 2 // 54=2, a long sale
	SellShort       Side = 5 // 54=5
	SellShortExempt Side = 6 // 54=6
)

// IsShort tells whether the side sells what may not be held.
func (s Side) IsShort() bool { return s == SellShort || s == SellShortExempt }

// IsBuy tells which half of every measure the side moves: RB, EB, OB or RS, ES, OS.
func (s Side) IsBuy() bool { return s == Buy }

// OrdType is OrdType(40), densely numbered so that a set of them is a bit mask.
type OrdType uint8

const (
	Market                    OrdType = iota + 1 // 40=1
	Limit                                        // 40=2
	Stop                                         // 40=3
	StopLimit                                    // 40=4
	MarketOnClose                                // 40=5
	LimitOrBetter                                // 40=7
	LimitOnClose                                 // 40=B
	MarketWithLeftoverAsLimit                    // 40=K
	Pegged                                       // 40=P, its Price(44) is the cap
)

// TimeInForce is TimeInForce(59), densely numbered so that a set of them is a bit mask.
type TimeInForce uint8

const (
	Day               TimeInForce = iota + 1 // 59=0, also where 59 is absent
	GoodTillCancel                           // 59=1
	AtTheOpening                             // 59=2
	ImmediateOrCancel                        // 59=3
	FillOrKill                               // 59=4
	GoodTillCrossing                         // 59=5
	GoodTillDate                             // 59=6
	AtTheClose                               // 59=7
)

// ParseSide reads the one character of Side(54); false = a side that no check understands.
func ParseSide(c byte) (Side, bool) {
	s := Side(c - '0')
	return s, AllSides.Has(s)
}

// ParseOrdType reads the one character of OrdType(40); false = not understood, refuse.
func ParseOrdType(c byte) (OrdType, bool) {
	switch {
	case c >= '1' && c <= '5':
		return OrdType(c - '0'), true
	case c == '7':
		return LimitOrBetter, true
	case c == 'B':
		return LimitOnClose, true
	case c == 'K':
		return MarketWithLeftoverAsLimit, true
	case c == 'P':
		return Pegged, true
	}
	return 0, false
}

// UnpricedOrdType tells of the other types of FIX: what they may cost depends on prices and values that are only known
// afterwards, or are told in words.
func UnpricedOrdType(c byte) bool { return c != 0 && strings.IndexByte("689ACDEFGHIJLMQRS", c) >= 0 }

// ParseTimeInForce reads the one character of TimeInForce(59); false = not understood, refuse.
func ParseTimeInForce(c byte) (TimeInForce, bool) {
	if c < '0' || c > '7' {
		return 0, false
	}
	return TimeInForce(c-'0') + Day, true
}

// AtClose tells whether an order trades at the close alone: by its type until FIX.4.2, by its time in force since.
func AtClose(t OrdType, tif TimeInForce) bool {
	return t == MarketOnClose || t == LimitOnClose || tif == AtTheClose
}

// SideSet, OrdTypeSet and TimeInForceSet say what is permitted. The zero set permits nothing.
type (
	SideSet        uint8
	OrdTypeSet     uint32
	TimeInForceSet uint32
)

// The sets of everything a check understands.
const (
	AllSides        SideSet        = 1<<Buy | 1<<Sell | 1<<SellShort | 1<<SellShortExempt
	AllOrdTypes     OrdTypeSet     = 1<<(Pegged+1) - 1<<Market
	AllTimesInForce TimeInForceSet = 1<<(AtTheClose+1) - 1<<Day
)

// Has, With: membership and union by value.
func (m SideSet) Has(s Side) bool               { return m>>s&1 != 0 }
func (m OrdTypeSet) Has(t OrdType) bool         { return m>>t&1 != 0 }
func (m TimeInForceSet) Has(t TimeInForce) bool { return m>>t&1 != 0 }

func (m SideSet) With(s Side) SideSet                      { return m | 1<<s }
func (m OrdTypeSet) With(t OrdType) OrdTypeSet             { return m | 1<<t }
func (m TimeInForceSet) With(t TimeInForce) TimeInForceSet { return m | 1<<t }

// Terms are what an order asks for, in the words of its message.
type Terms struct {
	Qty         Qty   // OrderQty(38), in a replace the total including what is filled; > 0
	Price       Price // Price(44): limit or cap
	StopPx      Price // StopPx(99)
	Discretion  Price // DiscretionOffsetValue(389): how far it may go beyond Price, whatever its side; >= 0
	PegOffset   Price // PegOffsetValue(211): where it stands above what it is pegged to
	Side        Side
	OrdType     OrdType
	TimeInForce TimeInForce
	HasPrice    bool
	HasStop     bool
}

// consistent tells whether the prices present are those the type calls for, see ordTypeForms.
func (t *Terms) consistent(mayBeNegative bool) bool {
	var given FieldSet
	if t.HasPrice {
		given |= WithPrice
	}
	if t.HasStop {
		given |= WithStopPx
	}
	f := &ordTypeForms[t.OrdType]
	if f.requires&(WithPrice|WithStopPx)&^given != 0 || given&^(f.requires|f.permits) != 0 {
		return false
	}
	return mayBeNegative || (!t.HasPrice || t.Price > 0) && (!t.HasStop || t.StopPx > 0)
}
