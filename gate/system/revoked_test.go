package system

import (
	"crypto/tls"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portcullis/gate/internal/testca"
)

// TestTLSRevoked: certificates are revoked while their peers trade. The participant's connection and the venue's end with the
// reason, the others go on, neither gets in again with what is revoked, and the journal and gate check have it.
func TestTLSRevoked(t *testing.T) {
	t.Parallel()
	ca, now := testca.New(t), time.Now()
	secured := certificate(t, ca, "XSIM")
	venue := openRawVenueTLS(t, secured)
	files := securedDesk(t, ca, venue.port())
	files["ca.crl"] = string(ca.Revoke(t, now.Add(-2*time.Hour), now.Add(time.Hour)))
	for _, name := range []string{"participants.cfg", "venues.cfg"} {
		files[name] = strings.Replace(files[name], "SocketCAFile=ca.pem\n", "SocketCAFile=ca.pem\nSocketCRLFiles=ca.crl\n", 1)
	}
	s := newSite(t, files)
	bad := certificate(t, ca, "ACME")
	s.tls = func(name string) *tls.Config {
		if name == "ACME" {
			return bad
		}
		return certificate(t, ca, name)
	}
	s.start()
	now = time.Now()
	(<-venue.linked).await("35=1")
	acme, globex := s.dial("ACME").logon(""), s.dial("GLOBEX").logon("")
	config := filepath.Join(s.dir, "gate.yaml")
	s.write("ca.crl", string(ca.Revoke(t, now.Add(-time.Hour), now.Add(10*time.Minute), bad.Certificates[0], secured.Certificates[0])))
	if out, err := s.gate("check", "-c", config); err != nil || !strings.Contains(out, "the list of what Test Authority has revoked ends on ") {
		t.Errorf("%v: %s", err, out)
	}
	if out, err := s.gate("certificates", "-c", config, "--renew", "-r", "ACME lost its key"); err != nil || !strings.Contains(out, "revoked by Test Authority") {
		t.Errorf("%v: %s", err, out)
	}
	acme.await("35=5|58=the certificate of this session is revoked")
	acme.awaitClosed()
	again := s.dial("ACME")
	again.send("35=A|98=0|108=30")
	again.awaitClosed()
	s.until("the venue is refused", func() bool {
		return strings.Contains(s.log(), `the peer's certificate is revoked: \"XSIM\" of \"Test Authority\"`) && strings.Contains(s.log(), "venue cannot be reached")
	})
	globex.send("35=1|112=there")
	globex.await("35=0|112=there")
	s.write("ca.crl", files["ca.crl"])
	s.write("participants.cfg", strings.Replace(files["participants.cfg"], "TargetCompID=GLOBEX\n", "TargetCompID=GLOBEX\nMaxLatency=60\n", 1))
	s.notReloaded("older than that in force")
	out, err := s.gate("audit", "tail", "--journal", filepath.Join(s.dir, "journal"))
	for _, want := range []string{`command certificate revoked of FIX.4.4:GATE->ACME by gate: the peer's certificate is revoked: "ACME" of "Test Authority"`,
		"session fault: the peer's certificate is revoked", "its connection was ended"} {
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("%v: no %q in the journal:\n%s", err, want, out)
		}
	}
	if out, err := s.gate("replay", "--journal", filepath.Join(s.dir, "journal")); err != nil {
		t.Error(err, out)
	}
	s.terminate()
}
