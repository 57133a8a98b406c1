package verbs

import (
	"context"
	"encoding/json"
	"errors"
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
	list, err := certificates(v.path(), r)
	if err == nil || len(list.ends) > 0 {
		list.print()
	}
	return err
}

// certificateList is what a running gate says of its certificates.
type certificateList struct {
	ends []transport.End
	note string // what is wrong with their files; "": nothing
}

// certificates asks a running gate.
func certificates(socket string, r admin.Request) (list certificateList, err error) {
	a, err := admin.Client{Path: socket, AnswerWithin: 5 * time.Second}.Do(context.Background(), r)
	if len(a.Detail) > 0 {
		err = errors.Join(err, json.Unmarshal(a.Detail, &list.ends))
	}
	list.note = a.Note
	return list, inFlags(err)
}

func (l *certificateList) print() {
	if len(l.ends) == 0 && l.note == "" {
		l.note = "no link uses a certificate: those of participants.cfg and the venues' file speak in the clear until SocketCertificateFile, SocketPrivateKeyFile or SocketCAFile stands there"
	}
	audit.Certificates(out, l.ends, time.Now())
	printNote(l.note)
}
