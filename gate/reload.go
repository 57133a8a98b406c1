package gate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/engine"
	"portcullis/risk"
)

// files is the configuration in force. It differs from that of the start, Gate.cfg, in links, new venues, names and whose they are, lists, limits, data of instruments, routes, profiles and hours of venues alone.
// Places in its tables mean something in this one alone: whoever uses some asks once.
func (g *Gate) files() *config.Config { return g.current.Load() }

// reload reads the configuration again. What of it loosens no check the engine follows between two events, in one
// journaled command, where it is of what a running gate follows alone (config.Change); where it is of anything else, nothing happens. What loosens
// waits for approval.
func (g *Gate) reload(ctx context.Context, p admin.Peer, r admin.Request) admin.Answer {
	if g.options.Reload == nil {
		return admin.Answer{Error: "this gate was not started from files: there is nothing to read again"}
	}
	return g.inTurn(ctx, func() admin.Answer { return g.follow(p, r) })
}

// inTurn lets one change of the configuration at a time go to its end.
func (g *Gate) inTurn(ctx context.Context, change func() admin.Answer) admin.Answer {
	select {
	case <-g.ready:
	default:
		return admin.Answer{Error: "the gate is starting: ask again"}
	}
	select {
	case <-g.reloads:
	case <-ctx.Done():
		return admin.Answer{Error: "another reload is at work: ask again"}
	}
	// From here on it goes to its end, whether or not somebody waits: a command that the engine has is carried out.
	answer := make(chan admin.Answer, 1)
	go func() {
		defer func() { g.reloads <- struct{}{} }()
		answer <- change()
	}()
	select {
	case a := <-answer:
		return a
	case <-ctx.Done():
		return admin.Answer{Unknown: true, Error: "it is not done yet: the journal has no room, or the files are long"}
	}
}

// follow carries a reload out.
func (g *Gate) follow(p admin.Peer, r admin.Request) admin.Answer {
	files, err := g.options.Reload()
	if err != nil {
		return admin.Answer{Error: "nothing was changed:\n" + err.Error()}
	}
	before := g.files()
	offered := files.WithOverlay(before.Offered().Overlay())
	a := g.propose(offered, p, r, core.OffersAnew)
	a.Note = joined(a.Note, lostLimits(before, offered))
	return a
}

// propose puts in force what of an offered configuration loosens no check; the rest waits for another person.
func (g *Gate) propose(offered *config.Config, p admin.Peer, r admin.Request, whose risk.Qty) admin.Answer {
	return g.putInForce(config.Govern(g.files(), offered, false), p, r, whose)
}

// putInForce puts a configuration in force, and says what of it waits and who stands behind that.
func (g *Gate) putInForce(next *config.Config, p admin.Peer, r admin.Request, whose risk.Qty) admin.Answer {
	waited := len(g.files().Held()) > 0
	a := g.install(next, p, r)
	a.Note = joined(a.Note, heldText(next))
	if !a.OK || r.DryRun {
		return a
	}
	m := offerOf(next, whose)
	if m.Flag && !waited {
		return a
	}
	m.Reason, m.Actor, m.UID, m.PID = r.Reason, p.User, p.UID, uint32(p.PID)
	m.Index, m.Target = p.UID, uint64(p.UID)
	if r.Verb == admin.Reload {
		m.Target = uint64(fileOwner(next.Path(), p.UID))
	}
	if _, err := g.engine.Submit(context.Background(), m); err != nil {
		return refused(err)
	}
	g.waits.Take(&m)
	return a
}

