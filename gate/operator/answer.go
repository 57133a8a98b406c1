package operator

import (
	"cmp"
	"fmt"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/core"
)

// Answer says how a command ended.
func Answer(verb admin.Verb, r core.Reply) admin.Answer {
	a := admin.Answer{OK: r.Code == core.Done, KillID: r.KillID, InScope: r.InScope, Withdrawn: r.Withdrawn,
		Cancels: r.Cancels, Owed: r.Owed, Excluded: r.Excluded, Waiting: r.Waiting}
	switch r.Code {
	case core.Done:
		a.Note = doneText(verb, &r)
	case core.ListChanged:
		a.Error = fmt.Sprintf("nothing was changed: %d orders of that venue are in doubt by now; list them again and compare", r.InScope)
	case core.UnknownTarget:
		a.Error = unknownText(verb)
	case core.TableFullCode:
		a.Error = fullText(verb, r.KillID)
	case core.KilledFirm:
		a.Error = fmt.Sprintf("kill %d stops the WHOLE FIRM: as many kills stand as there is room for, so there was none "+
			"for this one; gate status lists them, gate revive lifts them", r.KillID)
	default:
		a.Noted = r.Code == core.SecondPerson || r.Code == core.AskedBeside || r.Code == core.AskedInstead
		a.Error = cmp.Or(answers[r.Code], "the gate could not read the command")
	}
	return a
}

// answers are what an operator reads where a command was not carried out, in the same words whatever was asked for.
var answers = map[core.ReplyCode]string{
	core.NoToken: "nothing was passed: no soft control has given that token, or its time is over, or it was passed already; the order is sent again for another",
	core.NotLinks: "nothing was blocked or cancelled: a link that also sends what is not in scope is not logged out; --mode disconnect " +
		"takes --all, --group, --client and --link, for anything else use --mode cancel",
	core.Contradiction: "NOTHING IS STOPPED, no order can be in all of these scopes: the account or the link is another client's, the client is not " +
		"in the group, or the trader not at the desk; name what is to stop with fewer of them",
	core.NotHalted:  "nothing was changed: no operator halts it; what the venue halts, the venue or gate phase lets trade. See gate status",
	core.NotInDoubt: "the order is not in doubt: it is over, or stands as the venue said; see gate orders",
	core.Ambiguous:  "more than one order in doubt has that name: add --link, or give the gate's OrderID (see gate orders)",
	core.Impossible: "the order cannot have come to that end: a filled one needs its whole OrderQty in executions, a rejected " +
		"one has none, none has more than its OrderQty; see gate why",
	core.ExecBooked: "nothing was changed: an execution of that ExecID is booked; leave it out of --qty, see gate why",
	core.NotStopped: "the egress check has not stopped that venue's line, and no loss of the journal's end stops it; an order in doubt needs gate resolve",
	core.LineDown:   "the venue's line is down or takes nothing: nothing was sent; speak to the venue's desk, or ask again later",
	core.NotBroken:  "no break of that ExecID stands at the venue: the sides agree by now, or somebody has closed it; see gate recon --all",
	core.NotInSuspense: "no fill of that ExecID waits in the venue's suspense account: it was assigned, taken back, or is an " +
		"order's own; see gate why",
	core.NotHeld:       "nobody holds that link down; see gate status",
	core.NotRestricted: "no operator restricts that symbol in that scope; what a list of the configuration refuses, its file lifts. See gate status",
	core.NotTested:     "nothing was changed: short sales of that symbol are not held above the best bid; see gate status",
	core.NoFraction:    "nothing was changed: no split has left anything open of that symbol in that account; gate status lists what is",
	core.NotDrained:    "nothing of that name is drained; see gate status",
	core.LinkNotDown: "nothing was changed: the link has a connection, so its numbers are in use; gate link down ends it, and " +
		"gate status says when it is down",
	core.NumberUsed: "nothing was changed: that outgoing number has been used, and a number stands for one message; a peer that " +
		"misses messages asks for them, one that has lost its count needs gate link reset",
	core.SameDate: "nothing was changed: the gate is at that trade date already; it rolls to the date of gate.roll, without one to the UTC date, or to " +
		"gate.trade_date where that is set, once it is a later one",
	core.NotShadow: "nothing was noted but that you have said so: what came of a self-test the gate takes from its own user alone, as whom its shadow " +
		"runs; gate check --self-test --in-force makes one for you",
	core.SecondPerson: "noted, but nothing is done yet: it takes two people; another user must give the same command",
	core.AskedBeside: "noted, but nothing is done yet: it takes two people, and ANOTHER USER'S OTHER COMMAND of this kind waits as well. If yours was to be the second " +
		"word for that, it is not the same: compare them in gate changes, and give his exactly. Else another user must give yours",
	core.AskedInstead: "noted, but nothing is done yet: it takes two people; another user must give the same command. As many wait as there is room for, so THE ONE " +
		"THAT WAITED LONGEST waits no more: gate status lists those that do, and it has to be given anew",
}

// doneText says more of what was done, for the verbs whose numbers do not speak for themselves.
func doneText(verb admin.Verb, r *core.Reply) string {
	switch {
	case verb == admin.Stop:
		return fmt.Sprintf("no new orders are taken; of %d open ones %d cancels were sent, %d are owed, %d wait for an earlier cancel",
			r.InScope, r.Cancels, r.Owed, r.Waiting)
	case verb == admin.Kill && r.Link > 0:
		return fmt.Sprintf("%d links are logged out and held down; gate link up lets each up again, a revive does not", r.Link)
	case verb == admin.ResolveAll:
		return fmt.Sprintf("%d orders resolved; %d cannot have come to that end and are in doubt still", r.Cancels, r.Excluded)
	}
	return ""
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
	case admin.CloseBreak:
		return "no execution of that ExecID differs at that venue; gate recon --all lists those that do, or did"
	}
	return nothingOfThat
}

// nothingOfThat is said where a verb has no better words.
const nothingOfThat = "there is nothing of that number; gate status lists kills and names"

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

// Drilled is the answer to the drill of a kill; it fails where the kill would have left an order open.
func Drilled(r core.Reply, took time.Duration) admin.Answer {
	a := admin.Answer{OK: true, InScope: r.InScope, Cancels: r.Cancels, Owed: r.Owed, Excluded: r.Excluded, Waiting: r.Waiting,
		TookNs: int64(took)}
	left := r.InScope - r.Cancels - r.Owed - r.Excluded - r.Waiting
	switch {
	case r.Code == core.UnknownTarget:
		return admin.Answer{Error: nothingOfThat}
	case r.Code != core.Done:
		return admin.Answer{Error: "a kill of that scope would find no room and stop the whole firm, or another drill is at work; " +
			"gate status lists the kills that stand"}
	case left > 0:
		a.OK = false
		a.Error = fmt.Sprintf("a kill would leave %d orders open: there is no room for their cancels; "+
			"raise capacity.open_orders", left)
	}
	return a
}

// NobodyElse says of what takes two users that no other one can give it, where gate.admin_group is empty; "": it takes one.
func NobodyElse(r admin.Request, a admin.Answer) string {
	const who = "gate.admin_group is empty: nobody but the gate's own user and root reaches its socket; to let another in, name a group and restart"
	switch {
	case r.Verb == admin.Kill && r.Scope == admin.AllScope:
		return "only two different users can lift this kill, and " + who + " (the kill stands)"
	case a.Noted:
		return "it takes another user, and " + who
	}
	return ""
}
