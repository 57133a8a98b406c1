package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"portcullis/gate/internal/testca"
	"portcullis/gate/transport"
	"portcullis/session"
)

// peers is a folder with the sample under four eyes, whose links have mutual TLS, and a password in a file of its own.
type peers struct {
	t   *testing.T
	dir string
}

func newPeers(t *testing.T, files map[string][]byte, ca ...*testca.Authority) *peers {
	t.Helper()
	p := &peers{t, t.TempDir()}
	for name, data := range files {
		p.write(name, data)
	}
	p.edit(SampleMain, "approval: none ", "approval: four_eyes ")
	p.trust(ca...)
	return p
}

func (p *peers) write(name string, data []byte) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), data, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peers) edit(name, old, new string) {
	p.t.Helper()
	data, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil || strings.Count(string(data), old) != 1 {
		p.t.Fatalf("%v: %q is in %s %d times", err, old, name, strings.Count(string(data), old))
	}
	p.write(name, []byte(strings.Replace(string(data), old, new, 1)))
}

func (p *peers) trust(ca ...*testca.Authority) {
	p.t.Helper()
	var all []byte
	for _, one := range ca {
		all = append(all, one.PEM...)
	}
	key, err := os.ReadFile(filepath.Join(p.dir, "gate.key")) // which has no use there, and is a secret
	if err != nil {
		p.t.Fatal(err)
	}
	p.write("ca.pem", append(all, key...))
}

