package fixecho

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"portcullis/fix"
)

// The acceptance scripts of the QuickFIX family are conversations, one line each:
//
//	iCONNECT, iDISCONNECT       we connect, or close the connection
//	I<message>                  we send; BodyLength and CheckSum are computed unless they are there
//	E<message>                  we must receive; fields.fmt has patterns for values that change
//	eDISCONNECT                 the other side must close the connection within ten seconds
//	iSET_SESSION NAME KEY=N     the other side's numbers are set
//	i2,CONNECT, I2,..., e2,...  the same on a second connection
//	# ...                       a remark
//
// <TIME> and <TIME+n> in a message are the time now, and n seconds later.

const (
	closeWait   = 10 * time.Second
	messageWait = 20 * time.Second
)

// conversation plays one script against a server.
type conversation struct {
	addr     string
	patterns map[string]*regexp.Regexp
	set      func(name string, key string, n uint64) error
	conns    map[byte]*line
}

// line is one connection.
type line struct {
	net.Conn
	in *bufio.Reader
}

func (c *conversation) play(name, text string) error {
	c.conns = make(map[byte]*line)
	defer func() {
		for _, l := range c.conns {
			l.Close()
		}
	}()
	for n, row := range strings.Split(text, "\n") {
		row = strings.TrimSuffix(row, "\r")
		if row == "" || row[0] == '#' {
			continue
		}
		verb, id, rest := row[0], byte('1'), row[1:]
		if len(rest) > 1 && rest[0] >= '0' && rest[0] <= '9' && rest[1] == ',' {
			id, rest = rest[0], rest[2:]
		}
		if err := c.do(verb, id, rest); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n+1, err)
		}
	}
	return nil
}

func (c *conversation) do(verb, id byte, rest string) (err error) {
	switch {
	case verb == 'i' && rest == "CONNECT":
		var d net.Dialer
		conn, err := d.DialContext(context.Background(), "tcp", c.addr)
		if err == nil {
			c.conns[id] = &line{conn, bufio.NewReader(conn)}
		}
		return err
	case verb == 'i' && rest == "DISCONNECT":
		err = c.conns[id].Close()
		delete(c.conns, id)
		return err
	case verb == 'i' && strings.HasPrefix(rest, "SET_SESSION "):
		words := strings.Fields(rest)
		key, value, _ := strings.Cut(words[2], "=")
		n, err := strconv.ParseUint(value, 10, 64)
		if err != nil {
			return err
		}
		return c.set(words[1], key, n)
	case verb == 'e' && rest == "DISCONNECT":
		return c.conns[id].closed()
	case verb == 'I':
		_, err = io.WriteString(c.conns[id], complete(timed(rest)))
		return err
	case verb == 'E':
		return c.expect(c.conns[id], complete(timed(rest)))
	}
	return fmt.Errorf("unknown line %c%s", verb, rest)
}

// closed waits for the end of the connection.
func (l *line) closed() error {
	l.SetReadDeadline(time.Now().Add(closeWait))
	b, err := l.in.ReadByte()
	switch {
	case err == nil:
		rest, _ := l.in.Peek(l.in.Buffered())
		return fmt.Errorf("expected the end, got %c%s", b, readable(string(rest)))
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errors.New("not disconnected after ten seconds")
	}
	return nil
}

func (c *conversation) expect(l *line, want string) error {
	l.SetReadDeadline(time.Now().Add(messageWait))
	got, err := l.read()
	if err != nil {
		return fmt.Errorf("%w; want %s", err, readable(want))
	}
	if err := c.compare(want, got); err != nil {
		return fmt.Errorf("%w\ngot  %s\nwant %s", err, readable(got), readable(want))
	}
	return nil
}

// read returns one message.
func (l *line) read() (string, error) {
	var head, tail strings.Builder
	for !strings.HasSuffix(head.String(), "\x019=") {
		b, err := l.in.ReadByte()
		if err != nil {
			return head.String(), err
		}
		head.WriteByte(b)
	}
	length, err := l.in.ReadString('\x01')
	if err != nil {
		return "", err
	}
	size, err := strconv.Atoi(strings.TrimSuffix(length, "\x01"))
	if err != nil {
		return "", err
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(l.in, body); err != nil {
		return "", err
	}
	sum, err := l.in.ReadString('\x01')
	tail.WriteString(sum)
	return head.String() + length + string(body) + tail.String(), err
}

// compare holds a message against the expected one, field by field.
func (c *conversation) compare(want, got string) error {
	wanted, given := fields(want), fields(got)
	if len(wanted) != len(given) {
		return errors.New("number of fields differs")
	}
	for i := range wanted {
		tag, value, _ := strings.Cut(wanted[i], "=")
		gotTag, gotValue, _ := strings.Cut(given[i], "=")
		if tag != gotTag {
			return fmt.Errorf("field %s instead of %s", gotTag, tag)
		}
		if pattern := c.patterns[tag]; pattern != nil {
			if !pattern.MatchString(gotValue) {
				return fmt.Errorf("field %s does not look as it should", tag)
			}
		} else if value != gotValue {
			return fmt.Errorf("field %s differs", tag)
		}
	}
	return nil
}

func fields(message string) []string {
	return strings.Split(strings.TrimRight(message, "\x01"), "\x01")
}

func readable(message string) string { return strings.ReplaceAll(message, "\x01", "|") }

var (
	timePlace = regexp.MustCompile(`<TIME([+-]\d+)?>`)
	headPart  = regexp.MustCompile(`^8=.*?\x01`)
	sumPart   = regexp.MustCompile(`\x0110=.*\x01$`)
)

func timed(message string) string {
	return timePlace.ReplaceAllStringFunc(message, func(place string) string {
		seconds, _ := strconv.Atoi(timePlace.FindStringSubmatch(place)[1])
		return time.Now().UTC().Add(time.Duration(seconds) * time.Second).Format("20060102-15:04:05")
	})
}

// complete adds BodyLength and CheckSum where they are missing.
func complete(message string) string {
	head := headPart.FindString(message)
	if head == "" {
		return message
	}
	hasLength := strings.Contains(message, "\x019=")
	sum := sumPart.FindString(message)
	body := strings.TrimSuffix(message[len(head):], sum)
	length := ""
	if !hasLength {
		length = fmt.Sprintf("9=%d\x01", len(body))
	}
	if sum == "" {
		sum = fmt.Sprintf("10=%03d\x01", fix.CheckSum([]byte(head+length+body)))
	}
	return head + length + body + sum
}
