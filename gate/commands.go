package gate

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/core"
	"portcullis/gate/engine"
	"portcullis/gate/operator"
)

// answer carries out one request of an operator: what the gate itself does or reads, or else a command for the engine.
func (g *Gate) answer(ctx context.Context, p admin.Peer, r admin.Request) admin.Answer {
	switch r.Verb {
	case admin.Ping:
		return admin.Answer{OK: true}
	case admin.Status:
		snapshot := g.engine.Snapshot()
		return detailed(snapshot.Status())
	case admin.Quotes:
		return detailed(g.prices.Since(r.ID, r.Count))
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
	give := func(m core.Command) (core.Reply, error) { return g.engine.Submit(ctx, signed(m, p, r)) }
	switch r.Verb {
	case admin.SelfTest:
		return g.selfTested(r, p, give)
	case admin.SOD:
		return said(both(g.beginDay(give), g.beginMarks(give)), "nothing was read: no account has sod: file, and nothing is valued at closes")
	case admin.Mark:
		return g.mark(r, give)
	case admin.Splits:
		return g.splits(r, give)
	case admin.Borrow:
		return said(g.beginBorrow(give), "nothing was read: data names no file of locates, of what is easy to borrow or of triggers")
	}
	return g.command(ctx, p, r, give)
}

// names are those in force, as an operator's requests need them.
func (g *Gate) names() *operator.Names {
	return &operator.Names{Config: g.files(), Numbers: g.numbers, Now: g.now}
}

// giver has a command carried out.
type giver = func(core.Command) (core.Reply, error)

// command gives the engine the one command that a request comes to, and says what became of it.
func (g *Gate) command(ctx context.Context, p admin.Peer, r admin.Request, give giver) admin.Answer {
	command, err := g.names().Command(r)
	if err != nil {
		return refused(err)
	}
	if command.Kind == core.CmdLinkDown {
		return g.holdDown(ctx, signed(command, p, r))
	}
	begun := time.Now()
	reply, err := give(command)
	if err != nil {
		return refused(err)
	}
	if command.Kind == core.CmdDrill {
		return operator.Drilled(reply, time.Since(begun))
	}
	a := operator.Answer(r.Verb, reply)
	// A roll may have been carried out though its answer was lost: the trade date has begun, and its files have not been taken.
	if to := uint32(command.Target); r.Verb == admin.Roll && (reply.Code == core.Done || reply.Code == core.SameDate && g.date.Load() < to) {
		a.Note = g.rolled(ctx, to, give)
	}
	if g.cfg.Gate.AdminGroup == "" {
		a.Note = cmp.Or(operator.NobodyElse(r, a), a.Note)
	}
	return a
}

// rolled brings to the trade date that has begun what its files have, and says what came of each.
func (g *Gate) rolled(ctx context.Context, to uint32, give giver) (note string) {
	g.date.Store(to)
	g.endLimits(ctx)
	day := both(both(g.beginDay(give), both(g.beginSplits(to, give), g.beginMarks(give))), g.beginBorrow(give))
	if day.Error != "" { // a calendar's roll has nobody who reads the answer
		g.log.Error().Uint32("date", to).Str("why", day.Error).Msg("files of the trade date were not taken")
	}
	return strings.Trim(day.Note+"; "+day.Error, "; ")
}

// signed is a command with who gives it, by the peer's credentials, and why.
func signed(m core.Command, p admin.Peer, r admin.Request) core.Command {
	m.Reason, m.Actor, m.UID, m.PID = cmp.Or(m.Reason, r.Reason), p.User, p.UID, uint32(p.PID)
	return m
}

// detailed is the answer to a question.
func detailed(v any) admin.Answer {
	detail, err := json.Marshal(v)
	if err != nil {
		return refused(err)
	}
	return admin.Answer{OK: true, Detail: detail}
}

// refused answers a request that was not carried out, as far as anybody knows.
func refused(err error) admin.Answer {
	return admin.Answer{Error: err.Error(), Unknown: errors.Is(err, engine.ErrUnanswered)}
}

// said is an answer that says something.
func said(a admin.Answer, otherwise string) admin.Answer {
	if a.OK {
		a.Note = cmp.Or(a.Note, otherwise)
	}
	return a
}

// both are two answers in one.
func both(a, b admin.Answer) admin.Answer {
	return admin.Answer{OK: a.OK && b.OK, Unknown: a.Unknown || b.Unknown, Note: strings.Trim(a.Note+"; "+b.Note, "; "), Error: strings.Trim(a.Error+"; "+b.Error, "; ")}
}
