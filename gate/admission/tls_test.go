package admission

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"portcullis/fix"
	"portcullis/gate/internal/testca"
	"portcullis/gate/transport"
	"portcullis/session"
)

// guarded is admission whose links have TLS: ACME's peer shows a certificate of its own.
type guarded struct {
	*rig
	ca    *testca.Authority
	store *transport.Store
	files map[string][]byte
}

func startTLS(t *testing.T, change func(*Config)) *guarded {
	g := &guarded{ca: testca.New(t)}
	pair := g.ca.Issue(t, "gate", time.Now().Add(time.Hour))
	g.files = map[string][]byte{"gate.pem": pair.Certificate, "gate.key": pair.Key, "ca.pem": g.ca.PEM,
		"ca.crl": g.ca.Revoke(t, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))}
	g.store = transport.NewStore(func(name string) ([]byte, error) { return g.files[name], nil })
	keys, err := g.store.Keys(transport.Files{Certificate: "gate.pem", Key: "gate.key", CA: "ca.pem", Lists: "ca.crl"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	g.rig = start(t, func(c *Config) {
		for i := range c.Participants {
			p := &c.Participants[i]
			p.TLS = &transport.Policy{Keys: keys, Mutual: true, Names: []string{p.TargetCompID}}
		}
		if change != nil {
			change(c)
		}
	})
	return g
}

// config is the TLS of a peer that shows a certificate.
func (g *guarded) config(t *testing.T, name string) *tls.Config {
	return &tls.Config{RootCAs: g.ca.Pool, ServerName: "127.0.0.1",
		Certificates: []tls.Certificate{g.ca.Issue(t, name, time.Now().Add(time.Hour)).TLS(t)}}
}

// TestSecureAdmitted: what TLS has opened beyond the Logon reaches the engine, through it; so does who the peer is.
func TestSecureAdmitted(t *testing.T) {
	g := startTLS(t, nil)
	c := tls.Client(g.connect(t), g.config(t, "ACME"))
	m := logon("right")
	more := whole("FIX.4.4", "35=0|34=2|49=ACME|56=GATE|")
	if _, err := io.WriteString(c, m+more); err != nil {
		t.Fatal(err)
	}
	until(t, "handed over", func() bool { return len(g.engine.all()) == 1 })
	got := g.engine.all()[0]
	if size, _ := fix.Frame(got.First, 4096); size != len(m) || string(got.First[size:]) != more || strings.Contains(string(got.First), "right") {
		t.Errorf("%q", got.First)
	}
	if got.Secure == nil || !strings.HasPrefix(got.Origin, "from 127.0.0.1:") ||
		!strings.Contains(got.Origin, `, TLS 1.3, certificate "ACME" of "Test Authority", serial `) {
		t.Errorf("%q", got.Origin)
	}
}

// TestSecureRefused lists who does not get in over TLS, what the log says, and what the peer is told.
func TestSecureRefused(t *testing.T) {
	elsewhere := testca.New(t)
	for _, c := range []struct {
		name   string
		change func(*tls.Config)
		send   string
		reason string
		told   bool
	}{
		{"another link's certificate", nil, whole("FIX.4.4", "35=A|34=1|49=ACME|56=GATE|553=trader|554=right|"),
			`the peer's certificate is of [\"GLOBEX\"], and the link belongs to [\"ACME\"]`, false},
		{"no certificate", func(c *tls.Config) { c.Certificates = nil }, "", "didn't provide a certificate", false},
		{"unknown authority", func(c *tls.Config) {
			c.Certificates = []tls.Certificate{elsewhere.Issue(t, "ACME", time.Now().Add(time.Hour)).TLS(t)}
		}, "", "unknown authority", false},
		{"TLS 1.2", func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }, "", "unsupported versions", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := startTLS(t, nil)
			config := g.config(t, "GLOBEX")
			if c.change != nil {
				c.change(config)
			}
			conn := tls.Client(g.connect(t), config)
			conn.SetDeadline(time.Now().Add(10 * time.Second))
			if conn.Handshake() == nil {
				io.WriteString(conn, c.send)
				if got, _ := io.ReadAll(conn); len(got) != 0 {
					t.Errorf("the peer was told %q", got)
				}
			}
			until(t, "logged", func() bool { return strings.Contains(g.log.String(), c.reason) })
			if len(g.engine.all()) != 0 || !g.engine.Idle(1) {
				t.Error("something reached the engine")
			}
		})
	}
}

// TestSecureWrongPassword: the answer goes over TLS.
func TestSecureWrongPassword(t *testing.T) {
	g := startTLS(t, nil)
	c := tls.Client(g.connect(t), g.config(t, "ACME"))
	io.WriteString(c, logon("guess"))
	if got := answer(t, c); !strings.Contains(got, "|58="+session.RefusedText+"|") {
		t.Errorf("the peer was told %q", got)
	}
}

