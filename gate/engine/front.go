package engine

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"

	"portcullis/gate/core"
	"portcullis/gate/ring"
)

// What Submit may answer instead of a reply.
var (
	ErrBusy    = errors.New("engine: too many commands are waiting; give it again")
	ErrStopped = errors.New("engine: it has ended")
	// ErrUnanswered: the engine was given the command; whether it carries it out is not known.
	ErrUnanswered = errors.New("engine: no reply to the command")
)

const (
	commandSlots = 64
	killSlots    = 63 // bit 63 of the lane's word is the kill of everything
	killAllBit   = 1 << killSlots
)

// front is where other goroutines hand commands to the engine. They share a lock among themselves; the engine takes no
// part in it.
type front struct {
	mu        sync.Mutex
	nextID    uint64
	waiting   map[uint64][]chan core.Reply
	killAllID uint64
	ended     bool
	scratch   []byte
	commands  *ring.Ring
	kills     killLane
	laneFull  atomic.Uint64 // kills that found the lane full
	question  atomic.Pointer[question]
}

func (f *front) init(firstID uint64) error {
	f.nextID = firstID
	f.waiting = make(map[uint64][]chan core.Reply)
	f.scratch = make([]byte, 0, commandBytes)
	var err error
	f.commands, err = ring.Heap(commandBytes, commandSlots)
	return err
}

// killLane is the way of kills: one word that the engine looks at before every message. A set bit says that its slot
// holds a command; producers fill slots under front.mu, the engine clears bits. It is never full: a kill that finds no
// slot becomes the kill of everything, which has a bit and a slot of its own.
type killLane struct {
	word  atomic.Uint64
	slots [killSlots + 1]struct {
		size    int
		givenNs int64 // monotonic
		data    [commandBytes]byte
	}
}

// waiting reports whether a kill has come.
func (l *killLane) waiting() bool { return l.word.Load() != 0 }

// fill puts a command into a free slot. False: none is free.
func (l *killLane) fill(data []byte, nowNs int64) bool {
	slot := bits.TrailingZeros64(^l.word.Load())
	if slot >= killSlots {
		return false
	}
	l.slots[slot].size, l.slots[slot].givenNs = copy(l.slots[slot].data[:], data), nowNs
	l.word.Or(1 << slot)
	return true
}

// fillAll prepares the kill of everything; it is given by setting killAllBit.
func (l *killLane) fillAll(data []byte, nowNs int64) {
	l.slots[killSlots].size, l.slots[killSlots].givenNs = copy(l.slots[killSlots].data[:], data), nowNs
}

// Submit gives a command and waits for its reply. The engine chooses command.ID. A kill goes by a lane of its own that
// is never full; where 63 kills wait already, everything is killed, and the reply is of that.
func (e *Engine) Submit(ctx context.Context, command core.Command) (core.Reply, error) {
	reply := make(chan core.Reply, 1)
	id, err := e.front.give(e, command, reply)
	if err != nil {
		return core.Reply{}, err
	}
	defer e.front.forget(id, reply)
	e.Wake()
	select {
	case r := <-reply:
		return r, nil
	case <-e.done:
		return core.Reply{}, fmt.Errorf("%w before it ended", ErrUnanswered)
	case <-ctx.Done():
		return core.Reply{}, fmt.Errorf("%w yet: %w", ErrUnanswered, ctx.Err())
	}
}

// question reads the state between two events, and is in no record.
type question struct {
	ask  func()
	done chan struct{}
}

// Ask has the engine read the state between two events, one question at a time, and waits until it has. Nothing may change.
func (e *Engine) Ask(ctx context.Context, read func()) error {
	q := &question{read, make(chan struct{})}
	if !e.front.question.CompareAndSwap(nil, q) {
		return ErrBusy
	}
	e.Wake()
	select {
	case <-q.done:
		return nil
	case <-e.done:
		return ErrStopped
	case <-ctx.Done():
		return fmt.Errorf("engine: no answer to the question yet: %w", ctx.Err())
	}
}

// give queues a command and registers who waits for its reply.
func (f *front) give(e *Engine, command core.Command, reply chan core.Reply) (id uint64, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended {
		return 0, ErrStopped
	}
	f.nextID++
	command.ID = f.nextID
	data := e.cfg.EncodeCommand(f.scratch[:0], &command)
	switch {
	case len(data) > commandBytes:
		return 0, fmt.Errorf("engine: a command of %d bytes; at most %d fit: shorten its reason",
			len(data), commandBytes)
	case !command.Kind.Urgent():
		if !f.commands.Push(data) {
			return 0, ErrBusy
		}
	case f.kills.fill(data, e.clock.Now().MonoNs):
	case command.Kind != core.CmdKill:
		return 0, ErrBusy
	default:
		command.ID = f.killAll(e)
	}
	f.waiting[command.ID] = append(f.waiting[command.ID], reply)
	return command.ID, nil
}

// killAll gives the kill of everything, unless it is on its way, and returns its id.
func (f *front) killAll(e *Engine) uint64 {
	f.laneFull.Add(1)
	if f.kills.word.Load()&killAllBit == 0 {
		command := e.cfg.KillAll
		command.ID = f.nextID
		f.killAllID = command.ID
		f.kills.fillAll(e.cfg.EncodeCommand(f.scratch[:0], &command), e.clock.Now().MonoNs)
		f.kills.word.Or(killAllBit)
	}
	return f.killAllID
}

// deliver hands a reply to those who wait for it.
func (f *front) deliver(r core.Reply) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, reply := range f.waiting[r.ID] {
		reply <- r
	}
	delete(f.waiting, r.ID)
}

// forget ends a wait.
func (f *front) forget(id uint64, reply chan core.Reply) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting[id] = slices.DeleteFunc(f.waiting[id], func(c chan core.Reply) bool { return c == reply })
	if len(f.waiting[id]) == 0 {
		delete(f.waiting, id)
	}
}

// end refuses all further commands.
func (f *front) end() {
	f.mu.Lock()
	f.ended = true
	f.mu.Unlock()
}
