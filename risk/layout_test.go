package risk

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"unsafe"
)

// TestTablesHoldNoPointers: the state lives outside the Go heap, where the collector looks for no
// pointer. It also holds the sizes that the hot path is laid out for.
func TestTablesHoldNoPointers(t *testing.T) {
	book := reflect.TypeFor[Book]()
	tables := 0
	for i := range book.NumField() {
		if f := book.Field(i); f.Type.Kind() == reflect.Slice && f.Name != "regions" && f.Name != "lacks" { // neither is state
			tables++
			if path := pointerIn(f.Type.Elem(), f.Name); path != "" {
				t.Errorf("%s is or holds a pointer", path)
			}
		}
	}
	b := NewBook(Capacity{Accounts: 1, RestingOrders: 1, Clients: 1, Instruments: 1, Links: 1, Throttles: Room{Windows: 1, Meters: 1, Stamps: 1}, Positions: 1, Groups: 1, Desks: 1, Traders: 1, Algos: 1, Venues: 1,
		Entitlements: 1, RepeatEntries: 1, Kills: 1, Listings: 1, Measured: 1, Slices: 1}, func(n int) []byte { return make([]byte, n) })
	if len(b.Regions()) != tables {
		t.Errorf("%d tables, %d regions", tables, len(b.Regions()))
	}
	if path := pointerIn(reflect.TypeFor[Judgement](), "Judgement"); path != "" {
		t.Errorf("%s is or holds a pointer", path)
	}
	for name, size := range map[string][2]uintptr{
		"scope": {unsafe.Sizeof(scope{}), 64}, "position": {unsafe.Sizeof(position{}), 64},
		"window":  {unsafe.Sizeof(window{}), 64},
		"listing": {unsafe.Sizeof(listing{}), 32},
		"repeat":  {unsafe.Sizeof(repeat{}), 64}, "repeatHead": {unsafe.Sizeof(repeatHead{}), 16}, "Check": {unsafe.Sizeof(Check{}), 24},
		"measured": {unsafe.Sizeof(measured{}), 128},
		"account":  {unsafe.Sizeof(account{}), 192},
	} {
		if size[0] > size[1] {
			t.Errorf("%s has %d bytes, should have at most %d", name, size[0], size[1])
		}
	}
}

func pointerIn(typ reflect.Type, path string) string {
	switch typ.Kind() {
	case reflect.Array:
		return pointerIn(typ.Elem(), path+"[]")
	case reflect.Struct:
		for i := range typ.NumField() {
			if p := pointerIn(typ.Field(i).Type, path+"."+typ.Field(i).Name); p != "" {
				return p
			}
		}
		return ""
	}
	if typ.Kind() <= reflect.Complex128 && typ.Kind() != reflect.Uintptr {
		return ""
	}
	return path
}

// TestPositionTable fills the table, empties half of it over a roll, and finds the rest.
func TestPositionTable(t *testing.T) {
	const n = 500
	r := rand.New(rand.NewPCG(1, 1))
	accounts := r.Perm(1 << 14)[:n] // at random: neighbours would hash apart
	b := NewBook(Capacity{Accounts: 1 << 14, Clients: 1, Instruments: 4, Positions: n}, func(n int) []byte {
		return make([]byte, n+3)[3:] // no alignment promised
	})
	for round := range 5 {
		for i, acc := range accounts {
			if err := b.SetPosition(uint32(acc), uint32(i%4), Qty(i%3)); err != nil {
				t.Fatalf("round %d position %d: %v", round, i, err)
			}
		}
		b.Roll()
		held := int64(0)
		for i, acc := range accounts {
			if got := b.Position(uint32(acc), uint32(i%4)).P; got != Qty(i%3) {
				t.Fatalf("round %d position %d = %d, want %d", round, i, got, i%3)
			}
			if i%3 != 0 {
				held++
			}
		}
		if got := b.totals[0].positions; got != held {
			t.Fatalf("round %d: %d rows in use, want %d", round, got, held)
		}
	}
	for i := range uint32(n) { // what must be booked finds spare rows, and then says so
		b.row(i, 0)
		b.row(i, 1)
	}
	if got := b.totals[0].positions; got != n+positionsSpare {
		t.Fatalf("%d rows in use, want %d", got, n+positionsSpare)
	}
	before := b.Credit(ScopeFirm, 0).EB
	if b.Execute(&Place{Account: n, Instrument: 2}, Buy, 1, 5) || b.Credit(ScopeFirm, 0).EB != before+5 {
		t.Fatal("an execution without a row must be reported, and its money booked")
	}
}
