package gate

import (
	"net"
	"testing"
)

// TestHostPort: what settings may name as a host is an address, also where it has colons in it.
func TestHostPort(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1", "fe80::1%lo", ""} {
		if addr, err := net.ResolveTCPAddr("tcp", hostPort(host, 9876)); err != nil || addr.Port != 9876 {
			t.Errorf("%q: %v %v", host, addr, err)
		}
	}
}
