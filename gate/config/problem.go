package config

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"portcullis/fix/settings"
)

// FileIn names a file of the configuration that lies in the folder dir or below it; "": none does.
func (c *Config) FileIn(dir string) string {
	for _, name := range slices.Sorted(maps.Keys(c.Contents())) {
		if below, err := filepath.Rel(dir, c.Beside(name)); err == nil && filepath.IsLocal(below) {
			return name
		}
	}
	return ""
}

// GateProblem is what is wrong with a key of gate that only the machine which runs the gate can tell. It names file and line as
// Load does.
func (c *Config) GateProblem(key, what, cure string) error {
	at := c.gatePlace(key)
	var problems settings.Problems
	problems.Add(at.file, at.line, what, cure)
	return problems.Err()
}

// gatePlace is where the file sets a key of gate, such as watchdog.stall_ms, or what the key would be in.
func (c *Config) gatePlace(key string) place {
	var l loader
	m := l.parseYAML(c.main, c.Files[c.main]).sub("gate")
	for {
		section, rest, nested := strings.Cut(key, ".")
		if !nested || !m.has(section) {
			return m.placeOf(section)
		}
		m, key = m.sub(section), rest
	}
}
