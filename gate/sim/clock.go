package sim

import "portcullis/clocksync"

// clock is the time of the world. It moves with every reading, as time does, and by steps of the run.
type clock struct {
	nowNs  int64 // true time since the run began
	bootNs int64 // nowNs when the machine was booted
	offUTC int64 // what the gate's host believes beyond the truth
	boot   byte
	state  clocksync.State
	readNs int64 // a reading takes this long
}

const startNs = 1795354200_000000000 // 2026-11-22 13:30:00 UTC

func newClock() *clock { return &clock{boot: 1, state: clocksync.Unsynchronised, readNs: 200} }

// Now is the gate's reading.
func (c *clock) Now() clocksync.Stamp {
	c.nowNs += c.readNs
	return clocksync.Stamp{UTCNs: c.utcNs() + c.offUTC, MonoNs: c.nowNs - c.bootNs + 1e9, BoundNs: clocksync.BoundUnknown, State: c.state}
}

// BootID names the boot.
func (c *clock) BootID() (id [16]byte) {
	id[0] = c.boot
	return id
}

// utcNs is the true time, which the peers have.
func (c *clock) utcNs() int64 { return startNs + c.nowNs }

func (c *clock) reboot() {
	c.boot++
	c.bootNs = c.nowNs
}
