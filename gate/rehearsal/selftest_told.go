package rehearsal

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"portcullis/fix"
	"portcullis/gate/audit"
	"portcullis/risk"
)

// armed is a control that is in force somewhere: as a limit of a scope, or for an account over its links.
type armed struct {
	control risk.Reason
	of      string
}

// result is what became of it.
type result struct {
	refused bool   // it has refused a breach
	passed  bool   // it has let one pass
	why     string // it was not breached
}

// outcome is how a message ended.
type outcome struct {
	msgType string
	terms   terms
	sent    bool
	unable  string      // why it was not
	reason  risk.Reason // Unjudged: no control spoke
	check   risk.Check  // by which it was refused; of no control where the order reached none
	of      string
	value   string
	limit   string
	answer  string // by which tags
	text    string
	short   string // what refused one of those that came before it; "": nothing
	masked  string // what refused it, or one of those before it, before all other limits were lifted
}

// take reads the last decision.
func (o *outcome) take(t *selfTest, s *seat) {
	d := &t.stage.d
	o.sent, o.reason = true, d.Reason
	if j := &d.Judgement; j.Count > 0 && j.Checks[j.Count-1].Control == d.Reason {
		o.check = j.Checks[j.Count-1]
		o.of, o.value, o.limit = audit.CheckWords(t.stage.numbers, &o.check)
	}
	for i := range d.Out.Count {
		if d.Out.Outs[i].Link == s.number {
			o.answer, o.text = answered(d.Out.Bytes(i))
		}
	}
	if o.answer == "" && d.Out.Count > 0 {
		o.answer = "sent on"
	}
}

// answered are the type of an answer and its codes, and its text.
func answered(message []byte) (answer, text string) {
	for _, field := range bytes.Split(message, []byte{fix.SOH}) {
		tag, value, _ := bytes.Cut(field, []byte("="))
		switch string(tag) {
		case "35", "39", "102", "103", "373", "380", "532":
			answer += " " + string(field)
		case "58":
			text = string(value)
		}
	}
	return strings.TrimSpace(answer), text
}

// right reports whether it ended as it had to.
func (o *outcome) right(b *breach) bool {
	if b.mayPass {
		return o.sent && o.reason != b.control
	}
	return o.reason == b.control && (b.limit == nil || b.limit.refused(&o.check))
}

// words say what refused it.
func (o *outcome) words() string {
	if o.of == "" || o.of == "-" {
		return o.reason.String()
	}
	return o.reason.String() + " of " + o.of
}

// note prints how a breach ended, and keeps whether what it breaches has refused it.
func (t *selfTest) note(s *seat, b *breach, o outcome) {
	key := armed{b.control, "account " + s.account.Name}
	if b.whose != "" {
		key.of = b.whose
	}
	if b.limit != nil {
		key.of = b.limit.String()
	}
	if !o.sent {
		t.result(key, o.unable)
		return
	}
	t.count++
	verdict := "refused"
	switch {
	case b.mayPass && o.right(b):
		t.right++
		verdict = "not refused, as it must be"
	case o.right(b):
		t.right++
		if o.masked != "" {
			verdict = "refused, " + o.masked + " lifted"
		}
	case o.reason == risk.Accepted || o.reason == risk.Unjudged:
		t.passed++
		verdict = "PASSED"
		t.result(key, "it PASSED").passed = true
	default:
		verdict = o.words() + " refuses first"
		t.result(key, verdict)
	}
	if o.right(b) && !b.mayPass {
		t.result(key, "").refused = true
	}
	fmt.Fprintf(t.out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", s.link.Session.Name, s.account.Name, o.message(), b.control, dash(o.of), dash(o.value), dash(o.limit),
		verdict, dash(o.answer), dash(o.text))
}

// message is what was sent, in short.
func (o *outcome) message() string {
	text := o.msgType
	if o.msgType == "D" || o.msgType == "G" {
		text += fmt.Sprintf(" 54=%s 38=%s 55=%s 40=%s 59=%s", o.terms.side, o.terms.qty, o.terms.symbol, o.terms.ordType, o.terms.tif)
		if o.terms.price != "" {
			text += " 44=" + o.terms.price
		}
		text += " " + strings.ReplaceAll(o.terms.more, "|", " ")
	}
	return strings.TrimSpace(text)
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// result is that of a control, with why it was not breached where nobody has said so before.
func (t *selfTest) result(key armed, why string) *result {
	r := t.results[key]
	if r == nil {
		r = &result{}
		t.results[key] = r
		t.order = append(t.order, key)
	}
	if r.why == "" {
		r.why = why
	}
	return r
}

// told is what the results come to.
func (t *selfTest) told() Tested {
	r := Tested{Armed: len(t.order)}
	for _, key := range t.order {
		got := t.results[key]
		if got.refused || got.passed {
			r.Tried++
		}
		if got.passed {
			r.Passed = append(r.Passed, fmt.Sprintf("%s of %s", key.control, key.of))
		}
	}
	return r
}

// sum prints what is armed and was not breached, what is not armed at all, and counts. An account that can trade nothing over
// any link is told of with its limits.
func (t *selfTest) sum(w io.Writer) error {
	without, set := 0, map[risk.Reason]bool{}
	for _, key := range t.order {
		set[key.control] = true
		if r := t.results[key]; !r.refused {
			if without++; without == 1 {
				fmt.Fprintln(w, "armed, and not breached:")
			}
			fmt.Fprintf(w, "  %s of %s: %s\n", key.control, key.of, r.why)
		}
	}
	var not []string
	for _, c := range risk.Controls() {
		if !set[c.Reason] {
			not = append(not, c.Reason.String())
		}
	}
	fmt.Fprintf(w, "not armed, of the %d that gate controls lists: %s\n", len(risk.Controls()), dash(strings.Join(not, ", ")))
	fmt.Fprintf(w, "%d breaches tried: %d ended as they must, %d were refused by another control first, %d passed\n",
		t.count, t.right, t.count-t.right-t.passed, t.passed)
	fmt.Fprintf(w, "%d controls are armed, each counted where it is set: %d were breached, %d were not\n", len(t.order), len(t.order)-without, without)
	if t.passed > 0 {
		return ErrNotRefused
	}
	return nil
}
