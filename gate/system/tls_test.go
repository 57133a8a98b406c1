package system

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/demo/peer"
	"portcullis/gate/internal/testca"
)

const mutualTLS = "SocketCertificateFile=gate.pem\nSocketPrivateKeyFile=gate.key\nSocketCAFile=ca.pem\n"

// securedDesk is desk with mutual TLS on both sides: each peer's certificate bears its CompID.
func securedDesk(t *testing.T, ca *testca.Authority, venuePort int) map[string]string {
	t.Helper()
	files := desk(venuePort)
	pair := ca.Issue(t, "GATE", time.Now().Add(1000*time.Hour))
	files["gate.pem"], files["gate.key"], files["ca.pem"] = string(pair.Certificate), string(pair.Key), string(ca.PEM)
	for _, name := range []string{"participants.cfg", "venues.cfg"} {
		files[name] = strings.Replace(files[name], "[DEFAULT]\n", "[DEFAULT]\n"+mutualTLS, 1)
	}
	return files
}

// certificate is the TLS of a peer on 127.0.0.1, either side of it.
func certificate(t *testing.T, ca *testca.Authority, name string) *tls.Config {
	return &tls.Config{ServerName: "127.0.0.1", RootCAs: ca.Pool, ClientCAs: ca.Pool, ClientAuth: tls.RequireAndVerifyClientCert,
		Certificates: []tls.Certificate{ca.Issue(t, name, time.Now().Add(time.Hour)).TLS(t)}}
}

// deskOver is a venue and a desk before it, over plain TCP or mutual TLS.
func deskOver(t *testing.T, secured bool) (*rawVenue, *site) {
	t.Helper()
	if !secured {
		venue := openRawVenue(t)
		return venue, newSite(t, roomy(desk(venue.port())))
	}
	ca := testca.New(t)
	venue := openRawVenueTLS(t, certificate(t, ca, "XSIM"))
	s := newSite(t, roomy(securedDesk(t, ca, venue.port())))
	s.tls = func(name string) *tls.Config { return certificate(t, ca, name) }
	return venue, s
}

// quickfixTLS are quickfixgo's settings of a peer with a certificate of its own.
func quickfixTLS(t *testing.T, ca *testca.Authority, dir, name string, end time.Time) map[string]string {
	ca.Issue(t, name, end).Write(t, dir, name)
	return map[string]string{"SocketCertificateFile": filepath.Join(dir, name+".pem"),
		"SocketPrivateKeyFile": filepath.Join(dir, name+".key"), "SocketCAFile": filepath.Join(dir, "ca.pem")}
}

// TestTLS: quickfixgo on both sides, over mutual TLS: orders and reports go through, the journal says who connected; one
// peer's certificate opens no other's link, and one that has ended or comes from elsewhere opens none.
func TestTLS(t *testing.T) {
	t.Parallel()
	ca, other, dir := testca.New(t), testca.New(t), t.TempDir()
	testca.WriteFile(t, filepath.Join(dir, "ca.pem"), ca.PEM)
	later := time.Now().Add(time.Hour)
	venue, err := peer.Open(peer.VenueConfig{BeginString: "FIX.4.4", SenderCompID: "XSIM", TargetCompID: "GATE",
		Port: freePort(t), Settings: quickfixTLS(t, ca, dir, "XSIM", later)})
	if err != nil {
		t.Fatal(err)
	}
	defer venue.Stop()
	s := newSite(t, securedDesk(t, ca, venue.Port()))
	s.start()
	dial := func(name string, settings map[string]string) *peer.Participant {
		p, err := peer.Dial(peer.ParticipantConfig{BeginString: "FIX.4.4", SenderCompID: name, TargetCompID: "GATE",
			Address: s.address(), Settings: settings})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Stop)
		return p
	}
	acme := dial("ACME", quickfixTLS(t, ca, dir, "ACME", later))
	if err := acme.AwaitLogon(); err != nil {
		t.Fatal(err, s.log())
	}
	if err := venue.AwaitLogon(); err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		id := fmt.Sprint("A", n)
		if err := acme.Send("35=D|11=" + id + "|1=ACME-1|55=AAPL|54=1|38=100|40=2|44=187.50|58=fill 100"); err != nil {
			t.Fatal(err)
		}
		if _, err := acme.Await("35=8|11=" + id + "|39=2"); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name   string
		dial   map[string]string
		reason string
	}{
		{"another's certificate", quickfixTLS(t, ca, dir, "ACME", later), `the peer's certificate is of [\"ACME\"], and the link belongs to [\"GLOBEX\"]`},
		{"ended", quickfixTLS(t, ca, dir, "GLOBEX", time.Now().Add(-time.Minute)), "certificate has expired"},
		{"of another authority", quickfixTLS(t, other, dir, "VAULT", later), "certificate signed by unknown authority"},
		{"none", map[string]string{"SocketUseSSL": "Y", "SocketCAFile": filepath.Join(dir, "ca.pem")}, "didn't provide a certificate"},
		{"no TLS", nil, "what came is no TLS"},
	} {
		p := dial("GLOBEX", c.dial)
		s.until(c.name+" is refused", func() bool { return strings.Contains(s.log(), c.reason) })
		if p.LoggedOn() {
			t.Errorf("%s: logged on", c.name)
		}
		p.Stop()
	}
	if out, err := s.gate("audit", "tail", "--journal", filepath.Join(s.dir, "journal")); err != nil ||
		!strings.Contains(out, `TLS 1.3, certificate "ACME" of "Test Authority", serial `) ||
		!strings.Contains(out, fmt.Sprintf(`admitted: to 127.0.0.1:%d at 127.0.0.1:%d, TLS 1.3, certificate "XSIM"`, venue.Port(), venue.Port())) {
		t.Errorf("%v: %s", err, out)
	}
	s.terminate()
}

