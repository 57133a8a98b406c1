// Package ring carries bytes from one thread to one other thread.
//
// It is a bounded queue with a single producer and a single consumer (SPSC) on memory the caller gives.
// Slots have a fixed size; Push copies bytes in, Peek
// shows the oldest slot in place, Release gives it back. Nothing blocks, nothing allocates, nobody is woken:
// a full ring is an answer (false), an empty one too, and the consumer polls in its own cycle.
//
// # How to read it
//
// layout.go is the picture of the memory and the only place that reads or writes its header; ring.go is
// Push, Peek and Release.
//
// # Invariants
//
//   - Only the producer writes `pushed` and the slots in [released, released+SlotCount); only the consumer
//     writes `released`. Both count up for ever; slot = index modulo SlotCount.
//   - A slot's bytes are written before `pushed` is stored (release) and read after it is loaded (acquire).
//   - Each side keeps a private copy of the other side's index and looks at the shared one only when the
//     copy says full or empty, so in steady flow a push costs no cache line of the other side.
//   - No pointer is ever stored in the memory. What another process wrote is checked before use: damaged
//     indexes read as full for the producer and empty for the consumer, a damaged slot length is skipped and
//     counted. Nothing read from the memory can make this package panic or read outside it.
//   - The bytes Peek returns live in the shared memory until Release. Where the producer is not trusted,
//     copy them before judging them.
package ring
