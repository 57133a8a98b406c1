package audit

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"portcullis/clocksync"
	"portcullis/fix/link"
	"portcullis/gate/assemble"
	"portcullis/gate/core"
	"portcullis/gate/journal"
	"portcullis/risk"
)

// entry is one record in words; its JSON is one line of `gate audit tail --json`.
type entry struct {
	Seq        uint64    `json:"seq"`
	Position   uint64    `json:"position"`
	UTC        string    `json:"utc"`
	UTCNs      int64     `json:"utc_ns"`
	MonoNs     int64     `json:"mono_ns"`
	ClockState string    `json:"clock_state"`
	BoundNs    *uint32   `json:"bound_ns"` // null: nobody knows
	Link       string    `json:"link,omitempty"`
	Kind       uint8     `json:"kind"`
	Event      string    `json:"event"`
	Message    string    `json:"message,omitempty"` // '|' for SOH
	Verdict    string    `json:"verdict,omitempty"` // the reason's code
	Reason     uint16    `json:"reason,omitempty"`
	RefTag     uint32    `json:"ref_tag,omitempty"`
	Why        string    `json:"why,omitempty"` // the failed check, with value and limit
	Price      string    `json:"price,omitempty"`
	Effects    []string  `json:"effects,omitempty"`
	Sent       []message `json:"sent,omitempty"`
}

// message is one message that left, or is held for a peer that is not logged on.
type message struct {
	Link    string `json:"link"`
	Seq     uint64 `json:"seq"`
	Held    bool   `json:"held,omitempty"`
	Message string `json:"message"`
}

// describe puts a record into words.
func (j *Journal) describe(r *assemble.Record) *entry {
	h := &r.Header
	e := &entry{Seq: h.Seq, Position: uint64(r.Position), UTC: utc(h.UTCNs), UTCNs: h.UTCNs, MonoNs: h.MonoNs,
		ClockState: clocksync.State(h.ClockState).String(), Kind: uint8(r.Event.Kind), Event: j.EventWords(&r.Event)}
	if bound := h.BoundNs; clockBound(h) != "" {
		e.BoundNs = &bound
	}
	if h.Link != core.NoIndex {
		e.Link = j.link(h.Link)
	}
	if k := r.Event.Kind; k == core.Message || k == core.Stored {
		e.Message = readable(r.Event.Data)
	}
	j.decided(e, &r.Event, &r.Decision)
	return e
}

// decided adds what was decided.
func (j *Journal) decided(e *entry, ev *core.Event, d *core.Decision) {
	if d.Reason != risk.Unjudged {
		e.Verdict, e.Reason, e.RefTag = d.Reason.String(), uint16(d.Reason), d.RefTag
		e.Why, e.Price = j.failed(d), priceWords(d)
	}
	e.Effects = j.session(ev, d)
	for i := range d.EffectLen {
		e.Effects = append(e.Effects, j.EffectWords(ev, &d.Effects[i]))
	}
	for i := range d.Out.Count {
		out := &d.Out.Outs[i]
		e.Sent = append(e.Sent, message{Link: j.link(out.Link), Seq: out.Seq, Held: out.Hold,
			Message: readable(masked(d, i))})
	}
}

// masked is a message as the journal has it: a secret in it was overwritten before it was appended,
// and is overwritten here for decisions that were made again.
func masked(d *core.Decision, i int) []byte {
	bytes := d.Out.Bytes(i)
	out := &d.Out.Outs[i]
	if out.SecretSize == 0 {
		return bytes
	}
	bytes = append([]byte(nil), bytes...)
	from := min(int(out.SecretOff), len(bytes))
	for n := range bytes[from:min(from+int(out.SecretSize), len(bytes))] {
		bytes[from+n] = '*'
	}
	return bytes
}

// session says what followed for the link and the shell.
func (j *Journal) session(ev *core.Event, d *core.Decision) (facts []string) {
	if d.SessionStep {
		s := &d.Link
		facts = append(facts, fmt.Sprintf("link is %s, next in %d, next out %d", s.Phase, s.NextIn, s.NextOut))
	}
	if d.LinkFault != uint8(link.NoFault) {
		facts = append(facts, "session fault: "+faultWord(d.LinkFault))
	}
	if d.Close {
		facts = append(facts, "the connection is cut")
	}
	if d.Resend.From != 0 {
		facts = append(facts, fmt.Sprintf("34=%d to %d are read back to be sent again", d.Resend.From, d.Resend.To))
	}
	if d.Withdraw {
		facts = append(facts, "unsent orders in killed scopes are withdrawn")
	}
	if r := &d.Reply; r.ID != 0 {
		answer := word(replyWords, r.Code, "code")
		if m, ok := core.ParseCommand(ev.Data); ok && ev.Kind == core.CommandGiven && (m.Kind == core.CmdCertificates || m.Kind == core.CmdDiskLow ||
			m.Kind == core.CmdRateStale || m.Kind == core.CmdSelfTestOverdue) {
			answer = "noted" // what came of it is in its words
		}
		s := fmt.Sprintf("answer to command %d: %s", r.ID, answer)
		if r.KillID != 0 {
			s += fmt.Sprintf("; kill %d: %d in scope, %d withdrawn, %d cancels sent, %d owed, %d wait for an earlier cancel, %d left alone",
				r.KillID, r.InScope, r.Withdrawn, r.Cancels, r.Owed, r.Waiting, r.Excluded)
			if r.Link > 0 {
				s += fmt.Sprintf(", %d links held down", r.Link)
			}
		}
		facts = append(facts, s)
	}
	return facts
}

