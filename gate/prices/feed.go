package prices

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"portcullis/gate/local"
)

const (
	peersMax     = 16
	answerWithin = time.Second // a peer that does not read its error lines is cut off
)

var errTooLong = fmt.Errorf("line longer than %d bytes", lineBytesMax-1)

// Feed serves the local socket of live prices. Each peer has its goroutine. The engine only loads
// and is never waited for or woken.
type Feed struct {
	table *Table
	index atomic.Pointer[map[string]Symbol] // none of these is ever changed
	logf  func(format string, args ...any)

	listener *net.UnixListener // "unix", else nil
	packets  *net.UnixConn     // "unixgram", else nil
	path     string
	lock     *local.Lock

	applied, refused atomic.Uint64

	mu     sync.Mutex // guards what follows
	peers  map[*net.UnixConn]struct{}
	closed bool
	done   sync.WaitGroup // peers and Serve
}

// Listen opens the socket with mode 0600. network is "unix" (errors are answered) or "unixgram"
// (any number of lines a datagram, nothing is answered). index must not change
// afterwards; see Know. logf takes one line for the operator.
func Listen(network, path string, t *Table, index map[string]Symbol,
	logf func(format string, args ...any)) (*Feed, error) {
	f := &Feed{table: t, logf: logf, path: path, peers: map[*net.UnixConn]struct{}{}}
	f.Know(index)
	var err error
	switch network {
	case "unix":
		f.listener, f.lock, err = local.Listen(path, local.NoGroup)
	case "unixgram":
		f.packets, f.lock, err = local.ListenPacket(path)
	default:
		err = fmt.Errorf("network %q: want unix or unixgram", network)
	}
	if err != nil {
		return nil, fmt.Errorf("reference prices: %w", err)
	}
	return f, nil
}

// Know has the feed take these symbols from now on, whose numbers are in the table. index must not change afterwards.
func (f *Feed) Know(index map[string]Symbol) { f.index.Store(&index) }

// Counts gives the lines applied and the lines refused since the start.
func (f *Feed) Counts() (applied, refused uint64) { return f.applied.Load(), f.refused.Load() }

// Close ends Serve and every peer, waits for them and gives the socket up.
func (f *Feed) Close() error {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return nil
	}
	f.closed = true
	var err error
	if f.listener != nil {
		err = f.listener.Close()
	} else {
		err = errors.Join(f.packets.Close(), local.Remove(f.path))
	}
	for c := range f.peers {
		c.Close()
	}
	f.mu.Unlock()
	f.done.Wait()
	f.lock.Release()
	return err
}

// Serve reads until Close and then gives nil.
func (f *Feed) Serve() error {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return nil
	}
	f.done.Add(1)
	f.mu.Unlock()
	defer f.done.Done()
	if f.packets != nil {
		return f.servePackets()
	}
	local.Accept(f.listener, f.admit, func(err error) { f.logf("reference prices: socket %s: %v", f.path, err) })
	return nil
}

// admit gives a peer its goroutine, or turns it away where all places are taken.
func (f *Feed) admit(c *net.UnixConn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || len(f.peers) >= peersMax {
		if !f.closed {
			f.logf("reference prices: more than %d peers on %s; a further one was cut off", peersMax, f.path)
		}
		c.Close()
		return
	}
	f.peers[c] = struct{}{}
	f.done.Add(1)
	go f.serveStream(c)
}

func (f *Feed) serveStream(c *net.UnixConn) {
	defer f.done.Done()
	defer func() {
		f.mu.Lock()
		delete(f.peers, c)
		f.mu.Unlock()
		c.Close()
	}()
	in := bufio.NewReaderSize(c, lineBytesMax)
	logged, told := false, told{}
	for number := 1; ; number++ {
		line, err := readLine(in)
		if err != nil && err != errTooLong {
			return
		}
		if err == nil {
			err = f.apply(line, told)
		}
		if err == nil {
			continue
		}
		if f.stored(err) {
			f.logf("reference prices: %s on %s: line %d: %v", peerName(c), f.path, number, err)
		} else if !logged {
			logged = true
			f.logf("reference prices: %s on %s: line %d: %v; further errors of this peer are counted only",
				peerName(c), f.path, number, err)
		}
		_ = c.SetWriteDeadline(time.Now().Add(answerWithin))
		if _, err := fmt.Fprintf(c, "error line %d: %v\n", number, err); err != nil {
			return
		}
	}
}

// readLine gives the next line without its end. A line that is too long is read to its end and
// gives errTooLong. A last line without an end was cut off in the middle and is not given.
func readLine(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if err == nil {
		return line[:len(line)-1], nil
	}
	for err == bufio.ErrBufferFull {
		_, err = in.ReadSlice('\n')
		if err == nil {
			return nil, errTooLong
		}
	}
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	return nil, err
}

func (f *Feed) servePackets() error {
	packet := make([]byte, 64<<10)
	logged, told := false, told{} // a datagram does not say who sent it: all senders are one peer
	for {
		n, err := f.packets.Read(packet)
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reference prices: socket %s: %w", f.path, err)
		}
		for line := range bytes.Lines(packet[:n]) {
			switch err := f.apply(bytes.TrimSuffix(line, []byte{'\n'}), told); {
			case err == nil:
			case f.stored(err):
				f.logf("reference prices: datagram on %s: %v", f.path, err)
			case !logged:
				logged = true
				f.logf("reference prices: datagram on %s: %v; further errors are counted only", f.path, err)
			}
		}
	}
}

// stored reports whether an error is a doubt about a line that was stored all the same; it counts the lines
// that were not.
func (f *Feed) stored(err error) bool {
	var doubt *notUsed
	if errors.As(err, &doubt) {
		return true
	}
	f.refused.Add(1)
	return false
}

// apply stores one line, and says what no order will use of it. It allocates nothing where the line is good.
func (f *Feed) apply(line []byte, told told) error {
	symbol, u, err := ParseLine(line)
	if err != nil {
		return err
	}
	s, known := (*f.index.Load())[string(symbol)]
	if !known || !f.table.Set(s.Number, u) {
		return fmt.Errorf("unknown symbol %q", symbol)
	}
	f.applied.Add(1)
	return told.doubts(symbol, s, &u)
}

func peerName(c *net.UnixConn) string {
	p, err := local.PeerOf(c)
	if err != nil {
		return "a peer"
	}
	return p.String()
}
