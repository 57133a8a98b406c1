package cell

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// A cell survives a torn write of either slot.
func TestKeepsOldOrNew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cell")
	c, _, err := Open(path, 100)
	if !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if err := c.Create([]byte("v0")); err != nil {
		t.Fatal(err)
	}
	for i := 1; i < 6; i++ {
		if err := c.Write(fmt.Appendf(nil, "v%d", i)); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		newest := int(c.generation%2) * c.slotBytes
		raw[newest+headerBytes] ^= 1 // as if the write of v<i> had been torn
		if err := os.WriteFile(path+".torn", raw, 0o600); err != nil {
			t.Fatal(err)
		}
		for file, want := range map[string]int{path: i, path + ".torn": i - 1} {
			if got, err := Read(file); err != nil || string(got) != fmt.Sprint("v", want) {
				t.Fatalf("%s: %q %v, want v%d", file, got, err, want)
			}
		}
	}
	if _, got, err := Open(path, 9000); err != nil || string(got) != "v5" {
		t.Fatalf("grown: %q %v", got, err)
	}
}
