package settings

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Problem is one defect of a configuration file: where it is, what is wrong and what to do.
type Problem struct {
	File string
	Line int // counted from 1; 0 = the file as a whole
	What string
	Cure string
}

// Error gives "file:line: what; cure", the form that editors and terminals make clickable.
func (p *Problem) Error() string {
	text := p.File
	if p.Line > 0 {
		text = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	text += ": " + p.What
	if p.Cure != "" {
		text += "; " + p.Cure
	}
	return text
}

// problemsMax bounds one report: a table with the wrong delimiter has a defect in every row.
const problemsMax = 100

// Problems collects defects, so that one run names them all. The zero value is ready to use.
type Problems struct {
	list []*Problem
}

// Add records one defect. The same text at the same place is kept once: a wrong line of [DEFAULT]
// would otherwise be reported for every session. After problemsMax only that there are more is kept.
func (p *Problems) Add(file string, line int, what, cure string) {
	if len(p.list) > problemsMax {
		return
	}
	problem := &Problem{File: file, Line: line, What: what, Cure: cure}
	if len(p.list) == problemsMax {
		problem = &Problem{File: file, What: "more defects follow, not shown", Cure: "correct these first"}
	}
	for _, seen := range p.list {
		if *seen == *problem {
			return
		}
	}
	p.list = append(p.list, problem)
}

// Len returns the number of defects recorded.
func (p *Problems) Len() int { return len(p.list) }

// Err returns nil, or all defects joined in the order of their lines within each file; files stay
// in the order in which they were first named. Each joined error is a *Problem.
func (p *Problems) Err() error {
	rank := map[string]int{}
	for _, problem := range p.list {
		if _, known := rank[problem.File]; !known {
			rank[problem.File] = len(rank)
		}
	}
	slices.SortStableFunc(p.list, func(a, b *Problem) int {
		if a.File != b.File {
			return rank[a.File] - rank[b.File]
		}
		return a.Line - b.Line
	})
	joined := make([]error, len(p.list))
	for i, problem := range p.list {
		joined[i] = problem
	}
	return errors.Join(joined...)
}

// Nearest returns the word of known that is closest to word, or "" when none is close: at most a
// third of the letters differ, or only upper and lower case do.
func Nearest(word string, known []string) string {
	if len(word) > wordBytesMax {
		return ""
	}
	best, bestDistance := "", len(word)/3+1
	for _, candidate := range known {
		if strings.EqualFold(word, candidate) {
			return candidate
		}
		if d := distance(strings.ToLower(word), strings.ToLower(candidate)); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// DidYouMean is the cure for a word that is not known: the nearest one, or otherwise.
func DidYouMean(word string, known []string, otherwise string) string {
	if near := Nearest(word, known); near != "" {
		return "did you mean " + near + "?"
	}
	return otherwise
}

// wordBytesMax bounds the work of Nearest on hostile input.
const wordBytesMax = 64

// distance is the number of letters to insert, delete, change or swap with their neighbour to make a
// into b (optimal string alignment).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, row[j-1]+1, last[j]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
