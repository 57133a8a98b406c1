package audit

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"portcullis/clocksync"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/recovery"
	"portcullis/gate/snapshot"
	"portcullis/risk"
)

// Status prints one screen. alive is what Alive says, watched what Watched does, files what Files does; now is the present, for ages.
func (s *State) Status(w io.Writer, alive Presence, watched, files string, now time.Time) {
	s.general(w, alive, watched, files, now)
	s.credits(w)
	s.breaks(w)
	s.links(w, now)
	s.operated(w, "held down", s.held)
	s.operated(w, "draining", s.drained)
	s.venues(w)
	s.trading(w)
	s.restrictions(w)
	s.splits(w)
	s.killList(w)
	s.alertList(w)
}

// besides says where a trade date is not the calendar's: ahead it waits, behind it waits for a roll, as over a weekend.
func besides(date, today uint32, clocks string) string {
	switch {
	case date > today:
		return fmt.Sprintf(", AHEAD of the calendar, %d (%s): nothing rolls until then", today, clocks)
	case date < today:
		return fmt.Sprintf(", the calendar is at %d (%s): the roll is still to come", today, clocks)
	}
	return ""
}

func (s *State) general(w io.Writer, alive Presence, watched, files string, now time.Time) {
	h := &s.last
	line := func(name, format string, args ...any) {
		fmt.Fprintf(w, "%-14s %s\n", name, fmt.Sprintf(format, args...))
	}
	line("gate", "%s: %s", s.config.Gate.Name, alive.Words)
	line("watchdog", "%s", watched)
	line("takes orders", "%s", s.takesOrders(alive))
	date := s.core.TradeDate()
	today, clocks := s.config.CalendarAt(now)
	line("trade date", "%d%s", date, besides(date, today, clocks))
	line("started", "%s, epoch %d", utc(s.startedNs), s.core.Epoch())
	line("configuration", "%x", s.hash[:min(8, len(s.hash))])
	line("self-test", "%s", s.selfTest(now))
	switch held := s.config.Held(); {
	case len(held) > 0 && s.core.Offer() == "":
		line("approved", "%s, %d settings that come into force at the next start", offeredHash(s.config), len(held))
	case len(held) > 0:
		line("PENDING", "APPROVAL of %s, %d settings held back, offered by %s: gate changes --pending", offeredHash(s.config), len(held), s.offeredBy())
	}
	for _, w := range s.core.Words() {
		line("WAITS", "for a second person, until the day roll: %s by user %d; gate changes shows it", word(commandWords, w.Kind, "a command"), w.UID)
	}
	if s.config.Gate.Approval != config.FourEyes {
		line("approval", "none: ONE PERSON may loosen every check")
	}
	if files != "" {
		line("files", "%s", files)
	}
	line("names", "%s", s.config.RoomText(s.journal.numbers))
	line("journal", "%s: %d records, %d bytes", s.journal.dir, h.Seq, s.end)
	line("last record", "%s, %s ago", utc(h.UTCNs), span(now.UnixNano()-h.UTCNs))
	line("snapshot", "%s", s.snapshot())
	bound := clockBound(h)
	if bound == "" {
		bound = "error not known"
	}
	line("clock", "%s, %s", clocksync.State(h.ClockState), bound)
}

// filesBytesMax bounds what status says of the files.
const filesBytesMax = 400

// Files says whether the files of gate.yaml at path are other than what is in force: they come into force by a reload or
// an operator's start; "": they are the same. Data of the day and secrets do not count.
func (s *State) Files(path string) string { return filesBeside(s.config, path) }

// filesBeside says so of a configuration.
func filesBeside(inForce *config.Config, path string) string {
	files, err := config.LoadAsKept(path)
	if err != nil {
		return bounded("are not valid, so neither a reload nor a start would take them: " + err.Error())
	}
	if differs := config.Compare(inForce.Offered().Bare(), files).String(); differs != "" {
		return bounded("differ from what is in force: " + differs)
	}
	return ""
}

func bounded(text string) string {
	if text = strings.ReplaceAll(text, "\n", "; "); len(text) > filesBytesMax {
		return text[:filesBytesMax] + "..."
	}
	return text
}

// snapshot says how many records a start has to apply, as far as the newest snapshot serves it.
func (s *State) snapshot() string {
	names, err := snapshot.Names(recovery.Dir(s.journal.dir))
	if err != nil {
		return err.Error()
	}
	var record uint64
	if len(names) > 0 {
		_, err = fmt.Sscanf(filepath.Base(names[0]), "%d.", &record)
	}
	if record == 0 || err != nil {
		return "none: a start applies every record"
	}
	return fmt.Sprintf("of record %d, %d before the last", record, s.last.Seq-min(record, s.last.Seq))
}

func (s *State) credits(w io.Writer) {
	v := s.core.Book().Credit(risk.ScopeFirm, 0)
	fmt.Fprintf(w, "%-14s %d open orders; gross %s of %s, net %s of %s %s\n", "firm", v.OpenOrders, amount(v.Gross()),
		amount(v.GrossMax), amount(v.Net()), amount(v.NetMax), s.config.Currency)
}

