package dict

import (
	"bytes"
	"slices"

	"github.com/quickfixgo/quickfix"

	"portcullis/fix"
	"portcullis/fix/dict/internal/spec"
)

// disagreement is a reason for which quickfixgo's verdict on a message differs from ours. The table quickfixgo.txt in
// tableDir shows each one by a message, under its name.
type disagreement struct {
	name  string
	holds func(c *comparison) bool
}

// disagreements are tried in this order. What quickfixgo reads in another way comes first: then its verdict is on
// another message.
var disagreements = []disagreement{
	{"MsgType is not the third field", func(c *comparison) bool {
		return c.ours.Code == fix.FieldOrder && c.m.Fault.Code == fix.FieldOrder
	}},
	{"SOH inside data", func(c *comparison) bool {
		return c.any(func(i int) bool { return bytes.IndexByte(c.m.FieldValue(i), fix.SOH) >= 0 })
	}},
	{"BeginString, BodyLength, MsgType or CheckSum comes again", func(c *comparison) bool {
		return c.any(func(i int) bool {
			return i > 2 && i < c.m.Len()-1 && slices.Contains([]uint32{8, 9, 10, 35}, c.m.Field(i).Tag)
		})
	}},
	{"ApplVerID names another version", func(c *comparison) bool {
		return c.transport != nil && c.m.Has(fix.TagApplVerID)
	}},
	{"a tag that is none", func(c *comparison) bool {
		return c.m.BadTag() != nil && (c.ours == fix.Fault{Code: fix.InvalidTag} || bytes.Contains(c.m.Raw, []byte("\x010")))
	}},
	{"XmlDataLen without its XmlData", func(c *comparison) bool {
		return c.any(func(i int) bool {
			return c.m.Field(i).Tag == 212 && (i+1 == c.m.Len() || c.m.Field(i+1).Tag != 213 || c.m.Fault.Code == fix.IncorrectFormat)
		})
	}},
	{"fields behind a group inside a group", func(c *comparison) bool {
		return c.quick.Code == fix.RequiredMissing && c.m.Search(int(c.quick.Tag)) != nil && !c.has(c.quick.Tag) && c.place(c.quick.Tag)
	}},
	{"several required tags are missing", func(c *comparison) bool {
		return c.ours.Code == fix.RequiredMissing && c.quick.Code == fix.RequiredMissing && !c.has(c.ours.Tag) && c.place(c.ours.Tag)
	}},
	{"header and trailer differ between versions", func(c *comparison) bool {
		return c.any(func(i int) bool {
			tag := int(c.m.Field(i).Tag)
			return quickfix.Tag(tag).IsHeader() != c.session.IsHeader(tag) || quickfix.Tag(tag).IsTrailer() != c.session.IsTrailer(tag)
		})
	}},
	{"the trailer begins directly behind the header", func(c *comparison) bool {
		return c.ours.Code == fix.FieldOrder && c.any(func(i int) bool {
			return i < c.m.Len()-1 && c.session.IsTrailer(int(c.m.Field(i).Tag))
		})
	}},
	{"half of a length and data pair", func(c *comparison) bool {
		return c.ours.Code == fix.RequiredMissing && slices.ContainsFunc(fix.DataPairs(), func(p [2]int) bool {
			return slices.Contains(p[:], int(c.ours.Tag))
		})
	}},
	{"data that does not fit its length", func(c *comparison) bool {
		return c.ours.Code == fix.IncorrectFormat && lengthOf(c.ours.Tag) != 0
	}},
	{"a list of values", func(c *comparison) bool {
		return c.quick.Code == fix.IncorrectValue && c.typeOf(c.quick.Tag).ListsValues()
	}},
	{"a MsgType that the field does not list", func(c *comparison) bool {
		return c.quick == fix.Fault{Code: fix.IncorrectValue, Tag: fix.TagMsgType}
	}},
	{"the syntax of most types", func(c *comparison) bool {
		return c.ours.Code == fix.IncorrectFormat && !slices.Contains([]format{integer, decimal, yesNo, utcTimestamp}, c.formatOf(c.ours.Tag))
	}},
	{"a leap second, and decimals other than three, six or nine", func(c *comparison) bool {
		return c.quick.Code == fix.IncorrectFormat && c.formatOf(c.quick.Tag) == utcTimestamp
	}},
	{"a tag that is allowed though it has no place comes again", func(c *comparison) bool {
		return c.quick.Code == fix.RepeatedTag && !c.place(c.quick.Tag)
	}},
	{"a tag that is allowed though unknown stands in a group", func(c *comparison) bool {
		return (c.inGroup(c.quick) || c.inGroup(c.ours)) && c.any(func(i int) bool { return c.typeOf(c.m.Field(i).Tag) == 0 })
	}},
	{"the last fields of a group entry are missing, and another entry follows", func(c *comparison) bool {
		return c.ours.Code == fix.RequiredMissing && !c.place(c.ours.Tag) && c.quick.Code != fix.RequiredMissing
	}},
	{"fields of a group entry out of order", func(c *comparison) bool {
		return c.ours.Code == fix.GroupOrder && c.leftOver()
	}},
	{"a field of a group entry comes twice", func(c *comparison) bool {
		return c.ours.Code == fix.RepeatedTag && c.leftOver()
	}},
	{"a wrong count, and behind the group a field that the entry around it needs", func(c *comparison) bool {
		return c.ours.Code == fix.GroupCount && c.quick.Code == fix.RequiredMissing && !c.place(c.quick.Tag)
	}},
	{"several fields of a group entry are missing", func(c *comparison) bool {
		return c.ours.Code == fix.RequiredMissing && c.quick.Code == fix.RequiredMissing && !c.place(c.ours.Tag)
	}},
}

