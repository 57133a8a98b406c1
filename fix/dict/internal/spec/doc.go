// Package spec turns a QuickFIX XML dictionary into a Model and a Model into a few bytes.
//
// The XML format is hard to use directly: components nest in components, requiredness depends on the whole
// chain, and the same group is spelled out in many messages. A Model has none of that. Components are folded
// into the messages and groups that use them, equal groups are stored once, and every reference is a tag
// number. Package dict builds its lookup tables from a Model; it does not care whether the Model came from XML
// (a broker's own file) or from the bytes in the binary.
//
//	XML --ParseXML--> Model --Encode--> dictionaries.bin (go generate)
//	                    ^---- Archive.Model ----'         (at first use)
//
// How to read it: spec.go has the Model, xml.go the element tree with its line numbers, resolve.go the folding,
// blob.go the bytes. Only names, numbers and enumerated values are taken from the XML; descriptions are never
// read.
//
// Invariants of a Model: Fields ascend by tag without repetition; every tag of an Entry has a Field; scope 0 is
// the header, 1 the trailer; a group's number is smaller than that of the message or group that uses it, so
// nesting never loops (header and trailer come first and are used by nobody); a scope never lists a tag twice.
// ParseXML and Archive.Model return only Models for which Check passes.
package spec
