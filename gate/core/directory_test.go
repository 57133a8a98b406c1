package core

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"
)

// TestNames: every name is found, and nothing else, whatever its length and however many there are.
func TestNames(t *testing.T) {
	if size := unsafe.Sizeof(nameRow{}); size != 32 {
		t.Errorf("a row has %d bytes: two must lie in a cache line", size)
	}
	var n names
	if n.find([]byte("A")) != NoIndex || n.line([]byte("A")) != nil {
		t.Error("found in nothing")
	}
	texts := map[string]named{}
	for i := range uint32(3000) {
		text := strings.Repeat("x", int(i%40)) + fmt.Sprint(i)
		texts[text] = named{i, i + 1, i%2 == 0}
		n.add(text, texts[text])
	}
	for text, want := range texts {
		if got := n.lookUp([]byte(text)); got != want {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
		if n.find([]byte(text+" ")) != NoIndex || n.find([]byte(" "+text[1:])) != NoIndex {
			t.Errorf("%s: what is nearly it is found", text)
		}
	}
	if n.find(nil) != NoIndex || n.find([]byte("x")) != NoIndex {
		t.Error("found what is not there")
	}
}
