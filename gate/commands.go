package gate

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"portcullis/fix"
	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/engine"
	"portcullis/risk"
)

// killAll is the kill that stands in for kills that found no room in their lane: of everything.
func killAll() core.Command {
	return core.Command{Kind: core.CmdKill, Scope: risk.ScopeFirm, Reason: "more kills at once than the lane holds", Actor: "gate"}
}

// answer carries out one request of an operator: names become numbers, the engine does the rest.
func (g *Gate) answer(ctx context.Context, p admin.Peer, r admin.Request) admin.Answer {
	switch r.Verb {
	case admin.Ping:
		return admin.Answer{OK: true}
	case admin.Status:
		snapshot := g.engine.Snapshot()
		detail, err := json.Marshal(snapshot.Status())
		if err != nil {
			return refused(err)
		}
		return admin.Answer{OK: true, Detail: detail}
	case admin.Quotes:
		detail, err := json.Marshal(g.prices.Since(r.ID, r.Count))
		if err != nil {
			return refused(err)
		}
		return admin.Answer{OK: true, Detail: detail}
	case admin.Certificates, admin.Renew:
		return g.certificates(ctx, p, r)
	case admin.Stop:
		if !r.CancelOrders {
			return admin.Answer{OK: true} // Run ends, which logs out every link
		}
	case admin.Reload:
		return g.reload(ctx, p, r)
	case admin.LimitSet, admin.LimitClear:
		return g.inTurn(ctx, func() admin.Answer { return g.setLimit(p, r) })
	case admin.Approve:
		return g.inTurn(ctx, func() admin.Answer { return g.approve(p, r) })
	}
	signed := func(m core.Command) core.Command {
		m.Reason, m.Actor, m.UID, m.PID = cmp.Or(m.Reason, r.Reason), p.User, p.UID, uint32(p.PID)
		return m
	}
	give := func(m core.Command) (core.Reply, error) { return g.engine.Submit(ctx, signed(m)) }
	switch r.Verb {
	case admin.SOD:
		return both(g.beginDay(give), g.beginMarks(give))
	case admin.Mark:
		return g.mark(r, give)
	case admin.Splits:
		return g.splits(r, give)
	case admin.Borrow:
		return g.beginBorrow(give)
	}
	command, err := g.commandOf(r)
	if err != nil {
		return refused(err)
	}
	if command.Kind == core.CmdLinkDown {
		return g.holdDown(ctx, signed(command))
	}
	begun := time.Now()
	reply, err := give(command)
	if err != nil {
		return refused(err)
	}
	if command.Kind == core.CmdDrill {
		return drilled(reply, time.Since(begun))
	}
	a := answerOf(r.Verb, reply)
	if r.Verb == admin.Roll && reply.Code == core.Done {
		to := uint32(command.Target)
		from := g.date.Swap(to)
		g.endLimits(ctx)
		day := both(both(g.beginDay(give), both(g.beginSplits(from, to, give), g.beginMarks(give))), g.beginBorrow(give))
		a.Note = strings.Trim(day.Note+"; "+day.Error, "; ")
	}
	if g.cfg.Gate.AdminGroup == "" {
		a.Note = cmp.Or(nobodyElse(r, a), a.Note)
	}
	return a
}

// nobodyElse says of what takes two users that no other one can give it, where gate.admin_group is empty; "": it takes one.
func nobodyElse(r admin.Request, a admin.Answer) string {
	const who = "gate.admin_group is empty: nobody but the gate's own user and root reaches its socket; to let another in, name a group and restart"
	switch {
	case r.Verb == admin.Kill && r.Scope == admin.AllScope:
		return "only two different users can lift this kill, and " + who + " (the kill stands)"
	case a.Noted:
		return "it takes another user, and " + who
	}
	return ""
}

// refused answers a request that was not carried out, as far as anybody knows.
func refused(err error) admin.Answer {
	return admin.Answer{Error: err.Error(), Unknown: errors.Is(err, engine.ErrUnanswered)}
}

