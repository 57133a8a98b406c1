package audit

import (
	"fmt"
	"strings"

	"portcullis/gate/core"
	"portcullis/risk"
)

// commandWords say what an operator asked for, who and why.
func (j *Journal) commandWords(data []byte) string {
	m, ok := core.ParseCommand(data)
	if !ok {
		return "command that cannot be read"
	}
	text := "command " + word(commandWords, m.Kind, "kind")
	text = j.tradingWords(text, &m, data)
	text = j.bookingWords(text, &m, data)
	return text + " by " + giver(data)
}

// tradingWords add to a command that stops, lets trade or configures what it is about.
func (j *Journal) tradingWords(text string, m *core.Command, data []byte) string {
	switch m.Kind {
	case core.CmdStop:
		text += choice(m.Flag, ", open orders are cancelled first", "")
	case core.CmdKill, core.CmdDrill:
		text += " of " + j.commandTarget(m)
		if m.Target != 0 {
			text += ", carried out by the watchdog"
		}
		if m.Mode != 0 {
			text += ", mode " + modeWord(m.Mode)
		}
		if m.Flag {
			text += ", GTC and GTD orders kept"
		}
	case core.CmdRevive:
		text += fmt.Sprintf(" of kill %d", m.Target)
	case core.CmdEnable:
		text += " of " + risk.Reason(m.Target).String() + " for " + j.scopeName(m.Scope, m.Index)
	case core.CmdRoll:
		text += fmt.Sprintf(" to %d", m.Target)
	case core.CmdHalt, core.CmdResume:
		text += " of " + j.haltedWord(m)
	case core.CmdPhase:
		text += j.phaseCommandWords(m)
	case core.CmdRestrict, core.CmdUnrestrict:
		text += " of " + j.instrument(uint32(m.Target)) + " for " + j.scopeName(m.Scope, m.Index)
		if m.Qty != 0 {
			text += untilWords(int64(m.Qty))
		}
	case core.CmdAccept:
		text += " " + j.venue(m.Index)
	case core.CmdLinkDown, core.CmdLinkUp, core.CmdLinkReset, core.CmdRevoked:
		text += " of " + j.link(m.Index)
	case core.CmdLinkSeq:
		text += " of " + j.link(m.Index)
		if m.NextIn != 0 {
			text += fmt.Sprintf(", next in %d", m.NextIn)
		}
		if m.NextOut != 0 {
			text += fmt.Sprintf(", next out %d", m.NextOut)
		}
	case core.CmdPass:
		text += fmt.Sprintf(" of token %d", m.Target)
	case core.CmdSelfTest:
		text += " of configuration " + readable(core.CommandName(data)) + choice(m.Flag, ", by who is not the gate's own user,", "")
	case core.CmdOffer, core.CmdApprove:
		if name := readable(core.CommandName(data)); name != "" {
			text += " configuration " + name[:min(16, len(name))]
		}
	case core.CmdLoss:
		text += fmt.Sprintf(" of %s: %s", j.scopeName(m.Scope, m.Index), amount(risk.Money(m.Qty)))
	case core.CmdShortSale:
		text = choice(m.Flag, "command end of the price test of short sales", text) + " of " + j.instrument(m.Index)
		if m.Target != 0 {
			text += fmt.Sprintf(", triggered on %d", m.Target)
		}
	case core.CmdDrain:
		text = choice(m.Flag, "command end of the drain", text) + " of " + choice(m.Index == core.NoIndex, "the gate", j.link(m.Index))
	case core.CmdStateDiffers:
		text += fmt.Sprintf(" at record #%d", m.Target)
	case core.CmdReload:
		text += fmt.Sprintf(" of configuration %x", versionHash(m.Target))
	}
	return text
}

