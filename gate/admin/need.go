package admin

import (
	"fmt"
	"strings"
)

// NeedError tells which field a request lacks: one of Fields. It speaks of them as a line on the socket names them.
type NeedError struct {
	Verb   Verb
	Fields []string
}

func (e *NeedError) Error() string {
	return fmt.Sprintf(`%s needs "%s"`, e.Verb, strings.Join(e.Fields, `" or "`))
}
