package admin

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"syscall"
	"time"
)

// ErrNoGate: nobody listens on the socket.
var ErrNoGate = errors.New("no gate runs")

// answerBytesMax bounds what a client reads; a status of many links is long.
const answerBytesMax = 4 << 20

// answerWithin is longer than the server's own time, so that its answer comes first.
const answerWithin = 15 * time.Second

// Client asks the gate that owns the socket at Path. The zero AnswerWithin means 15 seconds.
type Client struct {
	Path         string
	AnswerWithin time.Duration
}

// Do sends one request and waits for its answer. An error says what happened and what to do: the
// request is wrong, no gate runs, the gate refused (the answer is given as well), or nobody knows (UnknownError)
// because the answer did not come.
func (c Client) Do(ctx context.Context, r Request) (Answer, error) {
	if err := r.Validate(); err != nil {
		return Answer{}, err
	}
	line, err := json.Marshal(r)
	if err != nil {
		return Answer{}, err
	}
	within := c.AnswerWithin
	if within <= 0 {
		within = answerWithin
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "unix", c.Path)
	if err != nil {
		return Answer{}, c.noGate(err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	_, unsent := conn.Write(append(line, '\n'))
	return c.read(conn, r.Verb, unsent)
}

// read waits for the answer. It looks for one even where the request could not be sent whole: a gate
// that turns a peer away says why and closes, and the peer's write may come after that.
func (c Client) read(conn io.Reader, verb Verb, unsent error) (Answer, error) {
	in := bufio.NewReader(io.LimitReader(conn, answerBytesMax))
	line, err := in.ReadBytes('\n')
	if err != nil && unsent != nil {
		return Answer{}, fmt.Errorf("the gate on %s did not take the request: %w", c.Path, unsent)
	}
	if err != nil {
		return Answer{}, &UnknownError{verb, fmt.Errorf("the gate on %s took it, but did not answer: %w", c.Path, err)}
	}
	var a Answer
	if err := json.Unmarshal(line, &a); err != nil {
		return Answer{}, fmt.Errorf("the answer on %s is none of a gate: %w; is this the right socket?", c.Path, err)
	}
	if a.Unknown {
		return a, &UnknownError{verb, errors.New(a.Error)}
	}
	if a.Noted {
		return a, fmt.Errorf("the %s is half done: %s", verb.Typed(), a.Error)
	}
	if !a.OK {
		return a, fmt.Errorf("the gate refused the %s: %s", verb.Typed(), a.Error)
	}
	return a, nil
}

// noGate says why nobody could be asked, and what to do.
func (c Client) noGate(err error) error {
	const cure = "start it with `gate run -c FILE`, or name the configuration of the one that runs"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: there is no socket %s; %s", ErrNoGate, c.Path, cure)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("%w: nobody listens on %s, which a gate that ended left behind; %s", ErrNoGate, c.Path, cure)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("user %d may not use socket %s; ask as the user that runs the gate%s, or as a member of its admin_group", os.Getuid(), c.Path,
			ownerOf(c.Path))
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("the gate on %s does not take connections; is its process stopped? (%w)", c.Path, err)
	}
	return fmt.Errorf("socket %s: %w", c.Path, err)
}

func ownerOf(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return fmt.Sprintf(" (user %d)", s.Uid)
	}
	return ""
}
