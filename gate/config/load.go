package config

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"portcullis/fix/settings"
	"portcullis/gate/transport"
)

// Sizes that no honest file reaches.
const (
	textBytesMax  = 16 << 20  // YAML and settings files
	tableBytesMax = 256 << 20 // CSV files
)

// Load reads gate.yaml at path and every file it names, relative to its folder. The error joins all
// defects, each a *settings.Problem that prints as "file:line: what; cure".
func Load(path string) (*Config, error) {
	dir := filepath.Dir(path)
	read := map[string][]byte{}
	open := noting(once(in(dir, loadPatience)), read)
	c, err := load(filepath.Base(path), dir, open, open)
	if err == nil {
		c.read, c.secret = read, in(dir, loadPatience)
	}
	return c, err
}

// LoadDraft reads the configuration of a gate whose files are being written: participants' sessions may stand there before
// gate.yaml has an entry for them.
func LoadDraft(path string) (*Config, error) {
	dir := filepath.Dir(path)
	open := once(in(dir, loadPatience))
	return (&loader{dir: dir, open: open, secret: open, draft: true}).load(filepath.Base(path))
}

// ReadPositions reads the positions file as it is now: a trade date that begins later has its own. The rest of
// the configuration is what was loaded.
func (c *Config) ReadPositions() (positions []Position, closes []Mark, date int, err error) {
	l := c.reader()
	if c.PositionsFile != "" {
		l.positions(fileNamed(c.PositionsFile))
	}
	return l.config.Positions, l.config.Closes, l.config.PositionsDate, l.problems.Err()
}

// fileNamed is the name of a file that is read after the configuration, which then stands for itself in what is wrong with it.
func fileNamed(file string) scalar { return scalar{text: file, at: place{file: file}} }

// reader reads files that name accounts and symbols of c.
func (c *Config) reader() *loader {
	l := &loader{dir: c.dir, open: once(in(c.dir, loadPatience))}
	l.config.Files, l.config.Accounts = map[string][]byte{}, c.Accounts
	l.accounts, l.instruments = newNames("account"), newNames("symbol")
	for i := range c.Accounts {
		l.accounts.define(l, scalar{text: c.Accounts[i].Name})
	}
	l.config.Instruments = slices.Clone(c.Instruments)
	for i := range l.config.Instruments {
		in := &l.config.Instruments[i]
		in.Close, in.CloseDate = 0, 0
		l.instruments.define(l, scalar{text: in.Symbol})
	}
	return l
}

// LoadFiles builds the same Config from content that was kept beside a journal (Config.Files);
// mainFile is the name of gate.yaml in it. Secrets are not kept, so passwords and their hashes from
// files stay empty: the result is for replay and reports, never for running.
func LoadFiles(files map[string][]byte, mainFile string) (*Config, error) {
	c, err := load(mainFile, "", among(files), nil)
	if err != nil {
		return nil, err
	}
	return c.again(files, LoadFiles)
}

// among opens files that are at hand.
func among(files map[string][]byte) opener {
	return func(name string) ([]byte, error) {
		if data, ok := named(files, name); ok {
			return data, nil
		}
		return nil, os.ErrNotExist
	}
}

// LoadAsKept loads gate.yaml at path as it would be kept beside a journal: to be compared with what is. Who compares has
// something else to do, so files that do not come back are an error soon.
func LoadAsKept(path string) (*Config, error) {
	c, err := load(filepath.Base(path), "", once(in(filepath.Dir(path), lookPatience)), nil)
	if err != nil {
		return nil, err
	}
	return LoadFiles(c.Files, filepath.Base(path))
}

// Hash is the SHA-256 over names and contents of all files, in the order of their names. It names a
// version of the configuration in the journal.
func (c *Config) Hash() [32]byte {
	digest := sha256.New()
	var size [8]byte
	for _, name := range slices.Sorted(maps.Keys(c.Files)) {
		for _, part := range [][]byte{[]byte(name), c.Files[name]} {
			binary.BigEndian.PutUint64(size[:], uint64(len(part)))
			digest.Write(size[:])
			digest.Write(part)
		}
	}
	return [32]byte(digest.Sum(nil))
}

// opener returns the content of a file by the name that gate.yaml gives it.
type opener func(name string) ([]byte, error)

// loader is one run: what was read so far and what is wrong with it.
type loader struct {
	config   Config
	dir      string // folder of gate.yaml, "" when loaded from memory
	open     opener
	secret   opener // nil: secrets are not available
	was      bool   // what was in force when something of an offer was held back: in parts as it is kept, in parts as it was read
	draft    bool   // participants' sessions may lack their entries
	problems settings.Problems

	// Names seen so far, with their places, for references.
	sessions    map[string]*settingsUse // by link name
	partial     bool                    // a settings file is broken: a session not found proves nothing
	redacted    map[string]bool         // password hashes taken out of the content that is kept
	rates       map[string]fxRate       // by currency
	sharesAt    place                   // where the first adv_bps_max stands
	capacityAt  place                   // where gate.capacity stands
	borrow      borrowFiles             // read once accounts are known
	venues      names
	groups      names
	clients     names
	desks       names
	traders     names
	algos       names
	accounts    names
	instruments names
	lists       names
	phaseRules  names
}

