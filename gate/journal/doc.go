// Package journal is the gate's memory: audit log, FIX message store and recovery log in one total order.
//
// It knows records (a 64-byte header and payload bytes), not FIX. One thread, the engine, appends with Reserve
// and Commit; both are a few stores into memory, without system call, lock or allocation. Everything else reads
// with a Follower or a Reader, also from another process and also after the gate is dead.
//
//	engine ──Reserve, Commit──> tail (TailSegments files on tmpfs, a ring, always resident)
//	                             │ writer goroutine: pwrite, fdatasync, publish Durable, collect keys
//	                             └────> segments on disk (SegmentBytes each, preallocated) ──sealer──> .idx
//	followers: from the tail what the ring still holds, the rest from the segments
//
// Why two copies: appending to a disk file's mapping stalls with every sync; memory on tmpfs does not, and it
// survives kill -9 as the page cache does. Segment k is bytes [k*SegmentBytes, (k+1)*SegmentBytes) of the journal
// in both, so the writer copies ranges, and a Position means the same everywhere.
//
// The writer shares its cores with the engine, so it costs little: it looks once an interval and not for each
// record, writes large ranges of whole pages past the page cache (O_DIRECT, where the file system has it), and takes
// the keys for the index while the records are in memory, so that nothing reads and checks a segment twice.
//
// # How to read it
//
// record.go is the byte picture and its decoder. journal.go is what the engine calls; writer.go carries bytes to
// disk and keys.go their keys to the sealer; recover.go is Open after any kind of end; source.go decides where a
// reader's bytes come from; follow.go and reader.go are sequential and random reading; find.go and index.go are keys
// and their sidecars. Small parts: head.go (the page shared with readers), tail.go, segment.go, meta.go, marks.go.
//
// # Files
//
//	Dir/meta               who the journal is, its epoch, where its tail is, whether it was closed cleanly
//	Dir/marks              high-water marks of numbers, durable in blocks
//	Dir/NNNNNNNNNNNN.seg   segments; the newest few are still empty: they are the room for what comes next
//	Dir/NNNNNNNNNNNN.idx   key -> position of one full segment; rebuilt when missing or damaged
//	TailDir/head           appended and durable position;  TailDir/EEEEEEEE-SS.tail  the ring
//
// # Invariants
//
//   - Records start at multiples of 64, never straddle segments and number 1, 2, 3 ... without a gap. A pad
//     record, which has no number of its own, fills the end of a segment.
//   - A record's length is stored last; the word after the newest record is zero. So a killed writer leaves a
//     whole record or none, and reading stops at zero.
//   - A tail slot is overwritten only when everything in it is durable and its keys were collected.
//   - Behind the end of the journal a segment holds zeros, never what was in the ring before. The page in which it
//     ends is written again when more comes, with the same bytes in front: tearing it harms nothing durable.
//   - Position < Durable() survives the machine; Position < Appended() survives the process.
//   - Once a write or fdatasync failed nothing is called durable again: Space answers Failed until a new Open,
//     which writes everything above the last durable position again from the tail.
//   - Room for ReserveBytes is allocated on disk and in the tail before it is needed. Files are never sparse,
//     so no store can meet a full disk.
//   - Open never cuts off what is known to have been durable: damage there is an error that names the record.
package journal
