package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"portcullis/fix"
	"portcullis/fix/settings"
	"portcullis/risk"
)

// Parts of the ids that the gate makes for a venue: prefix, boot epoch, slot, generation. It makes
// some, for cancels of its own, also where it preserves those of the client.
const (
	epochBytes      = 3
	slotBytes       = 4
	generationBytes = 4
)

// uuidBytes is the length of a UUID as text, with its hyphens.
const uuidBytes = 36

// readVenues reads the venue profiles.
func (l *loader) readVenues(parts []*mapping) {
	for _, part := range parts {
		for _, m := range part.entries("venues") {
			l.venue(m)
			m.close()
		}
	}
}

// venue reads one entry of venues.
func (l *loader) venue(m *mapping) {
	name := m.need("name")
	v := Venue{Name: l.plainName(name), Session: l.useSession(m.need("link"), venueSide)}
	l.venueIDs(m, &v)
	l.venueTags(m.sub("tags"), &v)
	l.translate(m, &v)
	for _, pair := range m.pairs("account_map") {
		if i := l.accounts.find(l, pair[0]); i != None {
			v.AccountMap = append(v.AccountMap, AccountAlias{i, l.fixName(pair[1])})
		}
	}
	l.symbolMap(m, &v)
	v.StatusRequest = m.flag("status_request", false)
	if v.MassCancel = m.flag("mass_cancel", false); v.MassCancel && v.Session.BeginString < massCancelSince {
		l.add(m.placeOf("mass_cancel"), "mass_cancel: "+v.Session.BeginString+" has no OrderMassCancelRequest",
			"write false: the gate cancels each order by its own request")
	}
	v.COD = map[string]VenueCOD{"day": CancelsDay, "all": CancelsAll}[m.word("cod", "", "none", "day", "all")]
	phases := m.sub("phases")
	v.Timetable = l.timetable(phases)
	v.Statuses = l.statuses(phases)
	v.UnknownByLink = m.word("on_unknown", "account", "account", "link") == "link"
	if m.has("kill_when_down") {
		down := m.sub("kill_when_down")
		v.DownNs, v.DownMode = down.millis("after_ms", 30_000, 1), down.killMode("mode")
		if v.DownMode == risk.KillDisconnect {
			l.add(down.placeOf("mode"), "kill_when_down: no link sends to this venue alone", "write mode: block or cancel")
		}
		down.close()
	}
	v.UnansweredNs = m.millis("unanswered_ms", 5000, 100)
	v.Limits, v.Orders = ownLimits(m), l.orderRules(m)
	l.useLists(m, VenueNumber, name.text)
	v.MessageBudget = Throttle{CountMax: Unlimited}
	if m.has("message_budget") {
		v.MessageBudget = m.throttle("message_budget", orderRateMax)
	}
	v.CloseCutOff, v.NoCancel = l.closeCutOff(m.sub("close_cutoff")), l.noCancel(m)
	l.venueLogon(m.sub("logon"), &v)
	l.venues.define(l, name)
	l.config.Venues = append(l.config.Venues, v)
}

// venueLogon reads what our Logon says.
func (l *loader) venueLogon(m *mapping, v *Venue) {
	v.Username = m.text("username", "").text
	if file := m.text("password_file", ""); file.text != "" {
		v.Password, _ = l.readSecret(file)
	}
	v.RawPassword = m.word("password_tag", "554", "554", "96") == "96"
	var taken []TagRange
	for _, pair := range m.pairs("tags") {
		tag, ok := l.tagRange("tags", pair[0])
		switch {
		case !ok:
		case tag.First != tag.Last:
			l.add(pair[0].at, "tags: "+show(pair[0].text)+" is a range", "write one tag at a time")
		case slices.Contains(logonTags, tag.First):
			l.add(pair[0].at, "tags: "+pair[0].text+" is a setting of its own, or the link layer's", "remove it; see username, password_file and the settings file")
		case l.claim("tags", pair[0], tag, &taken):
			v.LogonTags = append(v.LogonTags, TagValue{tag.First, pair[1].text})
		}
	}
	slices.SortFunc(v.LogonTags, func(a, b TagValue) int { return a.Tag - b.Tag })
	m.close()
}

// logonTags are those of a Logon that the link layer writes, or does not support.
var logonTags = []int{50, 57, 98, 108, 141, 142, 143, 383, 384, 553, 554, 789, 925, 1128, 1137, 1400, 1401, 1402, 1403, 1404}

