package bench

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"portcullis/bench/epollrelay"
	"portcullis/bench/load"
	"portcullis/bench/relay"
)

// conditions are printed above the figures: without them a latency means nothing.
func conditions(o *Options, flowText string, alone *stalls) []string {
	list := []string{
		fmt.Sprintf("%s, %d cores, kernel %s, %s, %s, load %s", cpuModel(), runtime.NumCPU(), kernel(),
			runtime.Version(), time.Now().UTC().Format("2006-01-02 15:04 UTC"), loadAverage()),
		"flow: " + flowText,
		fmt.Sprintf("%d interleaved rounds, %v measured after %v of warm-up, a fresh process each; participants and venue on "+
			"one thread, loopback TCP; the floods keep %d requests in flight", o.Rounds, o.Duration, o.WarmUp, o.Window),
		fmt.Sprintf("participants: %s, each with a connection, CompIDs, client and account of its own; the gates bring "+
			"all of them to one venue link, a relay dials the venue for each", o.participantsText()),
		fmt.Sprintf("relay: two goroutines a connection, Read then Write through a buffer of %d KiB in each direction; "+
			"relay-epoll: one thread, %d KiB", relay.BufferBytes>>10, epollrelay.BufferBytes>>10),
		fmt.Sprintf("the gate and relay-epoll look for more for %d µs before they sleep, and give way meanwhile to who wants the core",
			epollrelay.Awake.Microseconds()),
		fmt.Sprintf("the gate's engine thread has nice value %d where the host permits it (root, or CAP_SYS_NICE); the others have none", engineNice),
		alone.text(),
		"latency: from the planned send to the answer read, every request; orders/s and CPU count each D, F and G",
		"durability: gate interval (survives the process, not the machine); quickfixgo-file its default, a sync per " +
			"message; quickfixgo-memory and the relays keep nothing",
		"the load sleeps when it has nothing to do, and spins for the last 150 µs before a planned send; in ping-pong it never " +
			"sleeps, and gives way to who wants its core: its waking is no part of what is measured",
		"on this kind of virtual machine an idle core takes about 70 µs to wake and ping-pong medians jump between 10 " +
			"and 40 µs with the scheduler's mood: CPU per order, flood and gate-internal times are the steady figures",
	}
	if o.Awake {
		list = append(list, "awake: a process of the scheduler's idle class keeps each core from sleeping")
	}
	if o.Pin {
		list = append(list, "pinned: load on CPU 0, system under test on the others")
	}
	return list
}

// participantsText says in which modes how many participants bring the flow.
func (o *Options) participantsText() string {
	if slices.Contains(o.Modes, load.Crowd) {
		return fmt.Sprintf("%d in %s, of which one asks every 50 ms for what a gate refuses and a relay's venue confirms: its "+
			"latency alone is shown; the others keep %d requests each in flight, in large writes", o.participants(load.Crowd), load.Crowd, windowCrowd)
	}
	if !slices.Contains(o.Modes, load.FloodMany) || o.Participants > 0 {
		return strconv.Itoa(o.participants(load.Flood))
	}
	return fmt.Sprintf("%d in %s, 1 in the other modes", participantsMany, load.FloodMany)
}

func cpuModel() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func kernel() string {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return "unknown"
	}
	return unix.ByteSliceToString(name.Release[:])
}

func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(text)); err == nil && len(fields) > 0 {
		return fields[0]
	}
	return "unknown"
}
