// Package ahead asks the processor for memory before it is needed. With tables larger than any cache, memory is then waited
// for once and not row by row. All of it is advice: it changes nothing, and never faults.
package ahead
