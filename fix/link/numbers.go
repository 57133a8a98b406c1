package link

// What an operator does to the numbers of a link that has no connection.

// Renumber sets the number expected next, the number sent next, or both; 0 leaves one as it is. The owner
// sees to it that no number is sent twice.
func Renumber(st *State, in, out uint64, r *Result) {
	*r = Result{Next: *st}
	if in != 0 {
		r.Next.NextIn = in
	}
	if out != 0 {
		r.Next.NextOut = out
	}
}

// Restart begins both numbers again at 1. The peer has to do the same.
func Restart(st *State, now Now, r *Result) {
	*r = Result{Next: *st}
	s := step{now: now, r: r}
	s.resetNumbers()
}
