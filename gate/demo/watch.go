package demo

import (
	"fmt"
	"time"

	"portcullis/fix/link"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/demo/peer"
	"portcullis/gate/journal"
	"portcullis/risk"
)

// Verdict is what the gate said of one message of a participant, as the journal has it.
type Verdict struct {
	Seq     uint64 // of its record
	UTCNs   int64
	Link    uint32
	Reason  risk.Reason
	ClOrdID string
	Text    string // Text(58) of the answer that the gate itself gave, "" for none
	VenueID string // ClOrdID(11) of what went to the venue, "" for nothing
}

// Watcher follows a journal and keeps what it says: verdicts, and the state that its decisions
// make. It reads only, like every follower.
type Watcher struct {
	follower *journal.Follower
	core     *core.Core
	verdicts []Verdict // not taken yet
	records  uint64
}

// Watch follows the journal of a configuration from its beginning. The gate has opened it before,
// so every name has its number.
func Watch(cfg *config.Config) (*Watcher, error) {
	numbers, err := config.ReadNumbers(cfg.Gate.JournalDir)
	if err != nil {
		return nil, err
	}
	c, err := assemble.Core(cfg, numbers, noPrices{}, assemble.Heap)
	if err != nil {
		return nil, err
	}
	f, err := journal.Follow(cfg.Gate.JournalDir, 0)
	if err != nil {
		return nil, err
	}
	return &Watcher{follower: f, core: c}, nil
}

// noPrices is for a core that only applies what was decided: it never asks.
type noPrices struct{}

func (noPrices) Quote(_ uint32, q *risk.Quote) { *q = risk.Quote{} }

// Read takes in what the journal has by now.
func (w *Watcher) Read() error {
	return assemble.Walk(w.follower, func(r *assemble.Record) error {
		w.records = r.Header.Seq
		w.note(r)
		w.core.Apply(&r.Event, &r.Decision)
		return nil
	})
}

// note keeps the verdict of a record, if it has one.
func (w *Watcher) note(r *assemble.Record) {
	ev, d := &r.Event, &r.Decision
	if ev.Kind != core.Message || d.Reason == risk.Unjudged || w.isVenue(ev.Link) {
		return
	}
	v := Verdict{Seq: r.Header.Seq, UTCNs: r.Header.UTCNs, Link: ev.Link, Reason: d.Reason}
	if m, err := peer.ParseRaw(ev.Data); err == nil {
		v.ClOrdID = m.Get(11)
	}
	for i := range d.Out.Count {
		m, err := peer.ParseRaw(d.Out.Bytes(i))
		switch out := &d.Out.Outs[i]; {
		case err != nil:
		case out.Link == ev.Link:
			v.Text = m.Get(58)
		case out.Kind == link.OrderMessage || out.Kind == link.CancelMessage:
			v.VenueID = m.Get(11)
		}
	}
	w.verdicts = append(w.verdicts, v)
}

func (w *Watcher) isVenue(l uint32) bool {
	links := w.core.Setup().Links
	return l < uint32(len(links)) && links[l].Venue != core.NoIndex
}

// Await reads on until done says so. The engine wakes nobody, so its followers poll.
func (w *Watcher) Await(what string, done func() bool) error {
	for until := time.Now().Add(peer.Patience); ; time.Sleep(100 * time.Microsecond) {
		if err := w.Read(); err != nil {
			return err
		}
		if done() {
			return nil
		}
		if time.Now().After(until) {
			return fmt.Errorf("the journal shows no %s within %v", what, peer.Patience)
		}
	}
}

// Next takes the oldest verdict that was not taken yet.
func (w *Watcher) Next() (v Verdict, err error) {
	if err := w.Await("verdict", func() bool { return len(w.verdicts) > 0 }); err != nil {
		return v, err
	}
	v, w.verdicts = w.verdicts[0], w.verdicts[1:]
	return v, nil
}

// AwaitUp waits until a link is logged on and takes orders.
func (w *Watcher) AwaitUp(name string) error {
	l, err := w.link(name)
	if err != nil {
		return err
	}
	return w.Await("logon of "+name, func() bool { return w.core.Phase(l) == link.Up })
}

// AwaitWritable waits until a link's send buffer is below its bound.
func (w *Watcher) AwaitWritable(name string) error {
	l, err := w.link(name)
	if err != nil {
		return err
	}
	return w.Await("room on the line of "+name, func() bool { return !w.core.LinkBlocked(l) })
}

// link finds a link's number by its name.
func (w *Watcher) link(name string) (uint32, error) {
	links := w.core.Setup().Links
	for l := range links {
		if links[l].Name == name {
			return uint32(l), nil
		}
	}
	return 0, fmt.Errorf("no link %q", name)
}

// Live counts the open orders of a link; without those good till cancelled where keepGTC is set.
func (w *Watcher) Live(l uint32, keepGTC bool) (n int) {
	w.core.EachLive(func(_ uint32, o *core.Order) bool {
		if o.Owner == l && !(keepGTC && o.TimeInForce == risk.GoodTillCancel) {
			n++
		}
		return true
	})
	return n
}

// Core is the state that the journal describes so far.
func (w *Watcher) Core() *core.Core { return w.core }

// Records is the number of the last record read.
func (w *Watcher) Records() uint64 { return w.records }

// Account returns an account's number.
func (w *Watcher) Account(name string) uint32 {
	accounts := w.core.Setup().Accounts
	for n := range accounts {
		if accounts[n].Name == name {
			return uint32(n)
		}
	}
	return core.NoIndex
}

// Close gives the journal's files back.
func (w *Watcher) Close() error { return w.follower.Close() }
