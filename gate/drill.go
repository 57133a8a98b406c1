package gate

import (
	"fmt"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/core"
)

// drilled is the answer to the drill of a kill; it fails where the kill would have left an order open.
func drilled(r core.Reply, took time.Duration) admin.Answer {
	a := admin.Answer{OK: true, InScope: r.InScope, Cancels: r.Cancels, Owed: r.Owed, Excluded: r.Excluded, Waiting: r.Waiting,
		TookNs: int64(took)}
	left := r.InScope - r.Cancels - r.Owed - r.Excluded - r.Waiting
	switch {
	case r.Code == core.UnknownTarget:
		return admin.Answer{Error: "there is nothing of that number; gate status lists kills and names"}
	case r.Code != core.Done:
		return admin.Answer{Error: "a kill of that scope would find no room and stop the whole firm, or another drill is at work; " +
			"gate status lists the kills that stand"}
	case left > 0:
		a.OK = false
		a.Error = fmt.Sprintf("a kill would leave %d orders open: there is no room for their cancels; "+
			"raise capacity.open_orders", left)
	}
	return a
}
