package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Overlay is a limit that a person has set for a time in place of that of the files (behaviour 12).
type Overlay struct {
	Scope string    `json:"scope"`          // the word of a Kind, or firm
	Name  string    `json:"name,omitempty"` // "": the firm
	Key   string    `json:"key"`            // as in the entry of gate.yaml, with points between: limits.gross
	Value string    `json:"value"`
	Date  int       `json:"date"`           // trade date (yyyymmdd) on which it was set
	Until time.Time `json:"until,omitzero"` // when it ends; zero: at the end of that trade date
	By    string    `json:"by"`             // user
	Why   string    `json:"why"`
	At    time.Time `json:"at"`
}

// String says which limit it is of.
func (o *Overlay) String() string {
	if o.Name == "" {
		return o.Scope + " " + o.Key
	}
	return o.Scope + " " + o.Name + " " + o.Key
}

// Ends says when it ends.
func (o *Overlay) Ends() string {
	if o.Until.IsZero() {
		return "the next roll"
	}
	return o.Until.UTC().Format(time.RFC3339)
}

// ended reports whether it has.
func (o *Overlay) ended(date int, now time.Time) bool {
	if o.Until.IsZero() {
		return o.Date != date
	}
	return !o.Until.After(now)
}

// same reports whether two are of one limit.
func (o *Overlay) same(p *Overlay) bool {
	return o.Scope == p.Scope && o.Name == p.Name && o.Key == p.Key
}

// overlayFile is where a configuration that is kept has them, one a line.
const overlayFile = "overlay/limits.jsonl"

// Overlay lists the limits that are set for a time, those that wait for approval too.
func (c *Config) Overlay() []Overlay { return c.overlay }

// Bare is the configuration without them: what the files say.
func (c *Config) Bare() *Config {
	if c.bare == nil {
		return c
	}
	return c.bare
}

// WithOverlay is what the files of a configuration say, with other limits for a time. What is of a limit that the files have not any
// more is gone with it.
func (c *Config) WithOverlay(list []Overlay) *Config {
	bare := c.Bare()
	probe := bare.Detached()
	list = slices.DeleteFunc(slices.Clone(list), func(o Overlay) bool { return probe.put(&o) != nil })
	if len(list) == 0 {
		return bare
	}
	return bare.overlaid(list, linesOf(list))
}

// overlaid is a bare configuration with an overlay, which text is the file of.
func (c *Config) overlaid(list []Overlay, text []byte) *Config {
	out := c.Detached()
	for i := range list {
		_ = out.put(&list[i]) // what the files have not is of nobody
	}
	out.overlay, out.bare, out.Keys = list, c, nil
	with := func(files map[string][]byte) map[string][]byte {
		files = maps.Clone(files)
		files[overlayFile] = text
		return files
	}
	if out.Files = with(out.Files); out.read != nil {
		out.read = with(out.read)
	}
	return out
}

// SetFor is the overlay with one more limit, in place of the one that was there.
func (c *Config) SetFor(o Overlay) ([]Overlay, error) {
	if err := c.Bare().Detached().put(&o); err != nil {
		return nil, err
	}
	list, _ := c.Cleared(o)
	return append(list, o), nil
}

// Cleared is the overlay without a limit; false: there is none.
func (c *Config) Cleared(o Overlay) (list []Overlay, was bool) {
	list = slices.DeleteFunc(slices.Clone(c.overlay), func(p Overlay) bool { return o.same(&p) })
	return list, len(list) < len(c.overlay)
}

// WithoutEnded is the configuration without the limits whose time is over on a trade date: those of the files hold again, and nobody
// has to approve that. The same configuration: there are none.
func (c *Config) WithoutEnded(date int, now time.Time) *Config {
	if c.offer != nil {
		of, before := c.offer.of.WithoutEnded(date, now), c.offer.before
		if before != nil {
			before = before.WithoutEnded(date, now)
		}
		if of == c.offer.of && before == c.offer.before {
			return c
		}
		return holdBack(before, of)
	}
	list := slices.DeleteFunc(slices.Clone(c.overlay), func(o Overlay) bool { return o.ended(date, now) })
	if len(list) == len(c.overlay) {
		return c
	}
	return c.WithOverlay(list)
}

// Holds reports whether a limit is as it is offered, and does not wait for approval.
func (c *Config) Holds(o *Overlay) bool {
	is, err := c.Detached().limitOf(o)
	offered, errOffered := c.Offered().Detached().limitOf(o)
	return err == nil && errOffered == nil && is.get() == offered.get()
}

// put puts a limit in place; the configuration is detached.
func (c *Config) put(o *Overlay) error {
	at, err := c.limitOf(o)
	if err != nil {
		return err
	}
	v, wrong := at.read(o.Value)
	if wrong != "" {
		return fmt.Errorf("%s: %q %s: want a number such as 100000, or unlimited", o, o.Value, wrong)
	}
	at.set(v)
	return nil
}

// linesOf writes them one a line, so that people can compare what was and what is.
func linesOf(list []Overlay) []byte {
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	for i := range list {
		_ = out.Encode(&list[i]) // texts and times: it cannot fail
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}

// asOverlaid has the limits that were set for a time when a configuration was kept in files.
func (c *Config) asOverlaid(files map[string][]byte) (*Config, error) {
	text, kept := files[overlayFile]
	if !kept {
		return c, nil
	}
	var list []Overlay
	for line := range bytes.Lines(text) {
		var o Overlay
		if err := json.Unmarshal(line, &o); err != nil {
			return nil, fmt.Errorf("%s: %w", overlayFile, err)
		}
		list = append(list, o)
	}
	return c.overlaid(list, text), nil
}