// install puts a configuration in force.
func (g *Gate) install(next *config.Config, p admin.Peer, r admin.Request) admin.Answer {
	change := config.Compare(g.files(), next)
	if len(change.Restart) > 0 {
		return admin.Answer{Error: "nothing was changed: a running gate follows in links, new venues, names and whose they are, lists of symbols, limits, data of instruments, routes, profiles and hours of venues, and the files differ from what is in force in more: " +
			strings.Join(change.Restart, "; ") + "; put that back, or restart"}
	}
	a := admin.Answer{OK: true, Note: g.changeText(change)}
	waiting := len(next.Held())+len(g.files().Held()) > 0 && next.Hash() != g.files().Hash()
	if change.None() && !waiting {
		return a
	}
	if err := g.examine(next); err != nil {
		return admin.Answer{Error: "nothing was changed: " + err.Error()}
	}
	if r.DryRun {
		return g.asked(next, a)
	}
	s, err := g.prepare(next)
	if err != nil {
		return admin.Answer{Error: "nothing was changed: " + err.Error()}
	}
	g.core.Stage(s.change)
	command := core.Command{Kind: core.CmdReload, Target: s.change.Version, Reason: r.Reason, Actor: p.User, UID: p.UID, PID: uint32(p.PID)}
	reply, err := g.submitReload(command)
	if err != nil || reply.Code != core.Done {
		s.admission.Abandon()
		if err != nil {
			return refused(err)
		}
		return g.reloadRefused(reply.Code, reply.Link, s.change)
	}
	for n := range s.change.Links {
		l := s.change.Links[n].Link
		g.engine.Know(l, engine.Link{Name: g.numbers.Name(config.LinkNumber, l), Venue: s.change.Setup.Links[l].Venue != core.NoIndex})
	}
	g.logged("whose the names are", assemble.Own(next, g.numbers))
	s.admission.Commit()
	g.know(next, change.New)
	g.keys.Store(next.Keys)
	g.current.Store(next)
	g.followed(next)
	g.endRevoked(context.Background())
	g.log.Info().Str("by", p.User).Str("reason", r.Reason).Str("configuration", fmt.Sprintf("%016x", s.change.Version)).
		Strs("added", change.Added).Strs("changed", change.Changed).Strs("removed", change.Removed).
		Strs("new", config.NamesText("", change.New)).Strs("gone", config.NamesText("", change.Gone)).Bool("lists", change.Lists).Strs("routes", change.Routes).Strs("profiles", change.Profiles).Int("moved", len(change.Moved)).Msg("configuration reloaded")
	return a
}

// submitReload gives the command, again while the engine goes over all accounts, which a roll or lower limits have it do.
func (g *Gate) submitReload(command core.Command) (reply core.Reply, err error) {
	for range reloadTries {
		reply, err = g.engine.Submit(context.Background(), command) // it ends with the engine
		if err != nil || reply.Code != core.GoesOverAll {
			return reply, err
		}
		time.Sleep(reloadPause)
	}
	return reply, err
}

// A reload is tried for so long while the engine goes over all accounts.
const (
	reloadTries = 100
	reloadPause = 20 * time.Millisecond
)

// know has the prices of new symbols taken, and begins with their previous closes.
func (g *Gate) know(cfg *config.Config, names []config.Named) {
	g.loadCloses(cfg, func(symbol string) bool {
		return slices.Contains(names, config.Named{Of: config.InstrumentNumber, Name: symbol})
	})
	if g.feed != nil {
		g.feed.Know(g.symbols(cfg))
	}
}

// changeText says what a change comes to.
func (g *Gate) changeText(c *config.Change) string {
	var lines []string
	for _, of := range []struct {
		what  string
		names []string
	}{{"added", c.Added}, {"changed", c.Changed}, {"removed", c.Removed}} {
		for _, name := range of.names {
			line := of.what + " " + name
			if n, known := g.numbers.Of(config.LinkNumber, name); of.what == "changed" && known && !g.engine.Idle(n) {
				line += "; it has a connection, which goes on: what a Logon is asked for counts from the next one on"
			}
			lines = append(lines, line)
		}
	}
	for _, m := range c.Moved[:min(len(c.Moved), movesShown)] {
		lines = append(lines, m.String()+takesAlong(m))
	}
	if more := len(c.Moved) - movesShown; more > 0 {
		lines = append(lines, fmt.Sprintf("%d more belong to others", more))
	}
	lines = append(lines, config.NamesText("added", c.New)...)
	lines = append(lines, config.NamesText("removed", c.Gone)...)
	if len(lines) == 0 {
		lines = append(lines, "the links are as they were")
	}
	for _, name := range c.Limits {
		lines = append(lines, "limits of "+name)
	}
	for _, name := range c.Hours {
		lines = append(lines, "hours of "+name+": they hold at once, and what is owed to it goes when they let it")
	}
	for _, route := range c.Routes {
		lines = append(lines, "route of "+route+": new orders take it, open ones stay with their venue")
	}
	for _, profile := range c.Profiles {
		lines = append(lines, "profile of "+profile+": from the next message on")
	}
	if c.Lists {
		lines = append(lines, "restricted and permitted lists are others: they hold from the next order on")
	}
	return strings.Join(append(lines, c.Notes...), "\n")
}

// movesShown bounds how many of those who get other owners people are shown.
const movesShown = 20

