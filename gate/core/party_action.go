package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// A participant's word about parties: PartyActionRequest(35=DH), which FIX.5.0SP2 has by an extension pack. Over a link that is
// entitled to it, such as a clearing member's, a party is suspended, its trading halted, or it is reinstated. That is a kill
// like an operator's: the same decision, the same job, the same rules for its end (behaviour 9). Who gave it is the link.
// PartyActionReport(35=DI) says that the block is in force, and says it again with what came of the open orders.

// PartyActions say what a link may have done to which parties.
type PartyActions struct {
	Of        []risk.Target // the firm, or of one part each: what is inside may be named. None: no party
	Suspend   risk.KillMode // the kill that it means; 0: it may not
	Halt      risk.KillMode // likewise
	Reinstate bool
}

// Values of PartyActionType(2329).
const (
	partySuspend   = '0'
	partyHalt      = '1'
	partyReinstate = '2'
)

// partiesMax bounds the entries of NoPartyIDs(453): a target has no more parts.
const partiesMax = 9

// partyAction is a PartyActionRequest as it was read.
type partyAction struct {
	id      fix.Field // PartyActionRequestID(2328)
	action  byte
	test    bool // ApplTestMessageIndicator(2330): it is judged, and nothing is done
	of      risk.Target
	parties [2]int // from and to which field its Parties are
	market  []byte // MarketID(1301)
	symbol  []byte // InstrumentScopeSymbol(1536)
}

// decidePartyAction judges a PartyActionRequest. It is stopped neither by a kill nor by a rate.
func (c *Core) decidePartyAction(ev *Event, d *Decision) {
	set := &c.set.Links[ev.Link]
	switch {
	case set.Dialect.Version < risk.FIX50SP2:
		c.answerBusiness(ev, d, risk.MessageUnsupported)
		return
	case len(set.PartyActions.Of) == 0:
		c.answerBusiness(ev, d, risk.PartyNotEntitled)
		return
	}
	var a partyAction
	if code, tag := a.read(&d.msg); tag != 0 {
		d.Reason = risk.FieldMalformed
		if code == fix.RequiredMissing {
			d.Reason = risk.FieldMissing
		}
		c.rejectSession(ev, d, code, tag)
		return
	}
	d.Reason = c.partyScope(d, set, &a)
	if d.Reason == risk.Accepted {
		d.Reason = c.actOnParty(ev, d, &set.PartyActions, &a)
	}
	if d.Reason != risk.Accepted {
		c.refuseParty(ev, d, &a)
	}
}

// read takes over the fields that stand by themselves; tag is that of the first fault, 0: there is none.
func (a *partyAction) read(m *fix.Message) (code fix.FaultCode, tag uint32) {
	single := [...]uint32{fix.TagPartyActionRequestID, fix.TagPartyActionType, fix.TagApplTestMessage, fix.TagMarketID, fix.TagNoPartyIDs}
	var seen [len(single)]bool
	for i := range m.Len() {
		f, v := m.Field(i), m.FieldValue(i)
		for n, tag := range single {
			if f.Tag == tag {
				if seen[n] {
					return fix.RepeatedTag, tag
				}
				seen[n] = true
			}
		}
		switch f.Tag {
		case fix.TagPartyActionRequestID:
			if a.id = f; len(v) > ClOrdIDBytesMax {
				return fix.IncorrectValue, f.Tag
			}
		case fix.TagPartyActionType:
			if a.action = only(v); a.action < partySuspend || a.action > partyReinstate {
				return fix.IncorrectValue, f.Tag
			}
		case fix.TagApplTestMessage:
			if a.test = only(v) == 'Y'; !a.test && only(v) != 'N' {
				return fix.IncorrectValue, f.Tag
			}
		case fix.TagMarketID:
			a.market = v
		case fix.TagNoPartyIDs:
			a.parties[0] = i
		case fix.TagPartyID, fix.TagPartyIDSource, fix.TagPartyRole, fix.TagPartyRoleQualifier:
			a.parties[1] = i + 1
		}
	}
	for n, tag := range [...]uint32{fix.TagPartyActionRequestID, fix.TagPartyActionType} {
		if !seen[n] {
			return fix.RequiredMissing, tag
		}
	}
	if a.parties[0] == 0 || a.parties[1] < a.parties[0] {
		return fix.RequiredMissing, fix.TagNoPartyIDs
	}
	return 0, 0
}

