package core

import (
	"os"
	"strings"
	"testing"

	"portcullis/risk"
)

// checkControls holds the matrix of controls against the refusals of the scripts, by MsgType and code.
// What precedence.txt lists is shown for replaces by package risk.
func checkControls(t *testing.T, refusals map[string]bool) {
	t.Helper()
	shown, err := os.ReadFile("../../testdata/risk/precedence.txt")
	must(t, err)
	for _, c := range risk.Controls() {
		code := c.Reason.String()
		for _, msgType := range []string{"D", "G", "F"} {
			met, claimed := refusals[msgType+" "+code], strings.Contains(c.Messages, msgType)
			elsewhere := msgType == "G" && strings.Contains(string(shown), "| "+code+" ")
			switch {
			case met && !claimed:
				t.Errorf("%s refuses 35=%s, the matrix says it does not", code, msgType)
			case claimed && !met && !elsewhere:
				t.Errorf("no script shows that %s refuses 35=%s", code, msgType)
			}
		}
	}
}
