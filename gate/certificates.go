package gate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/core"
	"portcullis/gate/transport"
)

// keysLook is how often files of certificates are looked at. A look reads them: they are few and small.
const keysLook = 10 * time.Second

func (g *Gate) now() time.Time { return time.Unix(0, g.clock.Now().UTCNs) }

// watchKeys takes over certificates whose files change, warns once a day of those that end soon and when they have, and ends
// the connections of peers whose certificates are revoked, until ctx ends.
func (g *Gate) watchKeys(ctx context.Context) {
	look := time.NewTicker(keysLook)
	defer look.Stop()
	warned := map[transport.End]string{} // the day of the last warning, and whether it had ended
	by := core.Command{Kind: core.CmdCertificates, Actor: "gate"}
	for {
		_ = g.renewed(ctx, g.keys.Load().Watch(g.now()), by) // it is logged
		for _, end := range g.keys.Load().Ends() {
			if today := fmt.Sprint(g.now().UTC().Format(time.DateOnly), end.Ended(g.now())); end.Soon(g.now()) && warned[end] != today {
				warned[end] = today
				g.log.Warn().Str("file", end.File).Msg(end.Warning(g.now()))
				g.noteKeys(ctx, by, end.File+": "+end.Warning(g.now()), true)
			}
		}
		g.endRevoked(ctx)
		select {
		case <-look.C:
		case <-ctx.Done():
			return
		}
	}
}

// renewed tells log and journal what came of looking at the files, and returns what is wrong with them.
func (g *Gate) renewed(ctx context.Context, list []transport.Renewal, by core.Command) error {
	var errs []error
	for _, r := range list {
		if r.Err != nil {
			g.log.Error().Err(r.Err).Str("in_use", endsText(r.Ends)).Msg("certificate not renewed: what was read before stays in use")
			g.noteKeys(ctx, by, "not renewed: "+r.Err.Error(), true)
			errs = append(errs, r.Err)
			continue
		}
		g.log.Info().Str("by", by.Actor).Str("in_use", endsText(r.Ends)).Msg("certificates renewed: they count from the next connection on, and lists of revoked ones at once")
		g.noteKeys(ctx, by, "renewed: "+endsText(r.Ends), false)
	}
	if len(list) > len(errs) {
		g.keysInForce(ctx)
	}
	return errors.Join(errs...)
}

// keysInForce tells that certificates are others now, once no reload is at work.
func (g *Gate) keysInForce(ctx context.Context) {
	select {
	case <-g.reloads:
		g.followed(g.files())
		g.reloads <- struct{}{}
	case <-ctx.Done():
	}
}

func endsText(ends []transport.End) string {
	list := make([]string, len(ends))
	for i, end := range ends {
		until := time.DateOnly
		if end.List() {
			until = "2006-01-02 15:04"
		}
		list[i] = fmt.Sprintf("%s of %s until %s", end.File, end.Subject, end.At.UTC().Format(until))
	}
	return strings.Join(list, "; ")
}

// noteKeys journals what was found; alert: somebody has to act.
func (g *Gate) noteKeys(ctx context.Context, by core.Command, what string, alert bool) {
	by.Reason, by.Flag = what, alert
	if _, err := g.engine.Submit(ctx, by); err != nil && ctx.Err() == nil {
		g.logged("certificates", err)
	}
}

// certificates answers until when those in use are good; asked to renew them it reads the files again first.
func (g *Gate) certificates(ctx context.Context, p admin.Peer, r admin.Request) admin.Answer {
	a := admin.Answer{OK: true}
	if r.Verb == admin.Renew {
		by := core.Command{Kind: core.CmdCertificates, Actor: p.User, UID: p.UID, PID: uint32(p.PID)}
		g.noteKeys(ctx, by, "files are to be read again: "+r.Reason, false)
		if err := g.renewed(ctx, g.keys.Load().Reload(g.now()), by); err != nil {
			a = refused(fmt.Errorf("what was read before stays in use:\n%w", err))
		}
		g.endRevoked(ctx)
	}
	detail, err := json.Marshal(g.keys.Load().Ends())
	if err != nil {
		return refused(err)
	}
	a.Detail = detail
	if err := errors.Join(g.keys.Load().Faults(g.now())...); err != nil && r.Verb == admin.Certificates {
		a.Note = "these are in use, but the files would stop the next reload and the next start:\n" + err.Error()
	}
	if others := g.keys.Load().Others(); len(others) > 0 {
		a.Note = joined(a.Note, strings.Join(others, ", ")+": other authorities than are in force stand there, and come into force by gate reload; whoever is new among them takes a second person")
	}
	return a
}
