package config

import (
	"fmt"
	"strings"

	"portcullis/risk"
)

type throttleWord struct {
	word     string
	flow     risk.Flow
	decimals int
}

// throttleWords are what a throttle is of, each with the decimals of its max.
var throttleWords = []throttleWord{{"messages", risk.Messages, 0}, {"orders", risk.Orders, 0}, {"symbol_orders", risk.SymbolOrders, 0},
	{"executions", risk.Executions, 0}, {"rejects", risk.Rejects, 0},
	{"order_trade_ratio", risk.OrderTrades, ratioDecimals}, {"symbol_order_trade_ratio", risk.SymbolOrderTrades, ratioDecimals},
	{"symbol_qty_trade_ratio", risk.SymbolQtyTrades, ratioDecimals},
	{"notional", risk.NotionalSum, MoneyDecimals}, {"symbol_qty", risk.SymbolQty, QtyDecimals},
	{"day_qty", risk.DayQty, QtyDecimals}, {"symbol_day_qty", risk.SymbolDayQty, QtyDecimals},
	{"equal_orders", risk.EqualOrders, 0}}

// ratioDecimals are those of risk.RatioScale.
const ratioDecimals = 2

// throttles reads the list of an entry; beside are those that the entry has by another key.
func (m *mapping) throttles(beside ...risk.Throttle) (list []risk.Throttle) {
	for _, entry := range m.entries("throttles") {
		list = append(list, entry.oneThrottle())
		entry.close()
	}
	if err := risk.CheckThrottles(append(beside, list...)); err != nil {
		what, cure, _ := strings.Cut(err.Error(), ": ")
		at := m.at
		if f, ok := m.take("throttles"); ok {
			at = f.at // maybe in the defaults
		}
		m.l.add(at, "throttles: "+what, cure)
		return nil
	}
	return list
}

func (m *mapping) oneThrottle() (t risk.Throttle) {
	var words []string
	for _, w := range throttleWords {
		words = append(words, w.word)
	}
	word := m.word("of", "", words...)
	t.Of = risk.Orders // where it is none, which is reported
	m.need("max")
	for _, w := range throttleWords {
		if w.word == word {
			t.Of = w.flow
			t.Max = m.amount("max", w.decimals)
		}
	}
	action := "reject"
	if t.WindowNs = m.throttleWindow(t.Of, word); t.Of == risk.Executions {
		action = "disable"
	}
	if t.Of.Daily() {
		t.Warn = warnLevels(m)
	}
	if t.Of.Ratio() {
		t.Least = int64(m.count("min_messages", 100, 0, 1_000_000_000))
	}
	t.Disable = m.word("action", action, "reject", "disable") == "disable"
	if t.Of == risk.Executions && !t.Disable {
		m.l.add(m.placeOf("action"), "action: a repeated automated execution throttle stands until a human lifts it", "write disable, or leave it out")
	}
	return t
}

const dayMs = 86_400_000

// throttleWindow reads the window of a flow; one that counts by trade dates has none.
func (m *mapping) throttleWindow(of risk.Flow, word string) int64 {
	switch {
	case of == risk.Executions || of == risk.Rejects:
		return m.millis("window_ms", dayMs, 1)
	case !of.Daily():
		return m.millis("window_ms", 1000, 1)
	}
	if f, given := m.take("window_ms"); given {
		m.l.add(f.at, "window_ms: "+word+" counts from one day roll to the next", "leave it out")
	}
	return 0
}

// AllThrottles are those of a link: order_rate is one of them.
func (k *Link) AllThrottles() []risk.Throttle {
	return append(k.OrderRate.ofOrders(), k.Throttles...)
}

// ofOrders is a rate as a throttle; none where it is unlimited.
func (t Throttle) ofOrders() []risk.Throttle {
	if t.CountMax == Unlimited {
		return nil
	}
	return []risk.Throttle{{Of: risk.Orders, Max: t.CountMax, WindowNs: t.WindowNs}}
}

// AllThrottles are those of a scope; order_rate of a link is one of them.
func (s *Scoped) AllThrottles() []risk.Throttle {
	switch {
	case s.Throttles == nil:
		return nil
	case s.Link != nil:
		return s.Link.AllThrottles()
	}
	return *s.Throttles
}

// ThrottleRoom is what all of them take of the tables, with so many instruments.
func (c *Config) ThrottleRoom(instruments int) (r risk.Room) {
	for _, s := range c.Scopes() {
		r.Throttles(s.AllThrottles(), instruments)
	}
	for i := range c.Accounts {
		if c.Accounts[i].RepeatDisables {
			r.Trips++
		}
	}
	return r
}

// stampsMax bounds what all throttles together remember: 1 GB.
const stampsMax = 1 << 27

// checkThrottleRoom refuses throttles that remember more than the gate would find memory for.
func (l *loader) checkThrottleRoom() {
	instruments := max(l.config.Gate.Capacity.Instruments, len(l.config.Instruments))
	if r := l.config.ThrottleRoom(instruments); r.Stamps > stampsMax || r.Meters > stampsMax {
		l.add(l.capacityAt, fmt.Sprintf("throttles would remember %d events and count %d windows, more than %d", r.Stamps, r.Meters, stampsMax),
			"use shorter windows with smaller counts, fewer throttles of symbol_orders and symbol_qty, or a smaller gate.capacity.instruments")
	}
}
