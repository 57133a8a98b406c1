package rehearsal

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"portcullis/fix"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// Result is what a rehearsal came to.
type Result struct {
	Orders   int // new orders, replaces and cancels of the log
	Accepted int
	Refused  map[risk.Reason]int
	Skipped  int // messages of nobody who has a link
}

// Play judges the requests of a log by a configuration, prints the first shown of those that would be refused, and
// how many by which control.
func Play(w io.Writer, cfg *config.Config, log io.ReadSeeker, shown int) (Result, error) {
	s, err := newStage(cfg)
	if err != nil {
		return Result{}, err
	}
	s.newDay = firstDay(s, cfg)
	p := player{stage: s, out: w, shown: shown, ids: map[string]request{}, result: Result{Refused: map[risk.Reason]int{}}}
	reports := 0
	if err := readLog(log, func(m *logged) {
		if string(m.msg.Type()) == "8" {
			reports++
		}
	}); err != nil {
		return p.result, err
	}
	p.answered = reports > 0
	if _, err := log.Seek(0, io.SeekStart); err != nil {
		return p.result, err
	}
	if err := readLog(log, p.take); err != nil {
		return p.result, err
	}
	p.write()
	return p.result, p.err
}

// firstDay stands for the file that accounts with sod: file wait for each day: on the first of the log it is the one that the
// configuration names, on the next ones it would say what they hold by then.
func firstDay(s *stage, cfg *config.Config) func() {
	first := true
	return func() {
		if first {
			s.takePositions(cfg)
		}
		first = false
		s.openDay(cfg)
	}
}

type player struct {
	stage    *stage
	out      io.Writer
	shown    int
	answered bool // the log has reports
	ids      map[string]request
	result   Result
	err      error
}

// request is a message of the client that went on to a venue.
type request struct {
	venue uint32 // its line
	id    string // by which the venue knows it
}

func (p *player) take(m *logged) {
	if p.err != nil {
		return
	}
	if ns, ok := fix.ParseTimestamp(m.msg.Value(fix.TagSendingTime)); ok {
		p.stage.at(ns)
	}
	switch string(m.msg.Type()) {
	case "D", "F", "G":
		p.request(m)
	case "8":
		p.report(m)
	}
}

// header are the tags that the gate's own session has in place of the log's.
var header = []int{fix.TagBeginString, fix.TagBodyLength, fix.TagMsgType, fix.TagMsgSeqNum, fix.TagSenderCompID, fix.TagTargetCompID,
	fix.TagSendingTime, fix.TagCheckSum, fix.TagPossDupFlag, fix.TagOrigSendingTime}

// body is a message without its header, with some tags replaced.
func body(m *fix.Message, with map[int]string) string {
	var b strings.Builder
	for i := range m.Len() {
		tag := int(m.Field(i).Tag)
		if slices.Contains(header, tag) {
			continue
		}
		value, replaced := with[tag]
		if !replaced {
			value = string(m.FieldValue(i))
		}
		fmt.Fprintf(&b, "%d=%s\x01", tag, value)
	}
	return b.String()
}

func (p *player) request(m *logged) {
	l := p.stage.linkOf(m.msg.Value(fix.TagSenderCompID))
	if l == core.NoIndex {
		p.result.Skipped++
		return
	}
	if p.err = p.stage.logOn(l); p.err != nil {
		return
	}
	p.result.Orders++
	p.stage.message(l, string(m.msg.Type()), body(&m.msg, nil))
	d := &p.stage.d
	if d.Reason != risk.Accepted {
		p.refused(m, d)
		return
	}
	p.result.Accepted++
	id := string(m.msg.Value(fix.TagClOrdID))
	for i := range d.Out.Count {
		if line := d.Out.Outs[i].Link; p.stage.core.Setup().Links[line].Venue != core.NoIndex {
			p.ids[id] = request{line, p.stage.sent(line, "11")}
		}
	}
	if !p.answered {
		p.confirm(m, p.ids[id])
	}
}

func (p *player) refused(m *logged, d *core.Decision) {
	if p.result.Refused[d.Reason]++; p.result.Orders-p.result.Accepted > p.shown {
		return
	}
	text := "answered by the session alone"
	if i := bytes.Index(d.Out.Bytes(0), []byte("\x0158=")); d.Out.Count > 0 && i >= 0 {
		v, _, _ := bytes.Cut(d.Out.Bytes(0)[i+len("\x0158="):], []byte{fix.SOH})
		text = string(v)
	}
	fmt.Fprintf(p.out, "line %d  35=%s 11=%s  %s\n", m.line, m.msg.Type(), m.msg.Value(fix.TagClOrdID), text)
}

// confirm has the venue confirm a request at once.
func (p *player) confirm(m *logged, r request) {
	states := map[string]string{"D": "150=0\x0139=0", "G": "150=5\x0139=0", "F": "150=4\x0139=4"}
	leaves := string(m.msg.Value(fix.TagOrderQty))
	if string(m.msg.Type()) == "F" {
		leaves = "0"
	}
	p.stage.message(r.venue, "8", fmt.Sprintf("11=%s\x0137=V%s\x0117=E%s\x01%s\x0155=%s\x0154=%s\x0138=%s\x0114=0\x01151=%s\x016=0\x01", r.id, r.id, r.id,
		states[string(m.msg.Type())], m.msg.Value(fix.TagSymbol), m.msg.Value(fix.TagSide), m.msg.Value(fix.TagOrderQty), leaves))
}

// report has the venue say what the log's report says.
func (p *player) report(m *logged) {
	r, ok := p.ids[string(m.msg.Value(fix.TagClOrdID))]
	if !ok {
		return // of a request that is refused here, or not in the log
	}
	with := map[int]string{fix.TagClOrdID: r.id}
	if o, known := p.ids[string(m.msg.Value(fix.TagOrigClOrdID))]; known {
		with[fix.TagOrigClOrdID] = o.id
	}
	p.stage.message(r.venue, "8", body(&m.msg, with))
}

func (p *player) write() {
	r := &p.result
	if more := r.Orders - r.Accepted - p.shown; more > 0 {
		fmt.Fprintf(p.out, "... and %d more\n", more)
	}
	fmt.Fprintf(p.out, "%d requests: %d would pass, %d would be refused\n", r.Orders, r.Accepted, r.Orders-r.Accepted)
	for _, reason := range slices.Sorted(maps.Keys(r.Refused)) {
		fmt.Fprintf(p.out, "%8d  %s: %s\n", r.Refused[reason], reason, reason.Row().Text)
	}
	if r.Skipped > 0 {
		fmt.Fprintf(p.out, "%8d  of nobody who has a link: their SenderCompID(49) is no TargetCompID of participants\n", r.Skipped)
	}
	fmt.Fprintln(p.out, "prices: the previous closes of the configuration")
	if !p.answered {
		fmt.Fprintln(p.out, "the log has no reports: each request was confirmed at once, and nothing was filled")
	}
}
