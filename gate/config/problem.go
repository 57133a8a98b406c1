package config

import "portcullis/fix/settings"

// GateProblem is what is wrong with a key of gate that only the machine which runs the gate can tell. It names file and line as
// Load does.
func (c *Config) GateProblem(key, what, cure string) error {
	var l loader
	at := l.parseYAML(c.main, c.Files[c.main]).sub("gate").text(key, "").at
	var problems settings.Problems
	problems.Add(at.file, at.line, what, cure)
	return problems.Err()
}
