package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// What a participant asks about many orders at once: OrderMassCancelRequest(q) and
// OrderMassStatusRequest(AF). Each Tick looks at some orders, or does what is asked of one, so that a
// request about all of them delays nobody. Each link has a queue for either kind, which is served in the
// order its requests came, and the queues in turn: a cancel does not wait for reports that its link does
// not read.

// massMax is how many requests of one queue may wait.
const massMax = 16

// massKind tells the two apart. The numbers are journaled.
type massKind uint8

const (
	massCancel massKind = 0
	massStatus massKind = 1
	massKinds           = 2
)

// massScope says which orders are meant. Only those count that the link may cancel and ask about: its
// own, and where configured those of its client's other links.
type massScope struct {
	account        uint32 // NoIndex: any
	instrument     uint32 // NoIndex: any
	venue          uint32 // NoIndex: any
	types          uint8  // of instruments, one bit each; 0: any
	side           risk.Side
	underlyingSize uint8 // 0: any
	_              uint8
	underlying     [UnderlyingBytesMax]byte // as the configuration spells it: its numbers are of a setup, which may change meanwhile
}

// UnderlyingBytesMax bounds the name of an underlying.
const UnderlyingBytesMax = 32

func (s *massScope) underlyingName() []byte { return s.underlying[:s.underlyingSize] }

// massRequest is one of them at work.
type massRequest struct {
	massScope
	asked   byte // MassCancelRequestType(530) or MassStatusReqType(585) as it came
	size    uint8
	counted bool   // of a massStatus: found is how many reports there will be
	conn    uint32 // the connection that a massStatus came over; its reports end with it
	id      uint32 // slot of its ClOrdID, NoIndex: there was none to spare
	cursor  uint32 // next order to look at
	found   uint32
	done    uint32
	turn    uint64 // registers.turn when it came
	text    [ClOrdIDBytesMax]byte
}

// name is the ClOrdID(11) or MassStatusReqID(584).
func (m *massRequest) name() []byte { return m.text[:m.size] }

// massQueue is where the requests of one kind of a link lie in their part of the table.
type massQueue struct {
	head, count uint32
	ready       bool // its first request can be worked on
	_           [7]byte
}

func (c *Core) layMass() {
	c.masses = table[massQueue](c, len(c.links)*massKinds)
	c.massRows = table[massRequest](c, len(c.masses)*massMax)
}

func queueOf(l uint32, kind massKind) uint32 { return l*massKinds + uint32(kind) }

func (c *Core) massAt(queue, n uint32) *massRequest {
	return &c.massRows[queue*massMax+(c.masses[queue].head+n)%massMax]
}

// massWaits reports whether a link waits for the answer to one.
func (c *Core) massWaits(l uint32) bool {
	for kind := massKind(0); kind < massKinds; kind++ {
		if c.masses[queueOf(l, kind)].count > 0 {
			return true
		}
	}
	return false
}

// massFull reports whether a link has as many requests of a kind as may wait.
func (c *Core) massFull(l uint32, kind massKind) bool {
	return c.masses[queueOf(l, kind)].count == massMax
}

// massReady notes whether there is work for a queue: what a link has asked about is told no faster than it
// reads.
func (c *Core) massReady(l uint32, kind massKind) {
	q := &c.masses[queueOf(l, kind)]
	ready := q.count > 0 && !(kind == massStatus && c.links[l].Blocked)
	if ready != q.ready {
		q.ready = ready
		if ready {
			c.reg.massReady++
		} else {
			c.reg.massReady--
		}
	}
}

// stepMass does one step of the next queue that has work.
func (c *Core) stepMass(ev *Event, d *Decision) {
	queues := uint32(len(c.masses))
	for n := range queues {
		at := (c.reg.massNext + n) % queues
		if !c.masses[at].ready {
			continue
		}
		if l, m := at/massKinds, c.massAt(at, 0); massKind(at%massKinds) == massCancel {
			c.stepMassCancel(ev, d, l, m)
		} else {
			c.stepMassStatus(ev, d, l, m)
		}
		return
	}
}

// meant reports whether a request of a link is about an order: it might trade when the request came, whatever
// has become of it since. One that was opened later is not meant.
func (m *massRequest) meant(c *Core, l uint32, o *Order) bool {
	return o.opened <= m.turn && (o.State == Live || o.State == Final && o.ended > m.turn) && m.covers(c, l, o)
}

