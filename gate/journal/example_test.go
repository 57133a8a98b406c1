package journal_test

import (
	"fmt"
	"io"
	"os"

	"portcullis/gate/journal"
)

// The engine appends; anybody follows.
func Example() {
	dir, err := os.MkdirTemp("", "portcullis-example-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	j, err := journal.Open(journal.Options{Dir: dir, SegmentBytes: 1 << 20})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, msg := range []string{"35=D|11=A1", "35=8|11=A1|39=0"} {
		if b, ok := j.Reserve(len(msg)); ok && j.Space() == journal.Ample {
			h := journal.Header{Type: 1, Link: 7}
			j.Commit(&h, copy(b, msg))
		}
	}
	if err := j.Close(); err != nil {
		fmt.Println(err)
	}

	f, err := journal.Follow(dir, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	for {
		var h journal.Header
		payload, at, err := f.Next(&h)
		if err == io.EOF {
			break // caught up
		}
		fmt.Printf("%d at %d, link %d: %s\n", h.Seq, at, h.Link, payload)
	}
	fmt.Println(f.Close())
	// Output:
	// 1 at 0, link 7: 35=D|11=A1
	// 2 at 128, link 7: 35=8|11=A1|39=0
	// <nil>
}
