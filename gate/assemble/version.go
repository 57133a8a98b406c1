package assemble

import (
	"fmt"

	"portcullis/fix/dict"
	"portcullis/fix/settings"
	"portcullis/gate/core"
	"portcullis/risk"
)

// version is one application version of FIX with its dictionary.
type version struct {
	name    string // as settings.Session.ApplVersion spells it
	dict    *dict.Dict
	dialect *core.Dialect
}

// versions are those that links may speak, oldest first.
func versions() ([]version, error) {
	all := make([]version, 0, risk.FIXVersions)
	for i, name := range settings.ApplVersions() {
		begin, applVerID := name, ""
		if id := dict.ApplVerID(name); risk.FIXVersion(i) > risk.FIX44 {
			begin, applVerID = "FIXT.1.1", id
		}
		d, err := dict.For(begin, applVerID)
		if err != nil {
			return nil, fmt.Errorf("dictionary of %s: %w", name, err)
		}
		all = append(all, version{name, d, core.NewDialect(risk.FIXVersion(i), d)})
	}
	return all, nil
}

// spoken is the version that a session speaks.
func spoken(all []version, s *settings.Session) *version {
	for i := range all {
		if all[i].name == s.ApplVersion() {
			return &all[i]
		}
	}
	return &all[len(all)-1] // settings have no other
}

// carried tells which tags of a message stand at the same place in the same message of another version.
func (v *version) carried(to *version) core.Carried {
	return func(msgType string) func(tag int) bool { return dict.Carried(v.dict, to.dict, []byte(msgType)) }
}
