package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"portcullis/clocksync"
	"portcullis/fix/settings"
	"portcullis/gate/local"
	"portcullis/gate/transport"
)

// readGate reads the process itself.
func (l *loader) readGate(m *mapping) {
	g := &l.config.Gate
	g.Name = l.plainName(m.text("name", "GATE"))
	l.readPlaces(m)
	g.TailDir = l.path(m.text("tail", "").text)
	g.AdminGroup = m.text("admin_group", "").text
	l.readApproval(m)
	g.PriceSocket = m.text("price_socket", "").text
	g.KillFile, g.KillSocket = m.text("kill_file", "").text, m.text("kill_socket", "").text
	g.KillGroup = m.text("kill_group", "").text
	if m.word("durability", "interval", "interval", "sync") == "sync" {
		g.Durability = Sync
	}
	if m.word("io", "wait", "wait", "spin") == "spin" {
		g.IO = Spin
	}
	g.EgressKills = m.word("egress_difference", "block", "block", "kill_firm") == "kill_firm"
	g.JournalKill = m.firmKill("journal_loss")
	l.proxies(m)
	l.readEngine(m)
	g.Shadow = readShadow(m.sub("shadow"))
	l.checkPaths(m)
	if date := m.text("trade_date", "auto"); date.text != "auto" {
		g.TradeDate = l.date(date)
		l.warn(date.at, "trade_date: the gate keeps to %s, whatever day it is, until this line changes; auto is the calendar's date", date.text)
	}
	if roll := m.sub("roll"); m.has("roll") {
		g.Calendar = l.readCalendar(roll)
		if g.TradeDate != 0 {
			l.add(roll.at, "roll begins trade dates, and trade_date keeps to one", "write trade_date: auto, or remove roll")
		}
	}
	g.ExecutionDays = m.count("execution_days", 1, 1, ExecutionDaysMax)
	g.MessageBytesMax = m.count("message_bytes_max", 65536, 1024, 1<<20)
	g.SegmentBytes = m.count("segment_bytes", 64<<20, 1<<20, 1<<30)
	g.TailSegments = m.count("tail_segments", 8, 4, 64)
	l.checkSegments(m)
	g.Watchdog = readWatchdog(m.sub("watchdog"))
	c := m.sub("capacity")
	l.capacityAt = c.at
	g.Capacity = Capacity{
		Links:       c.count("links", 64, 1, 10_000),
		Venues:      c.count("venues", 16, 1, 1_000),
		Clients:     c.count("clients", 256, 1, 1_000_000),
		Accounts:    c.count("accounts", 4096, 1, 4_000_000),
		Instruments: c.count("instruments", 16384, 1, 4_000_000),
		Groups:      c.count("groups", 256, 1, AuthorsMax),
		Desks:       c.count("desks", 256, 1, AuthorsMax),
		Traders:     c.count("traders", 1024, 1, AuthorsMax),
		Algos:       c.count("algos", 1024, 1, AuthorsMax),
		OpenOrders:  c.count("open_orders", 65536, 1, OpenOrdersMax),
		ClOrdIDs:    c.count("clordids", 1<<20, 1, 1<<28),
		Executions:  c.count("executions", 1<<20, 1, 1<<28),
	}
	c.close()
	l.checkReserve(m.placeOf("tail_segments"))
	m.close()
}

// readApproval reads who may loosen a check. It has to be said: neither answer may be an oversight. What older programs
// kept beside a journal says nothing.
func (l *loader) readApproval(m *mapping) {
	g := &l.config.Gate
	switch {
	case m.has("approval"):
		g.Approval = NoApproval
		if m.word("approval", "four_eyes", "four_eyes", "none") == "four_eyes" {
			g.Approval = FourEyes
		}
	case l.secret != nil:
		l.add(m.at, "gate.approval is missing", "write four_eyes: what loosens a check waits for a second person; or none, on one person's machine")
	}
	if g.Approval == FourEyes && g.AdminGroup == "" {
		l.warn(m.placeOf("approval"), "approval: four_eyes, but admin_group is empty: nobody could approve anything")
	}
}

