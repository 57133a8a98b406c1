package twin

import "github.com/shopspring/decimal"

// Side is the side in words.
type Side string

const (
	Buy         Side = "buy"
	Sell        Side = "sell"  // 54=2, a long sale
	Short       Side = "short" // 54=5
	ShortExempt Side = "short exempt"
)

// By is who and what an order counts for beside its account, as far as it is known.
type By struct{ Trader, Algo, Link, Venue string }

// Event is one thing that happened. Orders, requests and executions are named.
type Event interface{ apply(*book) }

type (
	// StartOfDay loads a position; loading it again applies the difference.
	StartOfDay struct {
		Account, Symbol string
		Qty             decimal.Decimal
	}
	// Order is a new order that was accepted; Worst is w, K is pinned (exposure 1, 2).
	Order struct {
		ID, Account, Symbol string
		By                  By
		Side                Side
		Qty, Worst, K       decimal.Decimal
	}
	// Replace is a request that was accepted and sent, not yet answered.
	Replace struct {
		ID, Request string
		Qty, Worst  decimal.Decimal
	}
	// Replaced (150=5) confirms a request; requests sent later stay.
	Replaced struct{ ID, Request string }
	// Restated (150=D) sets the confirmed terms; unanswered requests stay. An order that was closed is open again. A K is that of
	// a new trade date; 0: it stays as it was pinned.
	Restated struct {
		ID            string
		Qty, Worst, K decimal.Decimal
	}
	// Recounted: the venue counts an order in other units from now on, in which so much of it is executed.
	Recounted struct {
		ID       string
		Executed decimal.Decimal
	}
	// Counted: the venue counts so much of an order as executed. Where it has ended the order, no more is open than what of that
	// nobody has told.
	Counted struct {
		ID    string
		Qty   decimal.Decimal
		Ended bool
	}
	// Refused (35=9, or 35=3 and 35=j naming it) takes a request away.
	Refused struct{ ID, Request string }
	// Closed ends an order: 39=4, 8, C; 39=3 of a DAY order; refused new order; NotSent.
	Closed struct{ ID string }
	// Fill is a new execution; an order that is closed or full is filled all the same.
	Fill struct {
		ID, ExecID string
		Qty, Px    decimal.Decimal
		Earlier    bool // it corrects one of an earlier trade date
		Ahead      bool // it is in the units of after a split that the next Roll applies
	}
	// Bust takes an execution back; Reopen = the report says LeavesQty(151) > 0.
	Bust struct {
		ExecID string
		Reopen bool
	}
	// Foreign is an execution without an order: unknown order, external fill, adjustment. It is
	// named so that it can be busted.
	Foreign struct {
		ExecID, Account, Symbol string
		By                      By
		Side                    Side
		Qty, Px, K              decimal.Decimal
		Earlier                 bool // it corrects, or assigns, one of an earlier trade date
		Ahead                   bool // as of a Fill
	}
	// Mark says what a symbol is worth, in units of a date; Closes: at the start of the day too.
	Mark struct {
		Symbol string
		Px, K  decimal.Decimal
		Closes bool
		Of     uint32
	}
	// Roll begins a trade date.
	Roll struct{ Date uint32 }
)
