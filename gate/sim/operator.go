package sim

import (
	"portcullis/gate/core"
	"portcullis/risk"
)

// operator is the people at the gate's desk.
type operator struct {
	w       *World
	kills   []kill          // acknowledged, and nobody has asked to lift them
	lifting map[uint64]bool // somebody has
	short   map[string]int  // how often the gate called impossible what was said of an order, by its id
	byHand  map[string]bool // by tag: orders of which somebody said what was executed, without an ExecID
	open    map[string]bool // by tag: orders of which somebody said that they are open; what they wait for may never be answered
	refused map[string]bool // by tag: orders of which somebody said that the venue has refused them; its own word may come yet
}

// kill is a block of which the operator was told that it stands.
type kill struct {
	id    uint64
	scope risk.Scope
	index uint32
}

// act gives some command.
func (o *operator) act() {
	r := o.w.r
	n := r.IntN(35)
	if stops := n < 2 || n == 7 || n == 12; stops && !o.w.chance(o.w.calm) {
		n = 2
	}
	switch n {
	case 0, 1:
		o.kill()
	case 2, 3, 4, 5:
		o.revive()
	case 6:
		o.roll()
	case 7:
		o.w.host.give(core.Command{Kind: core.CmdHalt, Index: uint32(r.IntN(2))})
	case 8, 9:
		o.w.host.give(core.Command{Kind: core.CmdResume, Index: uint32(r.IntN(2))})
	case 10:
		o.accept()
	case 11:
		o.w.host.give(core.Command{Kind: core.CmdSOD, Index: uint32(r.IntN(3)), Target: uint64(r.IntN(2)), Qty: risk.Qty(r.IntN(200)-60) * risk.PriceScale})
	case 12:
		o.w.faults.note("link held")
		o.w.host.give(core.Command{Kind: core.CmdLinkDown, Index: uint32(r.IntN(len(linkNames)))})
	case 13, 14:
		o.w.host.give(core.Command{Kind: core.CmdLinkUp, Index: uint32(r.IntN(len(linkNames)))})
	case 15:
		o.w.quote()
	case 16, 17:
		o.restrict()
	case 18:
		o.w.host.give(core.Command{Kind: core.CmdLocate, Index: 2, Target: core.DatedInstrument(o.w.date, uint32(r.IntN(2))),
			Qty: risk.Qty(r.IntN(400)) * risk.PriceScale})
	case 19:
		o.w.host.give(core.Command{Kind: core.CmdEasyToBorrow, Index: uint32(r.IntN(2)), Target: uint64(o.w.date), Flag: r.IntN(2) == 0})
	case 20, 21:
		o.w.faults.note("phase")
		p := []risk.Phase{risk.PhaseHalted, risk.Continuous, risk.Continuous, risk.PhaseUnknown}[r.IntN(4)]
		o.w.host.give(core.PhaseCommand(uint32(r.IntN(2)), uint32(r.IntN(3))-1, p, 0))
	case 22:
		o.w.host.give(core.Command{Kind: core.CmdShortSale, Index: uint32(r.IntN(2)), Flag: r.IntN(2) == 0})
	case 23, 24:
		o.mark()
	case 25, 26:
		o.watchLosses()
	case 27, 28:
		o.w.reloads.give()
	case 29:
		o.split()
	case 30, 31, 32, 33:
		o.settleFractions()
	case 34:
		o.w.faults.note("certificate revoked")
		l := uint32(r.IntN(len(linkNames)))
		if o.w.host.live == nil {
			return
		}
		o.w.host.give(core.Command{Kind: core.CmdRevoked, Index: l, Target: uint64(o.w.host.live.Conn(l)) + r.Uint64N(2)})
	}
}

// roll begins the next trade date.
func (o *operator) roll() {
	if o.w.rolls > 0 && !o.w.manyDays {
		return
	}
	o.w.rolls++
	o.w.faults.note("roll")
	o.w.date++
	o.w.quote()
	o.w.host.give(core.Command{Kind: core.CmdRoll, Target: uint64(o.w.date)})
	o.w.exDate()
}

// mark says what symbols are worth, as closes of the trade date or as two people's word; one of the symbols may be left out.
func (o *operator) mark() {
	r := o.w.r
	o.w.faults.note("mark")
	byHand := r.IntN(2) == 0
	for i := range uint32(len(symbolNames)) {
		m := core.Command{Kind: core.CmdClose, Index: i, Target: uint64(o.w.date), Price: o.w.quotes[i].Last + risk.Price(r.IntN(5)-2)*risk.PriceScale}
		if byHand {
			m.Kind, m.Target = core.CmdMark, 0
			o.w.host.give(m)
			m.UID = uint32(r.IntN(3))
		}
		if r.IntN(5) > 0 {
			o.w.host.give(m)
		}
	}
	o.w.host.give(core.Command{Kind: core.CmdMarksEnd})
}

// restrict bars a symbol in a scope for a while, or no longer.
func (o *operator) restrict() {
	r := o.w.r
	o.w.faults.note("restriction")
	m := core.Command{Kind: core.CmdRestrict, Scope: risk.Scope(1 + r.IntN(4)), Target: uint64(r.IntN(2))}
	if r.IntN(3) > 0 {
		m.Kind = core.CmdUnrestrict
	}
	if m.Scope != risk.ScopeFirm {
		m.Index = uint32(r.IntN(2))
	}
	o.w.host.give(m)
}

// modes are those of kills, cancels most of the time; a kill of an account never disconnects.
var modes = [...]risk.KillMode{0, 0, 0, risk.KillBlockAndCancel, risk.KillBlockAndCancel, risk.KillBlock, risk.KillReduceOnly, risk.KillDisconnect}

// kill kills a scope.
func (o *operator) kill() {
	r := o.w.r
	o.w.faults.note("kill")
	m := core.Command{Kind: core.CmdKill, Scope: risk.Scope(1 + r.IntN(4)), Flag: r.IntN(4) == 0, UID: uint32(r.IntN(3)), Mode: modes[r.IntN(len(modes))]}
	switch m.Scope {
	case risk.ScopeClient:
		m.Index = uint32(r.IntN(2))
	case risk.ScopeAccount, risk.ScopeLink:
		m.Index = uint32(r.IntN(3))
	}
	o.w.host.give(m)
}

// revive lifts a kill; one of the firm takes two people.
func (o *operator) revive() {
	if o.w.host.live == nil {
		return
	}
	for _, k := range o.w.host.live.Book().Kills() {
		o.lifted(k.ID)
		o.w.host.give(core.Command{Kind: core.CmdRevive, Target: k.ID, UID: uint32(o.w.r.IntN(3))})
		return
	}
}

func (o *operator) accept() {
	for v := range uint32(2) {
		o.w.host.give(core.Command{Kind: core.CmdAccept, Index: v})
	}
}

// answered takes a reply.
func (o *operator) answered(m *core.Command, r core.Reply) {
	switch {
	case m.Kind == core.CmdKill && m.Mode.Blocks() && (r.Code == core.Done || r.Code == core.KilledFirm):
		k := kill{r.KillID, m.Scope, m.Index}
		if r.Code == core.KilledFirm {
			k.scope = risk.ScopeFirm
		}
		o.stands(k)
	case m.Kind == core.CmdResolve && r.Code == core.Impossible:
		o.short[m.Name]++
	}
}

// lifted: a kill may not stand any more.
func (o *operator) lifted(id uint64) {
	o.lifting[id] = true
	kept := o.kills[:0]
	for _, k := range o.kills {
		if k.id != id {
			kept = append(kept, k)
		}
	}
	o.kills = kept
}
