package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// fits reports whether a message may say this of an instrument of a class: SecurityType(167), Product(460) or
// CFICode(461) of another class would name another instrument. Bonds have too many types and options
// too many codes for the one word of the table to tell right from wrong: nothing of that kind fits.
func fits(t risk.Class, tag uint32, value []byte) bool {
	equity := t == risk.Stock || t == risk.ETF
	switch tag {
	case fix.TagSecurityType:
		switch string(value) {
		case "CS":
			return equity // most versions have no code for an ETF, and CS is what is sent
		case "ETF":
			return t == risk.ETF
		case "OPT":
			return t == risk.Option
		case "FUT":
			return t == risk.Future
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
			return t == risk.ETF
		}
	}
	return false
}
