package demo

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/demo/peer"
	"portcullis/gate/engine"
	"portcullis/risk"
)

// venueName is the venue that does things on its own in the script.
const venueName = "XSIM"

// player takes the script through a rig, one line after the other.
type player struct {
	rig    *Rig
	print  printer
	names  map[string]string // of participants in the script, with their SenderCompID
	admin  admin.Client
	ids    map[string]string // ClOrdIDs of participants, with what the venue knows them by
	killID uint64            // of the last kill
	owed   int               // acknowledgements that a venue which reads nothing owes
	every  map[string]int    // open orders by participant when the last kill was given
	counts map[risk.Reason]int
	script engine.Histogram // decision times up to the run of many orders
	many   engine.Histogram // and of that run
}

func newPlayer(r *Rig, p printer, names map[string]string) *player {
	return &player{rig: r, print: p, names: names, ids: map[string]string{}, counts: map[risk.Reason]int{},
		admin: admin.Client{Path: filepath.Join(r.Dir, "gate.sock")}}
}

// play does one step and waits until all that follows from it has happened. An error says what
// differs from the script.
func (p *player) play(ctx context.Context, s *Step) (err error) {
	switch {
	case s.Title != "":
		p.print.title(s.Title)
	case s.Who == "operator":
		err = p.command(ctx, s)
	case s.Who == "venue":
		err = p.venue(s)
	case strings.HasPrefix(s.What, "flood "):
		err = p.flood(s)
	case strings.HasPrefix(s.What, "run "):
		err = p.run(s)
	default:
		err = p.message(s)
	}
	if err != nil {
		return fmt.Errorf("script.txt:%d: %s %s: %w", s.Line, s.Who, s.What, err)
	}
	return nil
}

// message sends a message of a participant.
func (p *player) message(s *Step) error {
	m, err := fixMessage(s.What)
	if err != nil {
		return err
	}
	if s.Venue != "" {
		m = append(m, peer.Field{Tag: 58, Value: s.Venue})
	}
	v, err := p.judged(s.Who, m)
	if err != nil {
		return err
	}
	if v.Reason.String() != s.Verdict {
		return fmt.Errorf("verdict %s (%s), expected %s", v.Reason, v.Text, s.Verdict)
	}
	told, err := p.answers(s.Who, s.Answers)
	if err != nil {
		return err
	}
	if v.Text != "" && (len(told) != 1 || told[0].Get(58) != v.Text) {
		return fmt.Errorf("the journal has Text %q, %s was told %v", v.Text, s.Who, told)
	}
	return p.verdict(s, v, strings.Join(s.Answers, ", "))
}

// judged sends a message and reads the verdict on it from the journal.
func (p *player) judged(who string, m peer.Message) (v Verdict, err error) {
	from, known := p.rig.Participants[p.names[who]]
	if !known {
		return v, fmt.Errorf("there is no participant %q", who)
	}
	if err := from.Send(m.String()); err != nil {
		return v, err
	}
	if v, err = p.rig.Watcher.Next(); err != nil {
		return v, err
	}
	link, err := p.rig.Watcher.link(linkOf(p.names[who]))
	if err != nil || v.Link != link || v.ClOrdID != m.Get(11) {
		return v, errors.Join(err, fmt.Errorf("the verdict is of %q on link %d", v.ClOrdID, v.Link))
	}
	p.counts[v.Reason]++
	if v.VenueID != "" {
		p.ids[v.ClOrdID] = v.VenueID
	}
	return v, nil
}

// verdict prints one, with the time that its decision took.
func (p *player) verdict(s *Step, v Verdict, answers string) error {
	for until := time.Now().Add(peer.Patience); ; time.Sleep(100 * time.Microsecond) {
		if ns, ok := p.rig.Gate.DecisionNs(v.Seq); ok { // known a moment after the record is
			p.print.verdict(s, v, ns, answers)
			return nil
		}
		if time.Now().After(until) {
			return fmt.Errorf("record %d has no decision time", v.Seq)
		}
	}
}

// answers takes what participants are told, which must be what the script says.
func (p *player) answers(who string, expected []string) (told []peer.Message, err error) {
	for _, answer := range expected {
		to, count := who, 1
		if first, rest, _ := strings.Cut(answer, " "); p.names[first] != "" {
			to, answer = first, rest
		}
		switch answer {
		case "owed": // by a venue that has read on
			answer, count, p.owed = "new", p.owed, 0
		case "every":
			answer, count = "cancelled", p.every[to]
		}
		for range count {
			m, err := p.rig.Participants[p.names[to]].Next()
			if err != nil {
				return told, fmt.Errorf("%s waits for %q: %w", to, answer, err)
			}
			code, _, _ := strings.Cut(m.Get(58), ":")
			if name := answerName(m); name != answer && name+" "+code != answer {
				return told, fmt.Errorf("%s is told %q, expected %q: %s", to, name, answer, m)
			}
			told = append(told, m)
		}
	}
	return told, nil
}

// floodMax bounds a flood, floodBytes is the length of each order's Text(58): some of them fill
// what the kernel takes for a peer that reads nothing.
const (
	floodMax   = 200
	floodBytes = 16_000
)

