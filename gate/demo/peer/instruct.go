package peer

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// A venue does what the Text(58) of a message says, actions separated by ';', or what a test says
// with Venue.Do. Without a Text it acknowledges a new order, grants a replace, obeys a cancel.
//
//	ack               150=0
//	fill              an execution of all that is left, at the order's price
//	fill 40@187.45    an execution of 40 at 187.45; either part may be left out
//	replace           150=5, the terms asked for hold
//	cancel            150=4: the cancel asked for, or, on a new order, one nobody asked for
//	expire            150=C
//	reject            35=8 150=8 to a new order, 35=9 to a cancel or replace
//	business          35=j, which names the request by its id
//	session           35=3, which names the request by its MsgSeqNum
//	bust 2            150=H of the order's second execution
//	correct 1 30@187.40    150=G: the order's first execution was of 30 at 187.40
//	silent            nothing
//	stall             nothing, and nothing more is read until Resume
var actions = map[string]func(v *Venue, r *request, o *order, argument string) error{
	"ack":      (*Venue).acknowledge,
	"fill":     (*Venue).fill,
	"replace":  (*Venue).grantReplace,
	"cancel":   (*Venue).grantCancel,
	"expire":   (*Venue).expire,
	"reject":   (*Venue).reject,
	"business": (*Venue).rejectBusiness,
	"session":  (*Venue).rejectSession,
	"bust":     (*Venue).bust,
	"correct":  (*Venue).correct,
	"silent":   func(*Venue, *request, *order, string) error { return nil },
	"stall":    func(v *Venue, _ *request, _ *order, _ string) error { v.stall(); return nil },
}

// instruction is what a venue does with a request: the Text where it begins with an action, else
// what its type asks for.
func instruction(m Message) string {
	text := m.Get(58)
	word, _, _ := strings.Cut(text, " ")
	if _, known := actions[strings.TrimSuffix(word, ";")]; known {
		return text
	}
	switch m.Type() {
	case "G":
		return "replace"
	case "F":
		return "cancel"
	}
	return "ack"
}

// run carries out the actions of one instruction, one at a time; the orders are under the lock.
func (v *Venue) run(r *request, instruction string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	for one := range strings.SplitSeq(instruction, ";") {
		name, argument, _ := strings.Cut(strings.TrimSpace(one), " ")
		act, known := actions[name]
		if !known {
			return fmt.Errorf("%q is nothing a venue can do", one)
		}
		if err := act(v, r, r.order, strings.TrimSpace(argument)); err != nil {
			return fmt.Errorf("%s: %w", one, err)
		}
	}
	return nil
}

func (v *Venue) acknowledge(r *request, o *order, _ string) error {
	o.status = "0"
	return v.report(o, r, "0", "")
}

func (v *Venue) fill(r *request, o *order, argument string) error {
	qty, px := o.qty.Sub(o.cum), o.price
	amount, price, _ := strings.Cut(argument, "@")
	for _, part := range []struct {
		text string
		to   *decimal.Decimal
	}{{amount, &qty}, {price, &px}} {
		if part.text == "" {
			continue
		}
		n, err := decimal.NewFromString(part.text)
		if err != nil {
			return err
		}
		*part.to = n
	}
	o.execute(v.nextID("E"), qty, px)
	return v.report(o, r, "F", "")
}

func (v *Venue) grantReplace(r *request, o *order, _ string) error {
	before := o.id
	o.id, o.qty, o.price, o.ordType = r.id, r.qty, r.price, r.message.Get(40)
	o.status = o.working()
	return v.report(o, r, "5", before)
}

func (v *Venue) grantCancel(r *request, o *order, _ string) error {
	before := o.id
	if r.message.Type() == "F" {
		o.id = r.id
	}
	o.status = "4"
	return v.report(o, r, "4", before)
}

func (v *Venue) expire(r *request, o *order, _ string) error {
	o.status = "C"
	return v.report(o, r, "C", "")
}

func (v *Venue) reject(r *request, o *order, _ string) error {
	if r.message.Type() != "D" {
		to := "1"
		if r.message.Type() == "G" {
			to = "2"
		}
		return v.send(Message{{35, "9"}, {37, o.venueID}, {11, r.id}, {41, r.message.Get(41)}, {39, o.status},
			{434, to}, {102, "0"}, {58, "the venue says no"}})
	}
	o.status = "8"
	return v.report(o, r, "8", "")
}

func (v *Venue) rejectBusiness(r *request, o *order, _ string) error {
	if r.message.Type() == "D" {
		o.status = "8"
	}
	return v.send(Message{{35, "j"}, {45, r.message.Get(34)}, {372, r.message.Type()}, {379, r.id}, {380, "4"},
		{58, "the venue's application is not available"}})
}

func (v *Venue) rejectSession(r *request, o *order, _ string) error {
	if r.message.Type() == "D" {
		o.status = "8"
	}
	return v.send(Message{{35, "3"}, {45, r.message.Get(34)}, {372, r.message.Type()}, {373, "5"}, {371, "38"},
		{58, "the venue does not like the value"}})
}

func (v *Venue) bust(_ *request, o *order, argument string) error {
	x, err := o.executionNumber(argument)
	if err != nil {
		return err
	}
	o.takeBack(x)
	return v.reportUndone(o, "H", x.id, x, v.nextID("E"))
}

func (v *Venue) correct(_ *request, o *order, argument string) error {
	number, terms, _ := strings.Cut(argument, " ")
	x, err := o.executionNumber(number)
	if err != nil {
		return err
	}
	amount, price, _ := strings.Cut(terms, "@")
	qty, err1 := decimal.NewFromString(amount)
	px, err2 := decimal.NewFromString(price)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	was := x.id
	o.takeBack(x)
	o.execute(v.nextID("E"), qty, px)
	n := &o.executions[len(o.executions)-1]
	return v.reportUndone(o, "G", was, n, n.id)
}