func (s *State) links(w io.Writer, now time.Time) {
	t := newTable("link", "of", "phase", ">next in", ">next out", "blocked", "hours", "next reset")
	set := s.core.Setup()
	for n := range set.Links {
		st := s.core.LinkState(uint32(n))
		of := choice(set.Links[n].DropCopy, "drop copy of ", "venue ") + s.journal.venue(set.Links[n].Venue)
		if set.Links[n].Venue == core.NoIndex {
			of = "client " + s.journal.client(set.Links[n].Client)
			if set.Links[n].Client == core.NoIndex {
				of = "not configured any more"
			}
		}
		blocked := dash
		if s.core.LinkBlocked(uint32(n)) {
			blocked = "blocked"
		}
		phase := st.Phase.String()
		if s.core.Lost(uint32(n)) != 0 {
			phase += ", lost: orders are cancelled soon"
		}
		open, reset := hours(set.Links[n].Schedule, now)
		t.add(s.journal.link(uint32(n)), of, phase, strconv.FormatUint(st.NextIn, 10),
			strconv.FormatUint(st.NextOut, 10), blocked, open, reset)
	}
	fmt.Fprintln(w)
	t.write(w, "")
}

// operated lists the links of which an operator has said something; where there is none, it says nothing.
func (s *State) operated(w io.Writer, what string, links map[uint32]hold) {
	if len(links) == 0 {
		return
	}
	t := newTable(what, "since", "by")
	for _, n := range slices.Sorted(maps.Keys(links)) {
		t.add(choice(n == core.NoIndex, "the whole gate", s.journal.link(n)), utc(links[n].ns), links[n].by)
	}
	fmt.Fprintln(w)
	t.write(w, "")
}

// venueCounts are an venue's open orders by what is wrong with them.
type venueCounts struct{ open, owed, unknown, suspect int }

func (s *State) venues(w io.Writer) {
	set := s.core.Setup()
	counts := make([]venueCounts, len(set.Venues))
	s.core.EachLive(func(_ uint32, o *core.Order) bool {
		c := &counts[o.Venue]
		c.open++
		for _, row := range []struct {
			flag  core.Flags
			count *int
		}{{core.FlagCancelOwed, &c.owed}, {core.FlagUnknown, &c.unknown}, {core.FlagSuspect, &c.suspect}} {
			if o.Flags&row.flag != 0 {
				*row.count++
			}
		}
		return true
	})
	t := newTable("venue", "state", ">open", ">cancels owed", ">unknown", ">suspect")
	for n := range set.Venues {
		c := &counts[n]
		t.add(s.journal.venue(uint32(n)), s.venueState(uint32(n)), strconv.Itoa(c.open), strconv.Itoa(c.owed),
			strconv.Itoa(c.unknown), strconv.Itoa(c.suspect))
	}
	fmt.Fprintln(w)
	t.write(w, "")
}

// venueInOrder is the state of a venue that takes orders.
const venueInOrder = "in order"

func (s *State) venueState(n uint32) string {
	var words []string
	v := s.core.Venue(n)
	if v.EgressStopped {
		words = append(words, "stopped by the egress check: gate accept")
	}
	if v.RecordsLost {
		words = append(words, "recovering: it may have orders that the journal lost: gate accept")
	}
	if v.Settling > 0 {
		words = append(words, "recovering: takes no orders")
	}
	if !v.Line.LoggedOn() {
		words = append(words, "line "+v.Line.String())
	}
	if len(words) == 0 {
		return venueInOrder
	}
	return strings.Join(words, "; ")
}

func (s *State) killList(w io.Writer) {
	t := newTable(">kill", "scope", "mode", ">still open", "since", "by", "revive asked by")
	for _, k := range s.core.Book().Kills() {
		t.add(strconv.FormatUint(k.ID, 10), s.journal.targetName(&k.Of), killWords(k), strconv.Itoa(s.core.Unconfirmed(&k)), utc(k.AtNs), s.kills[k.ID], s.reviveAsked(k.ID))
	}
	s.addAwaited(t)
	fmt.Fprintf(w, "\nkills: %d\n", len(t.rows))
	t.write(w, "")
	if s.unread != nil {
		fmt.Fprintln(w, "there may be more:", s.unread)
	}
}

// killWords say what a kill does to what is open.
func killWords(k risk.Kill) string {
	return modeWord(k.Mode) + choice(k.KeepGTC, ", but GTC and GTD", "")
}

// reviveAsked says who wants to lift a kill that two people must lift.
func (s *State) reviveAsked(kill uint64) string {
	if by, asked := s.revives[kill]; asked {
		return by + "; a second person is needed"
	}
	return dash
}

func (s *State) alertList(w io.Writer) {
	t := newTable("at", "record", "alert")
	for _, a := range s.alerts {
		t.add(utc(a.ns), "#"+strconv.FormatUint(a.seq, 10), a.text)
	}
	fmt.Fprintf(w, "\nalerts since the start: %d\n", s.alertCount)
	t.write(w, "")
}
