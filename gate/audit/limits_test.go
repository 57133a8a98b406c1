package audit

import (
	"bytes"
	"strings"
	"testing"

	"portcullis/gate/config"
)

// TestLimitsOfNone: where no limit is set for a time, the files hold only if nothing of them waits for another person, as what
// somebody has cleared does.
func TestLimitsOfNone(t *testing.T) {
	files := config.SampleFiles(tradeDate)
	before := must(config.LoadFiles(files, config.SampleMain))(t)
	files[config.SampleMain] = bytes.Replace(files[config.SampleMain], []byte("order_qty_max: 1_000, "), []byte("order_qty_max: 1_001, "), 1)
	offered := must(config.LoadFiles(files, config.SampleMain))(t)
	for _, c := range []struct {
		cfg  *config.Config
		want string
	}{
		{offered, "no limit is set for a time: those of the files hold\n"},
		{config.Govern(before, offered, false), "no limit is set for a time, but settings of the files are not in force yet, and those of before hold: gate changes --pending\n"},
	} {
		var out strings.Builder
		(&State{config: c.cfg}).Limits(&out)
		if out.String() != c.want {
			t.Errorf("got %q, want %q", out.String(), c.want)
		}
	}
}
