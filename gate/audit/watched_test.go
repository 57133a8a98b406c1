package audit

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/local"
	"portcullis/gate/watchdog"
)

// TestWatched: what a watchdog says of kills that it could not record is in the status.
func TestWatched(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "gate.sock")
	stands := watchdog.Status{PID: 7, EnginePID: 8, Phase: "running"}
	server, err := admin.Listen(socket+config.WatchdogSuffix, local.NoGroup, func(context.Context, admin.Peer, admin.Request) admin.Answer {
		detail, err := json.Marshal(stands)
		check(t, err)
		return admin.Answer{OK: true, Detail: detail}
	}, t.Logf)
	check(t, err)
	served := make(chan error)
	go func() { served <- server.Serve() }()
	defer func() {
		check(t, server.Close())
		check(t, <-served)
	}()
	for _, c := range []struct {
		unwritten bool
		why, want string
	}{{false, "", "restarts: 0"}, {true, "", "NOT ON DISK yet"}, {false, "open hardkills: permission denied", "NOT BE RECORDED, so it would stop the gate for good: open hardkills: permission denied"}} {
		stands.Unwritten, stands.Unrecordable = c.unwritten, c.why
		if text := Watched(t.Context(), socket); !strings.HasSuffix(text, c.want) && !strings.Contains(text, c.want+",") {
			t.Errorf("%q, want %q", text, c.want)
		}
	}
}
