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
		"{name: ACME-1, throttles: [{of: day_qty, max: 5000}, {of: symbol_day_qty, max: 900}], "))
	w.logon()
	w.order(acme, "35=D|11=A-1|1=ACME-1|55=AAPL|54=1|38=91|40=2|44=187.5|59=0|")
	w.order(acme, "35=D|11=A-2|1=ACME-1|55=MSFT|54=1|38=9|40=2|44=410|59=0|")
	w.close()
	s := must(must(Open(dir))(t).Load(false))(t)
	var out bytes.Buffer
	check(t, s.Exposure(&out, must(s.ParseScope("account:ACME-1"))(t), false))
	for _, want := range []string{
		"DAY_QTY - 100 5000 4900",
		"SYMBOL_DAY_QTY AAPL 91 900 809",
		"SYMBOL_DAY_QTY MSFT 9 900 891",
	} {
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
}
