package core

import (
	"strings"
	"time"

	"portcullis/risk"
)

// throttle reads a throttle such as account:orders:2/1s, or account:day_qty:100, which is of the day.
func (s *script) throttle(c *conf, words []string) {
	measure, known := map[string]risk.Flow{"messages": risk.Messages, "orders": risk.Orders, "symbol_orders": risk.SymbolOrders, "executions": risk.Executions, "rejects": risk.Rejects,
		"notional": risk.NotionalSum, "symbol_qty": risk.SymbolQty, "day_qty": risk.DayQty, "symbol_day_qty": risk.SymbolDayQty}[words[1]]
	limit, disable := strings.CutSuffix(words[2], ":disable")
	amount, span, _ := strings.Cut(limit, "/")
	window, err := time.Duration(0), error(nil)
	if !measure.Daily() {
		window, err = time.ParseDuration(span)
	}
	if !known || err != nil {
		s.fatal("throttle %q: %v", words, err)
	}
	decimals := map[risk.Flow]int{risk.NotionalSum: 4, risk.SymbolQty: 8, risk.DayQty: 8, risk.SymbolDayQty: 8}[measure]
	if c.throttles == nil {
		c.throttles = map[string][]risk.Throttle{}
	}
	c.throttles[words[0]] = append(c.throttles[words[0]], risk.Throttle{Of: measure, Max: s.fixed(amount, decimals), WindowNs: int64(window), Disable: disable})
}
