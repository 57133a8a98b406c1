package poll

// Buffer holds bytes between two offsets of one array: written at the end, taken from the front.
// The free room at the end is what a Read may fill. No allocation after NewBuffer.
type Buffer struct {
	bytes      []byte
	start, end int
}

// NewBuffer returns a buffer of size bytes.
func NewBuffer(size int) Buffer { return Buffer{bytes: make([]byte, size)} }

// Len is how many bytes wait.
func (b *Buffer) Len() int { return b.end - b.start }

// Bytes are the waiting bytes, valid until the next call.
func (b *Buffer) Bytes() []byte { return b.bytes[b.start:b.end] }

// Room is the free part at the end. What waits is moved to the front first when less than a
// quarter of the array is free there, so that a move is paid once for many messages.
func (b *Buffer) Room() []byte {
	if b.start > 0 && len(b.bytes)-b.end < len(b.bytes)/4 {
		copy(b.bytes, b.bytes[b.start:b.end])
		b.start, b.end = 0, b.end-b.start
	}
	return b.bytes[b.end:]
}

// Added says that n bytes of Room were filled.
func (b *Buffer) Added(n int) { b.end += n }

// Taken says that the first n waiting bytes are done with.
func (b *Buffer) Taken(n int) {
	b.start += n
	if b.start == b.end {
		b.start, b.end = 0, 0
	}
}

// Flush writes what waits to fd once and reports whether all of it went.
func (b *Buffer) Flush(fd int) (done bool, err error) {
	if b.Len() == 0 {
		return true, nil
	}
	n, err := Write(fd, b.Bytes())
	b.Taken(n)
	return b.Len() == 0, err
}
