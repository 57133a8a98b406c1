package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Denied says what lets this process do what err says that it may not: which file or folder is in the way, whose it is, and what to do.
// "": err is of something else, or nothing is seen to be in the way by now.
func Denied(err error) string {
	if !errors.Is(err, fs.ErrPermission) {
		return ""
	}
	path := ""
	if e := new(fs.PathError); errors.As(err, &e) {
		path = e.Path
	} else if e := new(os.LinkError); errors.As(err, &e) {
		path = e.New
	}
	named := path != ""
	path, failed := filepath.Abs(path)
	if !named || failed != nil {
		return ""
	}
	return inTheWay(path)
}

// inside is what may not be done to a folder in which something is to be made. What else lies there may be others' by intent.
const inside = "write in"

// inTheWay finds what keeps this process from a path: a folder above that it may not enter, the path itself, or for what is not there the
// folder that it would be made in.
func inTheWay(path string) string {
	for i := range path {
		if folder := path[:i+1]; path[i] == filepath.Separator && may(folder, unix.X_OK) == unix.EACCES {
			return remedy(filepath.Clean(folder), "enter")
		}
	}
	for _, need := range []struct {
		mode uint32
		verb string
	}{{unix.W_OK, "write"}, {unix.R_OK, "read"}} {
		switch may(path, need.mode) {
		case unix.EACCES:
			return remedy(path, need.verb)
		case unix.EROFS:
			return path + " lies on a file system that is mounted read-only: mount it for writing"
		}
	}
	if folder := filepath.Dir(path); may(folder, unix.W_OK) == unix.EACCES {
		return remedy(folder, inside)
	}
	return ""
}

// may asks the kernel, as whom the process counts for files.
func may(path string, mode uint32) error {
	return unix.Faccessat(unix.AT_FDCWD, path, mode, unix.AT_EACCESS)
}

// remedy says whose a path is, and how it becomes that of who runs this.
func remedy(path, verb string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	of, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	self, owner := userNamed(os.Geteuid()), userNamed(int(of.Uid))
	cure := "chown " + self + " " + path
	switch {
	case verb == "enter":
		cure = "chmod a+x " + path
	case verb == inside:
	case info.IsDir():
		cure = "chown -R " + self + " " + path // what lies in it was made by its owner
	default:
		cure += " and what else the gate has made in that folder"
	}
	return fmt.Sprintf("user %s may not %s %s, which is of user %s, mode %v: %s; or run this as user %s",
		self, verb, path, owner, info.Mode(), cure, owner)
}

// userNamed is the name behind a number, or the number.
func userNamed(uid int) string {
	number := strconv.Itoa(uid)
	if u, err := user.LookupId(number); err == nil && !strings.ContainsAny(u.Username, " :") {
		return u.Username
	}
	return number
}
