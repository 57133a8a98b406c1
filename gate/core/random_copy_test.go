package core

import (
	"fmt"

	"portcullis/fix/link"
)

// copy has the drop copy tell of the report that the venue's line gives next: later, at once, or never. It does not always
// know the order's id, or tells another quantity.
func (x *chaos) copy(o *venueOrder, execType, terms string) {
	if !x.conf.dropCopy || x.r.IntN(8) == 0 {
		return
	}
	account, id := x.pick("ACME-1", "ACME-1", "AC-TWO", "WHO"), o.id
	if x.r.IntN(5) == 0 {
		id = "CLEARER"
	}
	if x.r.IntN(12) == 0 && execType == "F" {
		terms = "32=2|31=50|"
	}
	x.copies = append(x.copies, fmt.Sprintf("35=8|11=%s|37=V|17=E%d|150=%s|39=1|54=%s|55=IBM|14=1|151=0|6=0|1=%s|%s", id, x.execs+1,
		execType, o.side, account, terms))
	if x.r.IntN(3) == 0 {
		x.tellCopy()
		x.listen()
	}
}

// tellCopy is the drop copy telling what it owes, in any order and now and then twice, or what others have executed.
func (x *chaos) tellCopy() {
	if x.core.Phase(acme2) != link.Up {
		x.connect(acme2)
		return
	}
	if len(x.copies) == 0 || x.r.IntN(6) == 0 {
		x.execs++
		x.seen["foreign"]++
		x.tell(fmt.Sprintf("35=8|11=OTHER|37=V|17=E%d|150=F|39=1|54=%s|55=%s|32=%d|31=50|14=1|151=0|6=0|1=%s|", x.execs, x.pick("1", "2"),
			x.pick("IBM", "MSFT"), 1+x.r.IntN(40), x.pick("BETA-1", "ACME-1", "WHO")))
		return
	}
	i := x.r.IntN(len(x.copies))
	text := x.copies[i]
	if x.r.IntN(6) > 0 {
		x.copies = append(x.copies[:i:i], x.copies[i+1:]...)
	}
	x.seen["copied"]++
	x.tell(text)
}

func (x *chaos) tell(text string) {
	x.from(acme2, text)
	for _, e := range x.d.Effects[:x.d.EffectLen] {
		if e.Kind == Executed && e.Value == onWord {
			x.seen["on word"]++
		}
	}
	x.core.EachCopy(func(v *CopyView) {
		if v.Break != NoBreak {
			x.seen["break"]++
		}
	})
}
