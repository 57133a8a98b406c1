// Package fix is the wire: it finds FIX messages in a byte stream, indexes their fields where
// they lie, and appends new messages to a buffer. It knows bytes, tags and lengths; what a message
// means is decided elsewhere (fix/link for sessions, gate/core for orders).
//
// A message travels through this package in four steps, one file each:
//
//	frame.go    Frame: where does the message end, is it whole, is its checksum right?
//	message.go  Message.Index: one pass that notes tag, offset and length of each field
//	number.go   ParseDecimal, ParseUint, AppendDecimal: canonical numbers, scaled integers, no float
//	writer.go   Writer: Begin, fields, End; BodyLength and CheckSum are patched in at the end
//
// beside them stamp.go (UTCTimestamp in milli-, micro- and nanoseconds), checksum.go and tag.go.
//
// Invariants:
//   - Nothing here allocates, locks, reads a clock or keeps a pointer into a caller's buffer: a
//     Message holds offsets and is valid until its bytes are overwritten.
//   - No input panics. Each decoder has a fuzz target.
//   - A value is never trimmed, folded or corrected. What cannot be read exactly is a fault that
//     names the tag.
package fix
