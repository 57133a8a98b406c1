package gate

import (
	"time"

	"portcullis/gate/assemble"
	"portcullis/gate/core"
	"portcullis/gate/recovery"
)

// recover brings the state to the journal's end: from the newest snapshot that fits, else from the beginning. It
// returns the snapshots that did not serve.
func (g *Gate) recover() (passed []recovery.Passed, err error) {
	begun := time.Now()
	reader, err := g.journal.NewReader()
	if err != nil {
		return nil, err
	}
	g.state = recovery.New(g.core)
	passed = g.state.Load(recovery.Dir(g.cfg.Gate.JournalDir), reader)
	g.logged("reader of the journal", reader.Close())
	from := g.state.Last.Seq
	f, err := g.journal.Follow(g.state.End)
	if err != nil {
		return passed, err
	}
	err = g.state.Follow(f, new(assemble.Record), nil)
	g.logged("follower of the journal", f.Close())
	if err != nil {
		return passed, err
	}
	last, found := g.state.Last, g.journal.Recovery()
	for _, p := range passed {
		if !p.Broken {
			g.log.Info().Err(p.Why).Msg("snapshot passed over")
		}
	}
	g.log.Info().Uint64("records", last.Seq).Uint64("of_snapshot", from).Bool("clean", found.Clean).
		Bool("tail_lost", found.TailLost).Dur("took", time.Since(begun)).Msg("journal recovered")
	if len(found.Remade) > 0 {
		g.log.Warn().Strs("segments", found.Remade).Msg("segments of the journal were missing that never had a record: they are made anew; " +
			"find out who removed them")
	}
	g.clock.StartAfter(last.MonoNs)
	return passed, nil
}

// noticeBytesMax bounds what a notice says.
const noticeBytesMax = 200

// sayDamaged alerts of snapshots that are damaged, for the next start may have none to fall back to, and of durable marks that are, for a
// start that has lost its last records numbers by them.
func (g *Gate) sayDamaged(passed []recovery.Passed) error {
	if wrong := g.journal.Recovery().MarksWrong; wrong != "" {
		if err := g.notice(core.MarksDamaged, "marks", wrong); err != nil {
			return err
		}
	}
	for _, p := range passed {
		if !p.Broken {
			continue
		}
		if err := g.notice(core.SnapshotDamaged, "error", p.Why.Error()); err != nil {
			return err
		}
	}
	return nil
}