// takesAlong says what counts with a new owner.
func takesAlong(m config.Moved) string {
	switch {
	case m.Of == config.LinkNumber, m.Of != config.AccountNumber && m.Owner == config.ClientNumber:
		return ""
	case m.Owner == config.DeskNumber:
		return "; his open orders and executions of the trade date count there"
	}
	return "; open orders, executions of the trade date and positions count there"
}

// leavesText says what would leave what a kill stops.
func (g *Gate) leavesText(x *risk.LeavesKill) string {
	kind := map[risk.Scope]config.Kind{risk.ScopeAccount: config.AccountNumber, risk.ScopeClient: config.ClientNumber, risk.ScopeTrader: config.TraderNumber}[x.Of]
	return fmt.Sprintf("%s %s would leave what kill %d stops: gate revive %d first, and kill %s by itself where it is to stay stopped",
		kind, g.numbers.Name(kind, x.Index), x.Kill, x.Kill, g.numbers.Name(kind, x.Index))
}

// asked says what the engine would say to a configuration by now: a, or why it would not follow.
func (g *Gate) asked(next *config.Config, a admin.Answer) admin.Answer {
	change, err := g.draft(next)
	if err != nil {
		return admin.Answer{Error: "nothing was changed: " + err.Error()}
	}
	code, link := core.Done, uint32(core.NoIndex)
	if err := g.engine.Ask(context.Background(), func() { code, link = g.core.AskReload(change) }); err != nil {
		return refused(err)
	}
	if code != core.Done {
		return g.reloadRefused(code, link, change)
	}
	return a
}

// reloadRefused says why the engine does not follow.
func (g *Gate) reloadRefused(code core.ReplyCode, link uint32, change *core.Change) admin.Answer {
	const unchanged = "nothing was changed: "
	name := g.numbers.Name(config.LinkNumber, link)
	switch code {
	case core.LinkHasOrders:
		return admin.Answer{Error: unchanged + "link " + name + " is not in the files any more and has open orders: " + strings.Join(g.usesText(change.Uses), "; ") +
			"; cancel them (gate kill --link), or put it back"}
	case core.StillUsed:
		return admin.Answer{Error: unchanged + "what is not in the files any more has open orders or positions: " + strings.Join(g.usesText(change.Uses), "; ") +
			"; end those, or put it back"}
	case core.RenamedOpen:
		return admin.Answer{Error: unchanged + "a venue would know accounts or symbols of open orders by other names than it was sent: " + strings.Join(g.usesText(change.Uses), "; ") + "; end those, or put account_map and symbol_map back"}
	case core.BudgetTooLong:
		return admin.Answer{Error: unchanged + "a message_budget counts more messages than this start made room for: restart, which makes room anew"}
	case core.GoesOverAll:
		return admin.Answer{Error: unchanged + "the engine goes over all accounts, as after a roll: ask again in a moment"}
	case core.LinkInUse:
		return admin.Answer{Error: unchanged + "link " + name + " is not in the files any more, but may be used: say gate link down, " +
			"then reload"}
	case core.StartsOnly:
		return admin.Answer{Error: unchanged + "the engine takes up something of it at a start alone: restart"}
	case core.PositionsUnknown:
		return admin.Answer{Error: unchanged + "a limit of positions is new to a desk, trader, algo, link or venue that was there before, or a trader comes to a desk or leaves one whose positions are limited, " +
			"and positions of earlier dates only the journal has of those: restart, which counts them from there"}
	case core.LeavesKill:
		return admin.Answer{Error: unchanged + g.leavesText(change.Leaves)}
	case core.LinkOfAnother:
		return admin.Answer{Error: unchanged + "link " + name + " would belong to another client, and has orders open of accounts that would not: cancel them (gate kill --link), or give the accounts that client too"}
	case core.DayUnknown:
		return admin.Answer{Error: unchanged + "a new limit counts what was booked on this trade date, and more of that than can be kept apart has no ExecID, or a booking was cut: " +
			"restart, which counts from the journal, or reload after the day roll"}
	case core.ListsTooLong:
		return admin.Answer{Error: unchanged + "the restricted and permitted lists take more rows than there are beside what is restricted by hand: " +
			"restart, which makes room anew"}
	case core.TableFullCode:
		return admin.Answer{Error: unchanged + "the venues, order rates, accounts, limits and positions kept that were added take all the room there is: " +
			"restart, which makes room anew"}
	}
	return admin.Answer{Error: unchanged + "the engine has another configuration staged: ask again"}
}
