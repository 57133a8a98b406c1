package system

import (
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pires/go-proxyproto"
)

// TestProxy: behind a trusted proxy a participant's own address is what its list of sources and the journal see.
func TestProxy(t *testing.T) {
	t.Parallel()
	venue := openRawVenue(t)
	files := desk(venue.port())
	files["participants.cfg"] = strings.Replace(files["participants.cfg"], "[DEFAULT]\n", "[DEFAULT]\nUseTCPProxy=Y\n", 1)
	files["gate.yaml"] = strings.NewReplacer("  journal: journal\n", "  journal: journal\n  trusted_proxies: [127.0.0.1]\n",
		"source_addresses: [127.0.0.1]", "source_addresses: [192.0.2.0/24]").Replace(files["gate.yaml"])
	s := newSite(t, files)
	s.start()
	(<-venue.linked).await("35=1")
	through := func(from string) *raw {
		conn, err := net.Dial("tcp", s.address())
		if err != nil {
			t.Fatal(err)
		}
		source := net.TCPAddrFromAddrPort(netip.MustParseAddrPort(from))
		if _, err := proxyproto.HeaderProxyFromAddrs(2, source, conn.LocalAddr()).WriteTo(conn); err != nil {
			t.Fatal(err)
		}
		return newRaw(t, conn, "ACME", "GATE", nil)
	}
	elsewhere := through("198.51.100.7:4711")
	elsewhere.send("35=A|98=0|108=30")
	elsewhere.awaitClosed()
	through("192.0.2.7:4711").logon("")
	if out, err := s.gate("audit", "tail", "--journal", filepath.Join(s.dir, "journal")); err != nil ||
		!strings.Contains(out, "admitted: from 192.0.2.7:4711 through 127.0.0.1") || strings.Contains(out, "198.51.100.7") {
		t.Errorf("%v: %s", err, out)
	}
	s.terminate()
}
