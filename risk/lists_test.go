package risk_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"portcullis/risk"
)

// setList puts instrument 0 on a list of its own that a scope of every order has: "restrict=account@2s-4s".
func (s *settings) setList(t *testing.T, key, v string) {
	t.Helper()
	word, times, timed := strings.Cut(v, "@")
	kind, known := map[string]risk.Scope{"firm": risk.ScopeFirm, "account": risk.ScopeAccount, "client": risk.ScopeClient}[word]
	for k, w := range asideKinds {
		if w == word {
			kind, known = k, true
			s.setAside(t, word+"-gross", risk.Unlimited)
		}
	}
	if !known {
		t.Fatalf("scope %q is not known", word)
	}
	entry := risk.Listing{List: uint8(len(s.lists.Rules)), UntilNs: risk.Forever}
	if timed {
		from, until, _ := strings.Cut(times, "-")
		entry.FromNs, entry.UntilNs = duration(t, from), duration(t, until)
	}
	rules := risk.ScopeRules{Kind: kind}
	if set := risk.ListSet(1) << entry.List; key == "restrict" {
		rules.Restricted = set
	} else {
		rules.Permitted = set
	}
	s.lists.Listings, s.lists.Rules = append(s.lists.Listings, entry), append(s.lists.Rules, rules)
}

const (
	listAccounts    = 6
	listInstruments = 5
)

// listWorld has everything in twos and more, so that scopes cross.
func listWorld(t *testing.T) *risk.Book {
	t.Helper()
	s := open()
	b := risk.NewBook(risk.Capacity{Accounts: listAccounts, Clients: 3, Groups: 2, Desks: 2, Traders: 3, Algos: 2, Venues: 2,
		Instruments: listInstruments, Links: 2, Positions: 64, Entitlements: 64, Listings: 400, Rules: 64, Throttles: risk.Room{Trips: 8}},
		func(n int) []byte { return make([]byte, n) })
	must(t, b.SetLimits(risk.ScopeFirm, 0, s.firm))
	for c := range uint32(3) {
		must(t, b.SetClient(c, risk.Client{Group: []uint32{0, 1, risk.NoIndex}[c], Limits: s.client}))
	}
	for i := range uint32(3) {
		must(t, b.SetTrader(i, risk.Trader{Desk: []uint32{0, 1, risk.NoIndex}[i], Limits: s.client}))
	}
	must(t, b.SetLimits(risk.ScopeLink, 1, s.client)) // link 0 and the venues have no limits of their own
	for _, kind := range []risk.Scope{risk.ScopeGroup, risk.ScopeDesk, risk.ScopeAlgo} {
		must(t, b.SetLimits(kind, 0, s.client))
		must(t, b.SetLimits(kind, 1, s.client))
	}
	for i := range uint32(listInstruments) {
		must(t, b.SetInstrument(i, s.instrument))
	}
	for i := range uint32(listAccounts) {
		a := s.account
		a.Client = i % 3
		must(t, b.SetAccount(i, a))
		must(t, b.Entitle(0, i))
		must(t, b.Entitle(1, i))
	}
	return b
}

type scopeKey struct {
	kind  risk.Scope
	index uint32
}

// listTwin says from maps what checkLists says from bits and chains.
type listTwin struct {
	lists  risk.Lists
	byHand map[scopeKey]map[uint32]int64 // until when
}

func (w *listTwin) scopes(o *risk.Order) map[scopeKey]bool {
	client := o.Account % 3
	in := map[scopeKey]bool{{risk.ScopeFirm, 0}: true, {risk.ScopeAccount, o.Account}: true, {risk.ScopeClient, client}: true,
		{risk.ScopeLink, o.Owner}: true, {risk.ScopeVenue, o.Venue}: true}
	if client < 2 {
		in[scopeKey{risk.ScopeGroup, client}] = true
	}
	if o.Trader != 0 {
		in[scopeKey{risk.ScopeTrader, uint32(o.Trader) - 1}] = true
		if o.Trader < 3 {
			in[scopeKey{risk.ScopeDesk, uint32(o.Trader) - 1}] = true
		}
	}
	if o.Algo != 0 {
		in[scopeKey{risk.ScopeAlgo, uint32(o.Algo) - 1}] = true
	}
	return in
}

