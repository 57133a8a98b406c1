package gate

import (
	"fmt"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// goesOn refuses to begin a new journal, or to take up another one, where an engine goes on after a crash. The engine before had
// one; without it nobody knows what is open at the venues, what was traded, which kills stand and which ids and numbers were used.
func (g *Gate) goesOn() error {
	dir := g.cfg.Gate.JournalDir
	if !g.cfg.Resumed() {
		return nil
	}
	if journal.Exists(dir) {
		identity, err := journal.Identity(dir)
		if err == nil && identity != g.options.Journal {
			err = fmt.Errorf("%s holds another journal (%s) than that of the engine before (%s): put that folder back where it was", dir, identity, g.options.Journal)
		}
		return err
	}
	return fmt.Errorf("the journal of the engine before is gone from %s: put the folder back where it was. Where it is lost, a new one begins with `gate run`, "+
		"once what is open at the venues is settled with their desks", dir)
}

// inForce tells what another engine is to go on with, should this one crash.
func (g *Gate) inForce(cfg *config.Config) error {
	if g.options.InForce == nil {
		return nil
	}
	return g.options.InForce(cfg, g.identity)
}

// sayFilesDiffer alerts, at a start after a crash, that the files are not what is in force: they come into force by a
// reload or an operator's own start, each with a person behind it, and not because an engine has crashed. A journal without
// room for the alert does not stop the start: the log has it.
func (g *Gate) sayFilesDiffer() {
	if !g.cfg.Resumed() || g.options.Reload == nil {
		return
	}
	why := g.filesDiffer()
	if why == "" {
		return
	}
	g.logged("alert of files that differ", g.notice(core.FilesDiffer, "files", why))
}

// filesDiffer says in what the files differ from what is in force; "": in nothing.
func (g *Gate) filesDiffer() string {
	next, err := g.options.Reload()
	if err != nil {
		return "they are not valid: " + err.Error()
	}
	return config.Compare(g.cfg.Offered().Bare(), next).String()
}

// followed tells after a reload, or new certificates, what is in force now. Where that fails, a restart goes on with
// what was before.
func (g *Gate) followed(cfg *config.Config) {
	if err := g.inForce(cfg); err != nil {
		g.log.Error().Err(err).Msg("an engine that is started again after a crash would not know of this change")
	}
}
