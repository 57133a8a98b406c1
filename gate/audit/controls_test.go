package audit

import (
	"bytes"
	"testing"

	"portcullis/gate/config"
)

// TestControlsAreListed: every control with what it judges and who answers for it; a review that is
// late says so.
func TestControlsAreListed(t *testing.T) {
	cfg := must(config.LoadFiles(sampleFiles(`default: {owner: "", why: "", review_by: ""}`, "default: {review_by: 2026-11-22}",
		"  # COLLAR: {owner: Head", "  COLLAR: {owner: Head"), config.SampleMain))(t)
	var out bytes.Buffer
	Controls(&out, cfg, tradeDate+1)
	golden(t, "controls.txt", out.String())
}
