package fix

import "bytes"

// secretTags hold passwords and signatures: Password(554), NewPassword(925), RawData(96),
// EncryptedPassword(1402), EncryptedNewPassword(1404).
var secretTags = known[:secretCount]

// CarriesSecrets reports whether an indexed message may carry secrets: one of their tags is there, or
// the message is so faulty that the index may have missed one.
func (m *Message) CarriesSecrets() bool {
	p := &m.position // the secret tags are known[:secretCount]
	return p[1]|p[2]|p[3]|p[4]|p[5] != 0 || m.Fault.Code != NoFault
}

// OverwriteSecrets writes '*' over every secret value of a whole message, in place, and corrects
// CheckSum(10). It does not trust the message: a secret is overwritten up to the end of its field, or
// as far as the length field before it says, whichever is further, and what looks like a field in there
// is looked at too. Where nothing is left to overwrite it writes nothing.
func OverwriteSecrets(msg []byte) {
	end := len(msg) - trailerBytes
	changed := false
	announced := 0 // bytes of data that the field before announces
	until := -1    // the secrets seen so far end before this byte
	for i := 0; i < end; {
		length := bytes.IndexByte(msg[i:end], SOH)
		if length < 0 {
			length = end - i
		}
		tag, value, _ := bytes.Cut(msg[i:i+length], []byte{'='})
		from, next := i, i+length+1
		switch {
		case isSecret(tag):
			valueAt := min(i+len(tag)+1, i+length)
			if i > until {
				from = valueAt
			}
			until = max(until, i+length, valueAt+announced)
		case i <= until: // its beginning, or the SOH before it, is overwritten
			until = max(until, i+length)
		}
		announced = announcedBytes(tag, value, len(msg))
		for j := from; j < min(until, next, end-1); j++ {
			changed = changed || msg[j] != '*'
			msg[j] = '*'
		}
		i = next
	}
	if changed {
		sum := CheckSum(msg[:end])
		msg[end+3], msg[end+4], msg[end+5] = '0'+sum/100, '0'+sum/10%10, '0'+sum%10
	}
}

// announcedBytes is the value of a length field of secret data, at most sizeMax; 0 for any other field.
func announcedBytes(tag, value []byte, sizeMax int) int {
	switch string(tag) {
	case "95", "1401", "1403":
		n, _ := ParseUint(value)
		return int(min(n, uint64(sizeMax)))
	}
	return 0
}

func isSecret(tag []byte) bool {
	n, ok := ParseUint(tag)
	if !ok {
		return false
	}
	for _, t := range secretTags {
		if n == uint64(t) {
			return true
		}
	}
	return false
}
