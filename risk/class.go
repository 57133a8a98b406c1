package risk

// Class is the asset class of an instrument. Of one whose class nobody gave nothing may be said. The
// numbers are journaled and never reused.
type Class uint8

const (
	AnyClass Class = 0 // none is known; in a Part: all of them
	Stock    Class = 1
	ETF      Class = 2
	Bond     Class = 3
	Option   Class = 4
	Future   Class = 5

	classes = 6
)

// OneInstrument in a Part stands for a single instrument instead of a class.
const OneInstrument Class = 255

// Part says in which instruments of a scope a limit holds: in all, in those of a class, or in one.
type Part struct {
	Class      Class
	Instrument uint32 // where Class is OneInstrument
}

// key numbers parts: classes, then instruments.
func (p Part) key() uint32 {
	if p.Class == OneInstrument {
		return classes + p.Instrument
	}
	return uint32(p.Class)
}