// any is true if the condition is, for some field.
func (c *comparison) any(condition func(i int) bool) bool {
	for i := range c.m.Len() {
		if condition(i) {
			return true
		}
	}
	return false
}

// has is true if quickfixgo has found the tag outside of groups.
func (c *comparison) has(tag uint32) bool {
	t := quickfix.Tag(tag)
	return c.msg.Header.Has(t) || c.msg.Body.Has(t) || c.msg.Trailer.Has(t)
}

// inGroup is true for a fault that only a group can have.
func (c *comparison) inGroup(f fix.Fault) bool {
	return f.Code == fix.GroupCount || f.Code == fix.GroupOrder || f.Code == fix.RequiredMissing && !c.place(f.Tag)
}

// place is true if the tag has a place in the message outside of groups.
func (c *comparison) place(tag uint32) bool {
	f := c.session.field(int(tag))
	return c.dictionary().InBody(c.m.Type(), int(tag)) || c.session.has(c.session.direct, spec.Header, f) ||
		c.session.has(c.session.direct, spec.Trailer, f)
}

// leftOver is true for what quickfixgo says when it stops reading a group where the next field is not the one that the
// dictionary lists next: it goes on with that field as one of the message.
func (c *comparison) leftOver() bool {
	switch c.quick.Code {
	case fix.GroupCount, fix.RequiredMissing, fix.NotDefined, fix.RepeatedTag:
		return true
	}
	return c.quick.Code == fix.NoFault && (c.switches.AllowUnknownMsgFields || !c.switches.ValidateUserDefinedFields)
}

// dictionary is the one of the message's body.
func (c *comparison) dictionary() *Dict {
	if c.session.IsAdmin(c.m.Type()) {
		return c.session
	}
	return c.app
}

func (c *comparison) typeOf(tag uint32) Type {
	if t := c.dictionary().FieldType(int(tag)); t != 0 {
		return t
	}
	return c.session.FieldType(int(tag))
}

func (c *comparison) formatOf(tag uint32) format {
	p, _ := c.validator.find(&c.m)
	if p == nil {
		p = c.validator.session
	}
	return p.rule(tag).format
}
