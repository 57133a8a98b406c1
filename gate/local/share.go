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
		mode := info.Mode()&^groupWrites | groupReads
		if entry.IsDir() {
			mode |= groupEnters | fs.ModeSetgid
		}
		return root.Chmod(name, mode)
	})
}
