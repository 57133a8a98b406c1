package spec

import (
	"encoding/binary"
	"io"
	"slices"
	"strconv"
)

const componentDepthMax = 64 // components inside components

// ParseXML reads a QuickFIX dictionary. Errors are of type *Error.
func ParseXML(r io.Reader) (*Model, error) {
	root, err := readTree(r)
	if err != nil {
		return nil, err
	}
	res := &resolver{
		model:  &Model{Scopes: make([]Scope, Trailer+1)},
		field:  map[string]int{},
		comp:   map[string]*component{},
		groups: map[string]int{},
	}
	if err := res.run(root); err != nil {
		return nil, err
	}
	if err := res.model.Check(); err != nil {
		return nil, faultf(0, "%v", err)
	}
	if _, err := res.model.DataPairs(); err != nil {
		return nil, faultf(root.child("fields").line, "%v", err)
	}
	return res.model, nil
}

// resolver folds components into the scopes that use them and gives equal groups one scope.
type resolver struct {
	model   *Model
	field   map[string]int // name -> tag
	comp    map[string]*component
	groups  map[string]int // content of a group -> scope
	entries int            // work done, bounded by EntriesMax
	depth   int            // components being folded
}

// component is folded once, at its first use.
type component struct {
	node  *node
	scope Scope
	state int // 0 = not folded, 1 = being folded, 2 = folded
}

func (r *resolver) run(root *node) error {
	if root.name != "fix" {
		return faultf(root.line, "root element is <%s>, not <fix>", root.name)
	}
	for _, c := range root.children {
		switch c.name {
		case "header", "trailer", "messages", "components", "fields":
		default:
			return faultf(c.line, "unknown element <%s> in <fix>", c.name)
		}
		if root.child(c.name) != c {
			return faultf(c.line, "second <%s>", c.name)
		}
	}
	if err := r.readName(root); err != nil {
		return err
	}
	if err := r.readFields(root.child("fields")); err != nil {
		return err
	}
	if err := r.readComponents(root.child("components")); err != nil {
		return err
	}
	var err error
	if r.model.Scopes[Header], err = r.scope(root.child("header")); err != nil {
		return err
	}
	if r.model.Scopes[Trailer], err = r.scope(root.child("trailer")); err != nil {
		return err
	}
	return r.readMessages(root.child("messages"))
}

// readName derives FIX.4.4, FIXT.1.1 or FIX.5.0SP2 from the attributes of <fix>.
func (r *resolver) readName(root *node) error {
	kind := root.attr("type")
	if kind == "" {
		kind = "FIX" // dictionaries older than FIXT do not say
	}
	if kind != "FIX" && kind != "FIXT" {
		return faultf(root.line, "type=%q of <fix>: expected FIX or FIXT", kind)
	}
	for _, a := range []string{"major", "minor"} {
		if v := root.attr(a); len(v) != 1 || v[0] < '0' || v[0] > '9' {
			return faultf(root.line, "%s=%q of <fix>: expected one digit", a, v)
		}
	}
	r.model.Name = kind + "." + root.attr("major") + "." + root.attr("minor")
	switch sp := root.attr("servicepack"); {
	case sp == "" || sp == "0":
	case len(sp) == 1 && sp[0] >= '1' && sp[0] <= '9':
		r.model.Name += "SP" + sp
	default:
		return faultf(root.line, "servicepack=%q of <fix>: expected one digit", sp)
	}
	return nil
}

