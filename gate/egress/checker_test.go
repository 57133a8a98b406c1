package egress

import (
	"fmt"
	"strings"
	"testing"
)

const noon = 1_767_614_400_000_000_000 // 2026-01-05 12:00 UTC

// wire makes a whole message of its body: '|' for SOH, BodyLength and CheckSum as they must be.
func wire(body string) []byte {
	b := strings.ReplaceAll(body, "|", "\x01")
	msg := fmt.Sprintf("8=FIX.4.4\x019=%d\x01%s", len(b), b)
	sum := 0
	for _, c := range []byte(msg) {
		sum += int(c)
	}
	return fmt.Appendf(nil, "%s10=%03d\x01", msg, sum%256)
}

// The order that the tests accept, and the bytes it leaves as.
const goodBody = "35=D|34=7|49=GATE|56=XNAS|52=20260105-12:00:00.000|11=P1A0000001|1=HOUSE|55=AAPL|54=1|" +
	"38=100|40=2|44=189.50|59=0|60=20260105-12:00:00.000|"

const e8 = 100_000_000

func good() *Accepted {
	a := &Accepted{Record: 41, Link: 2, Kind: 'D', Side: '1', OrdType: '2', TimeInForce: '0', HasPrice: true,
		Qty: 100 * e8, Price: 189_50000000, Worst: 189_50000000, K: e8}
	a.IDLen = uint8(copy(a.ID[:], "P1A0000001"))
	a.SymbolLen = uint8(copy(a.Symbol[:], "AAPL"))
	a.AccountLen = uint8(copy(a.Account[:], "HOUSE"))
	return a
}

func rename(a *Accepted, id string) *Accepted {
	a.ID = [IDBytesMax]byte{}
	a.IDLen = uint8(copy(a.ID[:], id))
	return a
}

// expect fails the test unless a step gave that difference.
func expect(t *testing.T, step string, got, want Difference) {
	t.Helper()
	if got != want {
		t.Errorf("%s: found %q, want %q", step, got, want)
	}
}

// TestDifferences changes one thing of a good order and names what must be found.
func TestDifferences(t *testing.T) {
	for _, row := range []struct {
		from, to string
		want     Difference
	}{
		{"", "", Equal},
		{"44=189.50", "44=189.5", Equal},                        // the same number in another form
		{"44=189.50", "44=189.500000000000", Equal},             // zeros beyond the scale
		{"59=0|", "58=a note|354=9|355=x|38=999||59=0|", Equal}, // SOH and 38= inside a data field
		{"59=0|", "59=0|354=3|", Equal},                         // a length without data takes nothing
		{"59=0|", "43=N|97=N|59=0|", Equal},
		{"38=100", "38=1000", WrongQty},
		{"38=100", "38=100.00000001", WrongQty},
		{"38=100", "38=100.000000001", WrongQty},
		{"38=100", "38=1e2", WrongQty},
		{"38=100", "38=+100", WrongQty},
		{"38=100", "38=-100", WrongQty},
		{"38=100", "38=100.0.0", WrongQty},
		{"38=100", "38=18446744083709551616", WrongQty}, // 100 + 2^64 at 1e-8, digits of 30 as well
		{"38=100|", "", WrongQty},
		{"44=189.50", "44=198.50", WrongPrice},
		{"44=189.50", "44=-189.50", WrongPrice},
		{"44=189.50|", "", WrongPrice},
		{"44=189.50|", "44=189.50|99=180|", WrongStopPx},
		{"54=1", "54=2", WrongSide},
		{"54=1", "54=11", WrongSide},
		{"54=1|", "", WrongSide},
		{"40=2", "40=1", WrongOrdType},
		{"55=AAPL", "55=AAPM", WrongSymbol},
		{"55=AAPL", "55=AAP", WrongSymbol},
		{"55=AAPL", "55=AAPL ", WrongSymbol},
		{"55=AAPL|", "", WrongSymbol},
		{"1=HOUSE", "1=MOUSE", WrongAccount},
		{"1=HOUSE|", "", WrongAccount},
		{"35=D", "35=G", WrongMsgType},
		{"35=D", "35=F", WrongMsgType}, // the id of an order that waits
		{"35=D", "35=E", WrongMsgType}, // a list of orders
		{"35=D", "35=DD", WrongMsgType},
		{"35=D", "35=AB", WrongMsgType}, // a multileg order
		{"35=D", "35=s", WrongMsgType},  // a cross
		{"11=P1A0000001", "11=P1A0000002", UnknownID},
		{"11=P1A0000001", "11=P1A000000", UnknownID},
		{"11=P1A0000001", "11=P1A0000001P1A0000001P1A0000001", UnknownID},
		{"11=P1A0000001|", "", UnknownID},
		{"59=0|", "59=0|43=Y|", SentTwice},
		{"59=0|", "59=0|97=Y|", SentTwice},
		{"59=0|", "59=0|43=X|", SentTwice},
		{"59=0|", "59=0|38=100|", RepeatedField},
		{"59=0|", "59=0|44=1|", RepeatedField},
		{"59=0|", "59=0|11=X|", RepeatedField},
		{"59=0|", "59=0|35=D|", RepeatedField},
		{"59=0|", "59=0|10=000|8=FIX.4.4|9=5|35=D|", RepeatedField}, // a second message inside
		{"34=7|", "34=|", Malformed},
		{"34=7|", "034=7|", Malformed},
		{"34=7|", "=7|", Malformed},
		{"34=7|", "34|", Malformed},
		{"34=7|", "1234567890=7|", Malformed},
		{"34=7|", "3x=7|", Malformed},
		{"59=0|", "355=x|59=0|", Malformed},            // data whose length nobody gave
		{"59=0|", "354=1|58=x|355=x|59=0|", Malformed}, // data whose length is not beside it
		{"59=0|", "354=99999|355=x|59=0|", Malformed},
		{"59=0|", "354=2|355=x|59=0|", Malformed},
		{"59=0|", "354=x|355=x|59=0|", Malformed},
		{"35=D|34=7|", "34=7|35=D|", Malformed},
		{"35=D|", "", Malformed},
	} {
		c := New(4, 3, nil)
		expect(t, "accept", c.Accept(good()), Equal)
		if !strings.Contains(goodBody, row.from) {
			t.Fatalf("%q is not in the order", row.from)
		}
		body := strings.Replace(goodBody, row.from, row.to, 1)
		expect(t, fmt.Sprintf("%q -> %q", row.from, row.to), c.Check(2, wire(body), noon), row.want)
	}
}

