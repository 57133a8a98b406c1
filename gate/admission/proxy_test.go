package admission

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pires/go-proxyproto"
)

// header is a PROXY header as a proxy writes it.
func header(t testing.TB, version byte, from string) string {
	t.Helper()
	h := proxyproto.HeaderProxyFromAddrs(version, net.TCPAddrFromAddrPort(netip.MustParseAddrPort(from)),
		net.TCPAddrFromAddrPort(netip.MustParseAddrPort(from)))
	b, err := h.Format()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// proxied lets connections in through proxies on 127.0.0.1 alone; links allow what comes from 192.0.2.0/24.
func proxied(c *Config) {
	c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	for i := range c.Participants {
		p := &c.Participants[i]
		p.UseProxy, p.LogonTimeout = true, 10*time.Second
		p.Allowed = netip.MustParsePrefix("192.0.2.0/24").Contains
	}
}

// TestProxy: the address that the proxy says is what counts: for the list of sources, for the journal, for floods.
func TestProxy(t *testing.T) {
	local := string(proxyproto.SIGV2) + "\x20\x00\x00\x00"
	for _, c := range []struct {
		name, send string
		reason     string // "" = admitted
	}{
		{"as it should be", header(t, 2, "192.0.2.7:4711") + logon("right"), ""},
		{"with more that it says", longHeader(t, 2000) + logon("right"), ""},
		{"not in the list", header(t, 2, "198.51.100.7:4711") + logon("right"), "source address not permitted"},
		{"IPv6, not in the list", header(t, 2, "[2001:db8::1]:4711") + logon("right"), "source address not permitted"},
		{"the proxy itself", local + logon("right"), "source address not permitted"},
		{"no header", logon("right"), errProxyHeader.Error()},
		{"version 1", header(t, 1, "192.0.2.7:4711") + logon("right"), errProxyHeader.Error()},
		{"garbage", strings.Repeat("x", 100), errProxyHeader.Error()},
		{"a command that is none", string(proxyproto.SIGV2) + "\x2f\x11\x00\x0c" + strings.Repeat("x", 12), errProxyHeader.Error()},
		{"no room for its addresses", string(proxyproto.SIGV2) + "\x21\x11\x00\x04xxxx", errProxyHeader.Error()},
		{"UDP", string(proxyproto.SIGV2) + "\x21\x12\x00\x0c" + strings.Repeat("x", 12), errProxyFamily.Error()},
		{"64 KB", string(proxyproto.SIGV2) + "\x21\x11\xff\xff" + strings.Repeat("x", 1<<16), errProxyHeader.Error()},
		{"half of one", header(t, 2, "192.0.2.7:4711")[:20], errProxySilent.Error()},
		{"nothing", "", errProxySilent.Error()},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := start(t, func(cfg *Config) {
				proxied(cfg)
				for i := range cfg.Participants {
					if c.reason == errProxySilent.Error() { // for the others a machine may take its time
						cfg.Participants[i].LogonTimeout = 50 * time.Millisecond
					}
				}
			})
			go io.WriteString(r.connect(t), c.send)
			if c.reason != "" {
				until(t, "logged", func() bool { return strings.Contains(r.log.String(), c.reason) })
				if len(r.engine.all()) != 0 {
					t.Error("it reached the engine")
				}
				return
			}
			until(t, "handed over", func() bool { return len(r.engine.all()) == 1 })
			if got := r.engine.all()[0]; got.Origin != "from 192.0.2.7:4711 through 127.0.0.1" || !strings.Contains(string(got.First), "35=A") {
				t.Errorf("%q %q", got.Origin, got.First)
			}
		})
	}
}

// longHeader is one that says more than addresses.
func longHeader(t testing.TB, size int) string {
	h := proxyproto.HeaderProxyFromAddrs(2, net.TCPAddrFromAddrPort(netip.MustParseAddrPort("192.0.2.7:4711")),
		net.TCPAddrFromAddrPort(netip.MustParseAddrPort("192.0.2.1:1")))
	if err := h.SetTLVs([]proxyproto.TLV{{Type: proxyproto.PP2_TYPE_MIN_CUSTOM, Value: make([]byte, size)}}); err != nil {
		t.Fatal(err)
	}
	b, err := h.Format()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestUntrustedProxy: whoever is no trusted proxy cannot say that he speaks for somebody, and is not read at all.
func TestUntrustedProxy(t *testing.T) {
	r := start(t, func(c *Config) {
		proxied(c)
		c.Proxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}
	})
	c := r.connect(t)
	io.WriteString(c, header(t, 2, "192.0.2.7:4711")+logon("right"))
	answer(t, c)
	until(t, "logged", func() bool { return strings.Contains(r.log.String(), errNoProxy.Error()) })
}

// TestProxyFlood: behind one proxy a flood from one address does not keep others out.
func TestProxyFlood(t *testing.T) {
	r := start(t, func(c *Config) {
		proxied(c)
		c.Bounds.HalfOpenPerAddressMax = 3
	})
	for range 5 {
		io.WriteString(r.connect(t), header(t, 2, "192.0.2.7:4711"))
	}
	until(t, "bounded", func() bool { return strings.Contains(r.log.String(), errFromOne.Error()) })
	io.WriteString(r.connect(t), header(t, 2, "192.0.2.8:4711")+logon("right"))
	until(t, "handed over", func() bool { return len(r.engine.all()) == 1 })
}

// TestProxyTLS: TLS goes through the proxy: it begins where the header ends.
func TestProxyTLS(t *testing.T) {
	g := startTLS(t, proxied)
	c := g.connect(t)
	io.WriteString(c, header(t, 2, "192.0.2.7:4711"))
	io.WriteString(tls.Client(c, g.config(t, "ACME")), logon("right"))
	until(t, "handed over", func() bool { return len(g.engine.all()) == 1 })
	if got := g.engine.all()[0].Origin; !strings.HasPrefix(got, `from 192.0.2.7:4711 through 127.0.0.1, TLS 1.3, certificate "ACME"`) {
		t.Errorf("%q", got)
	}
}

// FuzzProxy: whatever comes is read up to the end of its header at most, and without a panic; what is taken has a source.
func FuzzProxy(f *testing.F) {
	for _, from := range []string{"192.0.2.7:4711", "[2001:db8::1]:65535"} {
		f.Add([]byte(header(f, 2, from) + logon("right")))
	}
	f.Add([]byte(longHeader(f, 300)))
	f.Add([]byte(string(proxyproto.SIGV2) + "\x20\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		source, local, err := readProxy(r)
		read := len(b) - r.Len()
		if read > proxyHeadBytes+proxyBytesMax || err == nil && read != proxyHeadBytes+int(b[14])<<8+int(b[15]) {
			t.Errorf("%d bytes read", read)
		}
		if err == nil && local == source.IsValid() {
			t.Errorf("local %v, from %v", local, source)
		}
	})
}
