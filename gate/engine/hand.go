package engine

import (
	"errors"

	"portcullis/gate/core"
)

// Hand turns an engine without a thread of its own: each Cycle does what Run, the resender and the clerk would do
// meanwhile, on the caller's goroutine. With Sockets, a Journal and a Clock that depend on nothing else, the same
// calls come to the same bytes: that is how a simulation runs the very engine that trades.
type Hand struct{ e *Engine }

// ByHand takes an engine that nobody runs.
func ByHand(e *Engine) *Hand { return &Hand{e} }

var errNoFirst = errors.New("engine: the journal has no room for the first record: free space where the journal lies")

// Begin gives the events that open a run.
func (h *Hand) Begin(start Start) error {
	if !h.e.begin(start) {
		return errNoFirst
	}
	return nil
}

// Cycle is one turn. False: a stop was asked for, and every link is down.
func (h *Hand) Cycle() (goesOn bool) {
	h.e.resender.collect()
	h.e.resender.round()
	h.e.cycle()
	h.e.clerk.clear(&h.e.front)
	return !h.e.finished()
}

// Give queues a command like Submit, and does not wait for the reply. It may be called during a Cycle, from Sockets,
// as other goroutines may give one at any time.
func (h *Hand) Give(command core.Command) (<-chan core.Reply, error) {
	reply := make(chan core.Reply, 1)
	_, err := h.e.front.give(h.e, command, reply)
	return reply, err
}

// Stop gives command, a CmdStop, and lets the engine finish.
func (h *Hand) Stop(command core.Command) error {
	_, err := h.Give(command)
	h.e.stopNs.CompareAndSwap(0, h.e.clock.Now().MonoNs+stopNs)
	return err
}

// End drops every descriptor, as the end of a process does, at whatever point it was.
func (h *Hand) End() { h.e.release() }
