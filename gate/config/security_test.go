package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portcullis/gate/internal/testca"
)

const mutualLines = "SocketCertificateFile=gate.pem\nSocketPrivateKeyFile=gate.key\nSocketCAFile=ca.pem\n"

// secured is the sample with TLS on both sides, changed by old and new texts of its files.
func secured(t *testing.T, end time.Time, change ...string) map[string][]byte {
	t.Helper()
	ca, files := testca.New(t), Alone(SampleFiles(sampleDate))
	pair := ca.Issue(t, "gate.example", end)
	files["gate.pem"], files["gate.key"], files["ca.pem"] = pair.Certificate, pair.Key, ca.PEM
	replace := func(file, old, new string) {
		if strings.Count(string(files[file]), old) != 1 {
			t.Fatalf("%q occurs %d times in %s", old, strings.Count(string(files[file]), old), file)
		}
		files[file] = []byte(strings.Replace(string(files[file]), old, new, 1))
	}
	replace("participants.cfg", "SenderCompID=GATE\n", "SenderCompID=GATE\n"+mutualLines)
	replace("venues.cfg", "SenderCompID=GATE\n", "SenderCompID=GATE\nSocketUseSSL=Y\nSocketCAFile=ca.pem\n")
	for i := 0; i < len(change); i += 3 {
		replace(change[i], change[i+1], change[i+2])
	}
	return files
}

// TestSecured: what the settings say of TLS is what a link asks, and whose certificate it takes.
func TestSecured(t *testing.T) {
	c, err := loadMap(secured(t, time.Now().Add(1000*time.Hour),
		"gate.yaml", "    default_account: ACME-1 ", "    certificate_names: [fix.acme.example, ACME]\n    default_account: ACME-1 ",
		"participants.cfg", "TargetCompID=ACME\n", "TargetCompID=ACME\nSocketMinimumTLSVersion=TLS12\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.ReadKeys(time.Now()); err != nil || len(c.Warnings) > 0 {
		t.Error(err, c.Warnings)
	}
	acme, globex, venue := c.Links[0].TLS, c.Links[1].TLS, c.Venues[0].TLS
	if !acme.Mutual || !acme.TLS12 || strings.Join(acme.Names, " ") != "fix.acme.example ACME" {
		t.Errorf("%+v", acme)
	}
	if !globex.Mutual || globex.TLS12 || strings.Join(globex.Names, " ") != "GLOBEX" || globex.Keys != acme.Keys {
		t.Errorf("%+v", globex)
	}
	if venue.Mutual || venue.ServerName != "127.0.0.1" || venue.Keys == acme.Keys {
		t.Errorf("%+v", venue)
	}
	for name, data := range c.Files {
		if strings.HasSuffix(name, ".key") || strings.HasSuffix(name, ".pem") && name != "ca.pem" || strings.Contains(string(data), "PRIVATE") {
			t.Errorf("%s is kept beside the journal", name)
		}
	}
	kept, err := LoadFiles(c.Files, SampleMain)
	if err != nil {
		t.Fatal(err)
	}
	if err := kept.ReadKeys(time.Now()); err == nil || !strings.Contains(err.Error(), "no such file") || kept.Links[0].TLS != nil {
		t.Error("what is kept beside the journal is enough to run")
	}
}

// TestSecuredBroken: each defect has its file, its line and its cure.
func TestSecuredBroken(t *testing.T) {
	far := time.Now().Add(1000 * time.Hour)
	for _, c := range []struct {
		name   string
		end    time.Time
		change []string
		want   string
	}{
		{"no such file", far, []string{"participants.cfg", "\nSocketCertificateFile=gate.pem", "\nSocketCertificateFile=none.pem"},
			"participants.cfg:9: SocketCertificateFile=\"none.pem\" cannot be read: no such file; check the name, its folder and its permissions"},
		{"expired", time.Now().Add(-time.Hour), nil, "participants.cfg:9: SocketCertificateFile=\"gate.pem\" ended on "},
		{"no key in it", far, []string{"participants.cfg", "\nSocketPrivateKeyFile=gate.key", "\nSocketPrivateKeyFile=ca.pem"},
			"participants.cfg:10: SocketPrivateKeyFile=\"ca.pem\" does not go with gate.pem: "},
		{"no authority in it", far, []string{"venues.cfg", "=ca.pem", "=gate.key"},
			"venues.cfg:7: SocketCAFile=\"gate.key\" holds no certificate; write the authorities' certificates, in PEM"},
		{"no list of what is revoked", far, []string{"participants.cfg", "SocketCAFile=ca.pem\n", "SocketCAFile=ca.pem\nSocketCRLFiles=none.crl\n"},
			"participants.cfg:12: SocketCRLFiles=\"none.crl\" cannot be read: no such file; check the name, its folder and its permissions"},
		{"one port, TLS and none", far, []string{"participants.cfg", mutualLines, "", "participants.cfg", "TargetCompID=GLOBEX\n", "TargetCompID=GLOBEX\n" + mutualLines},
			"share 127.0.0.1:9876, and only one of them has TLS; give one of them a port of its own"},
		{"one port, proxies and none", far, []string{"participants.cfg", "TargetCompID=GLOBEX\n", "TargetCompID=GLOBEX\nUseTCPProxy=Y\n"},
			"share 127.0.0.1:9876 and differ in UseTCPProxy; "},
		{"a proxy that nobody trusts", far, []string{"participants.cfg", "SenderCompID=GATE\n", "SenderCompID=GATE\nUseTCPProxy=Y\n"},
			"UseTCPProxy=Y of session FIX.4.4:GATE->ACME: no proxy is trusted; list their addresses in gate.trusted_proxies"},
		{"no network", far, []string{"gate.yaml", "trusted_proxies: []", "trusted_proxies: [proxy.example]"},
			`gate.yaml:21: trusted_proxies: "proxy.example" is not an address or network; write 192.0.2.7 or 192.0.2.0/24`},
		{"names for nothing", far, []string{"participants.cfg", "SocketCAFile=ca.pem", "SocketUseSSL=Y", "gate.yaml",
			"    default_account: ACME-1 ", "    certificate_names: ACME\n    default_account: ACME-1 "},
			`certificate_names has no use: link "FIX.4.4:GATE->ACME" asks for no certificate; remove it, or see SocketCAFile in participants.cfg`},
	} {
		cfg, err := loadMap(secured(t, c.end, c.change...))
		if err == nil {
			err = cfg.ReadKeys(time.Now())
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// TestSecuredWarnings: a certificate that ends soon, and a key that everybody may read.
func TestSecuredWarnings(t *testing.T) {
	dir := t.TempDir()
	for name, data := range secured(t, time.Now().Add(100*time.Hour)) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Load(filepath.Join(dir, SampleMain))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.ReadKeys(time.Now()); err != nil {
		t.Fatal(err)
	}
	all := strings.Join(c.Warnings, "\n")
	for _, want := range []string{"gate.pem: the certificate of gate.example ends on ", " in 4 days: have it renewed",
		"participants.cfg:10: SocketPrivateKeyFile=gate.key can be read by every user of this machine"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in:\n%s", want, all)
		}
	}
}
