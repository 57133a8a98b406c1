package sim

import (
	"math/big"
	"strings"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/risk"
)

// check is what must hold at all times.
type check struct {
	w    *World
	over map[overKey]int64
	told map[overKey]bool // while the day rolls: what was recorded, by scope and measure

	unlocated bool     // a roll or a list of what is easy to borrow said for all accounts what is located no more
	next      []uint64 // by link: outgoing number before the record at hand
	records   int
	events    int
	halves    map[*conn][]byte // by venue connection: a message that is not out whole
	m         fix.Message
}

type overKey struct {
	account, instrument, scope uint32
	kind                       risk.Scope
	measure                    risk.Reason
}

const (
	twinEvery  = 150 // records
	tableEvery = 60  // events
)

func newCheck(w *World) *check {
	return &check{w: w, over: map[overKey]int64{}, next: make([]uint64, len(linkNames)), halves: map[*conn][]byte{}}
}

// applied is called after every event of the gate.
func (k *check) applied(c *core.Core) {
	k.w.follower.catchUp()
	if k.events++; k.events%tableEvery == 0 {
		k.w.follower.equals(c, "live")
	}
}

// recovered: what a start makes of the records is what they led to before.
func (k *check) recovered(c *core.Core) {
	k.w.follower.catchUp()
	k.w.follower.equals(c, "recovered")
	k.over = k.excess(c) // limits may be others from here on
}

// before is called before a record is applied to the follower.
func (k *check) before(c *core.Core, ev *core.Event, d *core.Decision) {
	if d.EffectLen == core.EffectsMax || d.Out.Count == link.OutsMax {
		k.w.fail("%d effects, %d messages of one event", d.EffectLen, d.Out.Count)
	}
	for l := range k.next {
		k.next[l] = c.LinkState(uint32(l)).NextOut
	}
	k.numbers(c, d)
}

// numbers: what is sent for the first time has the numbers that follow, one by one.
func (k *check) numbers(c *core.Core, d *core.Decision) {
	anew := d.Renumbered()
	for i := range d.Out.Count {
		out := &d.Out.Outs[i]
		if text := d.Out.Bytes(i); out.Link == anew {
			k.next[out.Link] = out.Seq + 1 // compared with what the link has then
		} else if out.Seq == k.next[out.Link] {
			k.next[out.Link]++
		} else if k.m.Index(text); out.Seq > k.next[out.Link] || string(k.m.Value(fix.TagPossDupFlag)) != "Y" {
			k.w.fail("%s got number %d, next is %d: %s", linkNames[out.Link], out.Seq, k.next[out.Link], printable(text))
		}
		k.framed(d.Out.Bytes(i))
	}
	for i := range d.EffectLen {
		if e := &d.Effects[i]; e.Kind == core.Raised {
			k.next[e.Link] = e.Seq
		}
	}
}

func (k *check) framed(b []byte) {
	if n, f := fix.Frame(b, 1<<16); f != fix.Whole || n != len(b) {
		k.w.fail("sent %s: %v", printable(b), f)
	}
}

// after is called when a record has been applied to the follower.
func (k *check) after(c *core.Core, ev *core.Event, d *core.Decision) {
	anew := d.Renumbered()
	for l := range k.next {
		if next := c.LinkState(uint32(l)).NextOut; next != k.next[l] && uint32(l) != anew {
			k.w.fail("%s: next number is %d, sent was %d", linkNames[l], next, k.next[l]-1)
		}
	}
	k.limits(c, d)
	k.reserved(c)
	k.w.follower.ledger.warnings.hold(k.w, c, d)
	k.w.follower.ledger.levels(d)
	k.w.follower.ledger.losses.hold(k.w, c.Book())
	if k.records++; k.records%twinEvery == 0 {
		k.w.follower.ledger.compare(c)
	}
}

