package main

import (
	"bytes"
	"os"
	"testing"
)

func TestEmbeddedBytesAreWhatTheSourcesGive(t *testing.T) {
	want, err := compile()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../dictionaries.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("dictionaries.bin (%d bytes) differs from its sources (%d bytes): run go generate ./fix/dict",
			len(got), len(want))
	}
}
