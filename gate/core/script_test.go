package core

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/fix/schedule"
	"portcullis/risk"
)

// The scripts in testdata/core say in lines what goes in and what must come out; README.md there
// explains them. Everything that a step sends, raises or answers must be written down.

func TestScripts(t *testing.T) {
	reasons, refusals := map[string]bool{}, map[string]bool{}
	eachCase(t, func(t *testing.T, s *script, body string) {
		s.reasons, s.refusals = reasons, refusals
		s.play(body)
	})
	for r := risk.Unjudged + 2; r < 512; r++ {
		if code := r.String(); code != risk.Unjudged.String() && !reasons[code] {
			t.Errorf("no script line has the reason %s (%d)", code, r)
		}
	}
	checkControls(t, refusals)
}

type script struct {
	t        *testing.T
	w        *world
	conf     *conf
	file     string
	line     int
	vars     map[string]string
	reasons  map[string]bool
	refusals map[string]bool // by MsgType and code, what was refused; nil: nobody asks
	before   func()          // called before each message of a peer
	over     bool            // the rest of the case is for other versions

	columns   []string       // of the table of figures
	reloading bool           // what puts a setting does so by a reload
	uses      *Uses          // what the last reload of names found open
	taken     []risk.Setting // by such reloads, in their order
}

func (s *script) fatal(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("%s:%d: %s", s.file, s.line, fmt.Sprintf(format, args...))
}

func (s *script) do(line string) {
	s.t.Helper()
	words := strings.Fields(line)
	if len(words) == 0 || strings.HasPrefix(line, "#") {
		return
	}
	if s.over = s.over || words[0] == "only" && !s.speaks(index(linkNames, words[1]), words[2]); s.over || words[0] == "only" {
		return
	}
	if words[0] == "world" {
		c := plain()
		s.conf = &c
		for _, word := range words[1:] {
			s.worldWord(word)
		}
		return
	}
	if s.w == nil {
		if s.conf == nil {
			c := plain()
			s.conf = &c
		}
		s.conf.keeps = true
		s.w = newWorldOf(s.t, *s.conf).logon()
		s.w.audit = newAudit(1)
		s.w.refusals = s.refusals
		s.w.sent = nil
	}
	if words[0] == "|" {
		s.figures(line)
		return
	}
	name, arrow := strings.CutSuffix(words[0], ">")
	if arrow {
		s.settled()
		if s.before != nil {
			s.before()
		}
		s.send(index(linkNames, name), s.spoken(index(linkNames, name), words[1:]))
		return
	}
	if name, arrow = strings.CutSuffix(words[0], "<"); arrow {
		s.expect(index(linkNames, name), s.spoken(index(linkNames, name), words[1:]))
		return
	}
	if check, ok := checks[words[0]]; ok {
		check(s, words[1:])
		return
	}
	s.settled()
	if strings.HasPrefix(words[0], "+") {
		s.pass(words[0][1:])
		return
	}
	step, ok := steps[words[0]]
	if !ok {
		s.fatal("what is %q", words[0])
	}
	step(s, words[1:])
}

// index finds a name; firm-wide words and unknown names are out of every table.
func index(names []string, name string) uint32 {
	for i := range names {
		if names[i] == name {
			return uint32(i)
		}
	}
	return NoIndex
}

// pass lets time go by second by second, as the engine's clock would.
func (s *script) pass(text string) {
	seconds, ok := strings.CutSuffix(text, "s")
	n, err := strconv.Atoi(seconds)
	if !ok || err != nil {
		s.fatal("want a time like +5s")
	}
	s.w.nowNs += int64(n) * 1e9
	s.w.event(&Event{Kind: Tick, Link: NoIndex})
}

// settled demands that everything the last step led to has been written down. Session messages may
// be left out.
func (s *script) settled() {
	s.t.Helper()
	if s.w == nil {
		return
	}
	for _, m := range s.w.sent {
		if strings.Contains("0124A5", field(m.text, "35")) {
			continue
		}
		s.fatal("not expected: %s< %s", linkNames[m.link], m.text)
	}
	if len(s.w.alerts) > 0 || len(s.w.over) > 0 || len(s.w.replies) > 0 {
		s.fatal("not expected: alerts %v, overshoots %v, replies %+v", s.w.alerts, overshoots(s.w.over), s.w.replies)
	}
}

