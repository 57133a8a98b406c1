package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

const (
	groupReads  = 0o040
	groupEnters = 0o010
	groupWrites = 0o020
	ofOthers    = 0o077
)

// Share lets the members of group, a gid, read what is in the folder dir and below it, and what will be made there: what
// is made in a folder that is setgid belongs to the folder's group. It gives nobody the right to write. Links, sockets
// and pipes stay as they are.
func Share(dir string, group int) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s cannot be given to group %d: the gate's user must own it and be a member of the group: %w", dir, group, err)
		}
	}()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if info, err := root.Stat("."); err != nil || info.Mode()&fs.ModeSticky != 0 {
		return errors.Join(err, errors.New("name a folder that is the gate's alone"))
	}
	return give(root, group, func(mode fs.FileMode) fs.FileMode {
		mode = mode&^groupWrites | groupReads
		if mode.IsDir() {
			mode |= groupEnters | fs.ModeSetgid
		}
		return mode
	})
}

// Unshare takes back what Share has given, where it was: dir and what is below it are those of the user alone again.
func Unshare(dir string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s cannot be taken back from the group that could read it: the gate's user must own it: %w", dir, err)
		}
	}()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if info, err := root.Stat("."); err != nil || info.Mode()&fs.ModeSetgid == 0 {
		return err
	}
	return give(root, os.Getgid(), func(mode fs.FileMode) fs.FileMode {
		return mode &^ (ofOthers | fs.ModeSetgid)
	})
}

// give makes all that is below root a group's, with another mode.
func give(root *os.Root, group int, mode func(fs.FileMode) fs.FileMode) error {
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() && !entry.Type().IsRegular() {
			return err
		}
		info, err := root.Lstat(name)
		if err != nil {
			return err
		}
		// First the group: the kernel takes setgid away from what changes hands.
		if err := root.Lchown(name, -1, group); err != nil {
			return err
		}
		return root.Chmod(name, mode(info.Mode()))
	})
}
