package config

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Whose a number is: an account is of a client, a client of a group, a trader of a desk, an instrument of a type. A
// configuration says so while it has the name. Once the name is gone the registry does, for what was executed under it counts
// with its owners until the day rolls, also in tables that are laid out anew.

// ownerWord begins a line of the registry that no number does.
const ownerWord = "owner"

// owner is a number plus one; 0: it has none that is known.
type owner uint32

// Owned is a number with the number that it belongs to, NoOwner for none.
type Owned struct{ Number, Of uint32 }

const (
	NoOwner     = math.MaxUint32
	noOwnerWord = "none"
)

// Own notes what numbers belong to. It is on disk when it returns.
func (n *Numbers) Own(kind Kind, list []Owned) error {
	return n.note(kind, list, func(is owner, o Owned) bool { return is == owner(o.Of+1) })
}

// OwnNew does so for those of which nothing is known.
func (n *Numbers) OwnNew(kind Kind, list []Owned) error {
	return n.note(kind, list, func(is owner, o Owned) bool { return is != 0 || is == owner(o.Of+1) })
}

func (n *Numbers) note(kind Kind, list []Owned, known func(owner, Owned) bool) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	var lines bytes.Buffer
	list = slices.DeleteFunc(list, func(o Owned) bool { return known(n.ownerOf(kind, o.Number), o) })
	for _, o := range list {
		of := noOwnerWord
		if o.Of != NoOwner {
			of = strconv.FormatUint(uint64(o.Of), 10)
		}
		fmt.Fprintf(&lines, "%s %s %d %s\n", ownerWord, kind, o.Number, of)
	}
	if len(list) == 0 || n.closed {
		return nil // whoever only reads a journal needs no more than its configurations say
	}
	if err := n.append(lines.Bytes()); err != nil {
		return err
	}
	for _, o := range list {
		n.own(kind, o)
	}
	return nil
}

func (n *Numbers) own(kind Kind, o Owned) {
	for len(n.owners[kind]) <= int(o.Number) {
		n.owners[kind] = append(n.owners[kind], 0)
	}
	n.owners[kind][o.Number] = owner(o.Of + 1)
}

func (n *Numbers) ownerOf(kind Kind, number uint32) owner {
	if int(number) >= len(n.owners[kind]) {
		return 0
	}
	return n.owners[kind][number]
}

// Owner is what a number belonged to when it was named last; false: to nothing that is known.
func (n *Numbers) Owner(kind Kind, number uint32) (of uint32, known bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	o := n.ownerOf(kind, number)
	return uint32(o - 1), o != 0
}

// ownerLine takes the rest of such a line and says what is wrong with it.
func (n *Numbers) ownerLine(rest string) string {
	fields := strings.Split(rest, " ")
	kind := slices.Index(kindWords[:], fields[0])
	if kind < 0 || len(fields) != 3 {
		return "damaged line " + show(ownerWord+" "+rest)
	}
	o := Owned{Of: NoOwner}
	for i, into := range []*uint32{&o.Number, &o.Of} {
		v, err := strconv.ParseUint(fields[i+1], 10, 31)
		if i == 1 && fields[2] == noOwnerWord {
			break
		}
		if *into = uint32(v); err != nil || strconv.FormatUint(v, 10) != fields[i+1] {
			return "damaged line " + show(ownerWord+" "+rest)
		}
	}
	if int(o.Number) >= len(n.names[kind]) {
		return fmt.Sprintf("an owner of %s number %d, which nobody has", fields[0], o.Number)
	}
	n.own(Kind(kind), o)
	return ""
}