func (w *listTwin) judge(o *risk.Order) (refused map[risk.Reason]bool) {
	refused = map[risk.Reason]bool{}
	in, on := w.scopes(o), map[uint8]bool{}
	for _, e := range w.lists.Listings {
		if e.Instrument == o.Instrument && e.FromNs <= o.UTCNs && o.UTCNs < e.UntilNs {
			on[e.List] = true
		}
	}
	for key, symbols := range w.byHand {
		if until, there := symbols[o.Instrument]; in[key] && there && o.UTCNs < until {
			refused[risk.InstrumentRestricted] = true
		}
	}
	for _, r := range w.lists.Rules {
		if !in[scopeKey{r.Kind, r.Index}] {
			continue
		}
		permits, permitted := false, false
		for list := range uint8(risk.ListsMax) {
			if r.Restricted>>list&1 != 0 && on[list] {
				refused[risk.InstrumentRestricted] = true
			}
			if r.Permitted>>list&1 != 0 {
				permits, permitted = true, permitted || on[list]
			}
		}
		if permits && !permitted {
			refused[risk.InstrumentNotPermitted] = true
		}
	}
	return refused
}

// TestListsAgainstTwin changes lists and restrictions at random and asks both.
func TestListsAgainstTwin(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 7))
		b, w := listWorld(t), &listTwin{byHand: map[scopeKey]map[uint32]int64{}}
		met := map[risk.Reason]int{}
		for range 400 {
			switch r.IntN(8) {
			case 0:
				w.lists = someLists(r)
				must(t, b.SetLists(&w.lists))
			case 1, 2:
				w.operate(t, r, b)
			default:
				o := someOrder(r)
				var j risk.Judgement
				b.Check(&o, &j)
				want := w.judge(&o)
				met[j.Reason]++
				if len(want) == 0 && j.Reason != risk.Accepted || len(want) > 0 && !want[j.Reason] {
					t.Fatalf("seed %d: %+v: %s, the twin says %v", seed, o.Place, j.Reason, want)
				}
				if c := j.Checks[j.Count-1]; len(want) > 0 {
					if !w.scopes(&o)[scopeKey{c.Of, c.Scope}] {
						t.Fatalf("seed %d: the order is not in the scope %d %d that refuses it", seed, c.Of, c.Scope)
					}
				}
			}
		}
		if met[risk.Accepted] == 0 || met[risk.InstrumentRestricted] == 0 {
			t.Fatalf("seed %d shows little: %v", seed, met)
		}
	}
}

var listKinds = []struct {
	kind  risk.Scope
	count int
}{{risk.ScopeFirm, 1}, {risk.ScopeClient, 3}, {risk.ScopeAccount, listAccounts}, {risk.ScopeGroup, 2}, {risk.ScopeDesk, 2}, {risk.ScopeTrader, 3},
	{risk.ScopeAlgo, 2}, {risk.ScopeLink, 2}, {risk.ScopeVenue, 2}}

func someScope(r *rand.Rand) scopeKey {
	k := listKinds[r.IntN(len(listKinds))]
	return scopeKey{k.kind, uint32(r.IntN(k.count))}
}

func someLists(r *rand.Rand) (l risk.Lists) {
	for range r.IntN(8) {
		e := risk.Listing{Instrument: uint32(r.IntN(listInstruments)), List: uint8(r.IntN(3)) * 31, UntilNs: risk.Forever}
		if r.IntN(2) == 0 {
			e.FromNs = int64(r.IntN(10))
			e.UntilNs = e.FromNs + int64(1+r.IntN(10))
		}
		l.Listings = append(l.Listings, e)
	}
	seen := map[scopeKey]bool{}
	for range r.IntN(3) {
		rules := risk.ScopeRules{Rules: risk.Rules{Restricted: risk.ListSet(1) << (31 * r.IntN(3))}}
		if r.IntN(3) == 0 {
			rules.Permitted = risk.ListSet(1)<<(31*r.IntN(3)) | 1
		}
		if key := someScope(r); !seen[key] {
			seen[key] = true
			rules.Kind, rules.Index = key.kind, key.index
			l.Rules = append(l.Rules, rules)
		}
	}
	return l
}

