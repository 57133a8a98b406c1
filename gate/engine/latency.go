package engine

import (
	"math/bits"
	"sync/atomic"
)

// A histogram's buckets are log-linear: subBuckets to each power of two, so a bucket is at most 1/32 (3 %) wide.
const (
	subBits     = 5
	subBuckets  = 1 << subBits
	bucketCount = (40 - subBits) * subBuckets // up to 2^39 ns, nine minutes
)

// latency is a distribution of durations, written by the engine thread and read by anyone.
type latency struct {
	buckets [bucketCount]atomic.Uint64
}

// record counts one duration. There is one writer, so a plain add and an atomic store suffice.
func (l *latency) record(ns int64) {
	b := &l.buckets[bucketOf(ns)]
	b.Store(b.Load() + 1)
}

func (l *latency) snapshot() Histogram {
	var h Histogram
	for i := range l.buckets {
		h.counts[i] = l.buckets[i].Load()
	}
	return h
}

// bucketOf returns the bucket of a duration; what is negative or too long goes to the ends.
func bucketOf(ns int64) int {
	if ns < 0 {
		ns = 0
	}
	shift := max(bits.Len64(uint64(ns))-subBits-1, 0)
	i := shift<<subBits + int(ns>>shift)
	return min(i, bucketCount-1)
}

// bucketEnd returns the longest duration of bucket i.
func bucketEnd(i int) int64 {
	if i < 2*subBuckets {
		return int64(i)
	}
	shift := i>>subBits - 1
	return int64(i-shift<<subBits+1)<<shift - 1
}

// Histogram is a copy of a latency distribution. The zero value is empty.
type Histogram struct {
	counts [bucketCount]uint64
}

// Count is the number of durations recorded.
func (h *Histogram) Count() uint64 {
	var n uint64
	for _, c := range h.counts {
		n += c
	}
	return n
}

// Quantile returns the duration in ns that the share q (0 to 1) of all does not exceed, rounded up by at most 3 %;
// 0 where nothing was recorded. Quantile(1) is the longest.
func (h *Histogram) Quantile(q float64) int64 {
	total := h.Count()
	if total == 0 {
		return 0
	}
	rank := max(min(uint64(q*float64(total)+0.999999), total), 1)
	var n uint64
	for i, c := range h.counts {
		if n += c; n >= rank {
			return bucketEnd(i)
		}
	}
	return bucketEnd(bucketCount - 1)
}

// Minus returns what was recorded since the earlier copy.
func (h *Histogram) Minus(earlier *Histogram) Histogram {
	var d Histogram
	for i := range h.counts {
		d.counts[i] = h.counts[i] - earlier.counts[i]
	}
	return d
}
