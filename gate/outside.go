package gate

import (
	"context"
	"sync"

	"portcullis/gate/admin"
	"portcullis/gate/assemble"
	"portcullis/gate/killfile"
)

// listenForKills opens the ways by which what is no operator stops trading: a file, and a socket that takes kills alone. A
// file that is there already counts before anybody may connect.
func (g *Gate) listenForKills(running *sync.WaitGroup, closers *[]func()) error {
	if path := g.cfg.Beside(g.cfg.Gate.KillSocket); path != "" {
		group, err := assemble.KillGroup(g.cfg)
		if err != nil {
			return err
		}
		server, err := admin.Listen(path, group, g.answerKill, g.warnf)
		if err != nil {
			return err
		}
		*closers = append(*closers, func() { g.logged("kill socket", server.Close()) })
		running.Go(func() { g.logged("kill socket", server.Serve()) })
	}
	if path := g.cfg.Beside(g.cfg.Gate.KillFile); path != "" {
		w := killfile.Watch{Path: path, Logf: g.warnf, Kill: func(ctx context.Context, giver admin.Peer, r admin.Request) bool {
			a := g.answer(ctx, giver, r)
			return a.OK || a.KillID != 0
		}}
		ctx, cancel := context.WithCancel(context.Background())
		*closers = append(*closers, cancel)
		w.Look(ctx)
		running.Go(func() { w.Run(ctx) })
	}
	return nil
}

// answerKill carries out what the kill socket takes.
func (g *Gate) answerKill(ctx context.Context, p admin.Peer, r admin.Request) admin.Answer {
	if r.Verb != admin.Kill && r.Verb != admin.Ping {
		return admin.Answer{Error: "this socket takes kills and ping only; for anything else ask the gate's admin socket"}
	}
	return g.answer(ctx, p, r)
}
