package assemble

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Mapped gives zeroed memory outside the Go heap, in huge pages and prefaulted where the kernel
// can, so that the engine never waits for a page and the garbage collector never looks at a table.
// It panics when the machine has no memory left: at start, before any order.
func Mapped(bytes int) []byte {
	mem, err := unix.Mmap(-1, 0, bytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		panic(fmt.Sprintf("no memory for a table of %d bytes: %v; lower gate.capacity", bytes, err))
	}
	// Both are advice: without huge pages a table costs more misses, without the prefault each page
	// its first touch.
	_ = unix.Madvise(mem, unix.MADV_HUGEPAGE)
	_ = unix.Madvise(mem, unix.MADV_POPULATE_WRITE)
	return mem
}

// HugePages asks for huge pages for memory of the Go heap, as far as whole ones lie in it.
func HugePages(mem []byte) {
	const size = 1 << 21
	skip := -uintptr(unsafe.Pointer(unsafe.SliceData(mem))) % size
	if rest := uintptr(len(mem)) - min(skip, uintptr(len(mem))); rest >= size {
		_ = unix.Madvise(mem[skip:skip+rest/size*size], unix.MADV_HUGEPAGE)
	}
}

// Heap gives ordinary memory: for tests under the race detector, which does not see mapped memory,
// and for tools that read a journal once.
func Heap(bytes int) []byte { return make([]byte, bytes) }
