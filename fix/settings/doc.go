// Package settings reads the QuickFIX settings file, the format in which brokers already keep
// their FIX sessions: [DEFAULT] and [SESSION] sections of key=value lines, '#' comments.
//
// A broker brings the file it has. So the meaning must be exactly the one of the QuickFIX family:
// on every file that both this package and quickfixgo's ParseSettings accept, the keys and values
// are equal (a differential fuzz test holds that). Where quickfixgo is careless we are not:
//
//   - every key knows its line, so every error names file, line, key and cure;
//   - a key before the first section is an error, not a panic;
//   - blanks around a key are trimmed ("HeartBtInt =30" is HeartBtInt);
//   - a second [DEFAULT] section does not swallow the session before it;
//   - the same key twice in one section with two values is an error, not a silent choice.
//
// There are two layers. Scan is pure text: lines to sections. Read is meaning: sections to typed
// Session values, where each key is looked up in one table (keys.go) that says whether it is
// honoured, accepted only at a harmless value, ignored with a note, or refused with the reason.
// A key that is not in the table is an error with the nearest known key as a hint: a misspelt
// ResetOnLogon must never pass silently.
//
// Invariants: no input panics; nothing is kept of a file that has an error (fail closed); a
// Session returned by Read is complete and within the ranges stated at its fields.
package settings
