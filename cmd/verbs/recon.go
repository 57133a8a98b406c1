package verbs

import (
	"portcullis/gate/admin"
	"portcullis/gate/audit"
)

type reconVerb struct {
	List  reconListVerb  `cmd:"" default:"withargs" help:"List the breaks, by the journal of a running or a dead gate."`
	Close reconCloseVerb `cmd:"" help:"Close a break: a human has dealt with it. What is booked stays."`
}

type reconListVerb struct {
	journalFlag
	Venue string `help:"Only this venue's."`
	All   bool   `help:"Every execution that is compared, agreed and foreign ones too."`
}

func (v *reconListVerb) Run() error {
	s, err := v.load(false)
	if err != nil {
		return err
	}
	defer v.asOf()
	return s.Recon(out, audit.ReconFilter{Venue: v.Venue, All: v.All})
}

type reconCloseVerb struct {
	socketFlag
	ExecID string `arg:"" help:"The ExecID of the execution."`
	Venue  string `required:"" help:"The venue that gave it."`
	Reason string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *reconCloseVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.CloseBreak, Name: v.ExecID, Venue: v.Venue, Reason: v.Reason})
}
