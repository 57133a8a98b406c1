package admission

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"portcullis/gate/transport"
)

// doors are who may come in, and where. They are replaced as a whole, never changed, so that a Logon is
// judged by one list.
type doors struct {
	participants []Participant
	at           map[string]*door // by configured host:port
}

// door is an address that the gate listens on, for one link or several.
type door struct {
	net.Listener
	secured  bool // it has TLS
	policies []*transport.Policy
	tls      *tls.Config // by policies; nil: plain
	useProxy bool
	timeout  time.Duration // from accepting to a whole Logon: the longest of its links, for which it will be is not known
}

// close closes the listeners that keep does not name.
func (d *doors) close(keep map[string]*door) {
	for listen, door := range d.at {
		if keep[listen] == nil {
			_ = door.Close() // closed twice at worst
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
	n := &Next{admission: a, venues: venues, doors: &doors{participants, make(map[string]*door)}}
	if err := n.addAll(); err != nil {
		n.Abandon()
		return nil, err
	}
	for _, d := range n.doors.at {
		if d.policies != nil {
			d.tls = transport.Server(d.policies)
		}
		if d.timeout == 0 {
			d.timeout = logonTimeoutDefault
		}
	}
	return n, nil
}

// addAll finds or opens the doors of all links.
func (n *Next) addAll() error {
	if s := n.admission.cfg.Strangers; s != nil {
		if err := n.add("whoever is not listed", &Participant{Listen: s.Listen, TLS: s.TLS}); err != nil {
			return err
		}
	}
	for i := range n.doors.participants {
		p := &n.doors.participants[i]
		if err := n.add("link "+p.Name, p); err != nil {
			return err
		}
	}
	return nil
}

// add finds or opens the door of a link.
func (n *Next) add(whom string, p *Participant) error {
	d := n.doors.at[p.Listen]
	if d == nil {
		d = &door{useProxy: p.UseProxy, secured: p.TLS != nil}
		if open := n.admission.doors.Load().at[p.Listen]; open != nil {
			d.Listener = open.Listener
		} else if err := d.open(p.Listen); err != nil {
			return fmt.Errorf("admission: %s: %w", whom, err)
		} else {
			n.opened = append(n.opened, p.Listen)
		}
		n.doors.at[p.Listen] = d
	}
	if p.UseProxy != d.useProxy || (p.TLS != nil) != d.secured {
		return fmt.Errorf("admission: %s: others on %s differ from it in TLS or UseTCPProxy", whom, p.Listen)
	}
	d.timeout = max(d.timeout, p.LogonTimeout)
	if p.TLS != nil {
		d.policies = append(d.policies, p.TLS)
	}
	return nil
}

func (d *door) open(listen string) (err error) {
	d.Listener, err = net.Listen("tcp", listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		err = fmt.Errorf("%w; another process listens there: stop it, or change SocketAcceptPort", err)
	}
	return err
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
		l := n.doors.at[address].Listener
		a.running.Go(func() { a.accept(address, l) })
	}
	before.close(n.doors.at)
}

// Abandon closes what Prepare opened.
func (n *Next) Abandon() {
	for _, address := range n.opened {
		_ = n.doors.at[address].Close() // nobody was served there
	}
}
