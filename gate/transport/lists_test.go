package transport

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"portcullis/gate/internal/testca"
)

// TestListFaults: each way in which a list is of no use has its words, its file and its cure.
func TestListFaults(t *testing.T) {
	ca, other, d, now := testca.New(t), testca.New(t), disk{}, time.Now()
	d["ca.pem"], d["both.pem"] = ca.PEM, append(append([]byte{}, ca.PEM...), other.PEM...)
	d["good.crl"], d["other.crl"] = ca.Revoke(t, now, later), other.Revoke(t, now, later)
	block, _ := pem.Decode(d["good.crl"])
	d["der.crl"], d["two.crl"] = block.Bytes, append(append([]byte{}, d["good.crl"]...), d["other.crl"]...)
	d["garbage.crl"], d["empty.crl"] = []byte("nothing"), nil
	d["ahead.crl"] = ca.Revoke(t, now.Add(time.Hour), now.Add(2*time.Hour))
	delta := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: now, NextUpdate: later,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 27}, Critical: true, Value: []byte{2, 1, 1}}}}
	d["delta.crl"] = ca.SignList(t, delta)
	delta.ExtraExtensions, delta.RevokedCertificateEntries = nil, []x509.RevocationListEntry{{SerialNumber: big.NewInt(5), RevocationTime: now,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 29}, Critical: true, Value: []byte{0x30, 0}}}}}
	d["indirect.crl"] = ca.SignList(t, delta)
	for _, c := range []struct{ ca, lists, want string }{
		{"ca.pem", "good.crl", ""}, {"ca.pem", "der.crl", ""}, {"both.pem", "good.crl,other.crl", ""}, {"both.pem", "two.crl", ""},
		{"ca.pem", "none.crl", "none.crl cannot be read: no such file"},
		{"ca.pem", "garbage.crl", "garbage.crl holds no list of revoked certificates that can be read: "},
		{"ca.pem", "empty.crl", "empty.crl holds no list of revoked certificates that can be read: "},
		{"ca.pem", "good.crl,other.crl", `other.crl has a list of "CN=Test Authority" that no authority of SocketCAFile has signed`},
		{"both.pem", "good.crl", `good.crl has no list of "Test Authority", an authority of SocketCAFile; add it`},
		{"ca.pem", "ahead.crl", `ahead.crl has a list of "Test Authority" of a time to come, `},
		{"ca.pem", "delta.crl", "delta.crl says what is not understood here (extension 2.5.29.27): it may be a part of a list"},
		{"ca.pem", "indirect.crl", "indirect.crl says what is not understood here (extension 2.5.29.29)"},
	} {
		_, err := NewStore(d.open).Keys(Files{CA: c.ca, Lists: c.lists}, now)
		fault, ok := err.(*Fault)
		if c.want == "" && err != nil || c.want != "" && (!ok || !strings.Contains(err.Error(), c.want) || fault.Role != CRLFile || fault.Cure == "") {
			t.Errorf("%s: %v, want %q", c.lists, err, c.want)
		}
	}
}

// TestOlderOfItsOwn: links may have lists of one authority of different times, and each is held to its own; a file that was not in
// use before is held to the newest.
func TestOlderOfItsOwn(t *testing.T) {
	ca, d, now := testca.New(t), disk{}, time.Now()
	d["ca.pem"] = ca.PEM
	d["old.crl"], d["new.crl"] = ca.Revoke(t, now.Add(-2*time.Hour), later), ca.Revoke(t, now.Add(-time.Hour), later)
	d["copy.crl"] = d["old.crl"]
	store := func(lists ...string) *Store {
		s := NewStore(d.open)
		for _, name := range lists {
			if _, err := s.Keys(Files{CA: "ca.pem", Lists: name}, now); err != nil {
				t.Fatal(err)
			}
		}
		return s
	}
	before := store("old.crl", "new.crl")
	if err := store("old.crl", "new.crl").Older(before); err != nil {
		t.Error(err)
	}
	if err := store("copy.crl", "new.crl").Older(before); err == nil {
		t.Error("a file that nobody used has a list older than one in force")
	}
	d["new.crl"] = d["old.crl"]
	if err := store("old.crl", "new.crl").Older(before); err == nil {
		t.Error("a file has a list older than before")
	}
}

