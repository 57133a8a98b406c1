package config

import "fmt"

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
