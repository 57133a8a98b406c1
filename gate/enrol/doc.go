// Package enrol brings a client's FIX session into the files of a gate. The client sends the QuickFIX settings file
// of its initiator; New turns the session round (fix/settings.MirrorOf), and says what the gate's files still lack
// for it: a session alone gives nobody a right.
//
//	enrol.go  which session of their file, and what it becomes
//	lacks.go  what a human has to add
//	write.go  the diff, and the new file in the place of the old one
//
// Invariants: nothing is written that gate check would call wrong of the settings file; what is in the file stays byte
// for byte; a value of their file that is not part of the section is not shown, for it may be a secret.
package enrol
