package core

import (
	"encoding/binary"
	"unsafe"

	"github.com/cespare/xxhash/v2"
)

// directory finds the numbers of what messages name. It belongs to a Setup and is made beside the engine: a setup of a million
// names takes over between two events all the same.
type directory struct {
	symbols   names
	symbolsAt []names // by venue: its own names of instruments
	accounts  names
	former    names // accounts that are gone, which a venue may still tell of
	clients   names
	groups    names
	traders   names
	algos     names
	desks     names

	underlyings names // to one instrument of each

	wide   bool   // see warm.go
	placed Placed // the prices, nil where they do not say where they are
}

// newDirectory leaves accounts and authors out that the configuration does not name any more: nobody can name them. Symbols
// stay, for they can be halted, and are unknown to the book.
func newDirectory(set *Setup) (d directory) {
	d.wide = len(set.Accounts)+len(set.Instruments) > wideRows
	d.placed, _ = set.Prices.(Placed)
	d.accounts.makeRoom(len(set.Accounts), set.HugePages)
	d.symbols.makeRoom(len(set.Instruments), set.HugePages)
	d.symbolsAt = make([]names, len(set.Venues))
	for i := range set.Instruments {
		in := &set.Instruments[i]
		d.symbols.add(in.Symbol, named{uint32(i), routeOf(set.Routes.BySymbol, i), renamed(in.AtVenue)})
		for venue, name := range in.AtVenue {
			d.symbolsAt[venue].addNamed(name, uint32(i))
		}
	}
	for i := range set.Instruments {
		if u := set.Instruments[i].Underlying; d.underlyings.find([]byte(u)) == NoIndex {
			d.underlyings.addNamed(u, uint32(i))
		}
	}
	for i := range set.Accounts {
		a := &set.Accounts[i]
		if a.Client != NoIndex {
			d.accounts.add(a.Name, named{uint32(i), routeOf(set.Routes.ByAccount, i), renamed(a.AtVenue)})
		} else {
			d.former.addNamed(a.Name, uint32(i))
		}
	}
	for i, name := range set.Clients {
		d.clients.addNamed(name, uint32(i))
	}
	for i, name := range set.Groups {
		d.groups.addNamed(name, uint32(i))
	}
	for i := range set.Traders {
		d.traders.addNamed(set.Traders[i].Name, uint32(i))
	}
	for i := range set.Algos {
		d.algos.addNamed(set.Algos[i].Name, uint32(i))
	}
	for i, name := range set.Desks {
		d.desks.addNamed(name, uint32(i))
	}
	return d
}

// names maps texts of the configuration to numbers: open addressing over a power of two. It is
// built before it is used and only read afterwards.
type names struct {
	rows []nameRow
	long []string // names that do not fit in their rows
	used int
}

// named is what the configuration says of a name.
type named struct {
	number  uint32
	route   uint32 // of an account or a symbol: the number of Routes for it
	renamed bool   // some venue calls it by another name
}

// routeOf is the route of a number; none for one that the routes do not reach.
func routeOf(routes []uint32, i int) uint32 {
	if i < len(routes) {
		return routes[i]
	}
	return NoIndex
}

// renamed tells whether venues have names of their own for something.
func renamed(atVenue []string) bool {
	for _, name := range atVenue {
		if name != "" {
			return true
		}
	}
	return false
}

// nameRow is half a cache line, and holds the name: in a table that no cache holds, to find a name is to wait for
// memory once.
type nameRow struct {
	hash, number, route uint32
	renamed             bool
	size                uint8 // of the name, 0: nothing is here; longName: text begins with where it is in long
	text                [rowTextMax]byte
}

const (
	rowTextMax = 18
	longName   = rowTextMax + 1
)

// makeRoom gives an empty table its rows.
func (n *names) makeRoom(count int, hugePages func([]byte)) {
	if n.rows = make([]nameRow, powerOfTwo(2*(count+1))); hugePages != nil {
		hugePages(unsafe.Slice((*byte)(unsafe.Pointer(&n.rows[0])), len(n.rows)*int(unsafe.Sizeof(nameRow{}))))
	}
}

func (n *names) add(text string, what named) {
	if 2*(n.used+1) > len(n.rows) {
		old := n.rows
		n.makeRoom(2*n.used+2, nil)
		for i := range old {
			if old[i].size != 0 {
				n.put(&old[i], xxhash.Sum64(n.text(&old[i])))
			}
		}
	}
	hash := xxhash.Sum64String(text)
	r := nameRow{uint32(hash >> 32), what.number, what.route, what.renamed, uint8(min(len(text), longName)), [rowTextMax]byte{}}
	if len(text) <= rowTextMax {
		copy(r.text[:], text)
	} else {
		binary.LittleEndian.PutUint32(r.text[:], uint32(len(n.long)))
		n.long = append(n.long, text)
	}
	n.put(&r, hash)
	n.used++
}

func (n *names) put(r *nameRow, hash uint64) {
	i := int(hash) & (len(n.rows) - 1)
	for n.rows[i].size != 0 {
		i = (i + 1) & (len(n.rows) - 1)
	}
	n.rows[i] = *r
}

// addNamed leaves out what has no name any more.
func (n *names) addNamed(text string, number uint32) {
	if text != "" {
		n.add(text, named{number: number})
	}
}

// text is the name in a row.
func (n *names) text(r *nameRow) []byte {
	if r.size == longName {
		return []byte(n.long[binary.LittleEndian.Uint32(r.text[:])])
	}
	return r.text[:r.size]
}

// find returns the number of a name, NoIndex if there is none.
func (n *names) find(text []byte) uint32 { return n.lookUp(text).number }

// lookUp returns what is known of a name; its number is NoIndex if that is nothing.
func (n *names) lookUp(text []byte) named {
	if len(n.rows) == 0 || len(text) == 0 {
		return named{number: NoIndex}
	}
	hash := xxhash.Sum64(text)
	for i := int(hash) & (len(n.rows) - 1); ; i = (i + 1) & (len(n.rows) - 1) {
		r := &n.rows[i]
		if r.size == 0 {
			return named{number: NoIndex}
		}
		if r.hash == uint32(hash>>32) && n.is(r, text) {
			return named{r.number, r.route, r.renamed}
		}
	}
}

func (n *names) is(r *nameRow, text []byte) bool {
	if r.size == longName {
		return n.long[binary.LittleEndian.Uint32(r.text[:])] == string(text)
	}
	return string(r.text[:r.size]) == string(text)
}

// line is where the search for a name begins, for the processor to be asked for it.
func (n *names) line(text []byte) unsafe.Pointer {
	if len(n.rows) == 0 {
		return nil
	}
	return unsafe.Pointer(&n.rows[int(xxhash.Sum64(text))&(len(n.rows)-1)])
}