// readPlaces reads where a gate is found.
func (l *loader) readPlaces(m *mapping) {
	l.config.Gate.JournalDir = l.path(m.text("journal", "journal").text)
	l.config.Gate.AdminSocket = l.path(m.text("admin_socket", "gate.sock").text)
}

func readShadow(m *mapping) (s Shadow) {
	s.Off = !m.flag("run", true)
	s.Records = m.count("records", 200_000, 1_000, 1<<30)
	s.DifferenceKills = m.word("difference", "alert", "alert", "kill_firm") == "kill_firm"
	s.Losses = readLosses(m.sub("losses"))
	m.close()
	return s
}

func readLosses(m *mapping) LiveLosses {
	x := LiveLosses{EveryNs: int64(m.count("every_ms", 250, 50, 500)) * int64(time.Millisecond),
		QuoteAgeMaxNs: m.millis("quote_age_ms", 5000, 1), LastAgeMaxNs: m.millis("last_age_ms", 5000, 1)}
	switch m.word("price", "adverse", "adverse", "mid", "mark") {
	case "mid":
		x.Price = MidPrice
	case "mark":
		x.Price = MarkPrice
	}
	m.close()
	return x
}

// readWatchdog reads how gate run looks after its engine.
func readWatchdog(m *mapping) Watchdog {
	w := Watchdog{
		StallNs:    m.millis("stall_ms", 500, 300), // an idle engine counts ten times a second
		StallKills: m.word("on_stall", "kill", "kill", "report") == "kill",
		Restarts:   Throttle{CountMax: 5, WindowNs: int64(time.Minute)},
	}
	if m.has("restarts") {
		w.Restarts = m.throttle("restarts", 1000)
		if w.Restarts.CountMax == Unlimited {
			w.Restarts.WindowNs = int64(time.Minute) // each still waits longer than the one before
		}
	}
	m.close()
	return w
}

// checkPaths refuses what a start could not open: sockets as they are named, and a journal that is no folder.
func (l *loader) checkPaths(m *mapping) {
	g := &l.config.Gate
	killSocket, priceSocket := l.path(g.KillSocket), l.path(g.PriceSocket)
	for _, socket := range []struct {
		key, path string
		bytesMax  int
	}{{"admin_socket", g.AdminSocket, local.PathBytesMax - len(WatchdogSuffix)}, {"price_socket", priceSocket, local.PathBytesMax},
		{"kill_socket", killSocket, local.PathBytesMax}} {
		if len(socket.path) > socket.bytesMax {
			l.add(m.placeOf(socket.key), fmt.Sprintf("%s: %s has %d bytes", socket.key, show(socket.path), len(socket.path)),
				fmt.Sprintf("this socket's path has at most %d; name a shorter one", socket.bytesMax))
		}
	}
	if killSocket != "" && (killSocket == g.AdminSocket || killSocket == priceSocket) {
		l.add(m.placeOf("kill_socket"), "kill_socket is another socket of the gate", "give it a name of its own")
	}
	if priceSocket == g.AdminSocket {
		l.add(m.placeOf("price_socket"), "price_socket is admin_socket", "give each a name of its own")
	}
	if info, err := os.Stat(g.JournalDir); l.dir != "" && err == nil && !info.IsDir() {
		l.add(m.placeOf("journal"), "journal: "+show(g.JournalDir)+" is a file", "name a folder, or one that is to be made")
	}
}

// How long the engine thread stays awake after a message, in microseconds. An idle processor of a virtual machine takes
// about 70 to wake, of a server some 50 to 100: who waits twice as long for the next message rarely pays that in a flow.
const (
	awakeUs    = 150
	awakeUsMax = 10_000
)

