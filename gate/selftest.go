package gate

import (
	"context"
	"fmt"
	"os"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/operator"
)

const (
	selfTestLook  = time.Minute    // how often it is looked at how old the last self-test is
	selfTestGrace = time.Hour      // how long after a start nobody is told: its shadow makes one then
	selfTestAgain = 24 * time.Hour // and once more, while none is told of
)

// selfTested has the core note what came of a self-test. Whoever is not the gate's own user is journaled as that.
func (g *Gate) selfTested(r admin.Request, p admin.Peer, give giver) admin.Answer {
	m, err := g.names().Command(r)
	if err != nil {
		return refused(err)
	}
	m.Flag = p.UID != uint32(os.Geteuid())
	reply, err := give(m)
	if err != nil {
		return refused(err)
	}
	if reply.Code == core.Done {
		g.tested.Store(g.now().UnixNano())
	}
	return operator.Answer(r.Verb, reply)
}

// keepSelfTest has somebody told where a day goes by without a self-test, such as one whose shadow is away, until ctx ends.
func (g *Gate) keepSelfTest(ctx context.Context) {
	look := time.NewTicker(selfTestLook)
	defer look.Stop()
	watchSelfTest(ctx, look.C, g.now, func() time.Time { return time.Unix(0, g.tested.Load()) }, func(last time.Time) {
		why := "none has been told of in this journal"
		if last.UnixNano() != 0 {
			why = "the last one was told of at " + last.UTC().Format(time.RFC3339)
		}
		why = fmt.Sprintf("%s, and one a day is due: does gate shadow run?", why)
		g.log.Error().Msg("self-test is overdue: " + why)
		if _, err := g.engine.Submit(ctx, core.Command{Kind: core.CmdSelfTestOverdue, Actor: "gate", Reason: why}); err != nil && ctx.Err() == nil {
			g.logged("alert of a self-test that is overdue", err)
		}
	})
}

// watchSelfTest tells while the last self-test is too old, or of a time that is still to come.
func watchSelfTest(ctx context.Context, looks <-chan time.Time, now, last func() time.Time, tell func(last time.Time)) {
	next := now().Add(selfTestGrace)
	for {
		at, told := now(), last()
		if age := at.Sub(told); max(age, -age) > config.SelfTestWithin && !at.Before(next) {
			next = at.Add(selfTestAgain)
			tell(told)
		}
		select {
		case <-ctx.Done():
			return
		case <-looks:
		}
	}
}
