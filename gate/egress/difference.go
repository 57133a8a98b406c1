package egress

// Difference says whether the bytes are what was accepted, and if not where they differ. The
// numbers are journaled (core.EgressDifference) and never reused.
type Difference uint8

const (
	NotChecked    Difference = 0  // not a pass
	Equal         Difference = 1  // the only pass
	Malformed     Difference = 2  // no FIX message, or one that can be read in two ways
	RepeatedField Difference = 3  // a compared or framing field occurs twice
	WrongMsgType  Difference = 4  // MsgType(35) is never sent toward a venue, or is not the accepted one
	UnknownLink   Difference = 5  // the line has no number here
	UnknownID     Difference = 6  // ClOrdID(11) was not accepted for this line
	AcceptedTwice Difference = 7  // ClOrdID(11) was accepted more than once
	SentTwice     Difference = 8  // the order left before, or claims so by 43=Y or 97=Y
	Withdrawn     Difference = 9  // the order was taken back, or its line was cut, before it left
	WrongQty      Difference = 10 // OrderQty(38)
	WrongPrice    Difference = 11 // Price(44)
	WrongStopPx   Difference = 12 // StopPx(99)
	WrongSide     Difference = 13 // Side(54)
	WrongOrdType  Difference = 14 // OrdType(40)
	WrongSymbol   Difference = 15 // Symbol(55)
	WrongAccount  Difference = 16 // Account(1)
	ExcessMoney   Difference = 17 // more notional sent in this minute than was accepted for it
	TableFull     Difference = 18 // no room to remember the order: it must not leave

	WrongTimeInForce Difference = 19 // TimeInForce(59)
	WrongExecInst    Difference = 20 // ExecInst(18)
	WrongMinQty      Difference = 21 // MinQty(110)
	WrongMaxFloor    Difference = 22 // MaxFloor(111)
	WrongMaxShow     Difference = 23 // MaxShow(210)
	WrongDisplayQty  Difference = 24 // DisplayQty(1138)
	WrongDiscretion  Difference = 25 // DiscretionOffsetValue(389)
	WrongPegOffset   Difference = 26 // PegOffsetValue(211)
	WrongExpireDate  Difference = 27 // ExpireDate(432)
)

var differenceNames = [...]string{"not checked", "equal", "malformed message", "field occurs twice",
	"wrong MsgType(35)", "unknown line", "ClOrdID(11) was not accepted", "ClOrdID(11) was accepted twice",
	"order was sent before", "order was withdrawn", "wrong OrderQty(38)", "wrong Price(44)",
	"wrong StopPx(99)", "wrong Side(54)", "wrong OrdType(40)", "wrong Symbol(55)", "wrong Account(1)",
	"more notional sent in a minute than accepted", "egress table is full",
	"wrong TimeInForce(59)", "wrong ExecInst(18)", "wrong MinQty(110)", "wrong MaxFloor(111)", "wrong MaxShow(210)", "wrong DisplayQty(1138)",
	"wrong DiscretionOffsetValue(389)", "wrong PegOffsetValue(211)", "wrong ExpireDate(432)"}

// String names the difference in the words of alerts.
func (d Difference) String() string {
	if int(d) < len(differenceNames) {
		return differenceNames[d]
	}
	return "unknown difference"
}

// Pass reports whether the bytes may leave.
func (d Difference) Pass() bool { return d == Equal }
