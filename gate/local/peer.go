package local

import (
	"fmt"
	"net"
	"os/user"
	"strconv"
	"syscall"
)

// Peer is who is at the other end of a socket, as the kernel knows it.
type Peer struct {
	UID, GID uint32
	PID      int32
	User     string // name behind UID; "uid 1000" where it has none
}

// String names the peer for a log.
func (p Peer) String() string { return fmt.Sprintf("%s (process %d)", p.User, p.PID) }

// PeerOf asks the kernel who connected. It may read the user database: not for the order path.
func PeerOf(c *net.UnixConn) (Peer, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return Peer{}, err
	}
	var cred *syscall.Ucred
	failed := raw.Control(func(fd uintptr) {
		cred, err = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	})
	if failed != nil {
		return Peer{}, failed
	}
	if err != nil {
		return Peer{}, fmt.Errorf("peer credentials: %w", err)
	}
	p := Peer{UID: cred.Uid, GID: cred.Gid, PID: cred.Pid, User: fmt.Sprintf("uid %d", cred.Uid)}
	if u, err := user.LookupId(strconv.FormatUint(uint64(cred.Uid), 10)); err == nil {
		p.User = u.Username
	}
	return p, nil
}
