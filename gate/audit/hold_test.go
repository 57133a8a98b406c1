package audit

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"portcullis/gate/config"
	"portcullis/gate/core"
)

// TestHeldLinks: the status says which links are held down, by whom and why, until they are let up; the tail says what
// was commanded and what came of it.
func TestHeldLinks(t *testing.T) {
	w := day(t)
	l := w.number(config.LinkNumber, globex)
	give := func(m core.Command) {
		m.Index, m.Actor, m.UID, m.PID = l, "mallory", 501, 4711
		w.command(m)
	}
	give(core.Command{Kind: core.CmdLinkDown, Reason: "their request"})
	w.from(globex, "35=5|")
	w.event(core.Event{Kind: core.Closed, Link: l, Conn: 1})
	status := func() string {
		var out bytes.Buffer
		must(must(Open(w.dir))(t).Load(false))(t).Status(&out, Presence{}, "", "", time.Unix(0, w.nowNs))
		return out.String()
	}
	if got := status(); !strings.Contains(got, "held down             since") ||
		!strings.Contains(got, "mallory (user 501, process 4711): their request") {
		t.Error(got)
	}
	give(core.Command{Kind: core.CmdLinkSeq, NextIn: 9, NextOut: 1, Reason: "by phone"})
	give(core.Command{Kind: core.CmdLinkSeq, NextIn: 9, NextOut: 70, Reason: "by phone"})
	give(core.Command{Kind: core.CmdLinkReset, Reason: "by phone"})
	give(core.Command{Kind: core.CmdLinkUp})
	if got := status(); strings.Contains(got, "held down") {
		t.Error(got)
	}
	w.close()
	var out bytes.Buffer
	j := must(Open(w.dir))(t)
	check(t, j.Tail(context.Background(), &out, TailOptions{Link: globex, Last: 7}))
	text := out.String()
	for _, want := range []string{
		"command link down of " + globex + " by mallory (user 501, process 4711): their request",
		"then     link is logout sent,", globex + " is held down", "35=5|34=",
		"command link seq of " + globex + ", next in 9, next out 1 by mallory", "the outgoing number has been used",
		"link is down, next in 9, next out 70", "next number out on " + globex + " is at least 70",
		"command link reset of " + globex, "link is down, next in 1, next out 1", "the link's numbers began again at 1",
		"command link up of " + globex, globex + " may come up again",
	} {
		at := strings.Index(text, want)
		if at < 0 {
			t.Fatalf("no %q in what follows of:\n%s", want, out.String())
		}
		text = text[at:]
	}
	if r, err := j.Replay(&out, DifferencesShown); err != nil || r.Agree != r.Records {
		t.Errorf("%+v, %v", r, err)
	}
}
