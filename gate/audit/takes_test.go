package audit

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/gate/watchdog"
	"portcullis/risk"
)

// TestTakesOrders: a gate says that it takes orders only while nothing stops all of them, and otherwise what does.
func TestTakesOrders(t *testing.T) {
	w := openDesk(t, t.TempDir(), morning, sampleFiles())
	takes := func(p Presence) string {
		t.Helper()
		var out bytes.Buffer
		must(must(Open(w.dir))(t).Load(false))(t).Status(&out, p, "", "", time.Unix(0, w.nowNs))
		_, text, _ := strings.Cut(out.String(), "takes orders   ")
		text, _, _ = strings.Cut(text, "\n")
		return text
	}
	expect := func(p Presence, want string) {
		t.Helper()
		if got := takes(p); !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	socket := filepath.Join(t.TempDir(), "gate.sock")
	opening := Alive(t.Context(), w.dir, socket) // the lock is held, nobody listens
	if text := opening.Words; !strings.Contains(text, "and opens or closes it") || strings.Contains(text, "no gate runs") || strings.Contains(text, "gate run") {
		t.Error(text)
	}
	expect(opening, "no: it opens or closes the journal")
	expect(Presence{}, "no: venue XSIM: line ")
	w.logon()
	expect(Presence{}, "yes, where links")
	expect(Alive(t.Context(), w.dir, ""), "by its journal yes, where links")
	w.command(core.Command{Kind: core.CmdKill, Scope: risk.ScopeClient, Index: w.number(config.ClientNumber, "ACME"), Reason: "x"})
	w.command(core.Command{Kind: core.CmdKill, Scope: risk.ScopeFirm, Mode: risk.KillReduceOnly, Reason: "x"})
	expect(Presence{}, "yes, where links")
	w.command(core.Command{Kind: core.CmdKill, Scope: risk.ScopeFirm, Reason: "x"})
	expect(Presence{}, "no: kill 3 stops the firm")
	record(t, w.dir, watchdog.Kill{Number: uint64(w.nowNs), Actor: "ben", Reason: "it hangs"})
	expect(opening, "no: it opens or closes the journal; kill 3 stops the firm; kill 4, hard, stops the firm")
	w.command(core.Command{Kind: core.CmdDrain, Index: core.NoIndex, Reason: "x"})
	expect(Presence{}, "no: an operator drains it")
	w.close()
	expect(Alive(t.Context(), w.dir, socket), "no: it is not running; kill 3")
}