// flood sends orders until one is refused; the venue reads nothing meanwhile.
func (p *player) flood(s *Step) error {
	prefix, long := strings.TrimPrefix(s.What, "flood "), strings.Repeat("x", floodBytes)
	for i := 1; i <= floodMax; i++ {
		m, err := fixMessage(fmt.Sprintf("new %s-%d buy %d AAPL limit 187.20 58=%s", prefix, i, i, long))
		if err != nil {
			return err
		}
		v, err := p.judged(s.Who, m)
		if err != nil {
			return err
		}
		if v.Reason == risk.Accepted {
			p.owed++
			continue
		}
		if v.Reason.String() != s.Verdict {
			return fmt.Errorf("verdict %s (%s), expected %s", v.Reason, v.Text, s.Verdict)
		}
		if _, err = p.answers(s.Who, s.Answers); err != nil {
			return err
		}
		s.What = fmt.Sprintf("new order of %d kB, after %d that passed", floodBytes/1000, p.owed)
		return p.verdict(s, v, strings.Join(s.Answers, ", "))
	}
	return fmt.Errorf("%d orders of %d bytes were taken for a venue that reads nothing", floodMax, floodBytes)
}

// runOrders is how many orders a run has; two at each price, as many equal ones as may be.
const runOrders = 2000

// run sends many orders, each as soon as the one before is over; all must pass.
func (p *player) run(s *Step) error {
	prefix := strings.TrimPrefix(s.What, "run ")
	p.script = p.rig.Gate.Snapshot().Decision
	for i := range runOrders {
		px := fmt.Sprintf("%d.%02d", 179+i/200, i/2%100)
		m, err := fixMessage(fmt.Sprintf("new %s-%d buy 1 AAPL limit %s for BETA-BIG tif ioc", prefix, i, px))
		if err != nil {
			return err
		}
		m = append(m, peer.Field{Tag: 58, Value: s.Venue})
		if err := p.rig.Participants[p.names[s.Who]].Send(m.String()); err != nil {
			return err
		}
		if _, err = p.answers(s.Who, s.Answers); err != nil {
			return err
		}
		v, err := p.rig.Watcher.Next()
		if err != nil {
			return err
		}
		if p.counts[v.Reason]++; v.Reason.String() != s.Verdict {
			return fmt.Errorf("%s: verdict %s (%s), expected %s", v.ClOrdID, v.Reason, v.Text, s.Verdict)
		}
	}
	all := p.rig.Gate.Snapshot().Decision
	p.many = all.Minus(&p.script)
	s.What = fmt.Sprintf("%d orders, one after the other", runOrders)
	p.print.event(s, "each passed and was "+strings.Join(s.Answers, ", "))
	return nil
}

// venue does something on its own: "ID instruction" about an earlier request, or "resume".
func (p *player) venue(s *Step) error {
	id, instruction, _ := strings.Cut(s.What, " ")
	if id == "resume" {
		p.rig.Venues[venueName].Resume()
	} else if err := p.rig.Venues[venueName].Do(p.ids[id], instruction); err != nil {
		return err
	}
	if _, err := p.answers(s.Who, s.Answers); err != nil {
		return err
	}
	p.print.event(s, strings.Join(s.Answers, ", "))
	return p.rig.Watcher.AwaitWritable(linkOf(venueName))
}

// command gives a command through the admin socket, as the verbs of the command line do.
func (p *player) command(ctx context.Context, s *Step) error {
	w := words(strings.Fields(s.What))
	r := admin.Request{Verb: admin.Verb(w.next()), Reason: "demo"}
	switch r.Verb {
	case admin.Kill:
		if r.Scope = admin.Scope(w.next()); r.Scope != admin.AllScope {
			r.Name = w.next()
		}
		r.KeepGTC = w.next() == "keep-gtc"
		if err := p.countOpen(r.KeepGTC); err != nil {
			return err
		}
	case admin.Revive:
		r.ID = p.killID
	default:
		r.Name = w.next()
	}
	a, err := p.admin.Do(ctx, r)
	if err != nil && a.Error == "" {
		return err
	}
	reached := "done"
	switch {
	case err != nil:
		reached = "refused"
	case r.Verb == admin.Kill:
		p.killID = a.KillID
		reached = fmt.Sprintf("%d in scope, %d cancels", a.InScope, a.Cancels)
		if s.Verdict == "every" && int(a.Cancels) == p.everyOf(s.Answers) {
			s.Verdict = reached
		}
	}
	if reached != s.Verdict {
		return fmt.Errorf("it reached %s, expected %s (error: %v)", reached, s.Verdict, err)
	}
	if _, err := p.answers(s.Who, s.Answers); err != nil {
		return err
	}
	p.print.event(s, reached)
	return nil
}

// everyOf is how many orders were open when the last kill was given, of those whose every order it answers.
func (p *player) everyOf(answers []string) (n int) {
	for _, answer := range answers {
		if name, ok := strings.CutSuffix(answer, " every"); ok {
			n += p.every[name]
		}
	}
	return n
}

// countOpen notes how many open orders each participant has.
func (p *player) countOpen(keepGTC bool) error {
	if err := p.rig.Watcher.Read(); err != nil {
		return err
	}
	p.every = map[string]int{}
	for name, compID := range p.names {
		link, err := p.rig.Watcher.link(linkOf(compID))
		if err != nil {
			return err
		}
		p.every[name] = p.rig.Watcher.Live(link, keepGTC)
	}
	return nil
}
