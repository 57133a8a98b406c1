package audit

import (
	"bytes"
	"strings"
	"testing"
)

// TestExposureOfTheDay: what throttles count by trade dates is shown with what is left of it, by scope and by symbol.
func TestExposureOfTheDay(t *testing.T) {
	dir := t.TempDir()
	w := openDesk(t, dir, morning, sampleFiles("{name: ACME-1, ",
		"{name: ACME-1, throttles: [{of: day_qty, max: 5000}, {of: symbol_day_qty, max: 900}, "+
			"{of: order_trade_ratio, max: 10, min_messages: 4}, {of: symbol_qty_trade_ratio, max: 12.5, min_messages: 2}], "))
	w.logon()
	w.order(acme, "35=D|11=A-1|1=ACME-1|55=AAPL|54=1|38=91|40=2|44=187.5|59=0|")
	id := w.order(acme, "35=D|11=A-2|1=ACME-1|55=MSFT|54=1|38=9|40=2|44=410|59=0|")
	w.report(id, "37=V7|17=E9|150=F|39=1|55=MSFT|54=1|38=9|32=4|31=410|14=4|151=5|6=410|")
	w.close()
	s := must(must(Open(dir))(t).Load(false))(t)
	var out bytes.Buffer
	check(t, s.Exposure(&out, must(s.ParseScope("account:ACME-1"))(t), false))
	for _, want := range []string{
		"DAY_QTY - 100 5000",
		"SYMBOL_DAY_QTY AAPL 91 900",
		"SYMBOL_DAY_QTY MSFT 9 900",
		"ORDER_TRADE_RATIO - 1.00 10.00 2 ordered, 1 executed; binds from 4 messages on, there were 2",
		"SYMBOL_QTY_TRADE_RATIO AAPL unlimited 12.50 91 ordered, 0 executed; binds from 2 messages on, there were 1",
		"SYMBOL_QTY_TRADE_RATIO MSFT 1.25 12.50 9 ordered, 4 executed; binds from 2 messages on, there were 1",
	} {
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
}
