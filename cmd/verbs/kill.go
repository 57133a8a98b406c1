package verbs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/audit"
	"portcullis/gate/config"
	"portcullis/gate/watchdog"
)

// killScopes say what a kill is to stop: what is in all of those given.
type killScopes struct {
	Group      string `help:"Kill one group of clients. Of several scopes it takes what is in all of them."`
	Client     string `help:"Kill one client."`
	Account    string `help:"Kill one account."`
	Desk       string `help:"Kill one desk."`
	Trader     string `help:"Kill one trader."`
	Algo       string `help:"Kill one algorithm."`
	Link       string `help:"Kill one participant's link, e.g. FIX.4.4:GATE->ACME."`
	Venue      string `help:"Kill what goes to one venue."`
	Instrument string `help:"Kill one symbol."`
}

// parts are those that were given.
func (v *killScopes) parts() (parts []admin.Part) {
	for _, p := range []admin.Part{{Scope: admin.GroupScope, Name: v.Group}, {Scope: admin.ClientScope, Name: v.Client},
		{Scope: admin.AccountScope, Name: v.Account}, {Scope: admin.DeskScope, Name: v.Desk}, {Scope: admin.TraderScope, Name: v.Trader},
		{Scope: admin.AlgoScope, Name: v.Algo}, {Scope: admin.LinkScope, Name: v.Link}, {Scope: admin.VenueScope, Name: v.Venue},
		{Scope: admin.InstrumentScope, Name: v.Instrument}} {
		if p.Name != "" {
			parts = append(parts, p)
		}
	}
	return parts
}

type killVerb struct {
	socketFlag
	All bool `help:"Kill the whole firm."`
	killScopes
	Hard    bool   `help:"Kill the whole firm without the engine's help: its process is ended, and the next one owes the cancels. For an engine that does not answer."`
	Drill   bool   `help:"Go the way of the kill, and that of a hard one, and change nothing: prints what it would do and how long it takes."`
	Mode    string `default:"cancel" enum:"block,cancel,reduce-only,disconnect" help:"block leaves what is open alone, reduce-only also lets orders pass that close a position; cancel cancels what is open, disconnect also logs the links in scope out and holds them down."`
	KeepGTC bool   `name:"keep-gtc" help:"Leave GTC and GTD orders alone."`
	Reason  string `short:"r" required:"" help:"Why; it is journaled with who you are."`

	Bare []string `arg:"" optional:"" hidden:""` // names without a scope, which only a hurried hand writes
}

// Run gives the kill and waits until the last cancel is on its way.
func (v *killVerb) Run() error {
	if len(v.Bare) > 0 {
		return fmt.Errorf("NOTHING WAS KILLED: %q says not what it is: write --client %[1]s, --venue %[1]s, --account %[1]s or another scope, or --all for the whole firm", v.Bare[0])
	}
	if v.Hard && !v.Drill {
		return v.hard()
	}
	r := admin.Request{Verb: admin.Kill, Reason: v.Reason, Mode: admin.Mode(v.Mode), KeepGTC: v.KeepGTC}
	switch parts := v.parts(); {
	case v.All && len(parts) > 0:
		return errors.New("nothing was killed: --all is the whole firm; name no part of it beside")
	case v.All || v.Hard:
		r.Scope = admin.AllScope
	case len(parts) > 0:
		r.Scope, r.Name = parts[0].Scope, parts[0].Name
		for _, p := range parts[1:] {
			r.And = strings.TrimSpace(r.And + " " + string(p.Scope) + ":" + p.Name)
		}
	default:
		return errors.New("say what to kill: --all, or one or more of --group, --client, --account, --desk, --trader, --algo, --link, --venue " +
			"and --instrument; or --hard where the engine does not answer")
	}
	if v.Drill {
		r.Drill = true
		return v.drill(r)
	}
	return v.ask(r)
}

// hardWithin is how long the watchdog may take to end the engine. It needs a fraction of a second; where it is stopped itself, an
// ordinary kill must not wait for it any longer.
const hardWithin = 5 * time.Second

// hard has the watchdog end the engine, and prints what is open at the venues then.
func (v *killVerb) hard() error {
	if len(v.parts()) > 0 || v.KeepGTC || v.Mode != string(admin.ModeCancel) {
		return errors.New("nothing was killed: --hard ends the engine, and with it stops the whole firm; name no part of it, no --mode and no --keep-gtc")
	}
	r := admin.Request{Verb: admin.KillHard, Reason: v.Reason}
	if err := r.Validate(); err != nil {
		return inFlags(err)
	}
	client := admin.Client{Path: v.path() + config.WatchdogSuffix, AnswerWithin: hardWithin}
	begun := time.Now()
	a, err := client.Do(context.Background(), r)
	switch {
	case err != nil && a.Error == "":
		return v.withoutWatchdog(err)
	case err != nil:
		return err
	}
	fmt.Printf("%s (%v)\n", a.Note, time.Since(begun).Round(time.Microsecond))
	var k watchdog.Kill
	if err := json.Unmarshal(a.Detail, &k); err != nil {
		return fmt.Errorf("the gate is killed, but the kill's number cannot be read: %w; see gate status", err)
	}
	journal := journalFlag{Config: v.Config}
	s, err := journal.load(false)
	if err != nil {
		return fmt.Errorf("the gate is killed, but its open orders could not be listed: %w; see gate orders --open --csv", err)
	}
	if id := s.HardKill(k.Number); id != 0 {
		fmt.Printf("kill %d: gate revive %d lifts it; open orders:\n", id, id)
	}
	return s.OpenOrders(os.Stdout, audit.OrderFilter{}, true)
}

// withoutWatchdog asks the engine to kill the firm where the watchdog has not answered: it may be stopped, and the engine
// work. It always fails, for it is not what was asked for.
func (v *killVerb) withoutWatchdog(why error) error {
	fmt.Fprintf(os.Stderr, "the watchdog does not answer (%v); the engine is asked for an ordinary kill of the firm\n", why)
	if err := v.ask(admin.Request{Verb: admin.Kill, Scope: admin.AllScope, Reason: v.Reason}); err != nil {
		return fmt.Errorf("neither the hard kill nor the ordinary one that was given instead is known to be in force: end the engine's process "+
			"yourself (gate status names the one that holds the journal: kill -9 it) and have the venues' desks cancel what "+
			"gate orders --open --csv lists (%w; and: %w)", why, err)
	}
	return fmt.Errorf("the ORDINARY kill of the firm is in force, and the engine lives; the hard one may follow should the watchdog go on: "+
		"it then ends the engine and is a kill of its own, see gate status (%w)", why)
}

type reviveVerb struct {
	socketFlag
	ID     uint64 `arg:"" help:"The kill's id, as gate kill printed it and gate status lists it."`
	Reason string `short:"r" required:"" help:"Why; it is journaled with who you are."`
}

func (v *reviveVerb) Run() error {
	return v.ask(admin.Request{Verb: admin.Revive, ID: v.ID, Reason: v.Reason})
}
