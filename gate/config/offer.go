package config

import (
	"bytes"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// offer is what a configuration that holds something back was made from.
type offer struct {
	of           *Config // what is offered, whole
	before       *Config // what was in force; nil: nothing was
	held         []Held
	dictionaries map[string][]byte // data dictionaries that stay as they were
	authorities  map[string][]byte // those that sessions trust, of files that offer others
}

// Begin says what comes into force at a first start: nothing of it before it is approved, where it says that two people approve,
// or where two did at this place before (twoHave); else all of it.
func Begin(offered *Config, twoHave bool) *Config {
	if offered.Gate.Approval != FourEyes && !twoHave {
		return offered
	}
	return holdBack(nil, offered)
}

// Govern says what comes into force when a configuration is offered: all of it where it was approved, or where what is in
// force takes one person; else what of it loosens no check.
func Govern(inForce, offered *Config, approved bool) *Config {
	switch {
	case approved || inForce.Gate.Approval != FourEyes:
		return offered
	case inForce.offer == nil:
		return holdBack(inForce, offered)
	case inForce.offer.before == nil:
		return holdBack(nil, offered) // nothing has been approved yet
	}
	// What was tightened since something was approved has to be kept, else an older offer can be forgotten.
	whole, short := holdBack(inForce, offered), holdBack(inForce.offer.before, offered)
	if reflect.DeepEqual(judging(whole), judging(short)) {
		return short
	}
	return whole
}

// judging is a configuration without what it knows of its own files.
func judging(c *Config) Config {
	x := *c
	x.Files, x.Warnings, x.read, x.offer = nil, nil, nil, nil
	x.overlay, x.bare = nil, nil
	x.Keys, x.secret = nil, nil
	return x
}

// holdBack is an offered configuration with all that was, where it would loosen a check.
func holdBack(was, offered *Config) *Config {
	out := *offered
	t := tightening{offered: offered, rows: map[reflect.Type][]setting{}}
	o := &offer{of: offered, before: was, dictionaries: map[string][]byte{}, authorities: map[string][]byte{}}
	if was == nil {
		t.held = []Held{{Key: "first configuration", Offered: "everything", Shut: "nothing trades until it is approved"}}
		out.shut()
		out.Gate.Approval = FourEyes // until then, whatever it says itself
	} else {
		before := was.Numbered(offered)
		if !t.fields("", "", reflect.ValueOf(before).Elem(), reflect.ValueOf(&out).Elem()) {
			out.shut()
		}
		t.tables(before, &out)
		t.lists(was, &out)
		t.dictionaries(was, &out, o.dictionaries)
		t.authorities(was, &out, o.authorities)
		t.logins(before, &out)
	}
	if o.held = sortedHeld(t.held); len(o.held) == 0 {
		return offered
	}
	out.offer, out.Keys, out.bare = o, nil, nil
	out.Files = maps.Clone(offered.Files)
	maps.Copy(out.Files, was.asHeld(offered.main, false))
	if out.read != nil {
		out.read = maps.Clone(out.read)
		maps.Copy(out.read, was.asHeld(offered.main, true))
	}
	return &out
}

// dictionaries keeps those that sessions named before: another content judges otherwise.
func (t *tightening) dictionaries(was, out *Config, kept map[string][]byte) {
	before := was.dictionaryNames()
	for name := range out.dictionaryNames() {
		content, known := was.Dictionary(name)
		if now, has := out.Files[name]; before[name] && known && !(has && bytes.Equal(now, content)) {
			kept[name] = content
			t.held = append(t.held, Held{Key: "data dictionary " + name, Stays: "the content of before", Offered: "another content"})
		}
	}
}

func (c *Config) dictionaryNames() map[string]bool {
	names := map[string]bool{}
	for i := range c.Links {
		d := &c.Links[i].Session.Dictionaries
		names[d.Session] = true
		for _, name := range d.App {
			names[name] = true
		}
	}
	delete(names, "")
	return names
}

// Dictionary is the content of a data dictionary, by the name that sessions give it.
func (c *Config) Dictionary(name string) ([]byte, bool) {
	if c.offer != nil {
		if data, kept := c.offer.dictionaries[name]; kept {
			return data, true
		}
	}
	data, ok := c.Files[name]
	return data, ok
}

// Held lists what is held back until a second person approves it; none: the configuration is whole.
func (c *Config) Held() []Held {
	if c.offer == nil {
		return nil
	}
	return c.offer.held
}

// Offered is the configuration as it was offered, with what is held back.
func (c *Config) Offered() *Config {
	if c.offer == nil {
		return c
	}
	return c.offer.of
}

// Path is the main file; "": it was not read from one.
func (c *Config) Path() string {
	if c.dir == "" {
		return ""
	}
	return filepath.Join(c.dir, c.main)
}

// A configuration that holds something back is kept, and left in memory, as what was offered and, below heldFolder, what
// was in force: both are files that people can read, and lead to the same again.
const (
	heldFolder = "held-back/"
	firstOffer = heldFolder + ".first" // nothing was in force
)

// heldName is a file of what was in force among those of what is offered.
func heldName(name string) string { return heldFolder + filepath.Clean("/" + name)[1:] }

// IsHeld reports whether a file that is kept beside a journal is of what was in force, and not of what was offered.
func IsHeld(name string) bool { return strings.HasPrefix(name, heldFolder) }

// asHeld are the files of what was in force, with its secrets where they are asked for and at hand. main is the main file of what is
// offered: both have it under one name.
func (c *Config) asHeld(main string, secrets bool) map[string][]byte {
	if c == nil {
		return map[string][]byte{firstOffer: nil}
	}
	files, of := map[string][]byte{}, c.Files
	if secrets && c.read != nil {
		of = c.read
	}
	for name, data := range of {
		if name == c.main {
			name = main
		}
		files[heldName(name)] = data
	}
	return files
}

// again sets the limits that were set for a time when a configuration was kept in files, and holds back what was held back; load reads
// what was in force.
func (c *Config) again(files map[string][]byte, load func(map[string][]byte, string) (*Config, error)) (*Config, error) {
	c, err := c.asOverlaid(files)
	if err != nil {
		return nil, err
	}
	if _, first := files[firstOffer]; first {
		return holdBack(nil, c), nil
	}
	if _, held := files[heldName(c.main)]; !held {
		return c, nil
	}
	below := map[string][]byte{}
	for name, data := range files {
		if rest, is := strings.CutPrefix(name, heldFolder); is {
			below[rest] = data
		}
	}
	was, err := load(below, filepath.Clean("/" + c.main)[1:])
	if err != nil {
		return nil, err
	}
	return holdBack(was, c), nil
}

// named finds a file by its name, or by the place that a kept one has below a folder.
func named(files map[string][]byte, name string) ([]byte, bool) {
	data, ok := files[name]
	if !ok {
		data, ok = files[filepath.Clean("/" + name)[1:]]
	}
	return data, ok
}

// sortedHeld puts what is held back in the order in which people read it.
func sortedHeld(list []Held) []Held {
	return slices.SortedFunc(slices.Values(list), func(a, b Held) int { return strings.Compare(a.String(), b.String()) })
}
