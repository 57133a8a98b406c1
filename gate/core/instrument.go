package core

import "portcullis/fix"

// InstrumentType is what kind of thing a symbol is. Of one whose type nobody gave nothing may be said.
type InstrumentType uint8

const (
	UntypedInstrument InstrumentType = iota
	Stock
	ETF
	Bond
	Option
	Future
)

// fits reports whether a message may say this of an instrument: SecurityType(167), Product(460) or
// CFICode(461) of another type would name another instrument. Bonds have too many types and options
// too many codes for the one word of the table to tell right from wrong: nothing of that kind fits.
func (t InstrumentType) fits(tag uint32, value []byte) bool {
	equity := t == Stock || t == ETF
	switch tag {
	case fix.TagSecurityType:
		switch string(value) {
		case "CS":
			return equity // most versions have no code for an ETF, and CS is what is sent
		case "ETF":
			return t == ETF
		case "OPT":
			return t == Option
		case "FUT":
			return t == Future
		}
	case fix.TagProduct:
		return equity && string(value) == "5"
	case fix.TagCFICode:
		if len(value) != len("ESVUFR") {
			return false
		}
		switch string(value[:2]) {
		case "ES": // shares
			return equity
		case "CE", "EU": // funds, units
			return t == ETF
		}
	}
	return false
}
