package gate

import (
	"fmt"
	"syscall"

	"portcullis/gate/admission"
	"portcullis/gate/config"
)

// What a gate opens beside the connections of its links: the journal's files, its sockets and their peers, what is read at a
// reload, and each connection twice while it is handed over.
const filesOwn = 128

// halfOpenMin is how many connections without a Logon there is room for at least.
const halfOpenMin = 16

// admissionBounds keep what the process may open between the journal, an operator's kill and the links on one side and
// connections without a Logon on the other: a flood of those never takes the file that a kill needs. links are those that are
// there, rows how many there may come to be.
func admissionBounds(filesMax uint64, links, rows int) (admission.Bounds, error) {
	bounds := admission.DefaultBounds
	if need := filesOwn + links + halfOpenMin; filesMax < uint64(need) {
		return bounds, fmt.Errorf("the process may open %d files at once, and with %d links the gate needs %d: raise the limit, such as by "+
			"LimitNOFILE of its unit or ulimit -n", filesMax, links, need)
	}
	left := filesMax - filesOwn - uint64(links)
	if spare := uint64(rows - links); left > spare+halfOpenMin {
		left -= spare
	} else {
		left = halfOpenMin
	}
	bounds.HalfOpenMax = int(min(left, uint64(bounds.HalfOpenMax)))
	return bounds, nil
}

// boundsOf are those of a configuration, in this process.
func boundsOf(cfg *config.Config) (admission.Bounds, error) {
	files, err := filesMax()
	if err != nil {
		return admission.Bounds{}, err
	}
	links := len(cfg.Links) + len(cfg.Venues) + len(cfg.Copiers)
	return admissionBounds(files, links, max(links, cfg.Gate.Capacity.Links))
}

// filesMax is how many files the process may have open at once.
func filesMax() (uint64, error) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0, fmt.Errorf("how many files the process may open: %w", err)
	}
	return limit.Cur, nil
}
