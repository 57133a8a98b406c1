package audit

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// Why prints the whole story of the order that an id names: the client's ClOrdID, the id toward the
// venue, either side's OrderID or ExecID, or #123 for the order of record 123. link, if not "", is
// the link that the order came over. Where more than one order has the id, they are listed.
func (j *Journal) Why(w io.Writer, id, link string) error {
	owner := uint32(core.NoIndex)
	if link != "" {
		var err error
		if owner, err = j.numberOf(config.LinkNumber, link); err != nil {
			return err
		}
	}
	if id == "" {
		return fmt.Errorf("name an id to look for")
	}
	found, err := j.find(id, owner)
	if err != nil {
		return err
	}
	switch len(found) {
	case 0:
		return fmt.Errorf("no order in %s has the id %q: ids are looked for as they are, in upper and lower case", j.dir, id)
	case 1:
		t, err := j.tell(found[0].key)
		if err != nil {
			return err
		}
		t.write(w)
		return nil
	}
	return j.list(w, id, found)
}

// list prints the orders that share an id.
func (j *Journal) list(w io.Writer, id string, found []story) error {
	t := newTable("record", "at", "link", "order", "found by")
	for _, s := range found {
		told, err := j.tell(s.key)
		if err != nil {
			return err
		}
		t.add("#"+strconv.FormatUint(s.key, 10), utc(told.firstNs), j.link(s.owner), told.what, s.how)
	}
	fmt.Fprintf(w, "%d orders have the id %s; ask for one by its record, as in: gate why '#%d'\n",
		len(found), id, found[0].key)
	t.write(w, "")
	return nil
}

// told is one story in words.
type told struct {
	journal *Journal
	key     uint64
	first   *core.Effect // Opened
	firstNs int64
	last    uint64
	what    string
	client  string
	lines   bytes.Buffer

	ids      [][2]string // kind of id, id
	clOrdIDs map[givenAs]bool
	sent     map[sentAs]bool
	state    standing
}

// givenAs is a client's id on its link, sentAs a message toward a venue.
type (
	givenAs struct {
		link uint32
		id   string
	}
	sentAs struct {
		link uint32
		seq  uint64
	}
)

// standing is where an order stands after the last record told.
type standing struct {
	opened, final  bool
	status         byte
	cum, qty, open risk.Qty
	reserved       risk.Money
	flags          core.Flags
}

// tell puts the story with a key into words.
func (j *Journal) tell(key uint64) (*told, error) {
	t := &told{journal: j, key: key, clOrdIDs: map[givenAs]bool{}, sent: map[sentAs]bool{}}
	p := newPlot()
	hash := []byte(nil)
	err := j.walk(func(r *assemble.Record) error {
		all := p.of(r)
		switch n := slices.IndexFunc(all, func(s story) bool { return s.key == key }); {
		case n >= 0:
			t.take(r, hash, share{p, key, n == 0})
		case t.concerns(r):
			t.take(r, hash, share{p, key, true})
		}
		if next := InForce(&r.Event, &r.Decision); next != nil {
			hash = next
		}
		return nil
	})
	return t, err
}

// concerns finds records that name no order but are about one of its messages: sent again to its
// owner, or stopped by the egress check.
func (t *told) concerns(r *assemble.Record) bool {
	switch r.Event.Kind {
	case core.Stored:
		return t.clOrdIDs[givenAs{r.Header.Link, valueOf(r.Event.Data, "11")}]
	case core.EgressDifference:
		return t.sent[sentAs{r.Header.Link, r.Event.Seq}]
	}
	return false
}

func (t *told) take(r *assemble.Record, hash []byte, of share) {
	if t.firstNs == 0 {
		t.firstNs = r.Header.UTCNs
		t.what = messageName(r.Event.Data) + ": " + t.journal.outcome(&r.Decision)
	}
	t.last = r.Header.Seq
	for i := range r.Decision.EffectLen {
		if e := &r.Decision.Effects[i]; of.has(e) {
			t.note(r, e, hash)
		}
	}
	t.noteIDs(r, of)
	e := t.journal.describe(r)
	fmt.Fprintln(&t.lines, e.head())
	indented(&t.lines, e.asked())
	t.checks(&r.Decision, hash)
	indented(&t.lines, e.followed())
}

// outcome says in a few words what became of a message that is no accepted order.
func (j *Journal) outcome(d *core.Decision) string {
	if d.Reason != risk.Unjudged {
		return d.Reason.Row().Text
	}
	for i := range d.EffectLen {
		if e := &d.Effects[i]; e.Kind == core.Alerted {
			return j.alertWords(e)
		}
	}
	return "nothing followed"
}

// checks prints each control that was looked at, with value and limit.
func (t *told) checks(d *core.Decision, hash []byte) {
	if d.Judgement.Count == 0 {
		return
	}
	fmt.Fprintf(&t.lines, "    checks   form, gate, kill switch and ClOrdID held; then, by configuration %x:\n",
		hash[:min(8, len(hash))])
	table := newTable("control", "in words", "of", ">value", ">limit", "")
	for i := range min(d.Judgement.Count, risk.ChecksMax) {
		c := &d.Judgement.Checks[i]
		row := c.Control.Row()
		verdict := "holds"
		if i == d.Judgement.Count-1 && c.Control == d.Reason {
			verdict = "FAILS"
		}
		value := inUnit(row.Value, c.Control, c.Value)
		if cfg, err := t.journal.Kept(hash); err == nil && row.Value == risk.UnitList {
			value = listName(cfg, c.Value)
		}
		table.add(row.Code, row.Text, t.journal.ofCheck(c), value, inUnit(row.Limit, c.Control, c.Limit), verdict)
	}
	table.write(&t.lines, "             ")
}

