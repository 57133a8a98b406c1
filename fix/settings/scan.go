package settings

import (
	"fmt"
	"strings"
)

// lineBytesMax bounds one line. quickfixgo stops at 64 KiB; no honest key comes near either.
const lineBytesMax = 4096

// Key is one "Name=Value" line. Name has no blanks around it; Value is everything after the first
// '=', blanks included, as quickfixgo keeps it.
type Key struct {
	Name  string
	Value string
	Line  int // counted from 1
}

// Section is one [SESSION] with the keys of [DEFAULT] merged in.
type Section struct {
	Line int   // the line of its [SESSION] header, counted from 1
	Keys []Key // defaults that the session does not set itself, then its own, each in file order
}

// Find returns the key of that name, or false.
func (s *Section) Find(name string) (Key, bool) {
	for _, key := range s.Keys {
		if key.Name == name {
			return key, true
		}
	}
	return Key{}, false
}

// Scan cuts a settings file into its sessions. It judges the form of lines only; which keys exist
// and what they mean is Read's business. The file name is used in errors. On any defect no
// sections are returned, and the error joins every defect as a *Problem.
func Scan(file string, data []byte) ([]Section, error) {
	s, err := scan(file, data)
	return s.sessions, err
}

func scan(file string, data []byte) (scanner, error) {
	s := scanner{file: file}
	text := strings.TrimPrefix(string(data), "\ufeff")
	for number, line := range strings.Split(text, "\n") {
		s.line(number+1, strings.TrimSuffix(line, "\r"))
	}
	if len(s.sessions) == 0 && s.problems.Len() == 0 {
		s.problems.Add(file, 0, "no [SESSION] section", "add one [SESSION] per FIX session")
	}
	if err := s.problems.Err(); err != nil {
		return scanner{}, err
	}
	for i := range s.sessions {
		s.sessions[i].Keys = overlay(s.defaults, s.sessions[i].Keys)
	}
	return s, nil
}

// scanner is the state between two lines.
type scanner struct {
	file     string
	defaults []Key
	sessions []Section
	current  *[]Key // where the next key goes; nil before the first section
	problems Problems
}

// line takes one line without its line end. The cases and their order are quickfixgo's.
func (s *scanner) line(number int, line string) {
	header := strings.TrimRight(line, " \t\f\r")
	switch {
	case len(line) > lineBytesMax:
		s.problems.Add(s.file, number, fmt.Sprintf("line of %d bytes", len(line)),
			fmt.Sprintf("at most %d bytes are allowed", lineBytesMax))
	case strings.HasPrefix(line, "#") || header == "":
	case strings.EqualFold(header, "[DEFAULT]"):
		s.current = &s.defaults
	case strings.EqualFold(header, "[SESSION]"):
		s.sessions = append(s.sessions, Section{Line: number})
		s.current = &s.sessions[len(s.sessions)-1].Keys
	default:
		s.key(number, line)
	}
}

// key takes a line that must be Name=Value.
func (s *scanner) key(number int, line string) {
	name, value, found := strings.Cut(line, "=")
	name = strings.Trim(name, " \t")
	switch {
	case strings.HasPrefix(name, "["):
		s.problems.Add(s.file, number, fmt.Sprintf("%s is not a section", quote(line)),
			"write [DEFAULT] or [SESSION] alone, at the start of the line")
	case strings.HasPrefix(name, "#"):
		s.problems.Add(s.file, number, "comment does not start the line", "move the '#' to the first column")
	case !found:
		word, _, _ := strings.Cut(name, " ") // the rest may be a secret
		s.problems.Add(s.file, number, fmt.Sprintf("%s begins neither a section, a key nor a comment", quote(word)),
			"write Key=Value")
	case name == "":
		s.problems.Add(s.file, number, "no key before '='", "write Key=Value")
	case s.current == nil:
		s.problems.Add(s.file, number, fmt.Sprintf("%s stands before any section", quote(name)),
			"put [DEFAULT] or [SESSION] above it")
	default:
		s.put(Key{Name: name, Value: value, Line: number})
	}
}

// put stores a key in the current section. The same value twice is noise; two values are a defect.
func (s *scanner) put(key Key) {
	for _, earlier := range *s.current {
		if earlier.Name != key.Name {
			continue
		}
		if earlier.Value != key.Value {
			s.problems.Add(s.file, key.Line, fmt.Sprintf("%s is set twice in this section, first on line %d",
				quote(key.Name), earlier.Line), "keep one of the two")
		}
		return
	}
	*s.current = append(*s.current, key)
}

// overlay returns the defaults that own does not set, then own.
func overlay(defaults, own []Key) []Key {
	merged := make([]Key, 0, len(defaults)+len(own))
	set := make(map[string]bool, len(own))
	for _, key := range own {
		set[key.Name] = true
	}
	for _, key := range defaults {
		if !set[key.Name] {
			merged = append(merged, key)
		}
	}
	return append(merged, own...)
}

// quote makes foreign text safe to print, and short.
func quote(text string) string {
	if len(text) > wordBytesMax {
		text = text[:wordBytesMax] + "..."
	}
	return fmt.Sprintf("%q", text)
}