func (p *peers) load() *Config {
	p.t.Helper()
	c, err := Load(filepath.Join(p.dir, SampleMain))
	if err == nil {
		err = c.ReadKeys(time.Now())
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

func prints(ca ...*testca.Authority) string {
	var all []byte
	for _, one := range ca {
		all = append(all, one.PEM...)
	}
	list, _ := transport.ParseAuthorities(all)
	list, _ = transport.ParseAuthorities(list.PEM())
	return list.String()
}

const sampleHash = "pbkdf2-sha256$600000$E4Hi8PlH5riwJtjaUSvELw$wZqUBmHZEURIHoWAQYMEo54kGQWP6jqtJkqRi5IFEH0"

// quick is the hash of a password that takes no time.
func quick(t *testing.T, password string) string {
	t.Helper()
	hash, err := session.HashPassword([]byte(password), 1000)
	if err != nil {
		t.Fatal(err)
	}
	return hash.String()
}

// TestAuthoritiesAreRead: under four eyes no session trusts a file that is not part of the configuration: who writes it would be believed.
func TestAuthoritiesAreRead(t *testing.T) {
	ca := testca.New(t)
	p := newPeers(t, secured(t, time.Now().Add(time.Hour)), ca)
	p.load()
	p.write("ca.pem", append(ca.PEM, bytes.Repeat([]byte("\n"), textBytesMax)...))
	c, err := Load(filepath.Join(p.dir, SampleMain))
	if err == nil {
		err = c.ReadKeys(time.Now())
	}
	if err == nil || !strings.Contains(err.Error(), "could not be read with the configuration") {
		t.Error(err)
	}
	p.edit(SampleMain, "approval: four_eyes ", "approval: none ")
	p.load()
}

// TestWhoMayBeAClient: under four eyes one person neither gives a link another password nor lets other authorities say who its peer
// is: both would let him in as somebody else. What tightens counts at once, and the gate's own certificate is one person's. It is
// the same as kept beside the journal, and for an engine that starts again; a start of its own does not know the hash of before.
func TestWhoMayBeAClient(t *testing.T) {
	a, b, c := testca.New(t), testca.New(t), testca.New(t)
	hers, acmeHash := quick(t, "hers"), quick(t, "acme-secret")
	acmeLine := "    username: acme\n    password_hash: " + acmeHash
	own := func(hash string) func(p *peers) {
		return func(p *peers) {
			p.edit(SampleMain, acmeLine, "    username: acme\n    password_file: acme.hash")
			p.write("acme.hash", []byte(hash+"\n"))
		}
	}
	password := fmt.Sprintf("link FIX.4.4:GATE->ACME password_hash: %q is offered, %q stays", passwordPrint(hers), passwordPrint(acmeHash))
	authorities := func(offered, stay string) string {
		return "authorities of ca.pem: " + offered + " is offered, " + stay + " stays"
	}
	for _, x := range []struct {
		name    string
		before  []*testca.Authority
		was, is func(p *peers)
		want    string
		trusted []*testca.Authority
		gone    bool // the password is another: a start does not know that of before
	}{
		{"nothing", []*testca.Authority{a}, nil, func(*peers) {}, "", []*testca.Authority{a}, false},
		{"another password", []*testca.Authority{a}, nil, func(p *peers) { p.edit(SampleMain, acmeHash, hers) }, password, []*testca.Authority{a}, true},
		{"another user with it", []*testca.Authority{a}, nil, func(p *peers) {
			p.edit(SampleMain, acmeLine, "    username: other\n    password_hash: "+hers)
		}, password, []*testca.Authority{a}, true},
		{"another password, in a file", []*testca.Authority{a}, own(acmeHash), func(p *peers) { p.write("acme.hash", []byte(hers)) }, password, []*testca.Authority{a}, true},
		{"the same password, in a file", []*testca.Authority{a}, nil, own(acmeHash), "", []*testca.Authority{a}, false},
		{"no password", []*testca.Authority{a}, nil, func(p *peers) { p.edit(SampleMain, acmeLine, "    password: none") },
			"link FIX.4.4:GATE->ACME password: none: true is offered, false stays\nlink FIX.4.4:GATE->ACME password_hash: \"\" is offered, \"" + passwordPrint(acmeHash) + "\" stays", []*testca.Authority{a}, true},
		{"a password where there was none", []*testca.Authority{a}, func(p *peers) { p.edit(SampleMain, acmeLine, "    password: none") },
			func(p *peers) { p.edit(SampleMain, "    password: none", acmeLine) }, "", []*testca.Authority{a}, false},
		{"one authority more", []*testca.Authority{a}, nil, func(p *peers) { p.trust(a, b) }, authorities(prints(a, b), prints(a)), []*testca.Authority{a}, false},
		{"another authority", []*testca.Authority{a}, nil, func(p *peers) { p.trust(b) }, authorities(prints(b), prints(a)), []*testca.Authority{a}, false},
		{"one authority less", []*testca.Authority{a, b}, nil, func(p *peers) { p.trust(b) }, "", []*testca.Authority{b}, false},
		{"one for another", []*testca.Authority{a, b}, nil, func(p *peers) { p.trust(b, c) }, authorities(prints(b, c), prints(b)), []*testca.Authority{b}, false},
		{"written otherwise", []*testca.Authority{a, b}, nil, func(p *peers) { p.trust(b, a, b) }, "", []*testca.Authority{a, b}, false},
		{"the gate's own certificate", []*testca.Authority{a}, nil, func(p *peers) { b.Issue(t, "gate.example", time.Now().Add(time.Hour)).Write(t, p.dir, "gate") }, "", []*testca.Authority{a}, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			p := newPeers(t, secured(t, time.Now().Add(1000*time.Hour)), x.before...)
			p.edit(SampleMain, sampleHash, acmeHash)
			if x.was != nil {
				x.was(p)
			}
			was := p.load()
			x.is(p)
			offered := p.load()
			look := func(how string, got *Config, known bool) {
				t.Helper()
				if heldText(got) != x.want || got.Offered().Governed() != offered.Governed() || x.want != "" && got.Governed() == offered.Governed() {
					t.Errorf("%s: it holds back:\n%s\nwant\n%s", how, heldText(got), x.want)
				}
				if trusted, _ := transport.ParseAuthorities(got.authorities("ca.pem")); trusted.String() != prints(x.trusted...) {
					t.Errorf("%s: %v vouch for peers, want %v", how, trusted, prints(x.trusted...))
				}
				k := got.Links[0].Login
				verify, err := k.Verifier()
				if known && (err != nil || verify == nil || !verify([]byte("acme"), []byte("acme-secret")) || verify([]byte("acme"), []byte("hers"))) || !known && err != errHashNotAtHand {
					t.Errorf("%s: user %q logs on by another password: %v", how, k.Username, err)
				}
			}
			got := Govern(was, offered, false)
			look("a reload", got, true)
			if err := got.ReadKeys(time.Now()); err != nil {
				t.Error(err)
			}
			if changed := Compare(was, got); (x.want == "") != (len(got.Held()) == 0) || len(x.trusted) < len(x.before) && !slices.Contains(changed.Changed, "FIX.4.4:GATE->GLOBEX") {
				t.Errorf("%+v", changed)
			}
			again, err := Resume(filepath.Join(p.dir, SampleMain), got.Contents())
			if err == nil {
				err = again.ReadKeys(time.Now())
			}
			if err != nil {
				t.Fatal(err)
			}
			look("the engine that starts again", again, true)
			kept := func(c *Config) *Config {
				t.Helper()
				for name, data := range c.Files {
					if text := string(data); strings.Contains(text, hers) || strings.Contains(text, acmeHash) || strings.Contains(text, "PRIVATE") {
						t.Errorf("%s is kept with a secret", name)
					}
				}
				k, err := LoadFiles(c.Files, SampleMain)
				if err != nil || k.Hash() != c.Hash() {
					t.Fatal(err)
				}
				return k
			}
			if k := kept(got); heldText(k) != x.want {
				t.Errorf("as it is kept it holds back:\n%s", heldText(k))
			}
			begun := Govern(kept(was), offered, false)
			look("a start", begun, !x.gone)
			if again, err = Resume(filepath.Join(p.dir, SampleMain), begun.Contents()); err != nil {
				t.Fatal(err)
			}
			look("the engine that starts again after it", again, !x.gone)
			look("a start on what waits", Govern(kept(begun), offered, false), !x.gone)
			if approved := Govern(kept(begun), offered, true); len(approved.Held()) > 0 || string(approved.authorities("ca.pem")) != string(offered.Files["ca.pem"]) {
				t.Error("what two people have approved does not come into force")
			}
			// Who may not read the secrets is not told that they differ.
			files, err := LoadAsKept(filepath.Join(p.dir, SampleMain))
			if differs := Compare(kept(offered), files); err != nil || !differs.None() {
				t.Errorf("%v: %s", err, differs)
			}
		})
	}
}

// TestRedactedIsNoPassword: what stands for a hash beside the journal is no hash in the files of a gate.
func TestRedactedIsNoPassword(t *testing.T) {
	p := newPeers(t, secured(t, time.Now().Add(time.Hour)), testca.New(t))
	p.edit(SampleMain, sampleHash, redacted(sampleHash))
	if _, err := Load(filepath.Join(p.dir, SampleMain)); err == nil || !strings.Contains(err.Error(), "gate passwd") {
		t.Error(err)
	}
}

// TestCopiesTrustTwo: whom gate dropcopy lets surveillance be vouched for by takes two as well.
func TestCopiesTrustTwo(t *testing.T) {
	a, b := testca.New(t), testca.New(t)
	p := newPeers(t, secured(t, time.Now().Add(1000*time.Hour)), a)
	p.write("surv.cfg", []byte("[DEFAULT]\nConnectionType=acceptor\nBeginString=FIX.4.4\nSenderCompID=GATE\nSocketAcceptPort=9900\n"+mutualLines+"[SESSION]\nTargetCompID=SURV\n"))
	edits := surveillance("clients: [ACME]")
	p.edit(edits[0], edits[1], edits[2])
	was := p.load()
	p.trust(a, b)
	if held := UnapprovedCopies(was, p.load()); len(held) != 1 || !strings.HasPrefix(held[0].String(), "authorities of ca.pem: ") {
		t.Error(held)
	}
	p.trust(a)
	if held := UnapprovedCopies(was, p.load()); len(held) != 0 {
		t.Error(held)
	}
}
