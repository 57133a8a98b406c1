package config

import (
	"slices"
	"strings"
	"time"
)

// collarRules are the rules for prices and their references: one for all instruments, some for types that replace its
// keys, and some for single symbols that replace those of both.
type collarRules struct {
	byDefault *mapping
	byType    map[string]*mapping
	bySymbol  *mapping
}

// of is the rule for instruments of a type.
func (r *collarRules) of(kind string) *mapping {
	if rule := r.byType[kind]; rule != nil {
		return rule
	}
	return r.byDefault
}

// collarRules takes the section apart. Rules are read once on their own, so that their defects are named even where
// no instrument uses them.
func (l *loader) collarRules(m *mapping) *collarRules {
	r := &collarRules{m.sub("default"), map[string]*mapping{}, m.sub("symbols")}
	var unused Instrument
	collar(r.byDefault, &unused)
	r.byDefault.close()
	types := m.sub("types")
	for _, word := range types.order {
		f, _ := types.take(word)
		rule := l.mapping(f, "the collar of "+show(word))
		rule.base = r.byDefault
		if !slices.Contains(instrumentTypes, word) {
			l.add(f.at, "collars: type "+show(word)+" is not known", "write "+strings.Join(instrumentTypes, " or "))
		}
		collar(rule, &unused)
		rule.close()
		r.byType[word] = rule
	}
	m.close()
	return r
}

// symbolCollars reads the rules of single symbols.
func (l *loader) symbolCollars(rules *collarRules) {
	for _, symbol := range rules.bySymbol.order {
		f, _ := rules.bySymbol.take(symbol)
		rule := l.mapping(f, "the collar of "+show(symbol))
		var unused Instrument
		target := &unused
		if i := l.instruments.find(l, scalar{symbol, f.at}); i != None {
			target = &l.config.Instruments[i]
		}
		rule.base = rules.of(target.Type)
		collar(rule, target)
		staticPrice(rule, target)
		rule.close()
	}
}

// collar reads one rule into an instrument. Without bps no price passes; the band has a default
// because a missing one would reserve too little.
func collar(m *mapping, i *Instrument) {
	if m.text("bps", "").text == "unlimited" {
		i.CollarBps = Unlimited
	} else {
		i.CollarBps = m.count("bps", 0, 0, 100_000)
	}
	i.CollarAmount = m.distance("amount")
	i.CollarTicks = m.count("ticks", 0, 1, 1_000_000_000)
	i.NearTouchBps = m.count("near_touch_bps", 0, 1, 100_000)
	i.FarTouchBps = m.count("far_touch_bps", 0, 1, 100_000)
	i.WholeCents = m.word("sub_penny", "pass", "pass", "refuse") == "refuse"
	i.BandBps = m.count("band_bps", 1000, 1, 100_000)
	i.QuoteAgeMaxNs = m.millis("quote_age_ms", 0, 0)
	i.LastAgeMaxNs = m.millis("last_age_ms", int(i.QuoteAgeMaxNs/int64(time.Millisecond)), 0)
	i.CloseAgeMaxDays = m.count("close_age_days", 0, 0, 366)
	i.StaticAgeMaxDays = m.count("static_age_days", 0, 0, 366)
	i.Sources = m.sources()
}

// distance reads an amount above zero, in the unit of the order's price; 0 where it is not written.
func (m *mapping) distance(key string) int64 {
	f, given := m.take(key)
	if !given {
		return 0
	}
	amount := m.amount(key, QtyDecimals)
	switch text, _ := textOf(f.node); {
	case amount == Unlimited:
		m.l.add(f.at, key+" is unlimited", "leave it out")
	case amount == 0 && text != "" && strings.Trim(text, "0.") == "":
		m.l.add(f.at, key+" is not above zero", "write an amount of the price, or leave it out")
	}
	return amount
}

// sourceWords are the sources of reference prices, the usual ones first.
var sourceWords = []string{"mid", "last", "close", "touch", "static"}

// sources reads the order in which sources of reference prices are asked, as words parted by blanks.
func (m *mapping) sources() string {
	if _, given := m.take("sources"); !given {
		return "mid last close"
	}
	var words []string
	for _, value := range m.list("sources") {
		switch {
		case !slices.Contains(sourceWords, value.text):
			m.l.add(value.at, "sources: "+show(value.text)+" is not known", "write "+strings.Join(sourceWords, ", "))
		case slices.Contains(words, value.text):
			m.l.add(value.at, "sources: "+show(value.text)+" is listed twice", "keep one")
		default:
			words = append(words, value.text)
		}
	}
	if len(words) == 0 {
		m.l.add(m.placeOf("sources"), "sources names none", "write at least one of "+strings.Join(sourceWords, ", "))
	}
	return strings.Join(words, " ")
}

// staticPrice reads the reference price of a symbol that stands in its rule.
func staticPrice(m *mapping, i *Instrument) {
	price, date := m.text("static_price", ""), m.text("static_as_of", "")
	if price.text == "" && date.text == "" {
		return
	}
	if price.text == "" || date.text == "" {
		m.l.add(m.at, "static_price and static_as_of belong together", "write both, or none of them")
		return
	}
	var wrong string
	i.StaticPrice, wrong = parseAmount(price.text, QtyDecimals)
	if wrong == "" && i.StaticPrice <= 0 && !i.NegativePrices {
		wrong = "is not above zero"
	}
	if wrong != "" {
		m.l.add(price.at, "static_price: "+show(price.text)+" "+wrong, "write a price, as in orders")
	}
	if i.StaticDate = m.l.date(date); !strings.Contains(i.Sources, "static") {
		m.l.warn(price.at, "static_price of %s is not used: its sources are %s", i.Symbol, i.Sources)
	}
}
