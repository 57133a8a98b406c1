package gate

import (
	"cmp"
	"context"
	"time"

	"github.com/rs/zerolog"

	"portcullis/clocksync"
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

// clockSetMost is by how much a clock may be set on at once and still be believed about what is due.
const clockSetMost = 10 * time.Minute

// believed is the clock as it was when last nothing was due by it.
type believed struct{ leadNs int64 } // of UTC before monotonic time

// follow takes a reading by which nothing is due.
func (b *believed) follow(now clocksync.Stamp) { b.leadNs = now.UTCNs - now.MonoNs }

// before is the moment that it would be had nobody set the clock since, and by how much it was set on; 0: by no more than is believed.
func (b *believed) before(now clocksync.Stamp) (at time.Time, setOn time.Duration) {
	if setOn = time.Duration(now.UTCNs - now.MonoNs - b.leadNs); setOn <= clockSetMost {
		setOn = 0
	}
	return time.Unix(0, now.MonoNs+b.leadNs), setOn
}

// beginDue begins the trade date that is due, if one is. One that is due only because the clock was set on by a lot waits until as much
// time has passed, or a person says gate roll: a roll empties the figures of the day, and nobody can take it back.
func (g *Gate) beginDue(ctx context.Context, give giver) {
	now := g.clock.Now()
	due := g.cfg.TradeDateAt(now.Time())
	switch at, setOn := g.calendar.before(now); {
	case due <= g.date.Load():
		g.calendar.follow(now)
	case setOn > 0 && g.cfg.TradeDateAt(at) <= g.date.Load():
		const text = "the calendar's trade date is due only by a clock that was set on while the gate ran: it begins when as much time has passed, or by gate roll"
		g.calm.Say(zerolog.ErrorLevel, "calendar held", "", text).Uint32("date", due).Dur("set_on", setOn).Msg(text)
	default:
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
