package gate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/admin"
	"portcullis/gate/core"
	"portcullis/gate/rehearsal"
	"portcullis/gate/shadow"
)

// TestSelfTestIsOverdue: an hour after a start that has nothing younger than 26 hours, and each day again while that lasts.
func TestSelfTestIsOverdue(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	begun := time.Date(2026, 11, 27, 22, 0, 0, 0, time.UTC)
	never := time.Unix(0, 0)
	steps := []struct {
		after time.Duration // the start
		last  time.Time
		told  bool
	}{
		{0, never, false}, {time.Hour - 1, never, false}, {time.Hour, never, true}, {2 * time.Hour, never, false}, // the start's is waited for
		{3 * time.Hour, begun.Add(time.Hour), false},
		{27 * time.Hour, begun.Add(time.Hour), false}, {27*time.Hour + 1, begun.Add(time.Hour), true},
		{51 * time.Hour, begun.Add(time.Hour), false}, {51*time.Hour + 1, begun.Add(time.Hour), true},
		{52 * time.Hour, begun.Add(52 * time.Hour), false},
		{76 * time.Hour, begun.Add(130 * time.Hour), true}, // a clock that was set back would hide it for days
	}
	looks := make(chan time.Time, len(steps))
	for range steps[1:] {
		looks <- time.Time{}
	}
	n := -2 // the step whose time was asked for last: the first answer is that of the start
	told := make([]bool, len(steps))
	watchSelfTest(ctx, looks, func() time.Time {
		if n++; n == len(steps)-1 {
			cancel()
		}
		return begun.Add(steps[max(n, 0)].after)
	}, func() time.Time { return steps[n].last }, func(last time.Time) {
		if told[n] = true; !last.Equal(steps[n].last) {
			t.Errorf("step %d: %v", n, last)
		}
	})
	for i, step := range steps {
		if told[i] != step.told {
			t.Errorf("step %d, %v after the start: told %t", i, step.after, told[i])
		}
	}
}

// TestSelfTestIsTheGatesOwn: who told of it is journaled, and nobody but the gate's own user makes it count.
func TestSelfTestIsTheGatesOwn(t *testing.T) {
	g := openSample(t, t.TempDir())
	defer func() { must(t, g.close()) }()
	var given []core.Command
	give := func(m core.Command) (core.Reply, error) {
		given = append(given, m)
		if m.Flag {
			return core.Reply{Code: core.NotShadow}, nil
		}
		return core.Reply{Code: core.Done}, nil
	}
	r := admin.Request{Verb: admin.SelfTest, Name: strings.Repeat("a", 64), Count: 159, ID: 1, Value: "1.5s", Reason: "did not refuse: COLLAR of AAPL"}
	own := uint32(os.Geteuid())
	if a := g.selfTested(r, admin.Peer{UID: own + 1}, give); a.OK || !strings.Contains(a.Error, "its own user alone") || g.tested.Load() != 0 {
		t.Errorf("%+v, %d", a, g.tested.Load())
	}
	if a := g.selfTested(r, admin.Peer{UID: own}, give); !a.OK || g.tested.Load() == 0 {
		t.Errorf("%+v, %d", a, g.tested.Load())
	}
	want := core.Command{Kind: core.CmdSelfTest, Name: r.Name, Index: 159, Target: 1, Qty: 1_500_000_000}
	stranger := want
	stranger.Flag = true
	if !slices.Equal(given, []core.Command{stranger, want}) {
		t.Errorf("%+v", given)
	}
	r.Value = "soon"
	if a := g.selfTested(r, admin.Peer{UID: own}, give); a.OK || len(given) != 2 {
		t.Errorf("%+v", a)
	}
}

// TestSelfTestOfShadow: it makes one when it has caught up, tells what came of it until the gate has it, and then no more of it; one
// that cannot run is tried once more, and told of too. The shadow goes on meanwhile.
func TestSelfTestOfShadow(t *testing.T) {
	dir := t.TempDir()
	g := openSample(t, dir)
	defer func() { must(t, g.close()) }()
	hash := g.cfg.Hash()
	told, begun := make(chan shadow.SelfTested), make(chan struct{})
	run := func() (end func()) {
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- shadow.Run(ctx, g.cfg, shadow.Options{Log: zerolog.Nop(), Now: time.Now,
				SelfTest: func(ctx context.Context) (shadow.SelfTested, error) {
					select {
					case begun <- struct{}{}:
					case <-ctx.Done():
					}
					return shadow.SelfTested{Tested: rehearsal.Tested{Armed: 3, Tried: 2}}, errors.New("no room")
				},
				Tested:        func(s shadow.SelfTested) error { told <- s; return nil },
				SelfTestAgain: time.Millisecond})
		}()
		return func() {
			stop()
			must(t, <-ended)
		}
	}
	await := func() {
		t.Helper()
		select {
		case <-begun:
		case <-time.After(patience):
			t.Fatal("no self-test is made")
		}
	}
	end := run()
	await()
	await()
	s := <-told
	if s.Err == nil || s.Tried != 0 || s.Hash != fmt.Sprintf("%x", hash) || s.Took <= 0 {
		t.Errorf("%+v", s)
	}
	must(t, g.boot.Command(core.Command{Kind: core.CmdSelfTest, Name: s.Hash, Reason: s.Text()}))
	end()
	if x := g.core.SelfTest(); x.Of() != s.Hash || x.Tried != 0 || x.AtNs == 0 {
		t.Errorf("%+v", x)
	}
	end = run() // it is the day's, and this start's
	select {
	case <-begun:
		t.Error("it is made again")
	case <-time.After(time.Second):
	}
	end()
}
