package core

import "portcullis/fix"

// TagAction says what happens to a tag on its way. The zero value refuses the message, so a tag
// that nobody thought of never passes.
type TagAction uint8

const (
	RejectTag        TagAction = iota // refuse the message: FieldForbidden
	PassTag                           // byte for byte
	DropTag                           // leave it out
	OwnTag                            // the gate writes its own value in its place
	NotUnderstoodTag                  // it changes quantity, price or risk: refuse
	LengthTag                         // of a data field: it passes directly before that one only
	DataTag                           // a data field: it passes directly behind its length, without SOH inside
)

const policyTags = 5000

// Policy is the tag policy of one message type on one route (behaviour 1).
type Policy struct {
	action [policyTags]TagAction
	user   []userTags // user-defined tags that the profile lists, each tag once
	other  TagAction  // of all other user-defined tags
	Set    []SetTag   // appended to each message
}

// TagRange is the tags First to Last, both included.
type TagRange struct{ First, Last int }

type userTags struct {
	TagRange
	action TagAction
}

// SetTag is a tag with a fixed value that the venue's profile adds.
type SetTag struct {
	Tag   int
	Value string
}

// Tags by what the gate does with them, whatever the dictionary says.
var (
	headerTags = []int{8, 9, 10, 34, 35, 43, 49, 50, 52, 56, 57, 89, 90, 91, 93, 97, 115, 116, 122, 128,
		129, 142, 143, 144, 145, 212, 213, 347, 369, 627, 628, 629, 630, 1128, 1129, 1156, 1400, 1401,
		1402, 1403, 1404}
	// Identity and clearing: who trades for whom is the gate's to say, group 453 included.
	identityTags = []int{76, 109, 439, 440, 447, 448, 452, 453, 523, 528, 802, 803}
	// Quantity, price or identity of the instrument in terms that no control reads.
	notUnderstoodTags = []int{22, 48, 65, 152, 192, 193, 200, 201, 202, 205, 206, 211, 231, 388, 389, 418,
		423, 454, 455, 456, 516, 640, 835, 836, 837, 838, 839, 840, 841, 842, 843, 844, 845, 846, 854, 1092,
		1094, 1095, 1096, 1097, 1100, 1101, 1102, 1103, 1104, 1105, 1106, 1107, 1108, 1109, 1110, 1111, 1112}
	requestOwnTags = []int{fix.TagAccount, fix.TagClOrdID, fix.TagOrigClOrdID, fix.TagOrderID}
	reportOwnTags  = []int{fix.TagAccount, fix.TagClOrdID, fix.TagOrigClOrdID, fix.TagExecID, fix.TagExecRefID,
		fix.TagOrderID, fix.TagSecondaryOrderID, fix.TagSecondaryClOrdID, fix.TagClOrdLinkID, fix.TagListID,
		fix.TagRefOrderID, fix.TagBusinessRejectRefID, fix.TagOrdStatusReqID}
)

// PolicyOptions are a venue profile's changes to the default, one list per action.
type PolicyOptions struct {
	Pass, Drop, Reject []TagRange
	Set                []SetTag
}

// RequestPolicy builds the policy of D, F or G toward a venue. standard reports whether a tag
// belongs to the message in the dictionary of the route's version.
func RequestPolicy(standard func(tag int) bool, o PolicyOptions) Policy {
	p := Policy{Set: o.Set}
	p.fill(standard, PassTag)
	p.putEach(headerTags, DropTag)
	p.putEach(identityTags, DropTag)
	p.putEach(notUnderstoodTags, NotUnderstoodTag)
	for _, tag := range requestOwnTags {
		if p.action[tag] == PassTag {
			p.action[tag] = OwnTag
		}
	}
	p.change(o)
	return p
}

// CancelPolicy builds the policy of F toward a venue. A cancel reduces risk and is never refused for
// a tag: what would or could refuse an order is left out of it instead, unless the profile lets it
// pass.
func CancelPolicy(standard func(tag int) bool, o PolicyOptions) Policy {
	p := RequestPolicy(standard, o)
	p.other = DropTag
	for tag, a := range p.action {
		switch a {
		case RejectTag, NotUnderstoodTag, LengthTag, DataTag:
			p.action[tag] = DropTag
		}
	}
	for i := range p.user {
		if p.user[i].action == RejectTag {
			p.user[i].action = DropTag
		}
	}
	return p
}

// ReportPolicy builds the policy of 8 and 9 from a venue. A report is never refused for a tag: it
// tells of something that has happened, so what may not pass is dropped.
func ReportPolicy(standard func(tag int) bool, o PolicyOptions) Policy {
	p := Policy{other: DropTag}
	p.fill(func(int) bool { return true }, DropTag)
	p.fill(standard, PassTag)
	p.putEach(headerTags, DropTag)
	p.putEach(reportOwnTags, OwnTag)
	p.put(o.Pass, PassTag)
	return p
}

func (p *Policy) fill(standard func(tag int) bool, a TagAction) {
	for tag := range p.action {
		if standard(tag) {
			p.action[tag] = a
		}
	}
}

func (p *Policy) put(tags []TagRange, a TagAction) {
	for _, r := range tags {
		for tag := r.First; tag <= r.Last && tag < policyTags; tag++ {
			p.action[tag] = a
		}
		if r.Last >= policyTags {
			p.user = append(p.user, userTags{r, a})
		}
	}
}

func (p *Policy) putEach(tags []int, a TagAction) {
	for _, tag := range tags {
		p.put([]TagRange{{tag, tag}}, a)
	}
}

func (p *Policy) change(o PolicyOptions) {
	p.put(o.Pass, PassTag)
	p.put(o.Drop, DropTag)
	p.put(o.Reject, RejectTag)
	for _, s := range o.Set {
		p.putEach([]int{s.Tag}, DropTag)
	}
	p.pair()
}

// pair makes a data field and its length pass together or not at all: half of a pair can be read in
// two ways.
func (p *Policy) pair() {
	for _, tags := range fix.DataPairs() {
		switch length, data := &p.action[tags[0]], &p.action[tags[1]]; {
		case *length == PassTag && *data == PassTag:
			*length, *data = LengthTag, DataTag
		case *length == PassTag:
			*length = *data
		case *data == PassTag:
			*data = *length
		}
	}
}

// Action returns what the policy does with a tag.
func (p *Policy) Action(tag uint32) TagAction {
	if tag < policyTags {
		return p.action[tag]
	}
	for i := range p.user {
		if t := &p.user[i]; uint32(t.First) <= tag && tag <= uint32(t.Last) {
			return t.action
		}
	}
	return p.other
}
