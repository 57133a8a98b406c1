package verbs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"portcullis/fix"
	"portcullis/gate/admin"
	"portcullis/gate/alert"
	"portcullis/gate/config"
	"portcullis/gate/prices"
	"portcullis/gate/recovery"
	"portcullis/gate/shadow"
	"portcullis/risk"
)

type shadowVerb struct {
	configFlag
	JSON     bool `help:"Log JSON lines instead of text."`
	UntilEOF bool `name:"until-eof" help:"End when standard input does: how gate run starts it."`
}

// Run follows the journal of the gate until it is told to end.
func (v *shadowVerb) Run() error {
	cfg, err := v.judging()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if v.UntilEOF {
		ctx, stop = shadow.UntilEOF(ctx, os.Stdin)
		defer stop()
	}
	client, log := admin.Client{Path: cfg.Gate.AdminSocket}, newLog(v.JSON).With().Str("process", "shadow").Logger()
	ctx, end := context.WithCancelCause(ctx)
	var telling sync.WaitGroup
	defer telling.Wait()
	defer end(nil)
	if len(cfg.Alerts) > 0 {
		telling.Go(func() {
			end(alert.Run(ctx, alert.Options{Dir: cfg.Gate.JournalDir, Gate: cfg.Gate.Name, Chain: alert.NewChain(config.Sinks(v.Config, cfg.Alerts)), Log: log}))
		})
	}
	err = shadow.Run(ctx, cfg, shadow.Options{Log: log,
		Differs: func(record uint64, why string) error {
			_, err := client.Do(ctx, admin.Request{Verb: admin.Differs, ID: record, Reason: why})
			return err
		},
		Loss: func(l shadow.Lost) error {
			r := admin.Request{Verb: admin.Loss, Scope: lossScopes[l.Of], Name: l.Name, Qty: string(fix.AppendDecimal(nil, int64(l.Value)*(risk.PriceScale/risk.MoneyScale))),
				Reason: fmt.Sprintf("daily loss, seen behind record %d", l.Record)}
			texts := shadow.Reasons(r.Reason, l.Prices)
			r.Reason = texts[0]
			_, err := client.Do(ctx, r)
			for _, text := range texts[1:] { // what was stopped first is explained after
				if err == nil {
					_, err = client.Do(ctx, admin.Request{Verb: admin.LossPrices, Reason: text})
				}
			}
			return err
		},
		Now:    time.Now,
		Quotes: func(stores uint64) ([]prices.Live, uint64, error) { return quotesSince(ctx, client, stores) },
		AtMarks: func(symbols string) error {
			_, err := client.Do(ctx, admin.Request{Verb: admin.LossMarks, Reason: symbols})
			return err
		},
		SelfTest: func(ctx context.Context) (shadow.SelfTested, error) { return selfTestBeside(ctx, v.Config) },
		Tested: func(t shadow.SelfTested) error {
			log.Info().Str("configuration", t.Hash).Int("tried", t.Tried).Strs("not_refused", t.Passed).Err(t.Err).Dur("took", t.Took).Msg("self-test")
			_, err := client.Do(ctx, admin.Request{Verb: admin.SelfTest, Name: t.Hash, Count: uint32(t.Tried), ID: uint64(len(t.Passed)),
				Value: t.Took.Round(time.Millisecond).String(), Reason: t.Text()})
			return err
		}})
	if cause := context.Cause(ctx); err == nil && cause != nil && !errors.Is(cause, context.Canceled) {
		return cause // alerts could not be followed
	}
	return err
}

// judging is what the shadow begins with: the configuration in force, by the journal, with the socket of the files as they are and,
// where one person may change them, the sinks. Files that are being edited, or have not been followed yet, do not matter.
func (v *shadowVerb) judging() (*config.Config, error) {
	files, wrong := config.Load(v.Config)
	places, err := config.FindPlaces(v.Config)
	if err != nil {
		return nil, err
	}
	cfg, err := shadow.Judging(places.JournalDir)
	switch {
	case err != nil:
		return nil, err
	case cfg == nil:
		return files, wrong
	case wrong == nil && cfg.Gate.Approval != config.FourEyes:
		cfg.Alerts = files.Alerts
	}
	cfg.Gate.AdminSocket = places.AdminSocket
	return cfg, nil
}

