package risk

import "strings"

// ExecInstSet is a set of values of ExecInst(18), each of them a digit or a letter. The zero set permits nothing.
type ExecInstSet uint64

const (
	execInstValues = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	pegValues      = "LMOPRTW" // what a peg follows: they go with a pegged order, and with no other
	trailingValues = "ad"      // trailing stops, pegs to a limit: nobody can say beforehand what they may cost
	sweepValue     = "f"
	allOrNoneValue = "G"
)

// The values that a check treats apart, and those that accounts are permitted one by one.
var (
	pegInsts         = execInsts(pegValues)
	sweepInsts       = execInsts(sweepValue)
	allOrNoneInsts   = execInsts(allOrNoneValue)
	GrantedExecInsts = execInsts(execInstValues) &^ execInsts(pegValues+trailingValues)
)

func execInsts(values string) (set ExecInstSet) {
	for i := range len(values) {
		set |= execInst(values[i])
	}
	return set
}

// execInst is the set of one value, empty where it is none.
func execInst(c byte) ExecInstSet {
	if i := strings.IndexByte(execInstValues, c); i >= 0 {
		return 1 << i
	}
	return 0
}

// ParseExecInsts reads values with one blank between them; false = it is none of FIX.
func ParseExecInsts(v []byte) (set ExecInstSet, ok bool) {
	for i, c := range v {
		one := execInst(c)
		if i%2 == 0 && one == 0 || i%2 == 1 && c != ' ' {
			return 0, false
		}
		set |= one
	}
	return set, len(v)%2 == 1
}

// SayExecInsts notes ExecInst(18), and what a peg follows by it.
func (f *Form) SayExecInsts(tag uint32, set ExecInstSet) {
	f.Say(WithExecInst, tag)
	f.ExecInsts = set
	for pegs := set & pegInsts; pegs != 0; pegs &= pegs - 1 {
		f.SayPeg(tag)
	}
}

// checkExecInsts: what an account may have done with its orders.
func (b *Book) checkExecInsts(o *Order, j *Judgement) Reason {
	forbidden := o.Form.ExecInsts &^ pegInsts &^ b.accounts[o.Account].execInsts
	switch {
	case forbidden&^sweepInsts != 0:
		return j.failAt(o.Form.tag(WithExecInst), ExecInstForbidden, o.Account, 0, 0)
	case forbidden != 0:
		return j.failAt(o.Form.tag(WithExecInst), SweepForbidden, o.Account, 0, 0)
	}
	return Accepted
}
