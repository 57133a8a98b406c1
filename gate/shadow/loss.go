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
	Record uint64   // behind which it was seen
	Prices []string // the live prices that it was seen at, each with its time; what is not in it counts at its mark
}

// tellLossEvery is after how many looks the gate is told again of a loss that it has not stopped by then, or that is greater: after a
// second.
const tellLossEvery = 50

// numbersOf are the kinds of numbers of the scopes that may have a limit of it.
var numbersOf = map[risk.Scope]config.Kind{risk.ScopeGroup: config.GroupNumber, risk.ScopeClient: config.ClientNumber,
	risk.ScopeAccount: config.AccountNumber, risk.ScopeDesk: config.DeskNumber, risk.ScopeTrader: config.TraderNumber,
	risk.ScopeAlgo: config.AlgoNumber, risk.ScopeLink: config.LinkNumber, risk.ScopeVenue: config.VenueNumber}

// watchLosses has the gate stop whoever has lost too much. At marks it is asked behind every look at the journal, of rows that hold
// the figures already, so it costs nothing that grows with what is held; at live prices it goes over what is held, every so often.
func (r *runner) watchLosses() {
	if r.Loss == nil || r.differs != 0 {
		return
	}
	r.looks++
	book := r.shadow.state.Core.Book()
	if r.Quotes == nil || r.cfg.Gate.Shadow.Losses.Price == config.MarkPrice {
		book.EachLoss(func(l risk.Loss) { r.watchLoss(l, nil) })
		return
	}
	if r.quoted == nil {
		r.quoted = newQuoted(&r.cfg.Gate.Shadow.Losses)
	}
	if now := r.Now(); r.quoted.due(now) {
		r.quoted.value(r, book, now)
	}
}

// watchLoss looks at one of them, seen at some live prices. A greater loss of whoever was told of is told once a second.
func (r *runner) watchLoss(l risk.Loss, prices func(risk.Loss) []string) {
	of, _ := risk.Only(l.Of, l.Index)
	told, again := r.losses[of]
	if !l.Hit() || again && r.looks-told < tellLossEvery {
		return
	}
	if r.losses == nil {
		r.losses = map[risk.Target]int{}
	}
	r.losses[of] = r.looks
	lost := Lost{Of: l.Of, Value: l.Value, Limit: l.Limit, Record: r.shadow.state.Last.Seq}
	if l.Of != risk.ScopeFirm {
		lost.Name = r.shadow.names.Name(numbersOf[l.Of], l.Index)
	}
	if prices != nil {
		lost.Prices = prices(l)
	}
	if err := r.Loss(lost); err != nil {
		r.Log.Error().Err(err).Str("scope", l.Of.String()+" "+lost.Name).Msg("the gate has not taken the word that a scope has lost too much")
	}
}
