package config

import (
	"maps"
	"path/filepath"
)

// Contents is all that the configuration was made of, as it was read: every file that gate.yaml names, secrets and keys
// with it. It is for memory alone, never for a disk: Files is for that.
func (c *Config) Contents() map[string][]byte {
	all := maps.Clone(c.read)
	if c.Keys != nil {
		maps.Copy(all, c.Keys.Contents())
	}
	return all
}

// Resume loads the configuration that was in force from its Contents: what the files at path hold by now does not
// count. Nothing is read but certificates, and those only when they are looked at again.
func Resume(path string, contents map[string][]byte) (*Config, error) {
	dir := filepath.Dir(path)
	c, err := load(filepath.Base(path), dir, among(contents), among(contents))
	if err != nil {
		return nil, err
	}
	c.read, c.secret, c.resumed = contents, in(dir, loadPatience), true
	return c.again(contents, resumeBefore)
}

// resumeBefore loads what was in force when something of what is offered was held back. A start has no secrets of before it.
func resumeBefore(files map[string][]byte, mainFile string) (*Config, error) {
	open := among(files)
	c, err := (&loader{open: open, secret: open, was: true}).load(mainFile)
	if err != nil {
		return nil, err
	}
	c.read = files
	return c.again(files, resumeBefore)
}

// Resumed reports whether the configuration goes on with what was in force before a restart.
func (c *Config) Resumed() bool { return c.resumed }

// noting opens files and notes what they hold.
func noting(open opener, read map[string][]byte) opener {
	return func(name string) ([]byte, error) {
		data, err := open(name)
		if err == nil {
			read[name] = data
		}
		return data, err
	}
}