// quotesSince asks a gate for the live prices that it got after so many, page by page.
func quotesSince(ctx context.Context, client admin.Client, stores uint64) (rows []prices.Live, now uint64, err error) {
	for from := uint32(0); ; {
		a, err := client.Do(ctx, admin.Request{Verb: admin.Quotes, ID: stores, Count: from})
		if err != nil {
			return nil, stores, err
		}
		var p prices.Page
		if err := json.Unmarshal(a.Detail, &p); err != nil {
			return nil, stores, err
		}
		if rows = append(rows, p.Rows...); from == 0 {
			now = p.Stores // what is stored behind it may be in a later page: it is asked for again
		}
		if from = p.Next; from == 0 {
			return rows, now, nil
		}
	}
}

// lossScopes are the scopes that may lose too much, as requests spell them.
var lossScopes = map[risk.Scope]admin.Scope{risk.ScopeFirm: admin.AllScope, risk.ScopeGroup: admin.GroupScope, risk.ScopeClient: admin.ClientScope,
	risk.ScopeAccount: admin.AccountScope, risk.ScopeDesk: admin.DeskScope, risk.ScopeTrader: admin.TraderScope, risk.ScopeAlgo: admin.AlgoScope,
	risk.ScopeLink: admin.LinkScope, risk.ScopeVenue: admin.VenueScope}

type alertVerb struct {
	configFlag
	Text string `arg:"" default:"this is a test" help:"What to say."`
}

// Run gives a line to every sink, whatever the others do, and says which took it.
func (v *alertVerb) Run() error {
	cfg, err := config.Load(v.Config)
	if err != nil {
		return err
	}
	if len(cfg.Alerts) == 0 {
		return fmt.Errorf("%s names no sink: alerts stand in the journal and the log alone; add alerts", v.Config)
	}
	var line bytes.Buffer
	alert.Line{Time: time.Now().UTC().Format(time.RFC3339Nano), Gate: cfg.Gate.Name, Severity: alert.Info, Text: v.Text}.Encode(&line)
	var failed error
	alert.NewChain(config.Sinks(v.Config, cfg.Alerts)).Try(context.Background(), line.Bytes(), func(name string, err error) {
		if err == nil {
			fmt.Printf("%s: taken\n", name)
			return
		}
		fmt.Printf("%s: %v\n", name, err)
		failed = errors.New("a sink does not take alerts")
	})
	return failed
}

// tellSinks hands what happens beside the journal to the sinks of the configuration, as critical.
func tellSinks(cfg *config.Config, log zerolog.Logger) func(text string) {
	chain := alert.NewChain(config.Sinks(cfg.Path(), cfg.Alerts))
	return func(text string) {
		if len(cfg.Alerts) == 0 {
			return // it stands in the log
		}
		var line bytes.Buffer
		alert.Line{Time: time.Now().UTC().Format(time.RFC3339Nano), Gate: cfg.Gate.Name, Severity: alert.Critical, Text: text}.Encode(&line)
		if failed, err := chain.Deliver(context.Background(), line.Bytes()); err != nil {
			log.Error().Err(err).Str("alert", text).Msg("nobody was told")
		} else if len(failed) > 0 {
			log.Warn().Strs("failed", failed).Msg("an alert went to a later sink")
		}
	}
}

// besideGate starts the shadow of a gate once that is ready.
func besideGate(ctx context.Context, cfg *config.Config, path string, json bool, ready <-chan struct{}) (wait func()) {
	if cfg.Gate.Shadow.Off {
		return func() {}
	}
	var running sync.WaitGroup
	running.Go(func() {
		shadow.Keep(ctx, ready, func() *exec.Cmd {
			cmd := self("shadow", "--until-eof", "-c", path)
			if json {
				cmd.Args = append(cmd.Args, "--json")
			}
			cmd.Stderr = os.Stderr
			return cmd
		}, newLog(json))
	})
	return running.Wait
}

type snapshotVerb struct{ configFlag }

// Run writes a snapshot of the journal's state for a start with this configuration and this program, whether or not a
// gate is running with another.
func (v *snapshotVerb) Run() error {
	cfg, err := config.Load(v.Config)
	if err != nil {
		return err
	}
	if cfg, _, err = recovery.AtStart(cfg, recovery.Standing{}, time.Now()); err != nil {
		return err
	}
	begun := time.Now()
	s, _, err := shadow.Open(cfg)
	if err != nil {
		return err
	}
	defer s.Close()
	from := s.Record()
	if err := s.CatchUp(); err != nil {
		return err
	}
	if err := s.Save(); err != nil {
		return err
	}
	fmt.Printf("snapshot of record %d, %d of them applied now, in %v\n", s.Record(), s.Record()-from, time.Since(begun).Round(time.Millisecond))
	return nil
}
