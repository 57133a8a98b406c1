package audit

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"portcullis/fix"
	"portcullis/gate/config"
	"portcullis/risk"
)

// dash stands for what is not there.
const dash = "-"

func utc(ns int64) string {
	return time.Unix(0, ns).UTC().Format("2006-01-02T15:04:05.000000000Z")
}

// decimal8 shows a price, quantity or factor, which are at 1e-8.
func decimal8[T ~int64](v T) string {
	if int64(v) == risk.Unlimited {
		return "unlimited"
	}
	return string(fix.AppendDecimal(nil, int64(v)))
}

// amount shows money, which is at 1e-4, with two decimals or more.
func amount(m risk.Money) string {
	if m == risk.Unlimited {
		return "unlimited"
	}
	return cents(money(m))
}

// cents shows an amount with two decimals or more.
func cents(d decimal.Decimal) string {
	if text := d.String(); strings.Contains(text, ".") && len(text)-strings.IndexByte(text, '.') > 3 {
		return text
	}
	return d.StringFixed(2)
}

// span shows a length of time.
func span(ns int64) string {
	d := time.Duration(ns)
	switch {
	case d >= time.Minute || d <= -time.Minute:
		return d.Round(time.Second).String()
	case d >= time.Second || d <= -time.Second:
		return d.Round(time.Millisecond).String()
	}
	return d.String()
}

// percent shows basis points.
func percent(bps int64) string { return decimal.New(bps, -2).String() + " %" }

// inUnit shows the value or the limit of a check in the unit of its control.
func inUnit(u risk.Unit, control risk.Reason, v int64) string {
	if v == risk.Unlimited && control.Row().Value == risk.UnitNs && control != risk.StaleResend {
		return "fewer so far" // the value is the age of the event that would leave the window
	}
	if v == risk.Unlimited && u != risk.UnitNone {
		return "unlimited"
	}
	switch u {
	case risk.UnitNone:
		return dash
	case risk.UnitMoney:
		return amount(risk.Money(v))
	case risk.UnitQty, risk.UnitPrice:
		return decimal8(v)
	case risk.UnitNs:
		return span(v)
	case risk.UnitBps:
		return percent(v)
	case risk.UnitCode:
		return codeWord(control, uint8(v))
	case risk.UnitRatio:
		return decimal.New(v, -2).StringFixed(2)
	case risk.UnitPhase:
		return config.PhaseWord(risk.Phase(v))
	case risk.UnitControl:
		return risk.Reason(v).String()
	case risk.UnitList:
		return listName(nil, v)
	case risk.UnitSet:
		return setWords(control, uint32(v))
	}
	return strconv.FormatInt(v, 10)
}

// codeWord names one value of the enumeration that a control is about.
func codeWord(control risk.Reason, code uint8) string {
	switch control {
	case risk.SideForbidden:
		return sideWord(risk.Side(code))
	case risk.OrdTypeForbidden, risk.OrdTypeForbiddenInPhase:
		return ordTypeWord(risk.OrdType(code))
	case risk.TimeInForceForbidden, risk.TimeInForceForbiddenInPhase:
		return tifWord(risk.TimeInForce(code))
	}
	return strconv.Itoa(int(code))
}

// setWords names the members of a set that is a bit mask.
func setWords(control risk.Reason, set uint32) string {
	var words []string
	for bit := range uint8(32) {
		if set>>bit&1 != 0 {
			words = append(words, codeWord(control, bit))
		}
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ",")
}

// secretTags hold passwords.
var secretTags = []string{"554=", "925="}

// readable shows the bytes of a FIX message with '|' for SOH; other bytes that a terminal would
// obey are escaped. The journal holds no password; should one ever get there, it is not shown.
func readable(message []byte) string {
	var b strings.Builder
	for i, field := range bytes.Split(message, []byte{fix.SOH}) {
		if i > 0 {
			b.WriteByte('|')
		}
		for _, tag := range secretTags {
			if bytes.HasPrefix(field, []byte(tag)) {
				field = append([]byte(tag), bytes.Repeat([]byte{'*'}, len(field)-len(tag))...)
			}
		}
		for _, c := range field {
			if c < ' ' || c >= 0x7f {
				b.WriteString(`\x` + string("0123456789abcdef"[c>>4]) + string("0123456789abcdef"[c&15]))
			} else {
				b.WriteByte(c)
			}
		}
	}
	return b.String()
}
