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
	x.copies = append(x.copies, x.copied(id, execType, x.execs+1, o.side, "IBM", account, terms))
	if x.r.IntN(3) == 0 && x.core.Phase(acme2) == link.Up {
		x.tellOwed() // nothing of others: the report that comes next has the next ExecID
		x.listen()
	}
}

// copied is an execution as a drop copy tells of it: by ExecutionReport, or by TradeCaptureReport.
func (x *chaos) copied(id, execType string, exec int, side, symbol, account, terms string) string {
	if x.r.IntN(2) == 0 {
		return fmt.Sprintf("35=8|11=%s|37=V|17=E%d|150=%s|39=1|54=%s|55=%s|14=1|151=0|6=0|1=%s|%s", id, exec, execType, side, symbol, account, terms)
	}
	x.seen["trade report"]++
	trans := map[string]string{"F": "0", "H": "1", "G": "2"}[execType]
	other := "THEIRS"
	if id == "OTHER" && side == "1" && account != "WHO" {
		other = "BETA-1"
		x.seen["both sides"]++
	}
	text := fmt.Sprintf("35=AE|571=T|570=N|487=%s|17=E%d|55=%s|%s75=20261122|60=20261122-13:30:00|", trans, exec, symbol, terms)
	if x.r.IntN(2) == 0 {
		return text + fmt.Sprintf("552=1|54=%s|37=V|11=%s|1=%s|", side, id, account)
	}
	return text + fmt.Sprintf("552=2|54=2|37=W|1=%s|54=%s|37=V|11=%s|1=%s|", other, side, id, account)
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
		x.tell(x.copied("OTHER", "F", x.execs, x.pick("1", "2"), x.pick("IBM", "MSFT"), x.pick("BETA-1", "ACME-1", "WHO"),
			fmt.Sprintf("32=%d|31=50|", 1+x.r.IntN(40))))
		return
	}
	x.tellOwed()
}

// tellOwed is the drop copy telling one of the reports that it owes.
func (x *chaos) tellOwed() {
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
