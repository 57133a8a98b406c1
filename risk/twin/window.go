package twin

// Window is a throttle as a list that forgets nothing: at most Max in any span of WindowNs.
type Window struct {
	Max, WindowNs int64
	noted         []noted
}

type noted struct{ amount, atNs int64 }

// Passes reports whether an amount more fits in the window that ends now.
func (w *Window) Passes(amount, nowNs int64) bool { return amount+w.Sum(nowNs) <= w.Max }

// Sum is what lies in that window.
func (w *Window) Sum(nowNs int64) (sum int64) {
	for i := len(w.noted) - 1; i >= 0 && nowNs-w.noted[i].atNs <= w.WindowNs; i-- {
		sum += w.noted[i].amount
	}
	return sum
}

// Note adds an amount. A time before the last one counts as that.
func (w *Window) Note(amount, nowNs int64) {
	if n := len(w.noted); n > 0 {
		nowNs = max(nowNs, w.noted[n-1].atNs)
	}
	w.noted = append(w.noted, noted{amount, nowNs})
}
