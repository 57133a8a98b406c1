package dropcopy

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/quickfixgo/quickfix"
	"github.com/rs/zerolog"

	"portcullis/gate/internal/testca"
	"portcullis/gate/transport"
)

// TestEndRevoked: of two connections the one ends whose certificate is revoked; one that has ended is forgotten.
func TestEndRevoked(t *testing.T) {
	ca, now := testca.New(t), time.Now()
	pair := ca.Issue(t, "gate", now.Add(time.Hour))
	files := map[string][]byte{"gate.pem": pair.Certificate, "gate.key": pair.Key, "ca.pem": ca.PEM, "ca.crl": ca.Revoke(t, now, now.Add(time.Hour))}
	store := transport.NewStore(func(name string) ([]byte, error) { return files[name], nil })
	keys, err := store.Keys(transport.Files{Certificate: "gate.pem", Key: "gate.key", CA: "ca.pem", Lists: "ca.crl"}, now)
	if err != nil {
		t.Fatal(err)
	}
	g := &guard{feed: &feed{name: "SURV"}, tls: &transport.Policy{Keys: keys, Mutual: true, Names: []string{"SURV"}}}
	s := &Server{log: zerolog.Nop(), guards: map[quickfix.SessionID]*guard{{TargetCompID: "SURV"}: g}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	// come connects with a certificate, through the guard.
	come := func(c tls.Certificate) (far, near *tls.Conn) {
		t.Helper()
		shaken := make(chan error, 1)
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		far = tls.Client(conn, &tls.Config{RootCAs: ca.Pool, ServerName: "127.0.0.1", Certificates: []tls.Certificate{c}})
		go func() { shaken <- far.Handshake() }()
		in, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		near = tls.Server(in, transport.Server([]*transport.Policy{g.tls}))
		if err := errors.Join(near.Handshake(), <-shaken, g.checkTLS(near, now)); err != nil {
			t.Fatal(err)
		}
		return far, near
	}
	bad, good := ca.Issue(t, "SURV", now.Add(time.Hour)).TLS(t), ca.Issue(t, "SURV", now.Add(time.Hour)).TLS(t)
	_, gone := come(good)
	gone.NetConn().Close()
	revoked, _ := come(bad)
	stays, _ := come(good)
	if n := len(g.conns.all()); n != 2 {
		t.Errorf("%d connections", n)
	}
	s.endRevoked()
	files["ca.crl"] = ca.Revoke(t, now, now.Add(time.Hour), bad)
	if list := store.Reload(now); len(list) != 1 || list[0].Err != nil {
		t.Fatalf("%+v", list)
	}
	s.endRevoked()
	if _, err := revoked.Read(make([]byte, 1)); !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	stays.SetReadDeadline(time.Now())
	if _, err := stays.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || len(g.conns.all()) != 1 {
		t.Error(err, len(g.conns.all()))
	}
}
