package verbs

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/audit"
	"portcullis/gate/config"
	"portcullis/gate/rehearsal"
)

// journalFlag finds a journal: the running gate's, a dead one's, or a copy.
type journalFlag struct {
	Config  string `short:"c" default:"gate.yaml" help:"The configuration that names the journal." type:"path"`
	Journal string `help:"The journal's folder; then no configuration is read." type:"path"`

	socket  string         // of the gate, where the configuration says it
	journal *audit.Journal // as opened
}

func (f *journalFlag) open() (j *audit.Journal, err error) {
	dir := f.Journal
	if dir == "" {
		p, err := places(f.Config)
		if err != nil {
			return nil, fmt.Errorf("%w\n(with --journal DIR no configuration is read)", err)
		}
		dir, f.socket = p.JournalDir, p.AdminSocket
	}
	f.journal, err = audit.Open(dir)
	return f.journal, err
}

// places is where the gate of a configuration is, and says so where the file cannot.
func places(path string) (config.Places, error) {
	p, err := config.FindPlaces(mainFile(path))
	if p.Note != "" {
		fmt.Fprintln(os.Stderr, "note:", p.Note)
	}
	return p, err
}

// mainFile is the main file of a configuration whose folder alone a hurried hand may have named. What lies beside the
// folder is another gate's, which nobody meant.
func mainFile(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return filepath.Join(path, "gate.yaml")
	}
	return path
}

// asOf says beside what a verb has told, where no gate is at work, of which record that is.
func (f *journalFlag) asOf() {
	if text := f.journal.AsOf(context.Background(), f.socket); text != "" {
		fmt.Fprintln(os.Stderr, text)
	}
}

// load brings the whole state into memory, and says so where that took a while.
func (f *journalFlag) load(recompute bool) (*audit.State, error) {
	j, err := f.open()
	if err != nil {
		return nil, err
	}
	s, err := j.Load(recompute)
	if err == nil && s.Took() > time.Second {
		fmt.Fprintf(os.Stderr, "%d records loaded in %v\n", s.Records(), s.Took().Round(time.Millisecond))
	}
	return s, err
}

type auditVerb struct {
	Tail tailVerb `cmd:"" help:"Print the journal, one record after the other; '|' stands for SOH."`
}

type tailVerb struct {
	journalFlag
	Follow bool   `short:"f" help:"Go on with what is appended, until interrupted."`
	From   uint64 `help:"Number of the first record." placeholder:"SEQ"`
	Link   string `help:"Only records of this link, e.g. FIX.4.4:GATE->ACME."`
	Last   int    `short:"n" help:"Only so many of the last records." placeholder:"N"`
	JSON   bool   `help:"One JSON object a line."`
}

func (v *tailVerb) Run() error {
	j, err := v.open()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	return j.Tail(ctx, out, audit.TailOptions{
		From: v.From, Last: v.Last, Link: v.Link, Follow: v.Follow, JSON: v.JSON,
	})
}

type replayVerb struct {
	journalFlag
	Show   int    `default:"5" help:"How many differences to print."`
	Limits string `help:"Judge the orders by the limits of this configuration instead: which would be answered otherwise." type:"existingfile" placeholder:"FILE"`

	FromFIX string `name:"from-fix" help:"Judge the orders of a client's old FIX log instead of the journal's: which would be refused." type:"existingfile" placeholder:"LOG"`
}

func (v *replayVerb) Run() error {
	if v.FromFIX != "" {
		return v.rehearse()
	}
	j, err := v.open()
	if err != nil {
		return err
	}
	if v.Limits != "" {
		cfg, err := config.Load(v.Limits)
		if err != nil {
			return err
		}
		return j.WhatIf(out, cfg, v.Show)
	}
	_, err = j.Replay(out, v.Show)
	return err
}

