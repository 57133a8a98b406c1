package core

import "portcullis/risk"

const (
	CmdOffer   CommandKind = 52 // a configuration is offered that would loosen a check; Flag: not any more
	CmdApprove CommandKind = 53 // another person approves it

	NotOffered ReplyCode = 52 // no configuration of that hash waits for approval
	OwnOffer   ReplyCode = 53 // the giver offered it: it takes another

	// Offered: a configuration waits for approval, its hash in Off, Len; the users in Seq, Value and Qty stand behind it, and with
	// Status 1 those who stood behind the one before. Len 0: none does any more.
	Offered EffectKind = 92
	// Approved: the one that waited may come into force.
	Approved EffectKind = 93
)

// OffersOn is the Qty of a CmdOffer that has in it what waited before: whoever stood behind that stands behind it too.
const OffersOn = 1

// offered is the configuration that waits for approval, and who stands behind it.
type offered struct {
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
	if m.Flag != (len(name) == 0) || !m.Flag && len(name) != configHashDigits {
		return Malformed
	}
	e := d.effect(Offered)
	e.Off, e.Len = uint32(len(ev.Data)-len(name)), uint32(len(name))
	e.Seq, e.Value, e.Qty, e.Status = uint64(m.UID), uint64(m.Index), risk.Qty(m.Target), byte(m.Qty&OffersOn)
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
func (o *offered) behind(user uint32) bool {
	for _, by := range o.by[:o.len] {
		if by == user {
			return true
		}
	}
	return o.full
}

func (c *Core) applyOffer(ev *Event, e *Effect) {
	o := &c.reg.offer
	if e.Kind == Approved || e.Len != configHashDigits {
		*o = offered{}
		return
	}
	hash := ev.Data[e.Off : e.Off+e.Len]
	if !o.set || string(o.hash[:]) != string(hash) {
		if e.Status != OffersOn {
			*o = offered{}
		}
		o.set = true
		copy(o.hash[:], hash)
	}
	for _, user := range [...]uint32{uint32(e.Seq), uint32(e.Value), uint32(e.Qty)} {
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
