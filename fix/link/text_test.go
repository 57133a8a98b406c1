package link

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"portcullis/fix"
)

var timePlace = regexp.MustCompile(`<time([+-][0-9.]+s)>`)

// expand replaces the placeholders of a line.
func (p *player) expand(line string) string {
	appl := ""
	if p.set.ApplVerID != "" {
		appl = "1137=" + p.set.ApplVerID + "|"
	}
	line = strings.ReplaceAll(line, "<appl>", appl)
	if p.set.version() < 42 && strings.HasPrefix(line, "E<") {
		line = before42(line)
	}
	return line
}

var (
	rejectTag = regexp.MustCompile(`\|371=(-?\d+)\|`)
	rejectRef = regexp.MustCompile(`\|37[23]=[^|]*`)
)

// before42 is how an expected message looks in FIX.4.0 and FIX.4.1, unless the script says it itself.
func before42(line string) string {
	switch {
	case strings.HasPrefix(line, "E< 35=2|"):
		return strings.Replace(line, "|16=0|", "|16=999999|", 1)
	case strings.HasPrefix(line, "E< 35=3|"):
		return rejectRef.ReplaceAllString(rejectTag.ReplaceAllString(line, " ($1)|"), "")
	}
	return line
}

// message builds the bytes that an I> line stands for.
func (p *player) message(line string) ([]byte, error) {
	line = p.expand(line)
	stamp := func(d time.Duration) string {
		return string(new(fix.Stamper).Append(nil, p.now.UTCNs+int64(d), p.set.precision()))
	}
	line = strings.ReplaceAll(line, "<time>", stamp(0))
	line = timePlace.ReplaceAllStringFunc(line, func(place string) string {
		d, _ := time.ParseDuration(timePlace.FindStringSubmatch(place)[1])
		return stamp(d)
	})
	if strings.ContainsAny(line, "<>") {
		return nil, fmt.Errorf("unknown placeholder")
	}
	begin := p.set.BeginString
	if rest, ok := strings.CutPrefix(line, "8="); ok {
		begin, line, _ = strings.Cut(rest, "|")
	}
	body := strings.ReplaceAll(line, "|", "\x01")
	raw := []byte("8=" + begin + "\x019=" + strconv.Itoa(len(body)) + "\x01" + body)
	return fmt.Appendf(raw, "10=%03d\x01", fix.CheckSum(raw)), nil
}
