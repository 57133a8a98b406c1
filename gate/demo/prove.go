package demo

import (
	"bytes"
	"errors"
	"fmt"

	"portcullis/gate/audit"
	"portcullis/gate/config"
)

// proof is what an independent look at a journal comes to.
type proof struct {
	scopes   int    // firm, clients, accounts, positions whose every figure was recomputed
	replayed uint64 // records whose decision was made again
}

// prove holds a journal against itself: the exposure of every scope and position against the second
// implementation, which is told only what happened, and every decision against the same decision
// made again. An error shows both sides of what differs.
func prove(cfg *config.Config) (p proof, err error) {
	j, err := audit.Open(cfg.Gate.JournalDir)
	if err != nil {
		return p, err
	}
	s, err := j.Load(true)
	if err != nil {
		return p, err
	}
	var errs []error
	for _, name := range scopes(cfg) {
		scope, err := s.ParseScope(name)
		if err != nil {
			return p, err
		}
		var out bytes.Buffer
		if err := s.Exposure(&out, scope, true); err != nil {
			errs = append(errs, fmt.Errorf("%w\n%s", err, out.Bytes()))
		}
		p.scopes++
	}
	var out bytes.Buffer
	r, err := j.Replay(&out, audit.DifferencesShown)
	if err != nil {
		errs = append(errs, fmt.Errorf("%w\n%s", err, out.Bytes()))
	}
	p.replayed = r.Records
	return p, errors.Join(errs...)
}

// scopes names every scope and position of a configuration, as gate exposure takes them.
func scopes(cfg *config.Config) []string {
	list := []string{"firm"}
	for i := range cfg.Clients {
		list = append(list, "client:"+cfg.Clients[i].Name)
	}
	for i := range cfg.Accounts {
		list = append(list, "account:"+cfg.Accounts[i].Name)
		for k := range cfg.Instruments {
			list = append(list, "account:"+cfg.Accounts[i].Name+"/"+cfg.Instruments[k].Symbol)
		}
	}
	return list
}
