package engine

import "sync/atomic"

// class is one of the three classes of links that have work, in the order in which a cycle visits them.
//
// A participant that had nothing to do is quiet when something comes from it, and has its turn before those that are busy: it
// waits for no other's flood. Its turn over, it is busy if it has more, and so it is where others are: one that sends a little
// again and again passes them once a round, not more often.
type class int

const (
	venues class = iota
	quiet
	busy
	classes
)

// linkNames are the links' names, by number. A link that is added while the engine runs gets its own then.
type linkNames []atomic.Pointer[string]

func newLinkNames(links []Link) linkNames {
	n := make(linkNames, len(links))
	for i := range links {
		n[i].Store(&links[i].Name)
	}
	return n
}

// of is a link's name; "" where there is no link.
func (n linkNames) of(link uint32) string {
	if link < uint32(len(n)) {
		return *n[link].Load()
	}
	return ""
}

// Know tells the engine of a link that is added, before it gets a connection.
func (e *Engine) Know(link uint32, l Link) {
	e.names[link].Store(&l.Name)
	e.lines[link].Store(l.Venue)
}

// readyRing holds links with work left, each once, in the order in which they came.
type readyRing struct {
	links []uint32 // its length is a power of two
	first uint32   // index of the oldest, not reduced
	next  uint32   // index after the newest
	in    []bool   // by link
}

func newReadyRing(links int) readyRing {
	size := 1
	for size < links {
		size <<= 1
	}
	return readyRing{links: make([]uint32, size), in: make([]bool, links)}
}

func (r *readyRing) len() int { return int(r.next - r.first) }

// push adds a link at the end unless it is in the ring.
func (r *readyRing) push(link uint32) {
	if r.in[link] {
		return
	}
	r.in[link] = true
	r.links[r.next&uint32(len(r.links)-1)] = link
	r.next++
}

// pop takes the link that waits longest; the ring is not empty.
func (r *readyRing) pop() uint32 {
	link := r.links[r.first&uint32(len(r.links)-1)]
	r.first++
	r.in[link] = false
	return link
}

// lineUp has a link visited: something has come from it.
func (e *Engine) lineUp(c *conn) {
	switch {
	case c.venue:
		e.ready[venues].push(c.link)
	case !e.ready[busy].in[c.link]:
		e.ready[quiet].push(c.link)
	}
}

// linkSet is a set of links to walk over.
type linkSet struct {
	links []uint32
	in    []bool // by link
}

func newLinkSet(links int) linkSet {
	return linkSet{links: make([]uint32, 0, links), in: make([]bool, links)}
}

func (s *linkSet) add(link uint32) {
	if !s.in[link] {
		s.in[link] = true
		s.links = append(s.links, link)
	}
}

// removeAt takes out the i-th; another takes its place.
func (s *linkSet) removeAt(i int) {
	s.in[s.links[i]] = false
	last := len(s.links) - 1
	s.links[i] = s.links[last]
	s.links = s.links[:last]
}
