package audit

import (
	"fmt"

	"portcullis/gate/core"
	"portcullis/risk"
)

// markWords say what was established about what things are worth.
func (j *Journal) markWords(e *core.Effect) string {
	switch e.Kind {
	case core.MarkAsked:
		return fmt.Sprintf("user %d asks for the mark %s of %s: a second one is needed", e.Seq, decimal8(e.Price), j.instrument(e.Instrument))
	case core.Marked:
		return fmt.Sprintf("%s is worth %s × %s%s", j.instrument(e.Instrument), decimal8(e.Price), decimal8(e.K), choice(e.Value == 1, ", its close", ""))
	}
	return "the marks said before this are in force"
}

// valued is a price with the factor pinned with it; "" where nobody has said one.
func valued(p risk.Price, k risk.Factor) string {
	if k == 0 {
		return ""
	}
	return decimal8(p) + " × " + decimal8(k)
}
