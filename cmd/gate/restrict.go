package main

import (
	"errors"
	"strings"

	"portcullis/gate/admin"
)

// restrictFlags are a symbol and who may not trade it.
type restrictFlags struct {
	socketFlag
	Symbol string `arg:"" help:"The symbol, as in the configuration."`
	Scope  string `required:"" help:"Who: firm, or group:X, client:X, account:X, desk:X, trader:X, algo:X, link:X, venue:X."`
	Reason string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *restrictFlags) request(verb admin.Verb) (r admin.Request, err error) {
	r = admin.Request{Verb: verb, Symbol: v.Symbol, Scope: admin.AllScope, Reason: v.Reason}
	if v.Scope == "firm" {
		return r, nil
	}
	scope, name, named := strings.Cut(v.Scope, ":")
	if !named || name == "" {
		return r, errors.New("--scope is firm, or a kind and a name, such as client:ACME")
	}
	r.Scope, r.Name = admin.Scope(scope), name
	return r, nil
}

type restrictVerb struct {
	restrictFlags
	Until string `help:"It ends at this time, e.g. 2026-11-27T21:00:00Z; otherwise with gate unrestrict."`
}

func (v *restrictVerb) Run() error {
	r, err := v.request(admin.Restrict)
	if err != nil {
		return err
	}
	r.Until = v.Until
	return v.ask(r)
}

type unrestrictVerb struct{ restrictFlags }

func (v *unrestrictVerb) Run() error {
	r, err := v.request(admin.Unrestrict)
	if err != nil {
		return err
	}
	return v.ask(r)
}
