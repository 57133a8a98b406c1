package operator

import (
	"errors"
	"fmt"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// Names finds the numbers behind the names that operators write.
type Names struct {
	Config  *config.Config // of the start: a running gate gets no other venues
	Numbers *config.Numbers
	Now     func() time.Time // UTC, by the gate's clock
}

// Command turns a request into the core's command.
func (n *Names) Command(r admin.Request) (m core.Command, err error) {
	switch r.Verb {
	case admin.Kill:
		return n.killOf(r)
	case admin.Revive:
		m = core.Command{Kind: core.CmdRevive, Target: r.ID}
	case admin.Drain, admin.Undrain:
		m = core.Command{Kind: core.CmdDrain, Flag: r.Verb == admin.Undrain}
		m.Index, err = n.drainScope(r)
	case admin.Stop:
		m = core.Command{Kind: core.CmdStop, Flag: true}
	case admin.Restrict, admin.Unrestrict:
		return n.restrictOf(r)
	case admin.Enable:
		return n.enableOf(r)
	case admin.Halt, admin.Resume:
		return n.haltOf(r)
	case admin.Phase:
		return n.phaseOf(r)
	case admin.ShortSale, admin.ShortSaleOff:
		m = core.Command{Kind: core.CmdShortSale, Flag: r.Verb == admin.ShortSaleOff}
		m.Index, err = n.Number(config.InstrumentNumber, r.Name)
	case admin.Roll:
		m = core.Command{Kind: core.CmdRoll, Target: uint64(n.Config.TradeDateAt(n.Now()))}
	case admin.Pass:
		m = core.Command{Kind: core.CmdPass, Target: r.ID}
	case admin.LinkDown, admin.LinkUp, admin.LinkSeq, admin.LinkReset:
		m = core.Command{Kind: linkKinds[r.Verb], NextIn: r.NextIn, NextOut: r.NextOut}
		m.Index, err = n.Number(config.LinkNumber, r.Name)
	case admin.Accept:
		m.Kind = core.CmdAccept
		m.Index, err = n.Number(config.VenueNumber, r.Name)
	case admin.Cancel:
		return n.cancelOf(r)
	case admin.Resolve:
		return n.resolveOf(r)
	case admin.ResolveAll:
		m = core.Command{Kind: core.CmdResolveVenue, Index: r.Count, Outcome: outcomes[r.As]}
		m.Target, err = n.venue(r)
	case admin.Adjust:
		return n.adjustOf(r)
	case admin.Settle:
		return n.settleOf(r)
	case admin.Assign:
		return n.assignOf(r)
	case admin.CloseBreak:
		m = core.Command{Kind: core.CmdCloseBreak, Name: r.Name}
		m.Target, err = n.venue(r)
	case admin.Differs:
		m = core.Command{Kind: core.CmdStateDiffers, Target: r.ID}
	case admin.Loss:
		return n.lossOf(r)
	case admin.SelfTest:
		m = core.Command{Kind: core.CmdSelfTest, Name: r.Name, Index: r.Count, Target: r.ID}
		var took time.Duration
		took, err = time.ParseDuration(r.Value)
		m.Qty = risk.Qty(took)
	case admin.LossPrices, admin.LossMarks:
		m = core.Command{Kind: core.CmdLossPrices, Flag: r.Verb == admin.LossMarks}
	default:
		err = fmt.Errorf("the gate does not know the verb %q", r.Verb)
	}
	return m, err
}

var linkKinds = map[admin.Verb]core.CommandKind{admin.LinkDown: core.CmdLinkDown, admin.LinkUp: core.CmdLinkUp,
	admin.LinkSeq: core.CmdLinkSeq, admin.LinkReset: core.CmdLinkReset}

// venue is the number of the venue that a request names, as a Target.
func (n *Names) venue(r admin.Request) (uint64, error) {
	number, err := n.Number(config.VenueNumber, r.Venue)
	return uint64(number), err
}

// Number is the number of a name of some kind; an error where the configuration has no such name.
func (n *Names) Number(kind config.Kind, name string) (uint32, error) {
	number, ok := n.Numbers.Of(kind, name)
	if !ok {
		return 0, errors.New(n.unknown(kind, name))
	}
	return number, nil
}

// Until is a time to come; zero: there is none.
func (n *Names) Until(text string) (t time.Time, err error) {
	if text == "" {
		return t, nil
	}
	t, err = time.Parse(time.RFC3339, text)
	if err != nil || !t.After(n.Now()) {
		return t, fmt.Errorf("until %q: want a time to come with its zone, such as 2026-11-27T21:00:00Z", text)
	}
	return t.UTC(), nil
}

// KillAll is the kill that stands in for kills that found no room in their lane: of everything.
func KillAll() core.Command {
	return core.Command{Kind: core.CmdKill, Scope: risk.ScopeFirm, Reason: "more kills at once than the lane holds", Actor: "gate"}
}
