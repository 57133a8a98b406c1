package shadow

import (
	"portcullis/gate/config"
	"portcullis/risk"
)

// Lost is a loss of a scope that is above its limit.
type Lost struct {
	Of     risk.Scope
	Name   string // of the client, account, trader …; "": the firm
	Value  risk.Money
	Limit  risk.Money
	Record uint64 // behind which it was seen
}

// lossTold is a loss that the gate was told of, and how many looks at the journal ago.
type lossTold struct {
	value risk.Money
	look  int
}

// tellLossEvery is after how many looks the gate is told again of a loss that it has not stopped by then: after a second.
const tellLossEvery = 50

// numbersOf are the kinds of numbers of the scopes that may have a limit of it.
var numbersOf = map[risk.Scope]config.Kind{risk.ScopeGroup: config.GroupNumber, risk.ScopeClient: config.ClientNumber,
	risk.ScopeAccount: config.AccountNumber, risk.ScopeDesk: config.DeskNumber, risk.ScopeTrader: config.TraderNumber,
	risk.ScopeAlgo: config.AlgoNumber, risk.ScopeLink: config.LinkNumber, risk.ScopeVenue: config.VenueNumber}

// watchLosses has the gate stop whoever has lost too much. It is asked behind every look at the journal: of rows that hold
// the figures already, so it costs nothing that grows with what is held.
func (r *runner) watchLosses() {
	if r.Loss == nil || r.differs != 0 {
		return
	}
	r.looks++
	r.shadow.state.Core.Book().EachLoss(func(l risk.Loss) {
		of, _ := risk.Only(l.Of, l.Index)
		told, again := r.losses[of]
		if !l.Hit() || again && l.Value <= told.value && r.looks-told.look < tellLossEvery {
			return
		}
		if r.losses == nil {
			r.losses = map[risk.Target]lossTold{}
		}
		r.losses[of] = lossTold{l.Value, r.looks}
		lost := Lost{Of: l.Of, Value: l.Value, Limit: l.Limit, Record: r.shadow.state.Last.Seq}
		if l.Of != risk.ScopeFirm {
			lost.Name = r.shadow.names.Name(numbersOf[l.Of], l.Index)
		}
		if err := r.Loss(lost); err != nil {
			r.Log.Error().Err(err).Str("scope", l.Of.String()+" "+lost.Name).Msg("the gate has not taken the word that a scope has lost too much")
		}
	})
}
