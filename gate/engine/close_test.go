package engine

import (
	"io"
	"net"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestClosedVenueGetsNoMore: once a venue's socket is closed, abruptly as by the death of the process or after the end
// was said, no byte of those that the kernel had not delivered leaves any more, though the venue begins to read. A venue
// that had taken all sees a proper end.
func TestClosedVenueGetsNoMore(t *testing.T) {
	for name, c := range map[string]struct {
		bytes int // written before the end; more than a peer holds that reads nothing
		end   func(fd int)
		whole bool
	}{
		"dies":                {8 << 20, func(fd int) { _ = unix.Close(fd) }, false},
		"says so, not read":   {8 << 20, sayEnd, false},
		"says so, taken":      {1000, sayEnd, true},
		"says so, only a FIN": {0, sayEnd, true},
	} {
		t.Run(name, func(t *testing.T) {
			fd, venue := venuePair(t)
			if err := closeAbruptly(fd); err != nil {
				t.Fatal(err)
			}
			for left, patience := c.bytes, 50; left > 0 && patience > 0; {
				n, errno := Write(fd, make([]byte, min(left, 64<<10)))
				if left -= n; errno == unix.EAGAIN {
					patience--
					time.Sleep(time.Millisecond) // until nothing more is taken, by either side
				}
			}
			for c.whole && queued(t, fd) > 0 {
				time.Sleep(time.Millisecond)
			}
			c.end(fd)
			arrived := received(t, venue)
			got, err := io.Copy(io.Discard, venue)
			if int(got) != arrived || (err == nil) != c.whole {
				t.Errorf("%d bytes had arrived at the end; %d were read, %v", arrived, got, err)
			}
			if c.whole && int(got) != c.bytes {
				t.Errorf("%d of %d bytes came", got, c.bytes)
			}
		})
	}
}

// sayEnd is what the clerk does when the peer does not answer.
func sayEnd(fd int) {
	_ = unix.Shutdown(fd, unix.SHUT_WR)
	for n := 2; n > 1; { // a peer that takes nothing keeps more than the end
		before := n
		n, _ = unix.IoctlGetInt(fd, unix.SIOCOUTQ)
		if time.Sleep(20 * time.Millisecond); n == before {
			break
		}
	}
	closeGently(fd)
}

func queued(t *testing.T, fd int) int {
	t.Helper()
	n, err := unix.IoctlGetInt(fd, unix.SIOCOUTQ)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// received is how many bytes the kernel holds for a connection that nobody reads.
func received(t *testing.T, c *net.TCPConn) (n int) {
	t.Helper()
	raw, err := c.SyscallConn()
	if err == nil {
		err = raw.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), unix.SIOCINQ) })
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// venuePair is our descriptor of a connection and the venue's end of it.
func venuePair(t *testing.T) (fd int, venue *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ours, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close() // a copy stays
	theirs, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = theirs.Close() })
	_ = theirs.(*net.TCPConn).SetReadBuffer(32 << 10)
	file, err := ours.(*net.TCPConn).File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if fd, err = unix.Dup(int(file.Fd())); err != nil {
		t.Fatal(err)
	}
	return fd, theirs.(*net.TCPConn)
}
