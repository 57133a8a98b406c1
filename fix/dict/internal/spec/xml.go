package spec

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// Bounds of the XML text.
const (
	fileBytesMax = 8 << 20 // FIX50SP2.xml has 523,021 bytes
	nodesMax     = 1 << 19
	depthMax     = 32 // elements inside elements
)

// Error is a fault of a dictionary, with the line of the XML that shows it.
type Error struct {
	Line    int // from 1; 0 = the file as a whole
	Problem string
}

// Error gives line and problem; the caller puts the file's name in front.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Problem
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Problem)
}

func faultf(line int, format string, args ...any) error {
	return &Error{Line: line, Problem: fmt.Sprintf(format, args...)}
}

// node is one XML element.
type node struct {
	name     string
	line     int
	attrs    []xml.Attr
	children []*node
}

// attr returns the value of an attribute, "" if there is none.
func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// child returns the first child element of that name; a missing one is an empty element.
func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return &node{name: name, line: n.line}
}

// readTree reads the whole text and returns its root element.
func readTree(r io.Reader) (*node, error) {
	limited := &io.LimitedReader{R: r, N: fileBytesMax + 1}
	dec := xml.NewDecoder(limited)
	// Only attribute values are read, and those are ASCII in any encoding that dictionaries declare.
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var root *node
	var open []*node
	for count := 0; ; {
		tok, err := dec.Token()
		line, _ := dec.InputPos()
		if limited.N <= 0 {
			return nil, faultf(0, "larger than %d bytes: not a dictionary", fileBytesMax)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, faultf(line, "not well-formed XML: %v", err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			n := &node{name: t.Name.Local, line: line, attrs: t.Copy().Attr}
			if count++; count > nodesMax || len(open) >= depthMax {
				return nil, faultf(line, "more than %d elements, or nested deeper than %d", nodesMax, depthMax)
			}
			if len(open) > 0 {
				parent := open[len(open)-1]
				parent.children = append(parent.children, n)
			} else if root != nil {
				return nil, faultf(line, "second root element <%s>", n.name)
			} else {
				root = n
			}
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
	if root == nil {
		return nil, faultf(0, "empty: expected a <fix> element")
	}
	return root, nil
}
