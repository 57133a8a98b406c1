package config

import (
	"slices"
	"strings"

	"portcullis/risk"
)

// readControls reads who answers for each control: an entry for some by their codes, default for the rest.
func (l *loader) readControls(m *mapping) {
	byDefault := l.responsible(m.sub("default"))
	codes := make([]string, 0, len(risk.Controls()))
	for _, c := range risk.Controls() {
		code := c.Reason.String()
		codes = append(codes, code)
		r := byDefault
		if m.has(code) {
			entry := m.sub(code)
			l.openOrders(entry, c.Reason)
			r = l.responsible(entry)
			r.Owner, r.Why = orElse(r.Owner, byDefault.Owner), orElse(r.Why, byDefault.Why)
			if r.ReviewBy == 0 {
				r.ReviewBy = byDefault.ReviewBy
			}
		}
		l.config.Controls = append(l.config.Controls, r)
	}
	for _, key := range m.order {
		if key != "default" && !slices.Contains(codes, key) {
			l.add(m.placeOf(key), "controls: "+show(key)+" is no control", "write default, or a code that gate controls lists")
			m.take(key)
		}
	}
	m.close()
}

// openOrders reads what a control does with orders that are open when it comes to refuse them.
func (l *loader) openOrders(m *mapping, control risk.Reason) {
	if m.word("open_orders", "keep", "keep", "cancel") != "cancel" {
		return
	}
	if !slices.Contains(risk.StandingControls(), control) {
		var codes []string
		for _, r := range risk.StandingControls() {
			codes = append(codes, r.String())
		}
		l.add(m.placeOf("open_orders"), "open_orders: "+control.String()+" is asked when an order enters, not while it is open",
			"it can cancel for "+strings.Join(codes, ", "))
	}
	l.config.CancelOpen = append(l.config.CancelOpen, control)
}

func (l *loader) responsible(m *mapping) (r Responsible) {
	r.Owner, r.Why = m.text("owner", "").text, strings.TrimSpace(m.text("why", "").text)
	if date := m.text("review_by", ""); date.text != "" {
		r.ReviewBy = l.date(date)
	}
	m.close()
	return r
}

func orElse(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
