package operator

import (
	"fmt"
	"slices"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

var killModes = map[admin.Mode]risk.KillMode{"": risk.KillBlockAndCancel, admin.ModeCancel: risk.KillBlockAndCancel,
	admin.ModeBlock: risk.KillBlock, admin.ModeDisconnect: risk.KillDisconnect, admin.ModeReduceOnly: risk.KillReduceOnly}

// targetKinds are the scopes of a kill, by what names their numbers.
var targetKinds = map[admin.Scope]struct {
	scope risk.Scope
	kind  config.Kind
}{
	admin.GroupScope: {risk.ScopeGroup, config.GroupNumber}, admin.ClientScope: {risk.ScopeClient, config.ClientNumber},
	admin.AccountScope: {risk.ScopeAccount, config.AccountNumber}, admin.DeskScope: {risk.ScopeDesk, config.DeskNumber},
	admin.TraderScope: {risk.ScopeTrader, config.TraderNumber}, admin.AlgoScope: {risk.ScopeAlgo, config.AlgoNumber},
	admin.LinkScope: {risk.ScopeLink, config.LinkNumber}, admin.VenueScope: {risk.ScopeVenue, config.VenueNumber},
	admin.InstrumentScope: {risk.ScopeInstrument, config.InstrumentNumber},
}

// killOf turns a kill, or a drill of it, into numbers.
func (n *Names) killOf(r admin.Request) (core.Command, error) {
	of, err := n.killTarget(r)
	kind := core.CmdKill
	if r.Drill {
		kind = core.CmdDrill
	}
	return core.KillOf(kind, of, killModes[r.Mode], r.KeepGTC), err
}

// killTarget turns the scopes of a kill into numbers.
func (n *Names) killTarget(r admin.Request) (risk.Target, error) {
	of := risk.WholeFirm
	for _, p := range r.Parts() {
		kind, known := targetKinds[p.Scope]
		if !known {
			return of, fmt.Errorf("the gate does not know the scope %q", p.Scope)
		}
		index, err := n.Number(kind.kind, p.Name)
		if err == nil && p.Scope == admin.LinkScope && n.isVenue(p.Name) {
			err = fmt.Errorf("nothing was killed: %s is a venue's line; name the venue, or the link, account or client that sends over it, "+
				"or the whole firm", p.Name)
		}
		if err != nil {
			return of, err
		}
		*of.Part(kind.scope) = index
	}
	return of, nil
}

// isVenue reports whether a link is a venue's line.
func (n *Names) isVenue(link string) bool {
	return slices.ContainsFunc(n.Config.Venues, func(v config.Venue) bool { return v.Session.Name == link })
}

// drainScope is the link that is drained: a participant's, or a venue's line; NoIndex for the whole gate.
func (n *Names) drainScope(r admin.Request) (uint32, error) {
	switch r.Scope {
	case admin.AllScope:
		return core.NoIndex, nil
	case admin.VenueScope:
		for i := range n.Config.Venues {
			if v := &n.Config.Venues[i]; v.Name == r.Name {
				return n.Number(config.LinkNumber, v.Session.Name)
			}
		}
		return 0, fmt.Errorf("there is no venue %q: names are as in the configuration", r.Name)
	}
	return n.Number(config.LinkNumber, r.Name)
}

// restrictOf turns the restriction of a symbol in a scope into numbers.
func (n *Names) restrictOf(r admin.Request) (m core.Command, err error) {
	m = core.Command{Kind: core.CmdRestrict, Scope: risk.ScopeFirm}
	if r.Verb == admin.Unrestrict {
		m.Kind = core.CmdUnrestrict
	}
	symbol, err := n.Number(config.InstrumentNumber, r.Symbol)
	if err != nil {
		return m, err
	}
	m.Target = uint64(symbol)
	if m.Scope, m.Index, err = n.tradingScope(r); err != nil {
		return m, err
	}
	until, err := n.Until(r.Until)
	if !until.IsZero() {
		m.Qty = risk.Qty(until.UnixNano())
	}
	return m, err
}

// tradingScope is the scope that a request names.
func (n *Names) tradingScope(r admin.Request) (scope risk.Scope, index uint32, err error) {
	if r.Scope == admin.AllScope {
		return risk.ScopeFirm, 0, nil
	}
	kind := targetKinds[r.Scope]
	index, err = n.Number(kind.kind, r.Name)
	if err == nil && r.Scope == admin.LinkScope && n.isVenue(r.Name) {
		err = fmt.Errorf("nothing was changed: %s is a venue's line; name the venue", r.Name)
	}
	return kind.scope, index, err
}

// enableOf is the command that lifts what a control has left in a scope.
func (n *Names) enableOf(r admin.Request) (m core.Command, err error) {
	m = core.Command{Kind: core.CmdEnable}
	for _, c := range risk.Controls() {
		if c.Reason.String() == r.Control {
			m.Target = uint64(c.Reason)
		}
	}
	if m.Target == 0 {
		return m, fmt.Errorf("%q is no control; gate controls lists them", r.Control)
	}
	m.Scope, m.Index, err = n.tradingScope(r)
	return m, err
}
