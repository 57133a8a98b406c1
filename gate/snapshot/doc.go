// Package snapshot keeps the memory of tables in files, so that a start need not read the whole journal. It knows
// regions of bytes and a head that says what they are of; what the bytes mean is the program's that wrote them.
//
//	write.go   Write: one snapshot, whole and durable before it has its name; the newest two stay
//	read.go    Open: map a file and check every byte of it; Load: into tables of the same sizes
//
// # Format
//
// Little endian: magic (8 bytes) | length of the head (8) | head, JSON | regions | xxhash64 of all before (8).
// A region is its length (8), then runs of blocks that are not zero, each: number of its first block (8), how many
// bytes follow (8), the bytes; a run without bytes ends the region. Tables are laid out for a busy day, so most
// blocks are zero.
//
// # Invariants
//
//   - A file that has its name is whole: it was synced before it was renamed.
//   - Nothing of a snapshot is in a table before all of it was checked.
//   - Where the disk is full a snapshot fails and leaves nothing behind; the journal's own room is not touched.
package snapshot
