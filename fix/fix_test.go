package fix

import (
	"bytes"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"
)

// whole builds a message from fields written with '|' for SOH, with the right length and checksum.
func whole(body string) []byte {
	body = strings.ReplaceAll(body, "|", "\x01")
	head := fmt.Sprintf("8=FIX.4.4\x019=%d\x01", len(body))
	return fmt.Appendf(nil, "%s%s10=%03d\x01", head, body, CheckSum([]byte(head+body)))
}

const orderBody = "35=D|34=2|49=ACME|56=GATE|52=20261122-13:30:00.123|11=A-1|1=ACME-1|21=1|55=IBM|54=1|" +
	"60=20261122-13:30:00.123|38=100|40=2|44=50.10|59=0|"

func TestFrame(t *testing.T) {
	m := string(whole("35=0|34=1|49=A|56=B|52=20261122-13:30:00|"))
	badSum := m[:len(m)-4] + "999\x01"
	for _, c := range []struct {
		name, in string
		size     int
		want     Framing
	}{
		{"nothing yet", "", 0, Partial},
		{"one message", m, len(m), Whole},
		{"two coalesced", m + m, len(m), Whole},
		{"half a message", m[:len(m)/2], 0, Partial},
		{"only the trailer is missing", m[:len(m)-7], 0, Partial},
		{"garbage before", "xyz\x01" + m, 4, NoBeginString},
		{"garbage only", "xyz", 3, NoBeginString},
		{"garbage, then the start of a message", "xyz8=F", 3, NoBeginString},
		{"no BodyLength", "8=FIX.4.4\x0135=0\x01", 15, BadBodyLength},
		{"BodyLength not a number", "8=FIX.4.4\x019=1x\x01", 15, BadBodyLength},
		{"BodyLength negative", "8=FIX.4.4\x019=-1\x01", 15, BadBodyLength},
		{"BodyLength of more digits than any message has", "8=FIX.4.4\x019=000000176\x0135=0\x01", 27, BadBodyLength},
		{"BodyLength zero", "8=FIX.4.4\x019=0\x01", 14, BadBodyLength},
		{"BodyLength without digits", "8=FIX.4.4\x019=\x01", 13, BadBodyLength},
		{"BodyLength of 30 digits", "8=FIX.4.4\x019=" + strings.Repeat("9", 30), 42, BadBodyLength},
		{"BodyLength too short", strings.Replace(m, "9=4", "9=3", 1) + m, len(m), BadBodyLength},
		{"BodyLength too long: the next message is swallowed", strings.Replace(m, "9=4", "9=5", 1) + m, 2 * len(m),
			BadBodyLength},
		{"BodyLength too long: its end has not come", strings.Replace(m, "9=4", "9=5", 1) + m[:20], 0, Partial},
		{"CheckSum of one digit", m[:len(m)-4] + "0\x01" + m, len(m) - 2, BadBodyLength},
		{"BeginString never ends", "8=FIX" + strings.Repeat("x", 40), 45, BadBodyLength},
		{"wrong checksum", badSum + m, len(m), BadCheckSum},
		{"too long", "8=FIX.4.4\x019=1000000\x01", 20 + 1000000 + 7, TooLong},
	} {
		if size, f := Frame([]byte(c.in), 4096); f != c.want || size != c.size {
			t.Errorf("%s: %d bytes, %v; want %d, %v", c.name, size, f, c.size, c.want)
		}
	}
}

// TestFrameSplit feeds a stream cut at every byte and expects the same messages each time.
func TestFrameSplit(t *testing.T) {
	stream := append(append([]byte("noise"), whole(orderBody)...), whole("35=0|34=3|49=A|56=B|52=x|")...)
	for cut := 0; cut <= len(stream); cut++ {
		var buf []byte
		var got int
		for _, part := range [][]byte{stream[:cut], stream[cut:]} {
			buf = append(buf, part...)
			for len(buf) > 0 {
				size, f := Frame(buf, 4096)
				if f == Partial {
					break
				}
				if f == Whole {
					got++
				}
				buf = buf[size:]
			}
		}
		if got != 2 || len(buf) != 0 {
			t.Fatalf("cut at %d: %d messages, %d bytes left", cut, got, len(buf))
		}
	}
}

