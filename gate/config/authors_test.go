package config

import (
	"reflect"
	"strings"
	"testing"
)

// authored is the sample with groups, desks, traders and algorithms, as its comments describe them.
func authored(t *testing.T, changes ...string) map[string][]byte {
	t.Helper()
	files := Alone(SampleFiles(sampleDate))
	text := string(files[SampleMain])
	changes = append(changes, "# groups:  ", "groups:  ", "#   - {name: FUNDS", "  - {name: FUNDS", "  - name: ACME\n", "  - name: ACME\n    group: FUNDS\n",
		"# desks:", "desks:", "#   - {name: EQUITIES", "  - {name: EQUITIES", "# traders:", "traders:", "#   - {name: ANN", "  - {name: ANN",
		"# algos:", "algos:", "#   - {name: TWAP", "  - {name: TWAP", "    # trader: ANN ", "    trader: ANN   ", "    # limits: {gross", "    limits: {gross")
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(text, changes[i]) {
			t.Fatalf("the sample has no %q", changes[i])
		}
		text = strings.ReplaceAll(text, changes[i], changes[i+1])
	}
	files[SampleMain] = []byte(text)
	return files
}

func TestAuthors(t *testing.T) {
	c, err := loadMap(authored(t, "attribution: []", "attribution: [trader, algo]", "direct_access: any", "direct_access: yes"))
	if err != nil {
		t.Fatal(err)
	}
	money := func(gross, net int64) Limits {
		return Limits{Gross: gross * 10_000, Net: net * 10_000, ClosingReserveBps: 1000}
	}
	if !reflect.DeepEqual(c.Groups, []Group{{Name: "FUNDS", Limits: money(5_000_000, 2_000_000)}}) || c.Clients[0].Group != 0 || c.Clients[1].Group != None ||
		!reflect.DeepEqual(c.Desks, []Desk{{Name: "EQUITIES", Limits: money(900_000, 400_000)}}) ||
		!reflect.DeepEqual(c.Traders, []Trader{{Name: "ANN", Desk: 0, Client: None, Limits: money(300_000, 150_000)}}) ||
		!reflect.DeepEqual(c.Algos, []Algo{{Name: "TWAP", Limits: money(200_000, 100_000)}}) {
		t.Errorf("groups %+v desks %+v traders %+v algos %+v", c.Groups, c.Desks, c.Traders, c.Algos)
	}
	if k := c.Links[0]; k.Trader != 0 || k.Algo != None || !k.NeedsTrader || !k.NeedsAlgo || k.DirectAccess != OnlyDirect ||
		k.Limits == nil || !reflect.DeepEqual(*k.Limits, money(800_000, 400_000)) {
		t.Errorf("link %+v", k)
	}
	if k := c.Links[1]; k.Trader != None || k.Limits != nil || !k.NeedsAlgo {
		t.Errorf("link %+v", k)
	}
	if v := c.Venues[0]; v.Limits == nil || !reflect.DeepEqual(*v.Limits, money(5_000_000, 2_000_000)) {
		t.Errorf("venue %+v", v)
	}
}

// TestAuthorsChange: who stands behind orders, and what limits him, a running gate follows in
// limits of credit and in what a link asks for, and asking for less takes a second person where two are needed.
func TestAuthorsChange(t *testing.T) {
	text := string(authored(t)[SampleMain])
	is := loadText(t, text)
	for change, want := range map[[2]string]string{
		{"attribution: []", "attribution: [trader]"}:                                 "",
		{"direct_access: any", "direct_access: yes"}:                                 "",
		{"{name: FUNDS, limits: {gross: 5", "{name: FUNDS, limits: {gross: 6"}:       "limits of group FUNDS",
		{"{name: EQUITIES, limits: {gross: 9", "{name: EQUITIES, limits: {gross: 8"}: "limits of desk EQUITIES",
		{"limits: {gross: 300_000", "limits: {gross: 300_001"}:                       "limits of trader ANN",
		{"limits: {gross: 200_000", "limits: {gross: 200_001"}:                       "limits of algo TWAP",
		{"    limits: {gross: 5_000_000", "    limits: {gross: 6_000_000"}:           "limits of venue XSIM",
		{"net: 400_000}   # of all orders of", "net: 400_001}   # of all orders of"}: "limits of link FIX.4.4:GATE->ACME",
		{"    trader: ANN   ", "    algo: TWAP     # "}:                              "",
	} {
		if strings.Count(text, change[0]) != 1 {
			t.Fatalf("%q occurs %d times", change[0], strings.Count(text, change[0]))
		}
		next := loadText(t, strings.Replace(text, change[0], change[1], 1))
		c := Compare(is, next)
		if got := (&Change{Restart: c.Restart, Limits: c.Limits}).String(); got != want {
			t.Errorf("%q: %q, want %q", change[1], got, want)
		}
	}
	asks := loadText(t, strings.Replace(strings.Replace(text, "attribution: []", "attribution: [trader]", 1), "direct_access: any", "direct_access: no", 1))
	asks.Gate.Approval = FourEyes
	if got := heldText(Govern(asks, is, false)); !strings.Contains(got, "attribution: trader: false is offered, true stays") || !strings.Contains(got, "direct_access: 0 is offered, 2 stays") {
		t.Errorf("%q", got)
	}
}

// loadText reads the sample with another gate.yaml.
func loadText(t *testing.T, text string) *Config {
	t.Helper()
	files := Alone(SampleFiles(sampleDate))
	files[SampleMain] = []byte(text)
	c, err := loadMap(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
