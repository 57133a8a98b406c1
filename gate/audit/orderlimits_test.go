package audit

import (
	"bytes"
	"strings"
	"testing"

	"portcullis/gate/config"
)

// TestWhyNamesTheScope: of limits that any scope may have, the story of an order says whose was the lowest.
func TestWhyNamesTheScope(t *testing.T) {
	for _, c := range []struct{ change, to, want string }{
		{"  # order_qty_max: 50_000\n", "  order_qty_max: 90\n", "firm"},
		{"  - name: ACME\n", "  - name: ACME\n    order_qty_max: 90\n", "client ACME"},
		{"    default_account: ACME-1 ", "    order_qty_max: 90\n    default_account: ACME-1 ", "link FIX.4.4:GATE->ACME"},
		{"  - name: XSIM\n", "  - name: XSIM\n    types: {stock: {order_qty_max: 90}}\n", "venue XSIM in type stock"},
		{"{name: ACME-1, ", "{name: ACME-1, symbols: {AAPL: {order_qty_max: 90}}, ", "ACME-1 in this symbol"},
		{"{name: ACME-1, ", "{name: ACME-1, order_qty_max: 90, ", "ACME-1"},
	} {
		files := sampleFiles(c.change, c.to)
		if bytes.Equal(files[config.SampleMain], sampleFiles()[config.SampleMain]) {
			t.Fatalf("the sample has no %q", c.change)
		}
		dir := t.TempDir()
		w := openDesk(t, dir, morning, files)
		w.logon()
		w.from(acme, "35=D|11=A-1|1=ACME-1|55=AAPL|54=1|38=91|40=2|44=187.5|59=0|60=20261122-13:30:00|")
		w.close()
		j := must(Open(dir))(t)
		var out bytes.Buffer
		check(t, j.Why(&out, "A-1", ""))
		for line := range strings.Lines(out.String()) {
			if words := strings.Fields(line); len(words) > 0 && words[0] == "QTY_TOO_LARGE" {
				line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "QTY_TOO_LARGE"))
				if !strings.HasPrefix(line, "quantity is above the maximum") || !strings.Contains(line, " "+c.want+" ") || !strings.HasSuffix(line, "FAILS") {
					t.Errorf("%s: %s", c.want, line)
				}
			}
		}
		if !strings.Contains(out.String(), "QTY_TOO_LARGE") {
			t.Errorf("%s: not refused for it:\n%s", c.want, out.String())
		}
	}
}
