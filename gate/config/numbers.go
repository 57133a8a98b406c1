package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"portcullis/fix/settings"
	"portcullis/gate/cell"
)

// Kind is what a number belongs to. Each kind counts for itself.
type Kind uint8

const (
	AccountNumber Kind = iota
	ClientNumber
	InstrumentNumber
	LinkNumber
	VenueNumber
	GroupNumber
	DeskNumber
	TraderNumber
	AlgoNumber
	kindCount

	NoNumber = kindCount // of the firm, which needs none
)

// kindWords stand in the file; they never change.
var kindWords = [kindCount]string{"account", "client", "instrument", "link", "venue", "group", "desk", "trader", "algo"}

// String is the word of the kind in the file.
func (k Kind) String() string { return kindWords[min(k, kindCount-1)] }

// Numbers gives every account, client, instrument, link, venue and whoever else has a name a number for life. Journal
// records and the core's tables hold numbers only, so a number must mean the same thing for as long
// as the journal lives: it is never changed and never reused, also not after the name is gone.
//
// The file "numbers" in the journal folder has one line per number, in the order of giving,
//
//	account 17 ACME-1
//
// and, of some kinds, what a number belongs to while its name is gone:
//
//	owner account 17 3
//
// Numbers of a kind start at 0 and have no gaps, so a lost, repeated or altered line is found. Only
// the last line may be cut short: it was being written when the machine stopped, nobody was told
// its number, and it is removed. One owner at a time, of which several goroutines may ask.
type Numbers struct {
	path  string
	file  *os.File
	draft bool // nothing is written

	mu     sync.RWMutex // guards what follows
	closed bool         // no name gets a number any more
	failed error        // a line may be half written: no other may follow it
	byName [kindCount]map[string]uint32
	names  [kindCount][]string
	owners [kindCount][]owner // by number
}

