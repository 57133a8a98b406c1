package dropcopy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// progress is what outlives a reset of the session's numbers.
type progress struct {
	Confirmed mark `json:"confirmed"` // the client has said that it has everything up to here
	Repeated  mark `json:"repeated"`  // up to here it may have it already, under numbers that were reset
	Resetting bool `json:"resetting"` // quickfixgo's store is being emptied, file by file
}

// ledger keeps marks in a session's folder: progress in a small file that is replaced, and the mark of each of
// the last two messages, by number, in the two lines of another. Two are enough: the message that is being
// saved, and the one before it, which is the last if the process dies first.
type ledger struct {
	dir   string
	lines *os.File
}

// lineBytes is the length of a line; one is written at once, in place.
const lineBytes = 128

// line is the mark of a message.
type line struct {
	Number int  `json:"number"`
	Mark   mark `json:"mark"`
}

func openLedger(dir string) (*ledger, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "marks"), os.O_CREATE|os.O_RDWR, 0o640)
	return &ledger{dir, f}, err
}

func (l *ledger) close() error { return l.lines.Close() }

// note keeps the mark of a message before the message itself is saved.
func (l *ledger) note(number int, m mark) error {
	text, err := json.Marshal(line{number, m})
	if err != nil {
		return err
	}
	_, err = l.lines.WriteAt(fmt.Appendf(nil, "%-*s\n", lineBytes-1, text), int64(number%2)*lineBytes)
	return err
}

// noted are the marks of the last messages.
func (l *ledger) noted() []line {
	var found []line
	for i := range int64(2) {
		var one line
		buf := make([]byte, lineBytes)
		if _, err := l.lines.ReadAt(buf, i*lineBytes); err == nil && json.Unmarshal(buf, &one) == nil {
			found = append(found, one)
		}
	}
	return found
}

func (l *ledger) progress() (p progress, err error) {
	data, err := os.ReadFile(filepath.Join(l.dir, "progress"))
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &p)
	}
	return p, err
}

// keep replaces the progress, so that a machine's death leaves the old or the new.
func (l *ledger) keep(p progress) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	path := filepath.Join(l.dir, "progress")
	f, err := os.Create(path + ".new")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// dropUncounted takes messages out of quickfixgo's file store that were written when the process died before
// their number was counted. They never left, their number is given again, and a resend would send both.
func dropUncounted(dir string) error {
	headers, err := filepath.Glob(filepath.Join(dir, "*.header"))
	if err != nil || len(headers) == 0 {
		return err
	}
	path := headers[0]
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return err // no message: a process may have died before it made the files that follow the header's
	}
	next, err := os.ReadFile(strings.TrimSuffix(path, ".header") + ".senderseqnums")
	if err != nil {
		return err
	}
	counted, err := strconv.Atoi(strings.TrimSpace(string(next)))
	if err != nil {
		return fmt.Errorf("%s: its next number cannot be read: %w", dir, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	end, err := lastCounted(f, counted)
	if err == nil {
		err = f.Truncate(end)
	}
	return errors.Join(err, f.Close())
}

// lastCounted is where the lines "number,offset,size" end whose number is below next, looked for from behind.
func lastCounted(f *os.File, next int) (int64, error) {
	const chunk = 4096 // the few lines that may have to go are at the end
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	from := max(0, size-chunk)
	buf := make([]byte, size-from)
	if _, err := f.ReadAt(buf, from); err != nil {
		return 0, err
	}
	for len(buf) > 0 {
		start := bytes.LastIndexByte(buf[:len(buf)-1], '\n') + 1
		number, _, _ := strings.Cut(string(buf[start:]), ",")
		if n, err := strconv.Atoi(number); err == nil && n < next && buf[len(buf)-1] == '\n' {
			break
		}
		buf = buf[:start]
	}
	return from + int64(len(buf)), nil
}
