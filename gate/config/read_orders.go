package config

import (
	"slices"
	"strings"
)

// OrderLimits hold each order by itself. In an account that leaves one out it is 0, no trading; elsewhere Unlimited.
type OrderLimits struct {
	OrderQtyMax       int64 // largest OrderQty(38), at 1e-8
	OrderQtyMin       int64 // smallest OrderQty(38), at 1e-8; 0 = any
	NotionalMax       int64 // largest worst price × quantity × k of one order, money at 1e-4
	MarketNotionalMax int64 // the same of an order without a limit price; at most NotionalMax
	AdvBpsMax         int   // largest share of the average daily volume; 0 = it is not asked for, in accounts too
}

// OrderRule are such limits of one scope: in all of its instruments, or where one of the two is named in those of a
// type or in a single one. Of all rules that apply to an order the lowest limit holds.
type OrderRule struct {
	Type   string
	Symbol string
	OrderLimits
}

// Lower brings limits down to what rules allow an order in an instrument.
func (o *OrderLimits) Lower(rules []OrderRule, in *Instrument) {
	for i := range rules {
		r := &rules[i]
		if r.Type != "" && r.Type != in.Type || r.Symbol != "" && r.Symbol != in.Symbol {
			continue
		}
		o.OrderQtyMax, o.OrderQtyMin = min(o.OrderQtyMax, r.OrderQtyMax), max(o.OrderQtyMin, r.OrderQtyMin)
		if r.AdvBpsMax != 0 && (o.AdvBpsMax == 0 || r.AdvBpsMax < o.AdvBpsMax) {
			o.AdvBpsMax = r.AdvBpsMax
		}
		o.NotionalMax, o.MarketNotionalMax = min(o.NotionalMax, r.NotionalMax), min(o.MarketNotionalMax, r.MarketNotionalMax)
	}
}

// orderRules reads the rules of a scope: its own, then those in types and in single instruments.
func (l *loader) orderRules(m *mapping) (rules []OrderRule) {
	if own := (OrderRule{OrderLimits: orderLimits(m, Unlimited)}); own.OrderLimits != unlimitedOrders {
		rules = append(rules, own)
	}
	return append(rules, l.orderParts(m)...)
}

// orderParts reads the sections types and symbols.
func (l *loader) orderParts(m *mapping) (rules []OrderRule) {
	m.parts(func(part *mapping, kind, symbol string) {
		rules = append(rules, OrderRule{Type: kind, Symbol: symbol, OrderLimits: orderLimits(part, Unlimited)})
	})
	return rules
}

// parts gives the entries of the sections types and symbols, each by its name.
func (m *mapping) parts(read func(part *mapping, kind, symbol string)) {
	l := m.l
	part := func(of *mapping, key, kind, symbol string) {
		f, _ := of.take(key)
		entry := l.mapping(f, show(key))
		read(entry, kind, symbol)
		entry.close()
	}
	types := m.sub("types")
	for _, word := range types.order {
		if !slices.Contains(instrumentTypes, word) {
			l.add(types.placeOf(word), "types: "+show(word)+" is not known", "write "+strings.Join(instrumentTypes, " or "))
		}
		part(types, word, word, "")
	}
	symbols := m.sub("symbols")
	for _, symbol := range symbols.order {
		l.instruments.find(l, scalar{symbol, symbols.placeOf(symbol)})
		part(symbols, symbol, "", symbol)
	}
}

// unlimitedOrders restrict nothing.
var unlimitedOrders = OrderLimits{OrderQtyMax: Unlimited, NotionalMax: Unlimited, MarketNotionalMax: Unlimited}

// orderLimits reads the limits themselves; a maximum that is not written is otherwise.
func orderLimits(m *mapping, otherwise int64) OrderLimits {
	most := func(key string, decimals int, otherwise int64) int64 {
		if _, given := m.take(key); !given {
			return otherwise
		}
		return m.amount(key, decimals)
	}
	l := OrderLimits{
		OrderQtyMax: most("order_qty_max", QtyDecimals, otherwise), OrderQtyMin: m.amount("order_qty_min", QtyDecimals),
		NotionalMax: most("notional_max", MoneyDecimals, otherwise), AdvBpsMax: m.count("adv_bps_max", 0, 1, 1_000_000),
	}
	if l.AdvBpsMax != 0 && m.l.sharesAt == (place{}) {
		m.l.sharesAt = m.placeOf("adv_bps_max")
	}
	l.MarketNotionalMax = min(l.NotionalMax, most("market_notional_max", MoneyDecimals, l.NotionalMax))
	return l
}
