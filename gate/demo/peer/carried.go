package peer

import "time"

// A peer whose messages another engine carries than quickfixgo. It trades as any other; whoever runs that engine gives
// it what comes, and sends what it says. Such a peer has no connection of its own: it is neither dialled nor stopped.

// Carried is that engine's end of a peer.
type Carried struct{ session *session }

// Arrived gives the peer a message, a Reject included.
func (c Carried) Arrived(m Message) {
	c.session.change(func() { c.session.log = append(c.session.log, Entry{At: time.Now(), Message: m}) })
	if m.Type() == "3" {
		c.session.received(m)
		return
	}
	c.session.arrive(m)
}

// LoggedOn tells the peer that its session is logged on, or is no more.
func (c Carried) LoggedOn(up bool) {
	if up {
		c.session.OnLogon(c.session.id)
	} else {
		c.session.OnLogout(c.session.id)
	}
}

// CarryVenue makes a venue; send sends a message of the version's words, header and trailer excepted.
func CarryVenue(c VenueConfig, send func(Message) error) (*Venue, Carried) {
	v := newVenue(c)
	v.carrier = send
	return v, Carried{v.session}
}

// CarryParticipant makes a participant likewise.
func CarryParticipant(c ParticipantConfig, send func(Message) error) (*Participant, Carried) {
	p := newParticipant(c)
	p.carrier = send
	return p, Carried{p.session}
}
