package risk

// Halt stops or resumes new orders in one instrument. An unknown number is ignored.
func (b *Book) Halt(ins uint32, halted bool) {
	if ins < uint32(len(b.instruments)) {
		b.instruments[ins].halted = halted
	}
}
