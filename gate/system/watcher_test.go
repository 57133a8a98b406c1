package system

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/demo/peer"
	"portcullis/gate/journal"
	"portcullis/risk"
)

// watcherHeartBtSec is how long quickfixgo waits for the answer to its Logon as well.
const watcherHeartBtSec = 10

// surveillanceLinks are three sessions: of one client, of everything but order copies, and of one account whose client
// begins its numbers anew with each Logon.
const surveillanceLinks = `
drop_copy:
  sessions: dropcopy.cfg
  links:
    - {link: FIX.4.4:GATE->SURV-ACME, clients: [ACME], source_addresses: [127.0.0.1], username: surv, password_hash: "@HASH@"}
    - {link: FIX.4.4:GATE->SURV-ALL, clients: all, orders: false, source_addresses: [127.0.0.1], password: none}
    - {link: FIX.4.4:GATE->SURV-ANEW, accounts: [GLOBEX-1], source_addresses: [127.0.0.1], password: none}
    - {link: FIX.4.4:GATE->SURV-FAR, clients: all, source_addresses: [192.0.2.1], password: none}
`

const surveillanceSessions = `[DEFAULT]
ConnectionType=acceptor
SocketAcceptHost=127.0.0.1
SocketAcceptPort=@DROP@
BeginString=FIX.4.4
SenderCompID=GATE
[SESSION]
TargetCompID=SURV-ACME
[SESSION]
TargetCompID=SURV-ALL
[SESSION]
TargetCompID=SURV-ANEW
[SESSION]
TargetCompID=SURV-FAR
`

// survHash is that of globex-secret in the fewest rounds: the process gives way to everything else on the machine, and a
// costly check under the race detector may then take longer than a client waits for the answer to its Logon.
const survHash = "pbkdf2-sha256$1000$QHUMvwHAqbKUcjGU3XpkkA$M7KV+EuV5dlRp6w7Jcf+UR5uwZn3e0hOqlbV1VEH7uY"

// dropSite is a site with a drop copy beside its gate.
type dropSite struct {
	*site
	port int
	drop *exec.Cmd
}

func withDropCopy(s *site) *dropSite {
	d := &dropSite{site: s, port: freePort(s.t)}
	s.write("gate.yaml", deskYAML+strings.ReplaceAll(surveillanceLinks, "@HASH@", survHash))
	s.write("dropcopy.cfg", strings.ReplaceAll(surveillanceSessions, "@DROP@", fmt.Sprint(d.port)))
	s.t.Cleanup(d.killDrop)
	return d
}

// startDrop starts the process; its log joins the gate's, which must not speak of a panic.
func (d *dropSite) startDrop() {
	d.t.Helper()
	log, err := os.OpenFile(filepath.Join(d.dir, "gate.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		d.t.Fatal(err)
	}
	defer log.Close()
	d.drop = exec.Command(d.program, "dropcopy", "--every", "100ms", "-c", filepath.Join(d.dir, "gate.yaml"))
	d.drop.Stdout, d.drop.Stderr = log, log
	if err := d.drop.Start(); err != nil {
		d.t.Fatal(err)
	}
}

func (d *dropSite) killDrop() {
	if d.drop == nil {
		return
	}
	if err := d.drop.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		d.t.Error(err)
	}
	var exit *exec.ExitError
	if err := d.drop.Wait(); !errors.As(err, &exit) || !exit.Sys().(syscall.WaitStatus).Signaled() {
		d.t.Errorf("the drop copy had ended by itself: %v\n%s", err, lastLines(d.log(), 10))
	}
	d.drop = nil
}

// watcher is a client of surveillance over all its connections.
type watcher struct {
	d      *dropSite
	config peer.ParticipantConfig
	peer   *peer.Participant
	got    []peer.Message
	log    []peer.Entry
}

func (d *dropSite) watch(name string, reset bool) *watcher {
	w := &watcher{d: d, config: peer.ParticipantConfig{BeginString: "FIX.4.4", SenderCompID: name, TargetCompID: "GATE",
		Address: fmt.Sprintf("127.0.0.1:%d", d.port), HeartBtSec: watcherHeartBtSec, Store: new(peer.Store), Reset: reset}}
	if name == "SURV-ACME" {
		w.config.Username, w.config.Password = "surv", "globex-secret"
	}
	w.connect()
	d.t.Cleanup(func() {
		if w.leave(); d.t.Failed() {
			d.keepLog(name, w.log)
		}
	})
	return w
}

