package admission

import (
	"crypto/tls"

	"portcullis/gate/engine"
	"portcullis/gate/transport"
)

// Revoked is a connection whose peer's certificate is revoked by now.
type Revoked struct {
	Link uint32
	Conn uint32 // its number: the link may have another by the time that it is ended
	Name string
	Why  error
}

// secured is a connection of a link, as it was handed over.
type secured struct {
	conn  uint32
	state *tls.ConnectionState // nil: it has no TLS
}

// stateOf is what a handshake has come to, which the engine owns from the handover on.
func stateOf(secure *engine.Secure) *tls.ConnectionState {
	if secure == nil {
		return nil
	}
	state := secure.ConnectionState()
	return &state
}

// remember notes the certificate of a connection that was handed over, unless a later one of its link was noted meanwhile.
func (a *Admission) remember(link, conn uint32, state *tls.ConnectionState) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.secured[link].conn < conn {
		a.secured[link] = secured{conn, state}
	}
}

// Revoked lists the connected peers whose certificates their links' authorities have revoked by now. A peer that
// connects later is checked when it does.
func (a *Admission) Revoked() (list []Revoked) {
	a.mu.Lock()
	defer a.mu.Unlock()
	look := func(link uint32, name string, p *transport.Policy) {
		of := a.secured[link]
		if of.state == nil || p == nil || a.engine.Idle(link) {
			return
		}
		if err := p.Revoked(of.state); err != nil {
			list = append(list, Revoked{link, of.conn, name, err})
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
