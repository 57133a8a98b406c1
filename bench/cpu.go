package bench

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// cpuNs is the user and system time that the processes have used so far, in ns. It reads the processes'
// own CPU clocks: /proc/PID/stat counts in ticks of 10 ms, too coarse for a short phase.
func cpuNs(pids []int) int64 {
	var total int64
	for _, pid := range pids {
		var ts unix.Timespec
		// The clock id of another process, as clock_getcpuclockid(3) forms it.
		if err := unix.ClockGettime(int32(^pid<<3|2), &ts); err == nil {
			total += ts.Nano()
		}
	}
	return total
}

// family returns pid and all its descendants: a gate may be more than one process.
func family(pid int) []int {
	children := map[int][]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		if child, parent, ok := parentOf(path); ok {
			children[parent] = append(children[parent], child)
		}
	}
	list := []int{pid}
	for i := 0; i < len(list); i++ {
		list = append(list, children[list[i]]...)
	}
	return list
}

// parentOf reads /proc/PID/stat: "pid (name) state ppid ..."; the name may hold blanks and brackets.
func parentOf(path string) (pid, parent int, ok bool) {
	stat, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, false // the process has ended
	}
	name := bytes.LastIndexByte(stat, ')')
	if name < 0 {
		return 0, 0, false
	}
	fields := bytes.Fields(stat[name+1:])
	if len(fields) < 2 {
		return 0, 0, false
	}
	pid, err = strconv.Atoi(filepath.Base(filepath.Dir(path)))
	if err != nil {
		return 0, 0, false
	}
	parent, err = strconv.Atoi(string(fields[1]))
	return pid, parent, err == nil
}
