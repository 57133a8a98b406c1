package engine

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var updateWrites = flag.Bool("update-writes", false, "write testdata/writes.txt anew")

// writers are the names by which bytes get to a socket, or into what is handed to one.
var writers = []string{"Write", "WriteString", "WriteTo", "ReadFrom", "Writev", "Send", "Sendto", "Sendmsg", "SendmsgN", "Copy", "CopyN", "CopyBuffer",
	"Fprint", "Fprintf", "Fprintln", "Syscall", "RawSyscall", "Syscall6", "RawSyscall6", "push", "write", "hand", "handSealed", "seal", "flush"}

// TestEveryCallThatWrites: every call by which bytes can get to a venue is known, so that none goes round the check. The
// way is one: step gives what was judged and recorded to the egress check, then push, flush, write, hand. Sockets
// of venues are made in gate/admission and owned by gate/engine; nothing else has one.
func TestEveryCallThatWrites(t *testing.T) {
	var found []string
	for _, dir := range []string{".", "../admission", "../transport"} {
		found = append(found, writesOf(t, dir)...)
	}
	slices.Sort(found)
	const list = "testdata/writes.txt"
	text := []byte(strings.Join(found, "\n") + "\n")
	if *updateWrites {
		if err := os.WriteFile(list, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, want) {
		t.Errorf("other calls write than %s lists; see that each is behind the egress check, then -update-writes:\n%s", list, text)
	}
}

// writesOf lists the calls of a package by writers, each with the function that it stands in.
func writesOf(t *testing.T, dir string) (found []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, is := decl.(*ast.FuncDecl)
			if !is || f.Body == nil {
				continue
			}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				call, is := n.(*ast.CallExpr)
				if !is {
					return true
				}
				if s, is := call.Fun.(*ast.SelectorExpr); is && slices.Contains(writers, s.Sel.Name) {
					found = append(found, fmt.Sprintf("%-28s %-18s %s", filepath.ToSlash(name), f.Name.Name, types.ExprString(call.Fun)))
				}
				return true
			})
		}
	}
	return found
}

// TestVenueSocketsAreOfTheEngine: no other package of the gate opens a connection to the outside.
func TestVenueSocketsAreOfTheEngine(t *testing.T) {
	allowed := map[string]string{
		"../admission/dial.go": "the lines to venues, which it hands to the engine",
		"../admin/client.go":   "an operator asks a gate on its unix socket",
		"../alert/sink.go":     "alerts to a unix socket",
	}
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"demo", "system", "testdata", "internal"}, entry.Name()) {
			return filepath.SkipDir // peers of tests and of the demo, which are not in the gate
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		data, err := os.ReadFile(path)
		for _, call := range []string{".DialContext(", "net.Dial(", "net.DialTimeout(", "net.DialUnix(", "net.DialTCP(", "unix.Connect(", "syscall.Connect("} {
			if _, known := allowed[filepath.ToSlash(path)]; bytes.Contains(data, []byte(call)) && !known {
				t.Errorf("%s calls %s: a connection that no check stands before", path, strings.Trim(call, ".("))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
