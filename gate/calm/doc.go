// Package calm keeps a log readable in a flood.
//
// Of lines that say the same of the same source the first is written at once; those that follow are counted, and one
// line says every ten seconds how many they were and what the last of them said. A source that was quiet for so long is heard at once again.
//
// # Invariants
//
//   - No line is lost without a count; Flush says what is left of the counts.
//   - Memory is bounded: where too many kinds and sources are known, the lines of further ones count together.
//   - A timer runs only while there is something to count or forget.
package calm
