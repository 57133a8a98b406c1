package prices

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// log keeps what a feed tells the operator.
type log struct {
	mu    sync.Mutex
	lines []string
}

func (l *log) printf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
}

func (l *log) count(part string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range l.lines {
		if strings.Contains(line, part) {
			n++
		}
	}
	return n
}

// start serves a feed for AAPL (0), MSFT (1) and a symbol whose number the table does not have.
func start(t *testing.T, network string) (*Feed, *Table, *log) {
	t.Helper()
	table, l := NewTable(2), &log{}
	index := map[string]Symbol{"AAPL": {0, false, 60e9}, "MSFT": {1, true, 0}, "LATER": {2, false, 0}}
	f, err := Listen(network, filepath.Join(t.TempDir(), "prices.sock"), table, index, l.printf)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- f.Serve() }()
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
		if _, err := os.Stat(f.path); !os.IsNotExist(err) {
			t.Errorf("the socket stayed behind: %v", err)
		}
		_ = f.Close()
	})
	return f, table, l
}

func dial(t *testing.T, f *Feed, network string) net.Conn {
	t.Helper()
	c, err := net.Dial(network, f.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	return c
}

// patience ends a wait that has failed.
const patience = 30 * time.Second

// until waits for something to become true.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never happened: %s", what)
		}
	}
}

// TestStream sends good and bad lines in odd pieces; each bad one gets its own answer.
func TestStream(t *testing.T) {
	f, table, l := start(t, "unix")
	c := dial(t, f, "unix")
	for _, piece := range []string{"AAPL 1 2 ", "1.5 10\nMS", "FT 3 4 - 11\nAAPL x 2 - 12\n", "IBM 1 2 - 13\nLATER 1 2 - 14\n",
		strings.Repeat("x", 1000), "\n\x00\xff\n", "AAPL 5 6 - 15\nAAPL 7 8 - 1"} {
		if _, err := io.WriteString(c, piece); err != nil {
			t.Fatal(err)
		}
	}
	answers := bufio.NewScanner(c)
	for _, want := range []string{`line 3: bid "x": not a canonical number`, `line 4: unknown symbol "IBM"`,
		`line 5: unknown symbol "LATER"`, "line 6: line longer than 255 bytes", "line 7: a line is"} {
		if !answers.Scan() || !strings.HasPrefix(answers.Text(), "error "+want) {
			t.Errorf("answer %q, want %q", answers.Text(), want)
		}
	}
	until(t, "the line after the bad ones", func() bool { // it is counted when it is stored
		r, _ := table.Load(0)
		applied, _ := f.Counts()
		return r.Bid == 5_00000000 && applied >= 3
	})
	c.Close() // in the middle of a line, which must not be applied
	if r, _ := table.Load(1); r.Bid != 3_00000000 || r.Has != hasQuote || r.QuoteNs != 11 {
		t.Errorf("MSFT %+v", r)
	}
	if applied, refused := f.Counts(); applied != 3 || refused != 5 {
		t.Errorf("applied %d, refused %d", applied, refused)
	}
	if l.count("further errors of this peer") != 1 || l.count("line 3") != 1 {
		t.Errorf("log %q", l.lines)
	}
}

// TestUnusedPrices: a price that no order will use is stored, and its sender told so once for each symbol
// and cause; the next peer is told again.
func TestUnusedPrices(t *testing.T) {
	f, table, l := start(t, "unix")
	for peer := 1; peer <= 2; peer++ {
		c := dial(t, f, "unix")
		now := time.Now().UnixNano()
		for _, line := range []string{"AAPL -1 2 - %d", "AAPL -1 2 - %d", "AAPL 1 2 0 %d", "MSFT -1 2 - %d"} {
			fmt.Fprintf(c, line+"\n", now)
		}
		fmt.Fprintf(c, "AAPL 1 2 - %d\nAAPL 1 2 - %d\nAAPL 1 2 - %d\n", now+30e9, now+3600e9, now+3600e9)
		fmt.Fprintf(c, "MSFT 1 2 - %d\nnonsense\n", now+3600e9)
		answers := bufio.NewScanner(c)
		for _, want := range []string{`line 1: bid of "AAPL" is not above zero: no order uses it`,
			`line 6: time of "AAPL" is `, "line 9: a line is"} {
			if !answers.Scan() || !strings.HasPrefix(answers.Text(), "error "+want) {
				t.Errorf("answer %q, want %q", answers.Text(), want)
			}
		}
		if l.count("is not above zero") != peer || l.count("from now: no order uses") != peer {
			t.Errorf("log %q", l.lines)
		}
		if applied, refused := f.Counts(); applied != uint64(8*peer) || refused != uint64(peer) {
			t.Errorf("applied %d, refused %d", applied, refused)
		}
		c.Close()
	}
	if r, _ := table.Load(0); r.Last != 0 || r.Has != hasQuote|HasLast {
		t.Errorf("AAPL %+v", r)
	}
}

func TestDatagrams(t *testing.T) {
	f, table, l := start(t, "unixgram")
	c := dial(t, f, "unixgram")
	for _, packet := range []string{"AAPL 1 2 - 10\nMSFT 3 4 - 10\n", "nonsense\n", "IBM 1 1 - 1", "AAPL 5 6 - 11"} {
		if _, err := io.WriteString(c, packet); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "the last datagram", func() bool {
		r, _ := table.Load(0)
		applied, _ := f.Counts()
		return r.Ask == 6_00000000 && applied >= 3
	})
	if applied, refused := f.Counts(); applied != 3 || refused != 2 || l.count("datagram") != 1 {
		t.Errorf("applied %d, refused %d, log %q", applied, refused, l.lines)
	}
}

// TestPeers: a peer that reads no answers is cut off, silent ones take places but hurt nobody, and
// one too many is turned away.
func TestPeers(t *testing.T) {
	f, table, l := start(t, "unix")
	deaf := dial(t, f, "unix")
	cut := make(chan error, 1)
	go func() {
		for {
			if _, err := io.WriteString(deaf, strings.Repeat("nonsense\n", 1000)); err != nil {
				cut <- err
				return
			}
		}
	}()
	for range peersMax - 2 {
		dial(t, f, "unix")
	}
	good := dial(t, f, "unix")
	if _, err := io.WriteString(good, "AAPL 1 2 - 10\n"); err != nil {
		t.Fatal(err)
	}
	until(t, "a line beside a deaf peer", func() bool {
		r, _ := table.Load(0)
		return r.Ask == 2_00000000
	})
	for l.count("more than 16 peers") == 0 {
		c := dial(t, f, "unix")
		if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Fatal("one peer too many was answered")
		}
	}
	if err := <-cut; !errors.Is(err, syscall.EPIPE) {
		t.Errorf("the deaf peer is not cut off: %v", err)
	}
	if n := l.count("further errors"); n != 1 {
		t.Errorf("the deaf peer was logged %d times", n)
	}
}

func TestListenErrors(t *testing.T) {
	f, _, l := start(t, "unix")
	if _, err := Listen("unix", f.path, NewTable(1), nil, l.printf); err == nil ||
		!strings.Contains(err.Error(), "reference prices") || !strings.Contains(err.Error(), "owns it") {
		t.Errorf("second owner: %v", err)
	}
	if _, err := Listen("tcp", "127.0.0.1:0", NewTable(1), nil, l.printf); err == nil {
		t.Error("a network that is not local was opened")
	}
}
