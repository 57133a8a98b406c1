package core

import (
	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

const partyReportType = "DI"

// Values of PartyActionResponse(2332).
const (
	partyTaken   = '0' // accepted: it is being done
	partyDone    = '1'
	partyRefused = '2'
)

// beginParty opens a PartyActionReport. No standard dictionary has it, so no dialect says what is in it.
func (c *Core) beginParty(ev *Event, d *Decision, l uint32, id []byte, action, response byte) *fix.Writer {
	w := c.begin(ev, d, l, partyReportType)
	if len(id) > 0 {
		w.Value(fix.TagPartyActionRequestID, id)
	}
	c.writeGateID(d, w, fix.TagPartyActionReportID)
	d.ReportCount++
	w.Char(fix.TagPartyActionType, action)
	w.Char(fix.TagPartyActionResponse, response)
	return w
}

// named reports whether the configuration names a link still: else there is nobody to tell.
func (c *Core) named(l uint32) bool { return c.set.Links[l].SenderCompID != "" }

func (c *Core) endParty(ev *Event, d *Decision, l uint32, w *fix.Writer) {
	w.Stamp(fix.TagTransactTime, ev.Now.UTCNs, c.set.Links[l].Precision)
	c.end(ev, d, l, link.ReportMessage, NoIndex)
}

// answerParty answers a request that was carried out, or is being.
func (c *Core) answerParty(ev *Event, d *Decision, a *partyAction, response byte, text string) {
	w := c.beginParty(ev, d, ev.Link, ev.Data[a.id.Off:a.id.End], a.action, response)
	a.repeat(d, w)
	w.String(fix.TagText, text)
	c.endParty(ev, d, ev.Link, w)
}

// refuseParty answers one that was not.
func (c *Core) refuseParty(ev *Event, d *Decision, a *partyAction) {
	w := c.beginParty(ev, d, ev.Link, ev.Data[a.id.Off:a.id.End], a.action, partyRefused)
	w.Uint(fix.TagPartyActionRejectReason, partyRejectReason(d.Reason))
	a.repeat(d, w)
	c.reasonText(d, w, ev.Link, d.Reason)
	c.endParty(ev, d, ev.Link, w)
}

// partyRejectReason is PartyActionRejectReason(2333).
func partyRejectReason(reason risk.Reason) uint64 {
	switch reason {
	case risk.PartyUnknown:
		return 0 // invalid party
	case risk.PartyNotEntitled:
		return 98 // not authorized
	}
	return 99 // other
}

// repeat writes what a request is about as it came.
func (a *partyAction) repeat(d *Decision, w *fix.Writer) {
	if a.test {
		w.Char(fix.TagApplTestMessage, 'Y')
	}
	if len(a.market) > 0 {
		w.Value(fix.TagMarketID, a.market)
	}
	if len(a.symbol) > 0 {
		writeSymbolScope(w)
		w.Value(fix.TagInstrumentScopeSymbol, a.symbol)
	}
	w.Fields(&d.msg, a.parties[0], a.parties[1])
}

// writeSymbolScope begins an InstrumentScope that includes one symbol.
func writeSymbolScope(w *fix.Writer) {
	w.Char(fix.TagNoInstrumentScopes, '1')
	w.Char(fix.TagInstrumentScopeOperator, '1')
}

// tellStopped says over the link that has asked for a kill what came of it (K3).
func (c *Core) tellStopped(ev *Event, d *Decision, j *job) {
	l := j.party.by - 1
	if !c.named(l) {
		return
	}
	w := c.beginParty(ev, d, l, j.party.text[:j.party.size], j.party.action, partyDone)
	c.writeParties(w, l, &j.of)
	w.Open(fix.TagText)
	for i, words := range [...]string{" open orders: ", " withdrawn, ", " cancels sent, ", " cancels owed, ", " left open, ", " with an earlier cancel on its way"} {
		w.PartUint(uint64(j.counts[i]))
		w.PartString(words)
	}
	w.Close()
	c.endParty(ev, d, l, w)
}

// tellReinstated says over the link that had a party stopped that somebody else has ended that.
func (c *Core) tellReinstated(ev *Event, d *Decision, k *risk.Kill) {
	l := uint32(k.By - 1)
	if !c.named(l) {
		return
	}
	w := c.beginParty(ev, d, l, nil, partyReinstate, partyDone)
	c.writeParties(w, l, &k.Of)
	w.String(fix.TagText, "reinstated by two people at the gate")
	c.endParty(ev, d, l, w)
}

// goneName stands for a party that the configuration does not name any more.
const goneName = "GONE"

// writeParties names what a target is of as a request over the link would.
func (c *Core) writeParties(w *fix.Writer, l uint32, of *risk.Target) {
	if of.Venue != NoIndex {
		w.String(fix.TagMarketID, c.set.Venues[of.Venue].Name)
	}
	if of.Instrument != NoIndex {
		writeSymbolScope(w)
		w.String(fix.TagInstrumentScopeSymbol, c.set.Instruments[of.Instrument].Symbol)
	}
	entries := [...]struct {
		n               uint32
		role, qualifier string
		name            func(n uint32) string
	}{
		{of.Group, roleGroup, "", func(n uint32) string { return c.set.Groups[n] }},
		{of.Client, roleClient, "", func(n uint32) string { return c.set.Clients[n] }},
		{of.Account, roleAccount, "", func(n uint32) string { return c.set.Accounts[n].Name }},
		{of.Desk, roleDesk, "", func(n uint32) string { return c.set.Desks[n] }},
		{of.Trader, roleExecutes, isPerson, func(n uint32) string { return c.set.Traders[n].Name }},
		{of.Algo, roleExecutes, isAlgorithm, func(n uint32) string { return c.set.Algos[n].Name }},
		{of.Link, roleSession, "", func(n uint32) string { return c.set.Links[n].Name }},
	}
	count := uint64(0)
	for i := range entries {
		if entries[i].n != NoIndex {
			count++
		}
	}
	w.Uint(fix.TagNoPartyIDs, max(count, 1))
	if count == 0 {
		writeParty(w, c.set.Links[l].SenderCompID, roleFirm, "")
	}
	for i := range entries {
		if e := &entries[i]; e.n != NoIndex {
			writeParty(w, e.name(e.n), e.role, e.qualifier)
		}
	}
}

func writeParty(w *fix.Writer, name, role, qualifier string) {
	if name == "" {
		name = goneName
	}
	w.String(fix.TagPartyID, name)
	w.Char(fix.TagPartyIDSource, 'D') // proprietary
	w.String(fix.TagPartyRole, role)
	if qualifier != "" {
		w.String(fix.TagPartyRoleQualifier, qualifier)
	}
}
