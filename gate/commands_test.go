package gate

import (
	"fmt"
	"testing"

	"portcullis/gate/admin"
	"portcullis/gate/engine"
)

// TestUnanswered: what the engine was given and has not answered is not known, also as a part of more; what it did not
// take is refused.
func TestUnanswered(t *testing.T) {
	unanswered := fmt.Errorf("%w yet", engine.ErrUnanswered)
	if !refused(unanswered).Unknown || !both(admin.Answer{OK: true}, refused(unanswered)).Unknown || refused(engine.ErrBusy).Unknown {
		t.Errorf("%+v, %+v", refused(unanswered), refused(engine.ErrBusy))
	}
}
