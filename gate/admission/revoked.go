package admission

import (
	"portcullis/gate/engine"
	"portcullis/gate/transport"
)

// Revoked is a link whose peer is connected with a certificate that is revoked by now.
type Revoked struct {
	Link uint32
	Name string
	Why  error
}

// remember notes the certificate of a connection that is about to be handed over, none where secure is nil. Its link is
// claimed, so the link has no other connection.
func (a *Admission) remember(link uint32, secure *engine.Secure) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.secured, link)
	if secure != nil {
		state := secure.ConnectionState()
		a.secured[link] = &state
	}
}

// Revoked lists the connected peers whose certificates their links' authorities have revoked by now. A peer that
// connects later is checked when it does.
func (a *Admission) Revoked() (list []Revoked) {
	a.mu.Lock()
	defer a.mu.Unlock()
	look := func(link uint32, name string, p *transport.Policy) {
		state := a.secured[link]
		if state == nil || p == nil || a.engine.Idle(link) {
			return
		}
		if err := p.Revoked(state); err != nil {
			list = append(list, Revoked{link, name, err})
		}
	}
	participants := a.acceptors.Load().participants
	for i := range participants {
		look(participants[i].Link, participants[i].Name, participants[i].TLS)
	}
	for link, d := range a.dialers {
		v := d.venue.Load()
		look(link, v.Name, v.TLS)
	}
	return list
}
