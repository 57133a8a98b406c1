package journal

import (
	"encoding/binary"
	"sync"
)

// segmentKeys is what the index of one segment is made of.
type segmentKeys struct {
	segment uint64
	pairs   []pair // ascending positions
	foot    footer // the two numbers only
}

// collector takes the keys from the tail's records before the ring goes over them, so that no segment has to be
// read again from disk, and its checksums made again, for its index. Writer goroutine; its bytes are the engine's
// own and are not checked.
type collector struct {
	j    *Journal
	at   uint64 // the next record
	on   bool   // the segment's first record was seen
	now  segmentKeys
	h    Header
	add  func(key uint64)
	size uint64 // of a segment
}

// init starts at the journal's end. A segment that an earlier process began is left to the sealer.
func (c *collector) init(j *Journal) {
	c.j, c.at, c.size = j, j.position, uint64(j.segmentBytes)
	c.on = c.at%c.size == 0
	c.now.segment = c.at / c.size
	c.add = func(key uint64) { c.now.pairs = append(c.now.pairs, pair{key, c.at}) }
}

// advance goes through the records below to, which is the end of one.
func (c *collector) advance(to uint64) {
	slots := c.j.tail.slots
	for c.at < to {
		rec := slots[c.at/c.size%uint64(len(slots))][c.at%c.size:]
		length := int(binary.LittleEndian.Uint32(rec))
		size := uint64(alignUp(length))
		if length < HeaderBytes || alignUp(length) > len(rec) { // somebody wrote into the tail: reading will name it
			c.on, size = false, to-c.at
		}
		if c.on {
			c.take(rec, length)
		}
		c.at += size
		if c.at%c.size == 0 {
			c.turn()
		}
	}
}

func (c *collector) take(rec []byte, length int) {
	h := &c.h
	h.take(rec)
	if c.now.foot.firstSeq == 0 {
		c.now.foot.firstSeq = h.Seq
	}
	if h.Type == typePad {
		c.now.foot.nextSeq = h.Seq
		return
	}
	c.now.foot.nextSeq = h.Seq + 1
	if c.j.options.Keys != nil {
		c.j.options.Keys(h, rec[HeaderBytes:length:length], c.add)
	}
}

// turn hands the complete segment over and begins the next.
func (c *collector) turn() {
	pairs := c.now.pairs
	if c.on {
		pairs = c.j.keyed.put(c.now)
	}
	c.on, c.now = true, segmentKeys{segment: c.at / c.size, pairs: pairs[:0]}
}

// keyQueue carries keys from the writer to the sealer. It is bounded: what does not fit is read from disk when
// its turn comes.
type keyQueue struct {
	mu    sync.Mutex
	queue []segmentKeys
	spare [][]pair // to use again
}

const keyQueueMax = 2 * sealBacklog

// put takes k, if there is room, and returns room for the next segment's pairs.
func (q *keyQueue) put(k segmentKeys) []pair {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.queue) >= keyQueueMax {
		return k.pairs
	}
	q.queue = append(q.queue, k)
	last := len(q.spare) - 1
	if last < 0 {
		return make([]pair, 0, len(k.pairs)+len(k.pairs)/8)
	}
	pairs := q.spare[last]
	q.spare = q.spare[:last]
	return pairs
}

// take returns the keys of segment, if they are there; those of older segments are dropped.
func (q *keyQueue) take(segment uint64) (segmentKeys, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.queue) > 0 && q.queue[0].segment <= segment {
		k := q.queue[0]
		q.queue = q.queue[1:]
		if k.segment == segment {
			return k, true
		}
	}
	return segmentKeys{}, false
}

// giveBack lets pairs be used again.
func (q *keyQueue) giveBack(pairs []pair) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.spare) < 2 {
		q.spare = append(q.spare, pairs)
	}
}
