package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/watchdog"
)

// Watched says in words how the watchdog of a gate and its engine stand. socket is the gate's admin socket, "" where
// that is not known.
func Watched(ctx context.Context, socket string) string {
	if socket == "" {
		return "not asked: no configuration says where it is"
	}
	s, err := askWatchdog(ctx, socket)
	if err != nil {
		return err.Error()
	}
	text := fmt.Sprintf("process %d; ", s.PID)
	if s.EnginePID == 0 {
		text += "NO engine runs"
	} else {
		text += fmt.Sprintf("engine process %d, %s, up %s, heartbeat %s ago", s.EnginePID, s.Phase, span(s.UpNs),
			time.Duration(s.BeatNs).Round(time.Millisecond))
	}
	text += fmt.Sprintf("; restarts: %d", s.Restarts)
	if s.LastEnd != "" {
		text += ", after " + s.LastEnd
	}
	if s.Unwritten {
		text += "; a hard kill is NOT ON DISK yet, no engine is started before"
	}
	if s.Unrecordable != "" {
		text += "; a hard kill could NOT BE RECORDED, so it would stop the gate for good: " + s.Unrecordable
	}
	return text
}

// askWatchdog asks the watchdog of the gate with this admin socket how it stands.
func askWatchdog(ctx context.Context, socket string) (s watchdog.Status, err error) {
	a, err := admin.Client{Path: socket + config.WatchdogSuffix, AnswerWithin: pingWithin}.Do(ctx, admin.Request{Verb: admin.Status})
	if err != nil {
		return s, fmt.Errorf("does not answer: %w", err)
	}
	if err := json.Unmarshal(a.Detail, &s); err != nil {
		return s, fmt.Errorf("its answer cannot be read: %w", err)
	}
	return s, nil
}