// kept reports whether what is read may have redactedHash where a hash stood.
func (l *loader) kept() bool { return l.secret == nil || l.was }

// load reads in the order in which sections need each other.
func load(mainFile, dir string, open, secret opener) (*Config, error) {
	return (&loader{dir: dir, open: open, secret: secret}).load(mainFile)
}

func (l *loader) load(mainFile string) (*Config, error) {
	dir, secret := l.dir, l.secret
	l.sessions = map[string]*settingsUse{}
	l.config.Files, l.config.dir, l.config.secret, l.config.main = map[string][]byte{}, dir, secret, mainFile
	l.venues, l.clients = newNames("venue"), newNames("client")
	l.groups, l.desks, l.traders, l.algos = newNames("group"), newNames("desk"), newNames("trader"), newNames("algo")
	l.accounts, l.instruments, l.lists = newNames("account"), newNames("symbol"), newNames("list")
	l.phaseRules = newNames("phase_rules")

	data, ok := l.file(scalar{mainFile, place{mainFile, 0}}, textBytesMax)
	if !ok {
		return nil, l.problems.Err()
	}
	top := l.parseYAML(mainFile, data)
	parts := []*mapping{top}
	for _, name := range top.list("include") {
		if data, ok := l.file(name, textBytesMax); ok {
			parts = append(parts, l.parseYAML(name.text, data))
		}
	}
	if err := l.problems.Err(); err != nil {
		return nil, err // a file that does not parse would make everything else look missing
	}
	l.readGate(top.sub("gate"))
	l.readSessions(top.sub("fix"))
	l.readMoney(top)
	l.readPhaseRules(top)
	l.readTables(top)
	l.readLists(parts)
	l.readFirm(top.sub("firm"))
	l.readControls(top.sub("controls"))
	l.readPeople(parts)
	l.readVenues(parts)
	l.readRoutes(top.sub("routes"))
	l.readRecon(top.sub("recon"))
	l.readPositions(top)
	l.readBorrow(l.borrow)
	l.readDropCopy(top.sub("drop_copy"))
	l.readAlerts(top)
	for _, part := range parts {
		part.close()
	}
	l.check()
	if err := l.problems.Err(); err != nil {
		return nil, err
	}
	l.readAuthorities()
	return &l.config, nil
}

// add records a defect.
func (l *loader) add(at place, what, cure string) {
	l.problems.Add(at.file, at.line, what, cure)
}

// warn records what is allowed but deserves a look.
func (l *loader) warn(at place, format string, args ...any) { l.config.warn(at, format, args...) }

func (c *Config) warn(at place, format string, args ...any) {
	text := at.file
	if at.line > 0 {
		text = fmt.Sprintf("%s:%d", at.file, at.line)
	}
	c.Warnings = append(c.Warnings, text+": "+fmt.Sprintf(format, args...))
}

// readFile reads a file that is not kept beside the journal.
func (c *Config) readFile(name string) ([]byte, error) {
	if c.secret == nil {
		return nil, os.ErrNotExist
	}
	return c.secret(name)
}

// file reads a file that gate.yaml names and keeps its content for the journal.
func (l *loader) file(name scalar, bytesMax int) ([]byte, bool) {
	if name.text == "" {
		return nil, false // already reported where it was read
	}
	if _, twice := l.config.Files[name.text]; twice {
		l.add(name.at, show(name.text)+" is named twice", "each file has one purpose; remove one")
		return nil, false
	}
	data, err := l.open(name.text)
	switch {
	case err != nil:
		l.add(name.at, "cannot read "+show(name.text)+": "+transport.Cause(err), "check the name, its folder and its permissions")
		return nil, false
	case len(data) > bytesMax:
		l.add(name.at, fmt.Sprintf("%s has %d bytes", show(name.text), len(data)),
			fmt.Sprintf("at most %d are read", bytesMax))
		return nil, false
	}
	l.config.Files[name.text] = data
	return data, true
}

// names resolves references to the index of what they name.
type names struct {
	kind    string
	index   map[string]int
	at      []place
	partial bool // the file that defines them is broken: a name not found proves nothing
}

func newNames(kind string) names { return names{kind: kind, index: map[string]int{}} }

// define gives the next index to a name; a name that is taken is a defect.
func (n *names) define(l *loader, name scalar) {
	if first, taken := n.index[name.text]; taken {
		l.add(name.at, fmt.Sprintf("%s %s is already defined at %s:%d", n.kind, show(name.text),
			n.at[first].file, n.at[first].line), "names are unique; rename or remove one")
	} else if name.text != "" {
		n.index[name.text] = len(n.at)
	}
	n.at = append(n.at, name.at)
}

// find returns the index of a name; None after an error when there is no such name.
func (n *names) find(l *loader, name scalar) int {
	if i, ok := n.index[name.text]; ok {
		return i
	}
	if name.text != "" && !n.partial {
		l.add(name.at, fmt.Sprintf("%s %s is not defined", n.kind, show(name.text)),
			settings.DidYouMean(name.text, n.known(), "define it or correct the name"))
	}
	return None
}

// known lists the names for a hint, unless they are too many to search.
func (n *names) known() []string {
	if len(n.index) > 2000 {
		return nil
	}
	return slices.Sorted(maps.Keys(n.index))
}
