package shadow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/rehearsal"
)

// TestSelfTestDue: after each start, of each configuration, and each day at its time, be the last one a pass or not.
func TestSelfTestDue(t *testing.T) {
	at := time.Date(2026, 11, 27, 22, 0, 0, 0, time.UTC) // due at 23:00
	never := core.SelfTest{}
	before := core.SelfTest{AtNs: at.UnixNano(), Epoch: 3, Tried: 1}
	of := before.Of()
	for _, c := range []struct {
		what  string
		last  core.SelfTest
		hash  string
		epoch uint64
		now   time.Time
		want  bool
	}{
		{"none was", never, of, 0, at, true},
		{"an hour ago", before, of, 3, at.Add(time.Hour - 1), false},
		{"the day's is due", before, of, 3, at.Add(time.Hour), true},
		{"another start", before, of, 4, at, true},
		{"another configuration", before, strings.Repeat("b", 64), 3, at, true},
	} {
		if got := selfTestDue(&c.last, &config.Config{}, c.hash, c.epoch, c.now); got != c.want {
			t.Errorf("%s: %t", c.what, got)
		}
	}
}

// TestSelfTestAgain: one that could not run is tried once more, after a pause, before that is said; what ran or took too long is not.
func TestSelfTestAgain(t *testing.T) {
	killed, ran := errors.New("signal: killed"), SelfTested{Tested: rehearsal.Tested{Armed: 9, Tried: 7}, Hash: "of its own"}
	for _, c := range []struct {
		what  string
		tries []error
		want  error
		after time.Duration // from its beginning to what is said
	}{
		{"it ran", []error{nil}, nil, time.Second},
		{"its process was killed, and then was not", []error{killed, nil}, nil, time.Minute + 2*time.Second},
		{"it was killed each time", []error{killed, killed}, killed, time.Minute + 2*time.Second},
		{"the shadow ends", []error{context.Canceled}, context.Canceled, time.Second},
		{"it hangs", []error{errTooLong}, errTooLong, selfTestWithin},
	} {
		synctest.Test(t, func(t *testing.T) {
			tried := 0
			var said bytes.Buffer
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			r := &runner{Options: Options{Log: zerolog.New(&said), Now: time.Now, SelfTest: func(ctx context.Context) (SelfTested, error) {
				err := c.tries[tried]
				tried++
				if err == errTooLong {
					<-ctx.Done()
					return SelfTested{}, ctx.Err()
				}
				if err == context.Canceled {
					stop()
				}
				time.Sleep(time.Second)
				return ran, err
			}}}
			began := time.Now()
			got := r.selfTest(ctx, "in force")
			switch {
			case (said.Len() > 0) != (tried > 1):
				t.Errorf("%s: tried %d times, said %q", c.what, tried, said.String())
			case tried != len(c.tries) || time.Since(began) != c.after || !errors.Is(got.Err, c.want):
				t.Errorf("%s: tried %d times in %v: %v", c.what, tried, time.Since(began), got.Err)
			case c.want == nil && (got.Hash != ran.Hash || got.Tried != ran.Tried || got.Took != time.Second):
				t.Errorf("%s: %+v", c.what, got)
			case c.want != nil && (got.Hash != "in force" || got.Tried != 0):
				t.Errorf("%s: %+v", c.what, got)
			}
		})
	}
}

// TestSelfTestText: a reason that the gate takes, whatever came of it.
func TestSelfTestText(t *testing.T) {
	many := make([]string, 40)
	for i := range many {
		many[i] = fmt.Sprintf("COLLAR of ÄÖ%02d", i)
	}
	for want, test := range map[string]SelfTested{
		"2 more are armed and were not breached: gate check --self-test --in-force says why": {Tested: rehearsal.Tested{Armed: 9, Tried: 7}},
		"it could not run: no control could be breached":                                     {Tested: rehearsal.Tested{Armed: 9}},
		"it could not run: exit status 1: gate: no room":                                     {Err: errors.New("exit status 1:\ngate: no room")},
		"did not refuse: COLLAR of AAPL":                                                     {Tested: rehearsal.Tested{Armed: 9, Tried: 7, Passed: []string{"COLLAR of AAPL"}}},
		"did not refuse: COLLAR of ÄÖ00, COLLAR of ÄÖ01":                                     {Tested: rehearsal.Tested{Tried: 40, Passed: many[:2]}},
		"it could not run: " + strings.Repeat("ä", 91):                                       {Err: errors.New(strings.Repeat("ä", 300))},
		"did not refuse: " + strings.Join(many[:9], ", ") + ", and 31 more":                  {Tested: rehearsal.Tested{Tried: 40, Passed: many}},
	} {
		got := test.Text()
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
		r := admin.Request{Verb: admin.SelfTest, Name: strings.Repeat("a", 64), Value: "1s", Reason: got}
		if err := r.Validate(); err != nil {
			t.Error(err)
		}
	}
}
