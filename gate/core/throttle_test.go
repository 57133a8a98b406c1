package core

import (
	"strings"
	"time"

	"portcullis/risk"
)

// flows are the words of what a throttle is of, each with the decimals of its amounts.
var flows = map[string]struct {
	flow     risk.Flow
	decimals int
}{"messages": {risk.Messages, 0}, "orders": {risk.Orders, 0}, "symbol_orders": {risk.SymbolOrders, 0}, "executions": {risk.Executions, 0},
	"rejects": {risk.Rejects, 0}, "notional": {risk.NotionalSum, 4}, "symbol_qty": {risk.SymbolQty, 8}, "day_qty": {risk.DayQty, 8},
	"symbol_day_qty": {risk.SymbolDayQty, 8}, "order_trade_ratio": {risk.OrderTrades, 2}, "symbol_order_trade_ratio": {risk.SymbolOrderTrades, 2},
	"symbol_qty_trade_ratio": {risk.SymbolQtyTrades, 2}, "equal_orders": {risk.EqualOrders, 0}}

// throttle reads a throttle such as account:orders:2/1s; of the day, account:day_qty:100@75, which warns at 75 %; a ratio
// that binds from the fourth message on, link:order_trade_ratio:2.5/4.
func (s *script) throttle(c *conf, words []string) {
	measure, known := flows[words[1]]
	limit, disable := strings.CutSuffix(words[2], ":disable")
	limit, warn, warns := strings.Cut(limit, "@")
	amount, span, _ := strings.Cut(limit, "/")
	t := risk.Throttle{Of: measure.flow, Max: s.fixed(amount, measure.decimals), Disable: disable}
	if warns {
		t.Warn[0] = uint8(s.number(warn))
	}
	var err error
	switch {
	case t.Of.Ratio():
		t.Least = int64(s.number(span))
	case !t.Of.Daily():
		var window time.Duration
		window, err = time.ParseDuration(span)
		t.WindowNs = int64(window)
	}
	if !known || err != nil {
		s.fatal("throttle %q: %v", words, err)
	}
	if c.throttles == nil {
		c.throttles = map[string][]risk.Throttle{}
	}
	c.throttles[words[0]] = append(c.throttles[words[0]], t)
}
