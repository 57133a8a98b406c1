package verbs

import (
	"errors"
	"fmt"
	"slices"
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
	r = admin.Request{Verb: verb, Symbol: v.Symbol, Reason: v.Reason}
	r.Scope, r.Name, err = scopeOf(v.Scope)
	return r, err
}

// scopeOf reads firm, or a kind and a name.
func scopeOf(text string) (scope admin.Scope, name string, err error) {
	if text == firmWord {
		return admin.AllScope, "", nil
	}
	kind, name, named := strings.Cut(text, ":")
	if !named || name == "" {
		return "", "", errors.New("--scope is firm, or a kind and a name, such as client:ACME")
	}
	scope, err = scopeKind(kind)
	return scope, name, err
}

// firmWord is the scope of everything.
const firmWord = "firm"

// scopeKind reads the kind of a scope that has a name.
func scopeKind(word string) (admin.Scope, error) {
	if kind := admin.Scope(word); slices.Contains(admin.TradingScopes, kind) {
		return kind, nil
	}
	return "", fmt.Errorf("unknown scope %q: want firm, or one of %v and its name", word, admin.TradingScopes)
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

type passVerb struct {
	socketFlag
	Token  uint64 `arg:"" help:"The token in the Text(58) of the refusal; gate why and gate audit tail show it too."`
	Reason string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *passVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.Pass, ID: v.Token, Reason: v.Reason})
}

type enableVerb struct {
	socketFlag
	Control string `arg:"" help:"The control's code, as gate status and gate controls show it."`
	Scope   string `required:"" help:"Where it tripped: firm, or group:X, client:X, account:X, desk:X, trader:X, algo:X, link:X."`
	Reason  string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *enableVerb) Run() error {
	scope, name, err := scopeOf(v.Scope)
	if err != nil {
		return err
	}
	return v.ask(admin.Request{Verb: admin.Enable, Control: v.Control, Scope: scope, Name: name, Reason: v.Reason})
}
