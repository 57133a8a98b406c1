// Command gen compiles the QuickFIX dictionaries of the quickfix module into the bytes that package dict
// embeds.
//
// "go generate ./fix/dict" runs it and writes dictionaries.bin there. The sources are not copied into this
// repository: the version that go.mod pins is read from the module cache, so the bytes change only when that
// pin, the format or the compiler changes. A test compiles again in memory and compares.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"portcullis/fix/dict/internal/spec"
)

// sources are the files of the quickfix module's spec folder, in the order in which they are stored.
var sources = []string{"FIX40", "FIX41", "FIX42", "FIX43", "FIX44", "FIXT11", "FIX50", "FIX50SP1", "FIX50SP2"}

func main() {
	blob, err := compile()
	if err == nil {
		err = os.WriteFile("dictionaries.bin", blob, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
	fmt.Printf("dictionaries.bin: %d bytes\n", len(blob))
}

func compile() ([]byte, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/quickfixgo/quickfix").Output()
	if err != nil {
		return nil, fmt.Errorf("looking for the quickfix module (go mod download fetches it): %w", err)
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "spec")
	var models []*spec.Model
	for _, name := range sources {
		file := filepath.Join(dir, name+".xml")
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		m, err := spec.ParseXML(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		models = append(models, m)
	}
	return spec.Encode(models)
}
