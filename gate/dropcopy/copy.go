package dropcopy

import (
	"bytes"
	"fmt"
	"slices"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/assemble"
	"portcullis/gate/audit"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// message is one message to copy, and whose it is.
type message struct {
	msgType string
	body    []byte // its fields as they are, each with its SOH
	of      string // CompID of the participant
	client  string
	account string // "" where the message is about none
	execID  string // of a report
	order   bool   // from the participant; else to it
}

// reader makes copies of what a journal records, read from its beginning.
type reader struct {
	journal *audit.Journal
	numbers *config.Numbers
	hash    []byte            // of the configuration in force
	links   map[uint32]*party // participants' links, by number; also those of configurations before
	clients map[string]string // an account's client, by name; likewise
	orders  map[uint32]string // the account of the order that was last in a slot
	msg     fix.Message
	found   []message
}

// party is a participant at the end of a link.
type party struct{ compID, client, account string }

func newReader(dir string) (*reader, error) {
	j, err := audit.Open(dir)
	if err != nil {
		return nil, err
	}
	return &reader{journal: j, links: map[uint32]*party{}, clients: map[string]string{}, orders: map[uint32]string{}}, nil
}

// take follows one record: which configuration judges, and which account each order has.
func (r *reader) take(record *assemble.Record) (err error) {
	ev, d := &record.Event, &record.Decision
	hash := audit.InForce(ev, d)
	if ev.Kind == core.Started || hash != nil || r.numbers == nil { // new names may have got numbers
		if r.numbers, err = r.journal.Numbers(); err != nil {
			return err
		}
	}
	if hash != nil {
		if err := r.configured(hash); err != nil {
			return fmt.Errorf("record %d: %w", record.Header.Seq, err)
		}
	}
	for i := range d.EffectLen {
		if e := &d.Effects[i]; e.Kind == core.Opened {
			r.orders[e.Order] = r.numbers.Name(config.AccountNumber, e.Account)
		}
	}
	return nil
}

// configured takes over who is who. What a configuration no longer names stays: its orders may live on.
func (r *reader) configured(hash []byte) error {
	if bytes.Equal(hash, r.hash) {
		return nil
	}
	cfg, err := r.journal.Kept(hash)
	if err != nil {
		return err
	}
	r.hash = hash
	for i := range cfg.Accounts {
		r.clients[cfg.Accounts[i].Name] = cfg.Clients[cfg.Accounts[i].Client].Name
	}
	for i := range cfg.Links {
		in := &cfg.Links[i]
		number, ok := r.numbers.Of(config.LinkNumber, in.Session.Name)
		if !ok {
			return fmt.Errorf("link %s has no number in the journal", in.Session.Name)
		}
		p := &party{compID: in.Session.TargetCompID, client: cfg.Clients[in.Client].Name}
		if in.DefaultAccount != config.None {
			p.account = cfg.Accounts[in.DefaultAccount].Name
		}
		r.links[number] = p
	}
	return nil
}

// copies are the messages to copy of the record that take took: the order first, then what it was answered. They
// are valid until the next call.
func (r *reader) copies(record *assemble.Record) []message {
	ev, d := &record.Event, &record.Decision
	r.found = r.found[:0]
	if ev.Kind == core.Stored {
		return nil // read back and sent again: it was copied when it was first sent
	}
	if p := r.links[ev.Link]; p != nil && ev.Kind == core.Message && judged(ev, d) {
		r.add(ev.Data, p, d, true)
	}
	for i := range d.Out.Count {
		out := &d.Out.Outs[i]
		if p := r.links[out.Link]; p != nil && out.Kind == link.ReportMessage {
			r.add(d.Out.Bytes(i), p, d, false)
		}
	}
	return r.found
}

// judged reports whether an order message was taken for one: what the session layer rejects is none.
func judged(ev *core.Event, d *core.Decision) bool {
	if d.Reason == risk.Unjudged {
		return false
	}
	for i := range d.Out.Count {
		if out := &d.Out.Outs[i]; out.Link == ev.Link && out.Kind == link.SessionMessage {
			return false
		}
	}
	return true
}

func (r *reader) add(raw []byte, p *party, d *core.Decision, order bool) {
	r.msg.Index(raw)
	m := message{msgType: string(r.msg.Type()), of: p.compID, client: p.client, order: order}
	if order && !orderType(m.msgType) || !order && !reportType(m.msgType) {
		return
	}
	if !order {
		m.execID = string(r.msg.Value(fix.TagExecID))
		if m.execID != "" && slices.ContainsFunc(r.found, func(o message) bool { return o.execID == m.execID }) {
			return // told to the order's owner and to who asked: it is one report
		}
	}
	m.account = r.accountOf(d, p)
	m.body = body(&r.msg)
	r.found = append(r.found, m)
}

func orderType(t string) bool  { return t == "D" || t == "F" || t == "G" || t == "q" }
func reportType(t string) bool { return t == "8" || t == "9" || t == "r" }

// accountOf is the account that the indexed message is about: the order's, the one it names, or the link's default. A
// mass cancel and its report are about every account of the link, unless one is named.
func (r *reader) accountOf(d *core.Decision, p *party) string {
	slot := d.Order
	for i := 0; slot == core.NoIndex && i < d.EffectLen; i++ {
		if e := &d.Effects[i]; e.Kind == core.Denied || e.Kind == core.Opened {
			slot = e.Order
		}
	}
	if account, known := r.orders[slot]; known && slot != core.NoIndex {
		return account
	}
	if named := string(r.msg.Value(fix.TagAccount)); named != "" {
		if r.clients[named] != p.client {
			return "" // a stranger's account, which has nothing to do with it
		}
		return named
	}
	if t := string(r.msg.Type()); t == "q" || t == "r" {
		return ""
	}
	return p.account
}

// body is everything of an indexed message but header and trailer, in its order, data fields and groups included.
func body(m *fix.Message) []byte {
	var b []byte
	for i := range m.Len() {
		f := m.Field(i)
		if f.Tag == 0 || core.IsHeader(f.Tag) || f.Tag == fix.TagMsgType {
			continue
		}
		b = fix.AppendUint(b, uint64(f.Tag))
		b = append(b, '=')
		b = append(append(b, m.FieldValue(i)...), fix.SOH)
	}
	return b
}
