package dropcopy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"

	"github.com/quickfixgo/quickfix"
	quickconfig "github.com/quickfixgo/quickfix/config"
	"github.com/quickfixgo/quickfix/store/file"
	"github.com/rs/zerolog"

	"portcullis/clocksync"
	"portcullis/fix"
	"portcullis/gate/admission"
	"portcullis/gate/config"
	"portcullis/gate/transport"
	"portcullis/session"
)

// Tags that this package writes or reads.
const (
	soh                 = fix.SOH
	tagMsgType          = quickfix.Tag(35)
	tagPossDupFlag      = quickfix.Tag(43)
	tagPossResend       = quickfix.Tag(97)
	tagTestReqID        = quickfix.Tag(112)
	tagOnBehalfOfCompID = quickfix.Tag(115)
	tagUsername         = quickfix.Tag(553)
	tagPassword         = quickfix.Tag(554)
)

// Server is a running drop copy.
type Server struct {
	log      zerolog.Logger
	feeds    []*feed
	acceptor *quickfix.Acceptor
	lockout  *session.Lockout
	guards   map[quickfix.SessionID]*guard
	end      end
	stop     context.CancelFunc
	ended    sync.WaitGroup
	clock    *clocksync.Clock
}

// guard is what a session must show before it is let in.
type guard struct {
	feed   *feed
	login  *config.Login
	verify func(username, password []byte) bool // nil: no password was configured
	tls    *transport.Policy                    // nil: plain
	files  quickfix.MessageStoreFactory
	conns  conns // that came through, with TLS
}

// Start serves the sessions of a configuration. The gate may run or not.
func Start(cfg *config.Config, log zerolog.Logger) (_ *Server, err error) {
	drop := &cfg.DropCopy
	if drop.File == "" {
		return nil, errors.New("the configuration has no drop_copy section; gate init writes an example")
	}
	all, err := quickfix.ParseSettings(bytes.NewReader(cfg.Files[drop.File]))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", drop.File, err)
	}
	s := &Server{log: log, guards: map[quickfix.SessionID]*guard{}}
	if s.clock, err = clocksync.New(); err != nil {
		return nil, err
	}
	if s.lockout, err = session.NewLockout(admission.DefaultBounds.Lockout); err != nil {
		return nil, err
	}
	keys, err := cfg.ReadDropKeys(s.now())
	if err != nil {
		return nil, err
	}
	for id, settings := range all.SessionSettings() {
		if err := s.session(cfg, id, settings); err != nil {
			return nil, err
		}
	}
	if s.acceptor, err = quickfix.NewAcceptor(s, stores{s}, all, quickLog{log}); err != nil {
		return nil, err
	}
	s.acceptor.SetConnectionValidator(s)
	if policies := s.policies(); policies != nil {
		s.acceptor.SetTLSConfig(transport.Server(policies))
	}
	if err := s.acceptor.Start(); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.ended.Go(func() { s.end.run(ctx, cfg.Gate.JournalDir) })
	s.ended.Go(func() { s.watchKeys(ctx, keys) })
	for _, f := range s.feeds {
		s.ended.Go(func() { f.run(ctx) })
	}
	return s, nil
}

// session prepares one session.
func (s *Server) session(cfg *config.Config, id quickfix.SessionID, settings *quickfix.SessionSettings) error {
	for i := range cfg.DropCopy.Sessions {
		in := &cfg.DropCopy.Sessions[i]
		if in.Session.Name != id.String() {
			continue
		}
		verify, err := in.Verifier()
		if err != nil {
			return fmt.Errorf("link %s: %w", in.Session.Name, err)
		}
		dir := filepath.Join(cfg.DropCopy.StoreDir, strings.NewReplacer("->", "-", ":", "-", "/", "_").Replace(in.Session.Name))
		store, err := openStore(dir, func(err error) { s.log.Error().Err(err).Str("link", in.Session.Name).Msg("drop copy") })
		if err != nil {
			return err
		}
		// A machine's death may take what the file store did not sync; then the numbers are reset, and the ledger,
		// which is synced, says what to send again. Four syncs for each message would buy nothing more.
		settings.Set(quickconfig.FileStoreSync, "N")
		settings.Set(quickconfig.FileStorePath, dir)
		alone := quickfix.NewSettings()
		if _, err := alone.AddSession(settings); err != nil {
			return fmt.Errorf("session %s: %w", id, err)
		}
		f := &feed{id: id, name: in.Session.Name, journal: cfg.Gate.JournalDir, filter: newFilter(cfg, in), store: store,
			clock: s.clock, log: s.log}
		s.feeds = append(s.feeds, f)
		s.guards[id] = &guard{feed: f, login: &in.Login, verify: verify, tls: in.TLS, files: file.NewStoreFactory(alone)}
		return nil
	}
	return fmt.Errorf("session %s has no entry in drop_copy.links", id)
}

// Lags say how each session stands, by name.
func (s *Server) Lags() []Lag {
	last := s.end.last()
	var list []Lag
	for _, f := range s.feeds {
		list = append(list, f.lag(last))
	}
	return list
}

// Stop logs the sessions out; what they did not get yet they get after the next start. A client that reads nothing
// can hold it up: then the error is that of ctx, and the process may end all the same.
func (s *Server) Stop(ctx context.Context) error {
	s.stop()
	stopped := make(chan error, 1)
	go func() {
		s.ended.Wait()
		s.acceptor.Stop()
		var err error
		for _, f := range s.feeds {
			err = errors.Join(err, f.store.Close())
		}
		stopped <- err
	}()
	select {
	case err := <-stopped:
		return err
	case <-ctx.Done():
		return fmt.Errorf("drop copy: a session does not end: %w", ctx.Err())
	}
}

// stores gives quickfixgo the store of each session.
type stores struct{ *Server }

func (f stores) Create(id quickfix.SessionID) (quickfix.MessageStore, error) {
	g := f.guards[id]
	s := g.feed.store
	if !s.Resetting {
		if err := dropUncounted(s.ledger.dir); err != nil {
			return nil, err
		}
	}
	inner, err := g.files.Create(id)
	if err != nil {
		return nil, err
	}
	return s, s.take(inner)
}

// Validate asks, before a connection meets its session, whether it may come from where it comes.
func (s *Server) Validate(c net.Conn, id quickfix.SessionID) error {
	g := s.guards[id]
	if g == nil {
		return errors.New("no such session")
	}
	addr, err := addressOf(c.RemoteAddr())
	switch {
	case err != nil:
		return err
	case !g.login.Allows(addr):
		return fmt.Errorf("%s is not in source_addresses", addr)
	case s.lockout.Locked(g.feed.name, addr, s.nowNs()):
		return fmt.Errorf("%s is locked out", addr)
	case g.tls != nil:
		return g.checkTLS(c, s.now())
	}
	return nil
}

func addressOf(a net.Addr) (netip.Addr, error) {
	full, err := netip.ParseAddrPort(a.String())
	return full.Addr().Unmap(), err
}

func (s *Server) nowNs() int64 { return s.clock.Now().MonoNs }
