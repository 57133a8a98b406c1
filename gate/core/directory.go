package core

import "github.com/cespare/xxhash/v2"

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

	wide bool // see warm.go
}

// newDirectory leaves accounts and authors out that the configuration does not name any more: nobody can name them. Symbols
// stay, for they can be halted, and are unknown to the book.
func newDirectory(set *Setup) (d directory) {
	d.wide = len(set.Accounts)+len(set.Instruments) > wideRows
	d.symbolsAt = make([]names, len(set.Venues))
	for i := range set.Instruments {
		d.symbols.add(set.Instruments[i].Symbol, uint32(i))
		for venue, name := range set.Instruments[i].AtVenue {
			d.symbolsAt[venue].addNamed(name, uint32(i))
		}
	}
	for i := range set.Accounts {
		if set.Accounts[i].Client != NoIndex {
			d.accounts.add(set.Accounts[i].Name, uint32(i))
		} else {
			d.former.add(set.Accounts[i].Name, uint32(i))
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
	used int
}

type nameRow struct {
	hash   uint64
	text   string
	number uint32
}

func (n *names) add(text string, number uint32) {
	if 2*(n.used+1) > len(n.rows) {
		old := n.rows
		n.rows, n.used = make([]nameRow, max(16, 2*len(old))), 0
		for _, r := range old {
			if r.text != "" {
				n.add(r.text, r.number)
			}
		}
	}
	hash := xxhash.Sum64String(text)
	i := int(hash) & (len(n.rows) - 1)
	for n.rows[i].text != "" {
		i = (i + 1) & (len(n.rows) - 1)
	}
	n.rows[i] = nameRow{hash, text, number}
	n.used++
}

// addNamed leaves out what has no name any more.
func (n *names) addNamed(text string, number uint32) {
	if text != "" {
		n.add(text, number)
	}
}

// find returns the number of a name, NoIndex if there is none.
func (n *names) find(text []byte) uint32 {
	if len(n.rows) == 0 || len(text) == 0 {
		return NoIndex
	}
	hash := xxhash.Sum64(text)
	for i := int(hash) & (len(n.rows) - 1); ; i = (i + 1) & (len(n.rows) - 1) {
		r := &n.rows[i]
		if r.text == "" {
			return NoIndex
		}
		if r.hash == hash && r.text == string(text) {
			return r.number
		}
	}
}
