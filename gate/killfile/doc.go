// Package killfile watches for the kill file: whoever may write in its folder stops trading by making it, with no more than
// a shell. Its appearance is the command, its owner the giver; it is removed once the kill is acknowledged.
//
// What the file says is one line as admin.ParseKill reads it. A file that is empty, that is no plain file, or whose line
// cannot be carried out stops the whole firm: who made it wanted something stopped. A file that is to name less than
// the firm must come into its place whole, by a rename.
//
// A kill that nobody carried out, because the engine is stopping, is given again, and its file stays until then. A file
// that cannot be removed counts once, until another takes its place.
package killfile