func (r *resolver) readFields(fields *node) error {
	lineOf := map[int]int{}
	for _, n := range fields.children {
		if n.name != "field" {
			return faultf(n.line, "unknown element <%s> in <fields>", n.name)
		}
		f, err := readField(n)
		if err != nil {
			return err
		}
		if first, twice := lineOf[f.Tag]; twice {
			return faultf(n.line, "field number %d is already used in line %d", f.Tag, first)
		}
		if tag, twice := r.field[f.Name]; twice {
			return faultf(n.line, "field name %s is already used for %d in line %d", f.Name, tag, lineOf[tag])
		}
		lineOf[f.Tag], r.field[f.Name] = n.line, f.Tag
		r.model.Fields = append(r.model.Fields, f)
	}
	if len(r.model.Fields) > FieldsMax {
		return faultf(fields.line, "%d fields: at most %d", len(r.model.Fields), FieldsMax)
	}
	slices.SortFunc(r.model.Fields, func(a, b Field) int { return a.Tag - b.Tag })
	return nil
}

func readField(n *node) (Field, error) {
	f := Field{Name: n.attr("name")}
	var err error
	if f.Tag, err = strconv.Atoi(n.attr("number")); err != nil || f.Tag < 1 || f.Tag > TagMax {
		return f, faultf(n.line, "number=%q of field %q: expected 1 to %d", n.attr("number"), f.Name, TagMax)
	}
	if f.Name == "" {
		return f, faultf(n.line, "field %d has no name", f.Tag)
	}
	var ok bool
	if f.Type, ok = parseType(n.attr("type")); !ok {
		return f, faultf(n.line, "type=%q of field %s(%d) is not a FIX data type", n.attr("type"), f.Name, f.Tag)
	}
	seen := make(map[string]bool, len(n.children))
	for _, v := range n.children {
		value := v.attr("enum")
		if v.name != "value" || value == "" {
			return f, faultf(v.line, "<%s> in field %s(%d): expected <value enum='...'>", v.name, f.Name, f.Tag)
		}
		if !seen[value] {
			seen[value] = true
			f.Enums = append(f.Enums, value)
		}
	}
	return f, nil
}

func (r *resolver) readComponents(components *node) error {
	for _, n := range components.children {
		name := n.attr("name")
		if n.name != "component" || name == "" {
			return faultf(n.line, "<%s> in <components>: expected <component name='...'>", n.name)
		}
		if first := r.comp[name]; first != nil {
			return faultf(n.line, "component %s is already defined in line %d", name, first.node.line)
		}
		r.comp[name] = &component{node: n}
	}
	for _, n := range components.children { // also those nobody uses: a fault in them is a fault of the file
		if _, err := r.fold(n); err != nil {
			return err
		}
	}
	return nil
}

func (r *resolver) readMessages(messages *node) error {
	lineOf := map[string]int{}
	for _, n := range messages.children {
		msg := Message{MsgType: n.attr("msgtype"), Name: n.attr("name"), Admin: n.attr("msgcat") == "admin"}
		if n.name != "message" || msg.Name == "" {
			return faultf(n.line, "<%s> in <messages>: expected <message name='...'>", n.name)
		}
		if len(msg.MsgType) == 0 || len(msg.MsgType) > MsgTypeMax {
			return faultf(n.line, "msgtype=%q of message %s: expected 1 to %d bytes", msg.MsgType, msg.Name, MsgTypeMax)
		}
		if first, twice := lineOf[msg.MsgType]; twice {
			return faultf(n.line, "msgtype %s is already used in line %d", msg.MsgType, first)
		}
		lineOf[msg.MsgType] = n.line
		s, err := r.scope(n)
		if err != nil {
			return err
		}
		if msg.Scope, err = r.newScope(n, s); err != nil {
			return err
		}
		r.model.Messages = append(r.model.Messages, msg)
	}
	return nil
}

func (r *resolver) newScope(n *node, s Scope) (int, error) {
	if len(r.model.Scopes) >= ScopesMax {
		return 0, faultf(n.line, "more than %d messages and groups", ScopesMax)
	}
	r.model.Scopes = append(r.model.Scopes, s)
	return len(r.model.Scopes) - 1, nil
}