// TestTLSDisconnect: an operator takes a link down and up again over TLS, and both ends see an orderly end.
func TestTLSDisconnect(t *testing.T) {
	t.Parallel()
	venue, s := deskOver(t, true)
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	name := "FIX.4.4:GATE->ACME"
	if _, err := s.admin().Do(context.Background(), admin.Request{Verb: admin.LinkDown, Name: name, Reason: "test"}); err != nil {
		t.Fatal(err)
	}
	acme.await("35=5")
	acme.awaitClosed()
	if _, err := s.admin().Do(context.Background(), admin.Request{Verb: admin.LinkUp, Name: name}); err != nil {
		t.Fatal(err)
	}
	again := s.dial("ACME")
	again.skip(acme.number() - 1)
	again.logon("")
	s.terminate()
}

// TestTLSReload: certificates are renewed in the middle of a flow. Nothing that is connected notices, the next
// connection is shown the new one, files of no use change nothing and are said, and the journal has it all.
func TestTLSReload(t *testing.T) {
	t.Parallel()
	ca := testca.New(t)
	venue := openRawVenueTLS(t, certificate(t, ca, "XSIM"))
	files := roomy(securedDesk(t, ca, venue.port()))
	soon := ca.Issue(t, "GATE", time.Now().Add(100*time.Hour))
	files["gate.pem"], files["gate.key"] = string(soon.Certificate), string(soon.Key)
	s := newSite(t, files)
	shown := make(chan time.Time, 100)
	s.tls = func(name string) *tls.Config {
		c := certificate(t, ca, name)
		c.VerifyConnection = func(state tls.ConnectionState) error {
			shown <- state.PeerCertificates[0].NotAfter
			return nil
		}
		return c
	}
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	first := <-shown
	config := filepath.Join(s.dir, "gate.yaml")
	s.until("gate status warns", func() bool {
		out, err := s.gate("status", "-c", config)
		return err == nil && strings.Contains(out, "a certificate ends soon") && strings.Contains(out, "alerts since the start: 2") &&
			strings.Contains(out, first.UTC().Format(time.RFC3339)+"          4")
	})
	f := startFlood(acme, "ACME-1", 1)
	s.until("orders flow", func() bool { return venue.count("35=D") > 50 })
	reload := func() (string, error) { return s.gate("certificates", "-c", config, "--renew", "-r", "renewal") }
	s.write("gate.pem", "nothing")
	if out, err := reload(); err == nil || !strings.Contains(out, "gate.pem holds no certificate") || !strings.Contains(out, "stays in use") {
		t.Errorf("%v: %s", err, out)
	}
	if out, err := s.gate("certificates", "-c", config); err != nil || !strings.Contains(out, "would stop the next reload") || !strings.Contains(out, "note: gate.pem holds no certificate") {
		t.Errorf("%v: %s", err, out)
	}
	settings := files["participants.cfg"]
	s.write("participants.cfg", strings.Replace(settings, "TargetCompID=GLOBEX\n", "TargetCompID=GLOBEX\nMaxLatency=60\n", 1))
	for _, more := range [][]string{nil, {"--dry-run"}} {
		if out, err := s.reload(more...); err == nil || !strings.Contains(out, `"gate.pem" holds no certificate`) {
			t.Errorf("reload %v: %v: %s", more, err, out)
		}
	}
	s.write("participants.cfg", settings)
	renewed := ca.Issue(t, "GATE", time.Now().Add(9000*time.Hour))
	renewed.Write(t, s.dir, "gate")
	out, err := reload()
	if err != nil || !strings.Contains(out, "gate.pem") || strings.Contains(out, "have it renewed") {
		t.Errorf("%v: %s", err, out)
	}
	before := venue.count("35=D")
	s.until("orders flow on", func() bool { return venue.count("35=D") > before+50 })
	s.dial("GLOBEX").logon("")
	if again := <-shown; !again.After(first) {
		t.Errorf("the next connection was shown the one that ends %v", again)
	}
	sent := f.end()
	s.until("every order has its report", func() bool { // a busy machine may leave the venue too little time to read
		return acme.count("35=8|150=0")+acme.count("35=8|150=8|58=VENUE_BUSY*") == sent
	})
	if len(venue.linked) > 0 || acme.count("35=5") > 0 {
		t.Error("a link was dropped")
	}
	out, err = s.gate("audit", "tail", "--journal", filepath.Join(s.dir, "journal"))
	for _, want := range []string{"command certificates by", ": files are to be read again: renewal", ": not renewed: gate.pem holds no certificate", ": renewed: gate.pem of GATE until "} {
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("%v: no %q in the journal", err, want)
		}
	}
	ca.Issue(t, "GATE", time.Now().Add(8000*time.Hour)).Write(t, s.dir, "gate")
	s.until("a change of the files is seen", func() bool { return strings.Contains(s.log(), `"by":"gate"`) })
	if out, err := s.gate("replay", "--journal", filepath.Join(s.dir, "journal")); err != nil {
		t.Error(err, out)
	}
	s.terminate()
}

