package admin

import "fmt"

// UnknownError tells that a request was given, and that nobody knows whether it was or will be carried out.
type UnknownError struct {
	Verb Verb
	Why  error
}

func (e *UnknownError) Error() string {
	cure := "see `gate status` before you give it again"
	if e.Verb == Kill {
		cure = "use `gate kill --hard`, which needs nothing of the engine; whether the kill stands says `gate status`"
	}
	return fmt.Sprintf("it is not known whether the %s was carried out; it may have been: %s (%v)", e.Verb.Typed(), cure, e.Why)
}

func (e *UnknownError) Unwrap() error { return e.Why }