// partyScope finds out whom a request is about, holds that against what the link is entitled to, and narrows it to a market
// and a symbol.
func (c *Core) partyScope(d *Decision, set *LinkSetup, a *partyAction) risk.Reason {
	if reason := c.parties(d, set, a); reason != risk.Accepted {
		return reason
	}
	if !c.mayAct(&set.PartyActions, &a.of) {
		return risk.PartyNotEntitled
	}
	if tag := a.narrowed(&d.msg); tag != 0 {
		return d.at(tag, risk.PartyScopeUnsupported)
	}
	if len(a.market) > 0 {
		if a.of.Venue = c.venueNamed(a.market); a.of.Venue == NoIndex {
			return d.at(fix.TagMarketID, risk.PartyUnknown)
		}
	}
	if len(a.symbol) > 0 {
		if a.of.Instrument = c.symbols.find(a.symbol); a.of.Instrument == NoIndex {
			return d.at(fix.TagInstrumentScopeSymbol, risk.PartyUnknown)
		}
	}
	if c.contradicts(&a.of) {
		return d.at(fix.TagPartyID, risk.PartyUnknown) // nothing is of two clients
	}
	return risk.Accepted
}

// narrowed reads an InstrumentScope of one symbol. It returns a tag that narrows the scope otherwise, which is not passed
// over: all is not what was meant. 0: there is none.
func (a *partyAction) narrowed(m *fix.Message) (tag uint32) {
	for i := range m.Len() {
		switch f, v := m.Field(i), m.FieldValue(i); {
		case f.Tag == fix.TagInstrumentScopeSymbol && a.symbol == nil:
			a.symbol = v
		case f.Tag == fix.TagNoInstrumentScopes && only(v) == '1', f.Tag == fix.TagInstrumentScopeOperator && only(v) == '1': // include
		case f.Tag == fix.TagMarketSegmentID, f.Tag == fix.TagNoRelatedPartyDetailID, f.Tag == fix.TagNoInstrumentScopes, f.Tag >= 1535 && f.Tag <= 1561:
			return f.Tag
		}
	}
	if m.Search(fix.TagNoInstrumentScopes) != nil && a.symbol == nil {
		return fix.TagNoInstrumentScopes
	}
	return 0
}

// parties reads NoPartyIDs(453). Several entries name what is in all of them.
func (c *Core) parties(d *Decision, set *LinkSetup, a *partyAction) risk.Reason {
	a.of = risk.WholeFirm
	if reason := d.partyForm(); reason != risk.Accepted {
		return reason
	}
	m, n := &d.msg, 0
	var p party
	for i := a.parties[0] + 1; i < a.parties[1]; i++ {
		switch v := m.FieldValue(i); m.Field(i).Tag {
		case fix.TagPartyID:
			if n++; n > partiesMax {
				return d.at(fix.TagNoPartyIDs, risk.PartyScopeUnsupported)
			}
			if reason := c.nameParty(d, set, &p, &a.of); reason != risk.Accepted {
				return reason
			}
			p = party{id: v}
		case fix.TagPartyRole:
			p.role = v
		case fix.TagPartyRoleQualifier:
			p.qualifier = v
		}
	}
	if n == 0 {
		return d.at(fix.TagPartyID, risk.FieldMissing)
	}
	return c.nameParty(d, set, &p, &a.of)
}

// Values of PartyRole(452) beside those of orders.
const (
	roleFirm    = "1"  // ExecutingFirm: who runs the gate, by the CompID that the link knows it by
	roleGroup   = "13" // OrderOriginationFirm: no role means several clients, and a firm whose clients trade here is a group of them
	roleAccount = "24"
	roleSession = "55"
	roleDesk    = "76"
)

