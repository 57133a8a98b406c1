package verbs

import (
	"errors"
	"fmt"
	"time"

	"portcullis/gate/admin"
)

// limitVerb is about limits that are set for a time in place of those of the files.
type limitVerb struct {
	Set   limitSetVerb   `cmd:"" help:"Set a limit for a time. It ends by itself; what loosens waits for another person where gate.approval says four_eyes."`
	Clear limitClearVerb `cmd:"" help:"Give it back to the files before."`
	List  limitListVerb  `cmd:"" help:"What is set, by whom, why and until when, by the journal."`
}

const limitHelp = "firm, or group, client, account, desk, trader, algo, link or venue and its name; then the limit as in gate.yaml, such as limits.gross, order_qty_max, " +
	"symbols.IBM.notional_max or throttles.orders"

// limitRequest reads firm KEY, or SCOPE NAME KEY, with so many words behind it.
func limitRequest(verb admin.Verb, words []string, behind int) (r admin.Request, rest []string, err error) {
	switch named := len(words) == 3+behind; {
	case named && words[0] != firmWord:
		scope, err := scopeKind(words[0])
		return admin.Request{Verb: verb, Scope: scope, Name: words[1], Key: words[2]}, words[3:], err
	case !named && len(words) == 2+behind && words[0] == firmWord:
		return admin.Request{Verb: verb, Scope: admin.AllScope, Key: words[1]}, words[2:], nil
	}
	return r, nil, errors.New("want " + limitHelp)
}

type limitSetVerb struct {
	socketFlag
	Words []string       `arg:"" name:"scope name key value" help:"Whose limit, which, and how much or unlimited: ${limit_help}."`
	Until string         `help:"It ends at this time, e.g. 2026-11-27T21:00:00Z; otherwise at the next roll of the trade date." xor:"ends"`
	For   *time.Duration `help:"It ends after so long, e.g. 90m." xor:"ends"`
	Why   string         `name:"why" short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *limitSetVerb) Run() error {
	r, value, err := limitRequest(admin.LimitSet, v.Words, 1)
	if err != nil {
		return err
	}
	r.Value, r.Until, r.Reason = value[0], v.Until, v.Why
	if v.For != nil {
		if *v.For <= 0 {
			return fmt.Errorf("--for %v: want how long the limit is to last from now on, such as 90m", *v.For)
		}
		r.Until = time.Now().Add(*v.For).UTC().Format(time.RFC3339Nano)
	}
	return v.ask(r)
}

type limitClearVerb struct {
	socketFlag
	Words []string `arg:"" name:"scope name key" help:"Whose limit, and which: ${limit_help}."`
	Why   string   `name:"why" short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *limitClearVerb) Run() error {
	r, _, err := limitRequest(admin.LimitClear, v.Words, 0)
	if err != nil {
		return err
	}
	r.Reason = v.Why
	return v.ask(r)
}

type limitListVerb struct{ journalFlag }

func (v *limitListVerb) Run() error {
	s, err := v.load(false)
	if err != nil {
		return err
	}
	defer v.asOf()
	s.Limits(out)
	return nil
}
