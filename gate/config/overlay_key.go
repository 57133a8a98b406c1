package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"portcullis/risk"
)

// limitAt is where a limit stands.
type limitAt struct {
	get      func() int64
	set      func(int64)
	decimals int
	max      int64 // of what is not unlimited
}

func limitIn(p *int64, decimals int) limitAt {
	return limitAt{func() int64 { return *p }, func(v int64) { *p = v }, decimals, risk.MagnitudeMax}
}

// read reads a limit: what is not below 0, or unlimited.
func (at *limitAt) read(text string) (v int64, wrong string) {
	if text == "unlimited" {
		return Unlimited, ""
	}
	v, wrong = parseAmount(stripUnderscores(text), at.decimals)
	switch {
	case wrong != "":
	case v < 0:
		wrong = "is negative"
	case v > at.max:
		wrong = "is too large"
	}
	return v, wrong
}

// limitOf finds a limit by its scope and key, in a configuration that is detached. A part of its instruments or a measure that the
// scope has no limit of gets one, unlimited.
func (c *Config) limitOf(o *Overlay) (limitAt, error) {
	list := c.Scopes()
	at := slices.IndexFunc(list, func(s Scoped) bool {
		return o.Name == s.Name && (s.Of == NoNumber && o.Scope == "firm" || s.Of != NoNumber && o.Scope == s.Of.String())
	})
	if at < 0 {
		return limitAt{}, fmt.Errorf("%s: there is none of that name; firm takes none, names are as in the configuration", strings.TrimSpace(o.Scope+" "+o.Name))
	}
	s := &list[at]
	key, of, symbol := o.Key, "", ""
	credit, isCredit := strings.CutPrefix(key, "limits.")
	if isCredit {
		key = credit
	}
	if rest, ok := strings.CutPrefix(key, "types."); ok {
		of, key, _ = strings.Cut(rest, ".")
	} else if rest, ok := strings.CutPrefix(key, "symbols."); ok {
		dot := max(0, strings.LastIndexByte(rest, '.')) // symbols have points too
		symbol, key = rest[:dot], strings.TrimPrefix(rest[dot:], ".")
	}
	if of != "" && !slices.Contains(instrumentTypes, of) ||
		symbol != "" && !slices.ContainsFunc(c.Instruments, func(in Instrument) bool { return in.Symbol == symbol }) {
		return limitAt{}, fmt.Errorf("%s: %s%s is no type of instruments and no symbol", o, of, symbol)
	}
	var found limitAt
	switch {
	case isCredit && s.Limits == nil:
		return limitAt{}, fmt.Errorf("%s: it has no limits of credit in the files; write them there and reload", o)
	case isCredit:
		found = s.credit(key, of, symbol)
	case of == "" && symbol == "" && s.whole(key).set != nil:
		found = s.whole(key)
	default:
		found = s.single(key, of, symbol)
	}
	if found.set == nil {
		return limitAt{}, errors.Join(fmt.Errorf("%s: there is no such limit", o), errLimitKeys)
	}
	return found, nil
}

var errLimitKeys = errors.New("want limits.gross, limits.net, limits.open and the like; order_qty_max, order_qty_min, notional_max, market_notional_max, adv_bps_max; " +
	"types.TYPE. or symbols.SYMBOL. before the last word; long_max, short_max, open_orders_max of accounts; order_rate of links; throttles.KIND, " +
	"and throttles.KIND.WINDOW_MS where there are more of a kind")

