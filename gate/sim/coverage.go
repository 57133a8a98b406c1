package sim

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/risk"
)

// Coverage counts what the runs met.
type Coverage struct {
	Faults  map[string]map[string]int // fault, state of the gate it met
	Reasons map[risk.Reason]int
	Effects map[core.EffectKind]int
	Events  map[core.EventKind]int
	Alerts  map[core.Alert]int
	Replies map[core.ReplyCode]int
	Records int
}

// NewCoverage is a count of nothing yet.
func NewCoverage() *Coverage {
	return &Coverage{Faults: map[string]map[string]int{}, Reasons: map[risk.Reason]int{}, Effects: map[core.EffectKind]int{},
		Events: map[core.EventKind]int{}, Alerts: map[core.Alert]int{}, Replies: map[core.ReplyCode]int{}}
}

func (c *Coverage) reply(code core.ReplyCode) { c.Replies[code]++ }

// decision counts what a record establishes.
func (c *Coverage) decision(ev *core.Event, d *core.Decision) {
	c.Records++
	c.Events[ev.Kind]++
	c.Reasons[d.Reason]++
	for i := range d.EffectLen {
		e := &d.Effects[i]
		c.Effects[e.Kind]++
		if e.Kind == core.Alerted {
			c.Alerts[e.Alert]++
		}
	}
}

// add takes over the counts of another run.
func (c *Coverage) add(o *Coverage) {
	for fault, met := range o.Faults {
		if c.Faults[fault] == nil {
			c.Faults[fault] = map[string]int{}
		}
		sum(c.Faults[fault], met)
	}
	sum(c.Reasons, o.Reasons)
	sum(c.Effects, o.Effects)
	sum(c.Events, o.Events)
	sum(c.Alerts, o.Alerts)
	sum(c.Replies, o.Replies)
	c.Records += o.Records
}

func sum[K comparable](into, from map[K]int) {
	for k, n := range from {
		into[k] += n
	}
}

// states are what a fault may meet.
var states = []string{"idle", "orders", "pending", "unsent", "halves", "killed", "owed", "doubt", "line down", "settling", "cut off", "blocked", "recovering", "down"}

// fault counts a fault with the states that it met.
func (c *Coverage) fault(w *World, name string) {
	met := c.Faults[name]
	if met == nil {
		met = map[string]int{}
		c.Faults[name] = met
	}
	for _, s := range w.states() {
		met[s]++
	}
}

func (w *World) states() (met []string) {
	if w.host.live == nil {
		return []string{"down"}
	}
	c := w.host.live.Core
	flags, pending := core.Flags(0), false
	live := 0
	c.EachLive(func(_ uint32, o *core.Order) bool {
		live++
		flags |= o.Flags
		pending = pending || c.RequestAt(o.Last).State == core.Pending
		return true
	})
	add := func(yes bool, name string) {
		if yes {
			met = append(met, name)
		}
	}
	add(live == 0, "idle")
	add(live > 0, "orders")
	add(pending, "pending")
	add(len(c.Book().Kills()) > 0, "killed")
	add(flags&core.FlagCancelOwed != 0, "owed")
	add(flags&(core.FlagUnknown|core.FlagSuspect) != 0, "doubt")
	for l, p := range w.peers {
		add(p.c != nil && p.c.full, "unsent")
		add(p.c != nil && len(w.check.halves[p.c]) > 0, "halves")
		add(p.venue && c.Phase(uint32(l)) == link.Down, "line down")
		add(c.Phase(uint32(l)) == link.Settling, "settling")
		add(c.Cut(uint32(l)).From != 0, "cut off")
		add(c.LinkBlocked(uint32(l)), "blocked")
	}
	for v := range uint32(2) {
		add(c.Venue(v).Settling > 0 || c.Venue(v).RecordsLost, "recovering")
	}
	slices.Sort(met)
	return slices.Compact(met)
}

// Write prints which faults met which states, and what was seen.
func (c *Coverage) Write(out io.Writer) {
	var b strings.Builder
	fmt.Fprintf(&b, "%-26s", "fault met the gate with")
	for _, s := range states {
		fmt.Fprintf(&b, " %10s", s)
	}
	b.WriteByte('\n')
	for _, name := range sorted(c.Faults) {
		fmt.Fprintf(&b, "%-26s", name)
		for _, s := range states {
			fmt.Fprintf(&b, " %10d", c.Faults[name][s])
		}
		b.WriteByte('\n')
	}
	list(&b, "verdicts", c.Reasons, risk.Reason.String)
	list(&b, "alerts", c.Alerts, core.Alert.String)
	list(&b, "events", c.Events, func(k core.EventKind) string { return fmt.Sprint(k) })
	list(&b, "effects", c.Effects, func(k core.EffectKind) string { return fmt.Sprint(k) })
	list(&b, "replies", c.Replies, func(k core.ReplyCode) string { return fmt.Sprint(k) })
	fmt.Fprintf(&b, "%d records\n", c.Records)
	_, _ = io.WriteString(out, b.String())
}

func sorted[V any](m map[string]V) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func list[K ~uint8 | ~uint16](b *strings.Builder, title string, m map[K]int, name func(K) string) {
	var keys []K
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	fmt.Fprintf(b, "%s:", title)
	for _, k := range keys {
		fmt.Fprintf(b, " %s %d,", name(k), m[k])
	}
	b.WriteByte('\n')
}
