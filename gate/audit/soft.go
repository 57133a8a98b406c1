package audit

import (
	"fmt"
	"time"

	"portcullis/gate/core"
)

// softWords say what became of an order that a soft control has refused.
func (j *Journal) softWords(e *core.Effect) string {
	until := time.Unix(0, int64(e.Seq)).UTC().Format(time.RFC3339)
	switch e.Kind {
	case core.SoftRefused:
		return fmt.Sprintf("%s is soft: gate pass %d until %s lets the same pass it once over link %s", e.Cause, e.Qty, until, j.link(e.Link))
	case core.SoftPassed:
		return fmt.Sprintf("user %d passes token %d: until %s the same over link %s may pass %s once", e.Value, e.Qty, until, j.link(e.Link), e.Cause)
	}
	return fmt.Sprintf("it passes %s by token %d, which is used up", e.Cause, e.Qty)
}
