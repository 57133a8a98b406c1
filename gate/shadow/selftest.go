package shadow

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/rehearsal"
)

const (
	selfTestWithin = 6 * time.Hour    // one that takes longer is ended
	selfTestPause  = 10 * time.Second // behind each at least, however often limits are set meanwhile
	selfTestAgain  = time.Minute      // before one that could not run is tried once more
)

// SelfTested is what came of a self-test.
type SelfTested struct {
	rehearsal.Tested
	Hash string        `json:"hash"` // of the configuration, in hexadecimal digits
	Took time.Duration `json:"-"`
	Err  error         `json:"-"` // why it could not run
}

// watchSelfTest begins a self-test when one is due, beside what the shadow does else, and tells the gate what came of it. What the
// gate does not take is not kept: the self-test stays due.
func (r *runner) watchSelfTest(ctx context.Context) {
	if r.SelfTest == nil {
		return
	}
	now := r.Now()
	select {
	case t := <-r.tests:
		r.testing, r.testNext = false, now.Add(max(selfTestPause, t.Took))
		if err := r.Tested(t); err != nil && ctx.Err() == nil {
			r.Log.Error().Err(err).Msg("the gate has not taken what came of the self-test: it is made again")
		}
		return
	default:
	}
	last := r.shadow.state.Core.SelfTest()
	if r.testing || now.Before(r.testNext) || !selfTestDue(&last, r.cfg, hex.EncodeToString(r.hash), r.shadow.state.Core.Epoch(), now) {
		return
	}
	r.testing = true
	hash := hex.EncodeToString(r.hash)
	r.running.Go(func() { r.tests <- r.selfTest(ctx, hash) })
}

// selfTest makes one. Where that could not run, as when its process is killed for want of memory, it is tried once more before it is
// said: what is said stands until the next day's.
func (r *runner) selfTest(ctx context.Context, hash string) SelfTested {
	test := r.trySelfTest(ctx, hash)
	if test.Err == nil || errors.Is(test.Err, errTooLong) || ctx.Err() != nil {
		return test
	}
	pause := cmp.Or(r.SelfTestAgain, selfTestAgain)
	r.Log.Warn().Err(test.Err).Msgf("the self-test could not run: it is tried once more in %v", pause)
	select {
	case <-ctx.Done():
		return test
	case <-time.After(pause):
		return r.trySelfTest(ctx, hash)
	}
}

var errTooLong = fmt.Errorf("it was ended after %v", selfTestWithin)

func (r *runner) trySelfTest(ctx context.Context, hash string) SelfTested {
	began := r.Now()
	ctx, cancel := context.WithTimeout(ctx, selfTestWithin)
	defer cancel()
	test, err := r.SelfTest(ctx)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		test = SelfTested{Hash: hash, Err: errTooLong}
	case err != nil:
		test = SelfTested{Hash: hash, Err: err}
	}
	test.Took = r.Now().Sub(began)
	return test
}

// selfTestDue: after each start of the gate, of each configuration that comes into force, and each day.
func selfTestDue(last *core.SelfTest, cfg *config.Config, hash string, epoch uint64, now time.Time) bool {
	return last.Epoch != epoch || last.Of() != hash || last.AtNs < cfg.SelfTestDue(now).UnixNano()
}

// Text says in a reason's length which controls did not refuse, or why it could not run.
func (t *SelfTested) Text() string {
	switch {
	case t.Err != nil:
		return cut("it could not run: " + t.Err.Error())
	case t.Tried == 0:
		return "it could not run: no control could be breached"
	case len(t.Passed) == 0:
		return fmt.Sprintf("%d more are armed and were not breached: gate check --self-test --in-force says why", t.Armed-t.Tried)
	}
	text := "did not refuse: " + t.Passed[0]
	for i, name := range t.Passed[1:] {
		more := fmt.Sprintf(", and %d more", len(t.Passed)-1-i)
		if len(text)+len(", ")+len(name)+len(more) > admin.ReasonBytesMax {
			return cut(text + more)
		}
		text += ", " + name
	}
	return cut(text)
}

// cut makes a reason of a text.
func cut(text string) string {
	text = strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return ' '
		}
		return c
	}, text)
	return strings.ToValidUTF8(text[:min(len(text), admin.ReasonBytesMax)], "")
}
