// Package sim plays a gate and the world around it: one seed is one run, byte for byte.
//
// What is real: the engine with its cycles, framing, send buffers, resends, withdrawals and kill lane (gate/engine,
// turned by hand); the core (gate/core, risk); the start after a crash, numbering, reading back and the egress check
// (gate/bind, gate/egress). What stands in: sockets (net.go), the journal (disk.go: the same records, with a durable
// position, full, failing, torn), the clock, admission (whoever connects has a password), and the peers, who speak
// FIX with fix/link over bytes that break anywhere.
//
// How to read it:
//
//	world.go     one run: who acts in which step
//	host.go      the gate's process: start, cycle, crash            setup.go  its configuration
//	net.go       connections                disk.go  the journal    clock.go  the time
//	peer.go      a FIX session of a peer    trader.go  a participant; trader_reports.go  what it is told
//	copier.go    a clearer, which tells beside a venue's line      party.go  parties that a participant stops
//	venue.go     a venue and what it has    venue_says.go  its answers, true and less so
//	operator.go  kills, rolls, words of humans             faults.go  what breaks
//	follower.go  applies and judges every record again, as a shadow would
//	check.go     what must hold after every record          twin.go  credit from scratch, in decimals
//	reload.go    names, limits, rates and venues' profiles that change while the gate runs      split.go  splits, and what venues restate
//	scopes.go    who bears credit beside accounts           sums.go  what each has, added up after every record
//	throttle.go, soft.go, match.go, warn.go, warn_day.go, loss.go  twins of throttles, tokens, matches, levels, losses
//	settle.go    all faults end: everybody must come to agree
//	coverage.go  which faults met which states              run.go  many seeds
//
// What must hold, after every record: each limit at each acceptance, and a record of every later excess; every scope
// equals its recomputation; outgoing numbers go on one by one; judging a record again gives the same bytes, and
// applying it the same state. At all times: an order leaves once, nothing leaves behind the acknowledgement of a kill,
// no ExecID means two things. When all is settled: participant, gate and venue agree about every order, and every
// request has exactly one answer.
package sim
