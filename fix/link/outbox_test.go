package link

import (
	"testing"

	"portcullis/fix"
)

// TestRestore: what a record says of its messages is taken only where it lies within them.
func TestRestore(t *testing.T) {
	sent := []byte("0123456789")
	for _, c := range []struct {
		name string
		out  Out
		ok   bool
	}{
		{"all of it", Out{Size: 10, SecretOff: 4, SecretSize: 6}, true},
		{"longer than what was sent", Out{Off: 4, Size: 7}, false},
		{"a secret behind its message", Out{Size: 5, SecretOff: 5, SecretSize: 1}, false},
		{"a secret that ends behind it", Out{Size: 5, SecretOff: 3, SecretSize: 3}, false},
		{"numbers that wrap", Out{Off: 1<<32 - 1, Size: 2, SecretOff: 1<<32 - 1, SecretSize: 2}, false},
	} {
		o := Outbox{Writer: *fix.NewWriter(64)}
		if ok := o.Restore([]Out{c.out}, sent); ok != c.ok {
			t.Errorf("%s: %v, want %v", c.name, ok, c.ok)
		}
	}
}
