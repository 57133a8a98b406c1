package calm

import (
	"fmt"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

const (
	every   = 10 * time.Second
	keysMax = 512
)

// Log is a log whose lines do not repeat.
type Log struct {
	log   zerolog.Logger
	every time.Duration

	mu     sync.Mutex
	unsaid map[key]*count
	armed  bool // a sweep is due
}

type key struct{ kind, source string }

// further stands for all sources beyond keysMax.
var further = key{"lines of further kinds and sources", ""}

type count struct {
	level zerolog.Level
	lines int    // since the last one written
	last  string // what the last of them says
}

// New makes a calm log of a plain one.
func New(log zerolog.Logger) *Log {
	return &Log{log: log, every: every, unsaid: make(map[key]*count)}
}

// Say begins a line of a kind about a source, such as a link or an address. It is nil, on which fields and Msg do
// nothing, where the line is counted only: then text is what it says, for the last of those counted. Kinds are few, and
// never made of what a peer sends.
func (l *Log) Say(level zerolog.Level, kind, source, text string) *zerolog.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := key{kind, source}
	c := l.unsaid[k]
	if c == nil && len(l.unsaid) >= keysMax {
		k = further
		c = l.unsaid[k]
	}
	if k == further {
		text = further.kind
	}
	if c != nil {
		c.lines, c.level, c.last = c.lines+1, max(c.level, level), text
		return nil
	}
	l.unsaid[k] = &count{level: level}
	if !l.armed {
		l.armed = true
		time.AfterFunc(l.every, l.sweep)
	}
	return l.log.WithLevel(level)
}

// sweep says what was counted, and forgets what was not said again.
func (l *Log) sweep() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for k, c := range l.unsaid {
		if c.lines == 0 {
			delete(l.unsaid, k)
			continue
		}
		l.sayCount(k.source, c)
		c.lines = 0
	}
	if l.armed = len(l.unsaid) > 0; l.armed {
		time.AfterFunc(l.every, l.sweep)
	}
}

func (l *Log) sayCount(source string, c *count) {
	entry := l.log.WithLevel(c.level)
	if source != "" {
		entry = entry.Str("source", source)
	}
	entry.Int("times", c.lines).Msg(fmt.Sprintf("again, in the last %v: %s", l.every, c.last))
}

// Flush says at once what was counted: nothing more is to come.
func (l *Log) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for k, c := range l.unsaid {
		if c.lines > 0 {
			l.sayCount(k.source, c)
			c.lines = 0
		}
	}
}