// covers reports whether an order is in a scope.
func (s *massScope) covers(c *Core, l uint32, o *Order) bool {
	return (s.account == NoIndex || o.Account == s.account) &&
		(s.instrument == NoIndex || o.Instrument == s.instrument) &&
		(s.types == 0 || s.types>>c.set.Instruments[o.Instrument].Class&1 != 0) &&
		(s.side == 0 || o.Side == s.side) &&
		(s.venue == NoIndex || o.Venue == s.venue) &&
		(s.underlyingSize == 0 || c.set.Instruments[o.Instrument].Underlying == string(s.underlyingName())) &&
		(o.Owner == l || c.mayCancelOf(l, o.Owner))
}

// mayCancelOf reports whether a link may cancel and ask about the orders of another link of its client.
func (c *Core) mayCancelOf(l, owner uint32) bool {
	set, other := &c.set.Links[l], &c.set.Links[owner]
	return set.CancelByClient && other.Venue == NoIndex && other.Client == set.Client
}

// massAsked begins the effect of a request that is taken.
func (d *Decision) massAsked(ev *Event, kind massKind, s *massScope, asked byte, tag int) *Effect {
	e := d.effect(MassAsked)
	e.Link, e.Status, e.Seq = ev.Link, byte(kind), uint64(asked)
	e.Account, e.Instrument, e.Venue, e.Side, e.Flags = s.account, s.instrument, s.venue, s.side, Flags(s.types)
	e.Off, e.Len = d.textRange(tag)
	if s.underlyingSize != 0 {
		u := d.effect(MassOfUnderlying)
		u.Link, u.Status = ev.Link, byte(kind)
		for _, f := range d.msg.Fields() {
			if f.Tag == fix.TagUnderlyingSymbol { // it is there, once
				u.Off, u.Len = f.Off, f.End-f.Off
			}
		}
	}
	return e
}

// massMoved notes how far a request has come: found and done are what is added.
func (d *Decision) massMoved(l uint32, kind massKind, cursor, found, done uint32) *Effect {
	e := d.effect(MassMoved)
	e.Link, e.Status, e.Seq, e.Value = l, byte(kind), uint64(cursor), uint64(found)<<32|uint64(done)
	return e
}

func (d *Decision) massEnded(l uint32, kind massKind) {
	e := d.effect(MassEnded)
	e.Link, e.Status = l, byte(kind)
}

// massCounted, in the Flags of a MassMoved: a massStatus knows how many reports there will be.
const massCounted Flags = 1

// massBy is the tag by which a type of request chooses orders, 0: none; false: the gate cannot tell such orders apart. asked is the tag
// that says the type; its values 1 to 7 are the same in both.
func massBy(asked uint32, value []byte) (by uint32, can bool) {
	switch only(value) {
	case '1':
		return fix.TagSymbol, true
	case '2':
		return fix.TagUnderlyingSymbol, true
	case '3':
		return fix.TagProduct, true
	case '4':
		return fix.TagCFICode, true
	case '5':
		return fix.TagSecurityType, true
	case '7':
		return 0, true
	case '8': // of MassStatusReqType(585) that is a party
		return fix.TagMarketID, asked == fix.TagMassCancelRequest
	}
	return 0, false // sessions, segments, groups and issuers: no order is kept by them
}

// massScopeOf reads which orders a request is about. Of a scope that the gate cannot tell, or does not understand, the reason says why.
func (c *Core) massScopeOf(ev *Event, d *Decision, asked uint32, s *massScope) risk.Reason {
	m := &d.msg
	*s = massScope{account: NoIndex, instrument: NoIndex, venue: NoIndex}
	by, can := massBy(asked, m.Search(int(asked)))
	if !can {
		return d.at(asked, risk.ScopeUnsupported)
	}
	if reason := c.massNamed(s, by, m.Search(int(by))); reason != risk.Accepted {
		return d.at(by, reason)
	}
	// What would narrow the scope by more than its type says is not passed over: all is not what was meant.
	for i, seen := 0, false; i < m.Len(); i++ {
		switch tag := m.Field(i).Tag; {
		case massNarrows(tag, by):
			return d.at(tag, risk.ScopeUnsupported)
		case tag != by:
		case seen:
			return d.at(tag, risk.FieldMalformed) // of two there is no telling which is meant
		default:
			seen = true
		}
	}
	if reason := c.massParties(ev, d); reason != risk.Accepted {
		return reason
	}
	if side := m.Value(fix.TagSide); len(side) > 0 {
		var ok bool
		if s.side, ok = risk.ParseSide(only(side)); !ok {
			return d.at(fix.TagSide, risk.FieldMalformed)
		}
	}
	return c.massAccount(ev, d, s)
}

