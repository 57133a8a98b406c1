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

// acceptors say who may connect, and where. They are replaced as a whole and never changed, so that each Logon is
// judged by one list.
type acceptors struct {
	participants []Participant
	at           map[string]*acceptor // by configured host:port
}

// acceptor is an address that the gate listens on, for one link or several. All of them have TLS or none, and all
// come through proxies or none: what is read first does not say which link it is for.
type acceptor struct {
	net.Listener
	secured  bool // it has TLS
	policies []*transport.Policy
	tls      *tls.Config // by policies; nil: plain
	useProxy bool
	timeout  time.Duration // from accept to a whole Logon: the longest of its links, for nobody knows yet which it will be
}

// close closes the listeners that keep does not name.
func (a *acceptors) close(keep map[string]*acceptor) {
	for listen, at := range a.at {
		if keep[listen] == nil {
			_ = at.Close() // closed twice at worst
		}
	}
}

// Next is a list of participants and venues that is about to replace the present one: it listens on its addresses
// already, and serves nobody there yet. Commit or Abandon ends it.
type Next struct {
	admission *Admission
	acceptors *acceptors
	venues    []Venue
	opened    []string // addresses that nobody listened on before
}

// Prepare opens what a list needs beside what is open already. One list is prepared at a time; its venues are, by
// their links, those that Start was given.
func (a *Admission) Prepare(participants []Participant, venues []Venue) (*Next, error) {
	n := &Next{admission: a, venues: venues, acceptors: &acceptors{participants, make(map[string]*acceptor)}}
	if err := n.addAll(); err != nil {
		n.Abandon()
		return nil, err
	}
	for _, at := range n.acceptors.at {
		if at.policies != nil {
			at.tls = transport.Server(at.policies)
		}
		if at.timeout == 0 {
			at.timeout = logonTimeoutDefault
		}
	}
	return n, nil
}

// addAll finds or opens the acceptors of all links.
func (n *Next) addAll() error {
	if s := n.admission.cfg.Strangers; s != nil {
		if err := n.add("whoever is not listed", &Participant{Listen: s.Listen, TLS: s.TLS}); err != nil {
			return err
		}
	}
	for i := range n.acceptors.participants {
		p := &n.acceptors.participants[i]
		if err := n.add("link "+p.Name, p); err != nil {
			return err
		}
	}
	return nil
}

// add finds or opens the acceptor of a link.
func (n *Next) add(whom string, p *Participant) error {
	at := n.acceptors.at[p.Listen]
	if at == nil {
		at = &acceptor{useProxy: p.UseProxy, secured: p.TLS != nil}
		if open := n.admission.acceptors.Load().at[p.Listen]; open != nil {
			at.Listener = open.Listener
		} else if err := at.open(p.Listen); err != nil {
			return fmt.Errorf("admission: %s: %w", whom, err)
		} else {
			n.opened = append(n.opened, p.Listen)
		}
		n.acceptors.at[p.Listen] = at
	}
	if p.UseProxy != at.useProxy || (p.TLS != nil) != at.secured {
		return fmt.Errorf("admission: %s: others on %s differ from it in TLS or UseTCPProxy", whom, p.Listen)
	}
	at.timeout = max(at.timeout, p.LogonTimeout)
	if p.TLS != nil {
		at.policies = append(at.policies, p.TLS)
	}
	return nil
}

// A gate that was killed gives back its files one by one: the lock of its journal may be free for the next one before its
// addresses are, which wait for a disk that is slow.
const (
	addressWithin = 2 * time.Second
	addressEvery  = 20 * time.Millisecond
)

func (at *acceptor) open(listen string) (err error) {
	for end := time.Now().Add(addressWithin); ; time.Sleep(addressEvery) {
		at.Listener, err = net.Listen("tcp", listen)
		if !errors.Is(err, syscall.EADDRINUSE) || time.Now().After(end) {
			break
		}
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		err = fmt.Errorf("%w; another process listens there: stop it, or change SocketAcceptPort", err)
	}
	return err
}

// Commit puts the list in force: the next Logon is judged by it, and the next dial of a venue goes by it; one that is new
// is dialled from now on. Connections that exist stay as they are.
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
		d, dials := a.dialers[v.Link]
		if !dials {
			d = &dialer{}
			a.dialers[v.Link] = d
		}
		if d.venue.Store(v); !dials {
			a.running.Go(func() { a.dial(d) })
		}
	}
	before := a.acceptors.Swap(n.acceptors)
	for _, address := range n.opened {
		l := n.acceptors.at[address].Listener
		a.running.Go(func() { a.accept(address, l) })
	}
	before.close(n.acceptors.at)
}

// Abandon closes what Prepare opened.
func (n *Next) Abandon() {
	for _, address := range n.opened {
		_ = n.acceptors.at[address].Close() // nobody was served there
	}
}
