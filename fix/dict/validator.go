package dict

import (
	"fmt"
	"slices"

	"portcullis/fix"
	"portcullis/fix/dict/internal/spec"
)

// Switches say how strictly a link's messages are held to its dictionaries. Each has the name and the meaning of
// the key in a QuickFIX settings file.
type Switches struct {
	ValidateFieldsOutOfOrder     bool // header, body and trailer must not mix
	ValidateFieldsHaveValues     bool // "58=" is a fault; else it counts as present, and its value is not judged
	ValidateUserDefinedFields    bool // tags from 5000 on must be defined for the message, as those below are
	ValidateUnorderedGroupFields bool // the fields of a group entry must stand in the dictionary's order
	AllowUnknownMsgFields        bool // tags below 5000 need not be defined, neither at all nor for the message
	RejectInvalidMessage         bool // else only MsgType, required tags of the message and order are judged
}

// DefaultSwitches are those of a settings file that names none.
func DefaultSwitches() Switches {
	return Switches{ValidateFieldsOutOfOrder: true, ValidateFieldsHaveValues: true, ValidateUserDefinedFields: true,
		ValidateUnorderedGroupFields: true, RejectInvalidMessage: true}
}

// Shelf holds the dictionaries of one link. Up to FIX.4.4 there is one, Session. With FIXT.1.1 Session has header,
// trailer and session messages, and App the application messages by ApplVerID(1128), "9" for FIX.5.0SP2.
type Shelf struct {
	Session *Dict
	App     map[string]*Dict
	Default string // ApplVerID of a message that has none: DefaultApplVerID(1137) of the link
}

// Standard returns the embedded dictionaries of a version, given as to For: with FIXT.1.1 those of all application
// versions, so that a message may name its own.
func Standard(beginString, applVerID string) (Shelf, error) {
	session, err := For(beginString, "")
	if err != nil || beginString != transport {
		return Shelf{Session: session}, err
	}
	s := Shelf{Session: session, App: make(map[string]*Dict), Default: ApplVerID(applVerID)}
	for _, v := range applVersions {
		if s.App[v.id], err = application(v.name); err != nil {
			return Shelf{}, err
		}
	}
	return s, nil
}

// Validator holds the messages of one link to its dictionaries. It never changes and may be shared.
type Validator struct {
	switches Switches
	session  *plan
	apps     [10]*plan // by ApplVerID; all nil up to FIX.4.4
	standard *plan     // the one of the default ApplVerID
}

// NewValidator compiles what Judge needs. It refuses dictionaries that would let a message pass unjudged.
func NewValidator(s Shelf, switches Switches) (*Validator, error) {
	session, err := newPlan(s.Session, s.Session)
	if err != nil {
		return nil, err
	}
	if len(s.Session.scopes[spec.Header].places) == 0 {
		return nil, fmt.Errorf("dictionary %s has no header: is it the application's?", s.Session.name)
	}
	v := &Validator{switches: switches, session: session}
	for id, d := range s.App {
		if len(id) != 1 || id[0] < '0' || id[0] > '9' {
			return nil, fmt.Errorf("ApplVerID(1128) %q: one digit is known", id)
		}
		if v.apps[id[0]-'0'], err = newPlan(s.Session, d); err != nil {
			return nil, err
		}
	}
	if s.App != nil {
		if v.standard = v.app([]byte(s.Default)); v.standard == nil {
			return nil, fmt.Errorf("no dictionary for DefaultApplVerID(1137) %q", s.Default)
		}
	}
	return v, nil
}

// Judge returns the fault for which an indexed message is to be rejected, Code NoFault if there is none. It looks
// for the MsgType, required tags, the order of header, body and trailer, the value of each field, and the structure
// (tags not defined here, repeated tags, groups), and names the first that fails; within one of these, the field
// that comes first. Those that Index found are among them: a caller need not look at m.Fault.
func (v *Validator) Judge(m *fix.Message) fix.Fault {
	switch m.Fault.Code {
	case fix.Garbled, fix.TooManyFields, fix.FieldOrder:
		return m.Fault
	}
	p, n := v.find(m)
	if p == nil {
		return fix.Fault{Code: fix.UnsupportedVersion, Tag: fix.TagApplVerID}
	}
	if n < 0 {
		return fix.Fault{Code: fix.InvalidMsgType}
	}
	w := walk{m: m, plan: p, switches: &v.switches, fault: fix.Fault{Code: fix.NoFault}, phase: phases}
	if !v.switches.RejectInvalidMessage {
		w.phase = values
	}
	w.parts[headerPart].dict, w.parts[headerPart].scope = p.envelope, &p.envelope.scopes[spec.Header]
	w.parts[bodyPart].dict, w.parts[bodyPart].scope = p.body, &p.body.scopes[p.body.messages[n].scope]
	w.parts[trailerPart].dict, w.parts[trailerPart].scope = p.envelope, &p.envelope.scopes[spec.Trailer]
	w.message()
	if w.fault.Code == fix.NoFault && m.Fault.Code == fix.IncorrectFormat {
		return m.Fault // data that does not fit its length can be read in two ways: no switch allows that
	}
	return w.fault
}

