package risk

// Rate says how old the rate of exchange in an instrument's factor may be. The zero is of an instrument in the currency of the
// limits, which needs none, and of one whose rate may be of any age.
type Rate struct {
	AtNs     int64 // UTC ns of the moment that it is of
	AgeMaxNs int64 // greatest age; 0 = any
}

// SetRate says of when the rate of exchange of an instrument is, and how old it may be, as a rehearsal wants it.
func (b *Book) SetRate(i uint32, r Rate) { b.instruments[i].rate = r }

// checkRate: what the order counts in money is known by a rate of exchange that is young enough. As with reference prices, one from
// the future counts by its distance.
func (b *Book) checkRate(o *Order, j *Judgement) Reason {
	rate := &b.instruments[o.Instrument].rate
	age := o.UTCNs - rate.AtNs
	j.note(FXRateStale, o.Instrument, age, rate.AgeMaxNs)
	if !fresh(age, rate.AgeMaxNs) {
		return FXRateStale
	}
	return Accepted
}
