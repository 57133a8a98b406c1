package gate

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
)

// overlayLook is how late a limit that was set for a time may come back.
const overlayLook = time.Second

// setLimit sets a limit for a time in place of that of the files, or gives it back to them: a change of the configuration like
// that of a file, so what loosens waits for another person where that takes two, and a restart goes on with it.
func (g *Gate) setLimit(p admin.Peer, r admin.Request) admin.Answer {
	offered := g.files().Offered()
	o := config.Overlay{Scope: string(r.Scope), Name: r.Name, Key: r.Key, Value: r.Value, Date: int(g.date.Load()), By: p.User, Why: r.Reason,
		At: g.now().UTC().Truncate(time.Second)}
	if r.Scope == admin.AllScope {
		o.Scope = "firm"
	}
	list, was := offered.Cleared(o)
	note := fmt.Sprintf("%s is that of the files again", &o)
	switch {
	case r.Verb == admin.LimitSet:
		until, err := g.names().Until(r.Until)
		if err == nil {
			o.Until = until
			list, err = offered.SetFor(o)
		}
		if err != nil {
			return refused(fmt.Errorf("nothing was changed: %w", err))
		}
		note = fmt.Sprintf("%s is %s until %s", &o, o.Value, o.Ends())
	case !was:
		return refused(fmt.Errorf("nothing was changed: %s is not set for a time; gate limit list shows what is", &o))
	}
	next := offered.WithOverlay(list)
	if change := config.Compare(g.files().Offered(), next); len(change.Restart) > 0 {
		return refused(fmt.Errorf("nothing was changed: %s: such a limit begins with a start; write it in the files", strings.Join(change.Restart, "; ")))
	}
	a := g.propose(next, p, r, core.OffersOn)
	if a.OK && !g.files().Holds(&o) {
		note = fmt.Sprintf("%s stays as it is until another person approves", &o)
	}
	if a.OK {
		a.Note = joined(note, heldText(g.files()))
	}
	return a
}

// endLimits gives those whose time is over back to the files.
func (g *Gate) endLimits(ctx context.Context) {
	self := uint32(os.Getuid())
	gate := admin.Peer{User: "gate", UID: self, PID: int32(os.Getpid())}
	a := g.inTurn(ctx, func() admin.Answer {
		next := g.withoutEnded()
		if next == g.files() {
			return admin.Answer{OK: true}
		}
		return g.putInForce(next, gate, admin.Request{Reason: "limits that were set for a time are over"}, core.OffersFor)
	})
	if a.Error != "" && ctx.Err() == nil {
		g.calm.Say(zerolog.WarnLevel, "limits for a time", "", "limits that were set for a time are not given back to the files yet: "+a.Error).Str("why", a.Error).Msg("limits that were set for a time are not given back to the files yet")
	}
}

// withoutEnded is what is in force without the limits whose time is over. Those for which it is so only because the clock was set on by
// a lot stay until as much time has passed: what ends is not set again when the clock is right.
func (g *Gate) withoutEnded() *config.Config {
	now, date := g.clock.Now(), int(g.date.Load())
	next := g.files().WithoutEnded(date, now.Time())
	if next == g.files() {
		g.limitsAt.follow(now)
		return next
	}
	if at, setOn := g.limitsAt.before(now); setOn > 0 {
		next = g.files().WithoutEnded(date, at)
	}
	return next
}

// keepLimits does so until ctx ends.
func (g *Gate) keepLimits(ctx context.Context) {
	look := time.NewTicker(overlayLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			g.endLimits(ctx)
		}
	}
}

// lostLimits says which limits that were set for a time the files have not any more.
func lostLimits(before, now *config.Config) (text string) {
	for _, o := range before.Offered().Overlay() {
		if _, kept := now.Offered().Cleared(o); !kept {
			text = joined(text, fmt.Sprintf("%s was set for a time and is not in the files any more", &o))
		}
	}
	return text
}
