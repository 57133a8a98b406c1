package admin

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// killWord begins a kill as a line of text, for monitors that have no JSON: "KILL all WHY", "KILL client:ACME WHY",
// "KILL trader:ANN,instrument:IBM WHY". WHY goes to the end of the line.
const killWord = "KILL"

// ParseKill reads such a line.
func ParseKill(line []byte) (Request, error) {
	text, is := bytes.CutPrefix(bytes.TrimSpace(line), []byte(killWord+" "))
	scope, reason, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	if !is || scope == "" {
		return Request{}, errors.New(`not a kill: want "KILL all WHY" or "KILL SCOPE:NAME WHY", such as KILL client:ACME algo ran away`)
	}
	r := Request{Verb: Kill, Scope: AllScope, Reason: strings.TrimSpace(reason)}
	if scope != string(AllScope) {
		first, others, _ := strings.Cut(scope, ",")
		kind, name, named := strings.Cut(first, ":")
		if !named {
			return Request{}, fmt.Errorf("not a kill: %q is no scope with its name; write all, or such as client:ACME", short(first))
		}
		r.Scope, r.Name, r.And = Scope(kind), name, strings.ReplaceAll(others, ",", " ")
	}
	if err := r.Validate(); err != nil {
		return Request{}, err
	}
	return r, nil
}
