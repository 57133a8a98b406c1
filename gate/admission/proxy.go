package admission

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"

	"github.com/pires/go-proxyproto"
)

const (
	proxyHeadBytes = 16   // signature, command, family, length
	proxyBytesMax  = 2048 // of what follows; addresses take 216 at most, the rest is said of TLS and the like
)

// What the log says of a connection through a proxy.
var (
	errNoProxy     = errors.New("the address is no trusted proxy's (trusted_proxies), and this one takes connections of those alone (UseTCPProxy)")
	errProxyHeader = errors.New("no PROXY header of version 2")
	errProxySilent = errors.New("no whole PROXY header before the timeout")
	errProxyFamily = errors.New("the PROXY header is not of a TCP connection")
	errOnlyPlain   = errors.New("a PROXY header came, and this address takes none (UseTCPProxy, trusted_proxies)")
)

// beginsProxy reports whether bytes begin a PROXY header, of either version. It looks at five bytes of the second: a
// TLS server keeps no more of a record that it cannot read.
func beginsProxy(b []byte) bool {
	return bytes.HasPrefix(b, proxyproto.SIGV2[:5]) || bytes.HasPrefix(b, proxyproto.SIGV1)
}

// readProxyHeader learns from a trusted proxy for whom it speaks. From then on the connection counts as one from that
// address.
func (a *Admission) readProxyHeader(at *acceptor, in *inbound) error {
	if !at.useProxy {
		return nil
	}
	proxy := in.from.Addr()
	if !slices.ContainsFunc(a.cfg.Proxies, func(p netip.Prefix) bool { return p.Contains(proxy) }) {
		return errNoProxy
	}
	source, local, err := readProxy(in.tcp)
	if err != nil {
		return err
	}
	if !local {
		in.from, in.proxy = source, proxy
	}
	return a.countSource(in.tcp, in.from.Addr())
}

// readProxy reads a PROXY header of version 2 and not a byte more: what follows may be TLS. local: the proxy speaks for
// itself, as it does to see whether somebody is there.
func readProxy(r io.Reader) (source netip.AddrPort, local bool, err error) {
	head := make([]byte, proxyHeadBytes, proxyHeadBytes+proxyBytesMax)
	if err := readAll(r, head); err != nil {
		return source, false, err
	}
	size := int(binary.BigEndian.Uint16(head[proxyHeadBytes-2:]))
	if !bytes.HasPrefix(head, proxyproto.SIGV2) || size > proxyBytesMax {
		return source, false, errProxyHeader
	}
	whole := head[:proxyHeadBytes+size]
	if err := readAll(r, whole[proxyHeadBytes:]); err != nil {
		return source, false, err
	}
	header, err := proxyproto.Read(bufio.NewReaderSize(bytes.NewReader(whole), len(whole)))
	if err != nil {
		return source, false, fmt.Errorf("%w: %w", errProxyHeader, err)
	}
	if header.Command.IsLocal() {
		return source, true, nil
	}
	tcp, ok := header.SourceAddr.(*net.TCPAddr)
	if !ok {
		return source, false, errProxyFamily
	}
	at := tcp.AddrPort()
	return netip.AddrPortFrom(at.Addr().Unmap(), at.Port()), false, nil
}

func readAll(r io.Reader, b []byte) error {
	switch _, err := io.ReadFull(r, b); {
	case err == nil:
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errProxySilent
	default:
		return fmt.Errorf("%w: %w", errProxyHeader, err)
	}
}
