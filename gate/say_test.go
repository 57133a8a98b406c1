package gate

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"portcullis/gate/calm"
)

// TestRepeatedAlerts: a full disk and a crowd on the admin socket are said once each, and do not hide one another.
func TestRepeatedAlerts(t *testing.T) {
	var b bytes.Buffer
	g := &Gate{calm: calm.New(zerolog.New(&b))}
	for n := range 100 {
		g.journalAlert(fmt.Errorf("journal: segment %d: no space; room for %d bytes is left", n, 1000-n))
		g.warnf("admin: request of uid %d refused: %v", n, "why")
	}
	g.journalAlert(errors.New("journal: nothing is durable above position 7"))
	if lines := strings.Count(b.String(), "\n"); lines != 3 {
		t.Errorf("%d lines: %s", lines, b.String())
	}
	g.calm.Flush()
	for _, want := range []string{`"times":99,"message":"again, in the last 10s: journal: segment 99: no space; room for 901 bytes is left"`,
		`"times":99,"message":"again, in the last 10s: admin: request of uid 99 refused: why"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in %s", want, b.String())
		}
	}
}