// nameParty takes one entry into a target. The firm itself is all of it.
func (c *Core) nameParty(d *Decision, set *LinkSetup, p *party, of *risk.Target) risk.Reason {
	if p.id == nil {
		return risk.Accepted // before the first
	}
	kind, n := risk.ScopeFirm, uint32(NoIndex)
	switch string(p.role) {
	case roleFirm:
		if string(p.id) == set.SenderCompID {
			return risk.Accepted
		}
	case roleClient:
		kind, n = risk.ScopeClient, c.clients.find(p.id)
	case roleGroup:
		kind, n = risk.ScopeGroup, c.groups.find(p.id)
	case roleAccount:
		kind, n = risk.ScopeAccount, c.accounts.find(p.id)
	case roleDesk:
		kind, n = risk.ScopeDesk, c.desks.find(p.id)
	case roleSession:
		kind, n = risk.ScopeLink, c.linkNamed(p.id)
	case roleExecutes:
		if kind, n = risk.ScopeTrader, c.traders.find(p.id); string(p.qualifier) == isAlgorithm {
			kind, n = risk.ScopeAlgo, c.algos.find(p.id)
		}
	default:
		return d.at(fix.TagPartyRole, risk.PartyScopeUnsupported)
	}
	part := of.Part(kind)
	if n == NoIndex || *part != NoIndex && *part != n {
		d.unattributed(risk.PartyUnknown, fix.TagPartyID, p.id)
		return d.at(fix.TagPartyID, risk.PartyUnknown) // nothing is of two clients
	}
	*part = n
	return risk.Accepted
}

// linkNamed is the number of a participant's link.
func (c *Core) linkNamed(name []byte) uint32 {
	for l := range c.set.Links {
		if set := &c.set.Links[l]; set.Venue == NoIndex && set.Name == string(name) {
			return uint32(l)
		}
	}
	return NoIndex
}

// venueNamed is the number of a venue that the configuration names.
func (c *Core) venueNamed(name []byte) uint32 {
	for v := range c.set.Venues {
		if set := &c.set.Venues[v]; set.Link != NoIndex && set.Name == string(name) {
			return uint32(v)
		}
	}
	return NoIndex
}

// mayAct reports whether parties lie in what a link is entitled to: an account also in that of its client, a trader in that
// of his desk.
func (c *Core) mayAct(may *PartyActions, of *risk.Target) bool {
	wide := *of
	if wide.Client == NoIndex {
		wide.Client = c.clientOf(of)
	}
	wide = c.book.Widened(wide)
	for i := range may.Of {
		if may.Of[i].Holds(&wide) {
			return true
		}
	}
	return false
}

// clientOf is the client that alone has a trader, an algorithm or a link of a target; NoIndex: there is no such.
func (c *Core) clientOf(of *risk.Target) uint32 {
	for _, by := range [...]struct {
		n   uint32
		all []AuthorSetup
	}{{of.Trader, c.set.Traders}, {of.Algo, c.set.Algos}} {
		if by.n < uint32(len(by.all)) && by.all[by.n].Client != NoIndex {
			return by.all[by.n].Client
		}
	}
	if of.Link != NoIndex {
		return c.set.Links[of.Link].Client
	}
	return NoIndex
}

// actOnParty does what is asked, and answers unless it cannot be done.
func (c *Core) actOnParty(ev *Event, d *Decision, may *PartyActions, a *partyAction) risk.Reason {
	mode := may.Suspend
	if a.action == partyHalt {
		mode = may.Halt
	}
	switch {
	case a.action == partyReinstate && may.Reinstate:
		return c.reinstate(ev, d, a)
	case a.action == partyReinstate || mode == 0:
		return d.at(fix.TagPartyActionType, risk.PartyNotEntitled)
	case killMode(mode, &a.of) != Done:
		return d.at(fix.TagPartyActionType, risk.PartyScopeUnsupported)
	}
	for i := range c.book.Kills() {
		if k := &c.book.Kills()[i]; k.Of == a.of && k.Mode == mode && uint32(k.By) == ev.Link+1 {
			c.answerParty(ev, d, a, partyDone, "it is stopped already")
			return risk.Accepted
		}
	}
	return c.stopParty(ev, d, a, mode)
}

