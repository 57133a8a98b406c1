package engine

import (
	"bytes"

	"portcullis/fix"
)

// secretTags hold passwords and signatures: Password(554), NewPassword(925), RawData(96), EncryptedPassword(1402),
// EncryptedNewPassword(1404).
var secretTags = [...]uint64{554, 925, 96, 1402, 1404}

// trailerBytes is the length of "10=nnn|", which is corrected, never overwritten.
const trailerBytes = len("10=nnn|")

// CarriesSecrets reports whether a whole message is of a type that may carry secrets: Logon(35=A), UserRequest(35=BE),
// or one that does not say its type where it has to.
func CarriesSecrets(msg []byte) bool {
	i := bytes.IndexByte(msg, fix.SOH) + 1
	i += bytes.IndexByte(msg[i:], fix.SOH) + 1
	t := msg[i:]
	if len(t) < 6 || t[0] != '3' || t[1] != '5' || t[2] != '=' {
		return true
	}
	return t[3] == 'A' && t[4] == fix.SOH || t[3] == 'B' && t[4] == 'E' && t[5] == fix.SOH
}

// OverwriteSecrets writes '*' over every secret value of a whole message, in place, and corrects CheckSum(10). It does
// not trust the message: a secret is overwritten up to the end of its field, or as far as the length field before it
// says, whichever is further.
func OverwriteSecrets(msg []byte) {
	end := len(msg) - trailerBytes
	announced := 0 // bytes of data that the field before announces
	for i := 0; i < end; {
		length := bytes.IndexByte(msg[i:end], fix.SOH)
		if length < 0 {
			length = end - i
		}
		tag, value, _ := bytes.Cut(msg[i:i+length], []byte{'='})
		if isSecret(tag) {
			start := i + len(tag) + 1
			stop := min(max(i+length, start+announced), end-1)
			for j := start; j < stop; j++ {
				msg[j] = '*'
			}
			length = max(length, stop-i)
		}
		announced = announcedBytes(tag, value, len(msg))
		i += length + 1
	}
	sum := fix.CheckSum(msg[:end])
	msg[end+3], msg[end+4], msg[end+5] = '0'+sum/100, '0'+sum/10%10, '0'+sum%10
}

// announcedBytes is the value of a length field of secret data, at most sizeMax; 0 for any other field.
func announcedBytes(tag, value []byte, sizeMax int) int {
	switch string(tag) {
	case "95", "1401", "1403":
		n, _ := fix.ParseUint(value)
		return int(min(n, uint64(sizeMax)))
	}
	return 0
}

func isSecret(tag []byte) bool {
	n, ok := fix.ParseUint(tag)
	if !ok {
		return false
	}
	for _, t := range secretTags {
		if n == t {
			return true
		}
	}
	return false
}
