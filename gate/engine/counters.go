package engine

import "sync/atomic"

// Counter names one number that the engine keeps about itself.
type Counter uint8

// The counters, all since start.
const (
	Cycles         Counter = iota // duty cycles
	CycleNsWorst                  // longest cycle without its sleep, ns
	Sleeps                        // waits that could block
	MessagesIn                    // whole messages received
	BytesIn                       // bytes read
	MessagesOut                   // messages handed to the kernel in full
	BytesOut                      // bytes handed to the kernel
	Reads                         // read calls
	Writes                        // write calls
	OrdersOut                     // D and G put into send buffers
	Rejects                       // order messages that a check refused
	Records                       // journal records appended
	Ticks                         // timers and job steps
	Commands                      // commands, kills included
	Kills                         // commands that came by the kill lane
	KillLaneFull                  // kills that found the lane full and became a kill of the firm
	Admissions                    // connections taken over
	Closures                      // connections ended
	GarbledRuns                   // runs of bytes that were no message
	GarbledBytes                  // bytes in them
	Oversized                     // messages above the configured size
	Truncated                     // connections that ended inside a message
	BlockedCount                  // times a venue's send buffer went over its bound
	SlowConsumers                 // connections cut because the peer reads too slowly
	NotConnected                  // messages not sent because their link has no connection
	Withdrawals                   // orders taken out of send buffers by a kill
	KilledHalfway                 // venues cut because they held half of an order that a kill stops
	EgressFaults                  // messages stopped by the egress check
	Resends                       // messages read back for a resend
	Stalls                        // times the journal had no room for a record
	Stalled                       // 1 while it has none, else 0
	NoticesDropped                // lines the log did not take
	RepliesDropped                // answers to commands for which there was no room
	counterCount                  //
)

var counterNames = [counterCount]string{
	"cycles", "cycle_ns_worst", "sleeps", "messages_in", "bytes_in", "messages_out", "bytes_out", "reads", "writes",
	"orders_out", "rejects", "records", "ticks", "commands", "kills", "kill_lane_full", "admissions", "closures",
	"garbled_runs", "garbled_bytes", "oversized", "truncated", "blocked", "slow_consumers", "not_connected",
	"withdrawals", "killed_halfway", "egress_faults", "resends", "stalls", "stalled", "notices_dropped", "replies_dropped",
}

// String is the counter's name in status output.
func (c Counter) String() string {
	if c < counterCount {
		return counterNames[c]
	}
	return "unknown counter"
}

// counters are kept in plain fields and published at the end of a cycle, only those that changed.
type counters struct {
	now       [counterCount]uint64
	published [counterCount]uint64
	shared    [counterCount]atomic.Uint64
	gate      latency
	decision  latency
	killTook  latency
	killLast  latency
}

func (c *counters) publish() {
	for i, v := range &c.now {
		if v != c.published[i] {
			c.published[i] = v
			c.shared[i].Store(v)
		}
	}
}

// Snapshot is a copy of the counters as of the end of some cycle; single values may be of neighbouring cycles.
type Snapshot struct {
	Counts [counterCount]uint64 // by Counter
	// Gate is the time from the end of the read that brought a message to the end of the write that took the last byte
	// of what it caused. Waiting behind other messages of the same read is in it.
	Gate Histogram
	// Decision is the time from a message's stamp to the end of its work: framing, Decide, append, Apply, egress check
	// and the copy into send buffers.
	Decision Histogram
	// KillTook is the time from a kill's arrival in its lane until it was in force: recorded, unsent orders withdrawn.
	// KillLast is the time until the last bytes before that were handed to the kernel for a venue; 0 where none were.
	KillTook, KillLast Histogram
}

// Snapshot copies the counters. It may be called from any goroutine and never disturbs the engine.
func (e *Engine) Snapshot() Snapshot {
	var s Snapshot
	for i := range e.counters.shared {
		s.Counts[i] = e.counters.shared[i].Load()
	}
	s.Gate = e.counters.gate.snapshot()
	s.Decision = e.counters.decision.snapshot()
	s.KillTook, s.KillLast = e.counters.killTook.snapshot(), e.counters.killLast.snapshot()
	return s
}