// commandOf turns a request into the core's command.
func (g *Gate) commandOf(r admin.Request) (core.Command, error) {
	switch r.Verb {
	case admin.Stop:
		return core.Command{Kind: core.CmdStop, Flag: true}, nil
	case admin.Kill:
		of, err := g.killTarget(r)
		kind := core.CmdKill
		if r.Drill {
			kind = core.CmdDrill
		}
		return core.KillOf(kind, of, killModes[r.Mode], r.KeepGTC), err
	case admin.Revive:
		return core.Command{Kind: core.CmdRevive, Target: r.ID}, nil
	case admin.Drain, admin.Undrain:
		index, err := g.drainScope(r)
		return core.Command{Kind: core.CmdDrain, Index: index, Flag: r.Verb == admin.Undrain}, err
	case admin.Restrict, admin.Unrestrict:
		return g.restrictOf(r)
	case admin.Enable:
		return g.enableOf(r)
	case admin.Differs:
		return core.Command{Kind: core.CmdStateDiffers, Target: r.ID}, nil
	case admin.Pass:
		return core.Command{Kind: core.CmdPass, Target: r.ID}, nil
	case admin.Roll:
		return core.Command{Kind: core.CmdRoll, Target: uint64(g.tradeDate())}, nil
	case admin.Halt, admin.Resume:
		return g.haltOf(r)
	case admin.Phase:
		return g.phaseOf(r)
	case admin.ShortSale, admin.ShortSaleOff:
		index, err := g.numberOf(config.InstrumentNumber, r.Name)
		return core.Command{Kind: core.CmdShortSale, Index: index, Flag: r.Verb == admin.ShortSaleOff}, err
	case admin.Accept:
		index, err := g.numberOf(config.VenueNumber, r.Name)
		return core.Command{Kind: core.CmdAccept, Index: index}, err
	case admin.Cancel:
		return g.cancelOf(r)
	case admin.Loss:
		return g.lossOf(r)
	case admin.LossPrices, admin.LossMarks:
		return core.Command{Kind: core.CmdLossPrices, Flag: r.Verb == admin.LossMarks}, nil
	case admin.Adjust:
		return g.adjustOf(r)
	case admin.Settle:
		return g.settleOf(r)
	case admin.Assign:
		account, err := g.numberOf(config.AccountNumber, r.Account)
		if err != nil {
			return core.Command{}, err
		}
		venue, err := g.numberOf(config.VenueNumber, r.Venue)
		return core.Command{Kind: core.CmdAssign, Name: r.Name, Index: account, Target: uint64(venue)}, err
	case admin.CloseBreak:
		venue, err := g.numberOf(config.VenueNumber, r.Venue)
		return core.Command{Kind: core.CmdCloseBreak, Name: r.Name, Target: uint64(venue)}, err
	case admin.Resolve:
		return g.resolveOf(r)
	case admin.ResolveAll:
		venue, err := g.numberOf(config.VenueNumber, r.Venue)
		return core.Command{Kind: core.CmdResolveVenue, Target: uint64(venue), Index: r.Count, Outcome: outcomes[r.As]}, err
	case admin.LinkDown, admin.LinkUp, admin.LinkSeq, admin.LinkReset:
		index, err := g.numberOf(config.LinkNumber, r.Name)
		kind := map[admin.Verb]core.CommandKind{admin.LinkDown: core.CmdLinkDown, admin.LinkUp: core.CmdLinkUp,
			admin.LinkSeq: core.CmdLinkSeq, admin.LinkReset: core.CmdLinkReset}[r.Verb]
		return core.Command{Kind: kind, Index: index, NextIn: r.NextIn, NextOut: r.NextOut}, err
	}
	return core.Command{}, fmt.Errorf("the gate does not know the verb %q", r.Verb)
}

