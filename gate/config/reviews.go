package config

import (
	"fmt"
	"slices"
	"time"

	"portcullis/fix"
	"portcullis/risk"
)

// Dated warns of what deserves a look by now, or by today's date: another trade date, closes of later days, rates of exchange that
// are or soon will be stale, and reviews that are late.
func (c *Config) Dated(now time.Time) []string {
	today := int(fix.TradeDate(now.UnixNano()))
	return slices.Concat(c.otherTradeDate(today), c.FutureCloses(today), c.StaleFXRates(now), c.LateReviews(today))
}

// LateReviews warns of controls whose review_by has passed.
func (c *Config) LateReviews(today int) []string {
	var late []string
	for i, r := range c.Controls {
		if r.ReviewBy != 0 && r.ReviewBy < today {
			late = append(late, risk.Controls()[i].Reason.String())
		}
	}
	if len(late) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d controls were to be reviewed before today, %d: gate controls says by whom (%s)", len(late), today, few(late))}
}
