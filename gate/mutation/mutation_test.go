//go:build mutation

package mutation

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"portcullis/risk"
)

var update = flag.Bool("update", false, "write controls.txt anew")

const (
	list       = "controls.txt"
	offSetting = "GATE_CONTROL_OFF"
	switchFile = "off.go"
)

// off is what each Reason goes through in the copy.
const off = `package risk

import "os"

var controlOff = os.Getenv("` + offSetting + `")

// Off is r, and Accepted where r is the control that is switched off.
func Off(r Reason) Reason {
	if r.Row().Code == controlOff {
		return Accepted
	}
	return r
}
`

// TestEveryControlIsWatched switches each control off in turn.
func TestEveryControlIsWatched(t *testing.T) {
	binary := build(t)
	if failed := run(t, binary, ""); len(failed) > 0 {
		t.Fatalf("with every control on: %q fail", failed)
	}
	named := read(t)
	var lines []string
	for _, r := range reasons() {
		code := r.String()
		failed := run(t, binary, code)
		name := named[code]
		delete(named, code)
		switch {
		case *update && len(failed) > 0:
			if !slices.Contains(failed, name) {
				name = failed[0]
			}
			lines = append(lines, fmt.Sprintf("%-24s %s", code, name))
		case len(failed) == 0:
			t.Errorf("%s is off, and no script fails: write one in testdata/core", code)
		case !*update && !slices.Contains(failed, name):
			t.Errorf("%s is off, and %q does not fail; name one of these in %s, or have -update do so: %q", code, name, list, failed)
		}
	}
	for code := range named {
		t.Errorf("%s names %s, which is no Reason", list, code)
	}
	if *update {
		head := "# The control, and the script of gate/core that fails when it is switched off.\n"
		if err := os.WriteFile(list, []byte(head+strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// reasons are all controls: every Reason that refuses.
func reasons() (all []risk.Reason) {
	for r := risk.Accepted + 1; r < 1024; r++ {
		if r.String() != risk.Unjudged.String() {
			all = append(all, r)
		}
	}
	return all
}

// read reads which script is named for which control.
func read(t *testing.T) map[string]string {
	text, err := os.ReadFile(list)
	if err != nil && !*update {
		t.Fatal(err)
	}
	named := map[string]string{}
	for _, line := range strings.Split(string(text), "\n") {
		if words := strings.Fields(line); len(words) == 2 {
			named[words[0]] = words[1]
		}
	}
	return named
}

var failure = regexp.MustCompile(`--- FAIL: TestScripts/(\S+)`)

// run plays the scripts with one control off and returns those that fail.
func run(t *testing.T, binary, code string) (failed []string) {
	cmd := exec.Command(binary, "-test.run", "^TestScripts$")
	cmd.Dir = filepath.Join("..", "core")
	cmd.Env = append(os.Environ(), offSetting+"="+code)
	out, err := cmd.CombinedOutput()
	for _, m := range failure.FindAllStringSubmatch(string(out), -1) {
		failed = append(failed, m[1])
	}
	if err != nil && len(failed) == 0 {
		t.Fatalf("%s off: %v\n%s", code, err, out)
	}
	return failed
}

// build makes the tests of gate/core out of the copy.
func build(t *testing.T) (binary string) {
	dir := t.TempDir()
	overlay := map[string]string{}
	cover := func(name string, text []byte) {
		path, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		copied := filepath.Join(dir, fmt.Sprintf("%d-%s", len(overlay), filepath.Base(name)))
		if err := os.WriteFile(copied, text, 0o600); err != nil {
			t.Fatal(err)
		}
		overlay[path] = copied
	}
	names := constants(t)
	for _, folder := range []string{"../../risk", "../core"} {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if base := filepath.Base(name); !strings.HasSuffix(base, "_test.go") && !strings.HasPrefix(base, "reason") {
				cover(name, switched(t, name, names))
			}
		}
	}
	cover(filepath.Join("../../risk", switchFile), []byte(off))
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	plan := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(plan, text, 0o600); err != nil {
		t.Fatal(err)
	}
	binary = filepath.Join(dir, "core.test")
	if out, err := exec.Command("go", "test", "-c", "-overlay", plan, "-o", binary, "portcullis/gate/core").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// constants are the names of the Reasons that refuse.
func constants(t *testing.T) map[string]bool {
	f, err := parser.ParseFile(token.NewFileSet(), "../../risk/reason.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			for _, n := range s.(*ast.ValueSpec).Names {
				names[n.Name] = n.Name != "Unjudged" && n.Name != "Accepted"
			}
		}
	}
	return names
}

// switched is a source file in which every Reason that a check hands on goes through Off. Those that something is
// compared with stay.
func switched(t *testing.T, name string, names map[string]bool) []byte {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, name, text, 0)
	if err != nil {
		t.Fatal(err)
	}
	var places [][2]int
	wrap := func(list ...ast.Expr) {
		for _, e := range list {
			if reason(e, f.Name.Name, names) {
				places = append(places, [2]int{set.Position(e.Pos()).Offset, set.Position(e.End()).Offset})
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ReturnStmt:
			wrap(n.Results...)
		case *ast.AssignStmt:
			wrap(n.Rhs...)
		case *ast.CallExpr:
			wrap(n.Args...)
		case *ast.KeyValueExpr:
			wrap(n.Value)
		case *ast.CompositeLit:
			wrap(n.Elts...)
		}
		return true
	})
	slices.SortFunc(places, func(a, b [2]int) int { return b[0] - a[0] })
	through := "risk.Off("
	if f.Name.Name == "risk" {
		through = "Off("
	}
	for _, p := range places {
		text = slices.Concat(text[:p[0]], []byte(through), text[p[0]:p[1]], []byte(")"), text[p[1]:])
	}
	return text
}

// reason reports whether an expression is the name of a Reason that refuses.
func reason(e ast.Expr, pkg string, names map[string]bool) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return pkg == "risk" && names[e.Name]
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		return ok && x.Name == "risk" && names[e.Sel.Name]
	}
	return false
}