// rehearse needs no journal: it judges a log by the limits given, or by the gate's own.
func (v *replayVerb) rehearse() error {
	path := v.Config
	if v.Limits != "" {
		path = v.Limits
	}
	cfg, err := config.Load(path)
	if err != nil {
		return err
	}
	f, err := os.Open(v.FromFIX)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = rehearsal.Play(out, cfg, f, v.Show)
	return err
}

type whyVerb struct {
	journalFlag
	ID   string `arg:"" help:"ClOrdID, id toward the venue, OrderID or ExecID of either side; or #123 for a record."`
	Link string `help:"The link that the order came over."`
}

func (v *whyVerb) Run() error {
	j, err := v.open()
	if err != nil {
		return err
	}
	defer v.asOf()
	return j.Why(out, v.ID, v.Link)
}

type changesVerb struct {
	journalFlag
	Pending bool   `help:"Show what waits for a second person's approval instead."`
	Since   string `default:"24h" help:"Since when: 2026-11-26, 2026-11-26T13:30:00Z, or how long ago, such as 90m."`
}

func (v *changesVerb) Run() error {
	if v.Pending {
		s, err := v.load(false)
		if err != nil {
			return err
		}
		defer v.asOf()
		s.Pending(out)
		return nil
	}
	since, err := audit.ParseSince(v.Since, time.Now())
	if err != nil {
		return err
	}
	j, err := v.open()
	if err != nil {
		return err
	}
	defer v.asOf()
	return j.Changes(out, since)
}

type statusVerb struct{ journalFlag }

func (v *statusVerb) Run() error {
	s, err := v.load(false)
	if err != nil {
		return err
	}
	defer v.asOf()
	ctx := context.Background()
	files := ""
	if v.Journal == "" {
		files = s.Files(mainFile(v.Config))
	}
	s.Status(out, audit.Alive(ctx, s.Dir(), v.socket), audit.Watched(ctx, v.socket), files, time.Now())
	if list, err := certificates(v.socket, admin.Request{Verb: admin.Certificates}); err == nil && len(list.ends) > 0 { // else Alive has said it
		fmt.Println()
		list.print()
	}
	return nil
}

type ordersVerb struct {
	journalFlag
	Open    bool   `help:"Open orders: what is listed with or without this word."`
	CSV     bool   `help:"As CSV: the sheet for a venue's desk."`
	Account string `help:"Only this account's."`
	Client  string `help:"Only this client's."`
	Link    string `help:"Only what came over this link."`
	Venue   string `help:"Only this venue's."`

	Doubtful bool `help:"Only those in doubt: unknown or suspect."`
}

func (v *ordersVerb) Run() error {
	s, err := v.load(false)
	if err != nil {
		return err
	}
	defer v.asOf()
	return s.OpenOrders(out, audit.OrderFilter{Client: v.Client, Account: v.Account, Link: v.Link,
		Venue: v.Venue, Doubtful: v.Doubtful}, v.CSV)
}

type exposureVerb struct {
	journalFlag
	Scope   string `arg:"" help:"firm, group:NAME, client:NAME, desk:NAME, trader:NAME, algo:NAME, link:NAME, venue:NAME, account:NAME or account:NAME/SYMBOL; all: every scope and position."`
	Explain bool   `help:"Show what it is made of, and recompute it from the journal's bookings." xor:"shape"`
	CSV     bool   `help:"Of all: as CSV, one figure a line." xor:"shape"`
}

func (v *exposureVerb) Run() error {
	all := v.Scope == audit.AllScopes
	if v.CSV && !all {
		return fmt.Errorf("--csv is of exposure %s", audit.AllScopes)
	}
	s, err := v.load(v.Explain)
	if err != nil {
		return err
	}
	defer v.asOf()
	switch {
	case all && v.Explain:
		return s.ExplainAll(out)
	case all:
		return s.Exposures(out, v.CSV)
	}
	scope, err := s.ParseScope(v.Scope)
	if err != nil {
		return err
	}
	return s.Exposure(out, scope, v.Explain)
}
