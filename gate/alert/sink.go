package alert

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"

	"portcullis/gate/config"
)

// takeWithin is how long a sink may take; then the next one is asked.
const takeWithin = 3 * time.Second

// sink takes lines of alerts, all or none.
type sink func(ctx context.Context, lines []byte) error

func open(s config.AlertSink) sink {
	switch s.To {
	case config.ToFile:
		return func(_ context.Context, lines []byte) error { return appendFile(s.Path, lines) }
	case config.ToSocket:
		return func(ctx context.Context, lines []byte) error { return send(ctx, s.Path, lines) }
	case config.ToCommand:
		return func(ctx context.Context, lines []byte) error { return run(ctx, s.Command, lines) }
	}
	return func(_ context.Context, lines []byte) error {
		_, err := os.Stderr.Write(lines)
		return err
	}
}

func appendFile(path string, lines []byte) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return err
	}
	_, err = f.Write(lines)
	return errors.Join(err, f.Close())
}

func send(ctx context.Context, path string, lines []byte) error {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok {
		err = conn.SetDeadline(deadline)
	}
	if err == nil {
		_, err = conn.Write(lines)
	}
	return errors.Join(err, conn.Close())
}

// run gives the lines to a command on its standard input; it has taken them when it ends with 0.
func run(ctx context.Context, command []string, lines []byte) error {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin = bytes.NewReader(lines)
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}

// Chain hands lines to the first of its sinks that takes them.
type Chain struct {
	names []string
	sinks []sink
}

// NewChain is the sinks of a configuration, in their order.
func NewChain(list []config.AlertSink) *Chain {
	c := &Chain{}
	for _, s := range list {
		c.names, c.sinks = append(c.names, s.Name()), append(c.sinks, open(s))
	}
	return c
}

// Deliver returns which sinks failed, by name, and an error where none took the lines.
func (c *Chain) Deliver(ctx context.Context, lines []byte) (failed []string, err error) {
	for i := range c.sinks {
		err := c.one(ctx, i, lines)
		if err == nil {
			return failed, nil
		}
		failed = append(failed, c.names[i]+": "+err.Error())
	}
	return failed, errors.New("no sink takes alerts: " + strings.Join(failed, "; "))
}

func (c *Chain) one(ctx context.Context, i int, lines []byte) error {
	ctx, cancel := context.WithTimeout(ctx, takeWithin)
	defer cancel()
	return c.sinks[i](ctx, lines)
}

// Try gives the lines to each sink, whatever the others do, and calls said with how it went.
func (c *Chain) Try(ctx context.Context, lines []byte, said func(name string, err error)) {
	for i := range c.sinks {
		said(c.names[i], c.one(ctx, i, lines))
	}
}
