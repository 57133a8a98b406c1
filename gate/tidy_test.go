package gate_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// These tests hold the architecture as facts: who may import whom, what the core may not touch,
// and what lies at the top of the repository.

type listed struct {
	ImportPath string
	Dir        string
	Imports    []string
	GoFiles    []string
}

const module = "portcullis/"

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles", "portcullis/...", "portcullis/cmd/gate")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for in := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := in.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		p.ImportPath = strings.TrimPrefix(p.ImportPath, module)
		all = append(all, p)
	}
}

// TestImportRules: fix, risk, session and clocksync know neither each other nor the gate; nothing
// but the program imports cmd; bench is used by cmd alone.
func TestImportRules(t *testing.T) {
	independent := []string{"fix", "risk", "session", "clocksync"}
	for _, p := range packages(t) {
		top, _, _ := strings.Cut(p.ImportPath, "/")
		for _, imported := range p.Imports {
			path, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			other, _, _ := strings.Cut(path, "/")
			switch {
			case other == "cmd" && p.ImportPath != "cmd/gate":
				t.Errorf("%s imports %s: nothing but the program imports cmd", p.ImportPath, path)
			case slices.Contains(independent, top) && other != top:
				t.Errorf("%s imports %s: %s stands alone", p.ImportPath, path, top)
			case other == "bench" && top != "bench" && top != "cmd":
				t.Errorf("%s imports %s: the bench measures the gate, not the other way round", p.ImportPath, path)
			case path == "gate" && top == "gate" && p.ImportPath != "gate/demo" && p.ImportPath != "gate/system":
				t.Errorf("%s imports gate: the wiring is on top", p.ImportPath)
			}
		}
	}
}

// TestCorePurity: what is on the order path imports no clock, lock, formatter, file or socket.
func TestCorePurity(t *testing.T) {
	pure := []string{"fix", "fix/link", "risk", "gate/core", "gate/egress"}
	forbidden := []string{"time", "sync", "fmt", "os", "net", "io", "context", "log", "math/rand", "syscall", "reflect"}
	for _, p := range packages(t) {
		if !slices.Contains(pure, p.ImportPath) {
			continue
		}
		for _, imported := range p.Imports {
			root, _, _ := strings.Cut(imported, "/")
			if slices.Contains(forbidden, imported) || slices.Contains(forbidden, root) && root != "math" {
				t.Errorf("%s imports %s", p.ImportPath, imported)
			}
		}
		for _, name := range p.GoFiles {
			checkPure(t, filepath.Join(p.Dir, name))
		}
	}
}

// checkPure refuses goroutines, defer, and loops over maps made of literals in a file.
func checkPure(t *testing.T, path string) {
	t.Helper()
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.GoStmt, *ast.DeferStmt, *ast.SelectStmt, *ast.ChanType, *ast.MapType:
			t.Errorf("%s: %T has no place on the order path", files.Position(n.Pos()), n)
		}
		return true
	})
}

// TestClock: clocksync is the only reader of OS time on the order path's side. Those listed use the
// wall clock for deadlines of sockets and for reports, never for a decision.
func TestClock(t *testing.T) {
	mayRead := []string{"clocksync", "gate", "gate/admin", "gate/prices", "gate/admission", "gate/journal", "gate/local",
		"gate/demo", "gate/demo/peer", "gate/audit", "gate/engine", "gate/watchdog", "cmd/verbs"}
	for _, p := range packages(t) {
		if slices.Contains(mayRead, p.ImportPath) || strings.HasPrefix(p.ImportPath, "bench") {
			continue
		}
		for _, name := range p.GoFiles {
			path := filepath.Join(p.Dir, name)
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(source), "time.Now(") {
				t.Errorf("%s reads the clock: time comes in with the event", path)
			}
		}
	}
}

// TestTopLevel: the folder list is the architecture.
func TestTopLevel(t *testing.T) {
	allowed := []string{"cmd", "gate", "fix", "risk", "session", "clocksync", "bench", "testdata", "go.mod", "go.sum", "README.md"}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) && !strings.HasPrefix(e.Name(), ".") {
			t.Errorf("%s does not belong at the top of the repository", e.Name())
		}
	}
}

// TestPackageDocs: each package says in its own words what it is for.
func TestPackageDocs(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.GoFiles) == 0 || p.ImportPath == "cmd/gate" || strings.Contains(p.ImportPath, "/internal/") {
			continue
		}
		doc, err := os.ReadFile(filepath.Join(p.Dir, "doc.go"))
		if err != nil || strings.Count(string(doc), "\n") < 8 {
			t.Errorf("%s needs a doc.go that says what it is for", p.ImportPath)
		}
	}
}
