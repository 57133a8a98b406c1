package engine

// Status is a Snapshot in the form in which it is told: counters by name, latencies as quantiles
// in ns since the engine began.
type Status struct {
	Counters map[string]uint64 `json:"counters"`
	Gate     Quantiles         `json:"gate_ns"`      // see Snapshot.Gate
	Decision Quantiles         `json:"decision_ns"`  // see Snapshot.Decision
	KillTook Quantiles         `json:"kill_took_ns"` // see Snapshot.KillTook
	KillLast Quantiles         `json:"kill_last_ns"`
}

// Quantiles are the figures of a latency distribution, in ns.
type Quantiles struct {
	Count uint64 `json:"count"`
	P50   int64  `json:"p50"`
	P99   int64  `json:"p99"`
	P999  int64  `json:"p999"`
	Max   int64  `json:"max"`
}

// Status summarises a snapshot.
func (s *Snapshot) Status() Status {
	counters := make(map[string]uint64, counterCount)
	for i, n := range s.Counts {
		counters[Counter(i).String()] = n
	}
	return Status{Counters: counters, Gate: s.Gate.quantiles(), Decision: s.Decision.quantiles(),
		KillTook: s.KillTook.quantiles(), KillLast: s.KillLast.quantiles()}
}

func (h *Histogram) quantiles() Quantiles {
	return Quantiles{Count: h.Count(), P50: h.Quantile(0.5), P99: h.Quantile(0.99), P999: h.Quantile(0.999), Max: h.Quantile(1)}
}
