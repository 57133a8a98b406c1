package transport

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"io/fs"
	"net"
	"strings"
	"testing"
	"time"

	"portcullis/gate/internal/testca"
)

var later = time.Now().Add(time.Hour)

// disk holds files by name.
type disk map[string][]byte

func (d disk) open(name string) ([]byte, error) {
	data, ok := d[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: "/secret/place/" + name, Err: fs.ErrNotExist}
	}
	return data, nil
}

func (d disk) put(name string, p testca.Pair) { d[name+".pem"], d[name+".key"] = p.Certificate, p.Key }

func files(name string) Files { return Files{Certificate: name + ".pem", Key: name + ".key"} }

// TestFaults: each way in which files are of no use has its words, its file and its cure; none has a path or a key in it.
func TestFaults(t *testing.T) {
	ca, d := testca.New(t), disk{}
	good := ca.Issue(t, "gate", later)
	d.put("good", good)
	d.put("old", ca.Issue(t, "gate", time.Now().Add(-time.Hour)))
	d.put("mixed", testca.Pair{Certificate: good.Certificate, Key: ca.Issue(t, "other", later).Key})
	d.put("empty", testca.Pair{Key: good.Key})
	d.put("swapped", testca.Pair{Certificate: good.Key, Key: good.Certificate})
	d.put("garbage", testca.Pair{Certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")}), Key: good.Key})
	d.put("locked", testca.Pair{Certificate: good.Certificate, Key: pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")})})
	d["ca.pem"], d["old-ca.pem"] = ca.PEM, d["old.pem"]
	for _, c := range []struct {
		files Files
		role  Role
		want  string
	}{
		{files("none"), CertificateFile, "none.pem cannot be read: no such file; check"},
		{Files{Certificate: "good.pem", Key: "none.key"}, KeyFile, "none.key cannot be read: no such file"},
		{files("old"), CertificateFile, "old.pem ended on "},
		{files("mixed"), KeyFile, "mixed.key does not go with mixed.pem: private key does not match public key"},
		{files("empty"), CertificateFile, "empty.pem holds no certificate"},
		{files("swapped"), CertificateFile, "swapped.pem holds no certificate"},
		{files("garbage"), CertificateFile, "garbage.pem has a certificate that cannot be read"},
		{files("locked"), KeyFile, "locked.key is locked with a pass phrase; write it without one"},
		{Files{CA: "none.pem"}, CAFile, "none.pem cannot be read"},
		{Files{CA: "good.key"}, CAFile, "good.key holds no certificate"},
		{Files{CA: "old-ca.pem"}, CAFile, "old-ca.pem has no authority that is still good: the last ended on "},
	} {
		_, err := NewStore(d.open).Keys(c.files, time.Now())
		fault, ok := err.(*Fault)
		if !ok || !strings.Contains(err.Error(), c.want) || fault.Role != c.role || fault.Cure == "" || strings.Contains(err.Error(), "place") {
			t.Errorf("%+v: %v, want %q", c.files, err, c.want)
		}
	}
	late := time.Unix(-1, 0)
	if _, err := NewStore(d.open).Keys(files("good"), late); err == nil || !strings.Contains(err.Error(), "is good only from 1970-01-01") {
		t.Error(err)
	}
	if _, err := NewStore(d.open).Keys(Files{Certificate: "good.pem", Key: "good.key", CA: "ca.pem"}, time.Now()); err != nil {
		t.Error(err)
	}
}

// TestReload: what is new is taken over, what is of no use leaves the old in its place and is said, links with the same
// files share them.
func TestReload(t *testing.T) {
	ca, d := testca.New(t), disk{}
	d.put("gate", ca.Issue(t, "first", later))
	s := NewStore(d.open)
	k, err := s.Keys(files("gate"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := s.Keys(files("gate"), time.Now()); again != k {
		t.Error("read twice")
	}
	if list := s.Reload(time.Now()); len(list) != 0 {
		t.Errorf("nothing is new: %+v", list)
	}
	second := ca.Issue(t, "second", later.Add(time.Hour))
	d["gate.pem"] = second.Certificate
	if list := s.Reload(time.Now()); len(list) != 1 || list[0].Err == nil || list[0].Ends[0].Subject != "first" {
		t.Errorf("the key is still the old one: %+v", list)
	}
	if faults := s.Faults(time.Now()); len(faults) != 1 || s.Ends()[0].Subject != "first" {
		t.Errorf("a start would not find fault with the files: %v", faults)
	}
	d["gate.key"] = second.Key
	if faults := s.Faults(time.Now()); len(faults) != 0 || s.Ends()[0].Subject != "first" {
		t.Errorf("%v, or they are taken over", faults)
	}
	list := s.Reload(time.Now())
	if len(list) != 1 || list[0].Err != nil || list[0].Ends[0].Subject != "second" {
		t.Errorf("%+v", list)
	}
	if ends := s.Ends(); len(ends) != 1 || ends[0].File != "gate.pem" || !ends[0].At.Equal(later.Add(time.Hour).Truncate(time.Second)) {
		t.Errorf("%+v", ends)
	}
}

// TestWatch: a pair of which one file is replaced before the other is no error; what stays of no use is told once.
func TestWatch(t *testing.T) {
	ca, d := testca.New(t), disk{}
	d.put("gate", ca.Issue(t, "first", later))
	s := NewStore(d.open)
	if _, err := s.Keys(files("gate"), time.Now()); err != nil {
		t.Fatal(err)
	}
	look := func(want int, subject string) Renewal {
		t.Helper()
		list := s.Watch(time.Now())
		if len(list) != want || want == 1 && list[0].Ends[0].Subject != subject {
			t.Fatalf("%+v, want %d", list, want)
		}
		return append(list, Renewal{})[0]
	}
	second := ca.Issue(t, "second", later)
	d["gate.key"] = second.Key
	look(0, "")
	d["gate.pem"] = second.Certificate
	look(1, "second")
	delete(d, "gate.pem")
	look(0, "")
	if look(1, "second").Err == nil {
		t.Error("a file that is missing is not told")
	}
	look(0, "")
	d["gate.pem"] = second.Certificate
	look(0, "")
	delete(d, "gate.pem")
	look(0, "")
	if look(1, "second").Err == nil {
		t.Error("missing again is not told")
	}
}

// meet has a client and a server shake hands, and returns what each says of it.
func meet(t *testing.T, client, server *tls.Config) (state tls.ConnectionState, clientErr, serverErr error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	done := make(chan error, 1)
	go func() {
		near, err := net.Dial("tcp", l.Addr().String())
		if err == nil {
			defer near.Close()
			near.SetDeadline(time.Now().Add(10 * time.Second))
			c := tls.Client(near, client)
			if err = c.Handshake(); err == nil {
				_, err = io.ReadAll(c) // in TLS 1.3 a refusal comes after
			}
		}
		done <- err
	}()
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	far.SetDeadline(time.Now().Add(10 * time.Second))
	s := tls.Server(far, server)
	if serverErr = s.Handshake(); serverErr == nil {
		state = s.ConnectionState()
	}
	s.Close()
	return state, <-done, serverErr
}

// TestPolicies: which peers a handshake lets through, and which the check of the link that the Logon names.
func TestPolicies(t *testing.T) {
	ours, theirs, d := testca.New(t), testca.New(t), disk{}
	d.put("gate", ours.Issue(t, "gate", later, "gate.example"))
	d.put("other", ours.Issue(t, "other", later, "other.example"))
	d["ours.pem"], d["theirs.pem"] = ours.PEM, theirs.PEM
	store := NewStore(d.open)
	policy := func(name, ca string, p Policy) *Policy {
		f := files(name)
		f.CA = ca
		var err error
		if p.Keys, err = store.Keys(f, time.Now()); err != nil {
			t.Fatal(err)
		}
		return &p
	}
	acme := policy("gate", "ours.pem", Policy{Mutual: true, Names: []string{"ACME", "acme.example"}})
	globex := policy("gate", "theirs.pem", Policy{Mutual: true, Names: []string{"GLOBEX"}})
	open := policy("other", "", Policy{TLS12: true})
	show := func(ca *testca.Authority, name string, end time.Time, names ...string) []tls.Certificate {
		return []tls.Certificate{ca.Issue(t, name, end, names...).TLS(t)}
	}
	for _, c := range []struct {
		name      string
		policies  []*Policy
		client    *tls.Config
		handshake string // error; "" = it succeeds
		checks    []string
		shown     string // subject of the certificate that the client was shown
	}{
		{"its own certificate", []*Policy{acme}, &tls.Config{Certificates: show(ours, "ACME", later)}, "", []string{""}, "gate"},
		{"an alternative name", []*Policy{acme}, &tls.Config{Certificates: show(ours, "x", later, "acme.example")}, "", []string{""}, "gate"},
		{"another's name", []*Policy{acme}, &tls.Config{Certificates: show(ours, "GLOBEX", later)}, "",
			[]string{`the peer's certificate is of ["GLOBEX"], and the link belongs to ["ACME" "acme.example"]`}, "gate"},
		{"an authority of another link", []*Policy{acme, globex}, &tls.Config{Certificates: show(theirs, "ACME", later)}, "",
			[]string{"is not for this link: certificate signed by unknown authority", "the link belongs to"}, "gate"},
		{"an unknown authority", []*Policy{acme}, &tls.Config{Certificates: show(theirs, "ACME", later)}, "unknown authority", nil, ""},
		{"expired", []*Policy{acme}, &tls.Config{Certificates: show(ours, "ACME", time.Now().Add(-time.Minute))}, "expired", nil, ""},
		{"no certificate", []*Policy{acme}, &tls.Config{}, "didn't provide a certificate", nil, ""},
		{"none where some link asks for none", []*Policy{acme, open}, &tls.Config{}, "", []string{"shows no certificate", ""}, "gate"},
		{"SNI chooses", []*Policy{acme, open}, &tls.Config{ServerName: "other.example"}, "", []string{"shows no certificate", ""}, "other"},
		{"TLS 1.2 where one link takes it", []*Policy{acme, open}, &tls.Config{MaxVersion: tls.VersionTLS12}, "",
			[]string{"TLS 1.2", ""}, "gate"},
		{"TLS 1.2", []*Policy{acme}, &tls.Config{MaxVersion: tls.VersionTLS12, Certificates: show(ours, "ACME", later)}, "unsupported versions", nil, ""},
		{"TLS 1.1", []*Policy{open}, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, "unsupported versions", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.client.RootCAs = ours.Pool
			if c.client.ServerName == "" {
				c.client.ServerName = "127.0.0.1"
			}
			shown := ""
			c.client.VerifyConnection = func(s tls.ConnectionState) error {
				shown = s.PeerCertificates[0].Subject.CommonName
				return nil
			}
			state, _, err := meet(t, c.client, Server(c.policies))
			if c.handshake != "" {
				if err == nil || !strings.Contains(err.Error(), c.handshake) {
					t.Fatalf("handshake: %v", err)
				}
				return
			}
			if err != nil || shown != c.shown {
				t.Fatalf("handshake: %v; shown %q", err, shown)
			}
			for i, want := range c.checks {
				if err := c.policies[i].Check(state, time.Now()); want == "" && err != nil ||
					want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
					t.Errorf("link %d: %v, want %q", i, err, want)
				}
			}
			if text := Describe(state); !strings.HasPrefix(text, "TLS 1.") || len(state.PeerCertificates) > 0 && !strings.Contains(text, "serial ") {
				t.Error(text)
			}
		})
	}
}

// TestClient: a venue is believed only what an authority vouches for, by the name that is expected.
func TestClient(t *testing.T) {
	ours, theirs, d := testca.New(t), testca.New(t), disk{}
	d["ours.pem"] = ours.PEM
	d.put("gate", ours.Issue(t, "GATE", later))
	store := NewStore(d.open)
	keys, err := store.Keys(Files{Certificate: "gate.pem", Key: "gate.key", CA: "ours.pem"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		venue  testca.Pair
		change func(*tls.Config)
		want   string
	}{
		{"as it should be", ours.Issue(t, "venue", later, "venue.example"), nil, ""},
		{"another name", ours.Issue(t, "venue", later, "evil.example"), nil, "not venue.example"},
		{"an unknown authority", theirs.Issue(t, "venue", later, "venue.example"), nil, "unknown authority"},
		{"expired", ours.Issue(t, "venue", time.Now().Add(-time.Hour), "venue.example"), nil, "expired"},
		{"TLS 1.2", ours.Issue(t, "venue", later, "venue.example"), func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }, "protocol version"},
		{"it asks who we are", ours.Issue(t, "venue", later, "venue.example"), func(c *tls.Config) {
			c.ClientAuth, c.ClientCAs = tls.RequireAndVerifyClientCert, ours.Pool
		}, ""},
	} {
		server := &tls.Config{Certificates: []tls.Certificate{c.venue.TLS(t)}}
		if c.change != nil {
			c.change(server)
		}
		_, err, _ := meet(t, (&Policy{Keys: keys, ServerName: "venue.example"}).Client(time.Now()), server)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestReloadServes: a handshake uses what was read last.
func TestReloadServes(t *testing.T) {
	ca, d := testca.New(t), disk{}
	d.put("gate", ca.Issue(t, "first", later))
	s := NewStore(d.open)
	k, err := s.Keys(files("gate"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	server := Server([]*Policy{{Keys: k}})
	for _, want := range []string{"first", "second"} {
		shown := ""
		client := &tls.Config{RootCAs: ca.Pool, ServerName: "127.0.0.1", VerifyConnection: func(s tls.ConnectionState) error {
			shown = s.PeerCertificates[0].Subject.CommonName
			return nil
		}}
		if _, _, err := meet(t, client, server); err != nil || shown != want {
			t.Errorf("%v: shown %q, want %q", err, shown, want)
		}
		d.put("gate", ca.Issue(t, "second", later))
		s.Reload(time.Now())
	}
}

// FuzzFiles: nothing that files may hold panics, and what is taken can be shown.
func FuzzFiles(f *testing.F) {
	ca := testca.New(f)
	pair := ca.Issue(f, "gate", later)
	old, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	sec1, _ := x509.MarshalECPrivateKey(old)
	f.Add(pair.Certificate, pair.Key, ca.PEM)
	f.Add(append(bytes.Clone(pair.Certificate), ca.PEM...), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: sec1}), []byte{})
	f.Fuzz(func(t *testing.T, certificate, key, ca []byte) {
		d := disk{"gate.pem": certificate, "gate.key": key, "ca.pem": ca}
		s := NewStore(d.open)
		k, err := s.Keys(Files{Certificate: "gate.pem", Key: "gate.key", CA: "ca.pem"}, time.Now())
		if err == nil && (len(s.Ends()) < 2 || len(server([]*Policy{{Keys: k}}).Certificates) != 1) {
			t.Error(s.Ends())
		}
	})
}
