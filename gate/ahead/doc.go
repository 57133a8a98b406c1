// Package ahead asks the processor for memory before it is needed: the journal for the lines of the next record, the core
// for the rows that an order's checks will read. In tables larger than any cache, memory is then waited for once and not
// row by row.
//
// All of it is advice. It changes nothing and never faults, wherever an address points; where no instruction for it is
// known, nothing is asked for.
//
// An address is asked for when it is known, and work is done before the memory is read: to ask and to read at once gains
// nothing. What lies in few places of many pages costs most, for the page has to be found as well.
package ahead
