package load

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var kindNames = map[Kind]string{NewOrder: "new", Cancel: "cancel", Replace: "replace", Fill: "fill"}

func describe(events []Event) string {
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintf(&b, "%4dµs %-7s order %d side %c qty %d price %d\n",
			e.AtNs/1000, kindNames[e.Kind], e.Order, max(e.Side, '-'), e.Qty, e.Price)
	}
	return b.String()
}

// The file holds each event type once at least: a partly filled order, a partial cancel, a hidden execution, a cancel
// of an order from before the file, a halt, a cross, and an order that is open at the end.
func TestReadLobster(t *testing.T) {
	flow, counts, err := ReadLobster("testdata/xyz-2031-03-04-sample.csv")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.TrimLeft(`
   0µs new     order 0 side 1 qty 100 price 250000
 200µs new     order 1 side 2 qty 300 price 250200
 600µs fill    order 0 side - qty 40 price 0
 900µs replace order 1 side 2 qty 200 price 250200
1100µs new     order 2 side 1 qty 25 price 250100
1100µs fill    order 2 side - qty 25 price 0
1900µs fill    order 0 side - qty 60 price 0
2400µs new     order 3 side 2 qty 50 price 250300
3400µs cancel  order 1 side 2 qty 200 price 0
4400µs fill    order 3 side - qty 20 price 0
4400µs cancel  order 3 side 2 qty 50 price 0
`, "\n")
	if got := describe(flow.Events); got != want {
		t.Errorf("events:\n%swant:\n%s", got, want)
	}
	if want := (LobsterCounts{Lines: 12, New: 4, Cancel: 2, Replace: 1, Fill: 4, Unknown: 1, Ignored: 2}); counts != want {
		t.Errorf("counts %+v, want %+v", counts, want)
	}
	ins := flow.Instruments[0]
	if ins.Symbol != "XYZ" || ins.RefPrice != 250200 || flow.SpanNs != 4_400_001 || flow.Orders != 4 {
		t.Errorf("symbol %s, reference %d, span %d ns, %d orders", ins.Symbol, ins.RefPrice, flow.SpanNs, flow.Orders)
	}
}

func TestReadLobsterNamesTheDefect(t *testing.T) {
	const good = "34200.1,1,5,10,100000,1\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "no new orders"},
		{"heading", "time,type,id,size,price,side\n", ":1: time \"time\""},
		{"short line", good + "34200.2,1,6\n", ":2: 3 columns"},
		{"NaN time", "NaN,1,5,10,100000,1\n", "time \"NaN\""},
		{"event 9", "34200.1,9,5,10,100000,1\n", "event \"9\""},
		{"no shares", "34200.1,1,5,0,100000,1\n", "shares \"0\""},
		{"30 digits", "34200.1,1,5,100000000000000000000000000000,100000,1\n", "shares"},
		{"negative price", "34200.1,1,5,10,-4,1\n", "price \"-4\""},
		{"side 0", "34200.1,1,5,10,100000,0\n", "side \"0\""},
		{"time goes back", good + "34200.05,1,6,10,100000,1\n", ":2: time goes back"},
		{"entered twice", good + good, ":2: order 5 is entered a second time"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "abc.csv")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, _, err := ReadLobster(path)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error %v, want the path and %q", err, c.want)
			}
		})
	}
}

func FuzzLobsterLine(f *testing.F) {
	f.Add("34200.1,1,5,10,100000,1")
	f.Add("1e3,5,0,1,1,-1")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := parseLobster(text)
		if err == nil && l.event <= lobsterHidden && (l.shares <= 0 || l.price <= 0 || l.atNs < 0) {
			t.Errorf("%q became %+v", text, l)
		}
	})
}
