package gate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// checkRemoved refuses a configuration that does not name a venue, link, account, instrument, trader or algo with open
// orders, or an account or instrument with a position: those orders could neither be cancelled nor
// reported, and their money would count nowhere (behaviour 12). It lists them. A start after a crash goes on with what
// was in force: what came to be open there since is no reason to stand still.
func (g *Gate) checkRemoved() error {
	uses := g.core.UsesBeside(g.core.Setup())
	g.core.EachLive(func(_ uint32, o *core.Order) bool {
		line, then := g.core.Setup().Venues[o.Venue].Link, g.state.Lines[o.Venue]
		if line != core.NoIndex && line != then {
			uses.Add(core.Use{Of: risk.ScopeLink, Number: then, ClOrdID: string(g.core.ClOrdID(o.First))})
		}
		return true
	})
	if len(uses.Shown) == 0 {
		return nil
	}
	list := strings.Join(g.usesText(uses), "; ")
	if g.cfg.Resumed() {
		g.log.Error().Str("open", list).Msg("something is open of what the configuration does not name any more: put that back")
		return nil
	}
	return errors.New("the configuration lacks what the journal still needs: " + list +
		". Put it back, or end those orders and positions with the configuration of before, which is kept below " +
		g.cfg.Gate.JournalDir + "/config")
}

// usesText says what is open, a line for each name, in their order.
func (g *Gate) usesText(uses core.Uses) (lines []string) {
	type reference struct {
		of     risk.Scope
		number uint32
	}
	of := map[reference]*struct{ orders, positions []string }{}
	for _, x := range uses.Shown {
		at := reference{x.Of, x.Number}
		if of[at] == nil {
			of[at] = new(struct{ orders, positions []string })
		}
		if x.ClOrdID != "" {
			of[at].orders = append(of[at].orders, x.ClOrdID)
			continue
		}
		of[at].positions = append(of[at].positions, fmt.Sprintf("%s %s of %s", decimal.New(int64(x.Qty), -config.QtyDecimals),
			g.numbers.Name(config.InstrumentNumber, x.Instrument), g.numbers.Name(config.AccountNumber, x.Account)))
	}
	for at, open := range of {
		var what []string
		if len(open.orders) > 0 {
			what = append(what, fmt.Sprintf("open orders: %s", strings.Join(open.orders, " ")))
		}
		if len(open.positions) > 0 {
			what = append(what, fmt.Sprintf("positions: %s", strings.Join(open.positions, ", ")))
		}
		kind := useKinds[at.of]
		lines = append(lines, fmt.Sprintf("%s %s (%s)", kind, g.numbers.Name(kind, at.number), strings.Join(what, "; ")))
	}
	slices.Sort(lines)
	if uses.More > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", uses.More))
	}
	return lines
}

// useKinds name what something open is of.
var useKinds = map[risk.Scope]config.Kind{risk.ScopeAccount: config.AccountNumber, risk.ScopeInstrument: config.InstrumentNumber,
	risk.ScopeTrader: config.TraderNumber, risk.ScopeAlgo: config.AlgoNumber, risk.ScopeLink: config.LinkNumber, risk.ScopeVenue: config.VenueNumber}
