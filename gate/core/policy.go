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
	TermTag                           // a term of the order: it passes where a check understands it
	CapacityTag                       // a term of the order that passes where it is judged; elsewhere it is the gate's to say
	InstrumentTag                     // it passes where it agrees with the instrument that Symbol(55) names
)

const policyTags = 5000

// Policy is the tag policy of one message type on one route (behaviour 1).
type Policy struct {
	action [policyTags]TagAction
	user   []userTags // user-defined tags that the profile lists, each tag once
	other  TagAction  // of all other user-defined tags

	// Between two versions. What passes has a value that the receiver's version permits, else it is unfit; missing is
	// what that version requires and the sender's message may lack.
	words   Dictionary // of the receiver; nil: both ends speak one version
	unfit   TagAction
	missing []int
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
	// Identity and clearing: who trades for whom is the gate's to say, group 453 included, and how the
	// Account(1) that it writes is to be read (581, 660).
	identityTags = []int{76, 109, 439, 440, 447, 448, 452, 453, 523, 528, 581, 660, 802, 803, fix.TagOrderOrigination,
		fix.TagPartyRoleQualifier}
	instrumentTags = []int{fix.TagSecurityType, fix.TagProduct, fix.TagCFICode}
	requestOwnTags = []int{fix.TagAccount, fix.TagClOrdID, fix.TagOrigClOrdID, fix.TagOrderID,
		fix.TagSecondaryClOrdID, fix.TagClOrdLinkID, fix.TagListID}
	reportOwnTags = []int{fix.TagAccount, fix.TagClOrdID, fix.TagOrigClOrdID, fix.TagExecID, fix.TagExecRefID,
		fix.TagOrderID, fix.TagSecondaryOrderID, fix.TagSecondaryClOrdID, fix.TagClOrdLinkID, fix.TagListID,
		fix.TagRefOrderID, fix.TagBusinessRejectRefID, fix.TagOrdStatusReqID}
)

// notUnderstoodTags say quantity, price, the instrument or the account in terms that no control reads.
//
// The gate knows an instrument by Symbol(55) alone. Whatever else tells a venue which one is meant, or
// on what terms, may name another than the one that was judged: SecurityID(48), for which no table says
// what it names; SecurityExchange(207), by which one symbol is two listings; strike, maturity,
// multiplier, underlyings and the like. A client who sends them out of habit needs a profile that drops
// them: then the venue reads what the gate has judged. Descriptions in words (106, 107, 348-351) pass.
//
// Likewise the account is Account(1) alone: an order that asks to be allocated to others, by name or by
// reference, asks for accounts that were not judged.
var notUnderstoodTags = []TagRange{
	{152, 152}, {192, 193}, {418, 418}, {468, 469}, {516, 516}, {854, 854}, // quantity
	{218, 218}, {220, 222}, {235, 236}, {423, 423}, {640, 640}, {662, 663}, {696, 699}, {701, 701},
	{761, 761}, {835, 835}, {837, 841}, {843, 846}, {1092, 1092}, {1095, 1114}, // price
	{22, 22}, {48, 48}, {65, 65}, {200, 202}, {205, 207}, {223, 228}, {231, 231}, {239, 240}, {255, 255},
	{454, 456}, {470, 472}, {541, 541}, {543, 543}, {667, 667}, {691, 691}, {762, 762}, {864, 868},
	{873, 876}, {947, 947}, {965, 971}, {996, 997}, {1018, 1019}, {1049, 1054}, {1079, 1079},
	{1145, 1147}, {1151, 1151}, {1184, 1186}, {1191, 1200}, {1227, 1227}, {1242, 1242}, {1244, 1244},
	{1435, 1435}, {1439, 1439}, {1449, 1452}, {1457, 1458}, {1478, 1496}, // the instrument
	{241, 247}, {256, 256}, {305, 318}, {362, 365}, {435, 436}, {457, 459}, {462, 463}, {542, 542}, {592, 595},
	{711, 711}, {763, 763}, {810, 810}, {877, 889}, {941, 941}, {972, 975}, {998, 998}, {1000, 1000},
	{1038, 1039}, {1044, 1046}, {1058, 1064}, {1213, 1213}, {1419, 1419}, {1423, 1425}, {1437, 1437},
	{1441, 1441}, {1453, 1456}, {1459, 1460}, // its underlyings
	{232, 234}, {788, 788}, {898, 898}, {913, 919}, // stipulations and financing
	{70, 70}, {78, 80}, {467, 467}, {494, 494}, {513, 513}, {524, 525}, {538, 539}, {545, 545}, {591, 591}, {661, 661},
	{736, 736}, {804, 805}, // accounts and investors beside Account(1)
	{1080, 1081}, // another order, by a name that only the venue knows
}

