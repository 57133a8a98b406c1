package demo

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"portcullis/gate/assemble"
	"portcullis/risk"
)

// TestDemo plays the demo as the program does.
func TestDemo(t *testing.T) {
	var out bytes.Buffer
	if err := Run(context.Background(), Options{Out: &out, Alloc: assemble.Heap}); err != nil {
		t.Errorf("%s\n%v", out.Bytes(), err)
	}
}

// TestDemoStays: with Stay the gate runs on until it is interrupted, and then ends in order.
func TestDemoStays(t *testing.T) {
	ctx, interrupt := context.WithCancel(context.Background())
	out := &trigger{text: "kill --client ALPHA", pull: interrupt}
	if first, last, _ := strings.Cut(scriptText, lastChapter); strings.Contains(first, "| kill all") || !strings.Contains(last, "| kill all") {
		t.Error("who stays would find the firm killed")
	}
	script, _, _ := strings.Cut(scriptText, "= The form of a message") // one chapter is enough
	if err := run(ctx, Options{Out: out, Stay: true, Alloc: assemble.Heap}, script); err != nil {
		t.Error(err)
	}
	if !strings.Contains(out.String(), "The journal was closed") {
		t.Errorf("the demo did not end in order: %s", out.String())
	}
}

// trigger is an output that does something when a text passes.
type trigger struct {
	bytes.Buffer
	text string
	pull func()
}

func (w *trigger) Write(p []byte) (int, error) {
	if strings.Contains(string(p), w.text) {
		w.pull()
	}
	return w.Buffer.Write(p)
}

// TestEveryReason: the script meets each Reason, or missing.go says why it cannot.
func TestEveryReason(t *testing.T) {
	steps, err := parseScript(scriptText)
	if err != nil {
		t.Fatal(err)
	}
	met := map[string]bool{}
	for _, s := range steps {
		met[s.Verdict] = true
		for _, answer := range s.Answers {
			_, code, _ := strings.Cut(answer, " ")
			met[code] = true // a refusal that came later
		}
	}
	for reason := risk.Accepted; reason < 1000; reason++ {
		if reason.Row() == risk.Unjudged.Row() {
			continue
		}
		switch _, excused := notShown[reason]; {
		case !met[reason.String()] && !excused:
			t.Errorf("%s is neither met nor excused", reason)
		case met[reason.String()] && excused:
			t.Errorf("%s is excused, but the script meets it", reason)
		}
	}
}

// TestDemoFails: a script that expects something else ends the demo with an error that says what.
func TestDemoFails(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"| COLLAR            | rejected", "| OFF_TICK          | rejected", "verdict COLLAR"},
		{"| new, partial 60\n", "| new, partial 61\n",
			`told "partial 60", expected "partial 61"`},
		{"| 2 in scope, 2 cancels |", "| 3 in scope, 2 cancels |", "reached 2 in scope, 2 cancels"},
	} {
		script := strings.Replace(scriptText, c.from, c.to, 1)
		if script == scriptText {
			t.Fatalf("the script has no %q", c.from)
		}
		err := run(context.Background(), Options{Out: new(bytes.Buffer), Alloc: assemble.Heap}, script)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}
