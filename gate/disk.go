package gate

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"portcullis/gate/core"
)

// diskLook is how often it is asked how much room the disk of the journal has left.
const diskLook = 10 * time.Second

// diskLow is the room below which somebody is told: what the journal's tail takes, four times. The journal refuses new orders only when no more
// fits than what is open needs, and then it is late to make room.
func (g *Gate) diskLow() uint64 {
	return 4 * uint64(g.cfg.Gate.TailSegments) * uint64(g.cfg.Gate.SegmentBytes)
}

// diskFree is how much the gate may still write to the disk of the journal.
func (g *Gate) diskFree() (uint64, error) {
	var s unix.Statfs_t
	err := unix.Statfs(g.cfg.Gate.JournalDir, &s)
	return s.Bavail * uint64(s.Bsize), err
}

// watchDisk tells once that less than low bytes are left, and once more after a quarter more than that was free again, until ctx
// ends.
func watchDisk(ctx context.Context, looks <-chan time.Time, free func() (uint64, error), low uint64, tell func(left uint64)) {
	for told := false; ; {
		left, err := free()
		switch {
		case err != nil: // what cannot be asked now is asked again; a journal that cannot write says so itself
		case left < low && !told:
			told = true
			tell(left)
		case left >= low+low/4:
			told = false
		}
		select {
		case <-ctx.Done():
			return
		case <-looks:
		}
	}
}

// sayDiskLow journals how little room is left, which is an alert.
func (g *Gate) sayDiskLow(ctx context.Context, left uint64) {
	why := fmt.Sprintf("%d MB are left on the disk of %s; somebody is told below %d MB, and new orders are refused once what is open needs the rest",
		left>>20, g.cfg.Gate.JournalDir, g.diskLow()>>20)
	g.log.Error().Msg(why)
	if _, err := g.engine.Submit(ctx, core.Command{Kind: core.CmdDiskLow, Actor: "gate", Reason: why}); err != nil && ctx.Err() == nil {
		g.logged("alert of a disk that is nearly full", err)
	}
}
