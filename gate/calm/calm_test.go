package calm

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
)

// TestRepeatedLines: the first is said at once, the others as a number every ten seconds; another kind or source is
// not held back by them, and a source that was quiet is heard at once again.
func TestRepeatedLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b page
		l := New(zerolog.New(&b))
		expect := func(want ...string) {
			t.Helper()
			synctest.Wait()
			lines := strings.Split(strings.TrimSpace(b.take()), "\n")
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
		said := 0
		say := func(source string) {
			said++
			l.Say(zerolog.WarnLevel, "refused", source, fmt.Sprint("refused ", said)).Str("from", source).Msg("refused")
		}
		for range 498 {
			say("A")
		}
		say("B")
		expect(`"from":"A"`, `"from":"B"`)
		time.Sleep(every)
		expect(`"source":"A","times":497,"message":"again, in the last 10s: refused 498"`)
		say("A")
		say("B")
		expect(`"from":"B"`)
		time.Sleep(every)
		expect(`"source":"A","times":1`)
		time.Sleep(2 * every)
		if n, armed := remembered(l); armed || n > 0 {
			t.Error("a quiet log remembers", n)
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
		var b page
		l := New(zerolog.New(&b))
		for n := range 100_000 {
			l.Say(zerolog.WarnLevel, "refused", fmt.Sprint(n), "refused").Msg("refused")
		}
		if lines := strings.Count(b.take(), "\n"); lines > keysMax+1 {
			t.Errorf("%d lines", lines)
		}
		if n, _ := remembered(l); n > keysMax+1 {
			t.Errorf("%d sources", n)
		}
		time.Sleep(every)
		synctest.Wait()
		if text := b.take(); !strings.Contains(text, `"times":99487`) {
			t.Error(lastLine(text))
		}
		time.Sleep(every)
	})
}

func remembered(l *Log) (n int, armed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.unsaid), l.armed
}

// page is what a log has written. The timer's goroutine writes while the test reads.
type page struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *page) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

// take gives what was written since it was last taken.
func (p *page) take() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.text.Reset()
	return p.text.String()
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
