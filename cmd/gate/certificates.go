package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/audit"
	"portcullis/gate/transport"
)

type certsVerb struct {
	socketFlag
	Renew  bool   `help:"Read the files again. Links that are connected stay; what cannot be used leaves what was read before."`
	Reason string `short:"r" help:"Why they are read again; it is journaled with who you are."`
}

func (v *certsVerb) Run() error {
	r := admin.Request{Verb: admin.Certificates}
	if v.Renew {
		r = admin.Request{Verb: admin.Renew, Reason: v.Reason}
	} else if v.Reason != "" {
		return errors.New("a reason is for --renew")
	}
	ends, err := certificates(v.path(), r)
	audit.Certificates(os.Stdout, ends, time.Now())
	return err
}

// certificates asks a running gate.
func certificates(socket string, r admin.Request) (ends []transport.End, err error) {
	a, err := admin.Client{Path: socket, AnswerWithin: 5 * time.Second}.Do(context.Background(), r)
	if len(a.Detail) > 0 {
		err = errors.Join(err, json.Unmarshal(a.Detail, &ends))
	}
	return ends, inFlags(err)
}
