package audit

import (
	"fmt"
	"time"

	"portcullis/gate/config"
)

// selfTestWords say what came of a self-test.
func selfTestWords(tried, failed uint64, tookNs int64) string {
	switch {
	case tried == 0:
		return "COULD NOT RUN"
	case failed > 0:
		return fmt.Sprintf("FAILED: %d of %d controls did not refuse its breach, in %s", failed, tried, span(tookNs))
	}
	return fmt.Sprintf("passed: %d controls tried, every one refused its breach, in %s", tried, span(tookNs))
}

// selfTest says what the newest self-test came to, how old that is, and whether it is of what is in force.
func (s *State) selfTest(now time.Time) string {
	t := s.core.SelfTest()
	if t.AtNs == 0 {
		return "none has been told of: the gate's shadow makes one after each start, and each day"
	}
	age := now.UnixNano() - t.AtNs
	text := fmt.Sprintf("%s; %s ago, by %s", selfTestWords(uint64(t.Tried), uint64(t.Failed), t.TookNs), span(age), s.tested)
	if max(age, -age) > int64(config.SelfTestWithin) {
		text += "; OVERDUE: one a day is due"
	}
	if hash := fmt.Sprintf("%x", s.hash[:min(hashBytes, len(s.hash))]); hash != t.Of()[:len(hash)] {
		text += fmt.Sprintf("; of configuration %s, which is NOT IN FORCE any more", t.Of()[:len(hash)])
	}
	return text
}
