package verbs

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestWrongValues: what is wrong with a scope or a value is said in one line, in the words of the command line.
func TestWrongValues(t *testing.T) {
	for line, want := range map[string]string{
		"limit set client ACME limits.gross -5 -r x":                `value "-5": none here is negative`,
		"limit set -r x firm limits.gross -0.5":                     `value "-0.5": none here is negative`,
		"limit set client ACME limits.gross 5 --for -2h -r x":       "--for -2h0m0s: want how long",
		"limit set client ACME limits.gross 5 -r x --for=-2h":       "--for -2h0m0s: want how long",
		"limit set client ACME limits.gross 5 -r x --for 0s":        "--for 0s: want how long",
		"limit clear street WALL limits.gross -r x":                 `unknown scope "street": want firm, or one of [group client`,
		"restrict IBM --scope all -r x":                             "--scope is firm, or a kind and a name",
		"restrict IBM --scope all:X -r x":                           `unknown scope "all": want firm, or one of [group client`,
		"unrestrict IBM --scope instrument:X -r x":                  `unknown scope "instrument": want firm, or one of [group client`,
		"mark CL -37.63 -r x -s none":                               "no gate runs",
		"restrict IBM --scope firm -r x -s none":                    "no gate runs",
		"limit set client ACME limits.gross 5 --for 2h -r x -snone": "no gate runs",
	} {
		var c cli
		parsed, err := parse(kong.Must(&c, kong.Vars{"limit_help": limitHelp}), strings.Fields(line))
		if err == nil {
			err = parsed.Run()
		}
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v; want %s", line, err, want)
		}
	}
}
