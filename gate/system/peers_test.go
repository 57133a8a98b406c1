package system

import (
	"crypto/tls"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portcullis/gate/internal/testca"
	"portcullis/session"
)

// TestPeersTakeTwo: under four eyes nobody alone comes in as another client, neither by the password of a link nor by an authority of his
// own that vouches for peers: both wait for a second person, over a crash of the engine and over a start, and the gate's own
// certificate is renewed by one.
func TestPeersTakeTwo(t *testing.T) {
	second, group := nobody(t)
	ca, mine := testca.New(t), testca.New(t)
	venue := openRawVenueTLS(t, certificate(t, ca, "XSIM"))
	files := securedDesk(t, ca, venue.port())
	hash := func(password string) string {
		h, err := session.HashPassword([]byte(password), session.IterationsMin)
		if err != nil {
			t.Fatal(err)
		}
		return h.String() + "\n"
	}
	files["vault.hash"] = hash("hers")
	files["gate.yaml"] = strings.Replace(files["gate.yaml"], "approval: none\n", "approval: four_eyes\n  admin_group: "+group+"\n", 1)
	from := strings.Index(files["gate.yaml"], "password_hash:")
	till := from + strings.Index(files["gate.yaml"][from:], "}")
	files["gate.yaml"] = files["gate.yaml"][:from] + "password_file: vault.hash" + files["gate.yaml"][till:]
	s := newSite(t, files)
	conf := filepath.Join(s.dir, "gate.yaml")
	approve := func(want ...string) {
		t.Helper()
		out, err := s.gate("changes", "--pending", "-c", conf)
		for _, text := range want {
			if err != nil || !strings.Contains(out, text) {
				t.Fatalf("%v\n%s\nlacks %s", err, out, text)
			}
		}
		_, rest, _ := strings.Cut(out, "configuration ")
		name, _, _ := strings.Cut(rest, ",")
		if out, err := s.gateAs(second, "approve", name, "-c", conf, "-r", "seen"); err != nil || !strings.Contains(out, "in force") {
			t.Fatal(out, err)
		}
	}
	vouched := func(by *testca.Authority) *raw {
		s.tls = func(name string) *tls.Config {
			c := certificate(t, ca, name)
			c.Certificates = certificate(t, by, name).Certificates
			return c
		}
		return s.dial("VAULT")
	}
	comesIn := func(by *testca.Authority, password string, want bool) {
		t.Helper()
		r := vouched(by)
		r.send("35=A|98=0|108=30|141=Y|553=vault|554=" + password)
		if want {
			r.await("35=A")
			r.send("35=5")
			r.await("35=5")
		}
		r.awaitClosed()
		if !want && r.count("35=A") > 0 {
			t.Fatalf("%s lets somebody in", password)
		}
	}
	s.start()
	approve("first configuration")
	(<-venue.linked).await("35=1")
	comesIn(ca, "hers", true)
	comesIn(mine, "hers", false)

	s.write("vault.hash", hash("mine"))
	s.write("ca.pem", string(ca.PEM)+string(mine.PEM))
	if out, err := s.gate("certificates", "-c", conf, "--renew", "-r", "mine"); err != nil || !strings.Contains(out, "ca.pem: other authorities than are in force stand there") {
		t.Fatal(out, err)
	}
	held := []string{"PENDING APPROVAL link FIX.4.4:GATE->VAULT password_hash: ", `PENDING APPROVAL authorities of ca.pem: "Test Authority" (SHA-256 `}
	out, err := s.reload()
	for _, text := range held {
		if err != nil || !strings.Contains(out, text) {
			t.Fatal(out, err)
		}
	}
	comesIn(mine, "hers", false)
	comesIn(ca, "mine", false)
	comesIn(ca, "hers", true)
	s.kill9Engine()
	s.awaitRun()
	(<-venue.linked).await("35=1")
	comesIn(mine, "hers", false)
	comesIn(ca, "mine", false)
	comesIn(ca, "hers", true)

	s.terminate()
	s.start()
	(<-venue.linked).await("35=1")
	comesIn(mine, "mine", false)
	comesIn(ca, "mine", false)
	comesIn(ca, "hers", false) // nobody has its hash any more
	approve("link FIX.4.4:GATE->VAULT password_hash: ", "authorities of ca.pem: ")
	comesIn(mine, "mine", true)
	comesIn(ca, "hers", false)

	// What tightens counts at once, and so does the gate's own certificate.
	s.write("ca.pem", string(ca.PEM))
	if out, err := s.reload(); err != nil || strings.Contains(out, "PENDING") || !strings.Contains(out, "changed FIX.4.4:GATE->VAULT") {
		t.Fatal(out, err)
	}
	comesIn(mine, "mine", false)
	comesIn(ca, "mine", true)
	ca.Issue(t, "GATE", time.Now().Add(2000*time.Hour)).Write(t, s.dir, "gate")
	if out, err := s.gate("certificates", "-c", conf, "--renew", "-r", "yearly"); err != nil || strings.Contains(out, "other authorities") {
		t.Fatal(out, err)
	}
	comesIn(ca, "mine", true)
	s.terminate()
	if out, err := s.gate("replay", "-c", conf); err != nil {
		t.Error(out, err)
	}
}
