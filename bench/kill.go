package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	hdrhistogram "github.com/HdrHistogram/hdrhistogram-go"

	"portcullis/bench/load"
	"portcullis/gate/admin"
	"portcullis/gate/engine"
)

// KillReport is what a kill takes under full load. An account without flow is killed and revived over and over, then
// the whole firm is killed.
type KillReport struct {
	OrdersPerSecond float64 // answered while the kills came
	// As the gate measures them, from the kill's arrival at the engine. Last: until the last byte before the kill was in
	// force was handed to the kernel for a venue, of whatever scope. Took: until it was in force.
	Last, Took engine.Quantiles
	// Ack is what who asks waits: the way to the gate's socket and back, the journal and the cancels included; ns.
	Ack *hdrhistogram.Histogram
	// Alone is what the machine took from a thread that only read the clock, before the flood.
	Alone stalls
	// Of the kill of the firm, as the venue saw it: cancels, and orders behind the first of them.
	load.Killed
}

// killEvery is the pause between two kills.
const killEvery = time.Millisecond

// Kill measures the kill switch: a flood from o.Participants links for o.Duration, at the end of which the firm is
// killed. An error if nothing was measured.
func Kill(o Options) (*KillReport, error) {
	o.Systems, o.Modes = []string{Gate}, []load.Mode{load.FloodMany}
	if err := o.complete(); err != nil {
		return nil, err
	}
	flow, _, err := o.flow()
	if err != nil {
		return nil, err
	}
	restore, err := o.prepareMachine()
	if err != nil {
		return nil, err
	}
	defer restore()
	dir, err := os.MkdirTemp("", "gate-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	alone := findStalls(min(stallsFor, o.Duration))
	n := o.participants(load.FloodMany)
	h, err := load.New(flow, identities(n))
	if err != nil {
		return nil, err
	}
	defer h.Close()
	p, err := launch(&o, Gate, h.VenueAddr(), dir, flow, n)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), startMax)
	defer cancel()
	report, err := p.kills(ctx, h, &o, dir)
	h.Close()
	p.stop()
	if err != nil {
		return nil, p.failure(err)
	}
	report.Alone = alone
	return report, nil
}

// kills plays the flood while another goroutine kills.
func (p *process) kills(ctx context.Context, h *load.Harness, o *Options, dir string) (*KillReport, error) {
	if err := h.Connect(ctx, p.address); err != nil {
		return nil, err
	}
	killer := killer{client: admin.Client{Path: filepath.Join(dir, "gate.sock")}, ack: hdrhistogram.New(1, int64(time.Minute), 3)}
	done := make(chan error, 1)
	go func() {
		time.Sleep(o.WarmUp)
		done <- killer.run(o.Duration * 3 / 4) // the flood goes on behind the kill of the firm
	}()
	result, err := h.Run(load.Phase{Mode: load.FloodMany, Window: o.Window, WarmUp: o.WarmUp, Duration: o.Duration})
	if err := errors.Join(err, <-done); err != nil {
		return nil, err
	}
	return &KillReport{OrdersPerSecond: float64(result.Answered) / (o.Duration * 3 / 4).Seconds(), Last: killer.last, Took: killer.took,
		Ack: killer.ack, Killed: h.Killed()}, nil
}

// killer gives the kills.
type killer struct {
	client     admin.Client
	ack        *hdrhistogram.Histogram
	last, took engine.Quantiles
}

func (k *killer) run(lasting time.Duration) error {
	for end := time.Now().Add(lasting); time.Now().Before(end); time.Sleep(killEvery) {
		id, err := k.kill(admin.Request{Scope: admin.AccountScope, Name: spareAccount})
		if err != nil {
			return err
		}
		if _, err := k.client.Do(context.Background(), admin.Request{Verb: admin.Revive, ID: id, Reason: "bench"}); err != nil {
			return err
		}
	}
	if _, err := k.kill(admin.Request{Scope: admin.AllScope}); err != nil {
		return err
	}
	status, err := statusOf(k.client)
	k.last, k.took = status.KillLast, status.KillTook
	return err
}

func (k *killer) kill(r admin.Request) (id uint64, err error) {
	r.Verb, r.Reason = admin.Kill, "bench"
	begun := time.Now()
	a, err := k.client.Do(context.Background(), r)
	_ = k.ack.RecordValue(int64(time.Since(begun))) // within its bounds it fits
	return a.KillID, err
}

// Fails says why the kill switch is not what it must be; nil: no order followed a kill.
func (r *KillReport) Fails() error {
	switch {
	case r.Cancels == 0:
		return errors.New("the kill of the firm found no order to cancel: nothing was shown")
	case r.Followed > 0:
		return fmt.Errorf("%d orders followed the kill of the firm", r.Followed)
	}
	return nil
}

// Write prints the report.
func (r *KillReport) Write(w io.Writer) error {
	row := func(what string, p50, p99, p999, longest int64) string {
		ns := func(v int64) time.Duration { return time.Duration(v) }
		return fmt.Sprintf("%-48s %10v %10v %10v %10v\n", what, ns(p50), ns(p99), ns(p999), ns(longest))
	}
	_, err := fmt.Fprintf(w, "%d kills in a flood of %.0f orders/s\n%-48s %10s %10s %10s %10s\n%s%s%s%s"+
		"kill of the firm: %d cancels reached the venue, %d orders behind the first of them\n",
		r.Took.Count, r.OrdersPerSecond, "from the kill's arrival at the engine", "p50", "p99", "p99.9", "max",
		row("  to the last byte for a venue before it", r.Last.P50, r.Last.P99, r.Last.P999, r.Last.Max),
		row("  to its being in force", r.Took.P50, r.Took.P99, r.Took.P999, r.Took.Max),
		row("from the request to its acknowledgement", r.Ack.ValueAtQuantile(50), r.Ack.ValueAtQuantile(99),
			r.Ack.ValueAtQuantile(99.9), r.Ack.Max()),
		row("any moment to a thread's turn, before the flood", r.Alone.wait(0.5), r.Alone.wait(0.99), r.Alone.wait(0.999), r.Alone.longest()),
		r.Cancels, r.Followed)
	return err
}
