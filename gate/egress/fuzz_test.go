package egress

import (
	"bytes"
	"math/big"
	"strconv"
	"testing"
)

// FuzzMutation changes one byte of a compared value, or of the id, and demands that it is found.
func FuzzMutation(f *testing.F) {
	f.Add(uint64(100), uint64(18950), uint16(3), byte('9'))
	f.Add(uint64(1), uint64(1), uint16(40), byte('|'))
	f.Add(uint64(110), uint64(18888), uint16(0), byte('q')) // an order must not leave as a cancel
	f.Add(uint64(999_999_999), uint64(7), uint16(0), byte('.'))
	f.Fuzz(func(t *testing.T, qty, cents uint64, at uint16, to byte) {
		qty, cents = qty%1_000_000_000+1, cents%1_000_000_000+1
		a := good()
		a.Qty = int64(qty) * e8
		a.Price = int64(cents) * (e8 / 100)
		a.Worst = a.Price
		values := [][2]string{
			{"35=", "D"}, {"|11=", "P1A0000001"}, {"|1=", "HOUSE"}, {"|55=", "AAPL"}, {"|54=", "1"},
			{"|38=", strconv.FormatUint(qty, 10)}, {"|40=", "2"},
			{"|44=", strconv.FormatUint(cents/100, 10) + "." + strconv.FormatUint(cents%100+100, 10)[1:]},
		}
		body, places := "", []int(nil) // places: the bytes of the body that are compared values
		for _, v := range values {
			for i := range v[1] {
				places = append(places, len(body)+len(v[0])+i)
			}
			body += v[0] + v[1]
		}
		msg := wire(body + "|59=0|")
		c := New(2, 3, nil)
		c.Accept(a)
		offset := bytes.Index(msg, []byte("35=D"))
		place := offset + places[int(at)%len(places)]
		if msg[place] != to {
			changed := bytes.Clone(msg)
			changed[place] = to
			if c.Check(2, changed, noon).Pass() {
				t.Fatalf("passed: %q, accepted: %q", changed, msg)
			}
		}
		if d := c.Check(2, msg, noon); d != Equal {
			t.Fatalf("%q: %s", msg, d)
		}
	})
}

// FuzzCheck feeds any bytes: nothing panics, and no order passes but the accepted one.
func FuzzCheck(f *testing.F) {
	f.Add(wire(goodBody))
	f.Add(wire("35=0|"))
	f.Add(wire("35=D|11=P1A0000001|354=3|355=a|b|38=1|"))
	f.Fuzz(func(t *testing.T, msg []byte) {
		c := New(2, 3, nil)
		if d := c.Check(2, msg, noon); d.Pass() && bytes.Contains(msg[:20], []byte("\x0135=D\x01")) {
			t.Fatalf("passed without being accepted: %q", msg)
		}
		c.Accept(good())
		if c.Check(2, msg, noon) == NotChecked {
			t.Fatal("not checked")
		}
	})
}

// FuzzDecimal holds the numbers against big.Rat.
func FuzzDecimal(f *testing.F) {
	for _, s := range []string{"0", "-1.5", "92233720368.54775807", "92233720368.54775808", "1.000000000",
		"1.000000001", ".5", "5.", ".", "-", "", "1e5", "92233720368.547758070000", "00012", "1_0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := decimal([]byte(s))
		plain := len(s) < 60
		for i, c := range []byte(s) {
			plain = plain && (c >= '0' && c <= '9' || c == '.' || c == '-' && i == 0)
		}
		r, isRat := new(big.Rat).SetString(s)
		if !plain || !isRat {
			if ok && len(s) < 60 {
				t.Fatalf("%q was read as %d", s, got)
			}
			return
		}
		r.Mul(r, big.NewRat(e8, 1))
		fits := r.IsInt() && r.Num().IsInt64() && r.Num().Int64() != -1<<63
		if ok != fits || ok && r.Num().Int64() != got {
			t.Fatalf("%q: %d %v, want %s %v", s, got, ok, r, fits)
		}
	})
}

// FuzzNotional holds the money against big.Int, truncated where the checker truncates.
func FuzzNotional(f *testing.F) {
	f.Add(uint64(50*e8), int64(100*e8), int64(e8))
	f.Add(uint64(1<<63), int64(1<<62), int64(3))
	f.Fuzz(func(t *testing.T, price uint64, qty, k int64) {
		got, ok := notional(price, qty, k)
		want := new(big.Int).Mul(new(big.Int).SetUint64(price), big.NewInt(qty))
		want.Quo(want, big.NewInt(toMoney)).Mul(want, big.NewInt(k)).Quo(want, big.NewInt(kOne))
		fits := qty >= 0 && k >= 0 && want.Cmp(big.NewInt(moneyMax)) <= 0
		// The fast form gives up only where a product leaves 128 bits.
		if ok != fits || ok && want.Uint64() != got {
			t.Fatalf("%d × %d × %d: %d %v, want %s", price, qty, k, got, ok, want)
		}
	})
}