// limits demands that nothing goes further above a limit without a record that says so (exposure 8), except by a
// closing order inside its reserve.
func (k *check) limits(c *core.Core, d *core.Decision) {
	recorded := false
	for _, e := range d.Effects[:d.EffectLen] {
		if e.Kind == core.Rolled || e.Kind == core.SplitSet {
			k.told = map[overKey]bool{}
		}
		k.unlocated = k.unlocated || e.Kind == core.Rolled || e.Kind == core.EasyToBorrow
		if e.Kind == core.Overshot {
			recorded = true
			if k.told != nil {
				k.told[overKey{scope: e.Account, kind: risk.Scope(e.Status), measure: risk.Reason(e.Seq)}] = true
			}
		}
	}
	closing := d.Reason == risk.Accepted && d.Judgement.Closing
	if k.told != nil && c.Rolling() { // to be judged when the roll is done
		if closing {
			for key := range k.excess(c) {
				k.told[overKey{scope: key.scope, measure: key.measure}] = true
			}
		}
		return
	}
	told := k.told
	k.told = nil
	now := k.excess(c)
	for key, amount := range now {
		if key.measure == risk.LocateExceeded && k.unlocated {
			continue
		}
		if amount > k.over[key] && !recorded && !closing && !told[overKey{scope: key.scope, kind: key.kind, measure: key.measure}] {
			k.w.fail("%s of %d is %d above its limit, it was %d: not recorded", key.measure, key.scope, amount, k.over[key])
		}
	}
	k.over, k.unlocated = now, false
}

// excess is everything above its limit.
func (k *check) excess(c *core.Core) map[overKey]int64 {
	var out [risk.OvershootsMax]risk.Overshoot
	found := map[overKey]int64{}
	for _, a := range [...]uint32{0, 1, 2, third} {
		for i := range uint32(len(symbolNames)) {
			for _, o := range out[:c.Book().Excess(&risk.Place{Account: a, Instrument: i, Owner: core.NoIndex, Venue: core.NoIndex}, out[:])] {
				key := overKey{a, i, o.Scope, o.Of, o.Measure}
				switch o.Measure {
				case risk.LongPositionExceeded, risk.ShortPositionExceeded, risk.SellLongExceedsPosition, risk.LocateExceeded:
				case risk.ScopeLongExceeded, risk.ScopeShortExceeded:
					key.account = 0
				default:
					key.account, key.instrument = 0, 0
				}
				found[key] = o.Amount()
			}
		}
	}
	return found
}

// reserved adds up the reservations of live orders with big numbers: the scopes hold no more and no less.
func (k *check) reserved(c *core.Core) {
	var sum [2]big.Int // buys, sells, of the firm
	var by [2][third + 1]big.Int
	c.EachLive(func(_ uint32, o *core.Order) bool {
		side := 1
		if o.Side.IsBuy() {
			side = 0
		}
		r := big.NewInt(int64(o.Reserved))
		sum[side].Add(&sum[side], r)
		by[side][o.Account].Add(&by[side][o.Account], r)
		return true
	})
	firm := c.Book().Credit(risk.ScopeFirm, 0)
	k.sums("firm", &sum[0], &sum[1], firm)
	for a := range by[0] {
		k.sums(accountNames[a], &by[0][a], &by[1][a], c.Book().Credit(risk.ScopeAccount, uint32(a)))
	}
}

func (k *check) sums(name string, buys, sells *big.Int, v risk.ScopeView) {
	if buys.Cmp(big.NewInt(int64(v.RB))) != 0 || sells.Cmp(big.NewInt(int64(v.RS))) != 0 {
		k.w.fail("%s reserves %d and %d, its orders %s and %s", name, v.RB, v.RS, buys, sells)
	}
}

// written sees every byte on its way to the kernel: behind the acknowledgement of a kill no order of its scope leaves.
func (k *check) written(c *conn, b []byte) {
	if !c.peer.venue {
		return
	}
	rest := append(k.halves[c], b...)
	for {
		n, framing := fix.Frame(rest, 1<<16)
		if framing != fix.Whole {
			break
		}
		k.left(c, rest[:n])
		rest = rest[n:]
	}
	k.halves[c] = append([]byte(nil), rest...)
}

func (k *check) left(c *conn, b []byte) {
	k.m.Index(b)
	kind := text(&k.m, fix.TagMsgType)
	if kind != "D" && kind != "G" {
		return
	}
	tag := text(&k.m, fix.TagText)
	owner, id, _ := strings.Cut(tag, "/")
	r := k.w.requestOf(id)
	if r == nil {
		k.w.fail("%s got an order of nobody: %s", c.peer.name, printable(b))
	}
	for _, kill := range k.w.operator.kills {
		if kill.stops(owner, r.order.account) {
			k.w.fail("%s got %s after the kill of scope %d index %d was acknowledged: %s", c.peer.name, tag, kill.scope, kill.index, printable(b))
		}
	}
}

// stops reports whether a kill is about an order.
func (k *kill) stops(owner, account string) bool {
	switch k.scope {
	case risk.ScopeFirm:
		return true
	case risk.ScopeClient:
		return strings.HasPrefix(account, clientNames[k.index]+"-")
	case risk.ScopeAccount:
		return account == accountNames[k.index]
	}
	return owner == linkNames[k.index]
}