// send writes a peer's message. What every message of its type has is added where it is not there.
func (s *script) send(l uint32, words []string) {
	s.t.Helper()
	if l == NoIndex {
		s.fatal("no such link")
	}
	fields := make([][2]string, 0, len(words))
	for _, word := range words[1:] {
		tag, value, _ := strings.Cut(word, "=")
		fields = append(fields, [2]string{tag, s.value(strings.ReplaceAll(value, "~", " "))})
	}
	for _, d := range strings.Fields(defaults[words[0]]) {
		tag, value, _ := strings.Cut(d, "=")
		there := false
		for _, f := range fields {
			there = there || f[0] == tag
		}
		if !there && (l == xsim || s.conf.dropCopy && l == acme2) == (words[0] == "8" || words[0] == "9" || words[0] == "AE") {
			fields = append(fields, [2]string{tag, value})
		}
	}
	head, body := "35="+words[0]+"|", ""
	for _, f := range fields {
		switch f[0] {
		case "43", "97", "122", "1128": // of the header
			head += f[0] + "=" + f[1] + "|"
			continue
		}
		if f[1] != "-" {
			body += f[0] + "=" + f[1] + "|"
		}
	}
	s.w.from(l, head+body)
}

var defaults = map[string]string{
	"D": "21=1 60=20261122-13:30:00.000", "G": "21=1 60=20261122-13:30:00.000", "F": "60=20261122-13:30:00.000", "q": "60=20261122-13:30:00.000",
	"8": "37=V1 54=1 55=IBM 6=0", "9": "37=V1", "AE": "571=T1 570=N 55=IBM 75=20261122 60=20261122-13:30:00.000",
}

// value puts in what was captured.
func (s *script) value(v string) string {
	if !strings.HasPrefix(v, "$") {
		return v
	}
	got, ok := s.vars[v]
	if !ok {
		s.fatal("%s was never captured", v)
	}
	return got
}

// expect finds a message that the last step sent, and takes it away.
func (s *script) expect(l uint32, words []string) {
	s.t.Helper()
	why := ""
	for i, m := range s.w.sent {
		if m.link != l || field(m.text, "35") != words[0] {
			continue
		}
		bound := map[string]string{}
		if why = s.differs(m.text, words[1:], bound); why == "" {
			for k, v := range bound {
				s.vars[k] = v
			}
			code, _, _ := strings.Cut(field(m.text, "58"), ":")
			s.reasons[code] = true
			s.w.sent = append(append([]sentMessage{}, s.w.sent[:i]...), s.w.sent[i+1:]...)
			return
		}
	}
	all := ""
	for _, m := range s.w.sent {
		all += "\n  " + linkNames[m.link] + "< " + m.text
	}
	s.fatal("no such message (%s) among:%s", why, all)
}

// differs compares: tag=value, tag=- absent, tag=$x captured or equal, tag=text* begins with.
func (s *script) differs(text string, words []string, bound map[string]string) string {
	for _, word := range words {
		tag, want, _ := strings.Cut(word, "=")
		got, there := lookup(text, tag)
		prefix, open := strings.CutSuffix(strings.ReplaceAll(want, "~", " "), "*")
		switch {
		case want == "-" && !there:
		case !there:
			return tag + " is missing"
		case strings.HasPrefix(want, "$"):
			if v, ok := s.vars[want]; ok && v != got {
				return word + " is " + got
			}
			bound[want] = got
		case open && strings.HasPrefix(got, prefix):
		case prefix != got || open:
			return word + " is " + got
		}
	}
	return ""
}

func overshoots(over []Effect) (list []string) {
	for _, e := range over {
		list = append(list, fmt.Sprint(risk.Reason(e.Seq), "=", amountOf(risk.Reason(e.Seq), int64(e.Value))))
	}
	return list
}

func amountOf(measure risk.Reason, v int64) string {
	switch measure.Row().Value {
	case risk.UnitMoney:
		return money(risk.Money(v)).String()
	case risk.UnitQty:
		return qty(risk.Qty(v)).String()
	}
	return fmt.Sprint(v)
}

// fixed reads a decimal at a scale of ten to the places.
func (s *script) fixed(text string, places int) int64 {
	if text == "unlimited" {
		return risk.Unlimited
	}
	v, fault := fix.ParseDecimal([]byte(text))
	if fault != fix.NumberOK {
		s.fatal("%q is no number", text)
	}
	for ; places < 8; places++ {
		v /= 10
	}
	return v
}

func (s *script) number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		s.fatal("%q is no number", text)
	}
	return n
}

// tags reads 5001 or 5000-5999.
func (s *script) tags(text string) TagRange {
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		last = first
	}
	return TagRange{s.number(first), s.number(last)}
}