func TestIndexFaults(t *testing.T) {
	for _, c := range []struct {
		name, body string
		code       FaultCode
		tag        uint32
		repeated   int
	}{
		{"an order", orderBody, NoFault, 0, 0},
		{"tag zero", "35=D|0=1|34=2|", InvalidTag, 0, 0},
		{"tag not a number", "35=D|3x4=2|34=2|", Garbled, 0, 0},
		{"tag only a sign", "35=D|-=2|34=2|", Garbled, 0, 0},
		{"tag with a plus sign", "35=D|+34=2|34=2|", Garbled, 0, 0},
		{"no tag", "35=D|=2|34=2|", Garbled, 0, 0},
		{"no field between two SOH", "35=D||34=2|", Garbled, 0, 0},
		{"garbled after another fault", "35=D|11=|0=1|34=2|3x4=2|", Garbled, 0, 0},
		{"tag with leading zeros", "35=D|034=2|34=2|", InvalidTag, 0, 0},
		{"tag negative", "35=D|-34=2|34=2|", InvalidTag, 0, 0},
		{"tag of twelve digits", "35=D|123456789012=2|34=2|", InvalidTag, 0, 0},
		{"no equals sign", "35=D|34|49=A|", Garbled, 0, 0},
		{"empty value", "35=D|34=2|11=|", EmptyValue, 11, 0},
		{"a tag the gate reads, twice", "35=D|34=2|44=1|44=2|", NoFault, 0, 44},
		{"an unread tag, twice", "35=D|34=2|448=a|448=b|", NoFault, 0, 0},
		{"MsgType is not third", "34=2|35=D|49=A|", FieldOrder, 35, 0},
		{"MsgType is not third, and a value is empty", "34=|35=D|49=A|", FieldOrder, 35, 0},
		{"SOH inside data", "35=D|34=2|95=5|96=a|b=c|11=x|", NoFault, 0, 0},
		{"data longer than announced", "35=D|34=2|95=2|96=abc|11=x|", IncorrectFormat, 96, 0},
		{"data length beyond the message", "35=D|34=2|95=99999|96=abc|", IncorrectFormat, 95, 0},
		{"data length negative", "35=D|34=2|95=-1|96=abc|", IncorrectFormat, 95, 0},
	} {
		var m Message
		m.Index(whole(c.body))
		if m.Fault.Code != c.code || m.Fault.Tag != c.tag || m.Repeated() != c.repeated {
			t.Errorf("%s: %+v repeated %d", c.name, m.Fault, m.Repeated())
		}
	}
}