// note follows the order's state.
func (t *told) note(r *assemble.Record, e *core.Effect, hash []byte) {
	s := &t.state
	switch e.Kind {
	case core.Opened:
		t.first, t.what = new(*e), t.journal.terms(e)
		t.client = t.journal.clientBy(hash, e.Account)
		s.opened, s.qty, s.open, s.reserved, s.status = true, e.Qty, e.Open, e.Reserved, 'A'
	case core.Asked:
		s.open, s.reserved = e.Open, e.Reserved
		if e.RequestKind == core.CancelRequest {
			s.flags |= core.FlagCancelPending | e.Flags&core.FlagCancelOwed
		}
	case core.Resent:
		s.flags |= e.Flags & core.FlagCancelOwed
	case core.OwedSent:
		s.flags &^= core.FlagCancelOwed
	case core.Denied:
		if e.RequestKind == core.CancelRequest {
			s.flags &^= core.FlagCancelPending | core.FlagCancelOwed
		}
	case core.Confirmed:
		s.qty, s.open, s.reserved = e.Qty, e.Open, e.Reserved
	case core.Rebooked:
		s.cum, s.open, s.reserved = e.Qty, e.Open, e.Reserved
	case core.Executed:
		t.id("execution", text(&r.Event, e))
	case core.Ended:
		s.final, s.open, s.reserved = true, 0, 0
		s.flags &^= core.FlagUnknown | core.FlagCancelPending | core.FlagCancelOwed
	case core.Reopened:
		s.final = false
	case core.Reported:
		s.status = e.Status
		if e.Len > 0 {
			t.id("venue's OrderID", text(&r.Event, e))
		}
	case core.Flagged:
		if e.Value == 1 {
			s.flags |= e.Flags
		} else {
			s.flags &^= e.Flags
		}
	}
	if (e.Kind == core.Opened || e.Kind == core.Asked || e.Kind == core.Refused) && e.ID != core.NoIndex {
		id := text(&r.Event, e)
		t.clOrdIDs[givenAs{r.Header.Link, id}] = true
		t.id("ClOrdID", id)
	}
}

// noteIDs collects the names that the order has toward its venue and its owner.
func (t *told) noteIDs(r *assemble.Record, of share) {
	for i := range r.Decision.Out.Count {
		if !of.sent(&r.Decision, i) {
			continue
		}
		out := &r.Decision.Out.Outs[i]
		message := r.Decision.Out.Bytes(i)
		switch valueOf(message, "35") {
		case "D", "F", "G":
			t.sent[sentAs{out.Link, out.Seq}] = true
			t.id("toward the venue", readable([]byte(valueOf(message, "11"))))
		case "8", "9":
			if id := valueOf(message, "37"); id != "NONE" {
				t.id("OrderID", readable([]byte(id)))
			}
		}
	}
}

func (t *told) id(kind, id string) {
	if pair := [2]string{kind, id}; id != "" && !slices.Contains(t.ids, pair) {
		t.ids = append(t.ids, pair)
	}
}

// write prints who and what first, then what happened in the order of time.
func (t *told) write(w io.Writer) {
	fmt.Fprintf(w, "order     %s\n", t.what)
	if e := t.first; e != nil {
		fmt.Fprintf(w, "of        link %s, client %s, account %s; to venue %s%s\n", t.journal.link(e.Link),
			t.client, t.journal.account(e.Account), t.journal.venue(e.Venue), t.journal.authors(e.Author))
	}
	for _, kind := range []string{"ClOrdID", "toward the venue", "OrderID", "venue's OrderID", "execution"} {
		var ids []string
		for _, pair := range t.ids {
			if pair[0] == kind {
				ids = append(ids, pair[1])
			}
		}
		if len(ids) > 0 {
			fmt.Fprintf(w, "id        %s %s\n", kind, strings.Join(ids, ", "))
		}
	}
	fmt.Fprintf(w, "stands    %s\n", t.stands())
	fmt.Fprintf(w, "records   #%d to #%d\n\n", t.key, t.last)
	_, _ = t.lines.WriteTo(w)
}

func (t *told) stands() string {
	s := &t.state
	if !s.opened {
		return "never became an order"
	}
	is := "open"
	if s.final {
		is = "final"
	}
	text := fmt.Sprintf("%s, %s: %s of %s executed, open %s, reserves %s", is, statusWord(s.status), decimal8(s.cum),
		decimal8(s.qty), decimal8(s.open), amount(s.reserved))
	if words := flagWords(s.flags); len(words) > 0 {
		text += "; " + strings.Join(words, ", ")
	}
	return text
}

// clientBy is the client of an account in the configuration of a hash.
func (j *Journal) clientBy(hash []byte, account uint32) string {
	cfg, err := j.Kept(hash)
	if err != nil {
		return dash
	}
	for i := range cfg.Accounts {
		if cfg.Accounts[i].Name == j.account(account) {
			return cfg.Clients[cfg.Accounts[i].Client].Name
		}
	}
	return dash
}