// OpenNumbers reads the registry in a journal folder, or starts an empty one. The error names the
// file and line of every damaged line.
func OpenNumbers(journalDir string) (*Numbers, error) {
	n := newNumbers(journalDir)
	file, err := os.OpenFile(n.path, os.O_RDWR|os.O_CREATE, 0o640)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(file)
	if err == nil {
		err = n.parse(data)
	}
	whole := int64(bytes.LastIndexByte(data, '\n') + 1)
	if err == nil && whole < int64(len(data)) {
		err = file.Truncate(whole)
	}
	if err == nil {
		_, err = file.Seek(whole, io.SeekStart)
	}
	if err == nil {
		err = cell.SyncDir(journalDir)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	n.file = file
	return n, nil
}

// ReadNumbers reads the registry in a journal folder as it is, also while a gate writes it. It gives no others, but its Draft does.
// Where there is none, the error is fs.ErrNotExist and the registry empty.
func ReadNumbers(journalDir string) (*Numbers, error) {
	n := newNumbers(journalDir)
	n.closed = true
	data, err := os.ReadFile(n.path)
	if err != nil {
		return n, err
	}
	return n, n.parse(data)
}

// DraftNumbers is an empty registry of which nothing is written.
func DraftNumbers() *Numbers { return newNumbers("").Draft() }

func newNumbers(journalDir string) *Numbers {
	n := &Numbers{path: filepath.Join(journalDir, "numbers")}
	for kind := range n.byName {
		n.byName[kind] = map[string]uint32{}
	}
	return n
}

// parse takes all whole lines.
func (n *Numbers) parse(data []byte) error {
	var problems settings.Problems
	lines := strings.Split(string(data), "\n")
	for i, line := range lines[:len(lines)-1] {
		if wrong := n.line(line); wrong != "" {
			problems.Add(n.path, i+1, wrong, "restore the file from a copy; never renumber by hand")
		}
	}
	return problems.Err()
}

// line takes one line and says what is wrong with it.
func (n *Numbers) line(line string) string {
	word, rest, _ := strings.Cut(line, " ")
	if word == ownerWord {
		return n.ownerLine(rest)
	}
	digits, name, _ := strings.Cut(rest, " ")
	kind := kindCount
	for k, known := range kindWords {
		if word == known {
			kind = Kind(k)
		}
	}
	number, err := strconv.ParseUint(digits, 10, 32)
	switch {
	case kind == kindCount || err != nil || digits != strconv.FormatUint(number, 10) || !nameable(name):
		return "damaged line " + show(line)
	case int(number) != len(n.names[kind]):
		return fmt.Sprintf("%s number %d where %d was due", word, number, len(n.names[kind]))
	}
	if _, taken := n.byName[kind][name]; taken {
		return fmt.Sprintf("%s %s has a second number", word, show(name))
	}
	n.put(kind, name)
	return ""
}

func (n *Numbers) put(kind Kind, name string) {
	n.byName[kind][name] = uint32(len(n.names[kind]))
	n.names[kind] = append(n.names[kind], name)
}

// nameable tells whether a name can stand in the file.
func nameable(name string) bool { return name != "" && unprintable(name) == "" }

// Assign makes sure that each name has a number. New numbers are on disk when it returns; after an
// error none of the new ones may be used, and the registry must be opened again.
func (n *Numbers) Assign(kind Kind, names ...string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	var lines bytes.Buffer
	added := map[string]bool{}
	var fresh []string
	for _, name := range names {
		if !nameable(name) {
			return fmt.Errorf("%s: %s %s cannot have a number: not printable ASCII", n.path, kind, show(name))
		}
		if _, known := n.byName[kind][name]; known || added[name] {
			continue
		}
		fmt.Fprintf(&lines, "%s %d %s\n", kind, len(n.names[kind])+len(fresh), name)
		added[name] = true
		fresh = append(fresh, name)
	}
	if len(fresh) == 0 {
		return nil
	}
	if n.closed {
		return fmt.Errorf("%s %s", kind, fresh[0])
	}
	if err := n.append(lines.Bytes()); err != nil {
		return err
	}
	for _, name := range fresh {
		n.put(kind, name)
	}
	return nil
}

// append puts whole lines on disk.
func (n *Numbers) append(lines []byte) error {
	if n.failed != nil || n.draft {
		return n.failed
	}
	if _, err := n.file.Write(lines); err != nil {
		n.failed = fmt.Errorf("%w: no name gets a number any more; see to the disk and restart", err)
		return n.failed
	}
	if err := n.file.Sync(); err != nil {
		n.failed = fmt.Errorf("%s: %w: no name gets a number any more; see to the disk and restart", n.path, err)
	}
	return n.failed
}

// Of returns the number of a name.
func (n *Numbers) Of(kind Kind, name string) (uint32, bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	number, ok := n.byName[kind][name]
	return number, ok
}

// Name returns the name of a number, "" when it was never given.
func (n *Numbers) Name(kind Kind, number uint32) string {
	n.mu.RLock()
	defer n.mu.RUnlock()
	if int64(number) >= int64(len(n.names[kind])) {
		return ""
	}
	return n.names[kind][number]
}

// Count is how many numbers of a kind were ever given; tables need that many rows.
func (n *Numbers) Count(kind Kind) int {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return len(n.names[kind])
}

// Close closes the file. The numbers can be asked for still, but Assign refuses what has none, and names it.
func (n *Numbers) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
	if n.file == nil {
		return nil
	}
	return n.file.Close()
}

// AssignAll gives numbers to all that a configuration names, in file order, and to names beside it. It gives none where a
// table could not hold them: numbers of things long gone still take rows.
func (c *Config) AssignAll(n *Numbers, beside Names) error {
	if err := c.CheckRoom(n, beside); err != nil {
		return err
	}
	all := c.Names()
	for kind := range kindCount {
		if err := n.Assign(kind, append(all[kind], beside[kind]...)...); err != nil {
			return err
		}
	}
	return nil
}

// CheckKnown tells whether every name of a configuration that was in force has its number. One that lacks its line would get
// another number, and the records of the journal, which hold numbers alone, would be of somebody else.
func (c *Config) CheckKnown(n *Numbers) error {
	for kind, names := range c.Names() {
		for _, name := range names {
			if _, known := n.Of(Kind(kind), name); !known {
				return n.lost(fmt.Sprintf("%s %s", Kind(kind), name))
			}
		}
	}
	return nil
}

// CheckBegun is CheckKnown where nobody knows what was in force: a journal with records has given numbers.
func (n *Numbers) CheckBegun() error {
	if n.Count(LinkNumber) == 0 {
		return n.lost("any link")
	}
	return nil
}

