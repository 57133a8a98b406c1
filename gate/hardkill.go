package gate

import (
	"portcullis/gate/core"
	"portcullis/gate/watchdog"
	"portcullis/risk"
)

// takeHardKills journals the hard kills that the watchdog has recorded and the journal has not got: the firm is blocked
// before anybody connects, and the cancels of what is open are owed.
func (g *Gate) takeHardKills() error {
	kills, err := watchdog.Recorded(g.cfg.Gate.JournalDir)
	if err != nil {
		return err
	}
	for i := range kills {
		k := &kills[i]
		if k.Number <= g.core.HardKill() {
			continue
		}
		if err := g.boot.Command(core.Command{Kind: core.CmdKill, Scope: risk.ScopeFirm, Target: k.Number, UID: k.UID, PID: k.PID,
			Actor: k.Actor, Reason: k.Reason}); err != nil {
			return err
		}
		text := "the gate was killed hard: the firm is blocked until the kill is revived; gate status has its number"
		if g.core.HardKill() < k.Number {
			text = "the gate was killed hard, and so many kills of the firm stand already that there is no room for this one: it comes " +
				"into force at the first start after one of them was revived"
		}
		g.log.Error().Time("at", k.At()).Str("by", k.Actor).Str("reason", k.Reason).Msg(text)
	}
	return nil
}