// TestNotTLS: plain FIX and garbage on an address with TLS, and TLS on one without, are closed with the reason; half a
// handshake is closed after the LogonTimeout.
func TestNotTLS(t *testing.T) {
	hello := "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
	for _, c := range []struct {
		name, send string
		plain      bool
		reason     error
	}{
		{"plain FIX", logon("right"), false, errNoTLS},
		{"a proxy before TLS", header(t, 2, "192.0.2.7:4711") + hello, false, errOnlyPlain},
		{"a proxy of version 1 before TLS", header(t, 1, "192.0.2.7:4711") + hello, false, errOnlyPlain},
		{"a proxy where there is none", header(t, 2, "192.0.2.7:4711") + logon("right"), true, errOnlyPlain},
		{"HTTP", "GET / HTTP/1.1\r\n\r\n", false, errNoTLS},
		{"a handshake where there is no TLS", hello, true, errOnlyTLS},
		{"half a handshake", hello, false, errSilentTLS},
		{"nothing", "", false, errSilentTLS},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := startTLS(t, func(cfg *Config) {
				for i := range cfg.Participants {
					p := &cfg.Participants[i]
					if c.plain {
						p.TLS = nil
					}
					if p.LogonTimeout = 10 * time.Second; c.reason == errSilentTLS { // the others are judged, however slow the machine is
						p.LogonTimeout = 50 * time.Millisecond
					}
				}
			})
			conn := g.connect(t)
			io.WriteString(conn, c.send)
			conn.SetReadDeadline(time.Now().Add(10 * time.Second))
			if _, err := io.Copy(io.Discard, conn); os.IsTimeout(err) {
				t.Error("it is not closed")
			}
			until(t, "logged", func() bool { return strings.Contains(g.log.String(), c.reason.Error()) })
		})
	}
}

// TestHandshakeFlood: hundreds of half handshakes are bounded, and from addresses that no link allows there is none; a
// peer that has its own certificate gets in meanwhile.
func TestHandshakeFlood(t *testing.T) {
	g := startTLS(t, func(c *Config) { c.Bounds.HalfOpenPerAddressMax = 100 })
	for range 150 {
		io.WriteString(g.connect(t), "\x16\x03\x01\x02\x00\x01")
	}
	until(t, "bounded", func() bool { return strings.Contains(g.log.String(), errFromOne.Error()) })
	near, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}).Dial("tcp", g.Addr(anyPort).String())
	if err != nil {
		t.Fatal(err)
	}
	defer near.Close()
	io.WriteString(tls.Client(near, g.config(t, "ACME")), logon("right"))
	until(t, "admitted", func() bool { return len(g.engine.all()) == 1 })
	if n := strings.Count(g.log.String(), "\n"); n > 10 {
		t.Errorf("%d lines of log", n)
	}
	shut := startTLS(t, func(c *Config) {
		for i := range c.Participants {
			c.Participants[i].Allowed = func(netip.Addr) bool { return false }
		}
	})
	if err := tls.Client(shut.connect(t), shut.config(t, "ACME")).Handshake(); err == nil {
		t.Error("a handshake with an address that no link allows")
	}
	until(t, "said", func() bool { return strings.Contains(shut.log.String(), errNotPermitted.Error()) })
}

// TestSharedAddress: links that share an address cannot differ in what begins every connection.
func TestSharedAddress(t *testing.T) {
	for _, links := range [][]Participant{
		{{Name: "A", Listen: anyPort}, {Name: "B", Listen: anyPort, TLS: &transport.Policy{}}},
		{{Name: "A", Listen: anyPort}, {Name: "B", Listen: anyPort, UseProxy: true}},
	} {
		if _, err := Start(Config{Participants: links}, &fakeEngine{}); err == nil || !strings.Contains(err.Error(), "link B: others on") {
			t.Error(err)
		}
	}
}

// TestDialTLS: a venue's line is dialled with TLS, and only a venue that an authority vouches for gets it; one that
// accepts and says nothing does not hold the dialer for ever.
func TestDialTLS(t *testing.T) {
	ca, other := testca.New(t), testca.New(t)
	store := transport.NewStore(func(string) ([]byte, error) { return ca.PEM, nil })
	keys, err := store.Keys(transport.Files{CA: "ca.pem"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", anyPort)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	r := start(t, func(c *Config) {
		c.Venues = []Venue{{Link: 9, Name: "VENUE", Address: l.Addr().String(), Reconnect: time.Millisecond,
			Timeout: 200 * time.Millisecond, TLS: &transport.Policy{Keys: keys, ServerName: "venue.example"}}}
	})
	accept := func() net.Conn {
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	server := func(ca *testca.Authority) *tls.Config {
		return &tls.Config{Certificates: []tls.Certificate{ca.Issue(t, "venue", time.Now().Add(time.Hour), "venue.example").TLS(t)}}
	}
	strange, known := server(other), server(ca)
	accept() // says nothing
	until(t, "given up", func() bool { return strings.Contains(r.log.String(), "TLS handshake: context deadline exceeded") })
	until(t, "the strange one refused", func() bool { // where this test is slow the gate has given up, and dials again
		err := tls.Server(accept(), strange).Handshake()
		if err == nil {
			t.Fatal("a venue that no authority vouches for was taken")
		}
		return strings.Contains(err.Error(), "bad certificate")
	})
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _ = tls.Server(c, known).Handshake() }()
		}
	}()
	until(t, "handed over", func() bool { return len(r.engine.all()) == 1 })
	got := r.engine.all()[0]
	if want := fmt.Sprintf("to %s at %s, TLS 1.3, certificate \"venue\" of", l.Addr(), l.Addr()); !strings.HasPrefix(got.Origin, want) {
		t.Errorf("%q, want %q", got.Origin, want)
	}
	if flags, err := unix.FcntlInt(uintptr(got.FD), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Error(flags, err)
	}
}