// symbolMap reads how the venue calls instruments. No name may stand for two of them: what a report is about would be
// a guess.
func (l *loader) symbolMap(m *mapping, v *Venue) {
	own, of := map[string]bool{}, map[int]bool{}
	for _, pair := range m.pairs("symbol_map") {
		i, alias := l.instruments.find(l, pair[0]), l.fixName(pair[1])
		if i == None {
			continue
		}
		if own[alias] {
			l.add(pair[1].at, "symbol_map: "+show(alias)+" stands for two symbols", "give each a name of its own")
		}
		own[alias], of[i] = true, true
		v.SymbolMap = append(v.SymbolMap, SymbolAlias{i, alias})
	}
	for _, pair := range m.pairs("symbol_map") {
		if i, taken := l.instruments.index[pair[1].text]; taken && !of[i] {
			l.add(pair[1].at, "symbol_map: "+show(pair[1].text)+" is a symbol of the instruments file, too",
				"write also what the venue calls "+pair[1].text)
		}
	}
}

// venueIDs reads how orders are named toward the venue.
func (l *loader) venueIDs(m *mapping, v *Venue) {
	v.PreserveClOrdID = m.word("clordid", "translate", "translate", "preserve") == "preserve"
	m.word("id_alphabet", "base36", "base36")
	usual := 20
	if v.PreserveClOrdID {
		usual = uuidBytes // a venue that takes its clients' own ids takes these
	}
	v.IDBytesMax = m.count("id_length_max", usual, 1, IDBytesMax)
	prefix := m.text("id_prefix", "")
	v.IDPrefix = prefix.text
	for i := range len(prefix.text) {
		if c := prefix.text[i]; !isDigit(c) && (c < 'A' || c > 'Z') {
			l.add(prefix.at, "id_prefix: "+show(prefix.text)+" is not base-36", "write digits and upper-case letters")
			return
		}
	}
	length := len(prefix.text) + epochBytes + slotBytes + generationBytes
	if length > v.IDBytesMax {
		l.add(m.at, fmt.Sprintf("ids of %d characters (prefix %d + epoch %d + slot %d + generation %d) exceed "+
			"id_length_max %d", length, len(prefix.text), epochBytes, slotBytes, generationBytes, v.IDBytesMax),
			"shorten id_prefix, or raise id_length_max if the venue takes longer ids")
	}
}

// translate reads which versions of participants are put into the venue's own, and back.
func (l *loader) translate(m *mapping, v *Venue) {
	for _, value := range m.list("translate") {
		switch {
		case value.text == "all":
			v.Translate = settings.ApplVersions()
		case slices.Contains(settings.ApplVersions(), value.text):
			v.Translate = append(v.Translate, value.text)
		default:
			l.add(value.at, "translate: "+show(value.text)+" is not a version of FIX",
				"write all, or of "+strings.Join(settings.ApplVersions(), ", ")+" those of its participants")
		}
	}
}

// Tags that a policy cannot touch. What leaves is what was judged, so no policy may write or remove
// what the link layer or a check writes or reads.
var (
	wireTags   = []int{8, 9, 10, 34, 35, 43, 49, 52, 56, 89, 90, 91, 93, 97, 122, 369, 627, 628, 629, 630}
	judgedTags = []int{1, 11, 18, 37, 38, 40, 41, 44, 54, 55, 59, 60, 99, 110, 111, 126, 152, 210, 211, 388, 389, 432, 516,
		836, 842, 1082, 1083, 1084, 1085, 1086, 1087, 1088, 1089, 1094, 1138}
)

// massCancelSince is the first version with an OrderMassCancelRequest(35=q).
const massCancelSince = "FIX.4.3"

// userDefinedMin is the first user-defined tag; they are refused until a profile passes them.
const userDefinedMin = 5000

// venueTags reads the tag policy. A tag stands in one list only.
func (l *loader) venueTags(m *mapping, v *Venue) {
	var taken []TagRange
	for _, pair := range m.pairs("set") {
		tag, ok := l.tagRange("set", pair[0])
		if ok && tag.First != tag.Last {
			l.add(pair[0].at, "set: "+show(pair[0].text)+" is a range", "set one tag at a time")
		} else if ok && l.claim("set", pair[0], tag, &taken) {
			v.TagSet = append(v.TagSet, TagValue{tag.First, pair[1].text})
		}
	}
	for _, list := range []struct {
		key  string
		into *[]TagRange
	}{{"drop", &v.TagDrop}, {"reject", &v.TagReject}, {"pass", &v.TagPass}} {
		for _, value := range m.list(list.key) {
			tags, ok := l.tagRange(list.key, value)
			if ok && l.claim(list.key, value, tags, &taken) {
				*list.into = append(*list.into, tags)
			}
		}
	}
	m.close()
}

