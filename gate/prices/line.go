package prices

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"portcullis/fix"
)

// lineBytesMax bounds one line in bytes, its end included. The longest sensible one has 130.
const lineBytesMax = 256

const fieldCount = 5

var errForm = errors.New("a line is: SYM bid ask last ns, parted by one blank each, '-' for no price")

// ParseLine reads one line without its end. The symbol is part of the line's own bytes. An error
// says which field is wrong and why.
func ParseLine(line []byte) (symbol []byte, u Update, err error) {
	if len(line) >= lineBytesMax {
		return nil, Update{}, errTooLong
	}
	var f [fieldCount][]byte
	rest, more := line, true
	for i := range f {
		if !more {
			return nil, Update{}, errForm
		}
		if f[i], rest, more = bytes.Cut(rest, []byte{' '}); len(f[i]) == 0 {
			return nil, Update{}, errForm
		}
	}
	if more {
		return nil, Update{}, errForm
	}
	for i, p := range []struct {
		name string
		to   *int64
		has  Has
	}{{"bid", &u.Bid, HasBid}, {"ask", &u.Ask, HasAsk}, {"last", &u.Last, HasLast}} {
		text := f[i+1]
		if len(text) == 1 && text[0] == '-' {
			continue
		}
		v, fault := fix.ParseDecimal(text)
		if fault != fix.NumberOK {
			return nil, Update{}, fmt.Errorf("%s %q: %s", p.name, text, fault)
		}
		*p.to = v
		u.Has |= p.has
	}
	ns, bad := strconv.ParseUint(string(f[4]), 10, 63)
	if bad != nil || ns == 0 {
		return nil, Update{}, fmt.Errorf("time %q: not UTC nanoseconds since 1970", f[4])
	}
	if u.Has == 0 {
		return nil, Update{}, errors.New("no price on the line")
	}
	u.AtNs = int64(ns)
	return f[0], u, nil
}