// stopParty gives the kill. Where there is no row for it, it is refused: that of the firm, which an operator's becomes, would be
// more than the link is entitled to.
func (c *Core) stopParty(ev *Event, d *Decision, a *partyAction, mode risk.KillMode) risk.Reason {
	switch {
	case a.of != risk.WholeFirm && !c.book.PartyRoom():
		return risk.TableFull
	case a.test:
		c.answerParty(ev, d, a, partyDone, testedText)
		return risk.Accepted
	}
	m := KillOf(CmdKill, a.of, mode, false)
	c.decideKill(ev, d, &m)
	d.Reply = Reply{}
	set, job := d.first(KillSet), d.first(JobStarted)
	if set == nil {
		return risk.TableFull
	}
	e := d.partyActed(ev, a, set.Value)
	if job == nil {
		c.answerParty(ev, d, a, partyDone, "nothing new is taken; open orders were not cancelled for want of room: ask for that again")
		return risk.Accepted
	}
	e.Execution = job.Execution
	c.answerParty(ev, d, a, partyTaken, "nothing new is taken from now on; a second report follows when what is open is looked at")
	return risk.Accepted
}

const testedText = "a test: nothing is done"

// reinstate lifts what the link has stopped in exactly this scope; what others have stopped stays so. It may not be a repeat,
// for another suspension may lie between.
func (c *Core) reinstate(ev *Event, d *Decision, a *partyAction) risk.Reason {
	if reason := c.tooOld(ev, d); reason != risk.Accepted {
		return reason
	}
	if again, _ := d.msg.Flag(fix.TagPossResend); again {
		return d.at(fix.TagPossResend, risk.StaleResend)
	}
	code := UnknownTarget
	for i := range c.book.Kills() {
		k := &c.book.Kills()[i]
		if k.Of != a.of || uint32(k.By) != ev.Link+1 {
			continue
		}
		if a.test {
			code = Done
			continue
		}
		code = c.lift(ev, d, k, partyUser(ev.Link))
		d.partyActed(ev, a, k.ID)
	}
	switch {
	case code == UnknownTarget:
		return d.at(fix.TagPartyActionType, risk.PartyNotStopped)
	case a.test:
		c.answerParty(ev, d, a, partyDone, testedText)
	case code == SecondPerson:
		c.answerParty(ev, d, a, partyTaken, "noted: the whole firm trades again when a second person says so")
	default:
		c.answerParty(ev, d, a, partyDone, "lifted; what others have stopped stays so")
	}
	return risk.Accepted
}

// partyActed notes who gave a kill, or wants it lifted.
func (d *Decision) partyActed(ev *Event, a *partyAction, kill uint64) *Effect {
	e := d.effect(PartyActed)
	e.Link, e.Status, e.Value, e.Off, e.Len = ev.Link, a.action, kill, a.id.Off, a.id.End-a.id.Off
	return e
}

// partyUser is a link as the user whose word lifts a kill. Users of the machine have smaller numbers.
func partyUser(l uint32) uint32 { return 1<<31 | l }

// PartyUser is the link that a user is who has asked to lift a kill; false: an operator.
func PartyUser(user uint64) (l uint32, ok bool) { return uint32(user) &^ (1 << 31), user>>31 == 1 }

// asker is who has asked for a killJob by a PartyActionRequest.
type asker struct {
	by     uint32 // link plus one; 0: an operator, or the gate itself
	action byte
	size   uint8
	text   [ClOrdIDBytesMax]byte // PartyActionRequestID(2328)
	_      [2]byte
}

func (c *Core) applyPartyActed(ev *Event, e *Effect) {
	if e.Status == partyReinstate {
		return
	}
	c.book.SetGiver(e.Value, e.Link)
	if e.Execution == NoIndex {
		return
	}
	by := &c.jobs[e.Execution].party
	*by = asker{by: e.Link + 1, action: e.Status}
	by.size = uint8(copy(by.text[:], ev.Data[e.Off:e.Off+e.Len]))
}
