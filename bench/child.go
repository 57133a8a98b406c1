package bench

import (
	"fmt"
	"net"
	"os"
	"strconv"

	"portcullis/bench/epollrelay"
	"portcullis/bench/poll"
	"portcullis/bench/relay"
)

// ChildVerb is the hidden verb under which the program runs a baseline: `gate bench-child NAME VENUE DIR PARTICIPANTS`.
const ChildVerb = "bench-child"

// readyPrefix begins the one line a child writes to standard output: where it listens.
const readyPrefix = "listening "

// ChildMain runs the baseline called name as this process and returns its exit code. args are the venue's
// address, a directory that holds the reference data and takes the stores, and how many participants will log on.
// It ends when it is killed.
func ChildMain(name string, args []string) int {
	if err := child(name, args); err != nil {
		fmt.Fprintf(os.Stderr, "bench: %s: %v\n", name, err)
		return 1
	}
	return 0
}

func child(name string, args []string) error {
	if name == awakeName {
		return stayAwake()
	}
	if len(args) != 3 {
		return fmt.Errorf("want the venue's address, a directory and a number of participants, got %d arguments", len(args))
	}
	venue, dir := args[0], args[1]
	switch name {
	case RelayEpoll:
		fd, address, err := poll.Listen("127.0.0.1:0")
		if err != nil {
			return err
		}
		ready(address)
		return epollrelay.Serve(fd, venue)
	case Relay, RelaySplice:
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		ready(ln.Addr().String())
		if name == RelaySplice {
			return relay.ServeSplice(ln, venue)
		}
		return relay.Serve(ln, venue)
	case QuickfixgoMemory, QuickfixgoFile:
		n, err := strconv.Atoi(args[2])
		if err != nil {
			return fmt.Errorf("participants: %w", err)
		}
		return childQuickfix(name == QuickfixgoFile, venue, dir, n)
	}
	return fmt.Errorf("no such baseline")
}

func ready(address string) { fmt.Println(readyPrefix + address) }
