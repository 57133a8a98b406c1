package killfile

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"portcullis/gate/admin"
)

// TestLook: the file is one kill by its owner, and gone after; what cannot be read or stopped is a kill of the firm.
func TestLook(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		make    func(path string) error
		unknown string // the scope that cannot be stopped
		want    string
	}{
		"a line":         {text: "KILL client:ACME algo ran away\n", want: "client ACME  algo ran away"},
		"several scopes": {text: "KILL trader:ANN,instrument:IBM fat finger", want: "trader ANN instrument:IBM fat finger"},
		"empty":          {text: "", want: "all   kill file"},
		"all":            {text: "KILL all enough", want: "all   enough"},
		"nonsense":       {text: "please stop", want: "all   kill file"},
		"too long":       {text: "KILL all " + strings.Repeat("x", 2000), want: "all   kill file"},
		"no such name":   {text: "KILL client:NOBODY x", unknown: "NOBODY", want: "client NOBODY  x; all   kill file"},
		"no plain file":  {make: func(path string) error { return syscall.Mkfifo(path, 0o600) }, want: "all   kill file"},
		"a link":         {make: func(path string) error { return os.Symlink("/etc/passwd", path) }, want: "all   kill file"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "KILL")
			var given []string
			w := Watch{Path: path, Logf: t.Logf, Kill: func(_ context.Context, giver admin.Peer, r admin.Request) bool {
				if int(giver.UID) != os.Getuid() || giver.User == "" || giver.PID != 0 {
					t.Errorf("given by %+v", giver)
				}
				if err := r.Validate(); err != nil {
					t.Error(err)
				}
				given = append(given, strings.Join([]string{string(r.Scope), r.Name, r.And, r.Reason}, " "))
				return r.Name != c.unknown || c.unknown == ""
			}}
			w.Look(context.Background())
			if len(given) > 0 {
				t.Fatal("killed without a file")
			}
			if c.make == nil {
				c.make = func(path string) error { return os.WriteFile(path, []byte(c.text), 0o600) }
			}
			if err := c.make(path); err != nil {
				t.Fatal(err)
			}
			w.Look(context.Background())
			w.Look(context.Background())
			if got := strings.Join(given, "; "); got != c.want {
				t.Errorf("given %q, want %q", got, c.want)
			}
			if _, err := os.Lstat(path); !os.IsNotExist(err) {
				t.Errorf("the file is there still: %v", err)
			}
		})
	}
}

// TestNothingStopped: a kill that nobody carried out is given again, and its file stays until it was.
func TestNothingStopped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "KILL")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	works, calls := false, 0
	w := Watch{Path: path, Logf: t.Logf, Kill: func(context.Context, admin.Peer, admin.Request) bool { calls++; return works }}
	w.Look(context.Background())
	if _, err := os.Lstat(path); err != nil || calls == 0 {
		t.Fatalf("%d calls, %v", calls, err)
	}
	works = true
	w.Look(context.Background())
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Error("the file is there still")
	}
}

// TestKept: a file that cannot be removed is one kill; made anew, it is another.
func TestKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "KILL")
	calls := 0
	w := Watch{Path: path, Logf: t.Logf, Kill: func(context.Context, admin.Peer, admin.Request) bool { calls++; return true }}
	if err := os.MkdirAll(filepath.Join(path, "full"), 0o700); err != nil { // a folder with something in it stays
		t.Fatal(err)
	}
	w.Look(context.Background())
	w.Look(context.Background())
	if calls != 1 {
		t.Errorf("%d kills of one file", calls)
	}
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if w.Look(context.Background()); calls != 2 {
		t.Errorf("%d kills of two files", calls)
	}
}
