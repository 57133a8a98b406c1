// Package dict answers what the FIX dictionaries say about a tag: is it a header field, does this message know
// it, is it inside this repeating group, is this value permitted, what is it called.
//
// A Dict is built once, when a link is configured, and never changes; afterwards every lookup is a few array
// accesses without allocation, lock or map, so the order path may ask for every tag of every message. For gives
// the standard versions, Load and LoadFIXT read a broker's own QuickFIX XML with the same compiler.
//
// The standard dictionaries are those of the quickfix module, compiled by "go generate" into dictionaries.bin:
// names, numbers and permitted values, nothing else. A version is decoded and its tables are built at its first
// use.
//
// FIX 5.0 and later split the dictionary in two: FIXT.1.1 has header, trailer and session messages, the
// application version has the rest. For and LoadFIXT join them for lookups. A Validator keeps them apart: a session
// message may use only what the session's dictionary has, and each application message may name its version.
//
//	Shelf, the dictionaries of a link --NewValidator--> Validator.Judge(message) --> fix.Fault, for a Reject(35=3)
//
// How to read it: dict.go has the lookups and, at the top, the tables; build.go fills them; load.go finds the
// source. Package internal/spec has the model and the XML. validator.go says what is asked of which tag, walk.go asks
// it in one pass over a message, glance.go lets what is plain pass quickly, format.go has the syntax of values. carry.go tells what of a message another version
// can take over. The tables of testdata/dict show each rule.
//
// Invariants: tags without a field, messages without a definition and groups that do not exist answer false, ""
// or 0, whatever the number: unknown is never permitted. The byte slices given to a lookup are not kept.
package dict
