package audit

import (
	"bytes"
	"fmt"
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

// of is the story that a record belongs to. Key 0: none; a message that named no order is a story of
// its own, and so is a report for no order of ours.
func (p *plot) of(r *assemble.Record) story {
	d := &r.Decision
	slot := d.Order
	for i := range d.EffectLen {
		e := &d.Effects[i]
		if e.Kind == core.Opened {
			p.bySlot[e.Order] = story{key: r.Header.Seq, owner: e.Link}
		}
		if slot == core.NoIndex && e.Order != core.NoIndex {
			slot = e.Order
		}
	}
	if slot != core.NoIndex {
		return p.bySlot[slot]
	}
	if r.Event.Kind == core.Message && (d.Reason != risk.Unjudged || alerts(d)) {
		return story{key: r.Header.Seq, owner: r.Header.Link}
	}
	return story{}
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
		s := p.of(r)
		if s.key == 0 || seen[s.key] || link != core.NoIndex && s.owner != link {
			return nil
		}
		if seq != 0 && r.Header.Seq == seq {
			s.how = "record " + id
		} else if seq == 0 {
			s.how = j.namedBy(r, id)
		}
		if s.how != "" {
			seen[s.key] = true
			found = append(found, s)
		}
		return nil
	})
	return found, err
}

// namedBy says where a record holds an id: the tag, the message and its link; "" where it does not.
func (j *Journal) namedBy(r *assemble.Record, id string) string {
	if !bytes.Contains(r.Payload, []byte(id)) {
		return ""
	}
	if r.Event.Kind == core.Message {
		if tag := namedIn(r.Event.Data, id); tag != "" {
			return idTags[tag] + " of " + messageName(r.Event.Data) + " from " + j.link(r.Header.Link)
		}
	}
	for i := range r.Decision.Out.Count {
		sent := r.Decision.Out.Bytes(i)
		if tag := namedIn(sent, id); tag != "" {
			return idTags[tag] + " of " + messageName(sent) + " to " + j.link(r.Decision.Out.Outs[i].Link)
		}
	}
	return ""
}
