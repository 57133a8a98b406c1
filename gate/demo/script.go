package demo

import (
	_ "embed" // the script
	"fmt"
	"strings"
)

//go:embed script.txt
var scriptText string

// Step is one line of the script.
type Step struct {
	Line    int
	Title   string // of a chapter, which does nothing; the rest is empty then
	Who     string
	What    string
	Venue   string   // what the venue does with it
	Verdict string   // expected: a Reason's code, or what a command reached
	Answers []string // expected, each with the participant in front where it is not Who
}

// parseScript reads lines of "who | message | venue | verdict | answers".
func parseScript(text string) (steps []Step, err error) {
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if title, found := strings.CutPrefix(line, "= "); found {
			steps = append(steps, Step{Line: i + 1, Title: title})
			continue
		}
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			return nil, fmt.Errorf("script.txt:%d: %d columns instead of 5", i+1, len(cells))
		}
		for c := range cells {
			cells[c] = strings.TrimSpace(cells[c])
		}
		s := Step{Line: i + 1, Who: cells[0], What: cells[1], Venue: cells[2], Verdict: cells[3]}
		for answer := range strings.SplitSeq(cells[4], ",") {
			if answer = strings.TrimSpace(answer); answer != "" {
				s.Answers = append(s.Answers, answer)
			}
		}
		steps = append(steps, s)
	}
	return steps, nil
}
