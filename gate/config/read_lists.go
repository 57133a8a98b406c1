package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"portcullis/risk"
)

// List is a named list of symbols. Any scope may have it, as a restricted or as a permitted one.
type List struct {
	Name    string
	Entries []ListEntry
}

// ListEntry is a symbol on a list, from FromNs until before UntilNs; UTC. Without times they are 0 and risk.Forever.
type ListEntry struct {
	Symbol          string
	FromNs, UntilNs int64
}

// ListUse are the lists of one scope, by their names. Nothing on a restricted one may be traded, and where there are
// permitted ones, nothing that is on none of them.
type ListUse struct {
	Of                    Kind
	Name                  string // "": of the firm, whatever Of says
	Restricted, Permitted []string
}

// readLists reads the lists of symbols: in gate.yaml, in a file each, or both.
func (l *loader) readLists(parts []*mapping) {
	for _, part := range parts {
		for _, m := range part.entries("lists") {
			name := m.need("name")
			r := listReader{l: l, list: List{Name: l.plainName(name)}, zone: l.zone(m)}
			r.from, r.until = r.times(m.text("from", ""), m.text("until", ""))
			r.inline(m)
			if file := m.text("file", ""); file.text != "" {
				r.file(file)
			}
			if len(r.list.Entries) == 0 {
				l.warn(name.at, "list %s is empty", name.text)
			}
			if len(l.config.Lists) == risk.ListsMax {
				l.add(name.at, fmt.Sprintf("more than %d lists", risk.ListsMax), "put together those that the same scopes have")
			}
			l.lists.define(l, name)
			l.config.Lists = append(l.config.Lists, r.list)
			m.close()
		}
	}
}

// zone reads the IANA zone of times without one.
func (l *loader) zone(m *mapping) *time.Location {
	value := m.text("zone", "UTC")
	zone, err := zoneOf(value.text)
	if err != nil || value.text == "Local" {
		l.add(value.at, "zone: "+show(value.text)+" is not a time zone", "write a name of the IANA database, such as Europe/London, or UTC")
		return time.UTC
	}
	return zone
}

// listReader reads one list.
type listReader struct {
	l           *loader
	list        List
	zone        *time.Location
	from, until int64 // of entries that have none of their own
}

// inline reads what gate.yaml itself lists: symbols, and types of instruments.
func (r *listReader) inline(m *mapping) {
	for _, value := range m.list("symbols") {
		if i := r.l.instruments.find(r.l, value); i != None {
			r.add(value.text, r.from, r.until)
		}
	}
	for _, value := range m.list("types") {
		r.addType(value, r.from, r.until)
	}
}

// file reads a CSV file of the list. Vendors' files hold more symbols than are traded, so unknown ones are counted,
// not refused: no order for them passes anyway.
func (r *listReader) file(name scalar) {
	unknown := 0
	r.l.readTable(name, nil, []string{"symbol", "type", "from", "until"}, func(t *table) {
		symbol, kind := t.text("symbol", ""), t.text("type", "")
		from, until := r.times(t.text("from", ""), t.text("until", ""))
		_, known := r.l.instruments.index[symbol.text]
		switch {
		case (symbol.text == "") == (kind.text == ""):
			r.l.add(t.at, "a row names a symbol or a type", "fill in one of the two")
		case kind.text != "":
			r.addType(kind, from, until)
		case known:
			r.add(symbol.text, from, until)
		default:
			unknown++
		}
	})
	if unknown > 0 && !r.l.instruments.partial {
		r.l.warn(place{file: name.text}, "%d symbols of list %s are not in the instruments file", unknown, r.list.Name)
	}
}

func (r *listReader) add(symbol string, from, until int64) {
	r.list.Entries = append(r.list.Entries, ListEntry{symbol, from, until})
}

func (r *listReader) addType(kind scalar, from, until int64) {
	if !slices.Contains(instrumentTypes, kind.text) {
		r.l.add(kind.at, "type: "+show(kind.text)+" is not known", "write "+strings.Join(instrumentTypes, " or "))
	}
	for i := range r.l.config.Instruments {
		if in := &r.l.config.Instruments[i]; in.Type == kind.text {
			r.add(in.Symbol, from, until)
		}
	}
}

// times reads from when until when an entry counts; what is left out is the list's.
func (r *listReader) times(from, until scalar) (fromNs, untilNs int64) {
	fromNs, untilNs = r.from, risk.Forever
	if r.until != 0 {
		untilNs = r.until
	}
	if from.text != "" {
		fromNs = r.moment(from)
	}
	if until.text != "" {
		untilNs = r.moment(until)
	}
	if fromNs >= untilNs && untilNs != 0 {
		r.l.add(until.at, "until is not after from", "an entry counts from the one until before the other")
	}
	return fromNs, untilNs
}

// momentLayouts are how a moment is written: in UTC with a Z, else in the zone of the list.
var momentLayouts = []string{"2006-01-02T15:04:05Z", "2006-01-02T15:04Z", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"}

// moment reads a date and time; clocks of the zone must show it, once.
func (r *listReader) moment(value scalar) int64 {
	const cure = "write 2026-11-27 09:30, or 2026-11-27T14:30Z in UTC"
	for _, layout := range momentLayouts {
		zone := r.zone
		if strings.HasSuffix(layout, "Z") {
			zone = time.UTC
		}
		t, err := time.ParseInLocation(layout, value.text, zone)
		if err != nil {
			continue
		}
		shows := func(by time.Duration) bool { return t.Add(by).Format(layout) == value.text }
		switch day := layout == "2006-01-02"; {
		case t.Year() < 1970 || t.Year() > 2200:
			r.l.add(value.at, show(value.text)+" is out of range", cure)
		case !shows(0) || !day && (shows(time.Hour) || shows(-time.Hour) || shows(30*time.Minute) || shows(-30*time.Minute)):
			r.l.add(value.at, show(value.text)+" is not shown by clocks in "+zone.String()+" exactly once", "write it in UTC, with a Z")
		}
		return t.UnixNano()
	}
	r.l.add(value.at, show(value.text)+" is not a date and time", cure)
	return 0
}

// useLists reads which lists a scope has.
func (l *loader) useLists(m *mapping, of Kind, name string) {
	u := ListUse{of, name, l.listNames(m, "restricted"), l.listNames(m, "permitted")}
	if len(u.Restricted)+len(u.Permitted) > 0 {
		l.config.ListUses = append(l.config.ListUses, u)
	}
}

// listNames reads names of lists.
func (l *loader) listNames(m *mapping, key string) (names []string) {
	for _, value := range m.list(key) {
		switch i := l.lists.find(l, value); {
		case i == None:
		case slices.Contains(names, value.text):
			l.add(value.at, key+": "+show(value.text)+" is named twice", "keep one")
		default:
			names = append(names, value.text)
		}
	}
	return names
}
