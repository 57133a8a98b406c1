package settings

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	required         = -1    // as a default: the key must be there
	secondsMax       = 86400 // longest interval or time-out: one day
	heartBtIntSecMax = 3600  // an hour without a sign of life is no supervision
)

// Values reads the keys of one section by type. A defect is added to Problems with file, line, key
// and cure; the value returned is then the zero value and must not be used.
type Values struct {
	File     string
	Section  *Section
	Problems *Problems
}

// Has reports whether the section, or its defaults, set the key.
func (v *Values) Has(name string) bool {
	_, found := v.Section.Find(name)
	return found
}

// String returns the value as written. Empty values and blanks at the ends are defects, because a
// peer would see them in every message or a number would silently not parse.
func (v *Values) String(name string) (string, bool) {
	key, found := v.Section.Find(name)
	if !found {
		return "", false
	}
	switch {
	case key.Value == "":
		v.add(key, "has no value", "write one or remove the key")
	case strings.TrimSpace(key.Value) != key.Value:
		v.add(key, "has blanks around its value", "remove them")
	default:
		return key.Value, true
	}
	return "", false
}

// Bool returns Y or N, in either case.
func (v *Values) Bool(name string, otherwise bool) bool {
	text, ok := v.String(name)
	if !ok {
		return otherwise
	}
	switch text {
	case "Y", "y":
		return true
	case "N", "n":
		return false
	}
	v.bad(name, "is neither Y nor N", "write Y or N")
	return false
}

// Int returns a whole number from lowest to highest, or otherwise when the key is absent.
func (v *Values) Int(name string, otherwise, lowest, highest int) int {
	text, ok := v.String(name)
	if !ok {
		return v.absent(name, otherwise)
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < lowest || number > highest {
		v.bad(name, "is not a whole number in range", fmt.Sprintf("write %d to %d", lowest, highest))
		return 0
	}
	return number
}

// Seconds returns a time span, written in seconds ("30") or as quickfixgo also allows ("30s",
// "2m"), from 1 second to 1 day.
func (v *Values) Seconds(name string, otherwise int) int {
	text, ok := v.String(name)
	if !ok {
		return v.absent(name, otherwise)
	}
	span, err := time.ParseDuration(text)
	if number, notNumber := strconv.Atoi(text); notNumber == nil && number <= secondsMax {
		span, err = time.Duration(number)*time.Second, nil
	}
	if err != nil || span < time.Second || span > secondsMax*time.Second || span%time.Second != 0 {
		v.bad(name, "is not a time span in range", fmt.Sprintf("write whole seconds, 1 to %d", secondsMax))
		return 0
	}
	return int(span / time.Second)
}

// Word returns one of the words offered, compared exactly. Words of later exist in the QuickFIX
// family and are refused as such. An empty otherwise makes the key required.
func (v *Values) Word(name, otherwise string, offered []string, later ...string) string {
	text, ok := v.String(name)
	if !ok {
		if otherwise == "" {
			v.absent(name, required)
		}
		return otherwise
	}
	if slices.Contains(offered, text) {
		return text
	}
	what := "is not a known value"
	if slices.Contains(later, text) {
		what = "is not offered yet"
	}
	v.bad(name, what, "write "+strings.Join(offered, " or "))
	return ""
}

// ID returns a CompID or SubID: 1..CompIDBytesMax printable ASCII bytes. FIX could carry more, but
// an id with control characters breaks messages and one with "->" or "/" breaks link names.
func (v *Values) ID(name string, must bool) string {
	text, ok := v.String(name)
	if !ok {
		if must {
			v.absent(name, required)
		}
		return ""
	}
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			v.bad(name, "has a byte that is not printable ASCII", "write letters, digits and signs only")
			return ""
		}
	}
	if len(text) > CompIDBytesMax {
		v.bad(name, "is too long", fmt.Sprintf("write at most %d bytes", CompIDBytesMax))
		return ""
	}
	if strings.Contains(text, "->") || strings.Contains(text, "/") {
		v.bad(name, "contains -> or /, which separate ids in a link's name", "choose another id")
		return ""
	}
	return text
}

// Host returns a host name or address without a port.
func (v *Values) Host(name string, must bool) string {
	text, ok := v.String(name)
	if !ok {
		if must {
			v.absent(name, required)
		}
		return ""
	}
	for i := range len(text) {
		c := text[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && !strings.ContainsRune(".-:_%", rune(c)) {
			v.bad(name, "is not a host name or address", "write it without port, brackets or path")
			return ""
		}
	}
	// A name does not end in a number (RFC 1123, 2.1), so such a text is an address.
	labels := strings.TrimSuffix(text, ".")
	if last := labels[strings.LastIndexByte(labels, '.')+1:]; strings.Contains(text, ":") || strings.Trim(last, "0123456789") == "" {
		if _, err := netip.ParseAddr(text); err != nil {
			v.bad(name, "is not an address", "write one as 192.0.2.7 or 2001:db8::7, or a host name; the port has a key of its own")
			return ""
		}
	}
	return text
}

// absent returns the default of a key that is not usable, or asks for a required one. A key that is
// there but has no usable value was already reported by String.
func (v *Values) absent(name string, otherwise int) int {
	if otherwise != required {
		return otherwise
	}
	if !v.Has(name) {
		v.Problems.Add(v.File, v.Section.Line, "session lacks "+name, "add it to this [SESSION] or to [DEFAULT]")
	}
	return 0
}

// bad reports a value together with what was written.
func (v *Values) bad(name, what, cure string) {
	key, _ := v.Section.Find(name)
	v.add(key, clip(key.Value)+" "+what, cure)
}

func (v *Values) add(key Key, what, cure string) {
	separator := " "
	if !strings.HasPrefix(what, "has ") {
		separator = "="
	}
	v.Problems.Add(v.File, key.Line, key.Name+separator+what, cure)
}

// clip makes a value safe to print without quotes where it is plain, and short.
func clip(text string) string {
	quoted := quote(text)
	if bare := quoted[1 : len(quoted)-1]; bare == text && !strings.Contains(text, " ") {
		return bare
	}
	return quoted
}
