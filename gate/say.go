package gate

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/rs/zerolog"
)

// verbs takes out of a format what differs from line to line.
var verbs = strings.NewReplacer("%d", "…", "%q", "…", "%s", "…", "%v", "…")

// warnf logs what may repeat, such as what peers on the gate's own sockets do wrong.
func (g *Gate) warnf(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	g.calm.Say(zerolog.WarnLevel, verbs.Replace(format), "", text).Msg(text)
}

// journalAlert logs an error that lasts, such as a full disk.
func (g *Gate) journalAlert(err error) {
	g.calm.Say(zerolog.ErrorLevel, kindOf(err), "", err.Error()).Err(err).Msg("journal")
}

// kindOf is an error's text without the numbers in it.
func kindOf(err error) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, err.Error())
}