// credit is a limit of credit.
func (s *Scoped) credit(key, of, symbol string) limitAt {
	measure := slices.IndexFunc(measureKeys[:], func(k measureKey) bool { return k.key == key && key != "" })
	if key != "gross" && key != "net" && measure < 0 {
		return limitAt{}
	}
	l := s.Limits
	if of+symbol != "" {
		l.Slices = slices.Clone(l.Slices)
		at := slices.IndexFunc(l.Slices, func(x Slice) bool { return x.Type == of && x.Symbol == symbol })
		if at < 0 {
			at = len(l.Slices)
			l.Slices = append(l.Slices, Slice{Type: of, Symbol: symbol, Limits: Limits{Gross: Unlimited, Net: Unlimited, ClosingReserveBps: l.ClosingReserveBps}})
		}
		l = &l.Slices[at].Limits
	}
	switch key {
	case "gross":
		return limitIn(&l.Gross, MoneyDecimals)
	case "net":
		return limitIn(&l.Net, MoneyDecimals)
	}
	own := risk.Unmeasured()
	if l.Measures != nil {
		*own = *l.Measures
	}
	l.Measures = own
	return limitIn(&own[measure], measureKeys[measure].decimals)
}

// whole is a limit that only an account or a link has, or a throttle.
func (s *Scoped) whole(key string) limitAt {
	switch a := s.Account; {
	case strings.HasPrefix(key, "throttles."):
		return s.throttle(strings.TrimPrefix(key, "throttles."))
	case s.Link != nil && key == "order_rate" && s.Link.OrderRate.WindowNs > 0:
		return limitIn(&s.Link.OrderRate.CountMax, 0)
	case a == nil:
	case key == "long_max":
		return limitIn(&a.LongMax, QtyDecimals)
	case key == "short_max":
		return limitIn(&a.ShortMax, QtyDecimals)
	case key == "open_orders_max":
		return limitIn(&a.OpenOrdersMax, 0)
	default:
		return orderLimitAt(&a.OrderLimits, key)
	}
	return limitAt{}
}

// single is a limit of single orders.
func (s *Scoped) single(key, of, symbol string) limitAt {
	rules := slices.Clone(*s.Orders)
	at := slices.IndexFunc(rules, func(r OrderRule) bool { return r.Type == of && r.Symbol == symbol })
	if at < 0 {
		at = len(rules)
		rules = append(rules, OrderRule{of, symbol, unlimitedOrders})
	}
	found := orderLimitAt(&rules[at].OrderLimits, key)
	if found.set != nil {
		*s.Orders = rules
	}
	return found
}

func orderLimitAt(l *OrderLimits, key string) limitAt {
	switch key {
	case "order_qty_max":
		return limitIn(&l.OrderQtyMax, QtyDecimals)
	case "order_qty_min":
		return limitIn(&l.OrderQtyMin, QtyDecimals)
	case "market_notional_max":
		return limitIn(&l.MarketNotionalMax, MoneyDecimals)
	case "adv_bps_max":
		return limitAt{func() int64 { return int64(l.AdvBpsMax) }, func(v int64) { l.AdvBpsMax = int(v % Unlimited) }, 0, 1_000_000} // 0 is no limit
	case "notional_max":
		at := limitIn(&l.NotionalMax, MoneyDecimals)
		at.set = func(v int64) { // what is not written of market orders is the same
			if l.MarketNotionalMax == l.NotionalMax {
				l.MarketNotionalMax = v
			}
			l.NotionalMax, l.MarketNotionalMax = v, min(v, l.MarketNotionalMax)
		}
		return at
	}
	return limitAt{}
}

// throttle is the greatest number of a throttle that the scope has, by its kind and where there are more its window.
func (s *Scoped) throttle(key string) limitAt {
	word, window, one := strings.Cut(key, ".")
	kind := slices.IndexFunc(throttleWords, func(w throttleWord) bool { return w.word == word })
	if s.Throttles == nil || kind < 0 {
		return limitAt{}
	}
	list, found := slices.Clone(*s.Throttles), -1
	for i := range list {
		ms := strconv.FormatInt(list[i].WindowNs/1_000_000, 10)
		switch {
		case list[i].Of != throttleWords[kind].flow || one && ms != window:
		case found >= 0:
			return limitAt{} // which of them?
		default:
			found = i
		}
	}
	if found < 0 {
		return limitAt{}
	}
	*s.Throttles = list
	at := limitIn(&list[found].Max, throttleWords[kind].decimals)
	if at.decimals == 0 {
		at.max = risk.ThrottleSlotsMax
	}
	return at
}
