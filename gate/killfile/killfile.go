package killfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"syscall"
	"time"

	"portcullis/gate/admin"
)

// lookEvery is how often the file is looked for.
const lookEvery = 20 * time.Millisecond

// lineBytesMax is as much as is read of the file.
const lineBytesMax = 1024

// Watch looks for one file.
type Watch struct {
	Path string
	// Kill carries a kill out. False: nothing is stopped by it.
	Kill func(ctx context.Context, giver admin.Peer, r admin.Request) (stopped bool)
	Logf func(format string, args ...any)

	kept fs.FileInfo // it was acted on and could not be removed
}

// Run looks until ctx ends.
func (w *Watch) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		w.Look(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Look acts on the file if it is there.
func (w *Watch) Look(ctx context.Context) {
	info, err := os.Lstat(w.Path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			w.Logf("kill file: %v; nobody can stop the gate by it", err)
		}
		return
	}
	if w.kept != nil && os.SameFile(w.kept, info) && w.kept.ModTime().Equal(info.ModTime()) {
		return
	}
	giver := owner(info)
	stopped := false
	if r, err := w.request(info); err != nil {
		w.Logf("kill file %s of %s: %v; the whole firm is stopped", w.Path, giver.User, err)
	} else if stopped = w.Kill(ctx, giver, r); !stopped {
		w.Logf("kill file %s of %s: what it names could not be stopped; the whole firm is", w.Path, giver.User)
	}
	if !stopped && !w.Kill(ctx, giver, admin.Request{Verb: admin.Kill, Scope: admin.AllScope, Reason: "kill file"}) {
		return // looked at again
	}
	if err := os.Remove(w.Path); err != nil {
		w.kept = info
		w.Logf("kill file: it was acted on, but cannot be removed: %v", err)
	}
}

// request is what the file asks for.
func (w *Watch) request(info fs.FileInfo) (admin.Request, error) {
	if !info.Mode().IsRegular() {
		return admin.Request{}, errors.New("it is no plain file")
	}
	f, err := os.OpenFile(w.Path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return admin.Request{}, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, lineBytesMax))
	if err != nil {
		return admin.Request{}, err
	}
	if text = bytes.TrimSpace(text); len(text) == 0 {
		return admin.Request{Verb: admin.Kill, Scope: admin.AllScope, Reason: "kill file"}, nil
	}
	return admin.ParseKill(text)
}

// owner is who made the file.
func owner(info fs.FileInfo) admin.Peer {
	p := admin.Peer{User: "an unknown user"}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		p.UID, p.GID, p.User = st.Uid, st.Gid, fmt.Sprintf("uid %d", st.Uid)
	}
	if u, err := user.LookupId(strconv.FormatUint(uint64(p.UID), 10)); err == nil {
		p.User = u.Username
	}
	return p
}