// PolicyOptions are a venue profile's changes to the default, one list per action.
type PolicyOptions struct {
	Pass, Drop, Reject []TagRange
	Set                []SetTag
	Symbols            bool // the venue has names of its own for some instruments: Symbol(55) is the gate's to say
}

// RequestPolicy builds the policy of D, F or G toward a venue. standard reports whether a tag
// belongs to the message in the dictionary of the route's version.
func RequestPolicy(standard func(tag int) bool, o PolicyOptions) Policy {
	var p Policy
	p.fill(standard, PassTag)
	p.putEach(headerTags, DropTag)
	p.putEach(identityTags, DropTag)
	p.passEncoding()
	p.put(notUnderstoodTags, NotUnderstoodTag)
	for _, tag := range instrumentTags {
		if p.action[tag] == PassTag {
			p.action[tag] = InstrumentTag
		}
	}
	if standard(fix.TagOrderCapacity) {
		p.action[fix.TagOrderCapacity] = CapacityTag
	}
	for _, tag := range termTags {
		if p.action[tag] == PassTag {
			p.action[tag] = TermTag
		}
	}
	for _, tag := range requestOwnTags {
		if p.action[tag] == PassTag {
			p.action[tag] = OwnTag
		}
	}
	p.change(o)
	p.nameSymbols(o)
	return p
}

// nameSymbols makes Symbol(55) a tag that is said in each side's own words.
func (p *Policy) nameSymbols(o PolicyOptions) {
	if o.Symbols && p.action[fix.TagSymbol] == PassTag {
		p.action[fix.TagSymbol] = OwnTag
	}
}

// CancelPolicy builds the policy of F toward a venue. A cancel reduces risk and is never refused for
// a tag: what would or could refuse an order is left out of it instead, unless the profile lets it
// pass; and what it says of its order, the gate says: a venue that finds another symbol, side or quantity may refuse it.
func CancelPolicy(standard func(tag int) bool, o PolicyOptions) Policy {
	p := RequestPolicy(standard, o)
	p.other, p.unfit = DropTag, DropTag
	for _, tag := range []int{fix.TagSymbol, fix.TagSide, fix.TagOrderQty} {
		if p.action[tag] == PassTag {
			p.action[tag] = OwnTag
		}
	}
	for tag, a := range p.action {
		switch a {
		case RejectTag, NotUnderstoodTag, TermTag, CapacityTag, InstrumentTag, LengthTag, DataTag:
			p.action[tag] = DropTag
		}
	}
	p.action[fix.TagMessageEncoding] = DropTag
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
	p := Policy{other: DropTag, unfit: DropTag}
	p.fill(func(int) bool { return true }, DropTag)
	p.fill(standard, PassTag)
	p.putEach(headerTags, DropTag)
	p.passEncoding()
	p.putEach(reportOwnTags, OwnTag)
	p.put(o.Pass, PassTag)
	p.nameSymbols(o)
	return p
}

// passEncoding: MessageEncoding(347) says how EncodedText(355) and its like are to be read, so it goes
// where they go. It is of the header, and what passes of a message comes directly behind the gate's own.
func (p *Policy) passEncoding() {
	if p.action[fix.TagEncodedText] == PassTag {
		p.action[fix.TagMessageEncoding] = PassTag
	}
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