// listed is a policy for both sides, whose list is in d as it is read.
func listed(t *testing.T, d disk, ca *testca.Authority, now time.Time) (*Store, *Policy) {
	t.Helper()
	d["ca.pem"] = ca.PEM
	d.put("gate", ca.Issue(t, "gate", later))
	s := NewStore(d.open)
	k, err := s.Keys(Files{Certificate: "gate.pem", Key: "gate.key", CA: "ca.pem", Lists: "ca.crl"}, now)
	if err != nil {
		t.Fatal(err)
	}
	return s, &Policy{Keys: k, Mutual: true, Names: []string{"ACME"}, ServerName: "127.0.0.1"}
}

// TestRevoked: over TCP, both ways: a certificate that is on its authority's list is refused, and one of which nobody knows
// since the list has ended; a newer list counts at once, also for who is connected, and an older one never.
func TestRevoked(t *testing.T) {
	ca, d, now := testca.New(t), disk{}, time.Now()
	good, bad := ca.Issue(t, "ACME", later), ca.Issue(t, "ACME", later)
	d["ca.crl"] = ca.Revoke(t, now.Add(-time.Hour), later)
	s, p := listed(t, d, ca, now)
	connect := func(peer testca.Pair) (*tls.ConnectionState, error) {
		state, _, err := meet(t, &tls.Config{RootCAs: ca.Pool, ServerName: "127.0.0.1", Certificates: []tls.Certificate{peer.TLS(t)}}, Server([]*Policy{p}))
		if err != nil {
			t.Fatal(err)
		}
		return &state, p.Check(state, now)
	}
	dial := func(venue testca.Pair) error {
		_, err, _ := meet(t, p.Client(now), &tls.Config{Certificates: []tls.Certificate{venue.TLS(t)}})
		return err
	}
	look := func(err error, want string) {
		t.Helper()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	state, err := connect(bad)
	look(err, "")
	look(dial(bad), "")
	look(p.Revoked(state), "")
	d["ca.crl"] = ca.Revoke(t, now, later, bad.TLS(t))
	if list := s.Reload(now); len(list) != 1 || list[0].Err != nil {
		t.Fatalf("%+v", list)
	}
	const revoked = `the peer's certificate is revoked: "ACME" of "Test Authority", serial `
	look(p.Revoked(state), revoked)
	look(p.Revoked(state), ", its key is compromised")
	_, err = connect(bad)
	look(err, revoked)
	look(dial(bad), revoked)
	_, err = connect(good)
	look(err, "")
	look(dial(good), "")
	d["ca.crl"] = ca.Revoke(t, now.Add(-time.Minute), later)
	if list := s.Reload(now); len(list) != 1 || list[0].Err == nil || !strings.Contains(list[0].Err.Error(), "older than that in force") {
		t.Fatalf("%+v", list)
	}
	if faults := s.Faults(now); len(faults) != 1 {
		t.Error(faults)
	}
	look(p.Revoked(state), revoked)
	next, _ := listed(t, d, ca, now)
	look(next.Older(s), "ca.crl has a list of \"Test Authority\" of ")
	look(s.Older(next), "")
	delete(d, "ca.crl")
	s.Reload(now)
	_, err = connect(good)
	look(err, "") // the list that was read is good until it ends
	const ended = "the list of revoked certificates has ended: ca.crl of \"Test Authority\""
	now = now.Truncate(time.Second).Add(2 * time.Second)
	d["ca.crl"] = ca.Revoke(t, now, now)
	s.Reload(now)
	goodState, _ := connect(good)
	look(p.Check(*goodState, now), ended)
	look(p.Revoked(goodState), "") // who is connected stays: nobody says that it is revoked
	look(p.Keys.current.Load().judge(goodState.VerifiedChains, now.Add(-1)), "")
}

// TestAuthorityGone: who is connected is found, on either side, once nobody in the file of authorities vouches for him any more; whom
// others share an address with, and whoever is asked for no certificate, stays.
func TestAuthorityGone(t *testing.T) {
	ca, other, d, now := testca.New(t), testca.New(t), disk{}, time.Now()
	d["ca.pem"], d["both.pem"] = ca.PEM, append(ca.PEM[:len(ca.PEM):len(ca.PEM)], other.PEM...)
	d.put("gate", ca.Issue(t, "gate", later))
	s := NewStore(d.open)
	policy := func(file string) *Policy {
		k, err := s.Keys(Files{Certificate: "gate.pem", Key: "gate.key", CA: file}, now)
		if err != nil {
			t.Fatal(err)
		}
		return &Policy{Keys: k, Mutual: true, Names: []string{"ACME"}}
	}
	p, open := policy("both.pem"), policy("ca.pem")
	open.Mutual = false
	connect := func(by *testca.Authority) *tls.ConnectionState {
		state, _, err := meet(t, &tls.Config{RootCAs: ca.Pool, ServerName: "127.0.0.1", Certificates: []tls.Certificate{by.Issue(t, "ACME", later).TLS(t)}}, Server([]*Policy{p}))
		if err != nil || p.Check(state, now) != nil {
			t.Fatal(err, p.Check(state, now))
		}
		return &state
	}
	hers, his := connect(ca), connect(other)
	if err := errors.Join(p.Revoked(hers), p.Revoked(his), open.Revoked(his)); err != nil {
		t.Error(err)
	}
	d["both.pem"] = ca.PEM
	if list := s.Reload(now); len(list) != 1 || list[0].Err != nil {
		t.Fatalf("%+v", list)
	}
	if err := p.Revoked(hers); err != nil {
		t.Error(err)
	}
	const gone = `the peer's authority is not in SocketCAFile any more: "ACME" of "Test Authority", serial `
	if err := p.Revoked(his); err == nil || !strings.HasPrefix(err.Error(), gone) {
		t.Error(err)
	}
	line := &Policy{Keys: p.Keys, ServerName: "127.0.0.1"}
	if err := line.Revoked(his); err == nil || line.Revoked(hers) != nil {
		t.Error(err, line.Revoked(hers))
	}
}

// TestListStart: a start does not mind that a list has ended, and warns; its peers wait for the next one.
func TestListStart(t *testing.T) {
	ca, d, now := testca.New(t), disk{}, time.Now()
	d["ca.crl"] = ca.Revoke(t, now.Add(-2*time.Hour), now.Add(-time.Hour))
	s, p := listed(t, d, ca, now)
	end := s.Ends()[0]
	if !end.List() || end.File != "ca.crl" || !end.Soon(now) || !end.Ended(now) || !strings.Contains(end.Warning(now), "is refused until there is a newer list") {
		t.Errorf("%+v: %s", end, end.Warning(now))
	}
	_, err, _ := meet(t, p.Client(now), &tls.Config{Certificates: []tls.Certificate{ca.Issue(t, "venue", later).TLS(t)}})
	if err == nil || !strings.Contains(err.Error(), "the list of revoked certificates has ended") {
		t.Error(err)
	}
	again := Resume(d.open, s.Contents())
	if _, err := again.Keys(p.Keys.files, now); err != nil || !again.Ends()[0].List() {
		t.Error(err, again.Ends())
	}
}

// TestListSoon: the next list is late in the last quarter of the time that the present one is good, however long that is.
func TestListSoon(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		life, left time.Duration
		want       bool
	}{{24 * time.Hour, 6*time.Hour + 1, false}, {24 * time.Hour, 6*time.Hour - 1, true}, {8760 * time.Hour, 14*24*time.Hour + 1, false}, {8760 * time.Hour, 14*24*time.Hour - 1, true}} {
		end := End{At: now.Add(c.left), Listed: now.Add(c.left - c.life)}
		if end.Soon(now) != c.want || end.Ended(now) {
			t.Errorf("%v of %v left: %t", c.left, c.life, !c.want)
		}
	}
}
