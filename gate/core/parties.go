package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// AuthorSetup is a trader or an algorithm that orders can name.
type AuthorSetup struct {
	Name   string // PartyID(448)
	Client uint32 // whose links alone may name it; NoIndex: every link may
}

// Origination says whether the orders of a link are of direct electronic access.
type Origination uint8

const (
	AnyOrigination Origination = iota // its orders may say so or not
	DirectAccess                      // OrderOrigination(1724), where present, is 5
	NoDirectAccess                    // OrderOrigination(1724) is not 5
)

// What of NoPartyIDs(453) the gate reads. None of these tags is part of another group.
const (
	roleClient    = "3"   // PartyRole(452): ClientID
	roleExecutes  = "12"  // ExecutingTrader
	roleDecides   = "122" // InvestmentDecisionMaker
	isAlgorithm   = "22"  // PartyRoleQualifier(2376)
	isPerson      = "24"
	isDirectOrder = "5" // OrderOrigination(1724)
)

// party is an entry of NoPartyIDs(453) as far as it has been read.
type party struct{ id, role, qualifier []byte }

// authors are those that a message names: who executes goes before who decides.
type authors struct{ executes, decides risk.Author }

// readParties finds out whom a message names as the authors of its order. What it names and the gate
// does not know is refused later, in its place; ambiguity is a fault of form.
func (c *Core) readParties(d *Decision, set *LinkSetup, by *risk.Author) risk.Reason {
	if len(c.set.Traders)+len(c.set.Algos) > 0 {
		var named authors
		var p party
		if reason := d.partyForm(); reason != risk.Accepted {
			return reason
		}
		m := &d.msg
		for i := range m.Len() {
			switch m.Field(i).Tag {
			case fix.TagPartyID:
				if !c.readParty(d, set, &p, &named) {
					return d.at(fix.TagPartyID, risk.FieldMalformed)
				}
				p = party{id: m.FieldValue(i)}
			case fix.TagPartyRole:
				p.role = m.FieldValue(i)
			case fix.TagPartyRoleQualifier:
				p.qualifier = m.FieldValue(i)
			}
		}
		if !c.readParty(d, set, &p, &named) {
			return d.at(fix.TagPartyID, risk.FieldMalformed)
		}
		*by = risk.Author{Trader: first(named.executes.Trader, named.decides.Trader), Algo: first(named.executes.Algo, named.decides.Algo)}
	}
	if set.Origination != AnyOrigination {
		v := d.msg.Search(fix.TagOrderOrigination)
		if len(v) > 0 && (string(v) == isDirectOrder) != (set.Origination == DirectAccess) {
			d.unattributed(risk.PartyMismatch, fix.TagOrderOrigination, v)
		}
	}
	return risk.Accepted
}

// partyForm holds NoPartyIDs(453) to its form: a count, and so many entries behind it, each begun by its PartyID(448) and
// with one role and one qualifier at most. Otherwise nobody is named.
func (d *Decision) partyForm() risk.Reason {
	m := &d.msg
	counted, want, entries := false, uint64(0), uint64(0)
	role, qualifier := true, true // the entry has its own, or there is none yet
	for i := range m.Len() {
		tag, bad := m.Field(i).Tag, false
		switch tag {
		case fix.TagNoPartyIDs:
			n, ok := fix.ParseUint(m.FieldValue(i))
			bad = !ok || counted
			counted, want = true, n
		case fix.TagPartyID:
			entries++
			role, qualifier = false, false
		case fix.TagPartyRole:
			bad, role = role, true
		case fix.TagPartyRoleQualifier:
			bad, qualifier = qualifier, true
		default:
			continue
		}
		switch {
		case !counted:
			return d.at(fix.TagNoPartyIDs, risk.FieldMissing)
		case bad:
			return d.at(tag, risk.FieldMalformed)
		}
	}
	if entries != want {
		return d.at(fix.TagNoPartyIDs, risk.FieldMalformed)
	}
	return risk.Accepted
}

// readParty takes one entry of the group; false = two entries of one role name different authors.
func (c *Core) readParty(d *Decision, set *LinkSetup, p *party, named *authors) bool {
	to := &named.executes
	switch string(p.role) {
	case roleClient:
		if n := c.clients.find(p.id); n != NoIndex && n != set.Client {
			d.unattributed(risk.PartyMismatch, fix.TagPartyID, p.id)
		}
		return true
	case roleDecides:
		to = &named.decides
	case roleExecutes:
	default:
		return true
	}
	switch string(p.qualifier) {
	case isAlgorithm:
		return d.name(&to.Algo, c.author(c.set.Algos, &c.algos, set, p.id), risk.AlgoUnknown, p.id)
	case isPerson, "":
		if len(c.set.Traders) > 0 {
			return d.name(&to.Trader, c.author(c.set.Traders, &c.traders, set, p.id), risk.TraderUnknown, p.id)
		}
	}
	return true
}

// author is the number plus one of a trader or algorithm that a link may name; 0 = there is no such.
func (c *Core) author(all []AuthorSetup, byName *names, set *LinkSetup, id []byte) uint16 {
	n := byName.find(id)
	if n == NoIndex || all[n].Client != NoIndex && all[n].Client != set.Client {
		return 0
	}
	return uint16(n + 1)
}

// name notes an author; false = another one has this place already.
func (d *Decision) name(to *uint16, author uint16, unknown risk.Reason, id []byte) bool {
	if author == 0 {
		d.unattributed(unknown, fix.TagPartyID, id)
		return true
	}
	same := *to == 0 || *to == author
	*to = author
	return same
}

// attribution is the first reason for which an order cannot be attributed, and the value it is about.
type attribution struct {
	reason risk.Reason // Unjudged: there is none
	tag    uint32
	value  []byte
}

func (d *Decision) unattributed(reason risk.Reason, tag uint32, value []byte) {
	if d.attribution.reason == risk.Unjudged {
		d.attribution = attribution{reason, tag, value}
	}
}

// complete completes the author of a new order by its link's configuration.
func (c *Core) complete(o *risk.Order) {
	by := &c.set.Links[o.Link].Author
	o.Trader, o.Algo = first(o.Trader, by.Trader), first(o.Algo, by.Algo)
}

// attribute refuses a new order that is attributed to what is not known, or not to all that its link
// demands.
func (c *Core) attribute(d *Decision, o *risk.Order) risk.Reason {
	set := &c.set.Links[o.Link]
	switch {
	case d.attribution.reason != risk.Unjudged:
		return d.at(d.attribution.tag, d.attribution.reason)
	case set.NeedsTrader && o.Trader == 0, set.NeedsAlgo && o.Algo == 0:
		return risk.AttributionMissing
	}
	return risk.Accepted
}

// sameAuthor: a replace may name nobody, but nobody else than the order's own either.
func sameAuthor(by, own risk.Author) bool {
	return first(by.Trader, own.Trader) == own.Trader && first(by.Algo, own.Algo) == own.Algo
}

func first(a, b uint16) uint16 {
	if a != 0 {
		return a
	}
	return b
}
