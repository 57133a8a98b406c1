package gate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// checkRemoved refuses a configuration that does not name a venue, link, account, instrument, trader or algo with open
// orders, or an account or instrument with a position: those orders could neither be cancelled nor
// reported, and their money would count nowhere (behaviour 12). It lists all of them.
func (g *Gate) checkRemoved() error {
	r := removed{gate: g, uses: map[reference]*use{}}
	g.core.EachLive(func(_ uint32, o *core.Order) bool {
		r.order(o)
		return true
	})
	g.core.Book().EachPosition(func(account, instrument uint32, v risk.PositionView) {
		if v.P != 0 {
			r.position(account, instrument)
		}
	})
	if len(r.uses) == 0 {
		return nil
	}
	return errors.New("the configuration lacks what the journal still needs: " + strings.Join(r.list(), "; ") +
		". Put it back, or end those orders and positions with the configuration of before, which is kept below " +
		g.cfg.Gate.JournalDir + "/config")
}

// reference is a number for life that something open refers to.
type reference struct {
	kind   config.Kind
	number uint32
}

type use struct {
	orders, positions int
	first             string // ClOrdID of the first order
}

// removed gathers the uses of what the configuration does not name.
type removed struct {
	gate *Gate
	uses map[reference]*use
}

func (r *removed) order(o *core.Order) {
	set := r.gate.core.Setup()
	missing := func(gone bool, kind config.Kind, number uint32) {
		if gone {
			u := r.use(kind, number)
			if u.orders++; u.first == "" {
				u.first = string(r.gate.core.ClOrdID(o.First))
			}
		}
	}
	line, then := set.Venues[o.Venue].Link, r.gate.state.Lines[o.Venue]
	missing(line == core.NoIndex, config.VenueNumber, o.Venue)
	missing(line != core.NoIndex && then != line, config.LinkNumber, then)
	missing(set.Links[o.Owner].BeginString == "", config.LinkNumber, o.Owner)
	missing(r.noAccount(o.Account), config.AccountNumber, o.Account)
	missing(r.noInstrument(o.Instrument), config.InstrumentNumber, o.Instrument)
	if t := uint32(o.Author.Trader) - 1; o.Author.Trader != 0 {
		missing(set.Traders[t].Name == "", config.TraderNumber, t)
	}
	if a := uint32(o.Author.Algo) - 1; o.Author.Algo != 0 {
		missing(set.Algos[a].Name == "", config.AlgoNumber, a)
	}
}

func (r *removed) position(account, instrument uint32) {
	if r.noAccount(account) {
		r.use(config.AccountNumber, account).positions++
	}
	if r.noInstrument(instrument) {
		r.use(config.InstrumentNumber, instrument).positions++
	}
}

func (r *removed) noAccount(n uint32) bool {
	return r.gate.core.Setup().Accounts[n].Client == core.NoIndex
}

func (r *removed) noInstrument(n uint32) bool { return r.gate.core.Book().Factor(n) == 0 }

func (r *removed) use(kind config.Kind, number uint32) *use {
	key := reference{kind, number}
	if r.uses[key] == nil {
		r.uses[key] = new(use)
	}
	return r.uses[key]
}

// list says each use in words, in the order of the names.
func (r *removed) list() (lines []string) {
	for of, u := range r.uses {
		var what []string
		if u.orders > 0 {
			what = append(what, fmt.Sprintf("open orders: %d, the first with ClOrdID %s", u.orders, u.first))
		}
		if u.positions > 0 {
			what = append(what, fmt.Sprintf("positions: %d", u.positions))
		}
		lines = append(lines, fmt.Sprintf("%s %s (%s)", of.kind, r.gate.numbers.Name(of.kind, of.number), strings.Join(what, ", ")))
	}
	slices.Sort(lines)
	return lines
}
