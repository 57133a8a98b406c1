package config

import (
	"fmt"
	"time"
)

// FutureCloses warns of closes that are dated after today, yyyymmdd: a wrong date, most likely. A close counts by how far its
// day is away, before as after, so that one of next year is no reference price, and orders that need one are refused as
// STALE_REFERENCE_PRICE.
func (c *Config) FutureCloses(today int) []string {
	var symbols []string
	for i := range c.Instruments {
		if c.Instruments[i].CloseDate > today {
			symbols = append(symbols, c.Instruments[i].Symbol)
		}
	}
	if len(symbols) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d previous closes are dated after today, %d (UTC): see that the date is right; one more than close_age_days away "+
		"is no reference price, and orders that need one are refused (%s)", len(symbols), today, few(symbols))}
}

// tradeDateAheadMax is how many days a trade date may be ahead of the calendar: the longest closing of a market.
const tradeDateAheadMax = 10

// CheckTradeDate refuses a trade date far ahead of today, yyyymmdd: a start would roll to it, which zeroes what the day
// has counted and is never undone, and no roll would follow until that day.
func (c *Config) CheckTradeDate(today int) error {
	if days := daysAfter(c.Gate.TradeDate, today); days > tradeDateAheadMax {
		return fmt.Errorf("%s: trade_date %d is %d days after today, %d (UTC): a start rolls to it, and no trade date before it comes back; "+
			"write auto, or the next session's date", c.main, c.Gate.TradeDate, days, today)
	}
	return nil
}

// otherTradeDate warns of a trade date that is not today's.
func (c *Config) otherTradeDate(today int) []string {
	switch date := c.Gate.TradeDate; {
	case date > today:
		return []string{fmt.Sprintf("trade_date %d is AFTER today, %d (UTC): a start rolls to it, which zeroes the figures of the day, and no trade date before it comes back", date, today)}
	case date != 0 && date < today:
		return []string{fmt.Sprintf("trade_date %d is before today, %d (UTC): figures of the day go on from then", date, today)}
	}
	return nil
}

func daysAfter(date, today int) int {
	midnight := func(d int) time.Time { return time.Date(d/10000, time.Month(d/100%100), d%100, 0, 0, 0, 0, time.UTC) }
	if date == 0 {
		return 0
	}
	return int(midnight(date).Sub(midnight(today)) / (24 * time.Hour))
}
