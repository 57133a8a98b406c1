package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// Roles by which a request about many orders says who sends it, beside those of a PartyActionRequest.
const roleEnteringFirm = "7"

// massParties holds what a request about many orders says of parties. FIX.5.0SP2 means NoPartyIDs(453) for who sends it, and others write
// there whose orders they mean. So each party must be the sender, by a name under which the gate knows that all orders of the request
// are of it: any other could narrow the request, and by it no order is chosen.
func (c *Core) massParties(ev *Event, d *Decision) risk.Reason {
	if reason := d.partyForm(); reason != risk.Accepted {
		return reason
	}
	m := &d.msg
	var p party // its role may stand before or behind what else its entry says
	for i := range m.Len() {
		switch v := m.FieldValue(i); m.Field(i).Tag {
		case fix.TagPartyID:
			if !c.isSender(ev.Link, &p) {
				return d.strangeParty(&p)
			}
			p = party{id: v}
		case fix.TagPartyRole:
			p.role = v
		}
	}
	if !c.isSender(ev.Link, &p) {
		return d.strangeParty(&p)
	}
	return risk.Accepted
}

func (d *Decision) strangeParty(p *party) risk.Reason {
	d.unattributed(risk.ScopeUnsupported, fix.TagPartyID, p.id)
	return d.at(fix.TagPartyID, risk.ScopeUnsupported)
}

// isSender reports whether a party is a link's own in such a way that all orders which it may cancel and ask about are of it.
func (c *Core) isSender(l uint32, p *party) bool {
	set := &c.set.Links[l]
	switch string(p.role) {
	case "":
		return p.id == nil // there is no entry before the first
	case roleFirm:
		return string(p.id) == set.SenderCompID
	case roleClient:
		return c.isOwnClient(set, p.id)
	case roleGroup, roleEnteringFirm:
		of := risk.WholeFirm
		of.Client = set.Client
		group := c.groups.find(p.id)
		return c.isOwnClient(set, p.id) || group != NoIndex && group == c.book.Widened(of).Group
	case roleSession:
		return string(p.id) == set.Name && !set.CancelByClient
	}
	return false
}

// isOwnClient: by the configuration's name, or by the CompID of the link unless that is another client's name.
func (c *Core) isOwnClient(set *LinkSetup, id []byte) bool {
	n := c.clients.find(id)
	return n != NoIndex && n == set.Client || n == NoIndex && string(id) == set.TargetCompID
}