func (w *watcher) connect() {
	p, err := peer.Dial(w.config)
	if err != nil {
		w.d.t.Fatal(err)
	}
	w.peer = p
}

// leave ends the connection and keeps what came over it.
func (w *watcher) leave() {
	w.peer.Stop()
	w.take()
	w.log = append(w.log, w.peer.Log()...)
}

// take reads what has come by now, in the order in which quickfixgo gave it; false: nothing.
func (w *watcher) take() (any bool) {
	for ; w.peer.Unread() > 0; any = true {
		m, err := w.peer.Next()
		if err != nil {
			w.d.t.Fatal(err)
		}
		w.got = append(w.got, m)
	}
	return any
}

// keyOf names a copy: an ExecutionReport by its ExecID, others by their ids.
func keyOf(m peer.Message) string {
	if m.Type() == "8" {
		return m.Get(115) + " 8 " + m.Get(17)
	}
	return m.Get(115) + " " + m.Type() + " " + m.Get(11)
}

// first are the copies without repeats, which must say that they are repeats and equal what they repeat.
func (w *watcher) first() []string {
	w.d.t.Helper()
	var keys []string
	bodies := map[string]string{}
	for _, m := range w.got {
		key, body := keyOf(m), bodyText(m)
		before, seen := bodies[key]
		switch {
		case !seen:
			bodies[key] = body
			keys = append(keys, key)
		case m.Get(43) != "Y" && m.Get(97) != "Y":
			w.d.t.Errorf("%s: %s came again without a mark: %v", w.config.SenderCompID, key, m)
		case before != body:
			w.d.t.Errorf("%s: %s came again with another body\n%s\n%s", w.config.SenderCompID, key, before, body)
		}
	}
	return keys
}

func bodyText(m peer.Message) string {
	var b strings.Builder
	for _, f := range m {
		if !core.IsHeader(uint32(f.Tag)) {
			fmt.Fprintf(&b, "%d=%s|", f.Tag, f.Value)
		}
	}
	return b.String()
}

// recorded is what the journal says that a session gets.
func (d *dropSite) recorded(client string, orders bool) []string {
	d.t.Helper()
	cfg := d.config()
	n, err := config.OpenNumbers(filepath.Join(d.dir, "journal"))
	if err != nil {
		d.t.Fatal(err)
	}
	defer n.Close()
	names := map[uint32]string{}
	for i := range cfg.Links {
		if name := cfg.Clients[cfg.Links[i].Client].Name; client == "" || name == client {
			number, _ := n.Of(config.LinkNumber, cfg.Links[i].Session.Name)
			names[number] = name
		}
	}
	follower, err := journal.Follow(filepath.Join(d.dir, "journal"), 0)
	if err != nil {
		d.t.Fatal(err)
	}
	defer follower.Close()
	var keys []string
	var m fix.Message
	add := func(raw []byte, l uint32) {
		m.Index(raw)
		name, ours := names[l]
		switch t := string(m.Type()); {
		case !ours:
		case t == "8":
			keys = append(keys, name+" 8 "+string(m.Value(fix.TagExecID)))
		case strings.Contains("DFG9", t):
			keys = append(keys, name+" "+t+" "+string(m.Value(fix.TagClOrdID)))
		}
	}
	err = assemble.Walk(follower, func(r *assemble.Record) error {
		if r.Event.Kind == core.Message && r.Decision.Reason != risk.Unjudged && orders {
			add(r.Event.Data, r.Event.Link)
		}
		for i := range r.Decision.Out.Count {
			if out := &r.Decision.Out.Outs[i]; out.Kind == link.ReportMessage && r.Event.Kind != core.Stored {
				add(r.Decision.Out.Bytes(i), out.Link)
			}
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return keys
}

// dialDrop connects to the drop copy.
func (d *dropSite) dialDrop(name string) *raw {
	d.t.Helper()
	var conn net.Conn
	d.until("the drop copy takes a connection", func() (ok bool) {
		var err error
		conn, err = net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", d.port))
		return err == nil
	})
	return newRaw(d.t, conn, name, "GATE", nil)
}
