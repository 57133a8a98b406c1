package risk_test

import (
	"testing"

	"portcullis/risk"
)

// TestLinkRoom: what a link needs of the tables is what setting it takes, neither more nor less.
func TestLinkRoom(t *testing.T) {
	b := risk.NewBook(risk.Capacity{Accounts: 4, Clients: 1, Links: 4, OrderStamps: 16 + 8, Entitlements: 3},
		func(n int) []byte { return make([]byte, n) })
	limits := func(count int) risk.LinkLimits { return risk.LinkLimits{OrderCountMax: count, OrderWindowNs: 1} }
	set := func(l uint32, count int, accounts ...uint32) {
		t.Helper()
		if err := b.SetLink(l, limits(count)); err != nil {
			t.Fatal(err)
		}
		for _, a := range accounts {
			if err := b.Entitle(l, a); err != nil {
				t.Fatal(err)
			}
		}
	}
	set(0, 10, 0, 1)
	for _, c := range []struct {
		link     uint32
		count    int
		accounts []uint32
		need     risk.LinkRoom
		fits     bool
	}{
		{0, 10, []uint32{0, 1}, risk.LinkRoom{}, true},
		{0, 16, []uint32{0, 1, 2}, risk.LinkRoom{Entitlements: 1}, true},
		{0, 17, nil, risk.LinkRoom{Stamps: 32}, false},
		{0, risk.Unlimited, nil, risk.LinkRoom{}, true},
		{1, 8, []uint32{3}, risk.LinkRoom{Stamps: 8, Entitlements: 1}, true},
		{1, 9, nil, risk.LinkRoom{Stamps: 16}, false},
		{1, 0, []uint32{2, 3}, risk.LinkRoom{Entitlements: 2}, false},
	} {
		var need risk.LinkRoom
		b.Need(&need, c.link, limits(c.count), c.accounts)
		if need != c.need || b.HasRoom(need) != c.fits {
			t.Errorf("link %d, %d orders, accounts %v: %+v, fits %t", c.link, c.count, c.accounts, need, b.HasRoom(need))
		}
	}
	set(1, 8, 3)
	var need risk.LinkRoom
	if b.Need(&need, 2, limits(1), []uint32{0}); b.HasRoom(need) {
		t.Error("a full table has room")
	}
}
