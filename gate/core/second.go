package core

import "portcullis/risk"

const (
	// Words of one user for what takes a second one. WordGiven: the user in Seq has given a command of the kind in Value;
	// Qty names it by all that it says; it waits until the day roll. WordTaken: another user has given the same, so that it waits no more; Qty 0: nor do
	// the others of its kind.
	WordGiven EffectKind = 126
	WordTaken EffectKind = 127

	// AskedBeside: noted like SecondPerson; another user's other command of the same kind waits as well.
	AskedBeside ReplyCode = 78
)

// wordsMax is how many commands wait for a second person at a time. One more takes the place of the one that waits
// longest.
const wordsMax = 16

// Word is a command that waits for a second person: the same, given by another user, is carried out.
type Word struct {
	what uint64 // names it by all that it says, whoever gives it and why
	UID  uint32 // who has given it
	Kind CommandKind
	_    [3]byte
}

// second says whether another user has given the same command, which is then carried out: Done. Else it is noted, and the
// reply says whether others wait beside it.
func (c *Core) second(d *Decision, m *Command, what uint64) ReplyCode {
	words := c.reg.words[:c.reg.wordsUsed]
	known, beside := false, false
	for i := range words {
		switch w := &words[i]; {
		case w.Kind != m.Kind:
		case w.what == what && w.UID != m.UID:
			e := d.effect(WordTaken)
			e.Value, e.Qty = uint64(m.Kind), risk.Qty(what)
			return Done
		case w.what == what:
			known = true
		case w.UID != m.UID:
			beside = true
		}
	}
	e := d.effect(WordGiven)
	e.Value, e.Seq, e.Qty = uint64(m.Kind), uint64(m.UID), risk.Qty(what)
	switch {
	case !known && len(words) == wordsMax:
		return AskedInstead
	case beside:
		return AskedBeside
	}
	return SecondPerson
}

// loosens does so of a command that trades on what the files or a rule hold, or gives back credit: two people stand
// behind it where two stand behind the files (behaviour 12).
func (c *Core) loosens(d *Decision, m *Command, what uint64) ReplyCode {
	if !c.set.FourEyes {
		return Done
	}
	return c.second(d, m, what)
}

// aboutInstrument names a command that says nothing but which instrument it is about.
func aboutInstrument(instrument uint32) uint64 { return uint64(instrument) + 1 }

func (c *Core) applyWord(e *Effect) {
	kind, what, user := CommandKind(e.Value), uint64(e.Qty), uint32(e.Seq)
	r := c.reg
	kept := uint8(0)
	for _, w := range r.words[:r.wordsUsed] {
		gone := w.Kind == kind && (w.what == what && (e.Kind == WordTaken || w.UID == user) || e.Kind == WordTaken && what == 0)
		if !gone {
			r.words[kept] = w
			kept++
		}
	}
	clear(r.words[kept:])
	if e.Kind == WordGiven {
		if kept == wordsMax {
			copy(r.words[:], r.words[1:])
			kept--
		}
		r.words[kept] = Word{what: what, UID: user, Kind: kind}
		kept++
	}
	r.wordsUsed = kept
}

// Words are the commands that wait for a second person, the one that waits longest first.
func (c *Core) Words() []Word { return c.reg.words[:c.reg.wordsUsed] }