// bookingWords add to a command about orders, executions, positions and marks what it says of them.
func (j *Journal) bookingWords(text string, m *core.Command, data []byte) string {
	switch m.Kind {
	case core.CmdCancelStray:
		text += fmt.Sprintf(" of order %s of %s: %s %s %s", readable(core.CommandName(data)), j.venue(uint32(m.Target)),
			sideWord(m.Side), decimal8(m.Qty), j.instrument(m.Index))
	case core.CmdSplit:
		text += fmt.Sprintf(" of %s, %s on %d", j.instrument(m.Index), ratioWord(core.RatioOf(uint64(m.Qty))), m.Target)
	case core.CmdAdjust:
		if m.Flag {
			text += fmt.Sprintf(" of %s in %s: what a split has left is settled", j.account(m.Index), j.instrument(uint32(m.Target)))
			break
		}
		text += fmt.Sprintf(" of %s: %s %s %s", j.account(m.Index), sideWord(m.Side), decimal8(m.Qty), j.instrument(uint32(m.Target)))
		if m.Price != 0 {
			text += " @ " + decimal8(m.Price)
		}
	case core.CmdCloseBreak:
		text += fmt.Sprintf(" of execution %s of %s", readable(core.CommandName(data)), j.venue(uint32(m.Target)))
	case core.CmdAssign:
		text += fmt.Sprintf(" of execution %s of %s to %s", readable(core.CommandName(data)), j.venue(uint32(m.Target)),
			j.account(m.Index))
	case core.CmdResolveVenue:
		text += fmt.Sprintf(" of %s, %d orders, as %s", j.venue(uint32(m.Target)), m.Index, word(outcomeWords, m.Outcome, "outcome"))
	case core.CmdResolve:
		text += fmt.Sprintf(" order %s as %s", readable(core.CommandName(data)), word(outcomeWords, m.Outcome, "outcome"))
		if m.Index != core.NoIndex {
			text += " of " + j.link(m.Index)
		}
		if m.Qty != 0 {
			text += fmt.Sprintf(", executed %s @ %s", decimal8(m.Qty), decimal8(m.Price))
		}
		if id := core.CommandExecID(data); len(id) > 0 {
			text += " in execution " + readable(id)
		}
	case core.CmdSOD:
		text += fmt.Sprintf(" of %s in %s: %s", j.account(m.Index), j.instrument(uint32(m.Target)), decimal8(m.Qty))
	case core.CmdMark:
		text += fmt.Sprintf(" of %s: %s", j.instrument(m.Index), decimal8(m.Price))
	case core.CmdClose:
		text += fmt.Sprintf(" of %s on %d: %s", j.instrument(m.Index), uint32(m.Target), decimal8(m.Price))
		if of := m.Target >> 32; of != 0 {
			text += fmt.Sprintf(", of %d", of)
		}
	case core.CmdEasyToBorrow:
		text = choice(m.Flag, "command end of easy to borrow", text) + fmt.Sprintf(" of %s on %d", j.instrument(m.Index), m.Target)
	case core.CmdLocate:
		text += fmt.Sprintf(" for %s in %s on %d: %s", j.account(m.Index), j.instrument(uint32(m.Target)), m.Target>>32, decimal8(m.Qty))
	case core.CmdSODBegin, core.CmdSODEnd:
		text += fmt.Sprintf(" of %s for %d", j.account(m.Index), m.Target)
	}
	return text
}

// giver says who gave a command and why.
func giver(data []byte) string {
	m, ok := core.ParseCommand(data)
	if !ok {
		return "nobody known"
	}
	reason, actor, _ := core.CommandTexts(data)
	return giverWords(readable(actor), m.UID, m.PID, readable(reason))
}

// giverWords say who gave a command, and why.
func giverWords(actor string, uid, pid uint32, reason string) string {
	text := actor
	if pid != 0 {
		text += fmt.Sprintf(" (user %d, process %d)", uid, pid)
	}
	if reason != "" {
		text += ": " + reason
	}
	return text
}

// commandTarget names what a kill or a drill is about.
func (j *Journal) commandTarget(m *core.Command) string {
	if m.Scope == risk.ScopeSeveral {
		return j.targetName(&m.Of)
	}
	return j.scopeName(m.Scope, m.Index)
}

// targetName names every part of a target: "trader ANN in MSFT".
func (j *Journal) targetName(t *risk.Target) string {
	var parts []string
	t.EachPart(func(kind risk.Scope, i uint32) { parts = append(parts, j.scopeName(kind, i)) })
	if len(parts) == 0 {
		return "the firm"
	}
	return strings.Join(parts, " and ")
}
