package prices

import (
	"fmt"
	"time"
)

// Symbol is what the feed knows of an instrument beside its name.
type Symbol struct {
	Number        uint32
	MayBeNegative bool  // zero and negative prices are prices
	AgeMaxNs      int64 // no order uses a price whose time is farther away than this; 0: none uses it at all
}

// doubt says why no order will use what a line gives, though the line is as it should be.
type doubt uint8

const (
	notPositive doubt = iota
	fromFuture
)

// unused is a doubt about one symbol.
type unused struct {
	number uint32
	doubt  doubt
}

// notUsed tells the peer: the line is stored, and stands in the place of the price before it.
type notUsed struct{ text string }

func (e *notUsed) Error() string { return e.text }

// told is what one peer was told; each doubt about each symbol once.
type told map[unused]struct{}

// doubts gives the first doubt about an update that the peer was not told yet; nil: there is none.
func (t told) doubts(symbol []byte, s Symbol, u *Update) error {
	if !s.MayBeNegative {
		for _, p := range []struct {
			name  string
			has   Has
			price int64
		}{{"bid", HasBid, u.Bid}, {"ask", HasAsk, u.Ask}, {"last", HasLast, u.Last}} {
			if u.Has&p.has != 0 && p.price <= 0 && t.first(s, notPositive) {
				return &notUsed{fmt.Sprintf("%s of %q is not above zero: no order uses it; '-' stands for no price", p.name, symbol)}
			}
		}
	}
	if ahead := u.AtNs - time.Now().UnixNano(); s.AgeMaxNs > 0 && ahead > s.AgeMaxNs && t.first(s, fromFuture) {
		return &notUsed{fmt.Sprintf("time of %q is %v from now: no order uses its prices before that", symbol, time.Duration(ahead).Round(time.Millisecond))}
	}
	return nil
}

// first reports whether a doubt is new to the peer, and notes it.
func (t told) first(s Symbol, d doubt) bool {
	key := unused{s.Number, d}
	if _, known := t[key]; known {
		return false
	}
	t[key] = struct{}{}
	return true
}