// scope lists the fields inside n, components folded in.
func (r *resolver) scope(n *node) (Scope, error) {
	b := builder{at: map[int]int{}}
	for _, c := range n.children {
		required := c.attr("required")
		if required != "Y" && required != "N" && required != "" {
			return nil, faultf(c.line, "required=%q of %s: expected Y or N", required, c.attr("name"))
		}
		part, err := r.part(c, required == "Y")
		if err != nil {
			return nil, err
		}
		if r.entries += len(part) + 1; r.entries > EntriesMax {
			return nil, faultf(c.line, "more than %d fields in messages, groups and components together", EntriesMax)
		}
		for _, e := range part {
			if !b.add(e) {
				return nil, faultf(c.line, "%s brings tag %d again with another group", c.attr("name"), e.Tag)
			}
		}
	}
	return b.scope, nil
}

// part returns what one element contributes to the scope around it.
func (r *resolver) part(n *node, required bool) (Scope, error) {
	name := n.attr("name")
	if n.name == "component" {
		folded, err := r.fold(n)
		if err != nil {
			return nil, err
		}
		folded = slices.Clone(folded)
		for i := range folded {
			folded[i].Required = folded[i].Required && required
		}
		return folded, nil
	}
	if n.name != "field" && n.name != "group" {
		return nil, faultf(n.line, "unknown element <%s>: expected field, group or component", n.name)
	}
	tag, ok := r.field[name]
	if !ok {
		return nil, faultf(n.line, "%s %q is not in <fields>", n.name, name)
	}
	e := Entry{Tag: tag, Required: required}
	if n.name == "group" {
		members, err := r.scope(n)
		if err != nil {
			return nil, err
		}
		if e.Group, err = r.group(n, members); err != nil {
			return nil, err
		}
	}
	return Scope{e}, nil
}

// group returns the scope of a repeating group; groups of equal content share one.
func (r *resolver) group(n *node, members Scope) (int, error) {
	if len(members) == 0 {
		return 0, faultf(n.line, "group %s has no fields, hence no delimiter", n.attr("name"))
	}
	var key []byte
	for _, e := range members {
		key = appendEntry(key, e)
	}
	if id, ok := r.groups[string(key)]; ok {
		return id, nil
	}
	id, err := r.newScope(n, members)
	r.groups[string(key)] = id
	return id, err
}

// fold returns the fields of the component that n names.
func (r *resolver) fold(n *node) (Scope, error) {
	name := n.attr("name")
	c := r.comp[name]
	switch {
	case c == nil:
		return nil, faultf(n.line, "component %q is not in <components>", name)
	case c.state == 2:
		return c.scope, nil
	case c.state == 1:
		return nil, faultf(n.line, "component %s contains itself", name)
	case r.depth >= componentDepthMax:
		return nil, faultf(n.line, "components nested deeper than %d", componentDepthMax)
	}
	c.state = 1
	r.depth++
	var err error
	c.scope, err = r.scope(c.node)
	r.depth--
	c.state = 2
	return c.scope, err
}

// builder collects a scope; at maps a tag to its place.
type builder struct {
	scope Scope
	at    map[int]int
}

// add appends e. A field that comes again (in the message and in a component of it, say) keeps its first place
// and is required if either says so; false means that the two differ in their group.
func (b *builder) add(e Entry) bool {
	i, again := b.at[e.Tag]
	if !again {
		b.at[e.Tag] = len(b.scope)
		b.scope = append(b.scope, e)
		return true
	}
	old := &b.scope[i]
	old.Required = old.Required || e.Required
	return old.Group == e.Group
}

// appendEntry writes an entry: tag, required and "has a group" in one number, then the group.
func appendEntry(dst []byte, e Entry) []byte {
	v := uint64(e.Tag) << 2
	if e.Required {
		v |= 2
	}
	if e.Group != 0 {
		v |= 1
	}
	dst = binary.AppendUvarint(dst, v)
	if e.Group != 0 {
		dst = binary.AppendUvarint(dst, uint64(e.Group))
	}
	return dst
}