// readEngine reads what the engine thread asks of the host, and in which states of the clock it may trade.
func (l *loader) readEngine(m *mapping) {
	g := &l.config.Gate
	g.CPU = None
	if cpu := m.text("cpu", "any"); cpu.text != "any" {
		g.CPU = m.count("cpu", 0, 0, 1023)
		if n := runtime.NumCPU(); g.CPU >= n {
			l.warn(cpu.at, "cpu: %d, but this machine has processors 0 to %d", g.CPU, n-1)
		}
	}
	g.Realtime = m.flag("realtime", false)
	g.Nice = m.count("nice", -19, -20, 0)
	shared := g.Realtime && g.CPU == None // with all else, which it lets wait
	if shared && g.IO == Spin {
		l.add(m.placeOf("realtime"), "realtime: true with io: spin: a thread that never sleeps would leave the machine nothing",
			"give it a processor of its own with cpu")
	}
	awake := awakeUs
	if shared {
		awake = 0
	}
	g.AwakeNs = 1000 * int64(m.count("awake_us", awake, 0, awakeUsMax))
	if shared && g.AwakeNs > 0 {
		l.add(m.placeOf("awake_us"), "awake_us with realtime: true: under load such a thread would leave the machine nothing",
			"give it a processor of its own with cpu, or write 0")
	}
	clock := m.sub("clock")
	g.ClockKill = clock.firmKill("breach")
	for _, state := range clock.list("forbid") {
		bit, known := clockStates[state.text]
		if !known {
			l.add(state.at, "forbid: "+show(state.text)+" is no state of the clock", "write unknown, unsynchronised or holdover")
		}
		g.ClockForbidden |= 1 << bit
	}
	clock.close()
}

// clockStates are the states of the clock in which trading may be forbidden, by name.
var clockStates = map[string]clocksync.State{
	clocksync.Unknown.String(): clocksync.Unknown, clocksync.Unsynchronised.String(): clocksync.Unsynchronised,
	clocksync.Holdover.String(): clocksync.Holdover,
}

// recordBytesMax bounds a record by the longest message: it holds the message, what is sent because
// of it (twice the message and some answers at most), and the numbers of event and decision.
func recordBytesMax(messageBytesMax int) int { return 3*messageBytesMax + 64<<10 }

// checkSegments holds the size of a journal file to what the journal asks for: whole pages, and room
// for four records.
func (l *loader) checkSegments(m *mapping) {
	const page = 4096
	g := &l.config.Gate
	at := m.placeOf("segment_bytes")
	if g.SegmentBytes%page != 0 {
		l.add(at, fmt.Sprintf("segment_bytes: %d is not a multiple of %d", g.SegmentBytes, page),
			fmt.Sprintf("write %d", (g.SegmentBytes+page-1)/page*page))
	}
	if need := 4 * g.RecordBytesMax(); g.SegmentBytes < need {
		l.add(at, fmt.Sprintf("segment_bytes: %d is too small for message_bytes_max %d", g.SegmentBytes, g.MessageBytesMax),
			fmt.Sprintf("write at least %d", need))
	}
}

// openOrderBytes is what the records of a cancel, its answer and a fill take in the journal, about.
const openOrderBytes = 2048

// checkReserve counts the open orders that could not all be ended when the journal's disk is full.
func (l *loader) checkReserve(at place) {
	g := &l.config.Gate
	if orders := g.Capacity.OpenOrders; g.ReserveBytes() < orders*openOrderBytes {
		l.warn(at, "when the disk is full, the journal has room to cancel and fill %d of %d open orders: raise tail_segments or segment_bytes",
			g.ReserveBytes()/openOrderBytes, orders)
	}
}

// path joins a file name of the configuration with the folder of gate.yaml.
func (l *loader) path(name string) string { return below(l.dir, name) }

