package dropcopy

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/quickfixgo/quickfix"
	"github.com/rs/zerolog"

	"portcullis/clocksync"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/journal"
)

const (
	pollEvery  = 20 * time.Millisecond // for new records
	readyEvery = 5 * time.Millisecond  // for room, or for a client that is away
	retryEvery = time.Second           // after an error
)

// feed is one session: it follows the journal and sends what passes its filter.
type feed struct {
	id      quickfix.SessionID
	name    string
	journal string // its folder
	filter  filter
	store   *store
	clock   *clocksync.Clock
	log     zerolog.Logger

	mu   sync.Mutex
	at   journal.Header // of the record at hand
	done uint64         // number of the last record that is done
}

// filter says what a session gets.
type filter struct {
	all      bool
	noOrders bool
	clients  []string
	accounts []string
}

func newFilter(cfg *config.Config, in *config.DropSession) filter {
	f := filter{all: in.All, noOrders: in.NoOrders}
	for _, i := range in.Clients {
		f.clients = append(f.clients, cfg.Clients[i].Name)
	}
	for _, i := range in.Accounts {
		f.accounts = append(f.accounts, cfg.Accounts[i].Name)
	}
	return f
}

func (f *filter) passes(m *message) bool {
	if m.order && f.noOrders {
		return false
	}
	return f.all || slices.Contains(f.clients, m.client) || slices.Contains(f.accounts, m.account)
}

// run feeds the session until ctx ends. An error is logged once, and what failed is tried again: the journal may
// not be there yet, a record may be damaged; nothing is ever left out.
func (f *feed) run(ctx context.Context) {
	said := ""
	for ctx.Err() == nil {
		err := f.walk(ctx)
		if err == nil || errors.Is(err, errReset) || ctx.Err() != nil {
			continue
		}
		if text := err.Error(); text != said {
			f.log.Error().Err(err).Str("link", f.name).Msg("drop copy stands still")
			said = text
		}
		sleep(ctx, retryEvery)
	}
}

// walk reads the journal from its beginning, and copies what is beyond the place where the session stands.
func (f *feed) walk(ctx context.Context) (err error) {
	run, from, repeated := f.store.begin()
	r, err := newReader(f.journal)
	if err != nil {
		return err
	}
	follower, err := journal.Follow(f.journal, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, follower.Close()) }()
	w := walk{feed: f, reader: r, run: run, from: from, repeated: repeated}
	for {
		if err := assemble.Walk(follower, func(record *assemble.Record) error { return w.take(ctx, record) }); err != nil {
			return err
		}
		if err := f.ask(true); err != nil {
			return err
		}
		if _, err := f.store.ready(run); err != nil {
			return err
		}
		if err := sleep(ctx, pollEvery); err != nil {
			return err
		}
	}
}

// walk is one way through the journal.
type walk struct {
	feed           *feed
	reader         *reader
	run            uint64
	born           int64
	from, repeated mark
}

func (w *walk) take(ctx context.Context, record *assemble.Record) error {
	h := &record.Header
	if w.born == 0 {
		w.born = h.UTCNs
		w.from, w.repeated = w.from.in(w.born), w.repeated.in(w.born)
	}
	if err := errors.Join(ctx.Err(), w.reader.take(record)); err != nil {
		return err
	}
	w.feed.stands(h, false)
	for i, m := range w.reader.copies(record) {
		at := mark{w.born, h.Epoch, h.Seq, i + 1}
		if !w.from.before(at) || !w.feed.filter.passes(&m) {
			continue
		}
		if err := w.send(ctx, &m, at); err != nil {
			return err
		}
	}
	w.feed.stands(h, true)
	return nil
}

// stands notes where the feed is, for its lag.
func (f *feed) stands(h *journal.Header, done bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at = *h
	if done {
		f.done = h.Seq
	}
}

// send waits for the client and for room, then gives a copy to quickfixgo.
func (w *walk) send(ctx context.Context, m *message, at mark) error {
	f := w.feed
	for {
		ready, err := f.store.ready(w.run)
		if err != nil {
			return err
		}
		if err := f.ask(!ready); err != nil {
			return err
		}
		if ready {
			break
		}
		if err := sleep(ctx, readyEvery); err != nil {
			return err
		}
	}
	out := quickfix.NewMessage()
	out.Header.SetString(tagMsgType, m.msgType)
	out.Header.SetString(tagOnBehalfOfCompID, m.of)
	if !w.repeated.before(at) {
		out.Header.SetString(tagPossResend, "Y")
	}
	setBody(out, m.body)
	f.store.expect(w.run, at)
	return quickfix.SendToTarget(out, f.id)
}

// ask sends a TestRequest when there is something to confirm.
func (f *feed) ask(idle bool) error {
	id, ok := f.store.ask(idle, f.clock.Now().MonoNs)
	if !ok {
		return nil
	}
	out := quickfix.NewMessage()
	out.Header.SetString(tagMsgType, "1")
	out.Body.SetString(tagTestReqID, id)
	return quickfix.SendToTarget(out, f.id)
}

// setBody gives a message a body as it is: quickfixgo would sort its fields and lose all but one of those that
// repeat. To quickfixgo it is one field.
func setBody(out *quickfix.Message, body []byte) {
	out.Body.Clear()
	tag, value, _ := bytes.Cut(bytes.TrimSuffix(body, []byte{soh}), []byte("="))
	if n, err := strconv.Atoi(string(tag)); err == nil {
		out.Body.SetBytes(quickfix.Tag(n), value)
	}
}

// sleep waits; the error is that of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
	return ctx.Err()
}
