package calm

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
)

// TestRepeatedLines: the first is said at once, the others as a number every ten seconds; another kind or source is
// not held back by them, and a source that was quiet is heard at once again.
func TestRepeatedLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		l := New(zerolog.New(&b))
		expect := func(want ...string) {
			t.Helper()
			synctest.Wait()
			lines := strings.Split(strings.TrimSpace(b.String()), "\n")
			b.Reset()
			if len(want) == 0 {
				want = []string{""}
			}
			if len(lines) != len(want) {
				t.Fatalf("%q, want %q", lines, want)
			}
			for i := range want {
				if !strings.Contains(lines[i], want[i]) {
					t.Errorf("%q, want %q", lines[i], want[i])
				}
			}
		}
		say := func(source string) { l.Say(zerolog.WarnLevel, "refused", source).Str("from", source).Msg("refused") }
		for range 498 {
			say("A")
		}
		say("B")
		expect(`"from":"A"`, `"from":"B"`)
		time.Sleep(every)
		expect(`"source":"A","times":497,"message":"again, in the last 10s: refused"`)
		say("A")
		say("B")
		expect(`"from":"B"`)
		time.Sleep(every)
		expect(`"source":"A","times":1`)
		time.Sleep(2 * every)
		if l.armed || len(l.unsaid) > 0 {
			t.Error("a quiet log remembers", l.unsaid)
		}
		say("A")
		say("A")
		l.Flush()
		expect(`"from":"A"`, `"times":1`)
		time.Sleep(every)
	})
}

// TestManySources: memory is bounded, and so are the lines.
func TestManySources(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		l := New(zerolog.New(&b))
		for n := range 100_000 {
			l.Say(zerolog.WarnLevel, "refused", fmt.Sprint(n)).Msg("refused")
		}
		if lines := strings.Count(b.String(), "\n"); lines > keysMax+1 || len(l.unsaid) > keysMax+1 {
			t.Errorf("%d lines, %d sources", lines, len(l.unsaid))
		}
		time.Sleep(every)
		synctest.Wait()
		if !strings.Contains(b.String(), `"times":99487`) {
			t.Error(lastLine(b.String()))
		}
		time.Sleep(every)
	})
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
