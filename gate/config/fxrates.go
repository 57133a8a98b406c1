package config

import (
	"fmt"
	"time"
)

// FXRate is the rate of exchange that the orders in a currency count by, where its age is limited.
type FXRate struct {
	Currency         string
	AsOfNs, AgeMaxNs int64
}

// FXRates are those of instruments, each once: what is held back of a change is held back there.
func (c *Config) FXRates() (list []FXRate) {
	seen := map[FXRate]bool{}
	for i := range c.Instruments {
		in := &c.Instruments[i]
		r := FXRate{in.Currency, in.FXAsOfNs, in.FXAgeMaxNs}
		if in.FXAgeMaxNs != Unlimited && !seen[r] {
			seen[r] = true
			list = append(list, r)
		}
	}
	return list
}

// Stale reports whether the gate refuses orders in the currency as STALE_FX_RATE. A rate counts by how far its time is away,
// before as after.
func (r FXRate) Stale(now time.Time) bool {
	age := now.UnixNano() - r.AsOfNs
	return max(age, -age) > r.AgeMaxNs
}

// Warning says since when a rate is stale, or from when on.
func (r FXRate) Warning(now time.Time) string {
	utc := func(ns int64) string { return time.Unix(0, ns).UTC().Format(time.RFC3339) }
	is, refused := "fx rate of "+r.Currency+" as of "+utc(r.AsOfNs), "new orders and replaces in "+r.Currency+" are refused"
	switch {
	case !r.Stale(now):
		return fmt.Sprintf("%s goes stale at %s: from then on %s, until gate reload brings a newer one", is, utc(r.AsOfNs+r.AgeMaxNs), refused)
	case r.AsOfNs > now.UnixNano():
		return fmt.Sprintf("%s is too far AHEAD: until %s %s; see that its time is right", is, utc(r.AsOfNs-r.AgeMaxNs), refused)
	}
	return fmt.Sprintf("%s is STALE since %s: %s until gate reload brings a newer one", is, utc(r.AsOfNs+r.AgeMaxNs), refused)
}

// StaleFXRates warns of rates that are stale, and of those in the last quarter of their time.
func (c *Config) StaleFXRates(now time.Time) (warnings []string) {
	for _, r := range c.FXRates() {
		if r.Stale(now) || now.UnixNano()-r.AsOfNs >= r.AgeMaxNs/4*3 {
			warnings = append(warnings, r.Warning(now))
		}
	}
	return warnings
}
