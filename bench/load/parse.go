package load

import (
	"errors"
	"fmt"
	"strings"
)

// message is what the two ends look at in a message. The slices point into the read buffer.
type message struct {
	msgType   byte
	execType  byte // 150
	side      byte // 54
	possDup   bool // 43
	reset     bool // 141
	seq       uint64
	newSeq    uint64 // 36
	beginSeq  uint64 // 7
	qty       int64  // 38, shares
	price     int64  // 44 at PriceScale
	clOrdID   []byte // 11
	origID    []byte // 41
	symbol    []byte // 55
	text      []byte // 58
	sender    []byte // 49
	target    []byte // 56
	testReqID []byte // 112
}

var errFrame = errors.New("not a FIX.4.4 message")

// frame returns the length of the message at the front of b, 0 when part of it is still to come.
func frame(b []byte) (int, error) {
	const begin = "8=FIX.4.4\x019="
	if len(b) < len(begin)+4 {
		return 0, nil
	}
	if string(b[:len(begin)]) != begin {
		return 0, fmt.Errorf("%w: %s", errFrame, Readable(b[:min(len(b), 40)]))
	}
	body := 0
	at := len(begin)
	for ; at < len(b) && b[at] != soh; at++ {
		if b[at] < '0' || b[at] > '9' || body > 1<<20 {
			return 0, fmt.Errorf("%w: BodyLength in %s", errFrame, Readable(b[:at+1]))
		}
		body = body*10 + int(b[at]-'0')
	}
	total := at + 1 + body + len("10=000\x01")
	if len(b) < total {
		return 0, nil
	}
	if string(b[total-7:total-4]) != "10=" || b[total-1] != soh {
		return 0, fmt.Errorf("%w: no CheckSum where BodyLength ends in %s", errFrame, Readable(b[:total]))
	}
	return total, nil
}

// parse reads the fields of one framed message. Reading a report costs the instrument more than all
// else it does, so it stops as soon as it knows which request was answered and how.
func parse(b []byte, m *message) error {
	*m = message{}
	for at := 0; at < len(b); {
		tag, begin := 0, at
		for ; at < len(b) && b[at] != '='; at++ {
			tag = tag*10 + int(b[at]-'0')
		}
		value := at + 1
		for at++; at < len(b) && b[at] != soh; at++ {
		}
		if at >= len(b) || value == begin+1 {
			return errFrame
		}
		m.set(tag, b[value:at])
		if tag == 150 && m.answers() {
			break
		}
		at++
	}
	if m.msgType == 0 || m.seq == 0 {
		return errFrame
	}
	return nil
}

// answers says that the fields after ExecType(150) do not matter: the report refuses nothing.
func (m *message) answers() bool {
	return m.msgType == '8' && m.execType != '8' && m.seq != 0 && m.clOrdID != nil
}

func (m *message) set(tag int, value []byte) {
	if len(value) == 0 {
		return
	}
	switch tag {
	case 35:
		m.msgType = value[0]
	case 34:
		m.seq = number(value)
	case 11:
		m.clOrdID = value
	case 150:
		m.execType = value[0]
	case 58:
		m.text = value
	case 38:
		m.qty = scaled(value, 0)
	case 41:
		m.origID = value
	case 44:
		m.price = scaled(value, 4)
	case 49:
		m.sender = value
	case 54:
		m.side = value[0]
	case 55:
		m.symbol = value
	case 56:
		m.target = value
	default:
		m.setAdmin(tag, value)
	}
}

func (m *message) setAdmin(tag int, value []byte) {
	switch tag {
	case 7:
		m.beginSeq = number(value)
	case 36:
		m.newSeq = number(value)
	case 43:
		m.possDup = value[0] == 'Y'
	case 112:
		m.testReqID = value
	case 141:
		m.reset = value[0] == 'Y'
	}
}

// number reads an unsigned integer; anything else is 0, which no field here may be.
func number(b []byte) uint64 {
	var n uint64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + uint64(c-'0')
	}
	return n
}

// scaled reads a decimal as an integer with so many decimals; what is beyond them is zero by the flow's making.
func scaled(b []byte, decimals int) int64 {
	var n int64
	point := false
	for _, c := range b {
		switch {
		case c == '.':
			point = true
		case c < '0' || c > '9':
			return 0
		case !point:
			n = n*10 + int64(c-'0')
		case decimals > 0:
			n = n*10 + int64(c-'0')
			decimals--
		}
	}
	for ; decimals > 0; decimals-- {
		n *= 10
	}
	return n
}

// Readable shows a FIX message with '|' for the separator.
func Readable(b []byte) string { return strings.ReplaceAll(string(b), "\x01", "|") }