// TestRest does the same for an order that says all that few do.
func TestRest(t *testing.T) {
	body := strings.Replace(goodBody, "59=0|", "18=G 6|59=6|110=10|111=20|210=30|1138=40|389=0.5|211=-0.25|432=20260130|", 1)
	accepted := func() *Accepted {
		a := good()
		a.TimeInForce = '6'
		a.ExecInsts = 1<<('G'-'A'+10) | 1<<6
		for field, v := range map[int]int64{MinQty: 10 * e8, MaxFloor: 20 * e8, MaxShow: 30 * e8, DisplayQty: 40 * e8, Discretion: e8 / 2,
			PegOffset: -e8 / 4, ExpireDate: 20260130 * e8} {
			a.SetNumber(field, v)
		}
		return a
	}
	for _, row := range []struct {
		from, to string
		want     Difference
	}{
		{"", "", Equal},
		{"18=G 6|", "18=6 G|", Equal}, {"389=0.5|", "389=0.50|", Equal},
		{"18=G 6|", "18=G|", WrongExecInst}, {"18=G 6|", "18=G 6 f|", WrongExecInst}, {"18=G 6|", "", WrongExecInst}, {"18=G 6|", "18=G6|", WrongExecInst},
		{"18=G 6|", "18=G 6 |", WrongExecInst}, {"18=G 6|", "18=G ?|", WrongExecInst}, {"18=G 6|", "18=G 6|18=f|", RepeatedField},
		{"59=6|", "59=1|", WrongTimeInForce}, {"59=6|", "", WrongTimeInForce}, {"59=6|", "59=66|", WrongTimeInForce},
		{"110=10|", "110=11|", WrongMinQty}, {"110=10|", "", WrongMinQty}, {"110=10|", "110=10|110=1|", RepeatedField},
		{"111=20|", "111=200|", WrongMaxFloor}, {"111=20|", "", WrongMaxFloor},
		{"210=30|", "210=3|", WrongMaxShow}, {"210=30|", "", WrongMaxShow},
		{"1138=40|", "1138=4|", WrongDisplayQty}, {"1138=40|", "", WrongDisplayQty},
		{"389=0.5|", "389=5|", WrongDiscretion}, {"389=0.5|", "", WrongDiscretion},
		{"211=-0.25|", "211=0.25|", WrongPegOffset}, {"211=-0.25|", "", WrongPegOffset},
		{"432=20260130|", "432=20260131|", WrongExpireDate}, {"432=20260130|", "", WrongExpireDate},
	} {
		c := New(4, 3, nil)
		expect(t, "accept", c.Accept(accepted()), Equal)
		expect(t, fmt.Sprintf("%q -> %q", row.from, row.to), c.Check(2, wire(strings.Replace(body, row.from, row.to, 1)), noon), row.want)
	}
	for _, more := range []string{"18=G|", "110=1|", "111=1|", "210=1|", "1138=1|", "389=0|", "211=0|", "432=20260130|"} {
		c := New(4, 3, nil)
		expect(t, "accept", c.Accept(good()), Equal)
		if c.Check(2, wire(strings.Replace(goodBody, "59=0|", "59=0|"+more, 1)), noon).Pass() {
			t.Errorf("%s was not accepted, and left", more)
		}
	}
	c := New(4, 3, nil)
	expect(t, "accept", c.Accept(good()), Equal)
	expect(t, "a day order need not say so", c.Check(2, wire(strings.Replace(goodBody, "59=0|", "", 1)), noon), Equal)
}

