package engine

import (
	"encoding/binary"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"portcullis/gate/core"
	"portcullis/gate/journal"
	"portcullis/gate/ring"
)

const (
	resendsMax    = 4       // requests of one connection at a time
	resendWindow  = 32      // events on their way to one link
	resendBytes   = 4 << 20 // of the ring, about
	resendBatch   = 512     // numbers looked up for one link before the next has its turn
	resendPause   = time.Millisecond
	storedHeadLen = 29
)

// resender reads messages back from the journal and feeds them to the engine, so that a resend, however long, never
// holds up live flow. A link gets at most resendWindow events ahead of what its connection has taken. Resends end with
// the connection that asked, and where the link's numbers begin anew: what they asked for is no longer what the numbers
// mean. Reports that such a reset cut off are read back too, until the next one, whether or not there is a connection.
//
//	engine  -- requests -->  resender goroutine  -- ring -->  engine: Stored events
//	        -- credit, run (atomics) -->
type resender struct {
	history  History
	requests chan resendRequest
	ring     *ring.Ring
	links    []resendLink
	wake     func()
	log      zerolog.Logger
	names    linkNames
	jobs     []resendRequest // being worked on, in the order of arrival
	pushed   []uint64        // by link: events fed so far
	slot     []byte          // scratch of one ring slot
	failing  []bool          // by link: its last resend ended for an error, and the log says so
	ended    chan struct{}
	done     sync.WaitGroup
}

// resendLink is what engine and resender share about a link. All is written by the engine.
type resendLink struct {
	run     atomic.Uint64 // numbers the connections and numberings; resends of an earlier one end
	cutRun  atomic.Uint64 // numbers the numberings; what an earlier reset cut off is not read any more
	cutting bool          // what the last one cut off is being read; the engine's own
	granted atomic.Uint64 // events handled whose output the connection has taken
	handled uint64        // events handled; the engine's own
	active  int           // requests of the connection; the engine's own
}

type resendRequest struct {
	link     uint32
	cutOff   bool // the numbers are those of before the last reset
	run      uint64
	next, to uint64           // MsgSeqNum, next to look up and last
	gap      uint64           // first number of a run without messages before next; 0: none
	failed   bool             // it ended before a message that cannot be read
	position journal.Position // everything sent before the request lies before it in the journal
}

// stored is one slot of the ring. seq 0 marks the end of a request.
type stored struct {
	link      uint32
	cutOff    bool
	run       uint64
	seq, seq2 uint64
	data      []byte // empty: nothing to send again for seq to seq2
}

func newResender(cfg *Config, names linkNames, history History, wake func()) (*resender, error) {
	links := len(cfg.Links)
	slotBytes := storedHeadLen + cfg.MessageBytesMax + receiveSlackBytes // what we send may be longer than what came
	slots := 8
	for slots < 256 && slots*slotBytes < resendBytes {
		slots *= 2
	}
	r, err := ring.Heap(slotBytes, slots)
	return &resender{
		history: history, requests: make(chan resendRequest, links*(resendsMax+1)), ring: r,
		links: make([]resendLink, links), wake: wake, log: cfg.Log, names: names, pushed: make([]uint64, links),
		slot: make([]byte, 0, slotBytes), failing: make([]bool, links), ended: make(chan struct{}),
	}, err
}

// The engine's side.

// endRun ends the resends of a link: its connection is another one now, or its numbers began anew.
func (r *resender) endRun(link uint32) {
	r.links[link].active = 0
	r.links[link].run.Add(1)
	r.credit(link)
}

// endCut ends the reading of what an earlier reset of a link's numbers cut off.
func (r *resender) endCut(link uint32) {
	r.links[link].cutting = false
	r.links[link].cutRun.Add(1)
}

// readCut has the reports of a range read that a reset cut off, unless that is under way.
func (r *resender) readCut(link uint32, span core.Range, position journal.Position) {
	l := &r.links[link]
	if span.From == 0 || l.cutting {
		return
	}
	job := resendRequest{link: link, cutOff: true, run: l.cutRun.Load(), next: span.From, to: span.To, position: position}
	select {
	case r.requests <- job:
		l.cutting = true
	default: // the next connection gets them
	}
}

// runOf is what the run of a resend has to be for it to go on.
func (l *resendLink) runOf(cutOff bool) uint64 {
	if cutOff {
		return l.cutRun.Load()
	}
	return l.run.Load()
}

// current reports whether a slot belongs to a resend that has not been ended.
func (r *resender) current(s stored) bool { return r.links[s.link].runOf(s.cutOff) == s.run }

// request asks for a range. False: the connection has too many requests open.
func (r *resender) request(c *conn, span core.Range, position journal.Position) bool {
	l := &r.links[c.link]
	if l.active == resendsMax {
		return false
	}
	select {
	case r.requests <- resendRequest{link: c.link, run: l.run.Load(), next: span.From, to: span.To, position: position}:
		l.active++
		return true
	default:
		return false
	}
}

