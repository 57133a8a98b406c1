package audit

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"portcullis/gate/assemble"
	"portcullis/gate/core"
	"portcullis/risk"
)

// A story is everything that happened to one order, or to one message that never became an order.
// Its key is the number of its first record. Slots are used again by later orders, so a story
// belongs to a slot only from the record that opened it to the next one that does.
type story struct {
	key   uint64
	owner uint32 // link
	how   string // what it was found by
}

// plot knows, record by record, which story a slot stands for.
type plot struct{ bySlot map[uint32]story }

func newPlot() *plot { return &plot{bySlot: map[uint32]story{}} }

// of are the stories that a record belongs to: that of its message or of the order it is about, and those of other orders that
// it does something to. A message that named no order is a story of its own, and so is a report for no order of ours.
func (p *plot) of(r *assemble.Record) (all []story) {
	d := &r.Decision
	add := func(s story) {
		if s.key != 0 && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	for i := range d.EffectLen {
		if e := &d.Effects[i]; e.Kind == core.Opened {
			p.bySlot[e.Order] = story{key: r.Header.Seq, owner: e.Link}
		}
	}
	named := r.Event.Kind == core.Message && d.Order == core.NoIndex
	switch {
	case d.Order != core.NoIndex:
		add(p.bySlot[d.Order])
	case named && d.Reason != risk.Unjudged:
		add(story{key: r.Header.Seq, owner: r.Header.Link})
	}
	for i := range d.EffectLen {
		if e := &d.Effects[i]; e.Order != core.NoIndex {
			add(p.bySlot[e.Order])
		}
	}
	if len(all) == 0 && named && alerts(d) {
		add(story{key: r.Header.Seq, owner: r.Header.Link})
	}
	return all
}

// share is what of a record is one story's.
type share struct {
	plot  *plot
	key   uint64
	first bool // it is the story of the record's message: all is its that is no other order's
}

// has reports whether a fact is.
func (s share) has(e *core.Effect) bool {
	key := uint64(0)
	if e.Order != core.NoIndex {
		key = s.plot.bySlot[e.Order].key
	}
	return key == s.key || key == 0 && s.first
}

// sent reports whether a message that left is: by the request that it carries.
func (s share) sent(d *core.Decision, i int) bool {
	out := &d.Out.Outs[i]
	for n := range d.EffectLen {
		e := &d.Effects[n]
		if (e.Kind == core.Opened || e.Kind == core.Asked) && e.Request == out.Request && out.Request != core.NoIndex {
			return s.has(e)
		}
	}
	return s.first
}

func alerts(d *core.Decision) bool {
	for i := range d.EffectLen {
		if d.Effects[i].Kind == core.Alerted {
			return true
		}
	}
	return false
}

// idTags are the tags that hold the name of an order, a request or an execution, with their words.
var idTags = map[string]string{"11": "ClOrdID(11)", "41": "OrigClOrdID(41)", "37": "OrderID(37)",
	"198": "SecondaryOrderID(198)", "17": "ExecID(17)", "19": "ExecRefID(19)", "379": "BusinessRejectRefID(379)"}

// namedIn says under which tag a message holds an id; "" where it does not. OrigClOrdID alone is no
// find: it names an order that is found by its own id, unless nothing else is there.
func namedIn(message []byte, id string) (tag string) {
	for _, field := range strings.Split(string(message), "\x01") {
		name, value, _ := strings.Cut(field, "=")
		if value == id && idTags[name] != "" && (tag == "" || tag == "41") {
			tag = name
		}
	}
	return tag
}

// find looks through the journal for an id, or for the record of a number written #123.
func (j *Journal) find(id string, link uint32) (found []story, err error) {
	seq := uint64(0)
	if number, ok := strings.CutPrefix(id, "#"); ok {
		if seq, err = strconv.ParseUint(number, 10, 64); err != nil {
			return nil, fmt.Errorf("%q is no record: write # and its number", id)
		}
	}
	p, seen := newPlot(), map[uint64]bool{}
	err = j.walk(func(r *assemble.Record) error {
		for n, s := range p.of(r) {
			if seen[s.key] || link != core.NoIndex && s.owner != link {
				continue
			}
			first := n == 0
			switch {
			case seq == 0:
				s.how = j.namedBy(r, id, share{p, s.key, first})
			case r.Header.Seq == seq && first:
				s.how = "record " + id
			}
			if s.how != "" {
				seen[s.key] = true
				found = append(found, s)
			}
		}
		return nil
	})
	return found, err
}

// namedBy says where a story's share of a record holds an id: the tag, the message and its link; "" where it does not.
func (j *Journal) namedBy(r *assemble.Record, id string, of share) string {
	if !bytes.Contains(r.Payload, []byte(id)) {
		return ""
	}
	if r.Event.Kind == core.Message && of.first {
		if tag := namedIn(r.Event.Data, id); tag != "" {
			return idTags[tag] + " of " + messageName(r.Event.Data) + " from " + j.link(r.Header.Link)
		}
	}
	for i := range r.Decision.Out.Count {
		sent := r.Decision.Out.Bytes(i)
		if !of.sent(&r.Decision, i) {
			continue
		}
		if tag := namedIn(sent, id); tag != "" {
			return idTags[tag] + " of " + messageName(sent) + " to " + j.link(r.Decision.Out.Outs[i].Link)
		}
	}
	return ""
}
