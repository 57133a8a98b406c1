package gate

import (
	"context"
	"time"
)

// roomLook is how often the engine is asked whether it stands still for want of room.
const roomLook = time.Second

// What people are told of it. A journal in which room becomes scarce says so in a record, which is an alert; one that has
// no room for a record cannot.
const (
	noRoomText = "the journal has NO ROOM for a record: nothing is decided, no order passes and no cancel leaves until its disk has room again; " +
		"gate kill --hard stops the firm"
	roomText = "the journal has room again: the gate goes on"
)

// watchRoom tells once that the journal has no room, and once that this has ended, until ctx ends.
func watchRoom(ctx context.Context, looks <-chan time.Time, none func() bool, tell func(string)) {
	for was := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-looks:
		}
		is := none()
		switch {
		case is && !was:
			tell(noRoomText)
		case was && !is:
			tell(roomText)
		}
		was = is
	}
}
