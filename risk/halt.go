package risk

// Halt stops or resumes new orders in one instrument. An unknown number is ignored.
func (b *Book) Halt(ins uint32, halted bool) {
	if ins < uint32(len(b.instruments)) {
		b.instruments[ins].halted = halted
	}
}

// Halted is what Halt said last, or else the instrument's own data.
func (b *Book) Halted(ins uint32) bool { return b.instruments[ins].halted }