// operate restricts or releases a symbol by hand.
func (w *listTwin) operate(t *testing.T, r *rand.Rand, b *risk.Book) {
	t.Helper()
	key, symbol := someScope(r), uint32(r.IntN(listInstruments))
	if r.IntN(2) == 0 {
		delete(w.byHand[key], symbol)
		b.Unrestrict(key.kind, key.index, symbol)
	} else {
		if w.byHand[key] == nil {
			w.byHand[key] = map[uint32]int64{}
		}
		until := int64(1 + r.IntN(20))
		w.byHand[key][symbol] = until
		if !b.Restrict(key.kind, key.index, symbol, until) {
			t.Fatal("no room")
		}
	}
	if _, there := w.byHand[key][symbol]; there != b.Restricted(key.kind, key.index, symbol) {
		t.Fatalf("restricted: %v", there)
	}
	count, want := 0, 0
	b.EachRestriction(func(uint32, risk.Scope, uint32, int64) { count++ })
	for _, symbols := range w.byHand {
		want += len(symbols)
	}
	if count != want {
		t.Fatalf("%d restrictions, want %d", count, want)
	}
}

func someOrder(r *rand.Rand) risk.Order {
	o := risk.Order{UTCNs: int64(r.IntN(20)), Terms: risk.Terms{Side: risk.Buy, OrdType: risk.Limit, TimeInForce: risk.Day, Qty: 1, HasPrice: true, Price: 1},
		Quote: open().quote}
	o.Account, o.Instrument = uint32(r.IntN(listAccounts)), uint32(r.IntN(listInstruments))
	o.Owner, o.Venue = uint32(r.IntN(2)), uint32(r.IntN(2))
	o.Link = o.Owner
	o.Author = risk.Author{Trader: uint16(r.IntN(4)), Algo: uint16(r.IntN(3))}
	return o
}

// TestListsRoom: what has no row is refused and changes nothing.
func TestListsRoom(t *testing.T) {
	s := open()
	s.capacity.Listings, s.capacity.Rules = 2, 1
	b := newDesk(t, s).book
	timed := risk.Listing{FromNs: 1, UntilNs: 2}
	rule := risk.ScopeRules{Kind: risk.ScopeFirm, Rules: risk.Rules{Restricted: 1}}
	other := risk.ScopeRules{Kind: risk.ScopeAccount, Rules: risk.Rules{Restricted: 2}}
	full := risk.Lists{Listings: []risk.Listing{timed, timed}, Rules: []risk.ScopeRules{rule}}
	must(t, b.SetLists(&full))
	if b.RestrictRoom() || b.Restrict(risk.ScopeFirm, 0, 0, risk.Forever) {
		t.Error("a restriction found a row that there is not")
	}
	for _, l := range []risk.Lists{{Listings: []risk.Listing{timed, timed, timed}}, {Rules: []risk.ScopeRules{rule, other}},
		{Listings: []risk.Listing{{Instrument: 1}}}, {Listings: []risk.Listing{{List: risk.ListsMax}}},
		{Rules: []risk.ScopeRules{{Kind: risk.ScopeAccount, Index: 1}}}, {Rules: []risk.ScopeRules{{Kind: risk.ScopeInstrument}}}} {
		if b.SetLists(&l) == nil {
			t.Errorf("%+v is taken", l)
		}
	}
	must(t, b.SetLists(&risk.Lists{}))
	if !b.Restrict(risk.ScopeFirm, 0, 0, risk.Forever) || !b.Restrict(risk.ScopeAccount, 0, 0, 5) {
		t.Error("a restriction found no row")
	}
	if b.SetLists(&risk.Lists{Listings: []risk.Listing{timed}}) == nil {
		t.Error("listings took the rows of restrictions")
	}
}
