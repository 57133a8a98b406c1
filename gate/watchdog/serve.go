package watchdog

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"portcullis/gate/admin"
)

// Status is how the watchdog and its engine stand.
type Status struct {
	PID       int    `json:"pid"`
	EnginePID int    `json:"engine_pid,omitempty"` // 0: no engine runs
	Phase     string `json:"phase,omitempty"`
	UpNs      int64  `json:"up_ns,omitempty"`           // the engine's age
	Restarts  int    `json:"restarts"`                  // engines started after the first
	LastEnd   string `json:"last_end"`                  // how the one before ended; "": none has
	BeatNs    int64  `json:"beat_age_ns"`               // how long its cycle counter stands still; as fine as the watchdog looks
	Unwritten bool   `json:"kill_unrecorded,omitempty"` // a hard kill is not on disk yet: no engine is started

	Unrecordable string `json:"kill_unrecordable,omitempty"` // why a hard kill could not be recorded now; "": it could
}

// actorBytesMax is what a journaled command keeps of a user's name.
const actorBytesMax = 64

// answer carries out one request on the watchdog's socket.
func (w *Watchdog) answer(_ context.Context, p admin.Peer, r admin.Request) admin.Answer {
	switch r.Verb {
	case admin.Ping:
		return admin.Answer{OK: true}
	case admin.Status:
		detail, err := json.Marshal(w.status())
		if err != nil {
			return admin.Answer{Error: err.Error()}
		}
		return admin.Answer{OK: true, Detail: detail}
	case admin.KillHard:
		if r.Drill {
			a, err := w.drill()
			if err != nil {
				a.Error = err.Error()
			}
			return a
		}
		actor := p.User[:min(len(p.User), actorBytesMax)]
		k, err := w.kill(Kill{UID: p.UID, PID: uint32(p.PID), Actor: actor, Reason: r.Reason})
		if err != nil {
			return admin.Answer{Error: err.Error()}
		}
		detail, err := json.Marshal(k)
		if err != nil {
			return admin.Answer{Error: err.Error()}
		}
		return admin.Answer{OK: true, Detail: detail, Note: fmt.Sprintf("the engine is dead and the kill of the firm is recorded, at %s; "+
			"the engine that starts now takes no order, and cancels what is open when the lines are back",
			k.At().Format(time.RFC3339Nano))}
	}
	return admin.Answer{Error: fmt.Sprintf("this is the watchdog's socket, it takes kill_hard, status and ping; %s goes to the gate's own", r.Verb)}
}

func (w *Watchdog) status() Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := Status{PID: os.Getpid(), Restarts: max(w.starts-1, 0), LastEnd: w.lastEnd, Unwritten: !w.record.isDurable(),
		Unrecordable: w.unrecordable}
	if p := w.process; p != nil && !p.ended() {
		s.EnginePID, s.Phase, s.UpNs = p.cmd.Process.Pid, phaseOf(w.page.beats.Load()).String(), int64(time.Since(p.begun))
		s.BeatNs = w.stall.age.Load()
	}
	return s
}
