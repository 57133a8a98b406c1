package audit

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
)

// Changes prints what was changed since a moment: every command with its giver, reason and outcome, and what another
// configuration has otherwise, line by line. What the gate itself does at a start is among it; single start-of-day
// positions are not, only that an account's are complete.
func (j *Journal) Changes(w io.Writer, sinceNs int64) error {
	c := changes{journal: j, out: bufio.NewWriter(w), since: sinceNs}
	if err := c.begin(); err != nil {
		return err
	}
	if err := j.walk(c.take); err != nil {
		return err
	}
	unread := c.awaited()
	if c.count == 0 && unread == nil {
		fmt.Fprintf(c.out, "nothing was changed since %s\n", utc(sinceNs))
	}
	return errors.Join(c.out.Flush(), unread)
}

type changes struct {
	journal *Journal
	out     *bufio.Writer
	since   int64
	count   int
	core    *core.Core // as it was before a record, for what something was changed from
	hash    []byte     // of the configuration in force
}

// begin builds the core that the newest run would recover.
func (c *changes) begin() error {
	list, err := c.journal.runs(math.MaxUint64)
	if err != nil || len(list) == 0 {
		return err
	}
	hash := list[len(list)-1].last
	if hash == nil {
		if hash, err = c.journal.judgedBy(list, len(list)-1); err != nil {
			return err
		}
	}
	cfg, err := c.journal.Kept(hash)
	if err != nil {
		return err
	}
	c.core, err = c.journal.core(cfg)
	return err
}

func (c *changes) take(r *assemble.Record) error {
	if hash := InForce(&r.Event, &r.Decision); hash != nil && r.Event.Kind != core.CommandGiven {
		c.configured(r, hash)
	}
	if r.Event.Kind == core.CommandGiven {
		c.command(r)
	}
	if by := partyActed(&r.Decision); by != nil && r.Header.UTCNs >= c.since {
		c.head(r, c.journal.partyWords(&r.Event, by))
		c.effects(r)
	}
	c.core.Apply(&r.Event, &r.Decision)
	return nil
}

// head begins a change.
func (c *changes) head(r *assemble.Record, what string) {
	c.count++
	fmt.Fprintf(c.out, "%s  #%d  %s\n", utc(r.Header.UTCNs), r.Header.Seq, what)
}

// configured says what a start has otherwise than the process before it.
func (c *changes) configured(r *assemble.Record, hash []byte) {
	was := c.hash
	c.hash = hash
	if r.Header.UTCNs < c.since || bytes.Equal(was, hash) {
		return
	}
	if was == nil {
		c.head(r, fmt.Sprintf("first configuration %x", hash))
		return
	}
	c.head(r, fmt.Sprintf("configuration %x -> %x, by a start of the gate (epoch %d)", was, hash, r.Header.Epoch))
	indented(c.out, c.journal.otherwise(was, hash))
}

func (c *changes) command(r *assemble.Record) {
	m, ok := core.ParseCommand(r.Event.Data)
	d := &r.Decision
	was := c.hash
	if hash := InForce(&r.Event, d); hash != nil {
		c.hash = hash
	}
	if r.Header.UTCNs < c.since || ok && m.Kind == core.CmdSOD {
		return
	}
	c.head(r, c.journal.commandWords(r.Event.Data))
	lines := c.journal.session(&r.Event, d)
	if d.SessionStep {
		before := c.core.LinkState(r.Event.Link)
		lines = append(lines, fmt.Sprintf("next in %d -> %d, next out %d -> %d", before.NextIn, d.Link.NextIn, before.NextOut, d.Link.NextOut))
	}
	indented(c.out, lines)
	c.effects(r)
	if d.Reloaded() != 0 {
		indented(c.out, c.journal.otherwise(was, c.hash))
	}
}

// effects says what followed from a change.
func (c *changes) effects(r *assemble.Record) {
	var lines []string
	for i := range r.Decision.EffectLen {
		lines = append(lines, c.journal.EffectWords(&r.Event, &r.Decision.Effects[i]))
	}
	indented(c.out, lines)
}

// otherwise says by file and line what of one kept configuration was offered and of another was not, and what waits for a
// second person, or does no more.
func (j *Journal) otherwise(was, now []byte) (lines []string) {
	before, err := j.keptText(was)
	if err != nil {
		return []string{err.Error()}
	}
	after, err := j.keptText(now)
	if err != nil {
		return []string{err.Error()}
	}
	names := maps.Clone(before.files)
	maps.Copy(names, after.files)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		gone, come := apart(before.files[name], after.files[name])
		for _, line := range gone {
			lines = append(lines, name+"  - "+strings.TrimSpace(line))
		}
		for _, line := range come {
			lines = append(lines, name+"  + "+strings.TrimSpace(line))
		}
	}
	ended, begun := apart(before.held, after.held)
	for _, h := range ended {
		lines = append(lines, "waits no more: "+h)
	}
	for _, h := range begun {
		lines = append(lines, "waits for another person: "+h)
	}
	return lines
}

// keptText is a kept configuration as people wrote it.
type keptText struct {
	files map[string][]string // lines of what was offered, by file
	held  []string            // what of it waited for a second person
}

func (j *Journal) keptText(hash []byte) (text keptText, err error) {
	files, _, err := config.KeptFiles(config.KeptDir(j.dir, hash))
	if err != nil {
		return text, fmt.Errorf("configuration %x is not beside the journal: %w", hash, err)
	}
	text.files = map[string][]string{}
	held := false
	for name, data := range files {
		switch {
		case !filepath.IsLocal(name) || filepath.Clean(name) != name:
		case config.IsHeld(name):
			held = true
		default:
			text.files[name] = strings.Split(string(data), "\n")
		}
	}
	if !held {
		return text, nil
	}
	cfg, err := j.Kept(hash)
	if err != nil {
		return text, fmt.Errorf("what configuration %x holds back: %w", hash, err)
	}
	for _, h := range cfg.Held() {
		text.held = append(text.held, h.String())
	}
	return text, nil
}

// ParseSince reads a moment that is past: a date, a time, or how long ago it is.
func ParseSince(text string, now time.Time) (ns int64, err error) {
	at, err := momentOf(text, now)
	if err == nil && at.After(now) {
		err = fmt.Errorf("%q is still to come: nothing can have changed since", text)
	}
	return at.UnixNano(), err
}

func momentOf(text string, now time.Time) (time.Time, error) {
	if ago, err := time.ParseDuration(text); err == nil {
		return now.Add(-ago), nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no moment: write 2026-11-26, 2026-11-26T13:30:00Z or how long ago it is, such as 90m", text)
}
