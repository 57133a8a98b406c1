package sim

import (
	"strings"

	"portcullis/fix"
	"portcullis/fix/link"
)

// peer is the other side of a link: its FIX session, the messages it has sent, and the bytes in between. What its
// owner does with messages is app.
type peer struct {
	w     *World
	name  string
	link  uint32
	venue bool
	set   link.Settings
	st    link.State
	ob    link.Outbox
	m     fix.Message
	c     *conn
	input []byte
	store map[uint64]stored // application messages by number
	early map[uint64][]byte
	lose  map[uint64]bool // numbers that do not leave, the first time

	app    func(m *fix.Message)
	began  func() // numbers have begun anew
	ended  func() // the connection is lost; nil: nobody minds
	deaf   int64  // reads nothing before this time
	nextNs int64  // connects no earlier
	asking bool   // a reset of the numbers is to be asked for at the next logon
}

// field is a tag and its value.
type field struct {
	tag   int
	value string
}

// stored is a message as it is sent again.
type stored struct {
	msgType string
	fields  []field
	utcNs   int64
}

func (p *peer) now() link.Now {
	return link.Now{UTCNs: p.w.clock.utcNs(), MonoNs: p.w.clock.nowNs + 1e9}
}

// up reports whether application messages can be sent.
func (p *peer) up() bool { return p.c != nil && p.st.Phase == link.Up }

// send sends an application message, or stores it until the gate asks for it.
func (p *peer) send(msgType string, fields ...field) (seq uint64) {
	seq = p.st.NextOut
	p.store[seq] = stored{msgType, fields, p.now().UTCNs}
	w := p.ob.Begin(&p.set, msgType, seq, p.st.NextIn-1, p.now().UTCNs)
	body(w, fields)
	p.ob.End(p.link, link.ReportMessage, seq, 0)
	p.st.Sent(p.now())
	if !p.st.Phase.LoggedOn() || p.lose[seq] {
		p.ob.Reset()
	}
	delete(p.lose, seq)
	p.flush()
	return seq
}

func body(w *fix.Writer, fields []field) {
	for _, f := range fields {
		w.String(f.tag, f.value)
	}
}

// flush writes what the session layer has to say.
func (p *peer) flush() {
	for i := range p.ob.Count {
		p.w.log("%s > %s", p.name, printable(p.ob.Bytes(i)))
		if p.c != nil && !p.c.ended {
			p.c.flight = append(p.c.flight, p.ob.Bytes(i)...)
		}
	}
	p.ob.Reset()
}

func printable(b []byte) string { return strings.ReplaceAll(string(b), "\x01", "|") }

// done takes over what a step of the session came to.
func (p *peer) done(r *link.Result) {
	p.st = r.Next
	if r.Reset {
		p.anew()
	}
	p.flush()
	if r.Early != 0 {
		p.early[r.Early] = append([]byte(nil), p.m.Raw...)
	}
	if r.ResendFrom != 0 {
		p.resend(r.ResendFrom, r.ResendTo)
	}
	if r.Close {
		p.hangUp(1 << 30)
	}
}

// anew: the numbers have begun anew; what was sent under the old ones cannot be asked for.
func (p *peer) anew() {
	clear(p.store)
	clear(p.early)
	clear(p.lose)
	p.w.afterwards(p.began)
}

// resend answers a ResendRequest.
func (p *peer) resend(from, to uint64) {
	fill := from
	for seq := from; seq <= to; seq++ {
		s, ok := p.store[seq]
		if !ok {
			continue
		}
		link.GapFill(&p.ob, &p.set, 0, fill, seq, p.st.NextIn-1, p.now())
		var stamp fix.Stamper
		w := p.ob.BeginAgain(&p.set, s.msgType, seq, p.st.NextIn-1, p.now().UTCNs,
			link.Again{PossDup: true, Orig: stamp.Append(nil, s.utcNs, fix.Micros)})
		body(w, s.fields)
		p.ob.End(p.link, link.ReportMessage, seq, 0)
		p.flush()
		fill = seq + 1
	}
	link.GapFill(&p.ob, &p.set, 0, fill, to+1, p.st.NextIn-1, p.now())
	p.flush()
}