// Takes is true if a session message may have the tag: the dictionary of the session defines it there, or a switch
// lets pass what it does not.
func (v *Validator) Takes(msgType string, tag int) bool {
	return !v.switches.RejectInvalidMessage || v.switches.AllowUnknownMsgFields ||
		v.session.body.Defines([]byte(msgType), tag)
}

// find returns the plan and the number of the message in its dictionary: those of the session, else those of the
// application version that the message names. The plan is nil if there is no dictionary for that version, the
// number negative if the dictionary does not have the message.
func (v *Validator) find(m *fix.Message) (*plan, int) {
	n := v.session.body.messageNumber(m.Type())
	if v.standard == nil || n >= 0 && v.session.body.messages[n].admin {
		return v.session, n
	}
	p := v.standard
	if id := m.Value(fix.TagApplVerID); len(id) > 0 {
		if p = v.app(id); p == nil {
			return nil, -1
		}
	}
	n = p.body.messageNumber(m.Type())
	if n >= 0 && p.body.messages[n].admin {
		n = -1 // an application dictionary has no say in session messages
	}
	return p, n
}

func (v *Validator) app(id []byte) *plan {
	if len(id) != 1 || id[0] < '0' || id[0] > '9' {
		return nil
	}
	return v.apps[id[0]-'0']
}

// plan joins the dictionary of header and trailer with the one of the body: what to ask of each tag.
type plan struct {
	envelope, body *Dict
	rules          []rule // by tag; rule 0 is that of every tag without one
}

type rule struct {
	field  uint16 // number in the dictionary of its part
	part   partOf
	format format
	traits traits
	glance glance
}

type traits uint8

const (
	defined traits = 1 << iota // some dictionary has the tag
	listed                     // only listed values are permitted
	several                    // the value is a list of values
	paired                     // length or data field of a pair
	counts                     // counts the entries of a group, somewhere
)

// partOf is one of the three parts of a message, in their order.
type partOf uint8

const (
	headerPart partOf = iota
	bodyPart
	trailerPart
)

// placesMax bounds the fields that stand side by side in a message or in a group; FIX.5.0SP2 has 326.
const placesMax = 1024

func newPlan(envelope, body *Dict) (*plan, error) {
	for _, d := range []*Dict{envelope, body} {
		for n := range d.scopes {
			if len(d.scopes[n].places) > placesMax {
				return nil, fmt.Errorf("dictionary %s: more than %d fields in one message or group", d.name, placesMax)
			}
		}
		for _, pair := range d.pairs {
			if !slices.Contains(fix.DataPairs(), pair) {
				return nil, fmt.Errorf("dictionary %s: data field %s(%d) is not one of FIX: its bytes could not be told from fields; "+
					"give it the type STRING", d.name, d.FieldName(pair[1]), pair[1])
			}
		}
	}
	p := &plan{envelope: envelope, body: body}
	p.rules = make([]rule, max(len(envelope.fieldOf), len(body.fieldOf), 1))
	for tag := range p.rules {
		p.rules[tag] = rule{part: bodyPart}
		switch {
		case envelope.IsHeader(tag):
			p.rules[tag] = envelope.rule(tag, headerPart)
		case envelope.IsTrailer(tag):
			p.rules[tag] = envelope.rule(tag, trailerPart)
		case body.HasField(tag):
			p.rules[tag] = body.rule(tag, bodyPart)
		}
	}
	for _, pair := range fix.DataPairs() {
		for _, tag := range pair {
			if r := p.rule(uint32(tag)); r.traits&defined != 0 {
				r.traits |= paired
			}
		}
	}
	for tag := range p.rules {
		if r := &p.rules[tag]; r.traits&defined != 0 {
			r.glance = r.glanceOf()
		}
	}
	return p, nil
}

// rule gives what is to be asked of a field of the dictionary.
func (d *Dict) rule(tag int, part partOf) rule {
	n := d.field(tag)
	f := &d.fields[n]
	r := rule{field: uint16(n), part: part, format: f.format, traits: defined}
	if f.counts {
		r.traits |= counts
		r.format = unsigned // dictionaries before FIX.4.3 call a NumInGroup INT
	}
	if f.listed && tag != fix.TagMsgType { // the messages that the dictionary has are the list of MsgType
		r.traits |= listed
	}
	if f.typ.ListsValues() {
		r.traits |= several
	}
	return r
}

// rule returns what is to be asked of a tag.
func (p *plan) rule(tag uint32) *rule {
	if int(tag) < len(p.rules) {
		return &p.rules[tag]
	}
	return &p.rules[0]
}