func below(dir, name string) string {
	if name == "" || dir == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

// Beside is the path of a file that a setting names as it is written, from the folder of gate.yaml.
func (c *Config) Beside(name string) string { return below(c.dir, name) }

// date reads a day as 2026-11-23 or 20261123.
func (l *loader) date(value scalar) int {
	day, err := time.Parse("20060102", strings.ReplaceAll(value.text, "-", ""))
	if err != nil {
		l.add(value.at, show(value.text)+" is not a date", "write it as 2026-11-23")
		return 0
	}
	return day.Year()*10000 + int(day.Month())*100 + day.Day()
}

// DayNs is the beginning of a day (yyyymmdd) in UTC, from which the age of what is dated that day counts.
func DayNs(date int) int64 {
	return time.Date(date/10000, time.Month(date/100%100), date%100, 0, 0, 0, 0, time.UTC).UnixNano()
}

// nameBytesMax bounds the names of clients, accounts, venues and symbols.
const nameBytesMax = 32

// plainName checks a name that operators type and that stands in files and ids.
func (l *loader) plainName(name scalar) string {
	for i := range len(name.text) {
		c := name.text[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c)
		if !letter && !strings.ContainsRune("._-", rune(c)) {
			l.add(name.at, show(name.text)+" is not a plain name", "write letters, digits, '.', '_' and '-'")
			return name.text
		}
	}
	return l.fixName(name)
}

// fixName checks a name that is a FIX value, such as an account or a symbol: printable, no blanks.
func (l *loader) fixName(name scalar) string {
	switch {
	case unprintable(name.text) != "" || strings.Contains(name.text, " "):
		l.add(name.at, show(name.text)+" has blanks or unprintable bytes", "write printable ASCII without blanks")
	case len(name.text) > nameBytesMax:
		l.add(name.at, show(name.text)+" is too long", fmt.Sprintf("write at most %d bytes", nameBytesMax))
	}
	return name.text
}

// settingsUse is a session of a settings file and whether an entry in gate.yaml refers to it.
type settingsUse struct {
	session settings.Session
	used    bool
}

// readSessions reads the two settings files. Participants connect to the gate, the gate connects to
// venues: the other way round would leave a session without an owner of its reconnects.
func (l *loader) readSessions(m *mapping) {
	validators := settings.Validators{Open: l.dictionary}
	for _, key := range []string{"participants", "venues"} {
		name := m.need(key)
		data, ok := l.file(name, textBytesMax)
		if !ok {
			l.partial = true
			continue
		}
		read := settings.ReadVenues
		if key == "participants" {
			l.config.Participants, read = name.text, settings.ReadParticipants
		}
		parsed, err := read(name.text, data)
		if err != nil {
			l.adopt(err)
			l.partial = true
			continue
		}
		l.config.Warnings = append(l.config.Warnings, parsed.Notes...)
		for _, session := range parsed.Sessions {
			if _, err := validators.Of(&session); err != nil {
				l.adopt(err)
			}
			l.session(session)
		}
	}
	m.close()
}

// session takes one session in.
func (l *loader) session(s settings.Session) {
	at := place{s.File, s.Line}
	if first, taken := l.sessions[s.Name]; taken {
		l.add(at, fmt.Sprintf("session %s is already defined at %s:%d", s.Name, first.session.File, first.session.Line),
			"make BeginString, CompIDs or SubIDs differ")
		l.partial = true
		return
	}
	l.sessions[s.Name] = &settingsUse{session: s}
}

// dictionary reads a data dictionary that sessions name, relative to gate.yaml as every file, and keeps it for
// the journal: what it let pass must be judged alike by a replay. Sessions may share one.
func (l *loader) dictionary(name string) ([]byte, error) {
	if data, kept := l.config.Files[name]; kept {
		return data, nil
	}
	data, err := l.open(name)
	if err != nil {
		return nil, errors.New(transport.Cause(err))
	}
	l.config.Files[name] = data
	return data, nil
}

// adopt takes over the defects that package settings found.
func (l *loader) adopt(err error) {
	list := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		list = joined.Unwrap()
	}
	var problem *settings.Problem
	for _, one := range list {
		if errors.As(one, &problem) {
			l.add(place{problem.File, problem.Line}, problem.What, problem.Cure)
		}
	}
}
