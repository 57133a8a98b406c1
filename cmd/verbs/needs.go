package verbs

import (
	"cmp"
	"errors"
	"strings"

	"portcullis/gate/admin"
)

// flagWords are the fields of requests that are not called so on the command line, "verb.field" before "field".
var flagWords = map[string]string{"reason": "-r", "next_in": "--in", "next_out": "--out", "exec_id": "--execid",
	"cancel.name": "--orderid", "assign.name": "the execution's ExecID", "resolve.name": "an order", "halt.name": "a symbol",
	"resume.name": "a symbol", "phase.name": "a phase", "accept.name": "a venue", "approve.name": "a hash", "revive.id": "a kill's id, as gate status lists it", "control": "a control's code", "name": "a link"}

// inFlags says of a request that lacks something what it is called on the command line.
func inFlags(err error) error {
	var need *admin.NeedError
	if !errors.As(err, &need) {
		return err
	}
	flags := make([]string, len(need.Fields))
	for i, field := range need.Fields {
		flags[i] = cmp.Or(flagWords[string(need.Verb)+"."+field], flagWords[field], "--"+strings.ReplaceAll(field, "_", "-"))
	}
	return errors.New("gate " + need.Verb.Typed() + " needs " + strings.Join(flags, " or "))
}