// TestTLSCheck: gate check and gate run find what is wrong with certificates, by file and line; status and kill need
// none of them.
func TestTLSCheck(t *testing.T) {
	t.Parallel()
	venue, s := deskOver(t, true)
	s.start()
	(<-venue.linked).await("35=1")
	s.write("gate.key", "nothing")
	config := filepath.Join(s.dir, "gate.yaml")
	for _, verb := range []string{"check", "run"} {
		if out, err := s.gate(verb, "-c", config); err == nil || !strings.Contains(out, `participants.cfg:3: SocketPrivateKeyFile="gate.key" does not go with gate.pem`) {
			t.Errorf("%s: %v: %s", verb, err, out)
		}
	}
	if out, err := s.gate("status", "-c", config); err != nil || !strings.Contains(out, "gate.pem") {
		t.Errorf("%v: %s", err, out)
	}
	if out, err := s.gate("kill", "-c", config, "--all", "-r", "test"); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	s.terminate()
}

// TestTLSByReload: links that trade in the clear get TLS while the gate runs. The connection that is there goes on, the
// next one has to be TLS.
func TestTLSByReload(t *testing.T) {
	t.Parallel()
	ca := testca.New(t)
	venue := openRawVenue(t)
	plain, secured := desk(venue.port()), securedDesk(t, ca, venue.port())
	s := newSite(t, plain)
	s.start()
	(<-venue.linked).await("35=1")
	acme := s.dial("ACME").logon("")
	for _, name := range []string{"gate.pem", "gate.key", "ca.pem", "participants.cfg"} {
		s.write(name, secured[name])
	}
	if out, err := s.gate("reload", "-c", filepath.Join(s.dir, "gate.yaml"), "-r", "test"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	s.dial("GLOBEX").send("35=A|98=0|108=30")
	s.until("what is not TLS is refused", func() bool { return strings.Contains(s.log(), "what came is no TLS") })
	s.tls = func(name string) *tls.Config { return certificate(t, ca, name) }
	s.dial("GLOBEX").logon("")
	acme.send("35=D|11=A|1=ACME-1|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	acme.await("35=8|11=A|150=0")
	s.terminate()
}

// TestDropCopyTLS: a drop copy over mutual TLS: surveillance gets its copies with a certificate of its own; another's,
// and a connection in the clear, get nothing.
func TestDropCopyTLS(t *testing.T) {
	t.Parallel()
	ca := testca.New(t)
	venue := openRawVenue(t)
	d := withDropCopy(newSite(t, desk(venue.port())))
	for name, text := range securedDesk(t, ca, venue.port()) {
		if strings.HasSuffix(name, ".pem") || strings.HasSuffix(name, ".key") {
			d.write(name, text)
		}
	}
	d.write("dropcopy.cfg", strings.Replace(strings.ReplaceAll(surveillanceSessions, "@DROP@", fmt.Sprint(d.port)), "[DEFAULT]\n", "[DEFAULT]\n"+mutualTLS, 1))
	d.start()
	d.startDrop()
	(<-venue.linked).await("35=1")
	plain := d.dialDrop("SURV-ALL")
	plain.send("35=A|98=0|108=30")
	plain.awaitClosed()
	over := func(name, certified string) *raw {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", d.port))
		if err != nil {
			t.Fatal(err)
		}
		return newRaw(t, tls.Client(conn, certificate(t, ca, certified)), name, "GATE", nil)
	}
	other := over("SURV-ALL", "SURV-ANEW")
	other.send("35=A|98=0|108=30")
	other.awaitClosed()
	if len(other.all()) > 0 {
		t.Errorf("another's certificate was answered: %v", other.all())
	}
	surv := over("SURV-ALL", "SURV-ALL")
	surv.logon("")
	d.dial("ACME").logon("").send("35=D|11=A|1=ACME-1|55=AAPL|54=1|38=10|40=2|44=187.50|60=20261122-00:00:00")
	surv.await("35=8|11=A|150=0|115=ACME")
	d.terminate()
}