// connect begins a connection. The caller hands it over.
func (p *peer) connect(c *conn) {
	p.c, p.input = c, nil
	clear(p.early)
	var r link.Result
	p.set.ResetOnLogon = p.asking
	p.asking = false
	link.Connected(&p.set, &p.st, p.link, p.now(), &p.ob, &r)
	p.done(&r)
}

// hangUp ends the connection from the peer's side; up to so many bytes under way arrive still.
func (p *peer) hangUp(arrives int) {
	if p.c == nil {
		return
	}
	p.c.hangUp(arrives)
	p.lost()
}

// lost: there is no connection any more.
func (p *peer) lost() {
	p.c, p.input = nil, nil
	p.asking = p.asking || p.st.Resetting == link.ResetAsked && !p.venue // nobody has said that the numbers begin anew
	var r link.Result
	link.Disconnected(&p.set, &p.st, p.now(), &r)
	p.done(&r)
	if p.ended != nil {
		p.ended()
	}
}

// pump reads up to size bytes and acts on the messages in them, and on timers.
func (p *peer) pump(size int) {
	if p.c == nil {
		return
	}
	if p.w.clock.nowNs >= p.deaf {
		p.input = append(p.input, p.c.take(size)...)
	}
	for p.c != nil {
		n, framing := fix.Frame(p.input, 1<<16)
		if framing == fix.Partial {
			break
		}
		raw := p.input[:n:n]
		p.input = p.input[n:]
		if framing == fix.Whole {
			p.receive(raw)
		}
	}
	if p.c != nil && p.c.closed && len(p.c.out) == 0 {
		p.w.log("%s: the gate has ended the connection", p.name)
		p.lost()
		return
	}
	if p.c != nil && link.DueNs(&p.set, &p.st) <= p.now().MonoNs {
		var r link.Result
		link.Tick(&p.set, &p.st, p.link, p.now(), &p.ob, &r)
		p.done(&r)
	}
}

// receive judges a message, and those that it lets have their turn.
func (p *peer) receive(raw []byte) {
	p.w.log("%s < %s", p.name, printable(raw))
	p.judge(raw, link.Receive)
	for p.c != nil {
		kept := p.early[p.st.NextIn]
		if kept == nil {
			return
		}
		delete(p.early, p.st.NextIn)
		p.judge(kept, link.Kept)
	}
}

func (p *peer) judge(raw []byte,
	how func(*link.Settings, *link.State, uint32, *fix.Message, link.Now, *link.Outbox, *link.Result)) {
	p.m.Index(raw)
	var r link.Result
	how(&p.set, &p.st, p.link, &p.m, p.now(), &p.ob, &r)
	if r.Fault != link.NoFault {
		p.w.log("%s: %v", p.name, r.Fault)
	}
	deliver := r.Deliver == link.InOrder
	p.done(&r)
	if deliver {
		var m fix.Message
		m.Index(raw)
		p.app(&m)
	}
}

// logout ends the session.
func (p *peer) logout() {
	var r link.Result
	link.Logout(&p.set, &p.st, p.link, "", p.now(), &p.ob, &r)
	p.done(&r)
}

// restart asks the gate, on the open connection, to begin the numbers anew: a Logon with ResetSeqNumFlag(141)=Y.
func (p *peer) restart() {
	p.st.NextIn, p.st.NextOut, p.st.Resetting = 1, 1, link.ResetAsked
	p.anew()
	w := p.ob.Begin(&p.set, "A", 1, 0, p.now().UTCNs)
	w.Char(fix.TagEncryptMethod, '0')
	w.Uint(fix.TagHeartBtInt, 30)
	w.Char(fix.TagResetSeqNumFlag, 'Y')
	if p.set.ApplVerID != "" {
		w.String(fix.TagDefaultApplVerID, p.set.ApplVerID)
	}
	p.ob.End(p.link, link.SessionMessage, 1, 0)
	p.st.Sent(p.now())
	p.flush()
}

func text(m *fix.Message, tag int) string { return string(m.Search(tag)) }
