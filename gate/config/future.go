package config

import "fmt"

// FutureCloses warns of closes that are dated after today, yyyymmdd: such a close is no reference price before its day, so
// that orders which need one are refused as STALE_REFERENCE_PRICE.
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
	return []string{fmt.Sprintf("%d previous closes are dated after today, %d (UTC): until their day they are no reference price, and orders "+
		"that need one are refused (%s)", len(symbols), today, few(symbols))}
}