// A Reject names the bad tag as it was written, so it must be found again.
func TestBadTag(t *testing.T) {
	for body, want := range map[string]string{
		"35=D|34=2|":           "",
		"35=D|34=2|-34=|0=1|":  "-34",
		"35=D|0=x|":            "0",
		"35=D|1234567890=x|":   "1234567890",
		"35=D|95=3|96=a|b|0=|": "0",
	} {
		var m Message
		m.Index(whole(body))
		if got := string(m.BadTag()); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

// TestIndexData holds SOH and '=' inside the data field of every length/data pair.
func TestIndexData(t *testing.T) {
	for _, p := range DataPairs() {
		var m Message
		m.Index(whole(fmt.Sprintf("35=D|34=2|%d=7|%d=a|11=zz|11=real|", p[0], p[1])))
		if m.Fault.Code != NoFault || string(m.Value(TagClOrdID)) != "real" ||
			string(m.Search(p[1])) != "a\x0111=zz" {
			t.Errorf("pair %v: %+v, ClOrdID %q", p, m.Fault, m.Value(TagClOrdID))
		}
	}
}

func TestIndexTooManyFields(t *testing.T) {
	var m Message
	m.Index(whole("35=D|34=2|" + strings.Repeat("448=x|", FieldsMax)))
	if m.Fault.Code != TooManyFields || string(m.Value(TagMsgSeqNum)) != "2" {
		t.Errorf("%+v", m.Fault)
	}
}

func TestParseDecimal(t *testing.T) {
	for _, c := range []struct {
		in   string
		want int64
		flt  NumberFault
	}{
		{"0", 0, NumberOK}, {"100", 100_00000000, NumberOK}, {"50.10", 50_10000000, NumberOK},
		{"-1.5", -1_50000000, NumberOK}, {"0.00000001", 1, NumberOK}, {".5", 50000000, NumberOK},
		{"5.", 5_00000000, NumberOK}, {"007", 7_00000000, NumberOK}, {"1.100000000", 1_10000000, NumberOK},
		{"92233720368.54775807", 1<<63 - 1, NumberOK}, {"-92233720368.54775807", -(1<<63 - 1), NumberOK},
		{"92233720368.54775808", 0, NumberOverflow}, {"0.000000001", 0, NumberTooPrecise},
		{strings.Repeat("9", 30), 0, NumberOverflow}, {"1e5", 0, NumberMalformed}, {"+1", 0, NumberMalformed},
		{"", 0, NumberMalformed}, {"-", 0, NumberMalformed}, {".", 0, NumberMalformed},
		{"1.2.3", 0, NumberMalformed}, {" 1", 0, NumberMalformed}, {"1 ", 0, NumberMalformed},
		{"NaN", 0, NumberMalformed}, {"Inf", 0, NumberMalformed}, {"1,000", 0, NumberMalformed},
		{"--1", 0, NumberMalformed}, {"0x10", 0, NumberMalformed}, {"0.0000000001e9", 0, NumberMalformed},
		{strings.Repeat("9", 30) + "e1", 0, NumberMalformed}, {"12345678901234567890.", 0, NumberOverflow},
	} {
		if got, flt := ParseDecimal([]byte(c.in)); flt != c.flt || flt == NumberOK && got != c.want {
			t.Errorf("%q: %d, %v; want %d, %v", c.in, got, flt, c.want, c.flt)
		}
	}
}

// FuzzParseDecimal holds the reader against arbitrary-precision arithmetic and against its writer.
func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"1", "-0.5", "1.23456789", "1e3", "", "999999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, flt := ParseDecimal([]byte(s))
		r, ok := new(big.Rat).SetString(s)
		if strings.ContainsAny(s, "eEpPxXoO_/+bB") || strings.Count(s, ".") > 1 {
			ok = false
		}
		if flt == NumberOK {
			if !ok {
				t.Fatalf("%q was read as %d", s, v)
			}
			if r.Cmp(big.NewRat(v, 100_000_000)) != 0 {
				t.Fatalf("%q is not %d", s, v)
			}
			if back, flt := ParseDecimal(AppendDecimal(nil, v)); flt != NumberOK || back != v {
				t.Fatalf("%d does not come back: %d %v", v, back, flt)
			}
		} else if ok && flt == NumberMalformed {
			t.Fatalf("%q is a number", s)
		}
	})
}

// FuzzFrame never panics, never asks for more than the bound, and always moves on.
func FuzzFrame(f *testing.F) {
	f.Add(whole(orderBody))
	f.Add([]byte("8=FIX.4.4\x019=5\x0135=0\x0110=000\x01"))
	f.Add([]byte("8=FI8=FIX.4.2\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		const sizeMax = 512
		size, framing := Frame(b, sizeMax)
		switch {
		case framing == Partial && (size != 0 || len(b) >= sizeMax):
			t.Fatalf("partial: size %d of %d bytes", size, len(b))
		case framing == Whole && (size > len(b) || size > sizeMax):
			t.Fatalf("whole: size %d of %d", size, len(b))
		case framing.Garbled() && (size <= 0 || size > len(b)):
			t.Fatalf("garbled: skips %d of %d", size, len(b))
		}
	})
}

// FuzzIndex compares the one-pass index with the obvious way: cut at SOH, cut at '='.
func FuzzIndex(f *testing.F) {
	f.Add(whole(orderBody))
	f.Add(whole("35=D|34=2|95=5|96=a|b=c|"))
	f.Add([]byte("0\x0190=0")) // a length field ends the bytes
	f.Fuzz(func(t *testing.T, b []byte) {
		var m Message
		m.Index(b)
		for i := 0; i < m.Len(); i++ {
			fd := m.Field(i)
			if fd.Off > fd.End || int(fd.End) > len(b) {
				t.Fatalf("field %d of %q: %+v", i, b, fd)
			}
		}
		for _, p := range DataPairs() {
			if bytes.Contains(b, fmt.Appendf(nil, "%d=", p[0])) {
				return // data fields are compared in TestIndexData
			}
		}
		if len(b) == 0 {
			return
		}
		i := 0
		for _, part := range bytes.Split(bytes.TrimSuffix(b, []byte{SOH}), []byte{SOH}) {
			tag, value, ok := bytes.Cut(part, []byte("="))
			negative := bytes.HasPrefix(tag, []byte{'-'})
			digits := bytes.TrimPrefix(tag, []byte{'-'})
			if !ok || len(digits) == 0 || len(bytes.Trim(digits, "0123456789")) > 0 {
				if m.Fault.Code != Garbled && m.Fault.Code != TooManyFields {
					t.Fatalf("%q has %q, but is called %d", b, part, m.Fault.Code)
				}
				continue
			}
			if negative || len(digits) > 9 || digits[0] == '0' {
				tag = []byte("0")
			}
			if i >= m.Len() || fmt.Sprint(m.Field(i).Tag) != string(tag) || !bytes.Equal(m.FieldValue(i), value) {
				if m.Fault.Code == TooManyFields {
					return
				}
				t.Fatalf("field %d of %q is not %s", i, b, part)
			}
			i++
		}
	})
}

