package peer

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/config"
)

// version is what a peer speaks.
type version struct {
	begin     string // BeginString(8), "FIX.4.4"
	applVerID string // with FIXT.1.1, the DefaultApplVerID(1137); "" = 9, FIX.5.0SP2
	// dictionaries is the folder with FIX44.xml and the like, to which quickfixgo holds what comes; "" = it does not.
	dictionaries string
}

const fixt = quickfix.BeginStringFIXT11

// settings are quickfixgo's for the version.
func (v *version) settings() map[string]string {
	pairs := map[string]string{}
	file := func(name string) string { return filepath.Join(v.dictionaries, name+".xml") }
	if v.begin != fixt {
		if v.dictionaries != "" {
			pairs[config.DataDictionary] = file(strings.ReplaceAll(v.begin, ".", ""))
		}
		return pairs
	}
	id := v.applVerID
	if id == "" {
		id = "9"
	}
	pairs[config.DefaultApplVerID] = id
	if v.dictionaries != "" {
		pairs[config.TransportDataDictionary] = file("FIXT11")
		pairs[config.AppDataDictionary] = file(map[string]string{"7": "FIX50", "8": "FIX50SP1", "9": "FIX50SP2"}[id])
	}
	return pairs
}

// words puts a message, written in the words of FIX.4.4, into those of the version. TransactTime(60) of an order
// message or a report is now, unless it is given.
func (v *version) words(m Message) Message {
	m = slices.Clone(m)
	if !m.Has(60) && v.timed(m.Type()) {
		m = append(m, Field{60, time.Now().UTC().Format("20060102-15:04:05.000")})
	}
	begin := v.begin
	switch m.Type() {
	case "8":
		if begin <= quickfix.BeginStringFIX42 {
			m = v.oldReport(m)
		}
		if begin < quickfix.BeginStringFIX44 && m.Get(103) == "99" {
			m.set(103, "0")
		}
	case "9":
		if begin < quickfix.BeginStringFIX42 {
			m = m.without(60, 434)
		}
		if begin == quickfix.BeginStringFIX40 {
			m = m.without(39, 41)
		}
	case "j", "3":
		if begin < quickfix.BeginStringFIX42 {
			m.set(35, "3")
			m = m.without(371, 372, 373, 379, 380)
		}
	case "D", "G":
		if begin < quickfix.BeginStringFIX44 && !m.Has(21) {
			m = append(m, Field{21, "1"})
		}
	case "F":
		if begin == quickfix.BeginStringFIX40 && !m.Has(125) {
			m = append(m, Field{125, "F"})
		}
	}
	return m
}

// oldReport is an ExecutionReport until FIX.4.2: ExecTransType(20) tells what it is about, and executions have
// ExecTypes of their own. In FIX.4.0 OrdStatus(39) is all there is, and an ExecID(17) is a number.
func (v *version) oldReport(m Message) Message {
	transType, execType := "0", m.Get(150)
	switch execType {
	case "F":
		if execType = "1"; m.Get(39) == "2" {
			execType = "2"
		}
	case "H":
		transType, execType = "1", m.Get(39)
	case "G":
		transType, execType = "2", m.Get(39)
	case "I":
		transType, execType = "3", m.Get(39)
	}
	m.set(150, execType)
	m = append(m, Field{20, transType})
	if v.begin < quickfix.BeginStringFIX42 && !m.Has(32) {
		m = append(m, Field{32, "0"}, Field{31, "0"})
	}
	if v.begin == quickfix.BeginStringFIX40 {
		m.set(39, execType)
		m.set(17, strings.TrimLeft(m.Get(17), "E"))
		m.set(19, strings.TrimLeft(m.Get(19), "E"))
		m = m.without(150, 151, 41)
	}
	return m
}

// set replaces a field that is there.
func (m Message) set(tag int, value string) {
	for i := range m {
		if m[i].Tag == tag {
			m[i].Value = value
		}
	}
}

func (m Message) without(tags ...int) Message {
	return slices.DeleteFunc(m, func(f Field) bool { return slices.Contains(tags, f.Tag) })
}

// timed reports whether the version has a TransactTime(60) in messages of a type.
func (v *version) timed(msgType string) bool {
	switch msgType {
	case "D", "F", "G", "9":
		return v.begin >= quickfix.BeginStringFIX42
	}
	return msgType == "8"
}
