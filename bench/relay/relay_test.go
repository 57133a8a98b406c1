package relay_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"testing"
	"time"

	"portcullis/bench/epollrelay"
	"portcullis/bench/poll"
	"portcullis/bench/relay"
)

// Every relay carries both directions unchanged, also when the reader is slow and the buffers fill.
func TestRelaysCarryBytes(t *testing.T) {
	for name, start := range map[string]func(t *testing.T, venue string) string{
		"relay": func(t *testing.T, venue string) string {
			ln := listen(t)
			go relay.Serve(ln, venue)
			return ln.Addr().String()
		},
		"relay-splice": func(t *testing.T, venue string) string {
			ln := listen(t)
			go relay.ServeSplice(ln, venue)
			return ln.Addr().String()
		},
		"relay-epoll": func(t *testing.T, venue string) string {
			fd, address, err := poll.Listen("127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			go epollrelay.Serve(fd, venue)
			return address
		},
	} {
		t.Run(name, func(t *testing.T) {
			venue := listen(t)
			client, err := net.Dial("tcp", start(t, venue.Addr().String()))
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			upstream, err := venue.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer upstream.Close()
			there, back := carry(client, upstream, 1), carry(upstream, client, 2)
			if !<-there || !<-back {
				t.Error("bytes were lost or changed")
			}
			client.Close()
			_ = upstream.SetReadDeadline(time.Now().Add(5 * time.Second))
			if _, err := upstream.Read(make([]byte, 1)); err != io.EOF {
				t.Errorf("the venue's side ends with %v, want EOF", err)
			}
		})
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	return ln
}

// carry sends 8 MB, more than all buffers on the way hold, and reads them slowly at first.
func carry(from, to net.Conn, seed uint64) <-chan bool {
	sent := make([]byte, 8<<20)
	random := rand.New(rand.NewPCG(seed, seed))
	for i := range sent {
		sent[i] = byte(random.Uint32())
	}
	equal := make(chan bool, 1)
	go func() { _, _ = from.Write(sent) }()
	go func() {
		time.Sleep(50 * time.Millisecond) // until the writer is blocked
		got := make([]byte, len(sent))
		_ = to.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, err := io.ReadFull(to, got)
		equal <- err == nil && bytes.Equal(got, sent)
	}()
	return equal
}