// cancelOf turns the cancel of an order that the gate does not know into numbers.
func (g *Gate) cancelOf(r admin.Request) (m core.Command, err error) {
	m = core.Command{Kind: core.CmdCancelStray, Name: r.Name, Side: sides[r.Side]}
	venue, err := g.numberOf(config.VenueNumber, r.Venue)
	if err != nil {
		return m, err
	}
	m.Target = uint64(venue)
	if m.Index, err = g.numberOf(config.InstrumentNumber, r.Symbol); err != nil {
		return m, err
	}
	qty, fault := fix.ParseDecimal([]byte(r.Qty))
	if fault != fix.NumberOK || qty <= 0 {
		return m, fmt.Errorf("quantity %q: want a positive number such as 100", r.Qty)
	}
	m.Qty = risk.Qty(qty)
	return m, nil
}

var sides = map[admin.Side]risk.Side{admin.Buy: risk.Buy, admin.Sell: risk.Sell, admin.Short: risk.SellShort}

// adjustOf turns a booking by hand into numbers.
func (g *Gate) adjustOf(r admin.Request) (m core.Command, err error) {
	m = core.Command{Kind: core.CmdAdjust, Side: sides[r.Side]}
	if m.Index, err = g.numberOf(config.AccountNumber, r.Account); err != nil {
		return m, err
	}
	instrument, err := g.numberOf(config.InstrumentNumber, r.Symbol)
	if err != nil {
		return m, err
	}
	m.Target = uint64(instrument)
	qty, fault := fix.ParseDecimal([]byte(r.Qty))
	if fault != fix.NumberOK || qty <= 0 {
		return m, fmt.Errorf("quantity %q: want a positive number such as 100; --side says which way", r.Qty)
	}
	m.Qty = risk.Qty(qty)
	if r.Price == "" {
		return m, nil
	}
	price, fault := fix.ParseDecimal([]byte(r.Price))
	if fault != fix.NumberOK || price <= 0 {
		return m, fmt.Errorf("price %q: want a positive number such as 12.5; leave it out to book the position alone", r.Price)
	}
	m.Price = risk.Price(price)
	return m, nil
}

// settleOf turns a word about what a split has left into numbers.
func (g *Gate) settleOf(r admin.Request) (m core.Command, err error) {
	m = core.Command{Kind: core.CmdAdjust, Flag: true}
	if m.Index, err = g.numberOf(config.AccountNumber, r.Account); err != nil {
		return m, err
	}
	instrument, err := g.numberOf(config.InstrumentNumber, r.Symbol)
	m.Target = uint64(instrument)
	return m, err
}

var outcomes = map[admin.As]core.Outcome{admin.AsOpen: core.StaysOpen, admin.AsFilled: core.WasFilled,
	admin.AsCancelled: core.WasCancelled, admin.AsRejected: core.WasRejected}

// resolveOf turns a human's word about an order into numbers.
func (g *Gate) resolveOf(r admin.Request) (m core.Command, err error) {
	m = core.Command{Kind: core.CmdResolve, Name: r.Name, ExecID: r.ExecID, Index: core.NoIndex, Outcome: outcomes[r.As]}
	if r.Link != "" {
		if m.Index, err = g.numberOf(config.LinkNumber, r.Link); err != nil {
			return m, err
		}
	}
	if r.Qty == "" {
		return m, nil
	}
	qty, fault := fix.ParseDecimal([]byte(r.Qty))
	price, faultPrice := fix.ParseDecimal([]byte(r.Price))
	if fault != fix.NumberOK || faultPrice != fix.NumberOK || qty <= 0 || price <= 0 {
		return m, fmt.Errorf("quantity %q at price %q: want two positive numbers such as 100 and 12.5", r.Qty, r.Price)
	}
	m.Qty, m.Price = risk.Qty(qty), risk.Price(price)
	return m, nil
}

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