// CheckOwned refuses a registry in which names have no owner that must have one.
func (n *Numbers) CheckOwned(unowned []string) error {
	if len(unowned) == 0 {
		return nil
	}
	return fmt.Errorf("%s has lost lines that begin with owner: nobody knows whose are %s; restore the file from a copy, or name them "+
		"in the configuration once more, as they were", n.path, few(unowned))
}

func (n *Numbers) lost(what string) error {
	return fmt.Errorf("%s has lost lines: the journal has records, and no number of %s is there; restore the file from a copy; never renumber by hand", n.path, what)
}

// AuthorsMax is how many groups, desks, traders and algorithms a journal can tell apart, of each.
const AuthorsMax = 1<<16 - 1

// Names are those of each kind, as they are in the files.
type Names [kindCount][]string

// Names are all that a configuration names. Venue lines are links too, after the participants', and so are drop copies.
func (c *Config) Names() (byKind Names) {
	for i := range c.Accounts {
		byKind[AccountNumber] = append(byKind[AccountNumber], c.Accounts[i].Name)
	}
	for i := range c.Clients {
		byKind[ClientNumber] = append(byKind[ClientNumber], c.Clients[i].Name)
	}
	for i := range c.Instruments {
		byKind[InstrumentNumber] = append(byKind[InstrumentNumber], c.Instruments[i].Symbol)
	}
	for i := range c.Links {
		byKind[LinkNumber] = append(byKind[LinkNumber], c.Links[i].Session.Name)
	}
	for i := range c.Venues {
		byKind[LinkNumber] = append(byKind[LinkNumber], c.Venues[i].Session.Name)
		byKind[VenueNumber] = append(byKind[VenueNumber], c.Venues[i].Name)
	}
	for i := range c.Copiers {
		byKind[LinkNumber] = append(byKind[LinkNumber], c.Copiers[i].Session.Name)
	}
	c.authorNames(&byKind)
	return byKind
}

func (c *Config) authorNames(byKind *Names) {
	for i := range c.Groups {
		byKind[GroupNumber] = append(byKind[GroupNumber], c.Groups[i].Name)
	}
	for i := range c.Desks {
		byKind[DeskNumber] = append(byKind[DeskNumber], c.Desks[i].Name)
	}
	for i := range c.Traders {
		byKind[TraderNumber] = append(byKind[TraderNumber], c.Traders[i].Name)
	}
	for i := range c.Algos {
		byKind[AlgoNumber] = append(byKind[AlgoNumber], c.Algos[i].Name)
	}
}

// Counts is how many numbers of each kind are in use.
type Counts [kindCount]int

// Use counts the numbers of names in, with all that were given before them.
func (n *Numbers) Use(counts *Counts, kind Kind, names ...string) {
	for _, name := range names {
		if number, ok := n.Of(kind, name); ok {
			counts[kind] = max(counts[kind], int(number)+1)
		}
	}
}

// UseAll counts in all that a configuration names.
func (c *Config) UseAll(n *Numbers, counts *Counts) {
	for kind, names := range c.Names() {
		n.Use(counts, Kind(kind), names...)
	}
}

// Draft is the registry as it is now. What it gives beside that is known to it alone.
func (n *Numbers) Draft() *Numbers {
	n.mu.RLock()
	defer n.mu.RUnlock()
	draft := &Numbers{path: n.path, draft: true}
	for kind := range kindCount {
		draft.names[kind], draft.byName[kind] = slices.Clone(n.names[kind]), maps.Clone(n.byName[kind])
		draft.owners[kind] = slices.Clone(n.owners[kind])
	}
	return draft
}

// First is the registry as it was when so many numbers had been given. It gives no others.
func (n *Numbers) First(counts Counts) *Numbers {
	first := &Numbers{path: n.path, failed: errors.New("the registry is of the past: no name gets a number in it")}
	for kind := range kindCount {
		first.names[kind], first.byName[kind] = n.names[kind][:counts[kind]:counts[kind]], map[string]uint32{}
		first.owners[kind] = n.owners[kind][:min(counts[kind], len(n.owners[kind]))]
		for number, name := range first.names[kind] {
			first.byName[kind][name] = uint32(number)
		}
	}
	return first
}
