package config

import (
	"strconv"
	"time"

	"portcullis/fix/schedule"
	"portcullis/risk"
)

// CloseCutOff is the time of day after which a venue takes no more orders at the close.
type CloseCutOff struct {
	At      schedule.TimeOfDay
	Until   schedule.TimeOfDay // then it takes them for the next close
	Zone    *time.Location
	Replace bool         // replace: pass
	Cancel  bool         // cancel: pass
	Parts   []CutOffPart // that have another
}

// CutOffPart is another cut-off of a type, or of one symbol, which wins.
type CutOffPart struct {
	Type, Symbol string
	At, Until    schedule.TimeOfDay
}

// NoCancel is when a venue takes no cancels.
type NoCancel struct {
	Phases  []risk.Phase
	Periods []Period // of every day
	Zone    *time.Location
	Replace bool // replace: pass
	Owes    bool // cancel: owe
}

// Period is a part of the day.
type Period struct{ From, Until schedule.TimeOfDay }

// closeCutOff reads when orders at the close come too late, nil where nothing is written.
func (l *loader) closeCutOff(m *mapping) *CloseCutOff {
	defer m.close()
	if !m.has("at") {
		return nil
	}
	c := &CloseCutOff{At: l.timeOfDay(m, "at", ""), Zone: l.zone(m),
		Replace: m.word("replace", "refuse", "refuse", "pass") == "pass", Cancel: m.word("cancel", "pass", "refuse", "pass") == "pass"}
	until := m.text("until", "00:00:00")
	c.Until = l.clock("until", until)
	m.parts(func(part *mapping, kind, symbol string) {
		c.Parts = append(c.Parts, CutOffPart{kind, symbol, l.clock("at", part.need("at")), l.timeOfDay(part, "until", until.text)})
	})
	if len(c.Parts) > cutOffPartsMax {
		l.add(m.at, "close_cutoff: "+strconv.Itoa(len(c.Parts))+" other cut-offs are too many", "write at most "+strconv.Itoa(cutOffPartsMax))
	}
	return c
}

// cutOffPartsMax: an instrument knows its cut-off by a byte.
const cutOffPartsMax = 200

func (l *loader) timeOfDay(m *mapping, key, otherwise string) schedule.TimeOfDay {
	return l.clock(key, m.text(key, otherwise))
}

func (l *loader) clock(key string, value scalar) schedule.TimeOfDay {
	at, ok := schedule.ParseTimeOfDay(value.text)
	if !ok {
		l.add(value.at, key+": "+show(value.text)+" is no time of day", "write HH:MM:SS in quotes, as \"15:50:00\"")
	}
	return at
}

// noCancel reads when a venue takes no cancels, nil where nothing is written.
func (l *loader) noCancel(venue *mapping) *NoCancel {
	if !venue.has("no_cancel") {
		return nil
	}
	m := venue.sub("no_cancel")
	defer m.close()
	n := &NoCancel{Replace: m.word("replace", "refuse", "refuse", "pass") == "pass", Owes: m.word("cancel", "refuse", "refuse", "owe") == "owe"}
	for _, value := range m.list("phases") {
		if value.text == PhaseWord(risk.PhaseUnknown) {
			l.add(value.at, "phases: a venue of which nobody says the phase may take cancels, and is sent them", "remove "+value.text)
		}
		n.Phases = append(n.Phases, l.phase("phases", value))
	}
	for _, pair := range m.pairs("periods") {
		p := Period{l.clock("periods", pair[0]), l.clock("periods", pair[1])}
		if p.From == p.Until {
			l.add(pair[0].at, "periods: "+pair[0].text+" to "+pair[1].text+" is the whole day", "write when the period ends, or no period")
		}
		n.Periods = append(n.Periods, p)
	}
	if n.Zone = l.zone(m); len(n.Phases)+len(n.Periods) == 0 {
		l.add(m.at, "no_cancel names no time", "write phases or periods, or remove it")
	}
	return n
}
