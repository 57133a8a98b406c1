package verbs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// parse reads a command line. A negative number that a verb has no place for is named, without its page of help.
func parse(parser *kong.Kong, args []string) (*kong.Context, error) {
	args, last := negatives(args)
	parsed, err := parser.Parse(args)
	if err != nil && len(last) > 0 {
		return nil, fmt.Errorf("value %q: none here is negative", last[0])
	}
	return parsed, err
}

// negative is a number or a time below zero, which is not a flag though it begins as one.
var negative = regexp.MustCompile(`^-[0-9.]`)

// negatives lets a value be negative, so that it is judged as a value: that of a long flag is tied to it, any other, last,
// goes behind the flags, where the last of a verb's words may stand.
func negatives(args []string) (kept, last []string) {
	if slices.Contains(args, "--") {
		return args, nil
	}
	for _, arg := range args {
		n := len(kept) - 1
		switch {
		case !negative.MatchString(arg) || n < 0:
			kept = append(kept, arg)
		case strings.HasPrefix(kept[n], "--") && !strings.Contains(kept[n], "="):
			kept[n] += "=" + arg
		case strings.HasPrefix(kept[n], "-"):
			kept = append(kept, arg)
		default:
			last = append(last, arg)
		}
	}
	if len(last) == 0 {
		return kept, nil
	}
	return append(append(kept, "--"), last...), last
}
