package admission

import (
	"crypto/tls"
	"io"
	"strings"
	"testing"
	"time"
)

// TestRevoked: a peer is found whose certificate is revoked while it is connected, until its connection has ended, and is
// refused from then on; another certificate gets it in again.
func TestRevoked(t *testing.T) {
	g := startTLS(t, nil)
	bad, good := g.config(t, "ACME"), g.config(t, "ACME")
	logOn := func(c *tls.Config) *tls.Conn {
		conn := tls.Client(g.connect(t), c)
		if _, err := io.WriteString(conn, logon("right")); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	logOn(bad)
	g.noted(t, 1)
	if list := g.Revoked(); len(list) != 0 {
		t.Fatalf("%+v", list)
	}
	g.files["ca.crl"] = g.ca.Revoke(t, time.Now(), time.Now().Add(time.Hour), bad.Certificates[0])
	if list := g.store.Reload(time.Now()); len(list) != 1 || list[0].Err != nil {
		t.Fatalf("%+v", list)
	}
	list := g.Revoked()
	if len(list) != 1 || list[0].Link != 1 || list[0].Conn != 1 || !strings.Contains(list[0].Why.Error(), `the peer's certificate is revoked: "ACME"`) {
		t.Fatalf("%+v", list)
	}
	g.engine.Release(1)
	if list := g.Revoked(); len(list) != 0 {
		t.Errorf("it has ended: %+v", list)
	}
	logOn(bad)
	until(t, "refused", func() bool { return strings.Contains(g.log.String(), "the peer's certificate is revoked: ") })
	logOn(good)
	g.noted(t, 2)
	if list := g.Revoked(); len(list) != 0 {
		t.Errorf("it has another certificate: %+v", list)
	}
}

// TestRevokedNamesItsConnection: who was handed over first and is noted last, after another connection of its link, hides that one from
// nobody: the certificate is that of the later one.
func TestRevokedNamesItsConnection(t *testing.T) {
	g := startTLS(t, nil)
	conn := tls.Client(g.connect(t), g.config(t, "ACME"))
	if _, err := io.WriteString(conn, logon("right")); err != nil {
		t.Fatal(err)
	}
	g.noted(t, 1)
	state := conn.ConnectionState()
	g.remember(1, 3, nil)
	g.remember(1, 2, &state)
	if got := g.secured[1]; got.conn != 3 || got.state != nil {
		t.Errorf("connection %d is noted, want the later one", got.conn)
	}
}

// noted waits until the certificate of a connection of link 1 is noted, which comes after the handover.
func (g *guarded) noted(t *testing.T, conn uint32) {
	t.Helper()
	until(t, "handed over and noted", func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.secured[1].conn == conn
	})
}