// tagRange reads "5001" or "5000-5999".
func (l *loader) tagRange(key string, value scalar) (TagRange, bool) {
	low, high, isRange := strings.Cut(value.text, "-")
	if !isRange {
		high = low
	}
	first, err1 := strconv.ParseUint(low, 10, 31)
	last, err2 := strconv.ParseUint(high, 10, 31)
	if err1 != nil || err2 != nil || first == 0 || last < first || last > 999_999 {
		l.add(value.at, key+": "+show(value.text)+" is not a tag", "write 5001 or 5000-5999")
		return TagRange{}, false
	}
	return TagRange{int(first), int(last)}, true
}

// claim checks that a policy may have these tags, and that no other list has them.
func (l *loader) claim(key string, value scalar, tags TagRange, taken *[]TagRange) bool {
	inside := func(tag int) bool { return tags.First <= tag && tag <= tags.Last }
	switch {
	case slices.ContainsFunc(wireTags, inside):
		l.add(value.at, key+": "+value.text+" is written by the link layer", "remove it")
		return false
	case (key == "set" || key == "drop") && slices.ContainsFunc(judgedTags, inside):
		l.add(value.at, key+": "+value.text+" is judged by the checks; what leaves is what was judged",
			"remove it; only reject is possible")
		return false
	case (key == "set" || key == "tags") && slices.ContainsFunc(fix.DataPairs(), func(p [2]int) bool { return inside(p[0]) || inside(p[1]) }):
		l.add(value.at, key+": "+value.text+" is a data field or the length of one", "remove it; text without its length is Text(58)")
		return false
	case key == "pass" && tags.First < userDefinedMin:
		l.add(value.at, key+": "+value.text+" is a standard tag", "standard tags pass by themselves; list tags from 5000")
		return false
	}
	for _, other := range *taken {
		if tags.First <= other.Last && other.First <= tags.Last {
			l.add(value.at, key+": "+value.text+" is already in the tag policy", "a tag stands in one list")
			return false
		}
	}
	*taken = append(*taken, tags)
	return true
}

// readRoutes reads how an order finds its venue.
func (l *loader) readRoutes(m *mapping) {
	r := &l.config.Routes
	targets := l.readLines(m)
	r.Default = targets.find(l, m.text("default", ""))
	for _, list := range []struct {
		key  string
		from *names
		into *[]Route
	}{{"symbols", &l.instruments, &r.Symbols}, {"accounts", &l.accounts, &r.Accounts}} {
		for _, pair := range m.pairs(list.key) {
			from, to := list.from.find(l, pair[0]), targets.find(l, pair[1])
			if from != None && to != None {
				*list.into = append(*list.into, Route{from, to})
			}
		}
	}
	for _, pair := range m.pairs("ex_destinations") {
		if to := targets.find(l, pair[1]); to != None {
			r.ExDestinations = append(r.ExDestinations, DestinationRoute{l.fixName(pair[0]), to})
		}
	}
	if r.Default == None && !m.has("default") {
		l.warn(m.at, "no default route: an order that no other route matches is refused")
	}
	m.close()
}

// targets are the names that routes can lead to.
type targets struct{ venues, lines *names }

func (t targets) find(l *loader, name scalar) int {
	if i, ok := t.lines.index[name.text]; ok {
		return LinesBase + i
	}
	return t.venues.find(l, name)
}

// readLines reads the places that several venue lines lead to.
func (l *loader) readLines(m *mapping) targets {
	lines := newNames("destination")
	for _, part := range m.entries("lines") {
		name := part.need("name")
		entry := Lines{Name: l.plainName(name), BySymbol: part.word("sticky", "account", "account", "symbol") == "symbol"}
		if at, taken := l.venues.index[name.text]; taken {
			l.add(name.at, "lines: "+show(name.text)+" is a venue, too", fmt.Sprintf("the one at line %d keeps the name; take another here", l.venues.at[at].line))
		}
		for _, value := range part.list("venues") {
			if i := l.venues.find(l, value); i == None {
			} else if slices.Contains(entry.Venues, i) {
				l.add(value.at, "lines: venue "+show(value.text)+" stands twice in "+show(name.text), "name each once")
			} else {
				entry.Venues = append(entry.Venues, i)
			}
		}
		if len(entry.Venues) == 0 {
			l.add(part.at, "lines: "+show(name.text)+" has no venue", "list its lines, as venues: [XLON-1, XLON-2]")
			entry.Venues = []int{0} // the error ends the loading
		}
		lines.define(l, name)
		l.config.Routes.Lines = append(l.config.Routes.Lines, entry)
		part.close()
	}
	return targets{&l.venues, &lines}
}
