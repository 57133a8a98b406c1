package admission

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// doors are who may come in, and where. They are replaced as a whole, never changed, so that a Logon is
// judged by one list.
type doors struct {
	participants []Participant
	listeners    map[string]net.Listener // by configured host:port
}

// close closes the listeners that keep does not name.
func (d *doors) close(keep map[string]net.Listener) {
	for listen, l := range d.listeners {
		if keep[listen] == nil {
			_ = l.Close() // closed twice at worst
		}
	}
}

// Next is a list of participants and venues that is to replace the present one: what it listens on is open, and
// nobody is served there yet. Either Commit or Abandon ends it.
type Next struct {
	admission *Admission
	doors     *doors
	venues    []Venue
	opened    []string // addresses that nobody listened on before
}

// Prepare opens what a list needs beside what is open already. One list is prepared at a time; its venues are, by
// their links, those that Start was given.
func (a *Admission) Prepare(participants []Participant, venues []Venue) (*Next, error) {
	n := &Next{admission: a, venues: venues, doors: &doors{participants, make(map[string]net.Listener)}}
	if s := a.cfg.Strangers; s != nil {
		if err := n.open("whoever is not listed", s.Listen); err != nil {
			return nil, err
		}
	}
	for i := range participants {
		if err := n.open("link "+participants[i].Name, participants[i].Listen); err != nil {
			n.Abandon()
			return nil, err
		}
	}
	return n, nil
}

// open sees to it that somebody listens on an address.
func (n *Next) open(whom, address string) error {
	if n.doors.listeners[address] != nil {
		return nil
	}
	l := n.admission.doors.Load().listeners[address]
	if l == nil {
		var err error
		l, err = net.Listen("tcp", address)
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("admission: %s: %w; another process listens there: stop it, or change SocketAcceptPort", whom, err)
		}
		if err != nil {
			return fmt.Errorf("admission: %s: %w", whom, err)
		}
		n.opened = append(n.opened, address)
	}
	n.doors.listeners[address] = l
	return nil
}

// Commit puts the list in force: the next Logon, and the next call of a venue, are by it. Connections that
// there are stay as they are.
func (n *Next) Commit() {
	a := n.admission
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ctx.Err() != nil { // Stop has closed what was open
		n.Abandon()
		return
	}
	for i := range n.venues {
		v := &n.venues[i]
		if a.dialers[v.Link] == nil {
			a.dialers[v.Link] = &dialer{}
		}
		a.dialers[v.Link].venue.Store(v)
	}
	before := a.doors.Swap(n.doors)
	for _, address := range n.opened {
		l := n.doors.listeners[address]
		a.running.Go(func() { a.accept(address, l) })
	}
	before.close(n.doors.listeners)
}

// Abandon closes what Prepare opened.
func (n *Next) Abandon() {
	for _, address := range n.opened {
		_ = n.doors.listeners[address].Close() // nobody was served there
	}
}