// killTarget turns the scopes of a kill into numbers.
func (g *Gate) killTarget(r admin.Request) (risk.Target, error) {
	of := risk.WholeFirm
	for _, p := range r.Parts() {
		kind, known := targetKinds[p.Scope]
		if !known {
			return of, fmt.Errorf("the gate does not know the scope %q", p.Scope)
		}
		index, err := g.numberOf(kind.kind, p.Name)
		if err == nil && p.Scope == admin.LinkScope && g.isVenue(p.Name) {
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

// isVenue reports whether a link is a venue's line. A running gate gets no other lines.
func (g *Gate) isVenue(link string) bool {
	return slices.ContainsFunc(g.cfg.Venues, func(v config.Venue) bool { return v.Session.Name == link })
}

// drainScope is the link that is drained: a participant's, or a venue's line; NoIndex for the whole gate.
func (g *Gate) drainScope(r admin.Request) (uint32, error) {
	switch r.Scope {
	case admin.AllScope:
		return core.NoIndex, nil
	case admin.VenueScope:
		for i := range g.cfg.Venues {
			if v := &g.cfg.Venues[i]; v.Name == r.Name {
				return g.numberOf(config.LinkNumber, v.Session.Name)
			}
		}
		return 0, fmt.Errorf("there is no venue %q: names are as in the configuration", r.Name)
	}
	return g.numberOf(config.LinkNumber, r.Name)
}

func (g *Gate) numberOf(kind config.Kind, name string) (uint32, error) {
	number, ok := g.numbers.Of(kind, name)
	if !ok {
		return 0, fmt.Errorf("there is no %s %q: names are as in the configuration", kind, name)
	}
	return number, nil
}

// answerOf says how a command ended.
func answerOf(verb admin.Verb, r core.Reply) admin.Answer {
	a := admin.Answer{OK: r.Code == core.Done, KillID: r.KillID, InScope: r.InScope, Withdrawn: r.Withdrawn,
		Cancels: r.Cancels, Owed: r.Owed, Excluded: r.Excluded, Waiting: r.Waiting}
	switch r.Code {
	case core.Done:
		switch {
		case verb == admin.Stop:
			a.Note = fmt.Sprintf("no new orders are taken; of %d open ones %d cancels were sent, %d are owed, %d wait for an earlier cancel",
				r.InScope, r.Cancels, r.Owed, r.Waiting)
		case verb == admin.Kill && r.Link > 0:
			a.Note = fmt.Sprintf("%d links are logged out and held down; gate link up lets each up again, a revive does not", r.Link)
		case verb == admin.ResolveAll:
			a.Note = fmt.Sprintf("%d orders resolved; %d cannot have come to that end and are in doubt still", r.Cancels, r.Excluded)
		}
	case core.ListChanged:
		a.Error = fmt.Sprintf("nothing was changed: %d orders of that venue are in doubt by now; list them again and compare", r.InScope)
	case core.NoToken:
		a.Error = "nothing was passed: no soft control has given that token, or its time is over, or it was passed already; the order is sent again for another"
	case core.UnknownTarget:
		a.Error = unknownText(verb)
	case core.TableFullCode:
		a.Error = fullText(verb, r.KillID)
	case core.NotLinks:
		a.Error = "nothing was blocked or cancelled: a link that also sends what is not in scope is not logged out; --mode disconnect " +
			"takes --all, --group, --client and --link, for anything else use --mode cancel"
	case core.Contradiction:
		a.Error = "NOTHING IS STOPPED, no order can be in all of these scopes: the account or the link is another client's, the client is not " +
			"in the group, or the trader not at the desk; name what is to stop with fewer of them"
	case core.NotHalted:
		a.Error = "nothing was changed: no operator halts it; what the venue halts, the venue or gate phase lets trade. See gate status"
	case core.NotInDoubt:
		a.Error = "the order is not in doubt: it is over, or stands as the venue said; see gate orders"
	case core.Ambiguous:
		a.Error = "more than one order in doubt has that name: add --link, or give the gate's OrderID (see gate orders)"
	case core.Impossible:
		a.Error = "the order cannot have come to that end: a filled one needs its whole OrderQty in executions, a rejected " +
			"one has none, none has more than its OrderQty; see gate why"
	case core.ExecBooked:
		a.Error = "nothing was changed: an execution of that ExecID is booked; leave it out of --qty, see gate why"
	case core.NotStopped:
		a.Error = "the egress check has not stopped that venue's line, and no loss of the journal's end stops it; an order in doubt needs gate resolve"
	case core.LineDown:
		a.Error = "the venue's line is down or takes nothing: nothing was sent; speak to the venue's desk, or ask again later"
	case core.NotBroken:
		a.Error = "no break of that ExecID stands at the venue: the sides agree by now, or somebody has closed it; see gate recon --all"
	case core.NotInSuspense:
		a.Error = "no fill of that ExecID waits in the venue's suspense account: it was assigned, taken back, or is an " +
			"order's own; see gate why"
	case core.NotHeld:
		a.Error = "nobody holds that link down; see gate status"
	case core.NotRestricted:
		a.Error = "no operator restricts that symbol in that scope; what a list of the configuration refuses, its file lifts. See gate status"
	case core.NoFraction:
		a.Error = "nothing was changed: no split has left anything open of that symbol in that account; gate status lists what is"
	case core.NotDrained:
		a.Error = "nothing of that name is drained; see gate status"
	case core.LinkNotDown:
		a.Error = "nothing was changed: the link has a connection, so its numbers are in use; gate link down ends it, and " +
			"gate status says when it is down"
	case core.NumberUsed:
		a.Error = "nothing was changed: that outgoing number has been used, and a number stands for one message; a peer that " +
			"misses messages asks for them, one that has lost its count needs gate link reset"
	case core.SameDate:
		a.Error = "nothing was changed: the gate is at that trade date already; it rolls to the UTC date, or to gate.trade_date " +
			"where that is set, once it is a later one"
	case core.SecondPerson:
		a.Noted = true
		a.Error = "noted, but nothing is done yet: it takes two people; another user must give the same command"
	case core.AskedInstead:
		a.Noted = true
		a.Error = "noted, but nothing is done yet, and ANOTHER USER'S DIFFERENT ADJUSTMENT, which waited for a second person, waits no more: " +
			"one waits at a time. If it is yours that is wrong, give his command, which then waits for him; to book yours, another user must give it too"
	case core.KilledFirm:
		a.Error = fmt.Sprintf("kill %d stops the WHOLE FIRM: as many kills stand as there is room for, so there was none "+
			"for this one; gate status lists them, gate revive lifts them", r.KillID)
	default:
		a.Error = "the gate could not read the command"
	}
	return a
}

func unknownText(verb admin.Verb) string {
	switch verb {
	case admin.Revive:
		return "no kill of that number stands; gate status lists those that do"
	case admin.Enable:
		return "that control has not tripped there; gate status lists those that have, as kills of the mode tripped"
	case admin.Resolve:
		return "no order of that name is known: give the gate's OrderID or its ClOrdID; gate orders shows both"
	case admin.Assign:
		return "that venue has reported no fill of that ExecID on this trade date; gate audit tail shows what it reports"
	}
	return "there is nothing of that number; gate status lists kills and names"
}

func fullText(verb admin.Verb, kill uint64) string {
	switch {
	case verb == admin.Restrict:
		return "nothing was restricted: no row is free; gate status lists what is restricted by hand, gate unrestrict lifts it, or put the symbol " +
			"on a list of the configuration"
	case verb == admin.Stop:
		return "no new orders are taken, but cancels could not be started: too many are at work; ask again in a moment"
	case verb == admin.ResolveAll:
		return "nothing was noted or done: another such command is at work; ask again in a moment"
	case kill == 0:
		return "nothing was blocked or cancelled: so many kills of the whole firm stand already that there is no room for " +
			"another; gate status lists them"
	}
	return fmt.Sprintf("the block stands (kill %d) but cancels could not be started: too many are at work; kill again in "+
		"a moment", kill)
}
