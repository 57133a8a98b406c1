package verbs

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/audit"
)

type drainVerb struct {
	socketFlag
	All    bool          `help:"No new orders at all." xor:"scope" required:""`
	Link   string        `help:"None over one participant's link, e.g. FIX.4.4:GATE->ACME." xor:"scope" required:""`
	Venue  string        `help:"None to one venue." xor:"scope" required:""`
	Lift   bool          `help:"End the drain: new orders may come again."`
	Within time.Duration `default:"10m" help:"How long to wait until nothing is open; 0: do not wait."`
	Reason string        `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

// Run stops new orders and waits until those that are open have ended. Interrupted, it lists what is open; the drain
// stands until it is lifted.
func (v *drainVerb) Run() error {
	r := admin.Request{Verb: admin.Drain, Scope: admin.AllScope, Reason: v.Reason}
	if v.Lift {
		r.Verb = admin.Undrain
	}
	filter := audit.OrderFilter{Link: v.Link, Venue: v.Venue}
	switch {
	case v.Link != "":
		r.Scope, r.Name = admin.LinkScope, v.Link
	case v.Venue != "":
		r.Scope, r.Name = admin.VenueScope, v.Venue
	}
	if err := v.ask(r); err != nil || v.Lift || v.Within == 0 {
		return err
	}
	return waitDrained(v.Config, v.Within, filter)
}

// waitDrained follows the journal until nothing is open any more; what is when the time is over is listed.
func waitDrained(config string, within time.Duration, filter audit.OrderFilter) error {
	p, err := places(config)
	if err != nil {
		return err
	}
	j, err := audit.Open(p.JournalDir)
	if err != nil {
		return err
	}
	s, err := j.Load(false)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	return s.WaitDrained(ctx, os.Stdout, filter)
}
