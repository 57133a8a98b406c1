package enrol

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"portcullis/fix/settings"
	"portcullis/gate/config"
)

// Plan is what a client's session comes to in the files of a gate.
type Plan struct {
	Link  string   // the session's name
	Notes []string // what deserves a look
	Lacks []string // what is to be done before it is served

	path   string // the participants' settings file
	before []byte
	added  string // what goes behind it
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,32}$`)

// New reads a client's settings file and the configuration of a gate. session names one of the file's sessions as
// the client has it, "FIX.4.4:ACME->GATE"; "" where there is one alone.
func New(configPath, client, theirPath, session string) (*Plan, error) {
	if !plainName.MatchString(client) {
		return nil, fmt.Errorf("client %q: write letters, digits, '.', '_' and '-', at most 32", client)
	}
	cfg, err := config.LoadDraft(configPath)
	if err != nil {
		return nil, fmt.Errorf("the gate's own files are not valid; mend them first:\n%w", err)
	}
	their, err := config.ReadFile(theirPath)
	if err != nil {
		return nil, err
	}
	sections, err := settings.Scan(theirPath, their)
	if err != nil {
		return nil, err
	}
	section, err := choose(theirPath, sections, session)
	if err != nil {
		return nil, err
	}
	p := &Plan{path: cfg.Participants}
	if !filepath.IsAbs(p.path) {
		p.path = filepath.Join(filepath.Dir(configPath), p.path)
	}
	if p.before, err = config.ReadFile(p.path); err != nil {
		return nil, err
	}
	return p, p.mirror(cfg, client, theirPath, section)
}

// choose finds the session that is meant.
func choose(file string, sections []settings.Section, session string) (*settings.Section, error) {
	var names []string
	var found *settings.Section
	for i := range sections {
		name := sections[i].SessionName()
		if session == "" || session == name {
			names = append(names, name)
			found = &sections[i]
		}
	}
	switch {
	case found == nil:
		return nil, fmt.Errorf("%s has no session %s", file, session)
	case len(names) > 1:
		return nil, fmt.Errorf("%s has several sessions: say which with --session: %s", file, strings.Join(names, ", "))
	}
	return found, nil
}

// mirror turns the session round and holds the result to what the gate reads.
func (p *Plan) mirror(cfg *config.Config, client, theirPath string, section *settings.Section) error {
	ours, err := settings.Defaults(cfg.Participants, p.before)
	if err != nil {
		return err
	}
	m, err := settings.MirrorOf(theirPath, section, ours)
	if err != nil {
		return err
	}
	p.Link, p.Notes = m.Name, m.Notes
	if at := place(cfg, m.Name); at != "" {
		return fmt.Errorf("session %s is there already: %s", m.Name, at)
	}
	if len(p.before) > 0 && !strings.HasSuffix(string(p.before), "\n") {
		p.added = "\n"
	}
	p.added += fmt.Sprintf("\n# %s: turned round from %s, line %d.\n%s", client, filepath.Base(theirPath), section.Line, m.Text())
	read, err := settings.ReadParticipants(cfg.Participants, []byte(string(p.before)+p.added))
	if err != nil {
		return fmt.Errorf("nothing was written, for the session would not be served:\n%w", err)
	}
	p.Lacks = lacks(cfg, client, m, read.Sessions, func(name string) bool {
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(p.path), name)
		}
		_, err := config.Stat(name)
		return err == nil
	})
	return nil
}

// place is where a session of that name stands; "": there is none.
func place(cfg *config.Config, link string) string {
	for i := range cfg.Links {
		if s := &cfg.Links[i].Session; s.Name == link {
			return fmt.Sprintf("%s:%d", s.File, s.Line)
		}
	}
	for i := range cfg.Venues {
		if s := &cfg.Venues[i].Session; s.Name == link {
			return fmt.Sprintf("%s:%d", s.File, s.Line)
		}
	}
	for i := range cfg.Copiers {
		if s := &cfg.Copiers[i].Session; s.Name == link {
			return fmt.Sprintf("%s:%d", s.File, s.Line)
		}
	}
	return ""
}
