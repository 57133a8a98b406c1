package demo

import (
	"fmt"
	"strconv"
	"strings"

	"portcullis/gate/demo/peer"
)

// Words of the script and what FIX writes for them.
var (
	sideCodes = map[string]string{"buy": "1", "sell": "2", "short": "5"}
	tifCodes  = map[string]string{"day": "0", "gtc": "1", "ioc": "3", "fok": "4"}
)

// words are what is left to read of a message in the script.
type words []string

func (w *words) next() string {
	if len(*w) == 0 {
		return ""
	}
	word := (*w)[0]
	*w = (*w)[1:]
	return word
}

// fixMessage turns the script's words into a FIX message.
func fixMessage(text string) (peer.Message, error) {
	w := words(strings.Fields(text))
	var m peer.Message
	switch verb := w.next(); verb {
	case "new":
		m = peer.Message{{Tag: 35, Value: "D"}, {Tag: 11, Value: w.next()}}
	case "replace", "cancel":
		msgType := map[string]string{"replace": "G", "cancel": "F"}[verb]
		m = peer.Message{{Tag: 35, Value: msgType}, {Tag: 11, Value: w.next()}}
		if word := w.next(); word != "of" {
			return nil, fmt.Errorf("%q: want ID of ORIGINAL", text)
		}
		m = append(m, peer.Field{Tag: 41, Value: w.next()})
	case "raw":
		return options(m, w)
	default:
		return nil, fmt.Errorf("%q: want new, replace, cancel or raw", text)
	}
	side, known := sideCodes[w.next()]
	if !known {
		return nil, fmt.Errorf("%q: want a side after the names", text)
	}
	m = append(m, peer.Field{Tag: 54, Value: side}, peer.Field{Tag: 38, Value: w.next()})
	m = append(m, peer.Field{Tag: 55, Value: w.next()})
	return options(m, w)
}

// options reads what may follow: type and price, account, time in force, tags set or left out.
func options(m peer.Message, w words) (peer.Message, error) {
	for len(w) > 0 {
		word := w.next()
		switch tag, value, assigned := strings.Cut(word, "="); {
		case word == "limit":
			m = append(m, peer.Field{Tag: 40, Value: "2"}, peer.Field{Tag: 44, Value: w.next()})
		case word == "market":
			m = append(m, peer.Field{Tag: 40, Value: "1"})
		case word == "for":
			m = append(m, peer.Field{Tag: 1, Value: w.next()})
		case word == "tif":
			m = append(m, peer.Field{Tag: 59, Value: tifCodes[w.next()]})
		case assigned || strings.HasPrefix(word, "-"):
			n, err := strconv.Atoi(strings.TrimPrefix(tag, "-"))
			if err != nil {
				return nil, fmt.Errorf("%q is no tag", word)
			}
			m = without(m, n)
			if assigned {
				m = append(m, peer.Field{Tag: n, Value: value})
			}
		default:
			return nil, fmt.Errorf("%q is no word of the script", word)
		}
	}
	return m, nil
}

func without(m peer.Message, tag int) (kept peer.Message) {
	for _, f := range m {
		if f.Tag != tag {
			kept = append(kept, f)
		}
	}
	return kept
}

// answerName says in one word or two what a participant was told.
func answerName(m peer.Message) string {
	switch m.Type() {
	case "9":
		return "refused"
	case "3":
		return "session reject"
	case "j":
		return "business reject"
	}
	switch m.Get(150) {
	case "0":
		return "new"
	case "F":
		if m.Get(39) == "1" {
			return "partial " + m.Get(32)
		}
		return "filled " + m.Get(32)
	case "H":
		return "busted " + m.Get(32)
	case "4":
		return "cancelled"
	case "5":
		return "replaced"
	case "6":
		return "pending cancel"
	case "8":
		return "rejected"
	}
	return m.String()
}
