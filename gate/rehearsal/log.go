package rehearsal

import (
	"bufio"
	"bytes"
	"io"

	"portcullis/fix"
)

// lineBytesMax bounds one line of a log.
const lineBytesMax = 4 << 20

// logged is one message of a log.
type logged struct {
	line int
	msg  fix.Message
}

// readLog gives each message of a log to visit: what stands between 8=FIX and CheckSum(10) of a line. Fields end with SOH,
// or in its place with '|' or "^A".
func readLog(r io.Reader, visit func(*logged)) error {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 64<<10), lineBytesMax)
	m := new(logged)
	for m.line = 1; in.Scan(); m.line++ {
		if raw := messageIn(in.Bytes()); raw != nil {
			m.msg.Index(raw)
			visit(m)
		}
	}
	return in.Err()
}

func messageIn(line []byte) []byte {
	i := bytes.Index(line, []byte("8=FIX"))
	if i < 0 {
		return nil
	}
	raw := line[i:]
	switch {
	case bytes.IndexByte(raw, fix.SOH) >= 0:
	case bytes.Contains(raw, []byte("^A")):
		raw = bytes.ReplaceAll(raw, []byte("^A"), []byte{fix.SOH})
	default:
		raw = bytes.ReplaceAll(raw, []byte{'|'}, []byte{fix.SOH})
	}
	end := bytes.Index(raw, []byte("\x0110="))
	if end < 0 {
		return nil
	}
	return append(bytes.Clone(raw[:min(end+len("\x0110=000"), len(raw))]), fix.SOH)
}
