// Package cell keeps a few bytes in a file that is always either old or new, whatever moment the process or the
// machine dies, and that needs no room on the disk once it is there. The journal keeps in cells who it is and its
// marks, the watchdog what was killed hard.
//
// # Invariants
//
//   - A Write that returns nil is durable.
//   - A reader, also of another process and while a write is at work, sees the last content that was written whole.
//   - One process at a time writes a cell; which one, its user makes sure.
package cell
