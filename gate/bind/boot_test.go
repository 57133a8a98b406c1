package bind

import (
	"testing"

	"portcullis/clocksync"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// pile takes records and forgets them.
type pile struct{ room [1 << 16]byte }

func (p *pile) Reserve(n int) ([]byte, bool)                      { return p.room[:n], true }
func (p *pile) Commit(*journal.Header, int) (at journal.Position) { return at }

// sampleCore is a core of the sample configuration, with nothing in it.
func sampleCore(t *testing.T) *core.Core {
	t.Helper()
	cfg, err := config.LoadFiles(config.SampleFiles(20261122), config.SampleMain)
	if err != nil {
		t.Fatal(err)
	}
	n, err := config.OpenNumbers(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	if err := assemble.Assign(cfg, n); err != nil {
		t.Fatal(err)
	}
	c, err := assemble.Core(cfg, n, nil, assemble.Heap)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestLostTail: after a lost tail numbers go on above the durable marks. Those of a link that begins them anew with every
// connection do not: the peer begins anew too, and is told so by a Logon with number 1.
func TestLostTail(t *testing.T) {
	c := sampleCore(t)
	c.Setup().Links[1].ResetOnDisconnect = true
	b := Boot{Core: c, Journal: &pile{}, Clock: clocksync.NewManual(1), Numbering: NewNumbering(len(c.Setup().Links))}
	if err := b.SayLost(func(uint32) uint64 { return 40 }); err != nil {
		t.Fatal(err)
	}
	for l, want := range map[uint32]uint64{0: 41, 1: 1, 2: 41} {
		if got := c.LinkState(l).NextOut; got != want {
			t.Errorf("%s goes on with %d, want %d", c.Setup().Links[l].Name, got, want)
		}
	}
	if !c.Venue(0).RecordsLost {
		t.Error("nobody has to accept the venue")
	}
}