// TestFraming breaks the envelope of a good message.
func TestFraming(t *testing.T) {
	whole := string(wire(goodBody))
	for name, msg := range map[string]string{
		"nothing":             "",
		"cut short":           whole[:len(whole)-1],
		"byte behind":         whole + "\x01",
		"message behind":      whole + whole,
		"length too small":    strings.Replace(whole, "\x019=1", "\x019=", 1),
		"length too large":    strings.Replace(whole, "\x019=1", "\x019=2", 1),
		"length not a number": strings.Replace(whole, "\x019=1", "\x019=x", 1),
		"no checksum":         whole[:len(whole)-checkSumBytes],
		"short checksum":      whole[:len(whole)-2] + "\x01",
		"no BeginString":      whole[len("8=FIX.4.4|"):],
		"end of data field":   whole + "354=1000\x01355=",
		"tag only":            whole + "38",
		"equals only":         whole + "38=",
		"far too long":        whole + strings.Repeat("x", messageMax),
	} {
		c := New(4, 3, nil)
		c.Accept(good())
		if d := c.Check(2, []byte(msg), noon); d != Malformed && d != RepeatedField {
			t.Errorf("%s: found %q", name, d)
		}
	}
}

// TestAcceptedFacts changes the accepted order instead of the bytes.
func TestAcceptedFacts(t *testing.T) {
	stop := strings.Replace(goodBody, "44=189.50|", "99=190|", 1)
	for name, row := range map[string]struct {
		change func(*Accepted)
		body   string
		want   Difference
	}{
		"price the order does not have": {func(a *Accepted) { a.HasPrice = false }, goodBody, WrongPrice},
		"stop":                          {func(a *Accepted) { a.HasPrice, a.HasStop, a.StopPx = false, true, 190*e8 }, stop, Equal},
		"other stop":                    {func(a *Accepted) { a.HasPrice, a.HasStop, a.StopPx = false, true, 191*e8 }, stop, WrongStopPx},
		"account the order lacks":       {func(a *Accepted) { a.AccountLen = 0 }, goodBody, WrongAccount},
		"no account":                    {func(a *Accepted) { a.AccountLen = 0 }, strings.Replace(goodBody, "1=HOUSE|", "", 1), Equal},
		"replace sent as new":           {func(a *Accepted) { a.Kind = 'G' }, goodBody, WrongMsgType},
		"replace":                       {func(a *Accepted) { a.Kind = 'G' }, strings.Replace(goodBody, "35=D", "35=G", 1), Equal},
		"margin below the price":        {func(a *Accepted) { a.Worst = e8 }, goodBody, Equal},
		"negative price":                {func(a *Accepted) { a.Price = -e8; a.Worst = -e8 / 2 }, strings.Replace(goodBody, "44=189.50", "44=-1", 1), Equal},
	} {
		a := good()
		row.change(a)
		c := New(4, 3, nil)
		expect(t, name+", accept", c.Accept(a), Equal)
		expect(t, name, c.Check(2, wire(row.body), noon), row.want)
	}
}

