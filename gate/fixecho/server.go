package fixecho

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"portcullis/clocksync"
	"portcullis/fix/link"
	"portcullis/fix/settings"
	"portcullis/gate/admission"
	"portcullis/gate/core"
	"portcullis/gate/engine"
	"portcullis/gate/transport"
	"portcullis/risk"
)

// Server is a running acceptor.
type Server struct {
	echo      *echo
	store     *store
	engine    *engine.Engine
	admission *admission.Admission
	listen    []string // by session: the configured host:port
	ended     chan error
}

// bounds let a test suite log on as often as it likes; they keep out nothing but floods.
var bounds = admission.Bounds{
	HalfOpenMax: 1024, HalfOpenPerAddressMax: 1024, ConnectionsMax: 1 << 20, LogonsMax: 1 << 20,
	Window: 10 * time.Second, HashingMax: 1, Lockout: admission.DefaultBounds.Lockout,
}

// Start reads the settings file and serves its sessions until Stop.
func Start(path string, log zerolog.Logger) (*Server, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	file, err := settings.ReadEcho(path, data)
	if err != nil {
		return nil, err
	}
	for _, note := range file.Notes {
		log.Info().Msg(note)
	}
	s := &Server{ended: make(chan error, 1)}
	if s.store, err = newStore(rows(file)); err != nil {
		return nil, err
	}
	if err := s.start(path, file, log); err != nil {
		return nil, errors.Join(err, s.store.close())
	}
	return s, nil
}

func (s *Server) start(path string, file *settings.Settings, log zerolog.Logger) error {
	clock, err := clocksync.New()
	if err != nil {
		return err
	}
	if s.echo, err = newEcho(file, s.store); err != nil {
		return err
	}
	cfg := engine.Config{Log: log, EncodeCommand: encode, Links: make([]engine.Link, rows(file))}
	enter := admission.Config{MessageBytesMax: 64 << 10, Bounds: bounds, Clock: clock, Log: log}
	now := time.Unix(0, clock.Now().UTCNs)
	for i := range file.Sessions {
		p := participant(uint32(i), &file.Sessions[i])
		if p.TLS, err = policy(&file.Sessions[i].Security, file.Sessions[i].File, now); err != nil {
			return fmt.Errorf("session %s: %w", p.Name, err)
		}
		p.TLS = bearing(p.TLS, p.TargetCompID)
		cfg.Links[i].Name = p.Name
		enter.Participants = append(enter.Participants, p)
		s.listen = append(s.listen, p.Listen)
	}
	if t := file.Dynamic; t != nil {
		any := &strangers{server: s, template: t, known: make(map[string]*admission.Participant)}
		if any.tls, err = policy(&t.Security, path, now); err != nil {
			return err
		}
		enter.Strangers = &admission.Strangers{Listen: listen(t.AcceptHost, t.AcceptPort), TLS: any.tls, Admit: any.admit}
	}
	s.engine, err = engine.New(cfg, engine.Parts{Core: s.echo, Journal: &unrecorded{}, Clock: clock, History: s.store})
	if err != nil {
		return err
	}
	go func() { s.ended <- s.engine.Run(engine.Start{ConfigHash: make([]byte, 8)}) }()
	if s.admission, err = admission.Start(enter, s.engine); err != nil {
		return errors.Join(err, s.stopEngine(context.Background()))
	}
	return nil
}

func newEcho(file *settings.Settings, st *store) (*echo, error) {
	e := &echo{store: st, sessions: make([]session, rows(file))}
	for i := range file.Sessions {
		if _, err := e.add(&file.Sessions[i]); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// begin makes a row a session that nobody has logged on to yet.
func (s *session) begin(in *settings.Session) error {
	s.set, s.state = in.Link(), link.State{NextIn: 1, NextOut: 1}
	s.set.AnyApplVerID = true // messages of another version are sent back as well
	return s.learn(in)
}

func listen(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }

func participant(number uint32, s *settings.Session) admission.Participant {
	return admission.Participant{
		Link: number, Name: s.Name, Listen: listen(s.AcceptHost, s.AcceptPort),
		BeginString: s.BeginString, SenderCompID: s.SenderCompID, TargetCompID: s.TargetCompID,
		SenderSubID: s.SenderSubID, TargetSubID: s.TargetSubID, ApplVerID: s.DefaultApplVerID,
		Precision: s.Link().Precision, LogonTimeout: time.Duration(s.LogonTimeoutSec) * time.Second, Schedule: s.Schedule,
		Allowed: func(netip.Addr) bool { return true },
	}
}

// policy is the TLS of a session; nil: it has none.
func policy(set *settings.Security, file string, now time.Time) (*transport.Policy, error) {
	if !set.Use {
		return nil, nil
	}
	store := transport.NewStore(func(name string) ([]byte, error) { return read(file, name) })
	files := transport.Files{Certificate: set.Certificate.Name, Key: set.Key.Name, CA: set.CA.Name, Lists: strings.Join(set.Lists.Names, ",")}
	keys, err := store.Keys(files, now)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &transport.Policy{Keys: keys, TLS12: set.TLS12, Mutual: set.Mutual}, nil
}

// bearing is a policy for a peer whose certificate bears its CompID.
func bearing(p *transport.Policy, compID string) *transport.Policy {
	if p == nil {
		return nil
	}
	own := *p
	own.Names = []string{compID}
	return &own
}

// Addrs are the addresses it listens on, by session.
func (s *Server) Addrs() (addrs []net.Addr) {
	for _, l := range s.listen {
		addrs = append(addrs, s.admission.Addr(l))
	}
	return addrs
}

// Ended gives the error with which the engine ended, if it does before Stop.
func (s *Server) Ended() <-chan error { return s.ended }

// SetNumbers sets the MsgSeqNums that a session expects and sends next, 0: as it is. It is for tests of what
// happens when both sides disagree, while nobody is logged on.
func (s *Server) SetNumbers(ctx context.Context, name string, nextIn, nextOut uint64) error {
	for i := range s.echo.all() {
		if s.echo.sessions[i].set.Name == name {
			_, err := s.engine.Submit(ctx, core.Command{Kind: setNumbers, Index: uint32(i), Qty: risk.Qty(nextIn),
				Target: nextOut})
			return err
		}
	}
	return fmt.Errorf("fixecho: no session %s", name)
}

// Stop logs every session out and ends.
func (s *Server) Stop(ctx context.Context) error {
	return errors.Join(s.admission.Stop(ctx), s.stopEngine(ctx), s.store.close())
}

func (s *Server) stopEngine(ctx context.Context) error {
	return s.engine.Stop(ctx, core.Command{Kind: core.CmdStop})
}

// setNumbers is a command of this package's own, above all that the gate knows.
const setNumbers core.CommandKind = 255

// encode and decode carry a command through the engine.
func encode(dst []byte, c *core.Command) []byte {
	dst = append(dst, byte(c.Kind))
	dst = binary.LittleEndian.AppendUint64(dst, c.ID)
	dst = binary.LittleEndian.AppendUint32(dst, c.Index)
	dst = binary.LittleEndian.AppendUint64(dst, uint64(c.Qty))
	return binary.LittleEndian.AppendUint64(dst, c.Target)
}

func decode(b []byte) core.Command {
	return core.Command{Kind: core.CommandKind(b[0]), ID: binary.LittleEndian.Uint64(b[1:]),
		Index: binary.LittleEndian.Uint32(b[9:]), Qty: risk.Qty(binary.LittleEndian.Uint64(b[13:])),
		Target: binary.LittleEndian.Uint64(b[21:])}
}
