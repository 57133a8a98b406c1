package gate

import (
	"fmt"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// restrictOf turns the restriction of a symbol in a scope into numbers.
func (g *Gate) restrictOf(r admin.Request) (m core.Command, err error) {
	m = core.Command{Kind: core.CmdRestrict, Scope: risk.ScopeFirm}
	if r.Verb == admin.Unrestrict {
		m.Kind = core.CmdUnrestrict
	}
	symbol, err := g.numberOf(config.InstrumentNumber, r.Symbol)
	if err != nil {
		return m, err
	}
	m.Target = uint64(symbol)
	if r.Scope != admin.AllScope {
		kind := targetKinds[r.Scope]
		m.Scope = kind.scope
		if m.Index, err = g.numberOf(kind.kind, r.Name); err != nil {
			return m, err
		}
		if r.Scope == admin.LinkScope && g.isVenue(r.Name) {
			return m, fmt.Errorf("nothing was changed: %s is a venue's line; name the venue", r.Name)
		}
	}
	if r.Until == "" {
		return m, nil
	}
	until, err := time.Parse(time.RFC3339, r.Until)
	if err != nil || !until.After(g.now()) {
		return m, fmt.Errorf("until %q: want a time to come with its zone, such as 2026-11-27T21:00:00Z", r.Until)
	}
	m.Qty = risk.Qty(until.UnixNano())
	return m, nil
}
