package gate

import (
	"cmp"
	"context"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/admin"
	"portcullis/gate/core"
)

// keepCalendar begins each trade date of the calendar when its time has come, as gate roll does, until ctx ends. A start has begun
// the one of its moment. Without a calendar people begin them.
func (g *Gate) keepCalendar(ctx context.Context) {
	if g.cfg.Gate.Calendar.Zone == "" {
		return
	}
	give := func(m core.Command) (core.Reply, error) {
		m.Reason, m.Actor = cmp.Or(m.Reason, "calendar"), "gate"
		return g.engine.Submit(ctx, m)
	}
	look := time.NewTicker(timetableLook)
	defer look.Stop()
	for {
		g.beginDue(ctx, give)
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// beginDue begins the trade date that is due, if one is.
func (g *Gate) beginDue(ctx context.Context, give giver) {
	if due := g.tradeDate(); due > g.date.Load() {
		g.sayRolled(due, g.command(ctx, admin.Peer{}, admin.Request{Verb: admin.Roll}, give))
	}
}

// sayRolled logs what became of a roll that nobody asked for, and so nobody is told of. One that was refused is tried again.
func (g *Gate) sayRolled(date uint32, a admin.Answer) {
	switch {
	case a.OK:
		g.log.Info().Uint32("date", date).Str("files", a.Note).Msg("the calendar has begun a trade date")
	case g.date.Load() < date: // else it has begun, by somebody else or by a command whose answer was lost
		const text = "the calendar's trade date cannot be begun"
		g.calm.Say(zerolog.ErrorLevel, "calendar", "", text).Uint32("date", date).Str("why", a.Error).Msg(text)
	}
}
