package risk_test

import (
	"fmt"

	"portcullis/risk"
)

// An order for 100 @ 10 with two unanswered replaces, to 300 @ 10 and to 200 @ 11, may cost as
// much as its dearest version: the venue has not said which of them it works.
func ExampleReservation() {
	versions := []risk.Version{
		{Qty: 100 * risk.PriceScale, Worst: 10 * risk.PriceScale},
		{Qty: 300 * risk.PriceScale, Worst: 10 * risk.PriceScale},
		{Qty: 200 * risk.PriceScale, Worst: 11 * risk.PriceScale},
	}
	open, reserved, _ := risk.Reservation(versions, 0, risk.PriceScale)
	fmt.Println(open/risk.PriceScale, reserved/risk.MoneyScale)
	// Output: 300 3000
}

// A book that was told nothing but an account, its client and a symbol refuses every order: a
// limit that nobody set is no limit to trade up to.
func ExampleBook_Check() {
	book := risk.NewBook(risk.Capacity{Accounts: 1, Clients: 1, Instruments: 1, Links: 1, Throttles: risk.Room{Windows: 1, Meters: 1, Stamps: 16},
		Positions: 1, Entitlements: 1}, func(n int) []byte { return make([]byte, n) })
	free := risk.Limits{Gross: risk.Unlimited, Net: risk.Unlimited}
	account := risk.Account{Limits: free, OrderLimits: risk.OrderLimits{OrderQtyMax: risk.Unlimited}, LongMax: risk.Unlimited,
		ShortMax: risk.Unlimited, OpenOrdersMax: 10, RepeatCountMax: risk.Unlimited,
		Sides: risk.AllSides, OrdTypes: risk.AllOrdTypes, TimesInForce: risk.AllTimesInForce}
	for _, err := range []error{
		book.SetLimits(risk.ScopeFirm, 0, free),
		book.SetClient(0, risk.Client{Group: risk.NoIndex, Limits: free}),
		book.SetAccount(0, account),
		book.Entitle(0, 0),
		book.SetThrottles(risk.ScopeLink, 0, []risk.Throttle{{Of: risk.Orders, Max: 10, WindowNs: 1e9}}),
		book.SetInstrument(0, risk.Instrument{K: risk.PriceScale, Lot: risk.PriceScale, QtyMax: risk.Unlimited,
			Ticks: [risk.TickBandsMax]risk.TickBand{{Tick: risk.PriceScale / 100}}, BandBps: 1000, CollarBps: 1000,
			Ages: risk.SourceAges{LastNs: 1e9}, OrdTypes: risk.AllOrdTypes, TimesInForce: risk.AllTimesInForce}),
	} {
		if err != nil {
			fmt.Println(err)
		}
	}
	order := risk.Order{
		Terms: risk.Terms{Side: risk.Buy, OrdType: risk.Limit, TimeInForce: risk.Day, Qty: 100 * risk.PriceScale,
			Price: 50 * risk.PriceScale, HasPrice: true},
		Quote: risk.Quote{Last: 51 * risk.PriceScale, Has: risk.HasLast},
	}
	var j risk.Judgement
	book.Check(&order, &j)
	fmt.Println(j.Reason) // nobody set Account.NotionalMax

	account.NotionalMax = risk.Unlimited
	fmt.Println(book.SetAccount(0, account))
	book.Check(&order, &j)
	fmt.Println(j.Reason, j.Reserved/risk.MoneyScale)
	// Output:
	// NOTIONAL_TOO_LARGE
	// <nil>
	// ACCEPTED 5000
}