// took notes that the engine is done with a slot. Where the connection still has much to send, the credit comes later.
func (r *resender) took(s stored, drained bool) {
	l := &r.links[s.link]
	if s.seq == 0 {
		switch {
		case !r.current(s):
		case s.cutOff:
			l.cutting = false
		default:
			l.active--
		}
		return
	}
	l.handled++
	if drained {
		r.credit(s.link)
	}
}

// credit lets the resender go on with a link.
func (r *resender) credit(link uint32) {
	if l := &r.links[link]; l.granted.Load() != l.handled {
		l.granted.Store(l.handled)
	}
}

// The goroutine's side.

func (r *resender) start() {
	r.done.Add(1)
	go r.run()
}

func (r *resender) stop() {
	close(r.ended)
	r.done.Wait()
}

func (r *resender) run() {
	defer r.done.Done()
	pause := time.NewTicker(resendPause)
	defer pause.Stop()
	for {
		if len(r.jobs) == 0 {
			select {
			case job := <-r.requests:
				r.jobs = append(r.jobs, job)
			case <-r.ended:
				return
			}
		}
		r.collect()
		if r.round() {
			r.wake()
			continue
		}
		select {
		case <-pause.C:
		case <-r.ended:
			return
		}
	}
}

// collect takes the requests that wait.
func (r *resender) collect() {
	for len(r.requests) > 0 {
		r.jobs = append(r.jobs, <-r.requests)
	}
}

// round gives each link's oldest job a turn. False: none could move.
func (r *resender) round() (moved bool) {
	kept := r.jobs[:0]
	for _, job := range r.jobs {
		behind := false // an earlier request of the same link is not done
		for i := range kept {
			behind = behind || kept[i].link == job.link
		}
		if !behind {
			moved = r.work(&job) || moved
		}
		if job.next != 0 {
			kept = append(kept, job)
		}
	}
	r.jobs = kept
	return moved
}

// work feeds the next messages of one job; job.next is 0 when it is done.
func (r *resender) work(job *resendRequest) (moved bool) {
	l := &r.links[job.link]
	if l.runOf(job.cutOff) != job.run {
		job.next = 0
		return false
	}
	if !r.history.Covers(job.position) {
		return false
	}
	for n := 0; n < resendBatch && job.next <= job.to; n++ {
		if r.pushed[job.link]+1-l.granted.Load() >= resendWindow {
			return moved
		}
		data, err := r.history.Read(job.link, job.next, job.cutOff, r.slot[storedHeadLen:storedHeadLen])
		if len(data) > r.ring.SlotBytes()-storedHeadLen {
			err = errTooLong
		}
		if err != nil {
			r.fail(job, err)
			break
		}
		if len(data) == 0 {
			job.openGap()
			continue
		}
		if !r.closeGap(job) || !r.feed(job, job.next, job.next, data) {
			return moved
		}
		moved = true
		job.next++
	}
	if job.next > job.to && r.closeGap(job) && r.feed(job, 0, 0, nil) {
		r.failing[job.link] = job.failed
		job.next, moved = 0, true
	}
	return moved
}

var errTooLong = errors.New("it is longer than a message may be: raise message_bytes_max")

// fail ends a resend before a message that cannot be read: the peer must not be told to pass over what may be an
// execution. It will ask again, and what a reset cut off is read again for its next connection; the log says so once,
// until a resend of the link succeeds.
func (r *resender) fail(job *resendRequest, err error) {
	if !r.failing[job.link] {
		r.log.Error().Err(err).Str("link", r.names.of(job.link)).Uint64("seq", job.next).Msg("a message that is to be " +
			"sent again cannot be read: the resend ends before it; put right what the error says, and have the peer " +
			"connect and ask again")
	}
	job.failed, job.to = true, job.next-1
}

// openGap notes that the next number holds nothing to send again.
func (j *resendRequest) openGap() {
	if j.gap == 0 {
		j.gap = j.next
	}
	j.next++
}

// closeGap feeds the run of numbers without messages, if there is one. False: the ring is full.
func (r *resender) closeGap(job *resendRequest) bool {
	if job.gap != 0 && !r.feed(job, job.gap, job.next-1, nil) {
		return false
	}
	job.gap = 0
	return true
}

// feed pushes one slot. False: the ring is full.
func (r *resender) feed(job *resendRequest, seq, seq2 uint64, data []byte) bool {
	slot := r.slot[:storedHeadLen]
	binary.LittleEndian.PutUint32(slot, job.link)
	binary.LittleEndian.PutUint64(slot[4:], job.run)
	binary.LittleEndian.PutUint64(slot[12:], seq)
	binary.LittleEndian.PutUint64(slot[20:], seq2)
	slot[28] = 0
	if job.cutOff {
		slot[28] = 1
	}
	if !r.ring.Push(append(slot, data...)) {
		return false
	}
	if seq != 0 {
		r.pushed[job.link]++
	}
	return true
}

// decodeStored reads a slot that feed wrote.
func decodeStored(b []byte) stored {
	return stored{
		link: binary.LittleEndian.Uint32(b), run: binary.LittleEndian.Uint64(b[4:]),
		seq: binary.LittleEndian.Uint64(b[12:]), seq2: binary.LittleEndian.Uint64(b[20:]),
		cutOff: b[28] == 1, data: b[storedHeadLen:],
	}
}
