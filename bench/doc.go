// Package bench measures the gate against what one would use in its place, in one run, on one machine:
//
//	relay              a plain Go TCP relay: the least that any process on the path costs
//	relay-epoll        the gate's loop without FIX: "gate minus relay-epoll is what the gate costs"
//	quickfixgo-memory  the same checks written the usual way on quickfixgo, memory store
//	quickfixgo-file    the same with quickfixgo's file store and its default, a sync per message
//	gate               the gate itself, with its journal
//
// How to read it: options.go says what can be asked, run.go plays the rounds, system.go starts and stops the
// systems, gate.go configures the gate, report.go shows the result; kill.go measures the kill switch,
// stalls.go what the machine takes from any thread. The instrument is package
// load, the baselines are relay, epollrelay and quickfixgate.
//
// How figures are made:
//   - every system is a process of its own, fresh for each phase; clients and venue share one thread of this one;
//   - in flood-many the flow comes from 32 participants: the gates bring them to one venue link, a relay is one
//     connection to the venue for each, because that is what a relay is;
//   - rounds are interleaved: in each round every system runs every mode, in rotating order, so that the
//     machine's moods fall on all of them; the spread between rounds is printed with the figures;
//   - latencies count from the planned send, all are recorded, rounds are merged without loss (HdrHistogram);
//   - CPU per order is the system's user and system time over the measured phase, children included, divided by
//     the requests answered; every D, F and G counts as one order;
//   - a phase in which a message was lost, doubled or reordered is a failure, not a figure.
//
// Ratios inside one run are worth more than absolute figures, and figures of a shared machine little.
package bench
