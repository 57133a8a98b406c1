package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// Dialect is one application version of FIX: which tags its messages have, and in which words it says what a report
// says. It is a table, made once from the version's dictionary when a link is configured.
type Dialect struct {
	Version risk.FIXVersion

	words       Dictionary
	tags        [len(ownTypes)]messageTags // of the messages that the gate writes
	transType   bool                       // ExecTransType(20) tells bust, correction and status from the rest: up to FIX.4.2
	execType    bool                       // ExecType(150) says what a report is about; without it, in FIX.4.0, OrdStatus(39) does
	business    bool                       // BusinessMessageReject(35=j), from FIX.4.2 on; before, Reject(35=3)
	numbered    bool                       // ExecID(17) is an integer: FIX.4.0
	mass        bool                       // OrderMassCancelRequest(35=q) and OrderMassStatusRequest(35=AF): from FIX.4.3 on
	undisclosed bool                       // Side(54) need not be told: from FIX.4.1 on

	restatements [otherRestatement + 1]bool // values of ExecRestatementReason(378) in a report

	// The version's own words for values of ExecType(150) and OrdStatus(39) in any version; 0: it has none.
	execTypes, statuses [128]byte
}

// Dictionary is what a Dialect asks of the dictionary of its version.
type Dictionary interface {
	Defines(msgType []byte, tag int) bool  // also inside a group of the message
	InBody(msgType []byte, tag int) bool   // outside of its groups
	Required(msgType []byte, tag int) bool // of those, must be there
	Permits(tag int, value []byte) bool    // the syntax, and the list of values
}

// ownTypes are the messages that the gate writes itself.
const ownTypes = "DFGH89j3qr"

// messageTags are tags of one message. The gate itself writes none above ownTagMax.
type messageTags struct{ has, must tagSet }

const ownTagMax = 1407

type tagSet [(ownTagMax + 1) / 64]uint64

func (s *tagSet) add(tag int) { s[tag>>6] |= 1 << (tag & 63) }

func (s *tagSet) in(tag int) bool { return tag <= ownTagMax && s[tag>>6]>>(tag&63)&1 != 0 }

// What stands for a value that a version lacks: the nearest of the older ones. A pending replace is the older
// pending cancel/replace; what expired is cancelled; an order that is only on its way in is new.
var (
	olderExecTypes = [128]byte{'E': '6', 'C': '4', 'A': '0'}
	olderStatuses  = [128]byte{'E': '6', 'C': '4', 'A': '0', 'D': '0'}
)

// NewDialect makes the table of a version.
func NewDialect(version risk.FIXVersion, words Dictionary) *Dialect {
	t := &Dialect{Version: version, words: words}
	for i := range ownTypes {
		msgType := []byte(ownTypes[i : i+1])
		for tag := 1; tag <= ownTagMax; tag++ {
			if words.InBody(msgType, tag) {
				t.tags[i].has.add(tag)
			}
			if words.Required(msgType, tag) {
				t.tags[i].must.add(tag)
			}
		}
	}
	report := t.of("8")
	t.transType, t.execType = report.has.in(fix.TagExecTransType), report.has.in(fix.TagExecType)
	t.mass = t.of("q").has.in(fix.TagMassCancelRequest)
	t.undisclosed = words.Permits(fix.TagSide, []byte("7"))
	t.numbered = !words.Permits(fix.TagExecID, []byte("G1"))
	t.business = t.of("j").has.in(fix.TagBusinessRejectReason)
	for code := range t.restatements {
		t.restatements[code] = report.has.in(fix.TagExecRestatementRsn) && words.Permits(fix.TagExecRestatementRsn, fix.AppendUint(nil, uint64(code)))
	}
	for c := range t.execTypes {
		t.execTypes[c] = t.nearest(fix.TagExecType, byte(c), &olderExecTypes)
		t.statuses[c] = t.nearest(fix.TagOrdStatus, byte(c), &olderStatuses)
	}
	return t
}

// nearest is a value where the version has it, else the older one that stands for it; 0: there is none.
func (t *Dialect) nearest(tag int, value byte, older *[128]byte) byte {
	for _, v := range [...]byte{value, older[value]} {
		if v != 0 && t.words.Permits(tag, []byte{v}) {
			return v
		}
	}
	return 0
}

