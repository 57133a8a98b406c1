package verbs

import (
	"io"
	"os"
)

// sheet is where the verbs that read print what they found. It keeps the first error: what was cut short, on a full disk, must not
// pass for the whole.
type sheet struct {
	to  io.Writer
	err error
}

var out = &sheet{to: os.Stdout}

func (s *sheet) Write(b []byte) (int, error) {
	n, err := s.to.Write(b)
	if s.err == nil {
		s.err = err
	}
	return n, err
}
