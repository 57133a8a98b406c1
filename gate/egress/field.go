package egress

// The fields that few orders have: a number each, at 1e-8. Accepted.Numbers has them in this order.
const (
	MinQty     = iota // MinQty(110)
	MaxFloor          // MaxFloor(111)
	MaxShow           // MaxShow(210)
	DisplayQty        // DisplayQty(1138)
	Discretion        // DiscretionOffsetValue(389)
	PegOffset         // PegOffsetValue(211)
	ExpireDate        // ExpireDate(432), YYYYMMDD
	numberCount
)

var numberFields = [numberCount]struct {
	tag     int
	slot    slot
	differs Difference
}{
	{110, slotMinQty, WrongMinQty}, {111, slotMaxFloor, WrongMaxFloor}, {210, slotMaxShow, WrongMaxShow}, {1138, slotDisplayQty, WrongDisplayQty},
	{389, slotDiscretion, WrongDiscretion}, {211, slotPegOffset, WrongPegOffset}, {432, slotExpireDate, WrongExpireDate},
}

// SetNumber says that a field must be there, with that number.
func (a *Accepted) SetNumber(field int, v int64) {
	a.Numbers[field], a.Has = v, a.Has|1<<field
}

// compareRest holds what few orders have against the accepted facts.
func (e *entry) compareRest(msg []byte, f *fields) Difference {
	if v := f.value(msg, slotTimeInForce); v == nil && e.TimeInForce != '0' || v != nil && !isChar(v, e.TimeInForce) {
		return WrongTimeInForce
	}
	if set, ok := execInsts(f.value(msg, slotExecInst)); !ok || set != e.ExecInsts {
		return WrongExecInst
	}
	for i := range numberFields {
		n := &numberFields[i]
		if !isNumber(f.value(msg, n.slot), e.Has>>i&1 != 0, e.Numbers[i]) {
			return n.differs
		}
	}
	return Equal
}

// execInsts reads values of ExecInst(18) with one blank between them, none where it is absent: the digits are bits 0 to 9,
// the capital letters follow, then the small ones.
func execInsts(b []byte) (set uint64, ok bool) {
	for i, c := range b {
		switch {
		case i%2 == 1:
			if c != ' ' {
				return 0, false
			}
		case '0' <= c && c <= '9':
			set |= 1 << (c - '0')
		case 'A' <= c && c <= 'Z':
			set |= 1 << (c - 'A' + 10)
		case 'a' <= c && c <= 'z':
			set |= 1 << (c - 'a' + 36)
		default:
			return 0, false
		}
	}
	return set, len(b) == 0 || len(b)%2 == 1
}
