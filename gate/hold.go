package gate

import (
	"context"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/core"
	"portcullis/gate/operator"
)

const (
	logoutWithin = 5 * time.Second // how long the peer of a link that is held down may take to answer the Logout
	cutWithin    = 2 * time.Second // how long the engine takes to end a connection that it cuts
	holdLook     = 10 * time.Millisecond
)

// holdDown holds a link down and says what has become of its connection: an operator who is told that a Logout is on
// its way has to look again, and again. A peer that does not answer is cut.
func (g *Gate) holdDown(ctx context.Context, command core.Command) admin.Answer {
	connected := !g.engine.Idle(command.Index)
	note := "it had no connection, and takes none"
	for _, step := range []struct {
		within time.Duration
		note   string
	}{{logoutWithin, "its connection has ended, and it takes none"}, {cutWithin, "its peer did not answer the Logout and was cut; it takes no connection"}} {
		reply, err := g.engine.Submit(ctx, command)
		if err != nil {
			return refused(err)
		}
		if reply.Code != core.Done {
			return operator.Answer(admin.LinkDown, reply)
		}
		if connected {
			note = step.note
		}
		if g.becomesIdle(ctx, command.Index, step.within) {
			return admin.Answer{OK: true, Note: "the link is down: " + note}
		}
	}
	return admin.Answer{OK: true, Note: "the link is held down, but its connection has not ended yet: look at gate status"}
}

// becomesIdle waits until a link has no connection. False: it has one still.
func (g *Gate) becomesIdle(ctx context.Context, link uint32, within time.Duration) bool {
	for end := time.Now().Add(within); !g.engine.Idle(link); {
		if time.Now().After(end) {
			return false
		}
		select {
		case <-time.After(holdLook):
		case <-ctx.Done():
			return false
		}
	}
	return true
}