// failed names the check that refused, with value and limit; "" where no such check was made.
func (j *Journal) failed(d *core.Decision) string {
	row := d.Reason.Row()
	if d.Reason == risk.Accepted {
		return ""
	}
	if n := d.Judgement.Count; n > 0 && n <= risk.ChecksMax && d.Judgement.Checks[n-1].Control == d.Reason {
		c := &d.Judgement.Checks[n-1]
		s := row.Text + ": " + j.ofCheck(c)
		if row.Value != risk.UnitNone {
			s += ", value " + inUnit(row.Value, c.Control, c.Value)
		}
		if row.Limit != risk.UnitNone {
			s += ", limit " + inUnit(row.Limit, c.Control, c.Limit)
		}
		return s
	}
	if d.RefTag != 0 {
		return fmt.Sprintf("%s (tag %d)", row.Text, d.RefTag)
	}
	return row.Text
}

// priceWords say which reference and worst price a decision used; "" where it used none.
func priceWords(d *core.Decision) string {
	j := &d.Judgement
	if j.Count == 0 {
		return ""
	}
	var parts []string
	if j.RefSource != risk.RefNone {
		parts = append(parts, fmt.Sprintf("reference %s, %s, age %s", decimal8(j.Ref),
			word(sourceWords, j.RefSource, "source"), span(j.RefAgeNs)))
	}
	if j.Worst != 0 {
		parts = append(parts, "worst "+decimal8(j.Worst))
	}
	if j.Reserved != 0 {
		parts = append(parts, fmt.Sprintf("reservation %s for %s", amount(j.Reserved), decimal8(j.Open)))
	}
	if j.Closing {
		parts = append(parts, "closing")
	}
	return strings.Join(parts, "; ")
}

// clockBound says how far the time may be from UTC; "" where nobody knows.
func clockBound(h *journal.Header) string {
	if clocksync.State(h.ClockState) < clocksync.Holdover || h.BoundNs == clocksync.BoundUnknown {
		return ""
	}
	return "±" + span(int64(h.BoundNs))
}

// head is the first line of a record.
func (e *entry) head() string {
	bound := "±?"
	if e.BoundNs != nil {
		bound = "±" + span(int64(*e.BoundNs))
	}
	at := e.Link
	if at == "" {
		at = "gate"
	}
	return fmt.Sprintf("%s  #%d  %s %s  %s  %s", e.UTC, e.Seq, e.ClockState, bound, at, e.Event)
}

// facts are the lines below the first.
func (e *entry) facts() []string { return append(e.asked(), e.followed()...) }

// asked are the lines of what came and how it was judged.
func (e *entry) asked() (lines []string) {
	if e.Message != "" {
		lines = append(lines, "in       "+e.Message)
	}
	if e.Verdict != "" {
		line := fmt.Sprintf("verdict  %s (%d)", e.Verdict, e.Reason)
		if e.Why != "" {
			line += ": " + e.Why
		}
		lines = append(lines, line)
	}
	if e.Price != "" {
		lines = append(lines, "price    "+e.Price)
	}
	return lines
}

// followed are the lines of what followed, and of the messages that went out.
func (e *entry) followed() (lines []string) {
	for _, effect := range e.Effects {
		lines = append(lines, "then     "+effect)
	}
	for _, out := range e.Sent {
		how := "out      "
		if out.Held {
			how = "held     "
		}
		lines = append(lines, how+out.Link+"  "+out.Message)
	}
	return lines
}

// write prints the record as lines.
func (e *entry) write(w io.Writer) {
	fmt.Fprintln(w, e.head())
	indented(w, e.facts())
}

// writeJSON prints the record as one line.
func (e *entry) writeJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	return out.Encode(e)
}

// touches reports whether a record came over a link or sent something on it.
func touches(r *assemble.Record, l uint32) bool {
	if r.Header.Link == l {
		return true
	}
	for i := range r.Decision.Out.Count {
		if r.Decision.Out.Outs[i].Link == l {
			return true
		}
	}
	return false
}

func indented(w io.Writer, lines []string) {
	for _, line := range lines {
		fmt.Fprintln(w, "    "+line)
	}
}
