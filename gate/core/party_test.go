package core

import (
	"strings"

	"portcullis/risk"
)

// partyActions reads what a link may do to parties: "client:ACME", "suspend=block", "reinstate".
func (s *script) partyActions(words []string) (may PartyActions) {
	for _, word := range words {
		switch key, mode, _ := strings.Cut(word, "="); key {
		case "suspend":
			may.Suspend = killModes[mode]
		case "halt":
			may.Halt = killModes[mode]
		case "reinstate":
			may.Reinstate = true
		default:
			of, ok := risk.Only(s.scopeOf(key))
			if !ok {
				s.fatal("no scope: %q", key)
			}
			may.Of = append(may.Of, of)
		}
	}
	return may
}