// massNarrows reports whether a tag names a part of all orders which is not the one that a request chooses by. None is chosen by session,
// segment, destination, TargetParties or parts of a party. What else says which instrument is meant is passed over beside its Symbol(55), and so is what
// says the underlying beside UnderlyingSymbol(311): the gate knows them by these alone.
func massNarrows(tag, by uint32) bool {
	switch tag {
	case fix.TagSymbol, fix.TagSecurityType, fix.TagProduct, fix.TagCFICode, fix.TagUnderlyingSymbol, fix.TagMarketID:
		return tag != by
	case fix.TagTradingSessionID, fix.TagTradingSessionSubID, fix.TagMarketSegmentID, fix.TagExDestination,
		1461, 1462, 1463, 1464, 523, 802, 803: // TargetParties, PartySubIDs
		return true
	case fix.TagSecurityID, fix.TagSymbolSfx, 106, 200, 201, 202, 205, 206, 207, 541, 762, 1151: // issuer, maturity, put or call, strike, exchange, group
		return by != fix.TagSymbol
	case 305, 306, 309, 310, 312, 313, 315, 316, 542, 711: // of an underlying
		return by != fix.TagSymbol && by != fix.TagUnderlyingSymbol
	}
	return false
}

// massNamed takes over what a tag names.
func (c *Core) massNamed(s *massScope, by uint32, value []byte) risk.Reason {
	switch by {
	case 0:
	case fix.TagSymbol:
		if s.instrument = c.symbols.find(value); s.instrument == NoIndex {
			return risk.SymbolUnknown
		}
	case fix.TagMarketID:
		if s.venue = c.venueNamed(value); s.venue == NoIndex {
			return risk.MarketUnknown
		}
	case fix.TagUnderlyingSymbol:
		if len(value) > UnderlyingBytesMax || c.underlyings.find(value) == NoIndex {
			return risk.UnderlyingUnknown
		}
		s.underlyingSize = uint8(copy(s.underlying[:], value))
	default:
		if s.types = classesOf(by, value); s.types == 0 {
			return risk.SymbolUnknown
		}
	}
	return risk.Accepted
}

// massAccount reads Account(1), which may be in an AF, and in a q of who agreed on it.
func (c *Core) massAccount(ev *Event, d *Decision, s *massScope) risk.Reason {
	name := d.msg.Value(fix.TagAccount)
	if len(name) == 0 {
		return risk.Accepted
	}
	if s.account = c.accounts.find(name); s.account == NoIndex {
		return d.at(fix.TagAccount, risk.AccountUnknown)
	}
	if !c.book.Entitled(ev.Link, s.account) {
		return d.at(fix.TagAccount, risk.AccountNotEntitled)
	}
	return risk.Accepted
}

// classesOf is the set of asset classes of which a value may be said.
func classesOf(tag uint32, value []byte) (set uint8) {
	for t := risk.Stock; t <= risk.Future; t++ {
		if fits(t, tag, value) {
			set |= 1 << t
		}
	}
	return set
}

// applyMass applies the effects of such requests.
func (c *Core) applyMass(ev *Event, e *Effect) {
	kind := massKind(e.Status)
	at := queueOf(e.Link, kind)
	q := &c.masses[at]
	switch e.Kind {
	case MassAsked:
		if massKind(e.Status) == massCancel {
			c.noteMessage(ev, &nowhere, e.Link, 'q')
		}
		q.count++
		m := c.massAt(at, q.count-1)
		*m = massRequest{massScope: massScope{account: e.Account, instrument: e.Instrument, venue: e.Venue, types: uint8(e.Flags), side: e.Side},
			asked: byte(e.Seq), conn: c.links[e.Link].Conn, id: e.ID, turn: c.reg.turn}
		text := ev.Data[e.Off : e.Off+e.Len]
		m.size = uint8(copy(m.text[:], text))
		if e.ID != NoIndex {
			c.takeID(e.ID, e.Link, NoIndex, e.Value, text)
			c.ids[e.ID].mass, c.ids[e.ID].refused = true, false
			c.ids[e.ID].uses++
		}
	case MassOfUnderlying:
		m := c.massAt(at, q.count-1)
		m.underlyingSize = uint8(copy(m.underlying[:], ev.Data[e.Off:e.Off+e.Len]))
	case MassMoved:
		m := c.massAt(at, 0)
		m.cursor, m.counted = uint32(e.Seq), m.counted || e.Flags&massCounted != 0
		m.found += uint32(e.Value >> 32)
		m.done += uint32(e.Value)
		c.reg.massNext = at + 1
	case MassEnded:
		m := c.massAt(at, 0)
		if m.id != NoIndex {
			c.ids[m.id].uses--
		}
		*m = massRequest{}
		q.head, q.count = (q.head+1)%massMax, q.count-1
		c.reg.massNext = at + 1
	}
	c.massReady(e.Link, kind)
}
