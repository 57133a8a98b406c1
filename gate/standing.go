package gate

import (
	"fmt"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/recovery"
)

// readStanding takes up what is known of this gate apart from its journal.
func (g *Gate) readStanding() (err error) {
	if g.options.Standing != "" {
		g.standing, err = recovery.LoadStanding(g.options.Standing)
	}
	return err
}

// keepStanding notes apart from the journal whether two people stand behind what is in force. Without it the next journal would begin
// as if nobody had ever been asked, so a gate under four eyes does not start where it cannot be written.
func (g *Gate) keepStanding() error {
	next := recovery.StandingOf(g.cfg, g.now())
	unchanged := next.Approval == g.standing.Approval && next.Configuration == g.standing.Configuration && next.Journal == g.standing.Journal
	if g.options.Standing == "" || unchanged || !next.FourEyes() && !g.standing.FourEyes() {
		return nil
	}
	if err := next.Save(g.options.Standing); err != nil {
		return fmt.Errorf("that changes take two people has to be noted apart from the journal: %w; give gate run --state a folder that the gate may write", err)
	}
	return nil
}

// sayBegun alerts of a journal that knows of no configuration: that one person may change everything, or that another journal, with its
// kills and open orders, was left behind.
func (g *Gate) sayBegun() error {
	if g.before != nil || g.options.Standing == "" {
		return nil
	}
	switch {
	case g.standing.FourEyes() && g.standing.Journal != "":
		return g.notice(core.JournalBegun, "before", "four eyes since "+g.standing.Since.Format("2006-01-02T15:04:05Z07:00")+", with journal "+g.standing.Journal)
	case g.cfg.Gate.Approval != config.FourEyes:
		return g.notice(core.OnePerson, "why", "gate.approval: "+g.cfg.Gate.Approval.String())
	}
	return nil
}

// notice journals and logs what a start has found; key is what the log calls it.
func (g *Gate) notice(alert core.Alert, key, text string) error {
	g.log.Error().Str(key, text).Msg(alert.String())
	return g.boot.Record(&core.Event{Kind: core.Noticed, Code: uint8(alert), Link: core.NoIndex, Data: []byte(text[:min(len(text), noticeBytesMax)])})
}
