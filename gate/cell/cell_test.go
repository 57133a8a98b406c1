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

// TestDamaged: one damaged copy is told from a whole cell, for whom the content before is worse than none.
func TestDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cell")
	c, _, _ := Open(path, 100)
	if err := c.Create([]byte("v0")); err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		newest, older := int(c.generation%2)*c.slotBytes, int((c.generation+1)%2)*c.slotBytes
		flipped := func(at int) []byte { raw := append([]byte{}, whole...); raw[at] ^= 1; return raw }
		zeroed := append([]byte{}, whole...)
		clear(zeroed[newest : newest+c.slotBytes])
		for name, raw := range map[string][]byte{"whole": whole, "newest": flipped(newest), "newest, content": flipped(newest + headerBytes),
			"older": flipped(older + headerBytes), "zeros": zeroed, "half": whole[:len(whole)/2]} {
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			content, err := ReadNewest(path)
			opened, _, openErr := Open(path, 100)
			same := i == 0 && name == "zeros" // Create wrote both copies
			if damaged := name != "whole" && !same; (err != nil) != damaged || openErr != nil || opened.Damaged() != damaged {
				t.Errorf("v%d, %s: %q, %v; opened: damaged %v, %v", i, name, content, err, opened.Damaged(), openErr)
			}
		}
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := c.Write(fmt.Appendf(nil, "v%d", i+1)); err != nil {
			t.Fatal(err)
		}
	}
}
