package core

import "portcullis/risk"

const (
	CmdOffer   CommandKind = 52 // a configuration is offered that would loosen a check; Flag: not any more
	CmdApprove CommandKind = 53 // another person approves it

	NotOffered ReplyCode = 52 // no configuration of that hash waits for approval
	OwnOffer   ReplyCode = 53 // the giver offered it: it takes another

	// Offered: a configuration waits for approval, its hash in Off, Len; the users in Seq, Value and Qty stand behind it, with
	// those who stood behind the one before where Status is OffersOn, and by OffersFor none but those. Len 0: none does any more.
	Offered EffectKind = 92
	// Approved: the one that waited may come into force.
	Approved EffectKind = 93
)

// The Qty of a CmdOffer says whose it is.
const (
	OffersAnew = 0 // the giver's
	OffersOn   = 1 // it has in it what waited before: whoever stood behind that stands behind it too
	OffersFor  = 2 // the gate's own, for something is over that was set for a time: of those alone who stood behind what waited
)

// Offer is the configuration that waits for approval, and who stands behind it.
type Offer struct {
	hash [configHashDigits]byte // in hexadecimal digits
	by   [offerersMax]uint32    // users: who gave it, and others who may have written it
	len  uint8                  // of by
	set  bool
	full bool // more stand behind it than there is room for: nobody can approve it
}

const (
	configHashDigits = 64
	offerersMax      = 9
)

// decideOffer notes a configuration that would loosen a check (behaviour 12): what of it does not is in force, the rest
// waits. Whoever offers the same again stands behind it too.
func (c *Core) decideOffer(ev *Event, d *Decision, m *Command) ReplyCode {
	name := CommandName(ev.Data)
	if m.Flag != (len(name) == 0) || !m.Flag && len(name) != configHashDigits || m.Qty < OffersAnew || m.Qty > OffersFor {
		return Malformed
	}
	e := d.effect(Offered)
	e.Off, e.Len = uint32(len(ev.Data)-len(name)), uint32(len(name))
	e.Seq, e.Value, e.Qty, e.Status = uint64(m.UID), uint64(m.Index), risk.Qty(m.Target), byte(m.Qty)
	if !m.Flag && !(c.reg.offer.set && string(c.reg.offer.hash[:]) == string(name)) {
		d.alert(ChangeWaits)
	}
	return Done
}

// decideApprove takes the word of a second person for the configuration that waits, by its whole hash. What comes of it
// is a reload, or the next start.
func (c *Core) decideApprove(ev *Event, d *Decision, m *Command) ReplyCode {
	name, o := CommandName(ev.Data), &c.reg.offer
	if !o.set || string(o.hash[:]) != string(name) {
		return NotOffered
	}
	if o.behind(m.UID) {
		return OwnOffer
	}
	e := d.effect(Approved)
	e.Off, e.Len = uint32(len(ev.Data)-len(name)), uint32(len(name))
	e.Seq = uint64(m.UID)
	return Done
}

// Approved reports whether a decision approves the configuration that its command names.
func (d *Decision) Approved() bool { return d.has(Approved) }

// behind reports whether a user stands behind what is offered.
func (o *Offer) behind(user uint32) bool {
	for _, by := range o.by[:o.len] {
		if by == user {
			return true
		}
	}
	return o.full
}

// Behind are the users who stand behind what is offered, none of whom approves it; all: so many do that nobody can.
func (o *Offer) Behind() (users []uint32, all bool) { return o.by[:o.len], o.full }

func (c *Core) applyOffer(ev *Event, e *Effect) {
	if e.Kind == Approved || e.Len != configHashDigits {
		c.reg.offer = Offer{}
		return
	}
	c.reg.offer.take(ev.Data[e.Off:e.Off+e.Len], int64(e.Status), [...]uint32{uint32(e.Seq), uint32(e.Value), uint32(e.Qty)})
}

// take is an offer of a configuration by its hash, given so by users.
func (o *Offer) take(hash []byte, how int64, users [3]uint32) {
	on := o.set && how == OffersFor
	if !o.set || string(o.hash[:]) != string(hash) {
		if how == OffersAnew {
			*o = Offer{}
		}
		o.set = true
		copy(o.hash[:], hash)
	}
	if on {
		return
	}
	for _, user := range users {
		switch {
		case o.behind(user):
		case o.len == offerersMax:
			o.full = true
		default:
			o.by[o.len] = user
			o.len++
		}
	}
}

// Take is what comes of a CmdOffer that was carried out.
func (o *Offer) Take(m *Command) {
	if m.Flag {
		*o = Offer{}
		return
	}
	o.take([]byte(m.Name), int64(m.Qty), [...]uint32{m.UID, m.Index, uint32(m.Target)})
}

// Offered is what waits for approval.
func (c *Core) Offered() Offer { return c.reg.offer }

// Offer is the hash of the configuration that waits for approval, in hexadecimal digits; "": none does.
func (c *Core) Offer() string {
	if !c.reg.offer.set {
		return ""
	}
	return string(c.reg.offer.hash[:])
}

// unapproved refuses D and G while nothing has been approved, or nothing of their account.
func (c *Core) unapproved(account uint32) risk.Reason {
	switch {
	case !c.set.Waits:
	case c.set.Unapproved, account < uint32(len(c.set.Accounts)) && c.set.Accounts[account].Unapproved:
		return risk.Unapproved
	}
	return risk.Accepted
}
