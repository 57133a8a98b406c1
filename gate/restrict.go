package gate

import (
	"fmt"

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
	if m.Scope, m.Index, err = g.tradingScope(r); err != nil {
		return m, err
	}
	until, err := g.until(r.Until)
	if !until.IsZero() {
		m.Qty = risk.Qty(until.UnixNano())
	}
	return m, err
}

// tradingScope is the scope that a request names.
func (g *Gate) tradingScope(r admin.Request) (scope risk.Scope, index uint32, err error) {
	if r.Scope == admin.AllScope {
		return risk.ScopeFirm, 0, nil
	}
	kind := targetKinds[r.Scope]
	index, err = g.numberOf(kind.kind, r.Name)
	if err == nil && r.Scope == admin.LinkScope && g.isVenue(r.Name) {
		err = fmt.Errorf("nothing was changed: %s is a venue's line; name the venue", r.Name)
	}
	return kind.scope, index, err
}

// enableOf is the command that lifts what a control has left in a scope.
func (g *Gate) enableOf(r admin.Request) (m core.Command, err error) {
	m = core.Command{Kind: core.CmdEnable}
	for _, c := range risk.Controls() {
		if c.Reason.String() == r.Control {
			m.Target = uint64(c.Reason)
		}
	}
	if m.Target == 0 {
		return m, fmt.Errorf("%q is no control; gate controls lists them", r.Control)
	}
	m.Scope, m.Index, err = g.tradingScope(r)
	return m, err
}
