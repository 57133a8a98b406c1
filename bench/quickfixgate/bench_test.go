package quickfixgate

import (
	"bytes"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/quickfixgo/quickfix"
)

// BenchmarkDecision is one NewOrderSingle from bytes to bytes: quickfixgo parses it, the book checks and reserves it,
// quickfixgo builds what goes to the venue. No session, store or socket: the opposite of the gate's benchmark of
// the same name. The orders differ, none is refused.
func BenchmarkDecision(b *testing.B) {
	book := testBook()
	account := book.accounts["A"]
	account.Limits.OrderRateMax, account.Limits.OpenOrdersMax = math.MaxInt32, math.MaxInt32
	account.Limits.RepeatedMax, account.Limits.MaxLong = math.MaxInt32, dec("1e12")
	account.Credit = CreditLimits{Gross: dec("1e15"), Net: dec("1e15")}
	book.accounts["A"], book.clients["C"], book.firm = account, account.Credit, account.Credit
	raw := make([][]byte, b.N)
	for i := range raw {
		raw[i] = order(fmt.Sprintf("B%d", i))
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range raw {
		if decide(b, book, raw[i], i) == 0 {
			b.Fatal("nothing was built")
		}
	}
}

func order(clOrdID string) []byte {
	m := newMessage("D")
	m.Header.SetString(8, "FIX.4.4").SetString(49, "CLIENT").SetString(56, "GATE").SetInt(34, 1).
		SetString(52, "20310304-12:00:00.000")
	m.Body.SetString(tagClOrdID, clOrdID).SetString(tagAccount, "A").SetString(tagSymbol, "X").SetString(tagSide, "1").
		SetString(tagOrdType, "2").SetString(tagTimeInForce, "0").SetString(tagOrderQty, "100").
		SetString(tagPrice, "50.00").SetString(tagTransactTime, "20310304-12:00:00.000")
	return []byte(m.String())
}

// decide returns the length of the message that was built.
func decide(b *testing.B, book *Book, raw []byte, number int) int {
	msg := quickfix.NewMessage()
	if err := quickfix.ParseMessage(msg, bytes.NewBuffer(raw)); err != nil {
		b.Fatal(err)
	}
	request, bad := readRequest(msg, quickfix.SessionID{})
	if bad != nil {
		b.Fatal(bad)
	}
	route, err := book.New(request, noon.Add(time.Duration(number)))
	if err != nil {
		b.Fatal(err)
	}
	out := newMessage("D")
	out.Header.SetString(8, "FIX.4.4").SetString(49, "GATE").SetString(56, "VENUE").SetInt(34, number+1)
	out.Header.SetField(52, quickfix.FIXUTCTimestamp{Time: time.Now()})
	fillOrder(out, request, route.VenueID)
	return len(out.String())
}
