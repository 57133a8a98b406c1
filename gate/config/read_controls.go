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
			l.readBreach(entry, c.Reason)
			l.readSoft(entry, c.Reason)
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
	if !slices.Contains(risk.CancelControls(), control) {
		var codes []string
		for _, r := range risk.CancelControls() {
			codes = append(codes, r.String())
		}
		l.add(m.placeOf("open_orders"), "open_orders: "+control.String()+" is asked when an order enters, not while it is open",
			"it can cancel for "+strings.Join(codes, ", "))
	}
	l.config.CancelOpen = append(l.config.CancelOpen, control)
}

// readSoft reads within how long a person may pass once what a control has refused.
func (l *loader) readSoft(m *mapping, control risk.Reason) {
	if !m.has("pass_within_ms") {
		return
	}
	soft := Soft{control, m.millis("pass_within_ms", 0, 1)}
	if control.Soft() == 0 {
		var codes []string
		for _, r := range risk.SoftControls() {
			codes = append(codes, r.String())
		}
		l.add(m.placeOf("pass_within_ms"), "pass_within_ms: "+control.String()+" is hard: nobody may pass it", "those that may be soft are "+strings.Join(codes, ", "))
	}
	l.config.Soft = append(l.config.Soft, soft)
}

func (l *loader) responsible(m *mapping) (r Responsible) {
	r.Owner, r.Why = m.text("owner", "").text, strings.TrimSpace(m.text("why", "").text)
	if date := m.text("review_by", ""); date.text != "" {
		r.ReviewBy = l.date(date)
	}
	m.close()
	return r
}

// breachScopes are what a breach may kill.
var breachScopes = map[string]risk.Scope{"firm": risk.ScopeFirm, "group": risk.ScopeGroup, "client": risk.ScopeClient, "account": risk.ScopeAccount,
	"desk": risk.ScopeDesk, "trader": risk.ScopeTrader, "algo": risk.ScopeAlgo, "link": risk.ScopeLink, "venue": risk.ScopeVenue,
	"instrument": risk.ScopeInstrument}

// breachCountMax is as many refusals as the core counts.
const breachCountMax = 32

// readBreach reads what follows when a control refuses too often.
func (l *loader) readBreach(m *mapping, control risk.Reason) {
	if !m.has("on_breach") {
		return
	}
	at, sub := m.placeOf("on_breach"), m.sub("on_breach")
	b := Breach{Control: control, Scope: breachScopes[sub.word("kill", "", "firm", "group", "client", "account", "desk", "trader", "algo", "link",
		"venue", "instrument")], CountMax: sub.count("count", 1, 1, breachCountMax), WindowNs: sub.millis("window_ms", 60_000, 1)}
	b.Mode = sub.killMode("mode")
	sub.close()
	links := b.Scope == risk.ScopeFirm || b.Scope == risk.ScopeGroup || b.Scope == risk.ScopeClient || b.Scope == risk.ScopeLink
	switch {
	case control.Kills():
		l.add(at, "on_breach: what a kill refuses is stopped already", "give it to the control that refuses before")
	case b.Mode == risk.KillDisconnect && !links:
		l.add(at, "on_breach: a link that also sends what is not in scope is not logged out", "write mode: cancel, or kill: link, client, group or firm")
	}
	l.config.Breaches = append(l.config.Breaches, b)
}

// killModes are the words for what a kill does beside the block.
var killModes = map[string]risk.KillMode{"block": risk.KillBlock, "cancel": risk.KillBlockAndCancel, "reduce-only": risk.KillReduceOnly,
	"disconnect": risk.KillDisconnect}

func (m *mapping) killMode(key string) risk.KillMode {
	return killModes[m.word(key, "cancel", "block", "cancel", "reduce-only", "disconnect")]
}

// firmKill reads whether a loss stops the firm.
func (m *mapping) firmKill(key string) risk.KillMode {
	return map[string]risk.KillMode{"block_firm": risk.KillBlock, "kill_firm": risk.KillBlockAndCancel}[m.word(key, "refuse", "refuse", "block_firm", "kill_firm")]
}

func orElse(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