func TestTimestamp(t *testing.T) {
	var s Stamper
	for _, c := range []struct {
		ns   int64
		p    Precision
		want string
	}{
		{0, Seconds, "19700101-00:00:00"},
		{951782400123456789, Nanos, "20000229-00:00:00.123456789"},
		{951782400123456789, Micros, "20000229-00:00:00.123456"},
		{951782400123456789, Millis, "20000229-00:00:00.123"},
		{1795354199999999999, Millis, "20261122-13:29:59.999"},
	} {
		got := string(s.Append(nil, c.ns, c.p))
		if got != c.want {
			t.Errorf("%d: %s, want %s", c.ns, got, c.want)
		}
		if back, ok := ParseTimestamp([]byte(got)); !ok || string(s.Append(nil, back, c.p)) != got {
			t.Errorf("%s does not come back", got)
		}
	}
	for _, bad := range []string{"", "20261122", "20261122-24:00:00", "20261322-00:00:00", "20260229-00:00:00",
		"20261122-13:29:59.", "20261122-13:29:59.1234567890", "20261122T13:29:59", "20261122-13:29:5x",
		"20261122-13:29:61", "00000000-00:00:00", "20261122-13:29:59,123"} {
		if ns, ok := ParseTimestamp([]byte(bad)); ok {
			t.Errorf("%q was read as %d", bad, ns)
		}
	}
	if TradeDate(1795354199999999999) != 20261122 {
		t.Error("trade date", TradeDate(1795354199999999999))
	}
}

// FuzzTimestamp holds both directions against the standard library.
func FuzzTimestamp(f *testing.F) {
	f.Add(int64(951782400123456789))
	f.Fuzz(func(t *testing.T, ns int64) {
		ns &= 1<<62 - 1
		var s Stamper
		want := time.Unix(0, ns).UTC().Format("20060102-15:04:05.000000000")
		if got := string(s.Append(nil, ns, Nanos)); got != want {
			t.Fatalf("%d: %s, want %s", ns, got, want)
		}
		if back, ok := ParseTimestamp([]byte(want)); !ok || back != ns {
			t.Fatalf("%s: %d, %v", want, back, ok)
		}
	})
}

// TestTimestampBytes puts every byte in every place of some timestamps, and holds what is read against the standard library.
func TestTimestampBytes(t *testing.T) {
	for _, base := range []string{"20261127-13:46:15", "20240229-00:00:00.5", "19991231-23:59:59.999999999", "20000228-09:10:19.001"} {
		for at := range base {
			for c := range 256 {
				text := []byte(base)
				text[at] = byte(c)
				want, wantOK := slowTimestamp(string(text))
				if ns, ok := ParseTimestamp(text); ns != want || ok != wantOK {
					t.Errorf("%q: %d %v, want %d %v", text, ns, ok, want, wantOK)
				}
			}
		}
	}
}

func slowTimestamp(text string) (ns int64, ok bool) {
	leap := len(text) >= 17 && text[15:17] == "60"
	if leap {
		text = text[:15] + "59" + text[17:]
	}
	layout := "20060102-15:04:05"
	if len(text) > len(layout) {
		if text[len(layout)] != '.' || strings.Trim(text[len(layout)+1:], "0123456789") != "" {
			return 0, false // the standard library takes a comma too, and a sign behind the point
		}
		layout += "." + strings.Repeat("0", len(text)-len(layout)-1)
	}
	at, err := time.Parse(layout, text)
	if err != nil || at.Year() < 1970 || at.Year() > 2261 {
		return 0, false
	}
	if leap {
		at = at.Add(time.Second)
	}
	return at.UnixNano(), true
}