func TestOtherMessages(t *testing.T) {
	c := New(4, 1, nil)
	for _, msgType := range []string{"0", "1", "2", "3", "4", "5", "A", "F", "q", "H", "AF", "AR", "j"} {
		expect(t, "35="+msgType, c.Check(0, wire("35="+msgType+"|34=1|"), noon), Equal)
	}
	for _, msgType := range []string{"8", "9", "E", "AB", "AC", "AE", "s", "t", "u", "BE", "x", "00", "d", "g"} {
		expect(t, "35="+msgType, c.Check(0, wire("35="+msgType+"|34=1|"), noon), WrongMsgType)
	}
	expect(t, "unknown line", c.Check(1, wire("35=0|34=1|"), noon), UnknownLink)
}

// TestOnce follows one id: it is accepted once, on one line, and leaves once.
func TestOnce(t *testing.T) {
	c := New(4, 3, nil)
	msg := wire(goodBody)
	expect(t, "before it is accepted", c.Check(2, msg, noon), UnknownID)
	expect(t, "accept", c.Accept(good()), Equal)
	expect(t, "other line", c.Check(1, msg, noon), UnknownID)
	if expect(t, "first", c.Check(2, msg, noon), Equal); c.Against() != 41 {
		t.Errorf("compared with record %d, want 41", c.Against())
	}
	expect(t, "second", c.Check(2, msg, noon), SentTwice)
	expect(t, "accepted again", c.Accept(good()), AcceptedTwice)
	expect(t, "third", c.Check(2, msg, noon), AcceptedTwice)

	c.Accept(rename(good(), "TWICE"))
	expect(t, "accepted twice", c.Accept(rename(good(), "TWICE")), AcceptedTwice)
	body := strings.Replace(goodBody, "P1A0000001", "TWICE", 1)
	expect(t, "neither leaves", c.Check(2, wire(body), noon), AcceptedTwice)
}

func TestWithdrawAndCut(t *testing.T) {
	c := New(8, 3, nil)
	send := func(id string) Difference {
		return c.Check(2, wire(strings.Replace(goodBody, "P1A0000001", id, 1)), noon)
	}
	for _, id := range []string{"A", "B", "C", "D"} {
		expect(t, "accept "+id, c.Accept(rename(good(), id)), Equal)
	}
	c.Withdraw(2, []byte("A"))
	c.Withdraw(2, []byte("nobody"))
	c.Withdraw(9, []byte("B"))
	expect(t, "withdrawn", send("A"), Withdrawn)
	expect(t, "kept", send("B"), Equal)
	c.Withdraw(2, []byte("B"))
	c.Cut(1)
	expect(t, "another line was cut", send("C"), Equal)
	c.Cut(2)
	c.Cut(99)
	expect(t, "cut", send("D"), Withdrawn)
	if l := c.lines[2]; l.waiting != 0 || l.sent > l.accepted {
		t.Errorf("money left waiting: %+v", l)
	}
}

// TestFull fills the table with waiting orders of one line; the room of sent orders is used again,
// oldest first, whatever the other lines wait for.
func TestFull(t *testing.T) {
	c := New(4, 3, nil)
	send := func(id string) Difference {
		return c.Check(2, wire(strings.Replace(goodBody, "P1A0000001", id, 1)), noon)
	}
	blocked := rename(good(), "BLOCKED")
	blocked.Link = 0
	expect(t, "blocked line", c.Accept(blocked), Equal)
	for i := range 100 { // far more orders than places
		id := fmt.Sprintf("ID%d", i)
		expect(t, id, c.Accept(rename(good(), id)), Equal)
		expect(t, id, send(id), Equal)
	}
	expect(t, "young", send("ID98"), SentTwice)
	expect(t, "forgotten", send("ID96"), UnknownID)
	for _, id := range []string{"A", "B", "C"} {
		expect(t, id, c.Accept(rename(good(), id)), Equal)
	}
	expect(t, "no room", c.Accept(rename(good(), "D")), TableFull)
	expect(t, "not remembered", send("D"), UnknownID)
	expect(t, "A", send("A"), Equal)
	expect(t, "room again", c.Accept(rename(good(), "D")), Equal)
	expect(t, "still waiting", c.waits(0, "BLOCKED"), Equal)
}

// waits tells whether an order is remembered and waits.
func (c *Checker) waits(link uint32, id string) Difference {
	if i := c.find(link, []byte(id)); i == none || c.entries[i].state != waiting {
		return UnknownID
	}
	return Equal
}