func (s *script) worldWord(word string) {
	key, v, _ := strings.Cut(word, "=")
	c := s.conf
	switch key {
	case "version":
		c.version = v
	case "venue-version":
		c.venueVersion = v
	case "hours": // LINK,START,END or LINK,RESET, in UTC
		w := strings.Split(v, ",")
		at := func(text string) schedule.TimeOfDay {
			t, ok := schedule.ParseTimeOfDay(text)
			if !ok {
				s.fatal("no time of day: %q", text)
			}
			return t
		}
		if l := index(linkNames, w[0]); len(w) == 2 {
			c.hours[l] = schedule.Always(time.UTC).Resetting(at(w[1]))
		} else {
			c.hours[l] = schedule.Daily(time.UTC, at(w[1]), at(w[2]))
		}
	case "cod": // LINK,SECONDS of grace, and "gtc" or "logout" where they count
		w := strings.Split(v, ",")
		c.cod[index(linkNames, w[0])] = CancelOnDisconnect{On: true, GraceNs: int64(s.number(w[1])) * 1e9, GTC: slices.Contains(w, "gtc"),
			Logout: slices.Contains(w, "logout")}
	case "cancel-open":
		for _, code := range strings.Split(v, ",") {
			for _, r := range risk.CancelControls() {
				if r.String() == code {
					c.cancelOpen = append(c.cancelOpen, r)
				}
			}
		}
	case "soft": // CODE,SECONDS
		code, seconds, _ := strings.Cut(v, ",")
		c.soft = append(c.soft, SoftRule{reasonOf(code), int64(s.number(seconds)) * 1e9})
	case "breach": // CODE,SCOPE,MODE,COUNT,SECONDS
		w := strings.Split(v, ",")
		c.breaches = append(c.breaches, BreachRule{Control: reasonOf(w[0]), Scope: scopeWords[w[1]], Mode: killModes[w[2]],
			CountMax: s.number(w[3]), WindowNs: int64(s.number(w[4])) * 1e9})
	case "journal-kill":
		c.journalKill = killModes[v]
	case "clock-kill":
		c.clockKill = killModes[v]
	case "execution-days":
		c.executionDays = s.number(v)
	case "venue-cod":
		c.venueCOD = map[string]VenueCOD{"none": KeepsOrders, "day": CancelsDay, "all": CancelsAll}[v]
	case "party": // LINK, scopes that it may have stopped, and suspend=MODE, halt=MODE, reinstate
		w := strings.Split(v, ",")
		c.party[index(linkNames, w[0])] = s.partyActions(w[1:])
	case "venue-down": // SECONDS,MODE
		seconds, mode, _ := strings.Cut(v, ",")
		c.downNs, c.downMode = int64(s.number(seconds))*1e9, killModes[mode]
	case "orders":
		c.size.Orders = s.number(v)
	case "requests":
		c.size.Requests = s.number(v)
	case "ids":
		c.size.ClOrdIDs = s.number(v)
	case "executions":
		c.size.Executions = s.number(v)
	case "jobs":
		c.size.Jobs = s.number(v)
	case "positions":
		c.positions = s.number(v)
	case "kills":
		c.kills = s.number(v)
	case "trips":
		c.trips = s.number(v)
	case "repeats":
		c.repeatMax = int64(s.number(v))
	case "repeat-action":
		c.repeatDisables = v == "disable"
	case "rate":
		c.rateMax = int64(s.number(v))
	case "throttle": // KIND:MEASURE:MAX/WINDOW, of each link or of the first of its kind
		s.throttle(c, strings.SplitN(v, ":", 3))
	case "drop-copy": // yes, acks
		c.dropCopy, c.tradeAcks, c.held = true, v == "acks", c.held || v == "acks"
	case "slow":
		c.slow = v == "yes"
	case "self-match":
		c.selfMatch, c.matchAction = true, matchActions[v]
	case "budget":
		c.budget = s.number(v)
	case "gross":
		c.gross = risk.Money(s.fixed(v, 4))
	case "net":
		c.net = risk.Money(s.fixed(v, 4))
	case "client-net":
		c.clientNet = risk.Money(s.fixed(v, 4))
	case "firm-net":
		c.firmNet = risk.Money(s.fixed(v, 4))
	case "fields": // none, or of show, min and discretion with commas between them
		c.fields = 0
		for _, name := range strings.Split(v, ",") {
			c.fields |= map[string]risk.FieldSet{"show": risk.WithDisplay, "min": risk.WithMinQty, "discretion": risk.WithDiscretion}[name]
		}
	case "barred": // capacities: letters of 528 and digits of 582, - and 0 for what is not told
		c.barred = capacities(v)
	case "link-barred":
		c.linkBarred = capacities(v)
	case "cutoff": // AT,UNTIL,ZONE of XSIM
		w := strings.Split(v, ",")
		zone, err := time.LoadLocation(w[2])
		must(s.t, err)
		c.cutOff = CloseCutOff{Past: []link.Schedule{s.daily(zone, w[0], w[1])}, Cancel: true}
	case "cutoff-msft": // AT,UNTIL in UTC; the zone is another
		from, until, _ := strings.Cut(v, ",")
		c.cutOff.Past = append(c.cutOff.Past, s.daily(time.UTC, from, until))
		c.cutOff.Which = []uint8{0, 1}
	case "cutoff-replace":
		c.cutOff.Replace = v == "pass"
	case "cutoff-cancel":
		c.cutOff.Cancel = v == "pass"
	case "no-cancel": // FROM,UNTIL of XSIM, in UTC; there may be several
		from, until, _ := strings.Cut(v, ",")
		c.noCancel.Periods = append(c.noCancel.Periods, s.daily(time.UTC, from, until))
	case "no-cancel-in": // phases, with commas between them
		for _, name := range strings.Split(v, ",") {
			c.noCancel.Phases = c.noCancel.Phases.With(risk.Phase(index(phaseNames, name)))
		}
	case "no-cancel-replace":
		c.noCancel.Replace = v == "pass"
	case "no-cancel-own":
		c.noCancel.Owes = v == "owe"
	case "test-symbol":
		c.testSymbol = index(symbolNames, v) == msft
	case "tests":
		c.tests = testRules[v]
	case "link-tests": // LINK,RULE
		l, rule, _ := strings.Cut(v, ",")
		c.linkTests[index(linkNames, l)] = testRules[rule]
	case "exec-insts": // values of ExecInst(18), with commas between them
		c.execInsts, _ = risk.ParseExecInsts([]byte(strings.ReplaceAll(v, ",", " ")))
	case "preserve":
		c.preserve = v == "yes"
	case "id-length":
		c.idBytesMax = s.number(v)
	case "status-requests":
		c.noStatus = v == "no"
	case "mass-cancel":
		c.massCancel = v == "yes"
	case "answers":
		c.business = v == "business"
	case "sticky":
		c.slow, c.sticky = true, v
	case "venue-symbol": // SYMBOL,what XSIM calls it
		symbol, name, _ := strings.Cut(v, ",")
		c.venueSymbols[index(symbolNames, symbol)], c.tags.Symbols = name, true
	case "egress":
		c.egressKills = v == "kill-firm"
	case "difference":
		c.differenceKills = v == "kill-firm"
	case "four-eyes":
		c.fourEyes = v == "yes"
	case "halted": // SYMBOL, to be said of the symbol as well
		c.halted[index(symbolNames, v)] = true
	case "tell-limits":
		c.tellLimits = v == "yes"
	case "authors":
		c.authors = v
	case "on-unknown":
		c.unknownByLink = v == "link"
	case "reset":
		c.reset = v
	case "route":
		c.noRoute = v == "none"
	case "pass":
		c.tags.Pass = append(c.tags.Pass, s.tags(v))
	case "drop":
		c.tags.Drop = append(c.tags.Drop, s.tags(v))
	case "reject":
		c.tags.Reject = append(c.tags.Reject, s.tags(v))
	case "set":
		tag, value, _ := strings.Cut(v, ":")
		c.tags.Set = append(c.tags.Set, SetTag{s.number(tag), value})
	default:
		s.fatal("what is %q", word)
	}
}

var matchActions = map[string]risk.MatchAction{"cancel_resting": risk.CancelResting, "cancel_both": risk.CancelBoth} // and yes: CancelNew

// daily is a stretch of each day.
func (s *script) daily(zone *time.Location, from, until string) *schedule.Schedule {
	start, ok1 := schedule.ParseTimeOfDay(from)
	end, ok2 := schedule.ParseTimeOfDay(until)
	if !ok1 || !ok2 {
		s.fatal("no times of day: %s, %s", from, until)
	}
	return schedule.Daily(zone, start, end)
}

var testRules = map[string]risk.TestRule{"also": risk.WithTests, "only": risk.OnlyTests}

func capacities(text string) (set risk.CapacitySet) {
	for i := range len(text) {
		switch c := text[i]; {
		case c == '-':
			set |= risk.CapacityUnstated
		case c == '0':
			set |= risk.CustomerUnstated
		case c < 'A':
			set |= risk.ParseCustomerCapacity(c)
		default:
			set |= risk.ParseOrderCapacity(c)
		}
	}
	return set
}