// TestField: a field is written the same where there is room and where the buffer has to grow, tags and values of any length.
func TestField(t *testing.T) {
	for _, tag := range []int{1, 9, 10, 99, 100, 999, 1000, 5001, 123456789} {
		for _, value := range []string{"", "a", "abcd", strings.Repeat("x", 70)} {
			for capacity := range 100 {
				w := NewWriter(capacity)
				w.String(tag, value)
				w.Value(tag, []byte(value))
				want := fmt.Sprintf("%d=%s\x01", tag, value)
				if got := string(w.Bytes(0, w.Len())); got != want+want {
					t.Fatalf("room for %d bytes: %q, want twice %q", capacity, got, want)
				}
			}
		}
	}
}

func TestWriter(t *testing.T) {
	w := NewWriter(4096)
	w.Begin("FIX.4.4", "D")
	w.Uint(TagMsgSeqNum, 2)
	w.String(TagSenderCompID, "ACME")
	w.Decimal(TagPrice, 50_10000000)
	w.Flag(TagPossDupFlag, true)
	w.Stamp(TagSendingTime, 951782400123456789, Micros)
	w.Open(TagClOrdID)
	w.Part([]byte("P"))
	w.PartUint36(36*36+35, 4)
	w.Close()
	w.Uint(1138, 7)
	off, size := w.End()
	got := w.Bytes(off, size)
	want := "8=FIX.4.4|9=75|35=D|34=2|49=ACME|44=50.1|43=Y|52=20000229-00:00:00.123456|11=P010Z|1138=7|"
	if text := strings.ReplaceAll(string(got), "\x01", "|"); !strings.HasPrefix(text, want) {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	if n, f := Frame(got, 4096); f != Whole || n != size {
		t.Errorf("frame: %d of %d, %v", n, size, f)
	}
	if v, ok := ParseUint36([]byte("010Z")); !ok || v != 36*36+35 {
		t.Error(v, ok)
	}
	var m Message
	m.Index(got)
	w.Begin("FIXT.1.1", "D")
	w.Fields(&m, 3, m.Len()-1)
	off, size = w.End()
	if n, f := Frame(w.Bytes(off, size), 4096); f != Whole || n != size {
		t.Errorf("copied fields: %d of %d, %v", n, size, f)
	}
}

// TestNoAllocs is a promise of the order path: framing, indexing and writing allocate nothing.
func TestNoAllocs(t *testing.T) {
	raw := whole(orderBody)
	var m Message
	w := NewWriter(4096)
	if n := testing.AllocsPerRun(100, func() {
		Frame(raw, 4096)
		m.Index(raw)
		ParseDecimal(m.Value(TagPrice))
		w.Reset()
		w.Begin("FIX.4.4", "D")
		w.Uint(TagMsgSeqNum, 2)
		w.Stamp(TagSendingTime, 951782400123456789, Micros)
		w.Fields(&m, 5, m.Len()-1)
		w.End()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkFrame(b *testing.B) {
	raw := whole(orderBody)
	b.ReportAllocs()
	for b.Loop() {
		Frame(raw, 4096)
	}
}

func BenchmarkIndex(b *testing.B) {
	raw := whole(orderBody)
	var m Message
	b.ReportAllocs()
	for b.Loop() {
		m.Index(raw)
	}
}

func BenchmarkWrite(b *testing.B) {
	raw := whole(orderBody)
	var m Message
	m.Index(raw)
	w := NewWriter(4096)
	b.ReportAllocs()
	for b.Loop() {
		w.Reset()
		w.Begin("FIX.4.4", "D")
		w.Uint(TagMsgSeqNum, 2)
		w.String(TagSenderCompID, "GATE")
		w.String(TagTargetCompID, "XSIM")
		w.Stamp(TagSendingTime, 951782400123456789, Micros)
		w.Fields(&m, 7, m.Len()-1)
		w.End()
	}
}

func TestParseDate(t *testing.T) {
	for text, want := range map[string]uint32{"20261122": 20261122, "20240229": 20240229, "20260229": 0, "20261301": 0, "2026112": 0,
		"2026112x": 0, "20261100": 0, "": 0} {
		if got, ok := ParseDate([]byte(text)); got != want || ok != (want != 0) {
			t.Errorf("%q: %d %v, want %d", text, got, ok, want)
		}
	}
}
