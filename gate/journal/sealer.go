package journal

import (
	"fmt"
	"time"
)

// sealer is the goroutine that gives each complete, durable segment its index. It works when the engine is quiet,
// one segment at a time; only a backlog makes it work beside a busy one. Its thread has no low priority: it shares the
// runtime with the engine, and would hold up both while it waits for a core.
type sealer struct {
	j        *Journal
	next     uint64 // segment to look at
	stop     chan struct{}
	done     chan struct{}
	appended uint64 // at the last look
}

const (
	sealQuietBytes = 1 << 20 // less than this since the last look is quiet
	sealBacklog    = 16      // segments; so many Open may have to read after a kill
)

func startSealer(j *Journal) *sealer {
	s := &sealer{j: j, stop: make(chan struct{}), done: make(chan struct{})}
	if all, err := listSegments(j.dir); err == nil && len(all) > 0 {
		s.next = all[0]
	}
	go s.run()
	return s
}

func (s *sealer) run() {
	defer close(s.done)
	tick := time.NewTicker(s.j.options.sealEvery)
	defer tick.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-tick.C:
			s.step()
		}
	}
}

// step seals the next complete segment, when there is one and the moment is good.
func (s *sealer) step() {
	j := s.j
	appended := uint64(j.Appended())
	quiet := appended-s.appended < sealQuietBytes
	s.appended = appended
	complete := uint64(j.Durable()) / uint64(j.segmentBytes)
	if s.next >= complete || !quiet && complete-s.next < sealBacklog {
		return
	}
	if err := s.seal(s.next); err != nil {
		j.options.Alert(fmt.Errorf("journal: index of %s: %w; keys in it are found by reading it",
			segmentPath(j.dir, s.next), err))
	}
	s.next++
}

// seal makes the index of segment: of the keys that the writer collected, or by reading it when it was begun by
// an earlier process, unless a whole index is there.
func (s *sealer) seal(segment uint64) error {
	path := indexPath(s.j.dir, segment)
	if k, ok := s.j.keyed.take(segment); ok {
		defer s.j.keyed.giveBack(k.pairs)
		return writeIndex(path, encodeIndex(segment, k.pairs, k.foot))
	}
	if file, f, err := openIndex(path, segment); err == nil {
		err = checkPairs(file, f)
		_ = file.Close() // read only
		if err == nil {
			return nil
		}
	}
	follower, err := s.j.Follow(Position(segment * uint64(s.j.segmentBytes)))
	if err != nil {
		return err
	}
	defer func() { _ = follower.Close() }() // read only
	var f footer
	first := func(h *Header, payload []byte, add func(uint64)) {
		if f.firstSeq == 0 {
			f.firstSeq = h.Seq
		}
		if s.j.options.Keys != nil {
			s.j.options.Keys(h, payload, add)
		}
	}
	pairs, done, err := collect(follower, segment, first, nil)
	if err != nil {
		return err
	}
	if !done {
		return fmt.Errorf("it ends at position %d", follower.position)
	}
	f.nextSeq = follower.seq
	return writeIndex(path, encodeIndex(segment, pairs, f))
}

func (s *sealer) close() {
	close(s.stop)
	<-s.done
}