// TestMoney holds the minute's sum: a table that lost count lets nothing more leave.
func TestMoney(t *testing.T) {
	c := New(8, 3, nil)
	c.Accept(good())
	if l := c.lines[2]; l.accepted != 18_950_0000 || l.waiting != l.accepted {
		t.Fatalf("accepted %+v, want 18,950", l)
	}
	expect(t, "next minute", c.Check(2, wire(goodBody), noon+minuteNs), Equal)
	if l := c.lines[2]; l.sent != l.accepted || l.waiting != 0 {
		t.Errorf("carried over the minute: %+v", l)
	}
	c.Accept(rename(good(), "NEXT"))
	c.lines[2].accepted-- // one ten-thousandth is missing
	body := strings.Replace(goodBody, "P1A0000001", "NEXT", 1)
	expect(t, "excess", c.Check(2, wire(body), noon+minuteNs), ExcessMoney)

	for name, change := range map[string]func(*Accepted){
		"overflow":     func(a *Accepted) { a.Qty, a.Worst, a.K = 1<<62, 1<<62, 1<<62 },
		"negative qty": func(a *Accepted) { a.Qty = -1 },
		"negative k":   func(a *Accepted) { a.K = -1 },
	} {
		a := rename(good(), "MONEY")
		change(a)
		expect(t, name, c.Accept(a), ExcessMoney)
	}
}

// TestNoMemory: what was not given, or given badly, lets no order pass.
func TestNoMemory(t *testing.T) {
	odd := func(n int) []byte { return make([]byte, n+9)[1:] }
	for name, c := range map[string]*Checker{
		"no capacity":  New(0, 3, nil),
		"negative":     New(-5, 3, nil),
		"no bytes":     New(4, 3, func(int) []byte { return nil }),
		"short":        New(4, 3, func(n int) []byte { return make([]byte, n-1) }),
		"misaligned":   New(4, 3, odd),
		"no lines":     New(4, 0, nil),
		"negative too": New(4, -1, nil),
	} {
		if d := c.Accept(good()); d.Pass() {
			t.Errorf("%s: accepted", name)
		}
		if d := c.Check(2, wire(goodBody), noon); d.Pass() {
			t.Errorf("%s: passed", name)
		}
		c.Withdraw(2, []byte("P1A0000001"))
		c.Cut(2)
	}
	if New(4, 3, func(n int) []byte { return make([]byte, n) }).Accept(good()) != Equal {
		t.Error("given memory does not work")
	}
}

func TestBadFacts(t *testing.T) {
	for name, change := range map[string]func(*Accepted){
		"no id":        func(a *Accepted) { a.IDLen = 0 },
		"long id":      func(a *Accepted) { a.IDLen = IDBytesMax + 1 },
		"long symbol":  func(a *Accepted) { a.SymbolLen = TextBytesMax + 1 },
		"long account": func(a *Accepted) { a.AccountLen = 255 },
		"no kind":      func(a *Accepted) { a.Kind = 0 },
	} {
		a := good()
		change(a)
		expect(t, name, New(4, 3, nil).Accept(a), Malformed)
	}
}

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for d := NotChecked; d <= WrongExpireDate; d++ {
		if d.String() == "" || seen[d.String()] || d.Pass() != (d == Equal) {
			t.Errorf("difference %d: %q", d, d)
		}
		seen[d.String()] = true
	}
	if (WrongExpireDate + 1).String() != "unknown difference" {
		t.Error("a new difference has no name")
	}
}

// TestDays: an id is accepted once on each day, and one that still waits on no other day.
func TestDays(t *testing.T) {
	c := New(4, 3, nil)
	msg := wire(goodBody)
	a := good()
	for a.Day = 1; a.Day < 6; a.Day++ { // more days than there are places
		expect(t, "accept", c.Accept(a), Equal)
		expect(t, "check", c.Check(2, msg, noon), Equal)
		expect(t, "check again", c.Check(2, msg, noon), SentTwice)
	}
	expect(t, "accept", c.Accept(a), Equal)
	a.Day++
	expect(t, "it waits", c.Accept(a), AcceptedTwice)
	a.Day++
	expect(t, "accept", c.Accept(a), Equal)
	expect(t, "accept twice", c.Accept(a), AcceptedTwice)
}