// of are the tags of a message that the gate writes.
func (t *Dialect) of(msgType string) *messageTags {
	for i := range ownTypes {
		if ownTypes[i] == msgType[0] {
			return &t.tags[i]
		}
	}
	return &noTags
}

var noTags messageTags

// status is an OrdStatus(39) of any version in the version's own words; counted is how much of the order is executed.
// A status that stands for nothing in it, as replaced in FIX.4.4, is told by that.
func (t *Dialect) status(status byte, counted risk.Qty) byte {
	if own := t.statuses[status&127]; own != 0 {
		return own
	}
	if counted > 0 {
		return '1'
	}
	return '0'
}

// unread is what a report says of a field that it must have and that cannot be read in the message it answers.
func (t *Dialect) unread(tag int) string {
	switch {
	case tag == fix.TagSymbol:
		return "[N/A]"
	case tag != fix.TagSide:
		return "0"
	case t.undisclosed:
		return "7"
	}
	return "1"
}

// said is what a report says, in the words of FIX.4.4 and later.
type said struct {
	execType byte     // ExecType(150)
	status   byte     // OrdStatus(39)
	cum      risk.Qty // CumQty(14)
}

// spelt is how a version says it; what it has no tag for is 0.
type spelt struct{ transType, execType, status byte }

// spell says a report in the words of the version.
//
//	           until FIX.4.2              from FIX.4.3 on
//	fill       20=0 150=1 or 2            150=F
//	bust       20=1 150=the status        150=H
//	correction 20=2 150=the status        150=G
//	status     20=3 150=the status        150=I
//
// What a version has no ExecType for is told as a status report: it says how the order stands.
func (t *Dialect) spell(s said) spelt {
	w := spelt{status: t.status(s.status, s.cum)}
	if !t.transType {
		if w.execType = t.execTypes[s.execType&127]; w.execType == 0 {
			w.execType = 'I'
		}
		return w
	}
	w.transType = '0'
	switch s.execType {
	case 'F':
		w.execType = '1'
		if w.status == '2' {
			w.execType = '2'
		}
	case 'H':
		w.transType, w.execType = '1', w.status
	case 'G':
		w.transType, w.execType = '2', w.status
	default:
		if w.execType = t.event(s.execType); w.execType == 0 {
			w.transType, w.execType = '3', w.status
		}
	}
	if !t.execType {
		w.status, w.execType = w.execType, 0
	}
	return w
}

// event is the older ExecType(150) of what is no execution; 0: there is none. FIX.4.0 has OrdStatus(39) for it.
func (t *Dialect) event(execType byte) byte {
	if t.execType {
		return t.execTypes[execType&127]
	}
	if execType == 'D' { // a status of the same letter says something else
		return 0
	}
	return t.statuses[execType&127]
}

// sheet is a message that the gate writes itself: a tag that the peer's version does not have in it is left out.
type sheet struct {
	*fix.Writer
	dialect *Dialect
	tags    *messageTags
}

// own opens a message of the gate's own on a link.
func (c *Core) own(ev *Event, d *Decision, l uint32, msgType string) sheet {
	t := c.set.Links[l].Dialect
	return sheet{c.begin(ev, d, l, msgType), t, t.of(msgType)}
}

func (s sheet) String(tag int, value string) {
	if s.tags.has.in(tag) {
		s.Writer.String(tag, value)
	}
}

func (s sheet) Value(tag int, value []byte) {
	if s.tags.has.in(tag) {
		s.Writer.Value(tag, value)
	}
}

// Char leaves out 0, which is no value.
func (s sheet) Char(tag int, value byte) {
	if value != 0 && s.tags.has.in(tag) {
		s.Writer.Char(tag, value)
	}
}

func (s sheet) Decimal(tag int, value int64) {
	if s.tags.has.in(tag) {
		s.Writer.Decimal(tag, value)
	}
}

func (s sheet) Stamp(tag int, ns int64, p fix.Precision) {
	if s.tags.has.in(tag) {
		s.Writer.Stamp(tag, ns, p)
	}
}

func (s sheet) Uint(tag int, value uint64) {
	if s.tags.has.in(tag) {
		s.Writer.Uint(tag, value)
	}
}

// Code writes a code that the peer's version may have no true value for.
func (s sheet) Code(tag, code int) {
	if code != risk.Omit {
		s.Uint(tag, uint64(code))
	}
}
