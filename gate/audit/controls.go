package audit

import (
	"fmt"
	"io"
	"strings"

	"portcullis/gate/config"
	"portcullis/risk"
)

// Controls prints the matrix of controls: what each judges, where its limit is set, which rules it serves, who answers for it
// and until when it is to be looked at again. today is yyyymmdd.
func Controls(w io.Writer, cfg *config.Config, today int) {
	t := newTable("control", "D", "G", "F", "scope", "set by", "serves", "owner", "review by", "why")
	late, nobody := 0, 0
	for i, c := range risk.Controls() {
		row := []string{c.Reason.String()}
		for _, msgType := range []string{"D", "G", "F"} {
			mark := dash
			if strings.Contains(c.Messages, msgType) {
				mark = "x"
			}
			row = append(row, mark)
		}
		r := cfg.Controls[i]
		due := dash
		if r.ReviewBy != 0 {
			due = fmt.Sprintf("%d-%02d-%02d", r.ReviewBy/10000, r.ReviewBy/100%100, r.ReviewBy%100)
			if r.ReviewBy < today {
				due += " LATE"
				late++
			}
		}
		if r.Owner == "" {
			nobody++
		}
		t.add(append(row, c.Scope, c.Setting, c.Reason.Rule(), orDash(r.Owner), due, orDash(r.Why))...)
	}
	t.write(w, "")
	fmt.Fprintf(w, "%d controls; %d without an owner, %d reviews late\n", len(t.rows), nobody, late)
	for _, b := range cfg.Breaches {
		fmt.Fprintf(w, "%s kills its %s, mode %s, at %d refusals in %s\n", b.Control, word(scopeWords, b.Scope, "scope"), modeWord(b.Mode), b.CountMax,
			span(b.WindowNs))
	}
	fmt.Fprintln(w, "q, H and AF pass all of them; every other type that trades is refused as MESSAGE_UNSUPPORTED")
}
