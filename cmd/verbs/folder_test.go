package verbs

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"portcullis/gate/admin"
	"portcullis/gate/local"
)

// TestFolderOfTheConfiguration: -c with a folder asks the gate whose gate.yaml is in it, readable or not, and never the one
// whose folder it lies in.
func TestFolderOfTheConfiguration(t *testing.T) {
	above := t.TempDir()
	folder := filepath.Join(above, "conf")
	if err := os.Mkdir(folder, 0o750); err != nil {
		t.Fatal(err)
	}
	asked := make(chan string, 10)
	for _, path := range []string{filepath.Join(above, "gate.sock"), filepath.Join(folder, "gate.sock"), filepath.Join(folder, "other.sock")} {
		s, err := admin.Listen(path, local.NoGroup, func(context.Context, admin.Peer, admin.Request) admin.Answer {
			asked <- path
			return admin.Answer{OK: true, KillID: 1}
		}, t.Logf)
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = s.Serve() }()
		t.Cleanup(func() { _ = s.Close() })
	}
	for _, c := range []struct{ yaml, socket string }{{"", "gate.sock"}, {"gate: {admin_socket: other.sock}\n", "other.sock"}, {"gate: [", "gate.sock"}} {
		if c.yaml != "" {
			if err := os.WriteFile(filepath.Join(folder, "gate.yaml"), []byte(c.yaml), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		v := killVerb{socketFlag: socketFlag{Config: folder}, All: true, Mode: string(admin.ModeCancel), Reason: "drill"}
		if err := v.Run(); err != nil {
			t.Errorf("%q: %v", c.yaml, err)
			continue
		}
		if got := <-asked; got != filepath.Join(folder, c.socket) {
			t.Errorf("%q: %s was asked", c.yaml, got)
		}
	}
}
