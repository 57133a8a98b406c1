package config

import (
	"reflect"
	"strings"
	"testing"
)

// TestTickTables: rows name a table or have a tick of their own; one with other bands may be a looser one.
func TestTickTables(t *testing.T) {
	files := SampleFiles(sampleDate)
	files["instruments.csv"] = []byte("symbol,currency,tick,tick_table,lot\nAAPL,USD,0.01,,1\nVOD.L,GBP,,UK,1\nMSFT,USD,,UK,1\n")
	files["prices.csv"] = []byte("symbol,close,as_of\n")
	files["positions.csv"] = []byte("account,symbol,qty,as_of\nTOTAL,0,0,2026-11-23\n")
	files["ticks.csv"] = []byte("table,from,tick\nUK,0,0.0001\nUK,1,0.0005\nNOT-NAMED,0,1\nUK,2.5,0.01\n")
	text := strings.NewReplacer("  # ticks: ticks.csv ", "  ticks: ticks.csv ").Replace(string(files[SampleMain]))
	files[SampleMain] = []byte(text)
	c, err := loadMap(files)
	if err != nil {
		t.Fatal(err)
	}
	uk := TickTable{{From: 0, Tick: 1_0000}, {From: 1_0000_0000, Tick: 5_0000}, {From: 2_5000_0000, Tick: 100_0000}}
	if in := c.Instruments; !reflect.DeepEqual(in[0].Ticks, TickTable{{Tick: 100_0000}}) || !reflect.DeepEqual(in[1].Ticks, uk) || !reflect.DeepEqual(in[2].Ticks, uk) {
		t.Errorf("%+v", in)
	}
	for price, want := range map[int64]int64{0: 1_0000, 9999_9999: 1_0000, 1_0000_0000: 5_0000, 2_4999_9999: 5_0000, 2_5000_0000: 100_0000, -1_0000_0000: 5_0000} {
		if got := uk.At(price); got != want {
			t.Errorf("the tick at %d is %d, want %d", price, got, want)
		}
	}
	files["ticks.csv"] = []byte("table,from,tick\nUK,0,0.0001\nUK,1,0.0004\n")
	other, err := loadMap(files)
	if err != nil {
		t.Fatal(err)
	}
	if change := Compare(c, other); change.String() != "limits of instrument VOD.L: tick; limits of instrument MSFT: tick" {
		t.Errorf("%+v", change)
	}
	stays := Govern(c, other, false)
	if !reflect.DeepEqual(stays.Instruments[1].Ticks, uk) || len(stays.Held()) != 2 ||
		stays.Held()[0].String() != "instrument MSFT tick: 0.0001, 0.0004 from 1 is offered, 0.0001, 0.0005 from 1, 0.01 from 2.5 stays" {
		t.Errorf("%s", heldText(stays))
	}
}
